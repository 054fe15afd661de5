import CVectors
import Federation
import Values
import Vectors

/// The built side of a join: its rows as columns, and chains of row numbers by key.
///
///     heads: [ row + 1 of the first row with this hash, 0 = none ]      next: [ row + 1 of the next one ]
///
/// Dense integer keys (range ≤ 8 × rows) index `heads` directly, without hash or comparison. Rows with a null key are in the columns (a full join
/// still yields them) but in no chain. Immutable once built, shared by all probing drivers.
final class JoinTable: @unchecked Sendable {
  let columns: Batch
  let layout: KeyLayout
  /// Some key of some row is null.
  let hasNullKeys: Bool
  /// Rows in no chain but perhaps one: every key occurs once.
  private(set) var isUnique = true
  private var heads = Buffer(byteCount: 0)
  private var nexts = Buffer(byteCount: 0)
  private let rows: UnsafeMutablePointer<UInt64>
  private let rowBuffer: Buffer
  private var mask = 0
  private var dense: (low: Int64, range: UInt64)?
  private(set) var byteCount = 0
  private let keys: [Vector]

  var count: Int { columns.count }
  var isEmpty: Bool { columns.count == 0 }

  /// `keys` are channels of `columns`.
  init(_ columns: Batch, keys: [Int], memory: MemoryPool, allowsDense: Bool = true) throws {
    self.columns = columns
    let vectors = keys.map { columns.columns[$0] }
    self.keys = vectors
    layout = KeyLayout(vectors.map(\.type), hasNulls: false, isForJoin: true)
    let n = columns.count
    let encoder = KeyEncoder(layout)
    try memory.reserve(n * (layout.width * 8 + 24))
    encoder.encode(vectors, count: n)
    hasNullKeys = !encoder.nullRows.isEmpty
    rowBuffer = Buffer(byteCount: max(n, 1) * layout.width * 8)
    rows = rowBuffer.pointer(as: UInt64.self)
    rowBuffer.base.copyMemory(from: encoder.words, byteCount: n * layout.width * 8)
    ownedNested = encoder
    if keys.isEmpty || n == 0 { return }
    nexts = Buffer(byteCount: n * 4)
    var isNull = [Bool]()
    if hasNullKeys || !encoder.unequalRows.isEmpty {
      isNull = [Bool](repeating: false, count: n)
      for row in encoder.nullRows + encoder.unequalRows { isNull[Int(row)] = true }
    }
    if allowsDense && layout.columns.count == 1 && layout.columns[0].kind == .word { buildDense(n, isNull) }
    if dense == nil { buildHashed(encoder.hashes, n, isNull) }
    byteCount = heads.byteCount + nexts.byteCount + rowBuffer.byteCount
  }
  private let ownedNested: KeyEncoder

  private func buildDense(_ n: Int, _ isNull: [Bool]) {
    var low = Int64.max, high = Int64.min
    for i in 0..<n where isNull.isEmpty || !isNull[i] {
      let key = Int64(bitPattern: rows[i])
      low = min(low, key)
      high = max(high, key)
    }
    if low > high { return }
    let (span, overflow) = high.subtractingReportingOverflow(low)
    if overflow || span >= Int64(n) * 8 + 1024 || span > 1 << 31 { return }
    dense = (low, UInt64(span) + 1)
    heads = Buffer(zeroed: (Int(span) + 1) * 4)
    let h = heads.pointer(as: UInt32.self), next = nexts.pointer(as: UInt32.self)
    var unique = true
    for i in stride(from: n - 1, through: 0, by: -1) where isNull.isEmpty || !isNull[i] {
      let slot = Int(truncatingIfNeeded: Int64(bitPattern: rows[i]) &- low)
      next[i] = h[slot]
      unique = unique && h[slot] == 0
      h[slot] = UInt32(truncatingIfNeeded: i &+ 1)
    }
    isUnique = unique
  }

  private func buildHashed(_ hashes: UnsafePointer<UInt64>, _ n: Int, _ isNull: [Bool]) {
    var size = 1024
    while size < n * 2 { size *= 2 }
    mask = size - 1
    heads = Buffer(zeroed: size * 4)
    let h = heads.pointer(as: UInt32.self), next = nexts.pointer(as: UInt32.self)
    let distance = 16
    for i in stride(from: n - 1, through: 0, by: -1) {
      if i >= distance { mp_prefetch_write(h + (Int(truncatingIfNeeded: hashes[i &- distance]) & mask)) }
      if !isNull.isEmpty && isNull[i] { continue }
      let slot = Int(truncatingIfNeeded: hashes[i]) & mask
      next[i] = h[slot]
      h[slot] = UInt32(truncatingIfNeeded: i &+ 1)
    }
    // chains mix keys that share a slot, so uniqueness of keys is not known here
    isUnique = false
  }

  /// First candidate (row + 1) of every probe row: 0 where nothing can match.
  func start(_ encoder: KeyEncoder, count n: Int, into candidates: UnsafeMutablePointer<UInt32>) {
    if isEmpty {
      for i in 0..<n { candidates[i] = 0 }
      return
    }
    let h = heads.pointer(as: UInt32.self)
    if let (low, range) = dense {
      let words = encoder.words
      for i in 0..<n {
        let slot = words[i] &- UInt64(bitPattern: low)
        candidates[i] = slot < range ? h[Int(truncatingIfNeeded: slot)] : 0
      }
    } else {
      let hashes = encoder.hashes, mask = mask
      if mask > 1 << 14 {
        let distance = 24
        for i in 0..<min(distance, n) { mp_prefetch(h + (Int(truncatingIfNeeded: hashes[i]) & mask)) }
        for i in 0..<n {
          if i &+ distance < n { mp_prefetch(h + (Int(truncatingIfNeeded: hashes[i &+ distance]) & mask)) }
          candidates[i] = h[Int(truncatingIfNeeded: hashes[i]) & mask]
        }
      } else {
        for i in 0..<n { candidates[i] = h[Int(truncatingIfNeeded: hashes[i]) & mask] }
      }
    }
    for row in encoder.nullRows { candidates[Int(row)] = 0 }
    for row in encoder.unequalRows { candidates[Int(row)] = 0 }
  }

  /// Whether a candidate's key really is the probe row's; always true for direct-address tables.
  @inline(__always)
  func matches(_ candidate: UInt32, _ key: UnsafePointer<UInt64>) -> Bool {
    if dense != nil { return true }
    let row = rows + Int(candidate &- 1) &* layout.width
    if layout.width == 1 { return row[0] == key[0] }
    var k = 0
    while k < layout.width && row[k] == key[k] { k &+= 1 }
    return k == layout.width || (!layout.isPlain && KeyRows.equal(row, key, layout))
  }

  @inline(__always)
  func next(_ candidate: UInt32) -> UInt32 { nexts.pointer(as: UInt32.self)[Int(candidate &- 1)] }

  func keyVectors(_ key: Int) -> Vector { keys[key] }
  var isDense: Bool { dense != nil }
  var chain: UnsafePointer<UInt32> { UnsafePointer(nexts.pointer(as: UInt32.self)) }
  var keyRows: UnsafePointer<UInt64> { UnsafePointer(rows) }
}
