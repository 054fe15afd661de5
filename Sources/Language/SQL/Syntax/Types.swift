extension Syntax {
  /// A type as written in CAST, column definitions and literals.
  public indirect enum TypeName: Node {
    /// `bigint`, `varchar(10)`, `decimal(p, s)`, `array(T)`, `array<T>`, `T array`, `map(K, V)`: a name and arguments.
    /// `double precision` is `double`; both array spellings are `array(T)`.
    case generic(GenericType)
    /// `row(a bigint, b varchar)`, `row(bigint, varchar)`.
    case row(RowType)
    /// `time`, `time(3) with time zone`, `timestamp(6)`, `timestamp without time zone`.
    case dateTime(DateTimeType)
    /// `interval day to second`, `interval year to month`.
    case interval(IntervalType)

    public var place: Place {
      switch self {
      case .generic(let type): type.place
      case .row(let type): type.place
      case .dateTime(let type): type.place
      case .interval(let type): type.place
      }
    }
  }

  public struct GenericType: Node {
    public var name: Identifier
    public var arguments: [TypeArgument]
    public var place: Place
  }

  /// What stands in a type's parentheses.
  public enum TypeArgument: Hashable, Sendable {
    /// `varchar(10)`, `decimal(12, 2)`.
    case number(Int64)
    /// `array(bigint)`. A type variable such as `p` in `decimal(p, s)` is a generic type without arguments.
    case type(TypeName)
  }

  public struct RowType: Node {
    public var fields: [RowTypeField]
    public var place: Place
  }

  /// `a bigint`, or `bigint` without a name.
  public struct RowTypeField: Node {
    public var name: Identifier?
    public var type: TypeName
    public var place: Place
  }

  public struct DateTimeType: Node {
    public enum Kind: Hashable, Sendable { case time, timestamp }
    public var kind: Kind
    /// `timestamp(6)`, `timestamp(p)`; nil when not written.
    public var precision: TypeArgument?
    public var hasTimeZone: Bool
    public var place: Place
  }

  public struct IntervalType: Node {
    public var start: IntervalField
    /// The same as `start` when no `TO` was written.
    public var end: IntervalField
    public var place: Place
  }

  /// The units of interval literals and types.
  public enum IntervalField: String, Hashable, Sendable, CaseIterable {
    case year, quarter, month, week, day, hour, minute, second, millisecond
  }
}
