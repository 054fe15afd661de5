import Expressions
import Plans
import Synchronization
import Values
import Vectors

/// What the drivers below a sort hand to the one above it: all rows, or the first n of each driver.
final class CollectBridge: Sendable {
  let types: [DataType]
  let memory: MemoryPool
  let finished = Latch<[Batch]>()
  private let waiting: Mutex<(left: Int, batches: [Batch])>

  init(types: [DataType], drivers: Int, memory: MemoryPool) {
    self.types = types
    self.memory = memory
    waiting = Mutex((drivers, []))
  }

  func add(_ batches: [Batch]) {
    let all = waiting.withLock { state -> [Batch]? in
      state.batches += batches
      state.left -= 1
      return state.left == 0 ? state.batches : nil
    }
    if let all { finished.settle(.success(all)) }
  }
}

/// Keeps everything.
final class CollectSink: BatchSink {
  private let bridge: CollectBridge
  private var batches: [Batch] = []

  init(_ bridge: CollectBridge) { self.bridge = bridge }

  func append(_ batch: Batch) async throws {
    try bridge.memory.reserve(batch.columns.reduce(0) { $0 + batch.count * max($1.type.layout.width, 8) })
    batches.append(batch)
  }

  func finish() async throws { bridge.add(batches) }
}

/// Yields the collected rows in order. All drivers' threads sort them, and gather a few batches at a time.
final class SortSource: BatchSource {
  private let bridge: CollectBridge
  private let keys: [SortKey]
  private let limit: Int?
  private let drivers: Int
  private var sorted: SortedRows?
  private var position = 0
  private var ready: ArraySlice<Batch> = []

  init(_ bridge: CollectBridge, keys: [SortKey], limit: Int? = nil, drivers: Int) {
    self.bridge = bridge
    self.keys = keys
    self.limit = limit
    self.drivers = drivers
  }

  func next() async throws -> Batch? {
    if let batch = ready.popFirst() { return batch }
    if sorted == nil { sorted = try await SortedRows(bridge, by: keys, limit: limit, drivers: drivers) }
    guard let sorted, position < sorted.count else { return nil }
    let ranges = (0..<2 * drivers).map { position + $0 * Batch.habitualCount }.filter { $0 < sorted.count }.map {
      $0..<min($0 + Batch.habitualCount, sorted.count)
    }
    ready = try await sorted.batches(ranges)[...]
    position = ranges.last?.upperBound ?? sorted.count
    return ready.popFirst()
  }
}

/// Yields the collected rows as they came.
final class CollectedSource: BatchSource {
  private let bridge: CollectBridge
  private var batches: ArraySlice<Batch>?

  init(_ bridge: CollectBridge) { self.bridge = bridge }

  func next() async throws -> Batch? {
    if batches == nil { batches = try await bridge.finished.value()[...] }
    return batches?.popFirst()
  }
}
