import Execution
import Expressions
import Federation
import Optimization
import Plans
import SQL
import Values
import Vectors

/// EXPLAIN and EXPLAIN ANALYZE.
extension StatementRunner {
  func explain(_ node: Syntax.Explain) async throws -> QueryResult {
    let analyzed = try await analyze(node.statement)
    if node.isAnalyze { return try await explainAnalyze(analyzed, node) }
    switch node.kind ?? .logical {
    case .validate: return immediate([ResultColumn("Valid", .boolean)], rows: [[.boolean(true)]])
    case .io:
      if node.format == .graphviz {
        throw PrestoError.at(node.location, .notSupported, "EXPLAIN (TYPE IO) is JSON: FORMAT GRAPHVIZ is for plans")
      }
      return planText(try await inputsAndOutputs(analyzed).indented)
    case .logical:
      let (plan, context) = try await optimized(analyzed)
      return planText(try await shown(plan, context, node))
    case .distributed:
      let (plan, context) = try await optimized(analyzed)
      let text = try await shown(plan, context, node)
      if let format = node.format, format != .text { return planText(text) }
      let columns = plan.outputs.map(\.name).joined(separator: ", ")
      let lines = text.split(separator: "\n").map { "    \($0)\n" }
      return planText("Fragment 0 [SINGLE]\n    Output layout: [\(columns)]\n    Output partitioning: SINGLE []\n" + lines.joined())
    }
  }

  func planText(_ text: String) -> QueryResult { immediate([ResultColumn("Query Plan", .varchar)], rows: [[.text(text)]]) }

  /// The plan in the format asked for. JSON has estimates, and so has a text that is to be verbose.
  private func shown(_ plan: Plan, _ context: PlanningContext, _ node: Syntax.Explain) async throws -> String {
    let printer = PlanPrinter(catalogs: context.catalogs)
    switch node.format ?? .text {
    case .graphviz: return printer.graphviz(plan, name: node.kind == .distributed ? "distributed_plan" : "logical_plan")
    case .json:
      let estimates = await estimates(plan, context)
      let json = printer.json(plan) { plan in estimates[plan].map { ($0.rows, $0.bytes) } }
      return (node.kind == .distributed ? .object([("0", .object([("plan", json)]))]) : json).indented + "\n"
    case .text:
      if !node.isVerbose { return printer.text(plan) }
      let estimates = await estimates(plan, context)
      let verbose = PlanPrinter(catalogs: context.catalogs) { plan in
        estimates[plan].map { ["estimated: \(Measure.rows($0.rows)), \(Measure.bytes(Int($0.bytes)))"] } ?? []
      }
      return verbose.text(plan)
    }
  }

  /// What the optimizer believes of an optimized plan, whose tables have absorbed what the sources do themselves.
  func estimates(_ plan: Plan, _ context: PlanningContext) async -> PlanEstimates {
    var context = context
    context.statistics.merge(await ScanStatistics.collect(plan, context.catalogs)) { _, absorbed in absorbed }
    return PlanEstimates(plan, context)
  }
}
