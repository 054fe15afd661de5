import Expressions
import Federation
import Plans
import Settings
import Values

/// Announces a join's build keys to the scan on the other side that their partners come from.
///
///     Join a.k = b.k                      Join a.k = b.k, publishes df_1
///       Scan a            →                 Scan a, narrowed by df_1 on k
///       Filter b                            Filter b
///
/// So too the scans that further equal keys come from: below Join a.k = c.k, Scan c is narrowed by df_1 as well, and less is built there.
enum DynamicFiltering {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    guard context.session[.dynamicFiltering] else { return plan }
    return visit(plan, Estimator(context, plan), context)
  }

  private static func visit(_ plan: Plan, _ estimator: Estimator, _ context: PlanningContext) -> Plan {
    switch plan.node {
    case .join(var node) where node.kind == .inner || node.kind == .right:
      for equality in node.equalities where isWorthwhile(equality, node.left, node.right, estimator) {
        let id = DynamicFilterID(id: context.symbols.freshID())
        if let narrowed = narrow(node.left, equality.left, id) {
          node.left = narrowed
          node.dynamicFilters.append((equality.right, id))
        }
      }
      return Plan(.join(node)).mappingInputs { visit($0, estimator, context) }
    case .semiJoin(var node) where node.buildsLeft:
      // right rows without a partner on the left mark nothing, whatever the kind
      for equality in node.equalities where isWorthwhile((equality.right, equality.left), node.right, node.left, estimator) {
        let id = DynamicFilterID(id: context.symbols.freshID())
        if let narrowed = narrow(node.right, equality.right, id) {
          node.right = narrowed
          node.dynamicFilters.append((equality.left, id))
        }
      }
      return Plan(.semiJoin(node)).mappingInputs { visit($0, estimator, context) }
    case .semiJoin(var node):
      if case .semi = node.kind {
        for equality in node.equalities where isWorthwhile(equality, node.left, node.right, estimator) {
          let id = DynamicFilterID(id: context.symbols.freshID())
          if let narrowed = narrow(node.left, equality.left, id) {
            node.left = narrowed
            node.dynamicFilters.append((equality.right, id))
          }
        }
        return Plan(.semiJoin(node)).mappingInputs { visit($0, estimator, context) }
      }
      return plan.mappingInputs { visit($0, estimator, context) }
    default: return plan.mappingInputs { visit($0, estimator, context) }
    }
  }

  /// Keys that nearly every row has narrow nothing.
  private static func isWorthwhile(_ equality: (left: Symbol, right: Symbol), _ left: Plan, _ right: Plan, _ estimator: Estimator) -> Bool {
    let build = estimator.estimate(right), probe = estimator.estimate(left)
    if !build.isKnown || !probe.isKnown || build.isGuess { return true }
    guard let distinct = probe.columns[equality.left]?.distinct else { return true }
    return min(build.rows, build.distinct(equality.right)) < distinct * 0.7
  }

  /// The plan with the scan that produces `symbol` narrowed; nil where no scan does, or where dropping rows there would change the result.
  static func narrow(_ plan: Plan, _ symbol: Symbol, _ id: DynamicFilterID) -> Plan? {
    func through(_ index: Int) -> Plan? {
      var inputs = plan.inputs
      guard inputs[index].outputs.contains(symbol), let narrowed = narrow(inputs[index], symbol, id) else { return nil }
      inputs[index] = narrowed
      return plan.replacingInputs(inputs)
    }
    /// One side of a join has the symbol: rows of the other with another key find no partner that counts.
    func both(_ index: Int, _ equalities: [(left: Symbol, right: Symbol)]) -> Plan? {
      guard plan.inputs[index].outputs.contains(symbol) else { return nil }
      let one = through(index), plan = one ?? plan
      let partner = index == 0 ? equalities.first { $0.left == symbol }?.right : equalities.first { $0.right == symbol }?.left
      guard let partner, partner.type == symbol.type, let other = narrow(plan.inputs[1 - index], partner, id) else { return one }
      var inputs = plan.inputs
      inputs[1 - index] = other
      return plan.replacingInputs(inputs)
    }
    switch plan.node {
    case .scan(var node):
      guard let column = node.columns.first(where: { $0.symbol == symbol }) else { return nil }
      node.dynamicFilters.append((column.column, id))
      return Plan(.scan(node))
    case .filter, .sort, .uniqueID: return through(0)
    case .project(var node):
      guard let from = node.assignments.first(where: { $0.symbol == symbol })?.value.asSymbol, let input = narrow(node.input, from, id)
      else {
        return nil
      }
      node.input = input
      return Plan(.project(node))
    case .aggregate(let node): return node.keys.contains(symbol) ? through(0) : nil
    case .join(let node):
      switch node.kind {
      case .inner: return both(0, node.equalities) ?? both(1, node.equalities)
      case .left: return both(0, node.equalities)
      case .right: return both(1, node.equalities)
      case .full: return nil
      }
    case .semiJoin(let node): if case .semi = node.kind { return both(0, node.equalities) } else { return through(0) }
    case .union(var node):
      guard let index = node.outputs.firstIndex(of: symbol) else { return nil }
      var inputs: [Plan] = []
      for (input, columns) in zip(node.inputs, node.columns) {
        guard let narrowed = narrow(input, columns[index], id) else { return nil }
        inputs.append(narrowed)
      }
      node.inputs = inputs
      return Plan(.union(node))
    case .unnest(let node): return node.kept.contains(symbol) ? through(0) : nil
    case .values, .groupingSets, .markDistinct, .apply, .topN, .limit, .window, .singleRow, .sample, .sharedQueries, .sharedQueryScan,
      .exchange, .write, .delete, .output:
      return nil
    }
  }
}
