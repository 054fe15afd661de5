import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  /// An aggregate: put down in the selection; its arguments see the names of FROM and may not contain aggregates.
  func aggregateCall(_ name: String, _ node: Syntax.FunctionCall) throws -> Expression {
    let selection = try aggregating(node)
    if let treatment = node.nullTreatment, treatment == .ignore {
      throw PrestoError.at(node.location, .nullTreatmentNotAllowed, "Cannot specify null treatment clause for \(name) function")
    }
    var inner = self
    inner.scope = selection.scope
    inner.clause = .aggregate(name)
    inner.subqueries = selection.sourceSubqueries
    inner.selection = nil
    inner.fallback = nil
    let (resolved, arguments) = try inner.aggregateArguments(name, node)
    let filter = try node.filter.map { try inner.boolean($0, "Filter expression") }
    let order = try inner.sortKeys(node.orderBy)
    if node.isDistinct {
      for (argument, syntax) in zip(arguments, node.arguments) where !argument.type.isComparable {
        throw PrestoError.at(
          syntax.location, .typeMismatch, "DISTINCT can only be applied to comparable types (actual: \(argument.type))")
      }
    }
    if node.isDistinct, let other = zip(order, node.orderBy).first(where: { !arguments.contains($0.0.value) }) {
      throw PrestoError.at(
        other.1.key.location, .expressionNotInDistinct,
        "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments")
    }
    // Without duplicates to tell apart, DISTINCT says nothing of these.
    let isDistinct = node.isDistinct && !["min", "max", "bool_and", "bool_or", "every", "any_value", "arbitrary"].contains(name)
    let call = AggregateCall(function: resolved.id, arguments: arguments, filter: filter, isDistinct: isDistinct, order: order)
    let isDeterministic = (arguments + (filter.map { [$0] } ?? [])).allSatisfy(context.isDeterministic)
    return selection.add(call, { queries.symbols.fresh(name, resolved.result) }, isDeterministic: isDeterministic)
  }

  /// Where aggregates are put down. Throws NESTED_AGGREGATION, EXPRESSION_NOT_SCALAR where none may stand.
  private func aggregating(_ node: Syntax.FunctionCall) throws -> Selection {
    if case .aggregate(let outer) = clause {
      throw PrestoError.at(
        node.location, .nestedAggregation,
        "Cannot nest aggregations inside aggregation '\(outer)': [\(Formatter.format(.functionCall(node) as Syntax.Expression))]")
    }
    guard let selection else { throw notScalar(.functionCall(node)) }
    return selection
  }

  func notScalar(_ expression: Syntax.Expression) -> PrestoError {
    .at(
      expression.location, .expressionNotScalar,
      "\(clause.text) cannot contain aggregations, window functions or grouping operations: [\(text(expression))]",
      hint: scalarHint)
  }

  private var scalarHint: String? {
    if case .where = clause { "Conditions on aggregates stand in HAVING, on window functions in QUALIFY" } else { nil }
  }

  /// `count(*)` has none; LISTAGG has a separator.
  func aggregateArguments(_ name: String, _ node: Syntax.FunctionCall) throws -> (ResolvedFunction, [Expression]) {
    var arguments = node.arguments
    if node.isStar {
      guard name == "count", node.starQualifier == nil, !node.isDistinct else {
        throw PrestoError.at(node.location, .functionNotFound, "Function '\(name)' cannot be applied to *")
      }
      arguments = []
    }
    if name == "listagg", arguments.count == 1 {
      arguments.append(Syntax.Argument(.literal(Syntax.Literal(.string(""), place: node.place))))
    }
    if case .truncate(let filler, let hasCount) = node.listaggOverflow {
      let clauses: [Syntax.Literal.Value] = [.boolean(false), .string(filler ?? "..."), .boolean(hasCount)]
      arguments += clauses.map { Syntax.Argument(.literal(Syntax.Literal($0, place: node.place))) }
    }
    if name == "listagg", let value = arguments.first?.value {
      let type = try analyze(value).type
      if !type.isText && type != .unknown {
        throw PrestoError.at(node.location, .typeMismatch, "Expected expression of varchar, but '\(text(value))' has \(type) type")
      }
    }
    let (resolved, values) = try bound(name, .aggregate, arguments, at: node.place)
    // Percentiles, separators and the like reach the aggregate as constants.
    return (resolved, values.map { $0.evaluated(context) })
  }

  func sortKeys(_ items: [Syntax.SortItem]) throws -> [SortKey] {
    try items.map { item in
      let value = try analyze(item.key)
      try checkOrderable(value, item.key)
      return SortKey(value: value, isAscending: item.isAscending, nullsFirst: item.nullsComeFirst)
    }
  }

  /// `GROUPING(a, b)`: a bit for each column, set where the row's grouping set leaves it out; the last column is the lowest bit.
  func grouping(_ node: Syntax.GroupingCall) throws -> Expression {
    guard let selection else { throw notScalar(.grouping(node)) }
    guard node.columns.count <= 63 else {
      throw PrestoError.at(node.location, .tooManyArguments, "GROUPING supports up to 63 column arguments")
    }
    var inner = self
    inner.scope = selection.scope
    inner.selection = nil
    let columns = try node.columns.map { try inner.analyze($0) }
    let type: DataType = columns.count <= 31 ? .integer : .bigint
    return selection.addGrouping(columns, queries.symbols.fresh("grouping", type), at: node.location)
  }
}
