import Expressions
import Federation
import Plans
import Values

/// Takes everything that refers to outer symbols out of a sub-query: conditions become conditions of the join above, values are computed above it.
struct Lifting {
  let context: PlanningContext
  let outer: Set<Symbol>
  /// Only whether there is a row matters: projections, orders and limits say nothing.
  var isExistence = false
  /// Rows may come more than once.
  var ignoresDuplicates = false
  /// Outputs wanted above.
  var keeps: Set<Symbol> = []

  struct Result {
    var plan: Plan
    /// Over the plan's outputs and outer symbols.
    var conditions: [Expression] = []
    /// Outputs of the sub-query as expressions over the plan's outputs and outer symbols, to be computed above the join.
    var deferred: [Symbol: Expression] = [:]
    /// Values of aggregates over no rows: what a symbol is where nothing matched, if not null.
    var defaults: [Symbol: Expression] = [:]
    /// For fixed values of the conditions' inner sides there is at most one row.
    var isOneRowPerKey = false
    /// There is a row whatever the data (a global aggregation).
    var alwaysHasRow = false
    /// A global aggregation over conditions that are no equalities: these conditions cannot become keys.
    var isUnmergeable = false
  }

  func lift(_ plan: Plan) throws -> Result {
    switch plan.node {
    case .filter(let node):
      var result = try mergeable(node.input)
      var here: [Expression] = []
      for condition in node.predicate.conjuncts {
        let whole = condition.substituting(result.deferred)
        if whole.references.isDisjoint(with: outer) && result.deferredIsUntouched(by: condition) {
          here.append(condition)
        } else {
          result.conditions.append(whole)
        }
      }
      if !here.isEmpty {
        if result.alwaysHasRow || !result.defaults.isEmpty {
          // HAVING of a lifted global aggregation: decided above, where empty groups are known
          if !result.conditions.isEmpty || !isUncorrelated(result.plan) { throw unsupported }
        }
        result.plan = Plan(.filter(.init(input: result.plan, predicate: .all(here))))
        result.alwaysHasRow = false
      }
      return result
    case .project(let node): return try project(node)
    case .aggregate(let node): return try aggregate(node, plan)
    case .sort(let node):
      if isExistence { return try lift(node.input) }
      return try passing(plan, node.input)
    case .limit(let node):
      if isExistence, node.offset == 0, node.count.map({ $0 > 0 }) ?? true { return try lift(node.input) }
      return try limited(plan, node.input, count: node.count, offset: node.offset, order: [])
    case .topN(let node):
      if isExistence, node.count > 0 { return try lift(node.input) }
      return try limited(plan, node.input, count: node.count, offset: 0, order: node.order)
    case .join(let node) where node.kind == .inner || node.kind == .left: return try join(node)
    case .semiJoin(let node):
      guard isUncorrelated(node.right), node.residual?.references.isDisjoint(with: outer) ?? true else { throw unsupported }
      var result = try mergeable(node.left)
      guard result.deferred.isEmpty else { throw unsupported }
      var copy = node
      copy.left = result.plan
      result.plan = Plan(.semiJoin(copy))
      result.alwaysHasRow = false
      return result
    case .unnest(let node):
      guard node.items.allSatisfy({ !outer.contains($0.value) }) else { throw unsupported }
      return try passing(plan, node.input)
    case .window, .singleRow, .markDistinct, .uniqueID, .sample, .groupingSets, .scan, .values, .union, .join, .apply, .sharedQueries,
      .sharedQueryScan, .exchange, .write, .delete, .output:
      if isUncorrelated(plan) { return Result(plan: plan, alwaysHasRow: hasExactlyOneRow(plan)) }
      throw unsupported
    }
  }

  /// As `lift`, where nothing waits to be aggregated: only projections may stand above that.
  private func mergeable(_ plan: Plan) throws -> Result {
    let result = try lift(plan)
    if result.isUnmergeable { throw unsupported }
    return result
  }

  var unsupported: PrestoError { PrestoError(.unsupportedSubquery, "Given correlated subquery is not supported") }

  func isUncorrelated(_ plan: Plan) -> Bool {
    if !plan.node.usedSymbols.isDisjoint(with: outer) { return false }
    if case .values(let node) = plan.node, node.rows.contains(where: { $0.contains { !$0.references.isDisjoint(with: outer) } }) {
      return false
    }
    return plan.inputs.allSatisfy { isUncorrelated($0) }
  }

  private func hasExactlyOneRow(_ plan: Plan) -> Bool {
    switch plan.node {
    case .singleRow: true
    case .values(let node): node.rows.count == 1
    case .aggregate(let node): node.keys.isEmpty
    case .project(let node): hasExactlyOneRow(node.input)
    default: false
    }
  }

  /// A node of one input that neither adds nor removes columns.
  private func passing(_ plan: Plan, _ input: Plan) throws -> Result {
    var result = try mergeable(input)
    if !result.conditions.isEmpty && !result.deferred.isEmpty { throw unsupported }
    guard plan.node.usedSymbols.allSatisfy({ result.deferred[$0] == nil }), result.defaults.isEmpty else { throw unsupported }
    var copy = plan.replacingInputs([result.plan])
    if case .unnest(var node) = plan.node {
      node.input = result.plan
      node.kept = Array(Set(node.kept).union(result.conditionSymbols(outer)))
      copy = Plan(.unnest(node))
    }
    result.plan = copy
    return result
  }

  private func project(_ node: Plan.Project) throws -> Result {
    var result = try lift(node.input)
    var assignments: [(symbol: Symbol, value: Expression)] = []
    var deferred: [Symbol: Expression] = [:]
    for (symbol, value) in node.assignments {
      let whole = value.substituting(result.deferred)
      // above a lifted global aggregation values wait for the join, where empty groups get their defaults
      let waits = !result.defaults.isEmpty || (!result.conditions.isEmpty && result.isOneRowPerKey)
      if whole == .symbol(symbol) {
        assignments.append((symbol, whole))
      } else if waits || !whole.references.isDisjoint(with: outer) || !result.deferredIsUntouched(by: value) {
        deferred[symbol] = whole
      } else {
        assignments.append((symbol, value))
      }
    }
    // what conditions and waiting values read goes along
    var present = Set(assignments.map(\.symbol))
    var wanted = result.conditionSymbols(outer)
    for value in deferred.values { wanted.formUnion(value.references.subtracting(outer)) }
    for symbol in wanted.sorted(by: { $0.id < $1.id }) where present.insert(symbol).inserted {
      assignments.append((symbol, .symbol(symbol)))
    }
    result.plan = Plan(.project(.init(input: result.plan, assignments: assignments)))
    result.deferred = deferred
    return result
  }

  private func aggregate(_ node: Plan.Aggregate, _ plan: Plan) throws -> Result {
    if isUncorrelated(plan) { return Result(plan: plan, alwaysHasRow: node.keys.isEmpty) }
    var result = try mergeable(node.input)
    guard result.deferred.isEmpty, node.calls.allSatisfy({ call in call.arguments.allSatisfy { $0.references.isDisjoint(with: outer) } })
    else {
      throw unsupported
    }
    if isExistence && node.keys.isEmpty { return Result(plan: plan, alwaysHasRow: true) }
    // conditions that fix inner values become keys: one group for each value an outer row may ask for
    var keys = node.keys
    var input = result.plan
    var conditions: [Expression] = []
    var isEqui = true
    for condition in result.conditions {
      guard let (ours, theirs) = split(condition), ours.type.isComparable else {
        isEqui = false
        continue
      }
      var key: Symbol
      if let symbol = ours.asSymbol {
        key = symbol
      } else {
        key = context.symbols.fresh("key", ours.type)
        input = Plan(.project(.init(input: input, assignments: input.outputs.map { ($0, .symbol($0)) } + [(key, ours)])))
      }
      if !keys.contains(key) { keys.append(key) }
      conditions.append(.comparison(FunctionID.Operator.equal, .symbol(key), theirs))
    }
    if !isEqui {
      if node.keys.isEmpty {
        result.isUnmergeable = true
        return result
      }
      if isExistence || (ignoresDuplicates && node.calls.isEmpty) {
        // DISTINCT: what conditions read may as well be among the keys
        let inner = result.conditionSymbols(outer)
        result.plan = Plan(
          .aggregate(.init(input: result.plan, keys: node.keys + inner.filter { !node.keys.contains($0) }, calls: node.calls)))
        return result
      }
      throw unsupported
    }
    var aggregated = node
    aggregated.input = input
    aggregated.keys = keys
    result.plan = Plan(.aggregate(aggregated))
    result.conditions = conditions
    result.isOneRowPerKey = node.keys.isEmpty
    if node.keys.isEmpty {
      for call in node.calls where ["count", "count_if", "approx_distinct"].contains(call.function.name) {
        result.defaults[call.symbol] = .constant(.integer(0), .bigint)
      }
      for call in node.calls where result.defaults[call.symbol] == nil { result.defaults[call.symbol] = .null(call.symbol.type) }
    }
    return result
  }

  /// `inner = outer` as (inner, outer).
  private func split(_ condition: Expression) -> (Expression, Expression)? {
    guard case .call(let id, let arguments, _) = condition, id.name == FunctionID.Operator.equal, arguments.count == 2 else { return nil }
    let a = arguments[0].references, b = arguments[1].references
    if !a.isEmpty && a.isDisjoint(with: outer) && b.isSubset(of: outer) { return (arguments[0], arguments[1]) }
    if !b.isEmpty && b.isDisjoint(with: outer) && a.isSubset(of: outer) { return (arguments[1], arguments[0]) }
    return nil
  }

  /// The first rows per outer row: numbered within the inner sides of the equalities.
  private func limited(_ plan: Plan, _ input: Plan, count: Int?, offset: Int, order: [Ordering]) throws -> Result {
    if isUncorrelated(plan) { return Result(plan: plan) }
    var order = order
    if case .sort(let sort) = input.node, order.isEmpty { order = sort.order }
    var result = try mergeable(input)
    if result.isOneRowPerKey && offset == 0 && (count ?? 1) > 0 { return result }
    var partition: [Symbol] = []
    for condition in result.conditions {
      guard let (ours, _) = split(condition), let symbol = ours.asSymbol else { throw unsupported }
      partition.append(symbol)
    }
    guard result.deferred.isEmpty else { throw unsupported }
    result.plan = result.plan.firstRows(count, after: offset, per: partition, order: order, context)
    result.isOneRowPerKey = count == 1
    return result
  }

  private func join(_ node: Plan.Join) throws -> Result {
    let plan = Plan(.join(node))
    if isUncorrelated(plan) { return Result(plan: plan) }
    var left = try mergeable(node.left)
    guard left.deferred.isEmpty else { throw unsupported }
    var right = Result(plan: node.right)
    if node.kind == .inner {
      right = try mergeable(node.right)
      guard right.deferred.isEmpty else { throw unsupported }
    } else if !isUncorrelated(node.right) {
      throw unsupported
    }
    guard left.defaults.isEmpty || left.conditions.isEmpty, right.defaults.isEmpty || right.conditions.isEmpty else { throw unsupported }
    var copy = node
    copy.columns = nil
    copy.left = left.plan
    copy.right = right.plan
    var residual: [Expression] = []
    for condition in node.residual?.conjuncts ?? [] {
      if condition.references.isDisjoint(with: outer) {
        residual.append(condition)
      } else if node.kind == .inner {
        left.conditions.append(condition)
      } else {
        throw unsupported
      }
    }
    copy.residual = residual.isEmpty ? nil : .all(residual)
    return Result(plan: Plan(.join(copy)), conditions: left.conditions + right.conditions)
  }
}

extension Lifting.Result {
  /// Symbols of the plan that conditions read.
  func conditionSymbols(_ outer: Set<Symbol>) -> Set<Symbol> {
    conditions.reduce(into: []) { $0.formUnion($1.references.subtracting(outer)) }
  }

  func deferredIsUntouched(by expression: Expression) -> Bool { expression.references.allSatisfy { deferred[$0] == nil } }
}
