import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  /// Plans a sub-query where this analyzer's names are outer names.
  private func plan(_ query: Syntax.Query, at place: Syntax.Place) throws -> (
    relation: RelationPlan, correlation: [Symbol], list: SubqueryList
  ) {
    guard let subqueries else {
      throw PrestoError.at(place.location, .notSupported, "\(clause.text) cannot contain sub-queries")
    }
    let boundary = Boundary()
    var inner = surroundings
    inner.scope = .within(fallback.map { Scope(scope.fields, parent: $0.extended(by: scope.parent)) } ?? scope, boundary)
    let relation = try queries.query(query, in: inner, keepsOrder: false)
    return (relation, boundary.correlation, subqueries)
  }

  /// The sub-query with one column: its own, or a row of all.
  private func column(of relation: RelationPlan, at place: Syntax.Place) throws -> (plan: Plan, value: Expression) {
    if relation.fields.count == 1 { return (relation.plan, relation.fields[0].value) }
    guard !relation.fields.isEmpty else { throw PrestoError.at(place.location, .notSupported, "Sub-query has no columns") }
    let type = DataType.row(relation.fields.map { DataType.Field($0.name, $0.type) })
    return (relation.plan, .call(FunctionID(FunctionID.Operator.row, relation.fields.map(\.type)), relation.fields.map(\.value), type))
  }

  private func onlyColumn(_ plan: Plan, _ value: Expression) -> (plan: Plan, symbol: Symbol) {
    var builder = queries.columns(over: plan)
    let symbol = builder.symbol(for: value, named: "column")
    return (builder.replaced, symbol)
  }

  func scalarSubquery(_ node: Syntax.ScalarSubquery, _ expression: Syntax.Expression) throws -> Expression {
    if let known = subqueries?.known(.expression(expression)) { return known }
    let (relation, correlation, list) = try plan(node.query, at: node.place)
    let column = try column(of: relation, at: node.place)
    let (plan, symbol) = onlyColumn(column.plan, column.value)
    return list.add(
      PendingSubquery(kind: .scalar, value: nil, plan: plan, correlation: correlation, result: symbol, location: node.location),
      for: .expression(expression))
  }

  func exists(_ node: Syntax.Exists, _ expression: Syntax.Expression) throws -> Expression {
    if let known = subqueries?.known(.expression(expression)) { return node.isUnique ? .not(known) : known }
    let (relation, correlation, list) = try plan(node.query, at: node.place)
    if node.isUnique {
      let repeated = list.add(
        PendingSubquery(
          kind: .exists, value: nil, plan: try queries.repeatedRows(of: relation, at: node.place), correlation: correlation,
          result: queries.symbols.fresh("repeated", .boolean), location: node.location),
        for: .expression(expression))
      return .not(repeated)
    }
    return list.add(
      PendingSubquery(
        kind: .exists, value: nil, plan: relation.plan, correlation: correlation, result: queries.symbols.fresh("exists", .boolean),
        location: node.location),
      for: .expression(expression))
  }

  func inSubquery(_ node: Syntax.InSubquery) throws -> Expression {
    let test = try among(node.value, node.query, at: node.place)
    return node.isNegated ? .not(test) : test
  }

  private func among(_ value: Syntax.Expression, _ query: Syntax.Query, at place: Syntax.Place) throws -> Expression {
    let key = SubqueryList.Key.among(value, query)
    if let known = subqueries?.known(key) { return known }
    let value = try analyze(value)
    let (relation, correlation, list) = try plan(query, at: place)
    let column = try column(of: relation, at: place)
    guard case let (left, right, type)? = try matched(value, column.value), type.isComparable else {
      throw PrestoError.at(
        place.location, .typeMismatch,
        "Value expression and result of subquery must be of the same type: \(value.type) vs \(column.value.type)")
    }
    let (plan, symbol) = onlyColumn(column.plan, right)
    return list.add(
      PendingSubquery(
        kind: .among(column: symbol), value: left, plan: plan, correlation: correlation, result: queries.symbols.fresh("in", .boolean),
        location: place.location),
      for: key)
  }

  /// Both sides in one type (texts of different lengths stay as they are).
  private func matched(_ value: Expression, _ single: Expression) throws -> (Expression, Expression, DataType)? {
    var column = single
    if case .row(let fields) = value.type, fields.count == 1, single.type.components.isEmpty || single.type == .unknown {
      // a row of one field is compared with the sub-query's one column as a row
      if case .call(let id, let inside, _) = value, id.name == FunctionID.Operator.row { return try matched(inside[0], single) }
      column = .call(
        FunctionID(FunctionID.Operator.row, [single.type]), [single], .row([DataType.Field(nil, single.type)]))
    }
    if case .call(let first, let left, _) = value, first.name == FunctionID.Operator.row, case .call(let second, let right, _) = column,
      second.name == FunctionID.Operator.row, left.count == right.count
    {
      // Rows: field by field, so that the two sides become rows of one type without casting rows.
      var pairs: [[Expression]] = []
      for (a, b) in zip(left, right) {
        guard let found = try common([a, b]) else { return nil }
        pairs.append(found.values.map { $0.coerced(to: found.type) })
      }
      let types = pairs.map { $0[0].type }
      let id = FunctionID(FunctionID.Operator.row, types)
      let type = DataType.row(types.map { DataType.Field(nil, $0) })
      return (.call(id, pairs.map { $0[0] }, type), .call(id, pairs.map { $0[1] }, type), type)
    }
    guard let found = try common([value, column]) else { return nil }
    return (found.values[0].asArgument(of: found.type), found.values[1].asArgument(of: found.type), found.type)
  }

  /// `= ANY` is IN, `<> ALL` is NOT IN; the others compare with every value.
  func quantified(_ node: Syntax.Quantified, _ expression: Syntax.Expression) throws -> Expression {
    switch (node.operator, node.quantifier) {
    case (.equal, .any), (.notEqual, .all):
      let test = try among(node.value, node.query, at: node.place)
      return node.operator == .equal ? test : .not(test)
    default: break
    }
    if let known = subqueries?.known(.expression(expression)) { return known }
    let value = try analyze(node.value)
    let (relation, correlation, list) = try plan(node.query, at: node.place)
    let column = try column(of: relation, at: node.place)
    let isEquality = node.operator == .equal || node.operator == .notEqual
    guard case let (left, right, type)? = try matched(value, column.value), isEquality ? type.isComparable : type.isOrderable else {
      throw PrestoError.at(
        node.location, .typeMismatch, "Cannot apply operator: \(value.type) \(node.operator.rawValue) \(column.value.type)")
    }
    let (plan, symbol) = onlyColumn(column.plan, right)
    return list.add(
      PendingSubquery(
        kind: .quantified(comparison: node.operator.functionName, isAll: node.quantifier == .all, column: symbol), value: left, plan: plan,
        correlation: correlation, result: queries.symbols.fresh("quantified", .boolean), location: node.location),
      for: .expression(expression))
  }
}

extension Scope {
  /// This scope's fields in front of another parent.
  func extended(by parent: Scope?) -> Scope { Scope(fields, parent: parent) }
}

extension QueryAnalyzer {
  /// Rows that come more than once. Rows with nulls are equal to none.
  fileprivate func repeatedRows(of relation: RelationPlan, at place: Syntax.Place) throws -> Plan {
    for field in relation.fields where !field.type.isComparable {
      throw PrestoError.at(place.location, .typeMismatch, "UNIQUE sub-query has a column of type \(field.type), which is not comparable")
    }
    let known = relation.plan.filtered(.all(relation.symbols.map { .not(.isNull(.symbol($0))) }))
    let count = symbols.fresh("count", .bigint)
    let grouped = Plan(
      .aggregate(
        .init(
          input: known.keeping(relation.symbols), keys: known.keeping(relation.symbols).outputs,
          calls: [.init(symbol: count, function: FunctionID("count", []), arguments: [])])))
    return grouped.filtered(.comparison(FunctionID.Operator.greaterThan, .symbol(count), .constant(.integer(1), .bigint)))
  }
}
