import Values

/// Presto's states of a query, as clients and `system.runtime.queries` see them.
public enum QueryState: String, Sendable, CaseIterable {
  case queued = "QUEUED"
  case planning = "PLANNING"
  case running = "RUNNING"
  case finished = "FINISHED"
  case failed = "FAILED"

  public var isDone: Bool {
    switch self {
    case .queued, .planning, .running: false
    case .finished, .failed: true
    }
  }
}

/// One query's life. Pure: events with their times go in, the state and the times of its changes come out.
///
///     queued ─▶ planning ─▶ running ─▶ finished
///        └──────────┴───────────┴────▶ failed
struct QueryStateMachine: Sendable {
  enum Event {
    case admitted, planned, drained
    case failed(PrestoError)
  }

  private(set) var state = QueryState.queued
  private(set) var error: PrestoError?
  /// Microseconds since the epoch.
  let created: Int64
  private(set) var planningBegan: Int64?
  private(set) var runningBegan: Int64?
  private(set) var ended: Int64?

  init(created: Int64) { self.created = created }

  /// Whether the event changed the state. What comes after the end changes nothing: the first outcome counts.
  mutating func handle(_ event: Event, at now: Int64) -> Bool {
    switch (state, event) {
    case (.finished, _), (.failed, _): return false
    case (.queued, .admitted):
      state = .planning
      planningBegan = now
    case (.queued, .planned), (.planning, .planned):
      state = .running
      runningBegan = now
    case (.planning, .admitted), (.running, .admitted), (.running, .planned): return false
    case (.queued, .drained), (.planning, .drained), (.running, .drained):
      state = .finished
      ended = now
    case (.queued, .failed(let error)), (.planning, .failed(let error)), (.running, .failed(let error)):
      state = .failed
      self.error = error
      ended = now
    }
    return true
  }
}
