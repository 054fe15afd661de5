import Analysis
import Glibc
import HTTPTypes
import Hummingbird
import MiniPresto
import Values

/// `/v1/info`, `/v1/status`, `/v1/node`, `/v1/cluster`: how the server is, for load balancers, gateways and people.
struct InfoEndpoint {
  let service: ServerService

  func respond(_ request: Request, _ context: ServerContext, _ segments: [Substring]) async throws -> Response {
    switch (request.method, segments.first) {
    case (.get, nil), (.head, nil): return info(request)
    case (.get, "state"): return Reply.json(request) { $0.string(service.state) }
    case (.put, "state"):
      let access = try await service.caller(request, context).access(request.headers)
      if !access.allows(.writeSystemInformation) {
        throw Refusal(.forbidden, AccessRequest.writeSystemInformation.denial(for: access.identity).message)
      }
      let body = try await request.body.collect(upTo: 1024)
      guard String(buffer: body).contains("SHUTTING_DOWN") else {
        throw Refusal(.badRequest, "The only state to set is \"SHUTTING_DOWN\"")
      }
      if service.configuration.allowsRemoteShutdown {
        service.beginDraining()
      } else {
        throw Refusal(.forbidden, "Shutting down over HTTP is not enabled")
      }
      return Reply.empty(.ok)
    case (.get, "coordinator"): return Reply.empty(service.isDraining ? .notFound : .ok)
    default: throw Refusal(.notFound, "Not found")
    }
  }

  private func info(_ request: Request) -> Response {
    Reply.json(request) { json in
      json.object { json in
        json.object("nodeVersion") { $0.field("version", Engine.version) }
        json.field("environment", service.configuration.environment)
        json.field("coordinator", true)
        json.field("starting", false)
        json.field("uptime", Uptime.text(service.uptime))
        json.field("nodeId", service.configuration.nodeID)
        json.field("state", service.state)
      }
    }
  }

  func summary(_ area: String, _ request: Request, _ segments: [Substring]) throws -> Response {
    guard request.method == .get || request.method == .head else { throw Refusal(.methodNotAllowed, "Only GET is possible here") }
    switch (area, segments.first) {
    case ("status", nil): return status(request)
    case ("cluster", nil): return cluster(request)
    case ("node", nil): return Reply.json(request) { json in json.array { _ in } }
    case ("node", "failed"): return Reply.json(request) { json in json.array { _ in } }
    default: throw Refusal(.notFound, "Not found")
    }
  }

  private func status(_ request: Request) -> Response {
    let memory = service.engine.memoryUse
    return Reply.json(request) { json in
      json.object { json in
        json.field("nodeId", service.configuration.nodeID)
        json.object("nodeVersion") { $0.field("version", Engine.version) }
        json.field("environment", service.configuration.environment)
        json.field("coordinator", true)
        json.field("uptime", Uptime.text(service.uptime))
        json.field("externalAddress", service.configuration.host)
        json.field("internalAddress", service.configuration.host)
        json.object("memoryInfo") { json in
          json.field("availableProcessors", service.engine.configuration.threads)
          json.object("pool") { json in
            json.field("maxBytes", memory.limit)
            json.field("reservedBytes", memory.reserved)
            json.field("freeBytes", max(0, memory.limit - memory.reserved))
          }
        }
        json.field("processors", service.engine.configuration.threads)
        json.field("processCpuLoad", 0.0)
        json.field("systemCpuLoad", InfoEndpoint.load)
        json.field("heapUsed", InfoEndpoint.residentBytes)
        json.field("heapAvailable", memory.limit)
        json.field("nonHeapUsed", 0)
      }
    }
  }

  func cluster(_ request: Request) -> Response {
    let running = service.engine.runningQueries.map(\.info)
    let memory = service.engine.memoryUse, totals = service.totals.current
    return Reply.json(request) { json in
      json.object { json in
        json.field("runningQueries", running.count { $0.state == .running || $0.state == .planning })
        json.field("blockedQueries", 0)
        json.field("queuedQueries", running.count { $0.state == .queued })
        json.field("activeCoordinators", 1)
        json.field("activeWorkers", 1)
        json.field("runningDrivers", running.count { $0.state == .running } * service.engine.configuration.threads)
        json.field("runningTasks", running.count { $0.state == .running })
        json.field("totalAvailableProcessors", service.engine.configuration.threads)
        json.field("reservedMemory", Double(memory.reserved))
        json.field("totalInputRows", running.reduce(totals.inputRows) { $0 + $1.progress.rows })
        json.field("totalInputBytes", running.reduce(totals.inputBytes) { $0 + $1.progress.bytes })
        json.field("totalCpuTimeSecs", InfoEndpoint.processorSeconds)
        json.field("finishedQueries", totals.finished)
        json.field("failedQueries", totals.failed.values.reduce(0, +))
        json.field("memoryLimit", memory.limit)
        json.field("residentBytes", InfoEndpoint.residentBytes)
        json.field("adjustedQueueSize", running.count { $0.state == .queued })
      }
    }
  }

  /// The machine's load of the last minute, per processor, between 0 and 1.
  private static var load: Double {
    var averages: [Double] = [0, 0, 0]
    guard getloadavg(&averages, 3) > 0 else { return 0 }
    return min(1, averages[0] / Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }

  /// Processor time this process has taken.
  static var processorSeconds: Double {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Bytes of this process that are in memory.
  static var residentBytes: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}

/// A span of time as Presto's JSON has it: `1.25m`.
enum Uptime {
  static func text(_ duration: Duration) -> String {
    text(micros: duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000)
  }

  static func text(micros: Int64) -> String {
    let units: [(name: String, micros: Double)] = [
      ("d", 86_400e6), ("h", 3600e6), ("m", 60e6), ("s", 1e6), ("ms", 1e3), ("us", 1),
    ]
    let unit = units.first { Double(micros) >= $0.micros } ?? ("us", 1)
    let hundredths = Int((Double(micros) / unit.micros * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)\(unit.name)"
  }
}
