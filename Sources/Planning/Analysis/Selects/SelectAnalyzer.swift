import Expressions
import Plans
import SQL
import Values

/// Plans one SELECT with the ORDER BY of its query.
///
/// All clauses are analyzed first, over the names of FROM; aggregates and window functions found on the way stand for symbols. Only then is
/// the plan put together, in the order SQL evaluates: FROM, WHERE, grouping, HAVING, windows, QUALIFY, SELECT, DISTINCT, ORDER BY. After
/// grouping, every expression is rewritten from the names of FROM to the grouping keys; what is left of FROM then is an error.
struct SelectAnalyzer {
  let queries: QueryAnalyzer
  let select: Syntax.Select
  let surroundings: Surroundings
  let source: RelationPlan
  let scope: Scope
  let selection: Selection

  init(_ queries: QueryAnalyzer, _ select: Syntax.Select, _ surroundings: Surroundings) throws {
    self.queries = queries
    self.select = select
    self.surroundings = surroundings
    source = try queries.from(select.from, surroundings)
    scope = Scope(source.fields, parent: surroundings.scope)
    selection = try Selection(scope: scope, windows: select.windows)
  }

  /// A column of the result.
  struct Item {
    /// nil: it has none.
    var name: String?
    var value: Expression
    /// As written, for errors.
    var text: String
    var location: SourceLocation
  }

  /// A key of ORDER BY: an output column, or another expression.
  enum OutputOrder {
    case column(Int)
    case expression(Expression, text: String, SourceLocation)
  }

  func analyzer(_ clause: Clause, _ subqueries: SubqueryList, fallback: Scope? = nil, scope: Scope? = nil) -> ExpressionAnalyzer {
    ExpressionAnalyzer(
      queries, surroundings, scope: scope ?? self.scope, clause: clause, subqueries: subqueries, selection: selection, fallback: fallback)
  }

  mutating func plan(orderBy: [Syntax.SortItem], isSorted: Bool) throws -> (relation: RelationPlan, order: [Ordering]) {
    var input = source
    if let condition = select.where { input = try queries.filtered(source, condition, .where, "WHERE clause", surroundings) }

    let selected = SubqueryList()
    let items = try self.items(selected)
    let aliases = Scope(items.compactMap { item in item.name.map { Field(name: $0, value: item.value) } })
    let keys = try grouping(items, aliases, selected)
    let havingSubqueries = SubqueryList()
    let having = try select.having.map {
      try analyzer(.having, havingSubqueries, fallback: aliases).predicate($0, "HAVING clause")
    }
    let qualifySubqueries = SubqueryList()
    let qualify = try select.qualify.map {
      try analyzer(.qualify, qualifySubqueries, fallback: aliases).predicate($0, "QUALIFY clause")
    }
    let sortSubqueries = SubqueryList()
    let order = try self.order(orderBy, items, sortSubqueries)

    if let syntax = select.having {
      let used = havingSubqueries.pending.reduce(having?.references ?? []) { $0.union($1.needed) }
      guard used.isDisjoint(with: selection.windows.map(\.symbol)) else {
        throw PrestoError.at(
          syntax.location, .nestedWindow, "HAVING clause cannot contain window functions", hint: "Conditions on them stand in QUALIFY")
      }
    }
    // HAVING and QUALIFY may name an output column that is a sub-query.
    if let having { selected.move(neededBy: having, to: havingSubqueries) }
    if let qualify { selected.move(neededBy: qualify, to: qualifySubqueries) }

    var plan = selection.sourceSubqueries.attach(to: input.plan, queries)
    var names = GroupedNames()
    if keys != nil || having != nil || !selection.aggregates.isEmpty || !selection.groupings.isEmpty {
      (plan, names) = try AggregationPlanner(queries, selection, keys ?? GroupingKeys()).plan(over: plan)
    }
    if let having, let syntax = select.having {
      plan = try names.attach(havingSubqueries, to: plan, queries, at: syntax.location)
      plan = plan.filtered(try names.rewrite(having, queries.text(syntax), at: syntax.location))
    }
    if !selection.windows.isEmpty {
      plan = try names.attach(selection.windowSubqueries, to: plan, queries, at: select.location)
      plan = try WindowPlanner(queries, names).plan(selection.windows, over: plan, at: select.location)
    }
    if let qualify, let syntax = select.qualify {
      plan = try names.attach(qualifySubqueries, to: plan, queries, at: syntax.location)
      plan = plan.filtered(try names.rewrite(qualify, queries.text(syntax), at: syntax.location))
    }
    plan = try names.attach(selected, to: plan, queries, at: select.location)
    let values = try items.map { try names.rewrite($0.value, $0.text, at: $0.location) }
    return try select.quantifier == .distinct
      ? distinct(plan, items, values, order, orderBy, names, isSorted: isSorted)
      : ordered(
        names.attach(sortSubqueries, to: plan, queries, at: select.location), items, values, order, orderBy, names, isSorted: isSorted)
  }

  // MARK: Output

  private func fields(_ items: [Item], _ symbols: [Symbol]) -> [Field] {
    zip(items, symbols).map { Field(name: $0.name, value: .symbol($1)) }
  }

  private func ordered(
    _ plan: Plan, _ items: [Item], _ values: [Expression], _ order: [OutputOrder], _ orderBy: [Syntax.SortItem], _ names: GroupedNames,
    isSorted: Bool
  ) throws -> (relation: RelationPlan, order: [Ordering]) {
    var builder = queries.columns(over: plan)
    let symbols = zip(items, values).map { builder.symbol(for: $1, named: $0.name ?? "expr") }
    var keys: [Ordering] = []
    for (key, item) in zip(order, orderBy) {
      let symbol: Symbol
      switch key {
      case .column(let index): symbol = symbols[index]
      case .expression(let expression, let text, let location):
        let value = try names.rewrite(expression, text, at: location)
        if value.isConstant { continue }
        symbol = builder.symbol(for: value)
      }
      if !keys.contains(where: { $0.symbol == symbol }) {
        keys.append(Ordering(symbol, isAscending: item.isAscending, nullsFirst: item.nullsComeFirst))
      }
    }
    var result = builder.replaced
    if isSorted, !keys.isEmpty { result = Plan(.sort(.init(input: result, order: keys))) }
    return (RelationPlan(plan: result, fields: fields(items, symbols)), keys)
  }

  private func distinct(
    _ plan: Plan, _ items: [Item], _ values: [Expression], _ order: [OutputOrder], _ orderBy: [Syntax.SortItem], _ names: GroupedNames,
    isSorted: Bool
  ) throws -> (relation: RelationPlan, order: [Ordering]) {
    for item in items where !item.value.type.isComparable {
      throw PrestoError.at(
        item.location, .typeMismatch, "DISTINCT can only be applied to comparable types (actual: \(item.value.type))")
    }
    var builder = queries.columns(over: plan)
    let symbols = zip(items, values).map { builder.symbol(for: $1, named: $0.name ?? "expr") }
    let input = builder.replaced
    var seen = Set<Symbol>()
    var result = Plan(.aggregate(.init(input: input, keys: symbols.filter { seen.insert($0).inserted }, calls: [])))
    var keys: [Ordering] = []
    for (key, item) in zip(order, orderBy) {
      let symbol: Symbol
      switch key {
      case .column(let index): symbol = symbols[index]
      case .expression(let expression, let text, let location):
        let value = try names.rewrite(expression, text, at: location)
        if value.isConstant { continue }
        guard let index = values.firstIndex(of: value) else {
          throw PrestoError.at(
            select.location, .expressionNotInDistinct, "For SELECT DISTINCT, ORDER BY expressions must appear in select list")
        }
        symbol = symbols[index]
      }
      if !keys.contains(where: { $0.symbol == symbol }) {
        keys.append(Ordering(symbol, isAscending: item.isAscending, nullsFirst: item.nullsComeFirst))
      }
    }
    if isSorted, !keys.isEmpty { result = Plan(.sort(.init(input: result, order: keys))) }
    return (RelationPlan(plan: result, fields: fields(items, symbols)), keys)
  }
}

extension QueryAnalyzer {
  func text(_ expression: Syntax.Expression) -> String { Formatter.format(expression) }
}
