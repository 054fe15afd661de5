import Expressions
import Federation
import Plans
import Settings
import Values

/// Orders trees of inner joins by estimated cost: dynamic programming over sets of relations up to ten, greedily above. The smaller side of every
/// join is built. Outer joins are left where they are, but their sides are ordered within.
enum JoinOrdering {
  static let exhaustiveLimit = 10

  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    guard context.session[.reordersJoins] else { return plan }
    let estimator = Estimator(context, plan)
    return visit(plan, estimator, context)
  }

  private static func visit(_ plan: Plan, _ estimator: Estimator, _ context: PlanningContext) -> Plan {
    guard case .join(let node) = plan.node else { return plan.mappingInputs { visit($0, estimator, context) } }
    if node.kind != .inner { return sided(plan.mappingInputs { visit($0, estimator, context) }, estimator) }
    var graph = JoinGraph()
    graph.add(plan)
    graph.relations = graph.relations.map { visit($0, estimator, context) }
    if graph.relations.count > 63 || graph.hasShadowedSymbols { return plan.mappingInputs { visit($0, estimator, context) } }
    let ordered = JoinSearch(graph, estimator).best()
    if ordered.outputs == plan.outputs { return ordered }
    return Plan(.project(.init(input: ordered, assignments: plan.outputs.map { ($0, .symbol($0)) })))
  }

  /// An outer join whose left side is far smaller is better built there: a left join as a right join, a full one with its sides swapped.
  private static func sided(_ plan: Plan, _ estimator: Estimator) -> Plan {
    guard case .join(var node) = plan.node, node.kind != .inner, !node.equalities.isEmpty else { return plan }
    let left = estimator.estimate(node.left), right = estimator.estimate(node.right)
    if !left.isKnown || !right.isKnown || left.rows * 2 > right.rows { return plan }
    switch node.kind {
    case .left: node.kind = .right
    case .right: node.kind = .left
    case .full, .inner: break
    }
    swap(&node.left, &node.right)
    node.equalities = node.equalities.map { ($0.right, $0.left) }
    node.columns = nil
    let swapped = Plan(.join(node))
    return Plan(.project(.init(input: swapped, assignments: plan.outputs.map { ($0, .symbol($0)) })))
  }
}

/// The relations and conditions of a tree of inner joins.
struct JoinGraph {
  var relations: [Plan] = []
  var equalities: [(left: Symbol, right: Symbol)] = []
  var conditions: [Expression] = []

  mutating func add(_ plan: Plan) {
    switch plan.node {
    case .join(let node) where node.kind == .inner:
      add(node.left)
      add(node.right)
      equalities += node.equalities
      conditions += node.residual?.conjuncts ?? []
    case .project(let node) where node.assignments.allSatisfy({ $0.value.asSymbol == $0.symbol }):
      if case .join(let join) = node.input.node, join.kind == .inner { add(node.input) } else { relations.append(plan) }
    case .filter(let node):
      if case .join(let join) = node.input.node, join.kind == .inner {
        add(node.input)
        conditions += node.predicate.conjuncts
      } else {
        relations.append(plan)
      }
    default: relations.append(plan)
    }
  }

  /// A symbol produced by two relations cannot be told apart once they are joined.
  var hasShadowedSymbols: Bool {
    var seen = Set<Symbol>()
    return relations.contains { $0.outputs.contains { !seen.insert($0).inserted } }
  }
}
