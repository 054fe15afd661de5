import Federation
import Synchronization
import Values
import Vectors

/// Splits of one scan, handed to whichever driver asks first. The driver that finds none asks the source for more; others wait for what it gets. No
/// actor: to enter one is to go through the pool's line.
final class SplitQueue: Sendable {
  private struct State {
    var ready: [SplitHandle] = []
    var source: (any SplitSource<SplitHandle>)?
    /// While one driver asks, and for ever once it was told an error.
    var asking: Latch<Void>?
    var isAtEnd = false
  }

  private let make: @Sendable () async throws -> any SplitSource<SplitHandle>
  private let metrics: ScanMetrics
  private let state = Mutex(State())

  init(_ metrics: ScanMetrics, _ make: @escaping @Sendable () async throws -> any SplitSource<SplitHandle>) {
    self.metrics = metrics
    self.make = make
  }

  private enum Turn {
    case split(SplitHandle), end, wait(Latch<Void>)
    case ask(Latch<Void>, (any SplitSource<SplitHandle>)?)
  }

  func next() async throws -> SplitHandle? {
    while true {
      let turn = state.withLock { state -> Turn in
        if let split = state.ready.popLast() { return .split(split) }
        if state.isAtEnd { return .end }
        if let asking = state.asking { return .wait(asking) }
        let latch = Latch<Void>()
        state.asking = latch
        return .ask(latch, state.source)
      }
      switch turn {
      case .split(let split): return split
      case .end: return nil
      case .wait(let latch): try await latch.value()
      case .ask(let latch, let known):
        do {
          try await ask(known)
          latch.settle(.success(()))
        } catch {
          latch.settle(.failure(error))
          throw error
        }
      }
    }
  }

  private func ask(_ known: (any SplitSource<SplitHandle>)?) async throws {
    let source = if let known { known } else { try await make() }
    let more = try await source.next()
    state.withLock { state in
      state.source = source
      state.ready = more?.reversed() ?? []
      state.isAtEnd = more == nil
      state.asking = nil
    }
    if let more { metrics.add(splits: more.count) }
  }
}

/// Reads split after split.
final class ScanSource: BatchSource {
  private let splits: SplitQueue
  private let filter: DynamicFilter<ColumnHandle>
  private let metrics: ScanMetrics
  private let open: @Sendable (SplitHandle) async throws -> any BatchSource
  private var current: (any BatchSource)?
  private var isReady = false

  init(
    _ splits: SplitQueue, _ filter: DynamicFilter<ColumnHandle>, _ metrics: ScanMetrics,
    _ open: @escaping @Sendable (SplitHandle) async throws -> any BatchSource
  ) {
    self.splits = splits
    self.filter = filter
    self.metrics = metrics
    self.open = open
  }

  func next() async throws -> Batch? {
    if !isReady {
      isReady = true
      await filter.settled()
    }
    while true {
      try await WorkerPool.checkpoint()
      if let current {
        if let batch = try await current.next() { return batch }
        self.current = nil
        metrics.endSplit()
      }
      guard let split = try await splits.next() else { return nil }
      metrics.beginSplit()
      current = try await open(split)
    }
  }
}
