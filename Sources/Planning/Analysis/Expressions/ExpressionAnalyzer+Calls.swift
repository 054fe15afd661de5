import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  func functionCall(_ node: Syntax.FunctionCall) throws -> Expression {
    if node.name.parts.count > 1, let access = try jsonAccessCall(node) { return access }
    let name = try functionName(node.name)
    if name == "reduce_agg", let folded = node.foldedArray { return try functionCall(folded) }
    if let window = node.window { return try windowCall(name, node, window) }
    if context.functions.isAggregate(name) { return try aggregateCall(name, node) }
    if node.isDistinct {
      throw PrestoError.at(node.location, .functionNotAggregate, "DISTINCT is not supported for non-aggregation functions")
    }
    if node.filter != nil { throw PrestoError.at(node.location, .functionNotAggregate, "Filter is only valid for aggregation functions") }
    if !node.orderBy.isEmpty {
      throw PrestoError.at(node.location, .functionNotAggregate, "ORDER BY is only valid for aggregation functions")
    }
    if context.functions.isWindow(name) {
      throw PrestoError.at(node.location, .missingOver, "Window function \(name) must have an OVER clause")
    }
    if node.nullTreatment != nil {
      throw PrestoError.at(
        node.location, .nullTreatmentNotAllowed, "Null treatment clause is only valid for window functions")
    }
    if let conditional = try conditionalCall(node) { return conditional }
    let (resolved, arguments) = try bound(name, .scalar, node.arguments, at: node.place)
    return .call(resolved.id, arguments, resolved.result)
  }

  /// Functions have one part, or three of the built-in schema.
  private func functionName(_ name: Syntax.QualifiedName) throws -> String {
    let prefix = name.canonicalParts.dropLast()
    guard prefix.isEmpty || prefix.elementsEqual(["system", "builtin"]) || prefix.elementsEqual(["presto", "default"]) else {
      throw PrestoError.at(name.location, .functionNotFound, "Function '\(name)' not registered")
    }
    return name.canonicalLast
  }

  /// Chooses the function for the arguments and converts them to what it takes.
  func bound(_ name: String, _ kind: Function.Kind, _ arguments: [Syntax.Argument], at place: Syntax.Place) throws -> (
    ResolvedFunction, [Expression]
  ) {
    var values: [Expression?] = []
    var asked: [CallArgument] = []
    for argument in arguments {
      if let name = argument.name {
        throw PrestoError.at(argument.location, .notSupported, "Named arguments are not supported for functions: \(name)")
      }
      if case .lambda(let lambda) = argument.value {
        values.append(nil)
        asked.append(.lambda(parameterCount: lambda.parameters.count) { types in try self.lambda(lambda, types).body.type })
      } else {
        let value = try analyze(argument.value)
        values.append(value)
        asked.append(.value(value.type))
      }
    }
    let resolved: ResolvedFunction
    do { resolved = try resolve(name, kind, asked, at: place) } catch let error as PrestoError where error.code == .functionNotFound {
      guard let (read, found) = try resolveReading(name, kind, values, asked) else { throw error }
      values = read
      resolved = found
    }
    var bound: [Expression] = []
    for (index, argument) in arguments.enumerated() {
      let type = resolved.id.arguments.indices.contains(index) ? resolved.id.arguments[index] : nil
      if let value = values[index] {
        bound.append(type.map { value.asArgument(of: $0) } ?? value)
      } else if case .lambda(let node) = argument.value, case .function(let types, let result) = type {
        let lambda = try self.lambda(node, types)
        bound.append(.lambda(lambda.parameters, lambda.body.coerced(to: result)))
      }
    }
    return (resolved, bound)
  }

  /// `date_diff('day', '2020-01-01', d)`: the overload that fits once text constants are read as something else.
  private func resolveReading(_ name: String, _ kind: Function.Kind, _ values: [Expression?], _ asked: [CallArgument]) throws -> (
    [Expression?], ResolvedFunction
  )? {
    for read in try readArguments(values) {
      let arguments = zip(read, asked).map { value, argument in value.map { CallArgument.value($0.type) } ?? argument }
      if let resolved = try? context.functions.resolve(name, kind, arguments) { return (read, resolved) }
    }
    return nil
  }

  /// A scalar function over analyzed arguments.
  func call(_ name: String, _ arguments: [Expression], at place: Syntax.Place) throws -> Expression {
    let resolved = try resolve(name, .scalar, arguments.map { .value($0.type) }, at: place)
    let bound = arguments.enumerated().map { index, value in
      resolved.id.arguments.indices.contains(index) ? value.asArgument(of: resolved.id.arguments[index]) : value
    }
    return .call(resolved.id, bound, resolved.result)
  }

  /// Throws FUNCTION_NOT_FOUND and the like, with the place.
  func resolve(_ name: String, _ kind: Function.Kind, _ arguments: [CallArgument], at place: Syntax.Place) throws -> ResolvedFunction {
    guard context.functions.contains(name) else {
      let names = context.functions.functions.values.compactMap { $0.first { !$0.isHidden }?.name }.sorted()
      throw PrestoError.at(
        place.location, .functionNotFound, "Function '\(name)' not registered",
        hint: NearestName.find(name, among: names).map { "Did you mean '\($0)'?" })
    }
    do { return try context.functions.resolve(name, kind, arguments) } catch let error as PrestoError
      where error.location == nil && error.code.kind == .userError
    {
      throw PrestoError.at(place.location, error.code, error.message, hint: error.hint)
    }
  }
}

extension Syntax.FunctionCall {
  /// `reduce_agg(x, s, f, g)` as `reduce(array_agg(x) FILTER (WHERE x IS NOT NULL), s, f, r -> r)`: rows of a group lie in one place when it is
  /// finished, so there are no states to combine. nil: not four arguments.
  fileprivate var foldedArray: Syntax.FunctionCall? {
    guard arguments.count == 4, !isStar else { return nil }
    var collected = self
    collected.name = Syntax.QualifiedName([Syntax.Identifier("array_agg", place: place)], place: place)
    collected.arguments = [arguments[0]]
    let isKnown = Syntax.Expression.isNull(Syntax.IsNull(value: arguments[0].value, isNegated: true, place: place))
    collected.filter = filter.map { .logical(Syntax.Logical(operator: .and, operands: [$0, isKnown], place: place)) } ?? isKnown
    let last = Syntax.Identifier("state", place: place)
    let identity = Syntax.Lambda(parameters: [last], body: .identifier(last), place: place)
    return Syntax.FunctionCall(
      Syntax.QualifiedName([Syntax.Identifier("reduce", place: place)], place: place),
      [Syntax.Argument(.functionCall(collected)), arguments[1], arguments[2], Syntax.Argument(.lambda(identity))], place: place)
  }
}
