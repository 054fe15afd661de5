import Synchronization

/// A value that several drivers wait for and one of them (or a failure) provides, once.
final class Latch<Value: Sendable>: Sendable {
  private struct State {
    var result: Result<Value, any Error>?
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextTicket = 0
  }

  private let state = Mutex(State())

  /// Only the first result counts.
  func settle(_ result: Result<Value, any Error>) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      if state.result != nil { return [] }
      state.result = result
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// The value, when there is one; throws the failure, or `CancellationError` when the waiting task is cancelled.
  func value() async throws -> Value {
    if let result = state.withLock({ $0.result }) { return try result.get() }
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.result != nil || Task.isCancelled { return true }
          state.waiting[ticket] = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
    }
    if let result = state.withLock({ $0.result }) { return try result.get() }
    throw CancellationError()
  }
}
