import Expressions
import Federation
import Plans
import Settings

/// Filters the one relation that a semi join's keys come from, before it is joined with others.
///
///     SemiJoin o.key ∈ s                    Join l.key = o.key
///       Join l.key = o.key         →          Scan l
///         Scan l                              SemiJoin o.key ∈ s
///         Scan o                                Scan o
///                                               s
///
/// The joins then see fewer rows, and their keys narrow the scans on the other side. Of several relations that hold the keys the smallest is
/// taken, and none with far more rows than the joins leave: each would be looked up in vain.
enum SemiJoinLowering {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    guard context.session[.reordersJoins] else { return plan }
    return visit(plan, Estimator(context, plan))
  }

  private static func visit(_ plan: Plan, _ estimator: Estimator) -> Plan {
    guard case .semiJoin(let node) = plan.node, case .semi = node.kind, node.residual == nil, !node.equalities.isEmpty else {
      return plan.mappingInputs { visit($0, estimator) }
    }
    let left = visit(node.left, estimator), right = visit(node.right, estimator)
    if let (lowered, rows) = lower(left, node.equalities.map(\.left), node, right, estimator, isBelowJoin: false),
      rows <= estimator.estimate(left).rows * 2
    {
      return lowered
    }
    return plan.replacingInputs([left, right])
  }

  /// `plan` with the semi join somewhere in it, on `keys`, and the rows of the relation it filters; nil where no relation below a join has all keys.
  private static func lower(
    _ plan: Plan, _ keys: [Symbol], _ semiJoin: Plan.SemiJoin, _ right: Plan, _ estimator: Estimator, isBelowJoin: Bool
  ) -> (plan: Plan, rows: Double)? {
    func through(_ index: Int, _ keys: [Symbol], isBelowJoin: Bool) -> (plan: Plan, rows: Double)? {
      guard let below = lower(plan.inputs[index], keys, semiJoin, right, estimator, isBelowJoin: isBelowJoin) else { return nil }
      var inputs = plan.inputs
      inputs[index] = below.plan
      return (plan.replacingInputs(inputs), below.rows)
    }
    switch plan.node {
    case .join(let node) where node.kind == .inner:
      let options = [(0, node.equalities), (1, node.equalities.map { ($0.right, $0.left) })].compactMap {
        index, equalities -> (plan: Plan, rows: Double)? in
        let own = Set(plan.inputs[index].outputs), others = Set(plan.inputs[1 - index].outputs)
        // a symbol of both sides is not to be told apart
        if !own.isDisjoint(with: others) { return nil }
        let there = keys.compactMap { key in own.contains(key) ? key : equalities.first { $0.1 == key }?.0 }
        return there.count == keys.count ? through(index, there, isBelowJoin: true) : nil
      }
      return options.min { $0.rows < $1.rows }
    // above the filter of a relation, below one that stands over joins
    case .filter:
      if let below = through(0, keys, isBelowJoin: false) { return below }
    case .project(let node):
      let from = keys.compactMap { key in node.assignments.first { $0.symbol == key }?.value.asSymbol }
      if from.count == keys.count, let below = through(0, from, isBelowJoin: false) { return below }
    default: break
    }
    guard isBelowJoin, Set(keys).isSubset(of: plan.outputs) else { return nil }
    var lowered = semiJoin
    lowered.left = plan
    lowered.right = right
    lowered.equalities = zip(keys, semiJoin.equalities).map { ($0, $1.right) }
    return (Plan(.semiJoin(lowered)), estimator.estimate(plan).rows)
  }
}
