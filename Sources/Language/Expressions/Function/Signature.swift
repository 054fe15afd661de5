import Values

/// What a function takes and gives, as SHOW FUNCTIONS prints it: `(array(T), function(T, U)) -> array(U)`.
public struct Signature: Sendable {
  /// A type with variables in it.
  public indirect enum Pattern: Hashable, Sendable {
    case exact(DataType)
    /// Any type, the same wherever the name stands.
    case variable(String)
    /// Any decimal, varchar, char, time or timestamp, whatever its parameters. `decimal`: every argument for itself.
    /// `decimal(p,s)`: the same type wherever the same text stands, and `p` and `s` may be used in the result.
    case family(Family)
    case array(Pattern)
    case map(Pattern, Pattern)
    case row([Pattern])
    case function([Pattern], Pattern)
  }

  public enum Constraint: String, Sendable { case comparable, orderable }

  public var arguments: [Pattern]
  /// The last argument may be repeated, or left out.
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

  /// The pattern of argument `index`, counting the repeated one as often as needed.
  func pattern(at index: Int) -> Pattern { arguments[min(index, arguments.count - 1)] }

  func accepts(argumentCount: Int) -> Bool { isVariadic ? argumentCount >= arguments.count - 1 : argumentCount == arguments.count }
}

extension Signature: CustomStringConvertible {
  public var description: String { argumentText + " -> " + resultText }

  /// `(array(T), bigint)`.
  var argumentText: String {
    "(" + arguments.map(\.description).joined(separator: ", ") + (isVariadic ? "..." : "") + ")"
  }
}

extension Signature.Pattern: CustomStringConvertible {
  public var description: String {
    switch self {
    case .exact(let type): type.description
    case .variable(let name): name
    case .family(let family): family.text
    case .array(let element): "array(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .row(let fields): "row(" + fields.map(\.description).joined(separator: ", ") + ")"
    case .function(let parameters, let body): "function(" + (parameters + [body]).map(\.description).joined(separator: ", ") + ")"
    }
  }
}
