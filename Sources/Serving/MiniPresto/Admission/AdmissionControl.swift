import Admission
import Settings
import Synchronization
import Values

/// The engine's door: every query waits here until the queue tree lets it run, and is watched while it does. A thin shell around
/// `AdmissionStateMachine`: it has the clock, the lock and the tasks that wait.
///
/// A query that may run at once costs a few microseconds: one lock, no task. Only while something waits, or has limits that time decides, does a
/// task come by ten times a second.
final class AdmissionControl: Sendable {
  private typealias Continuation = CheckedContinuation<ResourceGroup.PerQueryLimits?, any Error>

  private struct State {
    var machine: AdmissionStateMachine
    /// Those that wait, and whom to tell.
    var waiting: [String: Continuation] = [:]
    /// Those that run and whose limits are checked, or whose use is reported.
    var watched: [String: Watched] = [:]
    var isTicking = false
  }

  private struct Watched {
    weak var record: QueryRecord?
    var limits: QueryLimits
  }

  private let state: Mutex<State>
  private let reportsUse: Bool
  /// Some selector asks for the kind of statement.
  let needsQueryType: Bool
  private static let period = Duration.milliseconds(100)

  init(_ groups: ResourceGroups, memory: Int) {
    let machine = AdmissionStateMachine(groups, memory: memory)
    reportsUse = machine.needsUse
    needsQueryType = groups.selectors.contains { $0.queryType != nil }
    state = Mutex(State(machine: machine))
  }

  /// Microseconds that do not go back.
  private static func now() -> Int64 { MonotonicClock.micros() }

  // MARK: Queries

  /// Returns when the query may run, with the limits of its group. Throws QUERY_QUEUE_FULL, QUERY_REJECTED, EXCEEDED_TIME_LIMIT, and USER_CANCELED when
  /// the query ended while it waited.
  func admit(_ query: QuerySubmission) async throws -> ResourceGroup.PerQueryLimits? {
    try await withCheckedThrowingContinuation { continuation in
      settle { state in
        state.waiting[query.id] = continuation
        return state.machine.handle(.submit(query), at: AdmissionControl.now())
      }
    }
  }

  /// The query has ended, wherever it was.
  func finish(_ id: String) {
    settle { state in
      state.watched[id] = nil
      let actions = state.machine.handle(.finish(id), at: AdmissionControl.now())
      // it waited still: whoever waits for it is told
      return (state.waiting[id] == nil ? [] : [.refuse(id, PrestoError(.userCanceled, "Query was canceled"))]) + actions
    }
  }

  /// Has a running query's limits checked from time to time.
  func watch(_ record: QueryRecord, _ limits: QueryLimits) {
    guard limits.isWatching || reportsUse else { return }
    settle { state in
      state.watched[record.id] = Watched(record: record, limits: limits)
      return []
    }
  }

  // MARK: People

  /// Why a query waits; nil: it does not.
  func waiting(_ id: String) -> Waiting? { state.withLock { $0.machine.waiting(id, at: AdmissionControl.now()) } }
  func group(of id: String) -> [String]? { state.withLock { $0.machine.group(of: id) } }
  var groups: [ResourceGroupStatus] { state.withLock { $0.machine.groups(at: AdmissionControl.now()) } }

  // MARK: Shell

  /// Changes the state, then tells whom it concerns, outside of the lock.
  private func settle(_ change: (inout State) -> [AdmissionStateMachine.Action]) {
    let (told, ticks) = state.withLock { state -> ([(Continuation, Result<ResourceGroup.PerQueryLimits?, PrestoError>)], Bool) in
      var told: [(Continuation, Result<ResourceGroup.PerQueryLimits?, PrestoError>)] = []
      for action in change(&state) {
        switch action {
        case .start(let id, let limits):
          if let continuation = state.waiting.removeValue(forKey: id) { told.append((continuation, .success(limits))) }
        case .refuse(let id, let error):
          if let continuation = state.waiting.removeValue(forKey: id) { told.append((continuation, .failure(error))) }
        }
      }
      let ticks = !state.isTicking && AdmissionControl.needsTicks(state)
      if ticks { state.isTicking = true }
      return (told, ticks)
    }
    for (continuation, result) in told { continuation.resume(with: result.mapError { $0 as any Error }) }
    if ticks {
      Task.detached { [weak self] in
        repeat { try? await Task.sleep(for: AdmissionControl.period) } while self?.tick() == true
      }
    }
  }

  private static func needsTicks(_ state: borrowing State) -> Bool {
    !state.watched.isEmpty || !state.waiting.isEmpty || state.machine.needsTicks
  }

  /// false: nothing is left to come by for.
  private func tick() -> Bool {
    let watched = state.withLock { $0.watched }
    var uses: [(String, memory: Int, cpu: Int64)] = []
    for (id, entry) in watched {
      guard let record = entry.record else {
        uses.append((id, 0, 0))
        continue
      }
      let info = record.info
      if let error = entry.limits.violation(QueryLimits.Use(info)) { record.cancel(error) }
      if reportsUse { uses.append((id, info.progress.memory, info.progress.cpuMicros)) }
    }
    settle { state in
      let now = AdmissionControl.now()
      var actions: [AdmissionStateMachine.Action] = []
      for use in uses { actions += state.machine.handle(.use(use.0, memory: use.memory, cpu: use.cpu), at: now) }
      return actions + state.machine.handle(.tick, at: now)
    }
    return state.withLock { state in
      if AdmissionControl.needsTicks(state) { return true }
      state.isTicking = false
      return false
    }
  }
}

extension QueryLimits.Use {
  init(_ info: QueryInfo) {
    self.init()
    planning = .microseconds(info.planningMicros)
    execution = .microseconds(info.runningMicros)
    run = .microseconds(info.elapsedMicros)
    cpu = .microseconds(info.progress.cpuMicros)
    memory = info.progress.memory
    scannedBytes = info.progress.bytes
    remoteRows = info.progress.remote.rows
    remoteBytes = info.progress.remote.bytes
  }
}

extension QuerySubmission {
  /// The query as selectors see it.
  init(_ text: String, _ session: Session, longestWait: Duration, needsType: Bool) {
    self.init(
      id: session.queryID, user: session.user, source: session.source ?? "", clientTags: Set(session.clientTags),
      type: needsType ? QueryType(of: text, prepared: session.prepared) : nil,
      properties: session.overriddenTexts, schema: session.schema,
      clientInfo: session.clientInfo, priority: session[.queryPriority],
      longestWait: longestWait >= .forever ? nil : longestWait.micros)
    groups = session.groups
  }
}
