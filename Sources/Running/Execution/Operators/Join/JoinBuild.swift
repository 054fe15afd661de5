import Federation
import Plans
import Synchronization
import Values
import Vectors

/// What a join's builders and probers share.
final class JoinBridge: Sendable {
  let types: [DataType]
  let keys: [Int]
  let memory: MemoryPool
  let filters: [(key: Int, slot: KeyFilterSlot)]
  let table = Latch<JoinTable>()
  private let waiting: Mutex<(left: Int, batches: [Batch])>
  /// Build rows that found a partner, one bit a row: of the drivers that are done. For right and full joins.
  let matched = Mutex<(left: Int, bits: [UInt64])>((0, []))

  init(types: [DataType], keys: [Int], filters: [(key: Int, slot: KeyFilterSlot)], builders: Int, probers: Int, memory: MemoryPool) {
    self.types = types
    self.keys = keys
    self.filters = filters
    self.memory = memory
    waiting = Mutex((builders, []))
    matched.withLock { $0.left = probers }
  }

  /// The last builder makes the table.
  func add(_ batches: [Batch]) throws {
    let all = waiting.withLock { state -> [Batch]? in
      state.batches += batches
      state.left -= 1
      defer { if state.left == 0 { state.batches = [] } }
      return state.left == 0 ? state.batches : nil
    }
    guard let all else { return }
    let built = try JoinTable(Batch.concatenated(all, types: types), keys: keys, memory: memory)
    for (key, slot) in filters { slot.settle(built.keyFilter(key)) }
    table.settle(.success(built))
  }

  /// One prober is done. The last one gets the bits of all build rows that matched.
  func finishProbing(_ bits: [UInt64]) -> [UInt64]? {
    matched.withLock { state in
      if state.bits.isEmpty {
        state.bits = bits
      } else if !bits.isEmpty {
        for i in state.bits.indices { state.bits[i] |= bits[i] }
      }
      state.left -= 1
      return state.left == 0 ? state.bits : nil
    }
  }
}

/// Collects one driver's build rows.
final class JoinBuildSink: BatchSink {
  private let bridge: JoinBridge
  private var batches: [Batch] = []

  init(_ bridge: JoinBridge) { self.bridge = bridge }

  func append(_ batch: Batch) async throws {
    try bridge.memory.reserve(batch.columns.reduce(0) { $0 + batch.count * max($1.type.layout.width, 8) })
    batches.append(batch)
  }

  func finish() async throws { try bridge.add(batches) }
}
