import Expressions
import Values
import Vectors

extension Signature {
  /// A signature whose result follows from the arguments by the variables in the patterns.
  static func taking(
    _ arguments: [Pattern], giving result: Pattern, isVariadic: Bool = false, constraints: [String: Constraint] = [:]
  ) -> Signature {
    Signature(arguments, isVariadic: isVariadic, constraints: constraints, resultText: result.text) { types in
      var bound: [String: DataType] = [:]
      for (index, type) in types.enumerated() {
        guard let pattern = index < arguments.count ? arguments[index] : arguments.last, pattern.binds(type, &bound) else { return nil }
      }
      return result.type(bound)
    }
  }

  /// A signature whose result only a look at the whole types can tell.
  static func taking(
    _ arguments: [Pattern], constraints: [String: Constraint] = [:], text: String, result: @escaping @Sendable ([DataType]) -> DataType?
  ) -> Signature {
    Signature(arguments, constraints: constraints, resultText: text, result: result)
  }
}

extension Signature.Pattern {
  static let bigint = Signature.Pattern.exact(.bigint)
  static let integer = Signature.Pattern.exact(.integer)
  static let double = Signature.Pattern.exact(.double)
  static let real = Signature.Pattern.exact(.real)
  static let boolean = Signature.Pattern.exact(.boolean)
  static let varchar = Signature.Pattern.exact(.varchar)
  static let varbinary = Signature.Pattern.exact(.varbinary)
  static let json = Signature.Pattern.exact(.json)
  static let date = Signature.Pattern.exact(.date)
  static let hyperLogLog = Signature.Pattern.exact(.hyperLogLog)
  static let tdigest = Signature.Pattern.exact(.tdigest)
  static let dayToSecond = Signature.Pattern.exact(.intervalDayToSecond)
  static let yearToMonth = Signature.Pattern.exact(.intervalYearToMonth)
  static let decimal = Signature.Pattern.family("decimal")
  static let T = Signature.Pattern.variable("T")
  static let U = Signature.Pattern.variable("U")
  static let K = Signature.Pattern.variable("K")
  static let V = Signature.Pattern.variable("V")

  /// Matches a type, noting what the variables stand for.
  func binds(_ type: DataType, _ bound: inout [String: DataType]) -> Bool {
    switch (self, type) {
    case (.variable(let name), _):
      if let known = bound[name], known != .unknown { return known == type || type == .unknown }
      bound[name] = type
      return true
    case (.exact(let exact), _): return exact == type || type == .unknown
    case (.family, _): return true
    case (.array(let element), .array(let type)): return element.binds(type, &bound)
    case (.map(let key, let value), .map(let keyType, let valueType)): return key.binds(keyType, &bound) && value.binds(valueType, &bound)
    case (.row(let fields), .row(let types)):
      return fields.count == types.count && zip(fields, types).allSatisfy { $0.binds($1.type, &bound) }
    case (.function(let parameters, let body), .function(let types, let result)):
      return parameters.count == types.count && zip(parameters, types).allSatisfy { $0.binds($1, &bound) } && body.binds(result, &bound)
    case (_, .unknown): return true
    case (.array, _), (.map, _), (.row, _), (.function, _): return false
    }
  }

  /// The type this pattern stands for; nil where a variable is unknown or a family has parameters of its own.
  func type(_ bound: [String: DataType]) -> DataType? {
    switch self {
    case .exact(let type): return type
    case .variable(let name): return bound[name] ?? .unknown
    case .family: return nil
    case .array(let element): return element.type(bound).map { .array($0) }
    case .map(let key, let value):
      guard let key = key.type(bound), let value = value.type(bound) else { return nil }
      return .map(key: key, value: value)
    case .row(let fields):
      let types = fields.compactMap { $0.type(bound) }
      return types.count == fields.count ? .row(types.map { DataType.Field(nil, $0) }) : nil
    case .function: return nil
    }
  }

  var text: String {
    switch self {
    case .exact(let type): type.description
    case .variable(let name): name
    case .family(let family): family.text
    case .array(let element): "array(\(element.text))"
    case .map(let key, let value): "map(\(key.text), \(value.text))"
    case .row(let fields): "row(" + fields.map(\.text).joined(separator: ", ") + ")"
    case .function(let parameters, let body): "function(" + (parameters + [body]).map(\.text).joined(separator: ", ") + ")"
    }
  }
}

extension Function {
  /// An aggregate: `make` gets the exact argument types and the result type, and answers nil for types it does not take.
  static func aggregate(
    _ name: String, _ arguments: [Signature.Pattern], _ result: Signature.Pattern, _ summary: String, isVariadic: Bool = false,
    where constraints: [String: Signature.Constraint] = [:], isDeterministic: Bool = true,
    _ make: @escaping @Sendable (_ arguments: [DataType], _ result: DataType) -> AggregateMaker?
  ) -> Function {
    Function(
      name, .aggregate, .taking(arguments, giving: result, isVariadic: isVariadic, constraints: constraints), summary,
      isDeterministic: isDeterministic, .aggregate(make))
  }

  /// An aggregate whose result type is computed.
  static func aggregate(
    _ name: String, _ arguments: [Signature.Pattern], text: String, _ summary: String,
    where constraints: [String: Signature.Constraint] = [:],
    result: @escaping @Sendable ([DataType]) -> DataType?,
    _ make: @escaping @Sendable (_ arguments: [DataType], _ result: DataType) -> AggregateMaker?
  ) -> Function {
    Function(name, .aggregate, .taking(arguments, constraints: constraints, text: text, result: result), summary, .aggregate(make))
  }

  /// The same function under another name.
  func renamed(_ name: String) -> Function {
    Function(name, kind, signature, summary, isDeterministic: isDeterministic, isHidden: isHidden, implementation)
  }
}

/// Makers of flat aggregates: called with a concrete accumulator, so that its loops are specialised here.
@inline(__always)
func flat<A: Accumulator>(_: A.Type, _ result: DataType) -> AggregateMaker {
  let kernels = FlatKernels(A.self)
  return { FlatAggregate(kernels, result) }
}

@inline(__always)
func flat<A: PairAccumulator>(pair _: A.Type, _ result: DataType) -> AggregateMaker {
  let kernels = FlatKernels(pair: A.self)
  return { FlatAggregate(kernels, result) }
}

/// A flat aggregate whose loops were written by hand.
func flat(_ kernels: FlatKernels, _ result: DataType) -> AggregateMaker { { FlatAggregate(kernels, result) } }

extension Function {
  /// The same function with its signature written out: where lengths and precisions of the arguments reach the result.
  func signed(_ signature: String) -> Function {
    Function(name, kind, Signature(signature), summary, isDeterministic: isDeterministic, isHidden: isHidden, implementation)
  }

  /// The same function of texts whose lengths give the result's. `length` gets those of the arguments, 0 for what is no text; without a length of
  /// every text there is none of the result.
  func sized(_ signature: String, _ length: @escaping @Sendable ([Int]) -> Int) -> Function {
    var shape = Signature(signature)
    shape.result = { types in
      var lengths: [Int] = []
      for type in types {
        switch type {
        case .varchar(nil): return .varchar
        case .varchar(let known?), .char(let known): lengths.append(min(known, 1 << 20))
        case .timestamp(let precision), .timestampWithTimeZone(let precision): lengths.append(precision)
        default: lengths.append(0)
        }
      }
      let result = length(lengths)
      return .varchar(length: result < Int(Int32.max) ? result : nil)
    }
    return Function(name, kind, shape, summary, isDeterministic: isDeterministic, isHidden: isHidden, implementation)
  }

  /// The same function for session-dependent or random values: never folded away into another batch's value.
  func nondeterministic() -> Function {
    var copy = self
    copy.isDeterministic = false
    return copy
  }
}

func invalidArgument(_ message: String) -> PrestoError { PrestoError(.invalidFunctionArgument, message) }
func outOfRange(_ message: String) -> PrestoError { PrestoError(.numericValueOutOfRange, message) }
let divisionByZero = PrestoError(.divisionByZero, "Division by zero")
/// As Java spells it, for messages.
func spelled(_ x: Double) -> String { x.isNaN ? "NaN" : x.isFinite ? "\(x)" : x < 0 ? "-Infinity" : "Infinity" }
