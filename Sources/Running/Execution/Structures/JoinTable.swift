import CVectors
import Federation
import Values
import Vectors

/// The built side of a join: its rows as columns, and chains of row numbers by key.
///
///     heads: [ row + 1 of the first row with this hash, 0 = none ]      next: [ row + 1 of the next one ]
///
/// Dense integer keys (range ≤ 8 × rows) index `heads` directly, without hash or comparison. Rows with a null key are in the columns (a full join
/// still yields them) but in no chain. Immutable, shared by all probing drivers; `JoinTableBuild` makes it.
final class JoinTable: @unchecked Sendable {
  let columns: Batch
  let layout: KeyLayout
  /// Some key of some row is null.
  let hasNullKeys: Bool
  /// Rows in no chain but perhaps one: every key occurs once.
  let isUnique: Bool
  private let heads: Buffer
  private let nexts: Buffer
  let keyRows: UnsafePointer<UInt64>
  /// What `keyRows` is, and points at.
  private let owners: [AnyObject]
  private let slots: Slots

  /// Where a key's chain starts.
  enum Slots {
    case dense(low: Int64, range: UInt64)
    /// The hash's lowest bits.
    case hashed(mask: Int)
  }

  var count: Int { columns.count }
  var isEmpty: Bool { columns.count == 0 }

  init(_ keys: JoinKeys, slots: Slots, heads: Buffer, nexts: Buffer, isUnique: Bool) {
    columns = keys.columns
    layout = keys.layout
    hasNullKeys = keys.hasNulls
    keyRows = keys.words
    owners = keys.owners
    self.slots = slots
    self.heads = heads
    self.nexts = nexts
    self.isUnique = isUnique
  }

  /// First candidate (row + 1) of every probe row: 0 where nothing can match.
  func start(_ encoder: KeyEncoder, count n: Int, into candidates: UnsafeMutablePointer<UInt32>) {
    if isEmpty {
      for i in 0..<n { candidates[i] = 0 }
      return
    }
    let h = heads.pointer(as: UInt32.self)
    switch slots {
    case .dense(let low, let range):
      let words = encoder.words
      for i in 0..<n {
        let slot = words[i] &- UInt64(bitPattern: low)
        candidates[i] = slot < range ? h[Int(truncatingIfNeeded: slot)] : 0
      }
    case .hashed(let mask):
      let hashes = encoder.hashes
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
    if isDense { return true }
    let row = keyRows + Int(candidate &- 1) &* layout.width
    if layout.width == 1 { return row[0] == key[0] }
    var k = 0
    while k < layout.width && row[k] == key[k] { k &+= 1 }
    return k == layout.width || (!layout.isPlain && KeyRows.equal(row, key, layout))
  }

  @inline(__always)
  func next(_ candidate: UInt32) -> UInt32 { nexts.pointer(as: UInt32.self)[Int(candidate &- 1)] }

  var isDense: Bool { if case .dense = slots { true } else { false } }
  var chain: UnsafePointer<UInt32> { UnsafePointer(nexts.pointer(as: UInt32.self)) }
}
