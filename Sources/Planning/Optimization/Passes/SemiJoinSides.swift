import Plans

/// Hashes the smaller side of a semi join.
///
///     SemiJoin 50,000 rows ∈ 4,000,000 rows   →   the 50,000 are hashed, and the others mark them as they stream by
///
/// Not where IN's null matters: whether the right side holds a null is known only after all of it was seen.
enum SemiJoinSides {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan { visit(plan, Estimator(context, plan)) }

  private static func visit(_ plan: Plan, _ estimator: Estimator) -> Plan {
    guard case .semiJoin(var node) = plan.node, !node.equalities.isEmpty else { return plan.mappingInputs { visit($0, estimator) } }
    let ignoresNulls = if case .semi = node.kind { true } else { !node.isNullAware }
    let left = estimator.estimate(node.left), right = estimator.estimate(node.right)
    node.buildsLeft = ignoresNulls && left.isKnown && right.isKnown && left.rows * 2 < right.rows
    return Plan(.semiJoin(node)).mappingInputs { visit($0, estimator) }
  }
}
