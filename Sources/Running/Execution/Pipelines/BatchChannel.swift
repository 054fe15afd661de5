import Synchronization
import Vectors

/// A bounded queue of batches between drivers and one reader: the result of a query, or a local gather.
final class BatchChannel: Sendable {
  private struct State {
    var batches: [Batch] = []
    var writers: Int
    var failure: (any Error)?
    var isClosed = false
    var nextTicket = 0
    var reader: CheckedContinuation<Void, Never>?
    var blocked: [Int: CheckedContinuation<Void, Never>] = [:]

    var isOver: Bool { failure != nil || writers == 0 || isClosed }
  }

  private let state: Mutex<State>
  private let capacity: Int

  init(writers: Int, capacity: Int = 4) {
    state = Mutex(State(writers: writers))
    self.capacity = capacity
  }

  /// Waits while the queue is full. false: the reader wants no more.
  func put(_ batch: Batch) async throws -> Bool {
    while true {
      try Task.checkCancellation()
      enum Outcome { case done(CheckedContinuation<Void, Never>?), closed, full(Int) }
      let outcome = state.withLock { state -> Outcome in
        if state.isClosed || state.failure != nil { return .closed }
        if state.batches.count < capacity {
          state.batches.append(batch)
          defer { state.reader = nil }
          return .done(state.reader)
        }
        state.nextTicket += 1
        return .full(state.nextTicket)
      }
      switch outcome {
      case .done(let reader):
        reader?.resume()
        return true
      case .closed: return false
      case .full(let ticket):
        await withTaskCancellationHandler {
          await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
              if state.batches.count < capacity || state.isClosed || state.failure != nil || Task.isCancelled { return true }
              state.blocked[ticket] = continuation
              return false
            }
            if isReady { continuation.resume() }
          }
        } onCancel: {
          state.withLock { $0.blocked.removeValue(forKey: ticket) }?.resume()
        }
      }
    }
  }

  /// One writer is done.
  func finish() {
    state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.writers -= 1
      if state.writers > 0 { return nil }
      defer { state.reader = nil }
      return state.reader
    }?.resume()
  }

  /// Ends the stream with an error; batches not yet read are dropped.
  func fail(_ error: any Error) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      if state.failure == nil { state.failure = error }
      defer {
        state.reader = nil
        state.blocked = [:]
      }
      return Array(state.blocked.values) + (state.reader.map { [$0] } ?? [])
    }
    for continuation in waiting { continuation.resume() }
  }

  /// The reader wants no more.
  func close() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.isClosed = true
      state.batches = []
      defer { state.blocked = [:] }
      return Array(state.blocked.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  func take() async throws -> Batch? {
    while true {
      let (batch, isOver, writer) = try state.withLock { state -> (Batch?, Bool, CheckedContinuation<Void, Never>?) in
        if let failure = state.failure { throw failure }
        if !state.batches.isEmpty {
          let batch = state.batches.removeFirst()
          let key = state.blocked.keys.first
          return (batch, false, key.flatMap { state.blocked.removeValue(forKey: $0) })
        }
        return (nil, state.isOver, nil)
      }
      writer?.resume()
      if batch != nil || isOver { return batch }
      try Task.checkCancellation()
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isReady = state.withLock { state in
            if !state.batches.isEmpty || state.isOver || Task.isCancelled { return true }
            state.reader = continuation
            return false
          }
          if isReady { continuation.resume() }
        }
      } onCancel: {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
          defer { state.reader = nil }
          return state.reader
        }?.resume()
      }
    }
  }
}
