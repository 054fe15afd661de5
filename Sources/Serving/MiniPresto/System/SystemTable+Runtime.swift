import Settings
import Federation
import Values

/// `system.runtime`: queries and nodes.
extension SystemTable {
  private static let moment = DataType.timestampWithTimeZone(precision: 3)

  static let runtime: [SystemTable] = [
    SystemTable(
      "runtime", "queries",
      columns(.varchar, "query_id", "state", "user", "source", "query") + [("resource_group_id", .array(.varchar))]
        + columns(.bigint, "queued_time_ms", "analysis_time_ms", "planning_time_ms")
        + columns(moment, "created", "started", "last_heartbeat", "end")
        + columns(.varchar, "error_type", "error_code")
    ) { engine, _ in
      engine.queries.map { record in
        let info = record.info
        return [
          .text(info.id), .text(info.state.rawValue), .text(info.session.user), text(info.session.source), .text(info.text),
          .sequence(engine.resourceGroup(of: info.id).map(Constant.text)), .integer(info.queuedMicros / 1000), .integer(0),
          .integer(info.planningMicros / 1000),
          instant(info.created), instant(info.planningBegan), instant(info.seen), instant(info.ended), text(info.error?.code.kind.rawValue),
          text(info.error?.code.name),
        ]
      }
    },
    SystemTable(
      "runtime", "nodes", columns(.varchar, "node_id", "http_uri", "node_version") + [("coordinator", .boolean), ("state", .varchar)]
    ) { engine, _ in
      [[.text(engine.configuration.instance), text(engine.address), .text(Engine.version), .boolean(true), .text("active")]]
    },
    SystemTable(
      "runtime", "tasks",
      columns(.varchar, "node_id", "task_id", "stage_id", "query_id", "state")
        + columns(
          .bigint, "splits", "queued_splits", "running_splits", "completed_splits", "split_scheduled_time_ms", "split_cpu_time_ms",
          "split_blocked_time_ms", "raw_input_bytes", "raw_input_rows", "processed_input_bytes", "processed_input_rows", "output_bytes",
          "output_rows", "physical_input_bytes", "physical_written_bytes") + columns(moment, "created", "start", "last_heartbeat", "end")
    ) { engine, _ in
      engine.runningQueries.map { record in
        let info = record.info
        let splits = info.progress.splits, rows = Int64(info.progress.rows), bytes = Int64(info.progress.bytes)
        let numbers: [Int64] = [
          Int64(splits.known), Int64(splits.known - splits.begun), Int64(splits.begun - splits.ended), Int64(splits.ended),
          Int64(info.progress.wallMicros / 1000), info.progress.cpuMicros / 1000,
          Int64(info.progress.sources.reduce(0) { $0 + $1.waitingMicros } / 1000), bytes, rows, bytes, rows, 0, Int64(info.outputRows),
          bytes, 0,
        ]
        return [
          .text(engine.configuration.instance), .text(info.id + ".0.0"), .text(info.id + ".0"), .text(info.id), .text(info.state.rawValue),
        ]
          + numbers.map(Constant.integer) + [instant(info.created), instant(info.runningBegan), instant(info.seen), .null]
      }
    },
    .empty(
      "runtime", "transactions",
      [
        ("transaction_id", .varchar), ("isolation_level", .varchar), ("read_only", .boolean), ("auto_commit_context", .boolean),
        ("create_time", moment), ("idle_time_secs", .bigint), ("written_catalog", .varchar), ("catalogs", .array(.varchar)),
      ]),
  ]
}
