import Settings
import Values

/// What one query may take. The session's properties with Presto's names, below what the configuration sets for all.
package struct QueryLimits: Sendable, Equatable {
  package var queuedTime = Duration.forever
  package var planningTime = Duration.forever
  /// From the first moment of running, without queueing and planning.
  package var executionTime = Duration.forever
  /// From its arrival.
  package var runTime = Duration.forever
  package var cpuTime = Duration.forever
  package var memory = DataSize.unlimited
  /// Bytes read from files and sources.
  package var scannedBytes = DataSize.unlimited
  /// Sent by remote sources. 0: any number.
  package var remoteRows = 0
  package var remoteBytes = DataSize.unlimited

  package init() {}

  package init(_ session: Session) {
    queuedTime = session[.queryMaxQueuedTime]
    planningTime = session[.queryMaxPlanningTime]
    executionTime = session[.queryMaxExecutionTime]
    runTime = session[.queryMaxRunTime]
    cpuTime = session[.queryMaxCpuTime]
    memory = min(session[.queryMaxMemory], session[.queryMaxTotalMemory], session[.queryMaxMemoryPerNode])
    scannedBytes = min(session[.queryMaxScanPhysicalBytes], session[.queryMaxScanRawInputBytes])
    remoteRows = session[.queryMaxRemoteRows]
    remoteBytes = session[.queryMaxRemoteBytes]
  }

  /// The lower of each.
  package func lower(_ other: QueryLimits) -> QueryLimits {
    var result = self
    result.queuedTime = min(queuedTime, other.queuedTime)
    result.planningTime = min(planningTime, other.planningTime)
    result.executionTime = min(executionTime, other.executionTime)
    result.runTime = min(runTime, other.runTime)
    result.cpuTime = min(cpuTime, other.cpuTime)
    result.memory = min(memory, other.memory)
    result.scannedBytes = min(scannedBytes, other.scannedBytes)
    result.remoteRows = remoteRows == 0 ? other.remoteRows : other.remoteRows == 0 ? remoteRows : min(remoteRows, other.remoteRows)
    result.remoteBytes = min(remoteBytes, other.remoteBytes)
    return result
  }

  package func lower(_ group: ResourceGroup.PerQueryLimits?) -> QueryLimits {
    guard let group else { return self }
    var limits = QueryLimits()
    limits.executionTime = group.executionTime ?? .forever
    limits.memory = group.totalMemory ?? .unlimited
    limits.cpuTime = group.cpuTime ?? .forever
    return lower(limits)
  }

  /// Whether a running query must be watched for them; memory is refused where it is asked for.
  package var isWatching: Bool {
    var unwatched = QueryLimits()
    unwatched.memory = memory
    unwatched.queuedTime = queuedTime
    return self != unwatched
  }

  /// Whether what databases send must be counted.
  package var countsRemote: Bool { remoteRows > 0 || remoteBytes != .unlimited }

  // MARK: Checking

  /// What a query has taken so far.
  package struct Use: Sendable {
    package var planning = Duration.zero
    package var execution = Duration.zero
    package var run = Duration.zero
    package var cpu = Duration.zero
    /// Bytes.
    package var memory = 0
    package var scannedBytes = 0
    package var remoteRows = 0
    package var remoteBytes = 0

    package init() {}
  }

  /// The limit that is exceeded, with Presto's error; nil: none.
  package func violation(_ use: Use) -> PrestoError? {
    func time(_ what: String, _ limit: Duration) -> PrestoError {
      PrestoError(.exceededTimeLimit, "Query exceeded the maximum \(what) time limit of \(limit.propertyText)")
    }
    if use.planning > planningTime { return time("planning", planningTime) }
    if use.execution > executionTime { return time("execution", executionTime) }
    if use.run > runTime { return time("run", runTime) }
    if use.cpu > cpuTime { return PrestoError(.exceededCpuLimit, "Exceeded CPU limit of \(cpuTime.propertyText)") }
    if use.memory > memory.bytes {
      return PrestoError(.exceededGlobalMemoryLimit, "Query exceeded distributed user memory limit of \(memory.propertyText)")
    }
    func scan(_ what: String, _ limit: String, _ read: String, _ property: String) -> PrestoError {
      PrestoError(
        .exceededScanLimit, "Exceeded \(what) limit of \(limit)",
        hint: "The query had read \(read); a narrower condition reads less, \(property) is the limit")
    }
    if use.scannedBytes > scannedBytes.bytes {
      let read = DataSize(bytes: use.scannedBytes).propertyText
      return scan("scan", scannedBytes.propertyText, read, SessionProperty.queryMaxScanPhysicalBytes.name)
    }
    if remoteRows > 0 && use.remoteRows > remoteRows {
      return scan("remote rows", "\(remoteRows)", "\(use.remoteRows) rows", SessionProperty.queryMaxRemoteRows.name)
    }
    if use.remoteBytes > remoteBytes.bytes {
      let read = DataSize(bytes: use.remoteBytes).propertyText
      return scan("remote bytes", remoteBytes.propertyText, read, SessionProperty.queryMaxRemoteBytes.name)
    }
    return nil
  }

  package static func queuedTooLong(_ limit: Duration) -> PrestoError {
    PrestoError(.exceededTimeLimit, "Query exceeded maximum queued time limit of \(limit.propertyText)")
  }
}

extension Duration {
  /// Presto's way to say "no limit": 100 days.
  package static let forever = Duration.seconds(100 * 86_400)
}
