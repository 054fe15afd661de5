import HTTPTypes
import Hummingbird
import MiniPresto
import Values

/// `/metrics`: counters and gauges in the OpenMetrics text format, as Prometheus reads it.
struct MetricsEndpoint {
  let service: ServerService

  func respond(_ request: Request) throws -> Response {
    guard request.method == .get || request.method == .head else { throw Refusal(.methodNotAllowed, "Only GET is possible here") }
    return Response(
      status: .ok, headers: [.contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private var text: String {
    let totals = service.totals.current, running = service.engine.runningQueries.map(\.info), memory = service.engine.memoryUse
    var out = MetricsText()
    out.counter("queries_begun", "Queries that have arrived", [("", totals.begun)])
    out.counter("queries_finished", "Queries that ended well", [("", totals.finished)])
    let kinds: [ErrorCode.Kind] = [.userError, .internalError, .insufficientResources, .external]
    out.counter(
      "queries_failed", "Queries that failed, by type of error",
      kinds.map { ("{type=\"\($0.rawValue)\"}", totals.failed[$0] ?? 0) })
    out.histogram(
      "query_elapsed_seconds", "Time from a query's arrival to its end", QueryTotals.bounds, totals.byElapsed, totals.elapsedSeconds)
    out.counter("input_rows", "Rows that crossed from the sources, of queries that have ended", [("", totals.inputRows)])
    out.counter("input_bytes", "Bytes that crossed from the sources, of queries that have ended", [("", totals.inputBytes)])
    out.counter("output_rows", "Rows that were yielded", [("", totals.outputRows)])
    out.gauge(
      "queries", "Queries under way, by state",
      [QueryState.queued, .planning, .running].map { state in
        ("{state=\"\(state.rawValue)\"}", Double(running.count { $0.state == state }))
      })
    out.gauge("statements_open", "Statements whose clients have not got everything", [("", Double(service.statements.openCount))])
    out.gauge("memory_reserved_bytes", "Bytes that queries hold", [("", Double(memory.reserved))])
    out.gauge("memory_limit_bytes", "Bytes that queries may hold", [("", Double(memory.limit))])
    out.gauge("uptime_seconds", "Time since the server began", [("", Double(service.uptime.components.seconds))])
    out.gauge("resident_memory_bytes", "Bytes of the process that are in memory", [("", Double(InfoEndpoint.residentBytes))])
    out.counter("process_cpu_seconds", "Processor time of the process", InfoEndpoint.processorSeconds)
    return out.text + "# EOF\n"
  }
}

/// Lines of the OpenMetrics format.
private struct MetricsText {
  var text = ""

  private mutating func head(_ name: String, _ kind: String, _ help: String) {
    text += "# TYPE minipresto_\(name) \(kind)\n# HELP minipresto_\(name) \(help)\n"
  }

  mutating func counter(_ name: String, _ help: String, _ values: [(labels: String, value: Int)]) {
    head(name, "counter", help)
    for (labels, value) in values { text += "minipresto_\(name)_total\(labels) \(value)\n" }
  }

  mutating func counter(_ name: String, _ help: String, _ value: Double) {
    head(name, "counter", help)
    text += "minipresto_\(name)_total \(value)\n"
  }

  mutating func gauge(_ name: String, _ help: String, _ values: [(labels: String, value: Double)]) {
    head(name, "gauge", help)
    for (labels, value) in values { text += "minipresto_\(name)\(labels) \(value)\n" }
  }

  mutating func histogram(_ name: String, _ help: String, _ bounds: [Double], _ counts: [Int], _ sum: Double) {
    head(name, "histogram", help)
    var total = 0
    for (index, count) in counts.enumerated() {
      total += count
      let bound = index < bounds.count ? "\(bounds[index])" : "+Inf"
      text += "minipresto_\(name)_bucket{le=\"\(bound)\"} \(total)\n"
    }
    text += "minipresto_\(name)_count \(total)\nminipresto_\(name)_sum \(sum)\n"
  }
}
