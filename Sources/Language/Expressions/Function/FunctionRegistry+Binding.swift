import Values
import Vectors

extension FunctionRegistry {
  /// The kernel of a resolved scalar function. Throws FUNCTION_IMPLEMENTATION_MISSING where the declaration has none for these types.
  public func scalarKernel(_ id: FunctionID, result: DataType) throws -> ScalarKernel {
    if let kernel = Constructors.kernel(id.name, result) { return kernel }
    for function in matching(id, .scalar) {
      if case .scalar(let make) = function.implementation, let kernel = make(id.arguments, result) { return kernel }
    }
    throw missing(id, "scalar")
  }

  /// The maker of a resolved aggregate's states. Throws as `scalarKernel`.
  public func aggregateMaker(_ id: FunctionID, result: DataType) throws -> AggregateMaker {
    for function in matching(id, .aggregate) {
      if case .aggregate(let make) = function.implementation, let maker = make(id.arguments, result) { return maker }
    }
    throw missing(id, "aggregate")
  }

  public func isDeterministic(_ id: FunctionID) -> Bool {
    if id.name == FunctionID.Operator.row || id.name == FunctionID.Operator.array { return true }
    return functions[id.name]?.allSatisfy(\.isDeterministic) ?? false
  }

  /// Whether no value can make the function throw.
  public func isInfallible(_ id: FunctionID, result: DataType) -> Bool {
    matching(id, .scalar).first?.isInfallible(id.arguments, result) ?? false
  }

  /// Declarations that take these very types, nearest first.
  private func matching(_ id: FunctionID, _ kind: Function.Kind) -> [Function] {
    let arguments = id.arguments.map { CallArgument.exact($0) }
    var found: [(function: Function, cost: Int)] = []
    for function in functions[id.name] ?? [] where function.kind == kind && function.signature.accepts(argumentCount: arguments.count) {
      if let match = try? match(function.signature, arguments), match.types == id.arguments { found.append((function, match.cost)) }
    }
    return found.sorted { $0.cost < $1.cost }.map(\.function)
  }

  private func missing(_ id: FunctionID, _ kind: String) -> PrestoError {
    PrestoError(
      .functionImplementationMissing,
      "No implementation of \(kind) function \(id.name)(\(id.arguments.map(\.description).joined(separator: ", ")))")
  }
}

extension CallArgument {
  /// An argument whose type is already settled: a lambda's body has the type its `.function` says.
  fileprivate static func exact(_ type: DataType) -> CallArgument {
    if case .function(let parameters, let result) = type { return .lambda(parameterCount: parameters.count) { _ in result } }
    return .value(type)
  }
}
