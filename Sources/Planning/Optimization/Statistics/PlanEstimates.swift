import Federation
import Plans
import Values

/// What is believed of every node of a plan, for EXPLAIN: rows, and bytes of its outputs. Nodes over sources without statistics have none.
package struct PlanEstimates: Sendable {
  package struct Known: Sendable, Equatable {
    package var rows: Double
    package var bytes: Double
  }

  private var known: [ObjectIdentifier: Known] = [:]
  /// Keeps the nodes alive, so that their identities stay theirs.
  private let plan: Plan

  /// `context` has the statistics of the tables that the plan scans.
  package init(_ plan: Plan, _ context: PlanningContext) {
    self.plan = plan
    collect(plan, Estimator(context, plan))
  }

  package subscript(plan: Plan) -> Known? { known[ObjectIdentifier(plan)] }

  private mutating func collect(_ plan: Plan, _ estimator: Estimator) {
    let estimate = estimator.estimate(plan)
    if estimate.isKnown {
      let width = plan.outputs.reduce(0) { $0 + (estimate.columns[$1]?.width ?? PlanEstimates.width(of: $1.type)) }
      known[ObjectIdentifier(plan)] = Known(rows: estimate.rows, bytes: estimate.rows * width)
    }
    for input in plan.inputs { collect(input, estimator) }
  }

  /// Bytes of a value of which nothing is known but the type.
  private static func width(of type: DataType) -> Double {
    switch type.layout {
    case .bytes: 16
    case .list, .map, .row: 64
    default: Double(type.layout.width)
    }
  }
}
