import MiniPresto

/// The protocol's `stats` of a statement: how far it is.
struct StatementStats {
  let info: QueryInfo
  let state: String
  let isDone: Bool
  let dialect: ClientDialect

  init(_ info: QueryInfo, hasFailed: Bool, isLast: Bool, _ dialect: ClientDialect) {
    self.info = info
    self.dialect = dialect
    isDone = isLast
    if hasFailed {
      state = isLast ? "FAILED" : "RUNNING"
    } else if isLast {
      state = "FINISHED"
    } else {
      switch info.state {
      case .queued: state = "QUEUED"
      case .planning: state = "PLANNING"
      case .running: state = "RUNNING"
      // the query has ended, its rows are still under way to the client
      case .finished, .failed: state = "FINISHING"
      }
    }
  }

  private var isScheduled: Bool { info.runningBegan != nil }
  /// Each scan of a source counts as one split of work that progress can be told of.
  private var splits: Int { max(1, info.progress.sources.count) }
  private var completed: Int { isDone || info.state.isDone ? splits : 0 }
  private var running: Int { isScheduled ? splits - completed : 0 }

  func write(_ json: inout JSONWriter) {
    json.object { json in
      json.field("state", state)
      json.field("queued", info.state == .queued)
      json.field("scheduled", isScheduled)
      if dialect == .trino && isDone { json.field("progressPercentage", 100.0) }
      json.field("nodes", isScheduled ? 1 : 0)
      work(&json)
      json.field("queuedTimeMillis", Int(info.queuedMicros / 1000))
      json.field("elapsedTimeMillis", Int(info.elapsedMicros / 1000))
      switch dialect {
      case .trino:
        json.field("planningTimeMillis", Int(info.planningMicros / 1000))
        json.field("analysisTimeMillis", 0)
        json.field("finishingTimeMillis", 0)
        json.field("physicalInputTimeMillis", 0)
        json.field("physicalWrittenBytes", 0)
        json.field("internalNetworkInputBytes", 0)
      case .presto:
        json.field("waitingForPrerequisites", false)
        json.field("waitingForPrerequisitesTimeMillis", 0)
        json.field("peakTotalMemoryBytes", info.progress.peakMemory)
        json.field("peakTaskTotalMemoryBytes", info.progress.peakMemory)
      }
      json.field("peakMemoryBytes", info.progress.peakMemory)
      json.field("spilledBytes", 0)
      if isScheduled {
        json.object("rootStage") { json in
          stage("0", &json)
          work(&json)
          json.array("subStages") { json in
            for (index, source) in info.progress.sources.enumerated() {
              json.object { json in
                stage("\(index + 1)", &json)
                work(&json, splits: 1, completed: completed == splits ? 1 : 0, rows: source.rows, bytes: source.bytes)
                json.array("subStages") { _ in }
              }
            }
          }
        }
      }
    }
  }

  private func stage(_ id: String, _ json: inout JSONWriter) {
    json.field("stageId", id)
    json.field("state", isDone || info.state.isDone ? (state == "FAILED" ? "FAILED" : "FINISHED") : "RUNNING")
    json.field("done", isDone || info.state.isDone)
    json.field("nodes", 1)
    if dialect == .trino {
      json.field("coordinatorOnly", false)
      json.field("failedTasks", 0)
    }
  }

  private func work(_ json: inout JSONWriter) {
    work(&json, splits: splits, completed: completed, rows: info.progress.rows, bytes: info.progress.bytes)
  }

  private func work(_ json: inout JSONWriter, splits: Int, completed: Int, rows: Int, bytes: Int) {
    let active = isScheduled ? splits - completed : 0
    json.field("totalSplits", splits)
    json.field("queuedSplits", splits - completed - active)
    json.field("runningSplits", active)
    json.field("completedSplits", completed)
    json.field("cpuTimeMillis", 0)
    json.field("wallTimeMillis", Int(info.runningMicros / 1000))
    json.field("processedRows", rows)
    json.field("processedBytes", bytes)
    if dialect == .trino { json.field("physicalInputBytes", bytes) }
  }
}
