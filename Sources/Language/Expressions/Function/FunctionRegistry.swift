import Values
import Vectors

/// All functions of an engine, by name, and the one place where a call is resolved.
public struct FunctionRegistry: Sendable {
  public private(set) var functions: [String: [Function]] = [:]

  public init(_ functions: [Function]) {
    for function in functions { self.functions[function.name, default: []].append(function) }
  }

  public func contains(_ name: String) -> Bool { functions[name] != nil }
  public func isAggregate(_ name: String) -> Bool { functions[name]?.contains { $0.kind == .aggregate } ?? false }
  public func isWindow(_ name: String) -> Bool { functions[name]?.contains { $0.kind == .window } ?? false }
}

/// An argument as the analyzer knows it when it asks which function is meant.
public enum CallArgument {
  case value(DataType)
  /// A lambda of so many parameters; the closure types its body once the parameters' types are known.
  case lambda(parameterCount: Int, result: ([DataType]) throws -> DataType)
}

/// The function chosen, and what its arguments must be cast to.
public struct ResolvedFunction: Sendable {
  public var id: FunctionID
  public var result: DataType
  public var kind: Function.Kind
  public var isDeterministic: Bool

  public init(id: FunctionID, result: DataType, kind: Function.Kind, isDeterministic: Bool) {
    self.id = id
    self.result = result
    self.kind = kind
    self.isDeterministic = isDeterministic
  }
}
