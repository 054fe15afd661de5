import Synchronization

/// Wakes everybody who waits for a change. Changes are counted, so that one between looking and waiting is not missed:
///
///     let seen = bell.count
///     if !isReady { await bell.wait(past: seen, until: deadline) }
final class Bell: Sendable {
  private struct State {
    var count = 0
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  func ring() {
    let waiters = state.withLock { state in
      state.count += 1
      defer { state.waiters = [:] }
      return state.waiters.values.map { $0 }
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the count is past `seen`, at the deadline, or when the task is cancelled; nil: no deadline.
  func wait(past seen: Int, until deadline: ContinuousClock.Instant?) async {
    let number = state.withLock { state in
      defer { state.nextWaiter += 1 }
      return state.nextWaiter
    }
    let timer = deadline.map { deadline in
      Task {
        try? await Task.sleep(until: deadline, clock: .continuous)
        if !Task.isCancelled { leave(number) }
      }
    }
    defer { timer?.cancel() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state -> Bool in
          if state.count > seen || Task.isCancelled { return true }
          if let deadline, deadline <= .now { return true }
          state.waiters[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      leave(number)
    }
  }

  private func leave(_ number: Int) { state.withLock { $0.waiters.removeValue(forKey: number) }?.resume() }
}
