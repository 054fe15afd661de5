import Execution
import Expressions
import Federation
import Plans
import SQL
import Values
import Vectors

/// EXPLAIN and EXPLAIN ANALYZE.
extension StatementRunner {
  func explain(_ node: Syntax.Explain) async throws -> QueryResult {
    if let format = node.format, format != .text {
      throw PrestoError.at(node.location, .notSupported, "EXPLAIN (FORMAT \(format.rawValue)) is not supported yet")
    }
    let analyzed = try await analyze(node.statement)
    if node.kind == .validate { return immediate([ResultColumn("Valid", .boolean)], rows: [[.boolean(true)]]) }
    let (plan, context) = try await optimized(analyzed)
    if node.isAnalyze { return try await explainAnalyze(plan, context) }
    let text = PlanPrinter(catalogs: context.catalogs).text(plan)
    return immediate([ResultColumn("Query Plan", .varchar)], rows: [[.text(text)]])
  }

  /// Runs the plan to its end and prints what every node did.
  private func explainAnalyze(_ plan: Plan, _ context: PlanningContext) async throws -> QueryResult {
    let metrics = QueryMetrics(isTiming: true)
    let clock = ContinuousClock()
    let begin = clock.now
    let query = try start(plan, metrics)
    while let _ = try await query.next() {}
    let spent = begin.duration(to: clock.now)
    let printer = PlanPrinter(catalogs: context.catalogs) { plan in
      var lines: [String] = []
      if let node = metrics.node(plan) {
        lines.append("output: \(node.rows) rows in \(node.batches) batches, \(Measure.time(node.nanoseconds)) (with inputs, all drivers)")
      }
      if let scan = metrics.scan(plan) { lines.append("moved: \(scan.rows) rows, \(Measure.bytes(scan.bytes))") }
      return lines
    }
    let progress = query.progress
    let seconds = spent.components
    let nanoseconds = Int(seconds.seconds) * 1_000_000_000 + Int(seconds.attoseconds / 1_000_000_000)
    let head =
      "Wall time \(Measure.time(nanoseconds)), moved \(progress.rows) rows (\(Measure.bytes(progress.bytes))), peak memory \(Measure.bytes(progress.peakMemory))\n"
    return immediate([ResultColumn("Query Plan", .varchar)], rows: [[.text(head + printer.text(plan))]])
  }
}

/// Times and sizes for people.
public enum Measure {
  public static func time(_ nanoseconds: Int) -> String {
    switch nanoseconds {
    case ..<1_000_000: "\(nanoseconds / 1000)us"
    case ..<1_000_000_000: "\(rounded(Double(nanoseconds) / 1e6))ms"
    default: "\(rounded(Double(nanoseconds) / 1e9))s"
    }
  }

  public static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1024: "\(count)B"
    case ..<(1 << 20): "\(rounded(Double(count) / 1024))kB"
    case ..<(1 << 30): "\(rounded(Double(count) / 1_048_576))MB"
    default: "\(rounded(Double(count) / 1_073_741_824))GB"
    }
  }

  /// Two decimals.
  private static func rounded(_ x: Double) -> String {
    let hundredths = Int((x * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
