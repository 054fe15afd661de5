import Federation
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
  private var hasEnded: Bool { isDone || info.state.isDone }

  /// What progress is told of: splits of scans. A query that scans nothing is one split.
  private var splits: ScanMetrics.Splits {
    var splits = info.progress.splits
    if splits.known == 0 { splits = ScanMetrics.Splits(known: 1, begun: isScheduled ? 1 : 0, ended: 0) }
    if hasEnded { splits.ended = splits.known }
    splits.begun = max(splits.begun, splits.ended)
    return splits
  }

  func write(_ json: inout JSONWriter) {
    let splits = splits, sources = info.progress.sources
    json.object { json in
      json.field("state", state)
      json.field("queued", info.state == .queued)
      json.field("scheduled", isScheduled)
      if isDone && state == "FINISHED" {
        json.field("progressPercentage", 100.0)
      } else if isScheduled {
        json.field("progressPercentage", percentage(splits.ended, splits))
        json.field("runningPercentage", percentage(splits.begun - splits.ended, splits))
      }
      json.field("nodes", isScheduled ? 1 : 0)
      work(splits, info.progress.rows, info.progress.bytes, Int(info.progress.cpuMicros), info.progress.wallMicros, &json)
      json.field("queuedTimeMillis", Int(info.queuedMicros / 1000))
      json.field("elapsedTimeMillis", Int(info.elapsedMicros / 1000))
      switch dialect {
      case .trino:
        json.field("planningTimeMillis", Int(info.planningMicros / 1000))
        json.field("analysisTimeMillis", Int(info.analysisMicros / 1000))
        json.field("finishingTimeMillis", 0)
        json.field("physicalInputTimeMillis", sources.reduce(0) { $0 + ($1.wallMicros + $1.waitingMicros) / 1000 })
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
      if isScheduled { rootStage(&json) }
    }
  }

  private func percentage(_ part: Int, _ splits: ScanMetrics.Splits) -> Double {
    min(100, (Double(part) * 1000 / Double(max(1, splits.known))).rounded() / 10)
  }

  /// The root is everything that is done with the rows once they have been read; each scan is a stage beneath it.
  private func rootStage(_ json: inout JSONWriter) {
    let sources = info.progress.sources
    let output = ScanMetrics.Splits(known: 1, begun: 1, ended: hasEnded ? 1 : 0)
    json.object("rootStage") { json in
      stage("0", output, hasEnded, &json)
      work(
        output, sources.reduce(0) { $0 + $1.rows }, sources.reduce(0) { $0 + $1.bytes },
        max(0, sources.reduce(Int(info.progress.cpuMicros)) { $0 - $1.processorMicros }),
        max(0, sources.reduce(info.progress.wallMicros) { $0 - $1.wallMicros }), &json)
      json.array("subStages") { json in
        for (index, source) in sources.enumerated() {
          var splits = source.splits
          if hasEnded { splits.ended = splits.known }
          splits.begun = max(splits.begun, splits.ended)
          json.object { json in
            stage("\(index + 1)", splits, hasEnded, &json)
            work(splits, source.rows, source.bytes, source.processorMicros, source.wallMicros, &json)
            json.array("subStages") { _ in }
          }
        }
      }
    }
  }

  private func stage(_ id: String, _ splits: ScanMetrics.Splits, _ hasEnded: Bool, _ json: inout JSONWriter) {
    json.field("stageId", id)
    json.field("state", hasEnded ? (state == "FAILED" ? "FAILED" : "FINISHED") : splits.begun > 0 ? "RUNNING" : "SCHEDULING")
    json.field("done", hasEnded)
    json.field("nodes", 1)
    if dialect == .trino {
      json.field("coordinatorOnly", false)
      json.field("failedTasks", state == "FAILED" ? 1 : 0)
    }
  }

  private func work(
    _ splits: ScanMetrics.Splits, _ rows: Int, _ bytes: Int, _ processorMicros: Int, _ wallMicros: Int, _ json: inout JSONWriter
  ) {
    json.field("totalSplits", splits.known)
    json.field("queuedSplits", splits.known - splits.begun)
    json.field("runningSplits", splits.begun - splits.ended)
    json.field("completedSplits", splits.ended)
    json.field("cpuTimeMillis", processorMicros / 1000)
    json.field("wallTimeMillis", wallMicros / 1000)
    json.field("processedRows", rows)
    json.field("processedBytes", bytes)
    if dialect == .trino { json.field("physicalInputBytes", bytes) }
  }
}
