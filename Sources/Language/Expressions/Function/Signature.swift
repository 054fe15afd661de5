import Values

/// What a function takes and gives, as SHOW FUNCTIONS prints it: `(array(T), function(T, U)) -> array(U)`.
public struct Signature: Sendable {
  /// A type with variables in it.
  public indirect enum Pattern: Hashable, Sendable {
    case exact(DataType)
    /// Any type, the same wherever the name stands.
    case variable(String)
    /// Any decimal / varchar(n) / char(n) / timestamp(p) …, whatever its parameters: the name of the family.
    case family(String)
    case array(Pattern)
    case map(Pattern, Pattern)
    case row([Pattern])
    case function([Pattern], Pattern)
  }

  public enum Constraint: Sendable { case comparable, orderable }

  public var arguments: [Pattern]
  /// The last argument may be repeated (at least `minimumRepetition` times).
  public var isVariadic = false
  public var constraints: [String: Constraint] = [:]
  /// Given the arguments' types after matching, the result's. nil: these types are not accepted.
  public var result: @Sendable (_ arguments: [DataType]) -> DataType?
  /// How the result is shown.
  public var resultText: String

  public init(
    _ arguments: [Pattern], isVariadic: Bool = false, constraints: [String: Constraint] = [:], resultText: String,
    result: @escaping @Sendable ([DataType]) -> DataType?
  ) {
    self.arguments = arguments
    self.isVariadic = isVariadic
    self.constraints = constraints
    self.resultText = resultText
    self.result = result
  }
}
