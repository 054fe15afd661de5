// Expressions: one expression type for every room, and what evaluates it.
//
// In come typed trees (from Analysis) and batches; out go vectors. Plans refer to symbols, connectors to their own columns, execution to channel
// numbers: the type parameter says which, and `rebased` is the only bridge. Enum cases are the forms with their own control flow; everything
// else, arithmetic and comparison included, is a call, so rewriting, equality, hashing, dialect templates and TRY work on these cases for ever.
import Values

/// A typed scalar expression over references of type `Reference`.
public indirect enum Expr<Reference: Hashable & Sendable>: Hashable, Sendable {
  case reference(Reference, DataType)
  case constant(Constant, DataType)
  /// `+ - = < LIKE` and the like are calls too: see `FunctionID.Operator`.
  case call(FunctionID, [Expr], DataType)
  /// `safe`: TRY_CAST, null instead of an error.
  case cast(Expr, to: DataType, safe: Bool)
  case and([Expr])
  case or([Expr])
  case not(Expr)
  case isNull(Expr)
  /// CASE and NULLIF are written as these. No `else`: null.
  case `if`(Expr, then: Expr, else: Expr?)
  case coalesce([Expr])
  /// An IN list: null-aware.
  case among(Expr, [Expr])
  /// A field of a row value, from 0.
  case field(Expr, index: Int, DataType)
  case lambda([LambdaParameter], Expr)
  case parameter(LambdaParameter)
  /// TRY: null where evaluation throws an error that TRY catches.
  case attempt(Expr)
}

public struct LambdaParameter: Hashable, Sendable, Codable {
  /// Unique within a query.
  public var id: Int32
  public var name: String
  public var type: DataType

  public init(id: Int32, name: String, type: DataType) {
    self.id = id
    self.name = name
    self.type = type
  }
}

/// A function with the exact types of its arguments after coercion: enough to find its implementation again on any machine.
public struct FunctionID: Hashable, Sendable, Codable {
  /// Lower case. Operators begin with `$`.
  public var name: String
  public var arguments: [DataType]

  public init(_ name: String, _ arguments: [DataType]) {
    self.name = name
    self.arguments = arguments
  }

  /// Names of what SQL writes as operators.
  public enum Operator {
    public static let add = "$add", subtract = "$subtract", multiply = "$multiply", divide = "$divide", modulus = "$modulus"
    public static let negate = "$negate"
    public static let equal = "$equal", notEqual = "$not_equal", lessThan = "$less_than", lessThanOrEqual = "$less_than_or_equal"
    public static let greaterThan = "$greater_than", greaterThanOrEqual = "$greater_than_or_equal"
    /// IS DISTINCT FROM: never null.
    public static let isDistinctFrom = "$is_distinct_from"
    /// (value, pattern) or (value, pattern, escape).
    public static let like = "$like"
    /// Case-insensitive LIKE.
    public static let ilike = "$ilike"
    public static let concatenate = "concat"
    /// `a[i]` of arrays and maps.
    public static let subscripted = "$subscript"
    /// ROW(...) / ARRAY[...] constructors.
    public static let row = "$row", array = "$array"
    /// AT TIME ZONE.
    public static let atTimeZone = "at_timezone"
  }
}

extension Expr {
  public typealias Comparison = FunctionID.Operator

  public var type: DataType {
    switch self {
    case .reference(_, let type), .constant(_, let type), .call(_, _, let type), .field(_, _, let type): type
    case .cast(_, let type, _): type
    case .and, .or, .not, .isNull, .among: .boolean
    case .if(_, let then, _): then.type
    case .coalesce(let all): all.first?.type ?? .unknown
    case .lambda(let parameters, let body): .function(parameters.map { $0.type }, body.type)
    case .parameter(let parameter): parameter.type
    case .attempt(let inner): inner.type
    }
  }

  public static var `true`: Expr { .constant(.boolean(true), .boolean) }
  public static var `false`: Expr { .constant(.boolean(false), .boolean) }
  public static func null(_ type: DataType) -> Expr { .constant(.null, type) }

  /// A comparison of two expressions of one type.
  @inlinable public static func comparison(_ name: String, _ left: Expr, _ right: Expr) -> Expr {
    .call(FunctionID(name, [left.type, right.type]), [left, right], .boolean)
  }

  /// The conjuncts of nested ANDs; one for everything else; none for TRUE.
  @inlinable public var conjuncts: [Expr] {
    switch self {
    case .and(let all): all.flatMap { $0.conjuncts }
    case .constant(.boolean(true), _): []
    default: [self]
    }
  }

  /// The conjunction, in its simplest form: TRUE for none, the thing itself for one.
  @inlinable public static func all(_ conjuncts: [Expr]) -> Expr {
    conjuncts.count == 1 ? conjuncts[0] : conjuncts.isEmpty ? .true : .and(conjuncts)
  }
}

extension Expr: Codable where Reference: Codable {}
