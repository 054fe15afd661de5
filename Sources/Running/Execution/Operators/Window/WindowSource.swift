import Plans
import Values
import Vectors

/// Sorts the collected rows by partition and order, and adds the calls' results: some partitions at a time, by all drivers' threads.
///
///     sorted rows: [ partition ][ partition ][ partition ] …
///                  └────── chunk ──────┘└──── chunk ─ …      of at least a batch's rows, ending where a partition does
final class WindowSource: BatchSource {
  private let bridge: CollectBridge
  private let partition: [SortKey]
  private let order: [SortKey]
  private let calls: [WindowCall]
  private let drivers: Int
  private var sorted: SortedRows?
  private var position = 0
  private var ready: ArraySlice<Batch> = []

  init(_ bridge: CollectBridge, partition: [SortKey], order: [SortKey], calls: [WindowCall], drivers: Int) {
    self.bridge = bridge
    self.partition = partition
    self.order = order
    self.calls = calls
    self.drivers = drivers
  }

  func next() async throws -> Batch? {
    if let batch = ready.popFirst() { return batch }
    if sorted == nil { sorted = try await SortedRows(bridge, by: partition + order, drivers: drivers) }
    guard let sorted, position < sorted.count else { return nil }
    var chunks: [Range<Int>] = []
    while position < sorted.count, chunks.count < 2 * drivers {
      let end = chunkEnd(sorted)
      chunks.append(position..<end)
      position = end
    }
    ready = try await evaluated(sorted, chunks).flatMap(Self.pieces)[...]
    return ready.popFirst()
  }

  /// Where the partition ends in which a chunk from here on has become long enough.
  private func chunkEnd(_ sorted: SortedRows) -> Int {
    let least = position + Batch.habitualCount
    if least >= sorted.count || partition.isEmpty { return sorted.count }
    let channels = partition.map(\.channel), last = least - 1
    var inside = last, step = 1
    while inside + step < sorted.count, sorted.areEqual(last, inside + step, in: channels) {
      inside += step
      step *= 2
    }
    var outside = min(inside + step, sorted.count)
    while outside - inside > 1 {
      let middle = (inside + outside) / 2
      if sorted.areEqual(last, middle, in: channels) { inside = middle } else { outside = middle }
    }
    return outside
  }

  private func evaluated(_ sorted: SortedRows, _ chunks: [Range<Int>]) async throws -> [Batch] {
    let (partition, order, calls, memory) = (partition, order, calls, bridge.memory)
    return try await mapInParallel(chunks.count, drivers: drivers) { index in
      // while a chunk is under way; one that is a large partition may need much
      let bytes = chunks[index].count * WindowEvaluation.bytesPerRow(calls)
      try memory.reserve(bytes)
      defer { memory.release(bytes) }
      let batch = sorted.batch(chunks[index])
      let rows = WindowRows(batch, partition: partition, order: order)
      return Batch(batch.columns + (try calls.map { try WindowEvaluation($0, rows).evaluate() }), count: batch.count)
    }
  }

  private static func pieces(_ batch: Batch) -> [Batch] {
    if batch.count < 2 * Batch.habitualCount { return [batch] }
    return stride(from: 0, to: batch.count, by: Batch.habitualCount).map { batch.slice($0..<min($0 + Batch.habitualCount, batch.count)) }
  }
}

/// Sorted rows with the ends of their partitions and peer groups.
final class WindowRows {
  let batch: Batch
  let order: [SortKey]
  /// Starts of partitions, and the row count last.
  let partitions: [Int]
  /// For each row the first row of its peers (equal in order), and one past the last.
  let peerStart: UnsafePointer<UInt32>
  let peerEnd: UnsafePointer<UInt32>
  private let buffers: (Buffer, Buffer)

  init(_ batch: Batch, partition: [SortKey], order: [SortKey]) {
    self.batch = batch
    self.order = order
    let n = batch.count
    let newPartition = WindowRows.changes(batch, partition.map(\.channel))
    let newOrder = WindowRows.changes(batch, order.map(\.channel))
    buffers = (Buffer(byteCount: n * 4), Buffer(byteCount: n * 4))
    let starts = buffers.0.pointer(as: UInt32.self), ends = buffers.1.pointer(as: UInt32.self)
    var partitions: [Int] = [], start = 0
    for i in 0..<n {
      if i == 0 || newPartition[i] { partitions.append(i) }
      if newPartition[i] || newOrder[i] { start = i }
      starts[i] = UInt32(truncatingIfNeeded: start)
    }
    partitions.append(n)
    var end = n
    for i in stride(from: n - 1, through: 0, by: -1) {
      ends[i] = UInt32(truncatingIfNeeded: end)
      if starts[i] == UInt32(truncatingIfNeeded: i) { end = i }
    }
    self.partitions = partitions
    peerStart = UnsafePointer(starts)
    peerEnd = UnsafePointer(ends)
  }

  /// Whether row i differs from row i - 1 in these channels.
  private static func changes(_ batch: Batch, _ channels: [Int]) -> [Bool] {
    var result = [Bool](repeating: false, count: batch.count)
    if channels.isEmpty { return result }
    let vectors = channels.map { batch.columns[$0] }
    let layout = KeyLayout(vectors.map(\.type), hasNulls: true)
    let encoder = KeyEncoder(layout)
    encoder.encode(vectors, count: batch.count)
    for i in 1..<max(batch.count, 1) {
      result[i] = !KeyRows.equal(encoder.words + (i - 1) * layout.width, encoder.words + i * layout.width, layout)
    }
    return result
  }
}
