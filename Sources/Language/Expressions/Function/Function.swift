import Values
import Vectors

/// A function's declaration: name, kind, help, and how to bind it to argument types. One expression per function in the library's tables.
public struct Function: Sendable {
  public enum Kind: String, Sendable { case scalar, aggregate, window }

  /// Lower case; operators begin with `$`.
  public let name: String
  public let kind: Kind
  public let summary: String
  public let signature: Signature
  /// false: `random()`, `uuid()`: evaluated per row, never folded, never pushed, never deduplicated.
  public var isDeterministic = true
  /// Kept out of SHOW FUNCTIONS: operators and internals.
  public var isHidden = false
  /// Whether no value can make it throw, for exact argument types: it may then be evaluated for rows whose result nobody needs.
  public var isInfallible: @Sendable (_ arguments: [DataType], _ result: DataType) -> Bool = { _, _ in false }
  public let implementation: Implementation

  public enum Implementation: Sendable {
    /// Makes the kernel for exact argument types (already coerced to the signature's). nil: these types are not for this declaration.
    case scalar(@Sendable (_ arguments: [DataType], _ result: DataType) -> ScalarKernel?)
    case aggregate(@Sendable (_ arguments: [DataType], _ result: DataType) -> AggregateMaker?)
    /// Window functions are evaluated by the window operator, by name.
    case window
  }

  public init(
    _ name: String, _ kind: Kind, _ signature: Signature, _ summary: String, isDeterministic: Bool = true, isHidden: Bool = false,
    _ implementation: Implementation
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.signature = signature
    self.isDeterministic = isDeterministic
    self.isHidden = isHidden
    self.implementation = implementation
  }
}

/// Evaluates a scalar function over whole vectors: `arguments` are all `rows` long, of exactly the bound types, in any encoding; so is the
/// result. Constant folding is this kernel on one row.
public typealias ScalarKernel = @Sendable (_ arguments: [Vector], _ rows: Int, _ context: EvaluationContext) throws -> Vector

/// What an evaluation may know besides its arguments: the session. (Lambda arguments reach kernels as `context.lambdas[argument index]`.)
public struct EvaluationContext: Sendable {
  public var user: String
  public var timeZone: String
  /// Microseconds since the epoch at which the query started.
  public var startMicros: Int64
  /// Bound lambdas by argument position, for functions that take them: given argument vectors (parameters, all `rows` long), the body's values.
  public var lambdas: [Int: Lambda]
  /// The result type of the function being evaluated, for kernels declared by `Function.vector`.
  public var result: DataType = .unknown

  /// `rows[i]` is the row of the enclosing evaluation that element `i` belongs to, so that captured columns can be lined up.
  public typealias Lambda = @Sendable (_ parameters: [Vector], _ rows: Selection) throws -> Vector

  public init(user: String, timeZone: String, startMicros: Int64, lambdas: [Int: Lambda] = [:]) {
    self.user = user
    self.timeZone = timeZone
    self.startMicros = startMicros
    self.lambdas = lambdas
  }
}
