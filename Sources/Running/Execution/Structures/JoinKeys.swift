import Values
import Vectors

/// The rows of a build side with their keys as words: what a join's table and the filters for scans are made of.
final class JoinKeys: @unchecked Sendable {
  let columns: Batch
  let layout: KeyLayout
  /// Some key of some row is null.
  let hasNulls: Bool
  /// `layout.width` words a row.
  let words: UnsafePointer<UInt64>
  let hashes: UnsafePointer<UInt64>
  /// Rows whose key equals none: with a null, or NaN, or either inside.
  let unequal: [UInt32]
  /// Bounds of a single integer key over the other rows; nil where there are none, or the key is another.
  let bounds: ClosedRange<Int64>?
  private let vectors: [Vector]
  private let hashBuffer: Buffer
  /// What keeps the words alive, and what they point at.
  let owners: [AnyObject]

  /// Rows that are encoded at once: what is written stays in a core's cache until it is copied.
  static let slice = 1 << 14

  /// `keys` are channels of `columns`.
  init(_ columns: Batch, keys: [Int], memory: MemoryPool, drivers: Int) async throws {
    let vectors = keys.map { columns.columns[$0] }, n = columns.count
    let layout = KeyLayout(vectors.map(\.type), hasNulls: false, isForJoin: true)
    try memory.reserve(n * (layout.width * 8 + 24))
    let words = Buffer(byteCount: max(n, 1) * layout.width * 8), hashes = Buffer(byteCount: max(n, 1) * 8)
    let isNested = layout.columns.contains { $0.kind == .nested }
    let encoded = try await mapInParallel((n + JoinKeys.slice - 1) / JoinKeys.slice, drivers: drivers) { index in
      let first = index * JoinKeys.slice, count = min(JoinKeys.slice, n - first)
      let encoder = KeyEncoder(layout)
      encoder.encode(vectors, from: first, count: count)
      (words.base + first * layout.width * 8).copyMemory(from: encoder.words, byteCount: count * layout.width * 8)
      (hashes.base + first * 8).copyMemory(from: encoder.hashes, byteCount: count * 8)
      return Slice(encoder, first: first, count: count, keepsEncoder: isNested)
    }
    self.columns = columns
    self.layout = layout
    self.vectors = vectors
    self.words = UnsafePointer(words.pointer(as: UInt64.self))
    self.hashes = UnsafePointer(hashes.pointer(as: UInt64.self))
    hashBuffer = hashes
    // of nested keys, the encoders hold the bytes; those of texts are the columns'
    owners = [words] + encoded.compactMap(\.encoder)
    hasNulls = encoded.contains(where: \.hasNulls)
    unequal = encoded.flatMap(\.unequal)
    let low = encoded.reduce(Int64.max) { min($0, $1.low) }, high = encoded.reduce(Int64.min) { max($0, $1.high) }
    bounds = low <= high ? low...high : nil
  }

  func vector(_ key: Int) -> Vector { vectors[key] }

  /// What one slice told.
  private struct Slice: @unchecked Sendable {
    var hasNulls: Bool
    var unequal: [UInt32]
    var low = Int64.max
    var high = Int64.min
    var encoder: KeyEncoder?

    init(_ encoder: KeyEncoder, first: Int, count: Int, keepsEncoder: Bool) {
      hasNulls = !encoder.nullRows.isEmpty
      unequal = (encoder.nullRows + encoder.unequalRows).map { $0 + UInt32(truncatingIfNeeded: first) }
      self.encoder = keepsEncoder ? encoder : nil
      guard encoder.layout.columns.count == 1, encoder.layout.columns[0].kind == .word else { return }
      // of a single key, null rows are listed in their order
      let nulls = encoder.nullRows
      var passed = 0
      for i in 0..<count {
        if passed < nulls.count && Int(nulls[passed]) == i {
          passed += 1
          continue
        }
        let key = Int64(bitPattern: encoder.words[i])
        low = min(low, key)
        high = max(high, key)
      }
    }
  }
}
