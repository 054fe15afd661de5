extension Syntax {
  /// A constant as written.
  public struct Literal: Node {
    public enum Value: Hashable, Sendable {
      /// `NULL`
      case null
      /// `TRUE`, `FALSE`
      case boolean(Bool)
      /// `42`, `-42`, `1_000`, `0xFF`, `0o17`, `0b11`
      case integer(Int64)
      /// `12.50`, `-.5`: the digits without underscores, e.g. `-12.50`
      case decimal(String)
      /// `1e0`, `1.5E-3`
      case double(Double)
      /// `'text'`, `U&'\2603'`, after unescaping
      case string(String)
      /// `X'65'`
      case binary([UInt8])
      /// `DATE '2020-01-01'`, `TIMESTAMP '…'`, `DECIMAL '1.1'`, `varchar(3) 'abc'`: any type name before a string
      case typed(TypeName, String)
      /// `INTERVAL '1' DAY`
      case interval(Interval)
    }

    public var value: Value
    public var place: Place

    public init(_ value: Value, place: Place = .nowhere) {
      self.value = value
      self.place = place
    }
  }

  /// `INTERVAL [+-] 'text' start[(precision)] [TO end]`
  public struct Interval: Hashable, Sendable {
    public var isNegative: Bool
    public var text: String
    public var start: IntervalField
    /// `DAY(3)`: leading precision.
    public var precision: Int64?
    public var end: IntervalField?
    /// `SECOND(1, 2)` or `TO SECOND(3)`: digits of fractional seconds.
    public var fractionalPrecision: Int64?
  }
}
