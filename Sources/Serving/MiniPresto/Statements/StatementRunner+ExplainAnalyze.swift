import Execution
import Federation
import Optimization
import Plans
import SQL
import Values

/// EXPLAIN ANALYZE: runs the query, throws its rows away, and says what every operator and every source did.
extension StatementRunner {
  func explainAnalyze(_ analyzed: Analyzed, _ node: Syntax.Explain) async throws -> QueryResult {
    if let kind = node.kind, kind == .io || kind == .validate {
      throw PrestoError.at(node.location, .notSupported, "EXPLAIN ANALYZE takes no TYPE \(kind.rawValue)")
    }
    let clock = ContinuousClock()
    var begin = clock.now
    let (plan, context) = try await optimized(analyzed)
    let planning = nanoseconds(begin.duration(to: clock.now))
    let estimates = await estimates(plan, context)
    let metrics = QueryMetrics(isTiming: true)
    begin = clock.now
    let query = try start(plan, context, metrics, isResult: false)
    while let _ = try await query.next() {}
    let running = nanoseconds(begin.duration(to: clock.now))

    let total = works(plan, metrics)
    let processor = total.reduce(0) { $0 + $1.processor }
    let details: @Sendable (Plan) -> [String] = { plan in
      var lines: [String] = []
      if let work = metrics.work(plan) {
        let share = processor > 0 ? " (\(work.processor * 100 / processor) %)" : ""
        lines.append(
          "CPU \(Measure.time(work.processor))\(share), wall \(Measure.time(work.wall)), waiting \(Measure.time(work.waiting)); "
            + "output: \(Measure.rows(Double(work.rows))), \(Measure.bytes(work.bytes)) in \(work.batches) batches")
      }
      if let estimate = estimates[plan] { lines.append("estimated: \(Measure.rows(estimate.rows)), \(Measure.bytes(Int(estimate.bytes)))") }
      if let scan = metrics.scan(plan) { lines.append("moved: \(Measure.rows(Double(scan.rows))), \(Measure.bytes(scan.bytes))") }
      return lines
    }
    let printer = PlanPrinter(catalogs: context.catalogs, details: details)
    switch node.format ?? .text {
    case .json: return planText(printer.json(plan) { plan in estimates[plan].map { ($0.rows, $0.bytes) } }.indented + "\n")
    case .graphviz: return planText(printer.graphviz(plan, name: "analyzed_plan"))
    case .text: break
    }
    let progress = query.progress
    var head = "Planning \(Measure.time(planning)), running \(Measure.time(running)), CPU \(Measure.time(processor)), "
    head += "peak memory \(Measure.bytes(progress.peakMemory))\n"
    for source in bySource(plan, metrics) {
      head +=
        "Source \(source.catalog): \(source.scans) scan\(source.scans == 1 ? "" : "s"), moved \(Measure.rows(Double(source.rows))), "
        + "\(Measure.bytes(source.bytes)), CPU \(Measure.time(source.processor)), waiting \(Measure.time(source.waiting))\n"
    }
    return planText(head + printer.text(plan))
  }

  private func nanoseconds(_ duration: Duration) -> Int {
    let parts = duration.components
    return Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
  }

  private func works(_ plan: Plan, _ metrics: QueryMetrics) -> [QueryMetrics.Work] {
    (metrics.work(plan).map { [$0] } ?? []) + plan.inputs.flatMap { works($0, metrics) }
  }

  private struct SourceWork {
    var catalog: String
    var scans = 0
    var rows = 0
    var bytes = 0
    /// Of the engine's own threads; what the source spent is its own business.
    var processor = 0
    var waiting = 0
  }

  /// Catalogs by name.
  private func bySource(_ plan: Plan, _ metrics: QueryMetrics) -> [SourceWork] {
    var sources: [String: SourceWork] = [:]
    func collect(_ plan: Plan) {
      if case .scan(let scan) = plan.node {
        var source = sources[scan.catalog] ?? SourceWork(catalog: scan.catalog)
        source.scans += 1
        source.rows += metrics.scan(plan)?.rows ?? 0
        source.bytes += metrics.scan(plan)?.bytes ?? 0
        source.processor += metrics.work(plan)?.processor ?? 0
        source.waiting += metrics.work(plan)?.waiting ?? 0
        sources[scan.catalog] = source
      }
      for input in plan.inputs { collect(input) }
    }
    collect(plan)
    return sources.values.sorted { $0.catalog < $1.catalog }
  }
}
