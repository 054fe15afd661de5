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

/// Yields the collected rows in order.
final class SortSource: BatchSource {
  private let bridge: CollectBridge
  private let keys: [SortKey]
  private let limit: Int?
  private var sorted: (rows: Batch, order: Selection)?
  private var position = 0

  init(_ bridge: CollectBridge, keys: [SortKey], limit: Int? = nil) {
    self.bridge = bridge
    self.keys = keys
    self.limit = limit
  }

  func next() async throws -> Batch? {
    if sorted == nil {
      let batches = try await bridge.finished.value()
      if batches.isEmpty { return nil }
      let all = Batch.concatenated(batches, types: bridge.types)
      sorted = (all, RowOrder.sorted(all, by: keys, limit: limit))
    }
    guard let (rows, order) = sorted, position < order.count else { return nil }
    let n = min(Batch.habitualCount, order.count - position)
    let start = UnsafePointer(order.pointer + position)
    position += n
    return Batch(rows.columns.map { $0.gathered(start, count: n) }, count: n)
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
