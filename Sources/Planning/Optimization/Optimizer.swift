// Optimization: plans in, better plans of the same meaning out.
//
// `Optimizer.phases` is the table of contents: an ordered list, each phase either rules applied to a fixpoint or one pass over the whole plan. A rule
// is a function `Plan -> Plan?` in a file of its own with the picture of what it does. In debug builds every phase's result is validated (symbols
// produced before they are used) and the offender named. Every phase can be switched off by `optimizer_disabled_phases`, and answers stay the same.
import Expressions
import Federation
import Plans
import Settings
import Values

public struct Optimizer: Sendable {
  let context: PlanningContext

  public init(_ context: PlanningContext) { self.context = context }

  /// Phases that may be left out, by name.
  package static var optionalPhases: [String] { Phase.all.filter { !$0.isRequired }.map(\.name) }

  /// The plan to run, and how long each phase took, in nanoseconds.
  public func optimize(_ plan: Plan) throws -> (plan: Plan, timings: [(phase: String, nanoseconds: Int)]) {
    let disabled = Set(
      context.session[.disabledPhases].split(separator: ",").map { String($0.filter { $0 != " " }) })
    var plan = plan
    var timings: [(phase: String, nanoseconds: Int)] = []
    let clock = ContinuousClock()
    for phase in Phase.all where phase.isRequired || !disabled.contains(phase.name) {
      let start = clock.now
      plan = try phase.run(plan, context)
      let spent = (clock.now - start).components
      timings.append((phase.name, Int(spent.seconds) * 1_000_000_000 + Int(spent.attoseconds / 1_000_000_000)))
      #if DEBUG
        try PlanValidation.check(plan, after: phase.name)
      #endif
    }
    return (plan, timings)
  }
}

extension SessionProperty where Value == String {
  public static let disabledPhases = SessionProperty(
    "optimizer_disabled_phases", "", "Optimizer phases to leave out, comma-separated: for tests and for finding a phase to blame")
}
extension SessionProperty where Value == Bool {
  public static let pushdown = SessionProperty("pushdown_enabled", true, "Offer filters, limits, aggregations and joins to the sources")
  public static let dynamicFiltering = SessionProperty(
    "enable_dynamic_filtering", true, "Narrow scans by the keys the other side of a join turned out to have")
  public static let reordersJoins = SessionProperty("join_reordering", true, "Order joins by statistics")
}
extension Optimizer {
  /// What SHOW SESSION lists of this room.
  public static let properties: [AnySessionProperty] = [
    AnySessionProperty(.disabledPhases), AnySessionProperty(.pushdown), AnySessionProperty(.dynamicFiltering),
    AnySessionProperty(.reordersJoins),
  ]
}
