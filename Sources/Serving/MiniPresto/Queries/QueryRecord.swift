import Settings
import Synchronization
import Values

/// What is known of a query, at one moment.
public struct QueryInfo: Sendable {
  public var id: String
  public var text: String
  public var session: Session
  public var state: QueryState
  public var error: PrestoError?
  public var updateType: String?
  /// Microseconds since the epoch.
  public var created: Int64
  public var planningBegan: Int64?
  public var runningBegan: Int64?
  public var ended: Int64?
  /// Microseconds that names and types took, within planning.
  public var analysisMicros: Int64
  public var progress: RunningQuery.Progress
  /// Rows handed to whoever asked.
  public var outputRows: Int
  /// The moment this was written down; the end for a query that has ended.
  public var seen: Int64

  /// Microseconds it waited, was planned, ran, and in all; up to now for what has not ended.
  public var queuedMicros: Int64 { max(0, (planningBegan ?? seen) - created) }
  public var planningMicros: Int64 { planningBegan.map { max(0, (runningBegan ?? seen) - $0) } ?? 0 }
  public var runningMicros: Int64 { runningBegan.map { max(0, seen - $0) } ?? 0 }
  public var elapsedMicros: Int64 { max(0, seen - created) }
}

/// One query of an engine from its arrival to its end: what `system.runtime.queries`, the client protocol and the prompt know of it.
public final class QueryRecord: Sendable {
  public let id: String
  public let text: String
  public let session: Session
  /// Told once, when it has ended.
  private let ended: @Sendable (QueryRecord) -> Void
  private let state: Mutex<State>

  private struct State {
    var machine: QueryStateMachine
    var updateType: String?
    var resourceGroup: [String]?
    var outputRows = 0
    var analysisMicros: Int64 = 0
    var plan: (@Sendable () -> QueryPlan)?
    /// What runs now: kept alive by its reader, not by the log.
    weak var running: RunningQuery?
    /// What it had read when it ended.
    var last = RunningQuery.Progress()
    /// Told once when the query is to stop.
    var stops: [@Sendable (PrestoError) -> Void] = []
    /// Why it is to stop.
    var reason: PrestoError?
  }

  init(id: String, text: String, session: Session, ended: @escaping @Sendable (QueryRecord) -> Void) {
    self.id = id
    self.ended = ended
    self.text = text
    self.session = session
    state = Mutex(State(machine: QueryStateMachine(created: session.startMicros)))
  }

  public var info: QueryInfo {
    let now = WallClock.micros()
    let (machine, updateType, rows, running, last, analysis) = state.withLock {
      ($0.machine, $0.updateType, $0.outputRows, $0.running, $0.last, $0.analysisMicros)
    }
    let progress = machine.state.isDone ? last : running?.progress ?? last
    return QueryInfo(
      id: id, text: text, session: session, state: machine.state, error: machine.error, updateType: updateType, created: machine.created,
      planningBegan: machine.planningBegan, runningBegan: machine.runningBegan, ended: machine.ended, analysisMicros: analysis,
      progress: progress,
      outputRows: rows, seen: machine.ended ?? now)
  }

  public var currentState: QueryState { state.withLock { $0.machine.state } }

  /// Stops the query; its reader gets `reason`. false: it had ended, or was being stopped already.
  @discardableResult
  public func cancel(_ reason: PrestoError = PrestoError(.userCanceled, "Query was canceled")) -> Bool {
    let (stops, running) = state.withLock { state -> ([@Sendable (PrestoError) -> Void], RunningQuery?) in
      if state.machine.state.isDone || state.reason != nil { return ([], nil) }
      state.reason = reason
      defer { state.stops = [] }
      return (state.stops + [{ _ in }], state.running)
    }
    guard !stops.isEmpty else { return false }
    handle(.failed(reason))
    running?.stop()
    for stop in stops { stop(reason) }
    return true
  }

  /// Calls `stop` when the query is cancelled; at once if it is already.
  package func whenCancelled(_ stop: @escaping @Sendable (PrestoError) -> Void) {
    let reason = state.withLock { state -> PrestoError? in
      if state.reason == nil { state.stops.append(stop) }
      return state.reason
    }
    if let reason { stop(reason) }
  }

  /// Why it was stopped, if it was.
  var reason: PrestoError? { state.withLock { $0.reason } }

  func handle(_ event: QueryStateMachine.Event) {
    let now = WallClock.micros()
    let progress = state.withLock { $0.running }?.progress
    let isOver = state.withLock { state -> Bool in
      guard state.machine.handle(event, at: now), state.machine.state.isDone else { return false }
      if let progress { state.last = progress }
      state.running = nil
      state.stops = []
      return true
    }
    if isOver { ended(self) }
  }

  /// A query of this record runs now.
  func attach(_ query: RunningQuery) {
    let reason = state.withLock { state -> PrestoError? in
      state.running = query
      return state.reason
    }
    if reason != nil { query.stop() }
  }

  func describe(plan: @escaping @Sendable () -> QueryPlan) { state.withLock { $0.plan = plan } }

  /// The plan, with what every operator has done so far; nil: there is none.
  public var plan: QueryPlan? { state.withLock { $0.plan }?() }

  func add(analysisMicros: Int64) { state.withLock { $0.analysisMicros += analysisMicros } }
  /// The group it was admitted to.
  var resourceGroup: [String]? { state.withLock { $0.resourceGroup } }
  func describe(resourceGroup: [String]?) { state.withLock { $0.resourceGroup = resourceGroup } }

  func describe(updateType: String?) { state.withLock { $0.updateType = updateType } }
  func count(rows: Int) { state.withLock { $0.outputRows += rows } }
}
