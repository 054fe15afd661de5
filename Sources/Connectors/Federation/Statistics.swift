import Values

/// What a source knows of a table. Everything may be unknown; numbers are estimates.
public struct TableStatistics<Column: Hashable & Sendable>: Sendable {
  public var rows: Double?
  public var columns: [Column: ColumnStatistics]

  public init(rows: Double? = nil, columns: [Column: ColumnStatistics] = [:]) {
    self.rows = rows
    self.columns = columns
  }
}

public struct ColumnStatistics: Sendable, Hashable {
  public var distinct: Double?
  /// 0...1.
  public var nullFraction: Double?
  public var low: Constant?
  public var high: Constant?
  /// Average bytes of a value, text only.
  public var width: Double?

  public init(distinct: Double? = nil, nullFraction: Double? = nil, low: Constant? = nil, high: Constant? = nil, width: Double? = nil) {
    self.distinct = distinct
    self.nullFraction = nullFraction
    self.low = low
    self.high = high
    self.width = width
  }
}
