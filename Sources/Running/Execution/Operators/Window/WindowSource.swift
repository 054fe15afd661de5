import Plans
import Values
import Vectors

/// Sorts the collected rows by partition and order, and adds the calls' results.
final class WindowSource: BatchSource {
  private let bridge: CollectBridge
  private let partition: [SortKey]
  private let order: [SortKey]
  private let calls: [WindowCall]
  private var result: Batch?
  private var position = 0

  init(_ bridge: CollectBridge, partition: [SortKey], order: [SortKey], calls: [WindowCall]) {
    self.bridge = bridge
    self.partition = partition
    self.order = order
    self.calls = calls
  }

  func next() async throws -> Batch? {
    if result == nil {
      let batches = try await bridge.finished.value()
      if batches.isEmpty { return nil }
      let all = Batch.concatenated(batches, types: bridge.types)
      let sorted = partition.isEmpty && order.isEmpty ? all : all.arranged(by: RowOrder.sorted(all, by: partition + order))
      let rows = WindowRows(sorted, partition: partition, order: order)
      result = Batch(sorted.columns + (try calls.map { try WindowEvaluation($0, rows).evaluate() }), count: sorted.count)
    }
    guard let result, position < result.count else { return nil }
    let range = position..<min(position + Batch.habitualCount, result.count)
    position = range.upperBound
    return result.slice(range)
  }
}

/// Sorted rows with the ends of their partitions and peer groups.
final class WindowRows {
  let batch: Batch
  let order: [SortKey]
  /// Starts of partitions, and the row count last.
  let partitions: [Int]
  /// For each row the first row of its peers (equal in order), and one past the last.
  let peerStart: [Int]
  let peerEnd: [Int]

  init(_ batch: Batch, partition: [SortKey], order: [SortKey]) {
    self.batch = batch
    self.order = order
    let n = batch.count
    let newPartition = WindowRows.changes(batch, partition.map(\.channel))
    let newOrder = WindowRows.changes(batch, order.map(\.channel))
    var partitions: [Int] = []
    var starts = [Int](repeating: 0, count: n), ends = [Int](repeating: n, count: n)
    for i in 0..<n {
      if i == 0 || newPartition[i] { partitions.append(i) }
      starts[i] = i == 0 || newPartition[i] || newOrder[i] ? i : starts[i - 1]
    }
    partitions.append(n)
    for i in stride(from: n - 1, through: 0, by: -1) where i + 1 < n { ends[i] = starts[i + 1] == i + 1 ? i + 1 : ends[i + 1] }
    self.partitions = partitions
    peerStart = starts
    peerEnd = ends
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
