import Expressions
import Federation
import Plans
import Values

/// Turns every sub-query into joins, innermost first. What refers to the outer row inside a sub-query is lifted out of it (`Lifting`) until it can
/// stand as the condition of a join.
enum Decorrelation {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    let plan = try plan.mappingInputs { try run($0, context) }
    guard case .apply(let node) = plan.node else { return plan }
    do { return try Decorrelator(context: context).joins(for: node, outputs: plan.outputs) } catch let error as PrestoError
      where error.code == .unsupportedSubquery && error.location == nil
    {
      var placed = error
      placed.location = node.location
      throw placed
    }
  }
}

struct Decorrelator {
  let context: PlanningContext

  func joins(for node: Plan.Apply, outputs: [Symbol]) throws -> Plan {
    let outer = Set(node.left.outputs)
    let plan: Plan
    switch node.kind {
    case .exists(let mark): plan = try exists(node, mark, outer)
    case .among(let mark, let value, let column): plan = try among(node, mark, value, column, outer)
    case .quantified(let mark, let value, let comparison, let isAll, let column):
      plan = try quantified(node, mark, value, comparison, isAll, column)
    case .scalar: plan = try scalar(node, outer)
    case .lateral(let kind, let on): plan = try lateral(node, kind, on, outer)
    }
    if plan.outputs == outputs { return plan }
    return Plan(.project(.init(input: plan, assignments: outputs.map { ($0, .symbol($0)) })))
  }

  /// What refers to outer rows lifted out of the sub-query, or, where that does not do (`suits`), the sub-query for all outer values at once.
  func lifted(
    _ node: Plan.Apply, _ outer: Set<Symbol>, isExistence: Bool = false, ignoresDuplicates: Bool = false, keeps: Set<Symbol> = [],
    suits: (Lifting.Result) -> Bool
  ) throws -> Lifting.Result {
    do {
      let lifting = Lifting(
        context: context, outer: outer, isExistence: isExistence, ignoresDuplicates: ignoresDuplicates, keeps: keeps)
      let result = try lifting.lift(node.right)
      if result.isUnmergeable || !suits(result) { throw unsupported }
      return result
    } catch let error as PrestoError where error.code == .unsupportedSubquery {
      guard let dependence = Dependence(node, context) else { throw error }
      return try dependence.result(node.right)
    }
  }

  private func exists(_ node: Plan.Apply, _ mark: Symbol, _ outer: Set<Symbol>) throws -> Plan {
    let lifted = try lifted(node, outer, isExistence: true) { _ in true }
    if lifted.alwaysHasRow && lifted.conditions.isEmpty {
      return Plan(.project(.init(input: node.left, assignments: node.left.outputs.map { ($0, .symbol($0)) } + [(mark, .true)])))
    }
    if lifted.conditions.isEmpty {
      let some = Plan(.limit(.init(input: lifted.plan, count: 1)))
      return Plan(.semiJoin(.init(kind: .mark(mark), left: node.left, right: some, equalities: [], isNullAware: false)))
    }
    return semiJoin(node.left, lifted, mark: mark, further: [])
  }

  /// A semi join on lifted conditions: equalities between plain symbols of the two sides are keys, all else is residual.
  private func semiJoin(_ left: Plan, _ lifted: Lifting.Result, mark: Symbol, further: [Expression]) -> Plan {
    var left = left, right = lifted.plan
    let original = left.outputs
    var equalities: [(left: Symbol, right: Symbol)] = []
    var residual: [Expression] = []
    for condition in lifted.conditions + further {
      if let (a, b) = sides(condition, Set(original), Set(lifted.plan.outputs)) {
        equalities.append((key(a, &left), key(b, &right)))
      } else {
        residual.append(condition)
      }
    }
    let join = Plan(
      .semiJoin(
        .init(
          kind: .mark(mark), left: left, right: right, equalities: equalities, residual: residual.isEmpty ? nil : .all(residual),
          isNullAware: false)))
    return left.outputs == original ? join : Plan(.project(.init(input: join, assignments: (original + [mark]).map { ($0, .symbol($0)) })))
  }

  func sides(_ condition: Expression, _ left: Set<Symbol>, _ right: Set<Symbol>) -> (Expression, Expression)? {
    guard case .call(let id, let arguments, _) = condition, id.name == FunctionID.Operator.equal, arguments.count == 2 else { return nil }
    let a = arguments[0].references, b = arguments[1].references
    if a.isEmpty || b.isEmpty { return nil }
    if a.isSubset(of: left) && b.isSubset(of: right) { return (arguments[0], arguments[1]) }
    if a.isSubset(of: right) && b.isSubset(of: left) { return (arguments[1], arguments[0]) }
    return nil
  }

  func key(_ expression: Expression, _ plan: inout Plan) -> Symbol {
    if let symbol = expression.asSymbol { return symbol }
    let symbol = context.symbols.fresh("expr", expression.type)
    plan = Plan(.project(.init(input: plan, assignments: plan.outputs.map { ($0, .symbol($0)) } + [(symbol, expression)])))
    return symbol
  }

  private func among(_ node: Plan.Apply, _ mark: Symbol, _ value: Symbol, _ column: Symbol, _ outer: Set<Symbol>) throws -> Plan {
    let lifted = try lifted(node, outer, ignoresDuplicates: true, keeps: [column]) { $0.defaults.isEmpty }
    if lifted.conditions.isEmpty && lifted.deferred.isEmpty {
      return Plan(
        .semiJoin(.init(kind: .mark(mark), left: node.left, right: lifted.plan, equalities: [(value, column)], isNullAware: true)))
    }
    // with further conditions: a match, or else a row that only a null keeps from matching
    let match = context.symbols.fresh("match", .boolean), doubt = context.symbols.fresh("doubt", .boolean)
    let member = lifted.deferred[column] ?? .symbol(column)
    let equal = Expression.comparison(FunctionID.Operator.equal, .symbol(value), member)
    let first = semiJoin(node.left, lifted, mark: match, further: [equal])
    let second = semiJoin(first, lifted, mark: doubt, further: [.or([.isNull(.symbol(value)), .isNull(member)])])
    let result: Expression = .if(.symbol(match), then: .true, else: .if(.symbol(doubt), then: .null(.boolean), else: .false))
    return Plan(.project(.init(input: second, assignments: node.left.outputs.map { ($0, .symbol($0)) } + [(mark, result)])))
  }

  /// `value < ALL (…)` by the sub-query's minimum, maximum and counts.
  private func quantified(
    _ node: Plan.Apply, _ mark: Symbol, _ value: Symbol, _ comparison: String, _ isAll: Bool, _ column: Symbol
  ) throws -> Plan {
    typealias Operator = FunctionID.Operator
    if !isAll && comparison == Operator.equal {
      return try joins(
        for: .init(left: node.left, right: node.right, correlation: node.correlation, kind: .among(mark, value: value, column: column)),
        outputs: node.left.outputs + [mark])
    }
    if isAll && comparison == Operator.notEqual {
      let inside = context.symbols.fresh("in", .boolean)
      let plan = try joins(
        for: .init(left: node.left, right: node.right, correlation: node.correlation, kind: .among(inside, value: value, column: column)),
        outputs: node.left.outputs + [inside])
      return Plan(.project(.init(input: plan, assignments: node.left.outputs.map { ($0, .symbol($0)) } + [(mark, .not(.symbol(inside)))])))
    }
    let low = context.symbols.fresh("min", column.type), high = context.symbols.fresh("max", column.type)
    let all = context.symbols.fresh("count", .bigint), present = context.symbols.fresh("count", .bigint)
    let summary = Plan(
      .aggregate(
        .init(
          input: node.right, keys: [],
          calls: [
            .init(symbol: low, function: FunctionID("min", [column.type]), arguments: [.symbol(column)]),
            .init(symbol: high, function: FunctionID("max", [column.type]), arguments: [.symbol(column)]),
            .init(symbol: all, function: FunctionID("count", []), arguments: []),
            .init(symbol: present, function: FunctionID("count", [column.type]), arguments: [.symbol(column)]),
          ])))
    let joined = try joins(
      for: .init(left: node.left, right: summary, correlation: node.correlation, kind: .scalar),
      outputs: node.left.outputs + summary.outputs)
    func test(_ bound: Symbol) -> Expression { .comparison(comparison, .symbol(value), .symbol(bound)) }
    let bounds: [Expression]
    switch comparison {
    case Operator.lessThan, Operator.lessThanOrEqual: bounds = [test(isAll ? low : high)]
    case Operator.greaterThan, Operator.greaterThanOrEqual: bounds = [test(isAll ? high : low)]
    default: bounds = [test(low), test(high)]
    }
    let hasNulls = Expression.comparison(Operator.notEqual, .symbol(all), .symbol(present))
    let isEmpty = Expression.comparison(Operator.equal, .symbol(all), .constant(.integer(0), .bigint))
    let doubt: Expression = .if(hasNulls, then: .null(.boolean), else: isAll ? .true : .false)
    let result: Expression = .if(isEmpty, then: isAll ? .true : .false, else: isAll ? .and(bounds + [doubt]) : .or(bounds + [doubt]))
    return Plan(.project(.init(input: joined, assignments: node.left.outputs.map { ($0, .symbol($0)) } + [(mark, result)])))
  }

  private func lateral(_ node: Plan.Apply, _ kind: JoinKind, _ on: Expression?, _ outer: Set<Symbol>) throws -> Plan {
    let lifted = try lifted(node, outer, keeps: Set(node.right.outputs)) { $0.defaults.isEmpty && (kind == .inner || $0.deferred.isEmpty) }
    let conditions = lifted.conditions + (on?.conjuncts ?? []).map { $0.substituting(lifted.deferred) }
    let join = Plan(
      .join(
        .init(kind: kind, left: node.left, right: lifted.plan, equalities: [], residual: conditions.isEmpty ? nil : .all(conditions))))
    return Plan(
      .project(
        .init(
          input: join,
          assignments: node.left.outputs.map { ($0, .symbol($0)) } + node.right.outputs.map { ($0, lifted.deferred[$0] ?? .symbol($0)) })))
  }

  var unsupported: PrestoError { PrestoError(.unsupportedSubquery, "Given correlated subquery is not supported") }
}
