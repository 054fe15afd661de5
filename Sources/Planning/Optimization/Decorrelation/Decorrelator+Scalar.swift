import Expressions
import Federation
import Plans
import Values

extension Decorrelator {
  func scalar(_ node: Plan.Apply, _ outer: Set<Symbol>) throws -> Plan {
    let keeps = Set(node.right.outputs)
    if let found = try? Lifting(context: context, outer: outer, keeps: keeps).lift(node.right), found.isUnmergeable,
      let plan = try? byRow(node, outer)
    {
      return plan
    }
    let lifted = try lifted(node, outer, keeps: keeps) { _ in true }
    if lifted.conditions.isEmpty {
      let one = lifted.alwaysHasRow ? lifted.plan : Plan(.singleRow(.init(input: lifted.plan)))
      let join = Plan(.join(.init(kind: .inner, left: node.left, right: one, equalities: [])))
      return finish(join, node, lifted, isMatched: nil)
    }
    let matched = context.symbols.fresh("matched", .boolean)
    let right = Plan(
      .project(.init(input: lifted.plan, assignments: lifted.plan.outputs.map { ($0, .symbol($0)) } + [(matched, .true)])))
    if lifted.isOneRowPerKey {
      let join = Plan(
        .join(.init(kind: .left, left: node.left, right: right, equalities: [], residual: .all(lifted.conditions))))
      return finish(join, node, lifted, isMatched: matched)
    }
    // nothing says that there is one row: number the outer rows and make sure that none comes twice
    let row = context.symbols.fresh("row", .bigint)
    let join = Plan(
      .join(
        .init(
          kind: .left, left: Plan(.uniqueID(.init(input: node.left, symbol: row))), right: right, equalities: [],
          residual: .all(lifted.conditions))))
    let check = join.checkedForOneRow(per: [row], context)
    return finish(check, node, lifted, isMatched: matched)
  }

  /// The sub-query's values over the joined rows: computed where a row matched, what an empty group gives where none did.
  private func finish(_ join: Plan, _ node: Plan.Apply, _ lifted: Lifting.Result, isMatched: Symbol?) -> Plan {
    let values = node.right.outputs.map { output -> (symbol: Symbol, value: Expression) in
      let value = lifted.deferred[output] ?? .symbol(output)
      guard let isMatched, !lifted.defaults.isEmpty else { return (output, value) }
      let whenEmpty = value.substituting(lifted.defaults)
      if whenEmpty == value { return (output, value) }
      return (output, .if(.isNull(.symbol(isMatched)), then: whenEmpty, else: value))
    }
    return Plan(.project(.init(input: join, assignments: node.left.outputs.map { ($0, .symbol($0)) } + values)))
  }

  /// An aggregation over conditions that are no equalities: the outer rows are numbered, joined to the rows they see, and grouped by number.
  ///
  ///     Apply                            Aggregate by row: sum(x) filter matched
  ///       left                  →          Join left on condition
  ///       Aggregate sum(x)                   UniqueID left
  ///         Filter condition                 input, matched = true
  private func byRow(_ node: Plan.Apply, _ outer: Set<Symbol>) throws -> Plan {
    var plan = node.right
    var computed: [[(symbol: Symbol, value: Expression)]] = []
    while case .project(let project) = plan.node {
      computed.append(project.assignments)
      plan = project.input
    }
    guard case .aggregate(let aggregate) = plan.node, aggregate.keys.isEmpty else { throw unsupported }
    var keeps = Set<Symbol>()
    for call in aggregate.calls {
      for argument in call.arguments { keeps.formUnion(argument.references) }
      if let filter = call.filter { keeps.insert(filter) }
      keeps.formUnion(call.order.map(\.symbol))
    }
    let lifted = try Lifting(context: context, outer: outer, keeps: keeps).lift(aggregate.input)
    if !lifted.deferred.isEmpty || lifted.isUnmergeable { throw unsupported }
    let row = context.symbols.fresh("row", .bigint), matched = context.symbols.fresh("matched", .boolean)
    let right = Plan(
      .project(.init(input: lifted.plan, assignments: lifted.plan.outputs.map { ($0, .symbol($0)) } + [(matched, .true)])))
    let join = Plan(
      .join(
        .init(
          kind: .left, left: Plan(.uniqueID(.init(input: node.left, symbol: row))), right: right, equalities: [],
          residual: lifted.conditions.isEmpty ? nil : .all(lifted.conditions))))
    var calls = aggregate.calls
    var input = join
    for index in calls.indices {
      if let filter = calls[index].filter {
        let both = context.symbols.fresh("counted", .boolean)
        input = Plan(
          .project(
            .init(
              input: input,
              assignments: input.outputs.map { ($0, .symbol($0)) } + [(both, .and([.symbol(matched), .symbol(filter)]))])))
        calls[index].filter = both
      } else {
        calls[index].filter = matched
      }
    }
    var result = Plan(.aggregate(.init(input: input, keys: node.left.outputs + [row], calls: calls)))
    for assignments in computed.reversed() {
      result = Plan(.project(.init(input: result, assignments: node.left.outputs.map { ($0, .symbol($0)) } + assignments)))
    }
    return result
  }
}
