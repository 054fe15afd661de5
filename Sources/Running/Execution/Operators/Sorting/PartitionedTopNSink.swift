import Values
import Vectors

/// Keeps the first `limit` rows of each partition, more or less: at the end a driver has at most so many of each, all drivers together some more,
/// among them all those that count.
///
///     rows gathered  ── several times what was kept ──▶  sorted by partition and keys, cut; the last row kept of a full partition is its bound
///     later rows behind their partition's bound are dropped as they come
final class PartitionedTopNSink: BatchSink {
  /// Where the first key of a row stands: nulls first, values by their word, nulls last.
  private struct Place: Comparable {
    var tier: UInt8
    var word: UInt64

    static let last = Place(tier: 3, word: 0)

    @inline(__always)
    static func < (a: Place, b: Place) -> Bool { a.tier != b.tier ? a.tier < b.tier : a.word < b.word }
  }

  private let bridge: CollectBridge
  private let partition: [Int]
  private let keys: [SortKey]
  private let limit: Int
  private let table: GroupTable
  private let encoder: KeyEncoder
  /// By partition; `last` while it is not full.
  private var bounds: [Place] = []
  /// Rows gathered, their partition's number as a further column.
  private var batches: [Batch] = []
  private var count = 0
  private var kept = 0
  private var reserved = 0

  init(_ bridge: CollectBridge, partition: [Int], keys: [SortKey], limit: Int) {
    self.bridge = bridge
    self.partition = partition
    self.keys = keys
    self.limit = limit
    let layout = KeyLayout(partition.map { bridge.types[$0] }, hasNulls: true)
    table = GroupTable(layout)
    encoder = KeyEncoder(layout)
  }

  func append(_ batch: Batch) async throws {
    let keyColumns = partition.map { batch.columns[$0] }
    let numbers = Buffer(byteCount: batch.count * 4)
    encoder.encode(keyColumns, count: batch.count)
    table.assign(encoder, keyColumns, count: batch.count, groups: numbers.pointer(as: UInt32.self))
    if table.count > bounds.count { bounds.append(contentsOf: repeatElement(.last, count: table.count - bounds.count)) }
    var numbered = Batch(batch.columns + [.flat(.integer, count: batch.count, values: numbers)], count: batch.count)
    if kept > 0 {
      let chosen = survivors(batch, UnsafePointer(numbers.pointer(as: UInt32.self)))
      if chosen.count == 0 { return }
      if chosen.count < batch.count { numbered = numbered.gathered(chosen) }
    }
    batches.append(numbered)
    count += numbered.count
    try account()
    if count > max(4 * kept, 1 << 17) { try cut() }
  }

  func finish() async throws {
    try cut()
    // without the numbers: those of another driver are others
    bridge.add(batches.map { Batch(Array($0.columns.dropLast()), count: $0.count) })
  }

  private func survivors(_ batch: Batch, _ numbers: UnsafePointer<UInt32>) -> Selection {
    let key = SortWords.Key(batch.columns[keys[0].channel], keys[0])
    let buffer = Buffer(byteCount: batch.count * 4)
    let rows = buffer.pointer(as: UInt32.self)
    let left = bounds.withUnsafeBufferPointer { bounds in
      key.reading(key.start) { word in
        var left = 0
        for row in 0..<batch.count {
          rows[left] = UInt32(truncatingIfNeeded: row)
          left &+= (place(key, row, word) <= bounds[Int(numbers[row])]).bit
        }
        return left
      }
    }
    return Selection(rows: buffer, count: left)
  }

  @inline(__always)
  private func place(_ key: SortWords.Key, _ row: Int, _ word: (Int) -> UInt64) -> Place {
    if key.vector.mayHaveNulls, key.vector.isNull(at: row) { return Place(tier: key.nullsFirst ? 0 : 2, word: 0) }
    return Place(tier: 1, word: word(row))
  }

  private func cut() throws {
    if batches.isEmpty { return }
    let all = Batch.concatenated(batches, types: bridge.types + [.integer])
    let number = SortKey(channel: all.columns.count - 1, isAscending: true, nullsFirst: false)
    let order = RowOrder.sorted(all, by: [number] + keys)
    let groups = all.columns[number.channel].reader(as: UInt32.self), key = SortWords.Key(all.columns[keys[0].channel], keys[0])
    let buffer = Buffer(byteCount: order.count * 4)
    let rows = buffer.pointer(as: UInt32.self)
    var left = 0, group = UInt32.max, seen = 0
    for position in 0..<order.count {
      let row = Int(order.pointer[position])
      if groups[row] != group || position == 0 {
        group = groups[row]
        seen = 0
      }
      if seen < limit {
        rows[left] = order.pointer[position]
        left += 1
        seen += 1
        if seen == limit { bounds[Int(group)] = key.reading(key.start) { place(key, row, $0) } }
      }
    }
    let remaining = all.gathered(Selection(rows: buffer, count: left))
    batches = stride(from: 0, to: left, by: Batch.habitualCount).map { remaining.slice($0..<min($0 + Batch.habitualCount, left)) }
    (count, kept) = (left, left)
    try account()
  }

  private func account() throws {
    let row = bridge.types.reduce(4) { $0 + max($1.layout.width, 8) }
    let bytes = count * row + table.byteCount + bounds.count * 16
    try bridge.memory.reserve(bytes - reserved)
    reserved = bytes
  }
}
