/// One key of ORDER BY.
public struct Ordering: Hashable, Sendable, Codable {
  public var symbol: Symbol
  public var isAscending: Bool
  public var nullsFirst: Bool

  public init(_ symbol: Symbol, isAscending: Bool = true, nullsFirst: Bool = false) {
    self.symbol = symbol
    self.isAscending = isAscending
    self.nullsFirst = nullsFirst
  }
}

/// Names the keys of one join build, for the scans they narrow.
public struct DynamicFilterID: Hashable, Sendable, Codable, CustomStringConvertible {
  public let id: Int32

  public init(id: Int32) { self.id = id }

  public var description: String { "df_\(id)" }
}
