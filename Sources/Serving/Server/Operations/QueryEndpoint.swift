import Analysis
import Federation
import HTTPTypes
import Hummingbird
import MiniPresto
import Settings
import Values

/// `/v1/query`: the queries that run and the last that ended.
///
///     GET    /v1/query[?state=RUNNING]      BasicQueryInfo of each
///     GET    /v1/query/{id}                 the same, in more detail
///     DELETE /v1/query/{id}                 cancels it
///     PUT    /v1/query/{id}/killed          the same, with a message
struct QueryEndpoint {
  let service: ServerService
  /// Of whoever asks.
  let access: Access

  func respond(_ request: Request, _ path: RequestPath, _ segments: [Substring]) throws -> Response {
    switch (request.method, segments.count) {
    case (.get, 0):
      let state = path.parameter("state")?.uppercased()
      let all = service.engine.queries.map(\.info).filter {
        (state == nil || $0.state.rawValue == state) && access.allows(.viewQuery(owner: $0.session.user))
      }
      return Reply.json(request) { json in json.array { json in for info in all { write(info, request, &json) } } }
    case (.get, 1):
      guard let record = service.engine.query(id: String(segments[0])) else { throw Refusal(.gone, "Query not found") }
      try check(.viewQuery(owner: record.session.user))
      return Reply.json(request) { json in write(record.info, request, plan: record.plan, &json) }
    case (.delete, 1):
      if let record = service.engine.query(id: String(segments[0])) {
        try check(.killQuery(owner: record.session.user))
        record.cancel()
      }
      return Reply.empty(.noContent)
    case (.put, 2) where segments[1] == "killed" || segments[1] == "preempted":
      guard let record = service.engine.query(id: String(segments[0])) else { throw Refusal(.gone, "Query not found") }
      try check(.killQuery(owner: record.session.user))
      if !service.engine.kill(String(segments[0]), nil) { throw Refusal(.conflict, "Target query is not running: \(segments[0])") }
      return Reply.empty(.ok)
    default: throw Refusal(.notFound, "Not found")
    }
  }

  private func check(_ wanted: AccessRequest) throws {
    if !access.allows(wanted) { throw Refusal(.forbidden, wanted.denial(for: access.identity).message) }
  }

  private func write(_ info: QueryInfo, _ request: Request, plan: QueryPlan? = nil, _ json: inout JSONWriter) {
    json.object { json in
      json.field("queryId", info.id)
      json.object("session") { json in
        json.field("queryId", info.id)
        json.field("user", info.session.user)
        json.field("principal", info.session.user)
        json.field("source", info.session.source)
        json.field("catalog", info.session.catalog)
        json.field("schema", info.session.schema)
        json.field("timeZone", info.session.timeZone)
        json.field("clientInfo", info.session.clientInfo)
        json.array("clientTags") { json in for tag in info.session.clientTags { json.string(tag) } }
        json.object("systemProperties") { json in
          for (name, value) in info.session.overriddenTexts.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
        }
      }
      json.array("resourceGroupId") { json in for name in service.engine.resourceGroup(of: info.id) ?? [] { json.string(name) } }
      json.field("queueReason", service.engine.reasonForWaiting(info.id))
      json.field("state", info.state.rawValue)
      json.field("scheduled", info.runningBegan != nil)
      json.field("self", service.base(request) + "/v1/query/" + info.id)
      json.field("query", info.text)
      json.field("updateType", info.updateType)
      json.object("queryStats") { json in stats(info, &json) }
      if let plan { json.object("plan") { write(plan.root, &$0) } }
      if let error = info.error {
        json.field("errorType", error.code.kind.rawValue)
        json.object("errorCode") { json in
          json.field("code", Int(error.code.number))
          json.field("name", error.code.name)
          json.field("type", error.code.kind.rawValue)
        }
        json.object("failureInfo") { json in
          json.field("type", error.code.name)
          json.field("message", error.message)
          if let location = error.location {
            json.object("errorLocation") { json in
              json.field("lineNumber", location.line)
              json.field("columnNumber", location.column)
            }
          }
        }
      }
    }
  }

  private func stats(_ info: QueryInfo, _ json: inout JSONWriter) {
    json.field("createTime", Instant.text(info.created))
    if let ended = info.ended { json.field("endTime", Instant.text(ended)) }
    json.field("queuedTime", Uptime.text(micros: info.queuedMicros))
    json.field("elapsedTime", Uptime.text(micros: info.elapsedMicros))
    json.field("planningTime", Uptime.text(micros: info.planningMicros))
    json.field("executionTime", Uptime.text(micros: info.runningMicros))
    json.field("analysisTime", Uptime.text(micros: info.analysisMicros))
    json.field("totalCpuTime", Uptime.text(micros: info.progress.cpuMicros))
    json.field("totalScheduledTime", Uptime.text(micros: Int64(info.progress.wallMicros)))
    let splits = info.progress.splits
    json.field("totalDrivers", splits.known)
    json.field("queuedDrivers", splits.known - splits.begun)
    json.field("runningDrivers", splits.begun - splits.ended)
    json.field("completedDrivers", splits.ended)
    json.field("rawInputPositions", info.progress.rows)
    json.field("rawInputDataSize", "\(info.progress.bytes)B")
    json.field("outputPositions", info.outputRows)
    json.field("userMemoryReservation", "\(info.progress.memory)B")
    json.field("peakUserMemoryReservation", "\(info.progress.peakMemory)B")
    json.field("fullyBlocked", false)
    json.array("sources") { json in
      for source in info.progress.sources {
        json.object { json in
          json.field("label", source.label)
          json.field("rows", source.rows)
          json.field("bytes", source.bytes)
        }
      }
    }
  }
}

/// `2026-01-02T03:04:05.678Z`.
enum Instant {
  static func text(_ micros: Int64) -> String {
    let (days, rest) = micros.quotientAndRemainder(dividingBy: 86_400_000_000)
    let (year, month, day) = Calendar.civil(days: Int(days))
    let seconds = Int(rest / 1_000_000), millis = Int(rest / 1000 % 1000)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let fraction = String(repeating: "0", count: 3 - "\(millis)".count) + "\(millis)"
    return "\(year)-\(two(month))-\(two(day))T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(fraction)Z"
  }
}
