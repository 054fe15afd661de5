import Expressions
import Federation
import Plans
import SQL
import Values

/// Turns keys, grouping sets and aggregates into nodes: first every key and argument becomes a column, then rows are repeated for the
/// grouping sets if there are several, then they are grouped.
struct AggregationPlanner {
  let queries: QueryAnalyzer
  let selection: Selection
  let grouping: GroupingKeys

  init(_ queries: QueryAnalyzer, _ selection: Selection, _ grouping: GroupingKeys) {
    self.queries = queries
    self.selection = selection
    self.grouping = grouping
  }

  func plan(over source: Plan) throws -> (Plan, GroupedNames) {
    var builder = queries.columns(over: source)
    let keys = grouping.keys.map { builder.symbol(for: $0, named: "key") }
    let calls = selection.aggregates.map { symbol, call in
      Plan.Aggregate.Call(
        symbol: symbol, function: call.function,
        arguments: call.arguments.map { $0.isInline ? $0 : .symbol(builder.symbol(for: $0, named: "argument")) },
        filter: call.filter.map { builder.symbol(for: $0, named: "filter") }, isDistinct: call.isDistinct,
        order: call.order.map {
          Ordering(builder.symbol(for: $0.value, named: "order"), isAscending: $0.isAscending, nullsFirst: $0.nullsFirst)
        })
    }
    let input = builder.replaced
    var names = GroupedNames(hidden: Set(source.outputs))
    if grouping.sets.count == 1 {
      for (expression, key) in zip(grouping.keys, keys) { names.replacements[expression] = .symbol(key) }
      names.hidden.subtract(keys)
      try nameGroupings(in: &names, groupID: nil)
      return (Plan(.aggregate(.init(input: input, keys: unique(keys), calls: calls))), names)
    }
    return try planSets(input, keys, calls, names)
  }

  // MARK: Several grouping sets

  private func planSets(_ input: Plan, _ keys: [Symbol], _ calls: [Plan.Aggregate.Call], _ names: GroupedNames) throws -> (
    Plan, GroupedNames
  ) {
    var names = names
    let groupID = queries.symbols.fresh("group_id", .bigint)
    let outputs = keys.map { queries.symbols.fresh($0.name, $0.type) }
    let passed = unique(calls.flatMap(\.columns))
    let repeated = Plan(
      .groupingSets(
        .init(input: input, keys: zip(outputs, keys).map { ($0, $1) }, sets: grouping.sets, groupID: groupID, passed: passed)))
    let grouped = Plan(.aggregate(.init(input: repeated, keys: outputs + [groupID], calls: calls)))
    for (expression, key) in zip(grouping.keys, outputs) { names.replacements[expression] = .symbol(key) }
    let totals = grouping.sets.indices.filter { grouping.sets[$0].isEmpty }
    if totals.isEmpty {
      try nameGroupings(in: &names, groupID: groupID)
      return (grouped, names)
    }
    // An empty set has a row even where nothing comes in.
    let (plan, renamed) = withTotals(grouped, outputs, groupID, calls, setNumbers: totals)
    names.replacements = names.replacements.mapValues { $0.substituting(renamed) }
    for (old, new) in renamed where old != groupID { names.replacements[.symbol(old)] = new }
    try nameGroupings(in: &names, groupID: renamed[groupID]?.asSymbol ?? groupID)
    return (plan, names)
  }

  /// `grouped FULL JOIN totals` on the set's number: where an empty set has no row, the aggregates of nothing stand in its place.
  private func withTotals(
    _ grouped: Plan, _ keys: [Symbol], _ groupID: Symbol, _ calls: [Plan.Aggregate.Call], setNumbers: [Int]
  ) -> (Plan, [Symbol: Expression]) {
    let symbols = queries.symbols
    var fresh: [Symbol: Symbol] = [:]
    for column in calls.flatMap(\.columns) where fresh[column] == nil { fresh[column] = symbols.fresh(column.name, column.type) }
    let columns = fresh.values.sorted { $0.id < $1.id }
    let nothing = Plan(.values(.init(outputs: columns, rows: [])))
    let totals = calls.map { call in
      var copy = call
      copy.symbol = symbols.fresh(call.symbol.name, call.symbol.type)
      copy.arguments = call.arguments.map { argument in argument.asSymbol.flatMap { fresh[$0] }.map { .symbol($0) } ?? argument }
      copy.filter = call.filter.flatMap { fresh[$0] }
      copy.order = call.order.map { Ordering(fresh[$0.symbol] ?? $0.symbol, isAscending: $0.isAscending, nullsFirst: $0.nullsFirst) }
      return copy
    }
    let number = symbols.fresh("set_number", .bigint)
    let numbers = Plan(
      .values(.init(outputs: [number], rows: setNumbers.map { [.constant(.integer(Int64($0)), .bigint)] })))
    let total = Plan(
      .join(.init(kind: .inner, left: numbers, right: Plan(.aggregate(.init(input: nothing, keys: [], calls: totals))), equalities: [])))
    let joined = Plan(.join(.init(kind: .full, left: grouped, right: total, equalities: [(groupID, number)])))

    let isEmpty = Expression.isNull(.symbol(groupID))
    var assignments: [(symbol: Symbol, value: Expression)] = []
    var renamed: [Symbol: Expression] = [:]
    func rename(_ symbol: Symbol, ifEmpty value: Expression) {
      let new = symbols.fresh(symbol.name, symbol.type)
      assignments.append((new, .if(isEmpty, then: value, else: .symbol(symbol))))
      renamed[symbol] = .symbol(new)
    }
    for key in keys { rename(key, ifEmpty: .null(key.type)) }
    rename(groupID, ifEmpty: .symbol(number))
    for (call, total) in zip(calls, totals) { rename(call.symbol, ifEmpty: .symbol(total.symbol)) }
    return (Plan(.project(.init(input: joined, assignments: assignments))), renamed)
  }

  // MARK: GROUPING

  /// What GROUPING(…) reads as: a constant for each grouping set, found by its number.
  private func nameGroupings(in names: inout GroupedNames, groupID: Symbol?) throws {
    for (symbol, columns, location) in selection.groupings {
      let indices = try columns.map { column in
        guard let index = grouping.keys.firstIndex(of: column) else {
          throw PrestoError.at(
            location, .invalidArguments, "The arguments to GROUPING() must be expressions referenced by the GROUP BY of the same query")
        }
        return index
      }
      let masks = grouping.sets.map { set in
        indices.reduce(Int64(0)) { $0 << 1 | (set.contains($1) ? 0 : 1) }
      }
      guard let groupID else {
        names.replacements[.symbol(symbol)] = .constant(.integer(masks.first ?? 0), symbol.type)
        continue
      }
      let type = DataType.array(symbol.type)
      let position = Expression.call(
        FunctionID(FunctionID.Operator.add, [.bigint, .bigint]), [.symbol(groupID), .constant(.integer(1), .bigint)], .bigint)
      names.replacements[.symbol(symbol)] = .call(
        FunctionID(FunctionID.Operator.subscripted, [type, .bigint]), [.constant(.sequence(masks.map { .integer($0) }), type), position],
        symbol.type)
    }
  }

  private func unique(_ symbols: [Symbol]) -> [Symbol] {
    var seen = Set<Symbol>()
    return symbols.filter { seen.insert($0).inserted }
  }
}

extension Plan.Aggregate.Call {
  /// Columns it reads.
  var columns: [Symbol] { arguments.compactMap(\.asSymbol) + (filter.map { [$0] } ?? []) + order.map(\.symbol) }
}

extension Expr {
  /// Arguments of aggregates and window functions that are no columns: constants and lambdas.
  var isInline: Bool {
    switch self {
    case .constant, .lambda: true
    default: false
    }
  }
}
