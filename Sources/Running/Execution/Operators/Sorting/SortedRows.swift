import Values
import Vectors

/// What a bridge has collected, and the order of its rows.
struct SortedRows: Sendable {
  private let rows: Batch
  private let order: Selection?
  private let drivers: Int
  let count: Int

  /// Waits for the rows. Without keys they stay as they are.
  init(_ bridge: CollectBridge, by keys: [SortKey], limit: Int? = nil, drivers: Int) async throws {
    self.drivers = drivers
    rows = try await SortedRows.concatenated(try await bridge.finished.value(), types: bridge.types, drivers: drivers)
    if keys.isEmpty {
      order = nil
      count = min(limit ?? rows.count, rows.count)
      return
    }
    let bytes = rows.count * RowOrder.bytesPerRow
    try bridge.memory.reserve(bytes)
    let sorted = try await RowOrder.sorted(rows, by: keys, limit: limit, drivers: drivers)
    try bridge.memory.reserve(rows.count * 4 - bytes)
    (order, count) = (sorted, sorted.count)
  }

  private static func concatenated(_ batches: [Batch], types: [DataType], drivers: Int) async throws -> Batch {
    if batches.count < 2 || batches.reduce(0, { $0 + $1.count }) < ParallelSort.leastRows {
      return Batch.concatenated(batches, types: types)
    }
    let columns = try await mapInParallel(types.count, drivers: drivers) { index in
      Vector.concatenated(batches.map { $0.columns[index] }, type: types[index])
    }
    return Batch(columns, count: batches.reduce(0) { $0 + $1.count })
  }

  /// Rows at these places of the order.
  func batch(_ range: Range<Int>) -> Batch {
    guard let order else { return rows.slice(range) }
    let start = UnsafePointer(order.pointer + range.lowerBound)
    return Batch(rows.columns.map { $0.gathered(start, count: range.count) }, count: range.count)
  }

  func batches(_ ranges: [Range<Int>]) async throws -> [Batch] {
    try await mapInParallel(ranges.count, drivers: drivers) { batch(ranges[$0]) }
  }

  /// Whether two places of the order have equal values in these columns, nulls being equal.
  func areEqual(_ a: Int, _ b: Int, in channels: [Int]) -> Bool {
    let i = order.map { Int($0.pointer[a]) } ?? a, j = order.map { Int($0.pointer[b]) } ?? b
    return channels.allSatisfy { ValueOrder.compareOrNull(rows.columns[$0], i, rows.columns[$0], j) == 0 }
  }
}
