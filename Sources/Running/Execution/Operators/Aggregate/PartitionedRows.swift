import Values
import Vectors

/// Rows of one batch, moved together by the top bits of their keys' hashes: what the calls read, key words and hashes.
///
///     partition 0 │ partition 1 │ …        starts[p]..<starts[p + 1]
struct PartitionedRows {
  private let starts: [Int]
  private let words: Buffer
  private let hashes: Buffer
  private let layout: KeyLayout
  /// By channel of the batch; nulls for those that no call reads.
  private let columns: [Vector]
  /// Moved too where keys are nested and the table asks for their values.
  private let nestedKeys: [Vector]
  /// As they came: long texts are theirs.
  let keys: [Vector]

  /// `needed`: channels that the calls read.
  init(_ batch: Batch, keys: [Vector], _ encoder: KeyEncoder, needed: Set<Int>) {
    let n = batch.count, hashes = encoder.hashes, from = encoder.words, w = encoder.layout.width
    let shift = UInt64(64 - AggregateBridge.partitionBits)
    var starts = [Int](repeating: 0, count: AggregateBridge.partitionCount + 1)
    for i in 0..<n { starts[Int(truncatingIfNeeded: hashes[i] &>> shift) &+ 1] &+= 1 }
    for p in 0..<AggregateBridge.partitionCount { starts[p + 1] += starts[p] }
    let order = Buffer(byteCount: n * 4)
    layout = encoder.layout
    words = Buffer(byteCount: n * w * 8)
    self.hashes = Buffer(byteCount: n * 8)
    let rows = order.pointer(as: UInt32.self), movedWords = words.pointer(as: UInt64.self),
      movedHashes = self.hashes.pointer(as: UInt64.self)
    var next = starts
    next.withUnsafeMutableBufferPointer { next in
      for i in 0..<n {
        let p = Int(truncatingIfNeeded: hashes[i] &>> shift)
        let at = next[p]
        next[p] = at &+ 1
        rows[at] = UInt32(truncatingIfNeeded: i)
        movedHashes[at] = hashes[i]
        for k in 0..<w { movedWords[at &* w &+ k] = from[i &* w &+ k] }
      }
    }
    self.starts = starts
    columns = batch.columns.enumerated().map { index, column in
      needed.contains(index) ? column.gathered(UnsafePointer(rows), count: n) : Vector.nulls(column.type, count: n)
    }
    nestedKeys = layout.columns.contains { $0.kind == .nested } ? keys.map { $0.gathered(UnsafePointer(rows), count: n) } : []
    self.keys = keys
  }

  /// Without what the keys hold, which many batches may share.
  var byteCount: Int { words.byteCount + hashes.byteCount + columns.reduce(0) { $0 + $1.byteCount } }

  func count(in partition: Int) -> Int { starts[partition + 1] - starts[partition] }

  /// Groups the rows of one partition.
  func update(_ groups: Groups, partition: Int, _ calls: [AggregateCall], _ scratch: inout Buffer) throws {
    let range = starts[partition]..<starts[partition + 1]
    if range.isEmpty { return }
    if layout.hasNullWords { groups.table.admitNulls() }
    var width = layout.width, words = words.pointer(as: UInt64.self) + range.lowerBound * width
    let widened: Buffer
    let nullWords = groups.table.layout.nullWords - layout.nullWords
    if nullWords > 0 {
      // encoded before the first null was seen
      widened = Buffer(zeroed: range.count * (width + nullWords) * 8)
      let wide = widened.pointer(as: UInt64.self)
      for i in 0..<range.count { for k in 0..<width { wide[i * (width + nullWords) + nullWords + k] = words[i * width + k] } }
      words = wide
      width += nullWords
    } else {
      widened = self.words
    }
    try withExtendedLifetime(widened) {
      try groups.update(
        Batch(columns.map { $0.slice(range) }, count: range.count), nestedKeys.map { $0.slice(range) }, words: words,
        hashes: hashes.pointer(as: UInt64.self) + range.lowerBound, calls, &scratch)
    }
  }
}

/// Rows of one driver whose grouping waits until all drivers are done. Where nearly every row has a group of its own, grouping by driver saves
/// nothing: the rows would be looked up twice, in tables that no cache holds. Rows that wait are looked up once, partition by partition.
struct DeferredRows {
  private(set) var batches: [PartitionedRows] = []
  private(set) var byteCount = 0
  private var heaps = Set<ObjectIdentifier>()

  mutating func append(_ rows: PartitionedRows) {
    byteCount += rows.byteCount
    for key in rows.keys { for heap in key.heap where heaps.insert(ObjectIdentifier(heap)).inserted { byteCount += heap.byteCount } }
    batches.append(rows)
  }

  /// Groups the rows of one partition that still wait.
  func update(_ groups: Groups, partition: Int, _ calls: [AggregateCall]) throws {
    let count = batches.reduce(0) { $0 + $1.count(in: partition) }
    if count == 0 { return }
    // nearly all of them are new groups
    groups.table.reserve(groups.count + count)
    var scratch = Buffer(byteCount: 0)
    for rows in batches { try rows.update(groups, partition: partition, calls, &scratch) }
  }
}
