import Synchronization

/// The queries of an engine: all that run, and the last that ended.
final class QueryLog: Sendable {
  /// Ended queries kept.
  private let historyCount: Int

  private struct State {
    var running: [String: QueryRecord] = [:]
    /// Oldest first.
    var ended: [QueryRecord] = []
  }

  private let state = Mutex(State())

  init(historyCount: Int) { self.historyCount = max(0, historyCount) }

  func add(_ record: QueryRecord) { state.withLock { $0.running[record.id] = record } }

  func end(_ record: QueryRecord) {
    state.withLock { state in
      guard state.running.removeValue(forKey: record.id) != nil else { return }
      state.ended.append(record)
      if state.ended.count > historyCount { state.ended.removeFirst(state.ended.count - historyCount) }
    }
  }

  /// By id, which is by time of arrival.
  var running: [QueryRecord] { state.withLock { $0.running.values.sorted { $0.id < $1.id } } }
  var all: [QueryRecord] { state.withLock { $0.ended + $0.running.values }.sorted { $0.id < $1.id } }

  subscript(id: String) -> QueryRecord? { state.withLock { state in state.running[id] ?? state.ended.last { $0.id == id } } }
}
