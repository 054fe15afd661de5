import Expressions
import Federation
import Plans
import Values

/// A sub-query computed for every combination of outer values at once: the way out where nothing can be lifted (T. Neumann, A. Kemper: Unnesting
/// Arbitrary Queries, BTW 2015).
///
///     Apply                          Join on copies = outer values, nulls alike
///       left              →            left
///       Limit 2                        Filter row_number <= 2, numbered within the copies
///         Filter x > outer               Filter x > copy
///           items                          Join (no condition)
///                                            Aggregate: distinct outer values of left, as copies
///                                            items
///
/// `left` is computed twice, so it must be the same both times.
struct Dependence {
  let context: PlanningContext
  let left: Plan
  /// Symbols of `left` that the sub-query uses.
  let outer: [Symbol]

  /// What stands for the outer symbols in one place of the plan.
  typealias Copies = [Symbol: Symbol]

  /// nil: outer values cannot be told apart, or come out differently the next time.
  init?(_ node: Plan.Apply, _ context: PlanningContext) {
    var used = Set<Symbol>()
    Dependence.gather(node.right, &used)
    outer = node.left.outputs.filter(used.contains)
    left = node.left
    self.context = context
    guard !outer.isEmpty, outer.allSatisfy(\.type.isComparable), Dependence.isRepeatable(left, Set(outer), context) else { return nil }
  }

  /// The sub-query with its outer values beside it, and the condition that joins them to the outer rows.
  func result(_ right: Plan) throws -> Lifting.Result {
    let (plan, copies) = try carry(right)
    var result = Lifting.Result(plan: plan)
    for symbol in outer {
      guard let copy = copies[symbol] else { throw unsupported }
      result.conditions += Dependence.alike(.symbol(symbol), .symbol(copy))
    }
    if case .aggregate(let node) = Dependence.beneathProjections(right).node { result.isOneRowPerKey = node.keys.isEmpty }
    return result
  }

  var unsupported: PrestoError { PrestoError(.unsupportedSubquery, "Given correlated subquery is not supported") }

  // MARK: Outer values

  /// Distinct outer values under new names.
  private func values() -> (plan: Plan, copies: Copies) {
    var copies = Copies()
    for symbol in outer { copies[symbol] = context.symbols.fresh(symbol.name, symbol.type) }
    let columns = outer.compactMap { copies[$0] }
    let named = Plan(.project(.init(input: left, assignments: zip(columns, outer).map { ($0, .symbol($1)) })))
    return (Plan(.aggregate(.init(input: named, keys: columns, calls: []))), copies)
  }

  /// `a IS NOT DISTINCT FROM b` as equalities, so that they can be keys of a join.
  static func alike(_ a: Expression, _ b: Expression) -> [Expression] {
    let nothing = Expression.constant(zero(a.type), a.type)
    return [
      .comparison(FunctionID.Operator.equal, .coalesce([a, nothing]), .coalesce([b, nothing])),
      .comparison(FunctionID.Operator.equal, .isNull(a), .isNull(b)),
    ]
  }

  /// Some value of a type.
  private static func zero(_ type: DataType) -> Constant {
    switch type.layout {
    case .bool: return .boolean(false)
    case .int8, .int16, .int32, .int64: return .integer(0)
    case .int128: return .wide(0)
    case .float: return .real(0)
    case .double: return .double(0)
    case .bytes:
      switch type {
      case .uuid, .ipaddress: return .bytes([UInt8](repeating: 0, count: 16))
      case .ipprefix: return .bytes([UInt8](repeating: 0, count: 17))
      default: return .bytes([])
      }
    case .list, .map: return .sequence([])
    case .row: return .sequence(type.components.map { zero($0) })
    }
  }

  private static func gather(_ plan: Plan, _ used: inout Set<Symbol>) {
    used.formUnion(plan.node.usedSymbols)
    if case .values(let node) = plan.node { for row in node.rows { for value in row { used.formUnion(value.references) } } }
    for input in plan.inputs { gather(input, &used) }
  }

  /// Row numbers differ from run to run, but matter only where the sub-query itself uses them.
  private static func isRepeatable(_ plan: Plan, _ outer: Set<Symbol>, _ context: PlanningContext) -> Bool {
    func isSteady(_ expression: Expression) -> Bool {
      !expression.contains { if case .call(let id, _, _) = $0 { !context.functions.isDeterministic(id) } else { false } }
    }
    switch plan.node {
    case .uniqueID(let node): if outer.contains(node.symbol) { return false }
    case .sample: return false
    case .filter(let node): if !isSteady(node.predicate) { return false }
    case .project(let node): if !node.assignments.allSatisfy({ isSteady($0.value) }) { return false }
    // which rows they keep is nobody's promise
    case .limit, .topN: return false
    case .scan, .values, .aggregate, .groupingSets, .markDistinct, .join, .semiJoin, .apply, .sort, .window, .unnest, .union, .singleRow,
      .sharedQueries, .sharedQueryScan, .exchange, .write, .delete, .output:
      break
    }
    return plan.inputs.allSatisfy { isRepeatable($0, outer, context) }
  }

  private static func beneathProjections(_ plan: Plan) -> Plan {
    if case .project(let node) = plan.node { beneathProjections(node.input) } else { plan }
  }

  private func isUncorrelated(_ plan: Plan) -> Bool {
    var used = Set<Symbol>()
    Dependence.gather(plan, &used)
    return used.isDisjoint(with: outer)
  }

  // MARK: Carrying them upwards

  /// The plan for every combination of outer values, which stand beside its columns under the names in `copies`.
  private func carry(_ plan: Plan) throws -> (plan: Plan, copies: Copies) {
    if isUncorrelated(plan) {
      let (values, copies) = values()
      return (Plan(.join(.init(kind: .inner, left: values, right: plan, equalities: []))), copies)
    }
    switch plan.node {
    case .filter(let node):
      let (input, copies) = try carry(node.input)
      return (Plan(.filter(.init(input: input, predicate: node.predicate.substituting(expressions(copies))))), copies)
    case .project(let node):
      let (input, copies) = try carry(node.input)
      let names = expressions(copies)
      let own = node.assignments.map { (symbol: $0.symbol, value: $0.value.substituting(names)) }
      return (Plan(.project(.init(input: input, assignments: columns(copies).map { ($0, .symbol($0)) } + own))), copies)
    case .aggregate(let node): return try aggregate(node)
    case .groupingSets(var node):
      let (input, copies) = try carry(node.input)
      node.input = input
      node.keys = node.keys.map { ($0.output, copies[$0.input] ?? $0.input) }
      node.passed += columns(copies).filter { !node.passed.contains($0) }
      return (Plan(.groupingSets(node)), copies)
    case .markDistinct(var node):
      let (input, copies) = try carry(node.input)
      node.input = input
      node.keys = columns(copies) + node.keys.filter { copies[$0] == nil }
      return (Plan(.markDistinct(node)), copies)
    case .join(let node): return try join(node)
    case .semiJoin(let node): return try semiJoin(node)
    case .sort(let node): return try carry(node.input)
    case .topN(let node):
      let (input, copies) = try carry(node.input)
      return (
        input.firstRows(node.count, per: columns(copies), order: renamed(node.order, copies), context), copies
      )
    case .limit(let node):
      let (input, copies) = try carry(node.input)
      var order: [Ordering] = []
      if case .sort(let sort) = node.input.node { order = renamed(sort.order, copies) }
      return (input.firstRows(node.count, after: node.offset, per: columns(copies), order: order, context), copies)
    case .window(var node):
      let (input, copies) = try carry(node.input)
      node.input = input
      node.partition = columns(copies) + node.partition.filter { copies[$0] == nil }
      node.order = renamed(node.order, copies)
      return (Plan(.window(node)), copies)
    case .unnest(var node):
      let (input, copies) = try carry(node.input)
      node.input = input
      node.kept = columns(copies) + node.kept.filter { copies[$0] == nil && !columns(copies).contains($0) }
      node.items = node.items.map { (copies[$0.value] ?? $0.value, $0.outputs) }
      return (Plan(.unnest(node)), copies)
    case .union(var node):
      var shared = Copies()
      for symbol in outer { shared[symbol] = context.symbols.fresh(symbol.name, symbol.type) }
      for index in node.inputs.indices {
        let (input, copies) = try carry(node.inputs[index])
        node.inputs[index] = input
        node.columns[index] = columns(copies) + node.columns[index].map { copies[$0] ?? $0 }
      }
      node.outputs = columns(shared) + node.outputs
      return (Plan(.union(node)), shared)
    case .singleRow(let node): return try singleRow(node)
    case .values(let node):
      let (values, copies) = values()
      guard node.rows.count == 1 else { throw unsupported }
      let own = zip(node.outputs, node.rows[0]).map { (symbol: $0, value: $1.substituting(expressions(copies))) }
      return (Plan(.project(.init(input: values, assignments: columns(copies).map { ($0, .symbol($0)) } + own))), copies)
    case .scan, .uniqueID, .sample, .apply, .sharedQueries, .sharedQueryScan, .exchange, .write, .delete, .output: throw unsupported
    }
  }

  private func columns(_ copies: Copies) -> [Symbol] { outer.compactMap { copies[$0] } }
  private func expressions(_ copies: Copies) -> [Symbol: Expression] { copies.mapValues { .symbol($0) } }
  private func renamed(_ order: [Ordering], _ copies: Copies) -> [Ordering] {
    order.map { Ordering(copies[$0.symbol] ?? $0.symbol, isAscending: $0.isAscending, nullsFirst: $0.nullsFirst) }
  }

  /// Groups within the outer values. A global aggregation has a row for every combination, also where nothing comes in: then the aggregates see
  /// the one row that the outer join makes up, and filter it out.
  private func aggregate(_ node: Plan.Aggregate) throws -> (plan: Plan, copies: Copies) {
    guard node.step == .single else { throw unsupported }
    var (input, copies) = try carry(node.input)
    var calls = node.calls
    for index in calls.indices { calls[index].arguments = calls[index].arguments.map { $0.substituting(expressions(copies)) } }
    if node.keys.isEmpty {
      let matched = context.symbols.fresh("matched", .boolean)
      let (values, own) = values()
      let conditions = outer.flatMap { symbol -> [Expression] in
        guard let a = own[symbol], let b = copies[symbol] else { return [] }
        return Dependence.alike(.symbol(a), .symbol(b))
      }
      let right = Plan(.project(.init(input: input, assignments: input.outputs.map { ($0, .symbol($0)) } + [(matched, .true)])))
      input = Plan(.join(.init(kind: .left, left: values, right: right, equalities: [], residual: .all(conditions))))
      copies = own
      for index in calls.indices {
        guard let filter = calls[index].filter else {
          calls[index].filter = matched
          continue
        }
        let both = context.symbols.fresh("counted", .boolean)
        input = Plan(
          .project(
            .init(
              input: input, assignments: input.outputs.map { ($0, .symbol($0)) } + [(both, .and([.symbol(matched), .symbol(filter)]))])))
        calls[index].filter = both
      }
    }
    let keys = columns(copies) + node.keys.filter { !columns(copies).contains($0) }
    return (Plan(.aggregate(.init(input: input, keys: keys, calls: calls))), copies)
  }

  private func join(_ node: Plan.Join) throws -> (plan: Plan, copies: Copies) {
    var copy = node
    copy.columns = nil
    let needsLeft = !isUncorrelated(node.left), needsRight = !isUncorrelated(node.right)
    let carriesLeft = needsLeft || !needsRight || node.kind == .left || node.kind == .full
    let carriesRight = needsRight || node.kind == .right || node.kind == .full
    // what one side alone needs goes with that side; the side that keeps its rows must have the values in any case
    var copies = Copies()
    var further: [Expression] = []
    if carriesLeft {
      let (plan, own) = try carry(node.left)
      copy.left = plan
      copies = own
    }
    if carriesRight {
      let (plan, own) = try carry(node.right)
      copy.right = plan
      if carriesLeft {
        for symbol in outer {
          guard let a = copies[symbol], let b = own[symbol] else { throw unsupported }
          further += Dependence.alike(.symbol(a), .symbol(b))
        }
      }
      if !carriesLeft || node.kind == .right { copies = own }
      if node.kind == .full { return try full(copy, copies, own, further) }
    }
    copy.residual = residual(node.residual, copies, further)
    return (Plan(.join(copy)), copies)
  }

  private func residual(_ residual: Expression?, _ copies: Copies, _ further: [Expression]) -> Expression? {
    let all = (residual?.conjuncts ?? []).map { $0.substituting(expressions(copies)) } + further
    return all.isEmpty ? nil : .all(all)
  }

  /// Rows of either side alone have the values of that side.
  private func full(_ node: Plan.Join, _ left: Copies, _ right: Copies, _ further: [Expression]) throws -> (plan: Plan, copies: Copies) {
    var node = node
    node.residual = residual(node.residual, left, further)
    let joined = Plan(.join(node))
    var copies = Copies()
    var assignments = joined.outputs.map { (symbol: $0, value: Expression.symbol($0)) }
    for symbol in outer {
      guard let a = left[symbol], let b = right[symbol] else { throw unsupported }
      let either = context.symbols.fresh(symbol.name, symbol.type)
      assignments.append((either, .coalesce([.symbol(a), .symbol(b)])))
      copies[symbol] = either
    }
    return (Plan(.project(.init(input: joined, assignments: assignments))), copies)
  }

  private func semiJoin(_ node: Plan.SemiJoin) throws -> (plan: Plan, copies: Copies) {
    var copy = node
    let (left, copies) = try carry(node.left)
    copy.left = left
    copy.equalities = node.equalities.map { (copies[$0.left] ?? $0.left, $0.right) }
    var further: [Expression] = []
    if !isUncorrelated(node.right) {
      // the null of a null-aware lookup would have to be asked of the rows of one combination alone
      if node.isNullAware { throw unsupported }
      let (right, own) = try carry(node.right)
      copy.right = right
      for symbol in outer {
        guard let a = copies[symbol], let b = own[symbol] else { throw unsupported }
        further += Dependence.alike(.symbol(a), .symbol(b))
      }
    }
    copy.residual = residual(node.residual, copies, further)
    return (Plan(.semiJoin(copy)), copies)
  }

  /// One row for every combination: nulls where there is none, an error where there are several.
  private func singleRow(_ node: Plan.SingleRow) throws -> (plan: Plan, copies: Copies) {
    let (input, inner) = try carry(node.input)
    let (values, copies) = values()
    let conditions = outer.flatMap { symbol -> [Expression] in
      guard let a = copies[symbol], let b = inner[symbol] else { return [] }
      return Dependence.alike(.symbol(a), .symbol(b))
    }
    let joined = Plan(.join(.init(kind: .left, left: values, right: input, equalities: [], residual: .all(conditions))))
    return (joined.checkedForOneRow(per: columns(copies), context), copies)
  }
}

extension Plan {
  /// SUBQUERY_MULTIPLE_ROWS where keys come twice.
  func checkedForOneRow(per keys: [Symbol], _ context: PlanningContext) -> Plan {
    let first = context.symbols.fresh("first", .boolean)
    let marked = Plan(.markDistinct(.init(input: self, keys: keys, marker: first)))
    return Plan(
      .filter(
        .init(
          input: marked,
          predicate: .if(.symbol(first), then: .true, else: .call(FunctionID(Function.multipleRowsError, []), [], .boolean)))))
  }

  /// `count` rows (nil: all) after the first `offset`, within each combination of the keys.
  func firstRows(_ count: Int?, after offset: Int = 0, per keys: [Symbol], order: [Ordering], _ context: PlanningContext) -> Plan {
    let number = context.symbols.fresh("row_number", .bigint)
    let numbered = Plan(
      .window(
        .init(
          input: self, partition: keys, order: order,
          calls: [.init(symbol: number, function: FunctionID("row_number", []), arguments: [], frame: .standard)])))
    var conditions: [Expression] = []
    if offset > 0 {
      conditions.append(.comparison(FunctionID.Operator.greaterThan, .symbol(number), .constant(.integer(Int64(offset)), .bigint)))
    }
    if let count, case let (last, overflow) = offset.addingReportingOverflow(count), !overflow {
      conditions.append(.comparison(FunctionID.Operator.lessThanOrEqual, .symbol(number), .constant(.integer(Int64(last)), .bigint)))
    }
    return conditions.isEmpty ? self : Plan(.filter(.init(input: numbered, predicate: .all(conditions))))
  }
}
