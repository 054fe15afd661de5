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
  private let drivers: Int
  let filters: [(key: Int, slot: KeyFilterSlot)]
  let table = Latch<JoinTable>()
  private let waiting: Mutex<(left: Int, batches: [Batch])>
  /// Build rows that found a partner, one bit a row: of the drivers that are done. For right and full joins.
  let matched = Mutex<(left: Int, bits: [UInt64])>((0, []))

  /// Builds of fewer rows are one thread's.
  private static let shared = 1 << 14

  /// `drivers`: threads that the query may use.
  init(
    types: [DataType], keys: [Int], filters: [(key: Int, slot: KeyFilterSlot)], builders: Int, probers: Int, drivers: Int,
    memory: MemoryPool
  ) {
    self.drivers = drivers
    self.types = types
    self.keys = keys
    self.filters = filters
    self.memory = memory
    waiting = Mutex((builders, []))
    matched.withLock { $0.left = probers }
  }

  /// The last builder makes the table, on all threads of the query. What scans may skip is known before the chains are.
  func add(_ batches: [Batch]) async throws {
    let all = waiting.withLock { state -> [Batch]? in
      state.batches += batches
      state.left -= 1
      defer { if state.left == 0 { state.batches = [] } }
      return state.left == 0 ? state.batches : nil
    }
    guard let all else { return }
    let count = all.reduce(0) { $0 + $1.count }
    // small ones are done before a second thread has woken up
    let drivers = count < JoinBridge.shared ? 1 : drivers
    let rows = try await columns(all, count, drivers)
    let made = try await JoinKeys(rows, keys: keys, memory: memory, drivers: drivers)
    let build = try await JoinTableBuild(made, drivers: drivers), filters = filters
    let isUnique = try await mapInParallel(filters.count + build.parts, drivers: drivers) { index in
      if index >= filters.count { return build.link(index - filters.count) }
      filters[index].slot.settle(made.filter(filters[index].key))
      return true
    }
    table.settle(.success(build.table(isUnique: isUnique.allSatisfy(\.self))))
  }

  private func columns(_ batches: [Batch], _ count: Int, _ drivers: Int) async throws -> Batch {
    if batches.count == 1 { return batches[0] }
    let types = types
    return Batch(
      try await mapInParallel(types.count, drivers: drivers) { column in
        Vector.concatenated(batches.map { $0.columns[column] }, type: types[column])
      }, count: count)
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

  func finish() async throws { try await bridge.add(batches) }
}
