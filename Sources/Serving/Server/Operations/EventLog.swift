import Federation
import Foundation
import MiniPresto
import NIOCore
import Settings
import Synchronization
import Values
import Vectors

/// Lines of JSON about the server and its queries, one object each: `{"time":…,"event":"query completed",…}`. What clients wrote stands in JSON
/// strings, so that none of it can pass for another line.
public final class EventLog: Sendable {
  private let descriptor: Mutex<Int32>

  /// Appends to a file. Throws CONFIGURATION_INVALID where it cannot be opened.
  public init(appendingTo path: String) throws {
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    if file < 0 { throw PrestoError(.configurationInvalid, "Cannot write to '\(path)': \(String(cString: strerror(errno)))") }
    descriptor = Mutex(file)
  }

  /// Writes to standard error.
  public init() { descriptor = Mutex(dup(STDERR_FILENO)) }

  deinit { descriptor.withLock { _ = close($0) } }

  /// A line about the server itself.
  public func write(_ event: String, _ details: [(String, String)] = []) {
    write(event) { json in for (name, value) in details { json.field(name, value) } }
  }

  /// A line about a query that has begun.
  func began(_ info: QueryInfo) {
    write("query created") { json in
      json.field("createTime", Instant.text(info.created))
      describe(info, &json)
    }
  }

  /// A line about a query that has ended.
  func ended(_ info: QueryInfo) {
    write("query completed") { json in
      json.field("createTime", Instant.text(info.created))
      if let ended = info.ended { json.field("endTime", Instant.text(ended)) }
      describe(info, &json)
      json.field("updateType", info.updateType)
      json.field("queuedMillis", Int(info.queuedMicros / 1000))
      json.field("planningMillis", Int(info.planningMicros / 1000))
      json.field("runningMillis", Int(info.runningMicros / 1000))
      json.field("elapsedMillis", Int(info.elapsedMicros / 1000))
      json.field("outputRows", info.outputRows)
      json.field("inputRows", info.progress.rows)
      json.field("inputBytes", info.progress.bytes)
      json.field("analysisMillis", Int(info.analysisMicros / 1000))
      json.field("cpuMillis", Int(info.progress.cpuMicros) / 1000)
      json.field("wallMillis", info.progress.wallMicros / 1000)
      json.field("splits", info.progress.splits.known)
      json.field("peakMemoryBytes", info.progress.peakMemory)
      json.array("sources") { json in
        for source in info.progress.sources {
          json.object { json in
            json.field("label", source.label)
            json.field("rows", source.rows)
            json.field("bytes", source.bytes)
          }
        }
      }
      if let error = info.error {
        json.object("error") { json in
          json.field("name", error.code.name)
          json.field("type", error.code.kind.rawValue)
          json.field("message", error.message)
        }
      }
    }
  }

  private func describe(_ info: QueryInfo, _ json: inout JSONWriter) {
    json.field("queryId", info.id)
    json.field("state", info.state.rawValue)
    json.field("user", info.session.user)
    json.field("source", info.session.source)
    json.field("catalog", info.session.catalog)
    json.field("schema", info.session.schema)
    json.array("clientTags") { json in for tag in info.session.clientTags { json.string(tag) } }
    json.field("query", info.text)
  }

  private func write(_ event: String, _ details: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    json.object { json in
      json.field("time", Instant.text(Int64(Date().timeIntervalSince1970 * 1_000_000)))
      json.field("event", event)
      details(&json)
    }
    json.out.write(0x0A)
    let line = json.buffer
    descriptor.withLock { file in
      line.withUnsafeReadableBytes { raw in
        var rest = raw[...]
        while !rest.isEmpty {
          let count = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          if count <= 0 { return }
          rest = rest.dropFirst(count)
        }
      }
    }
  }
}
