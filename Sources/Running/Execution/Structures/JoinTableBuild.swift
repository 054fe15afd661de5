import CVectors
import Vectors

/// Makes the chains of a join's table, on several threads where there are many rows.
///
///     keys ─▶ per slice: row numbers dealt out by part ─▶ per part: its heads and chains
///
/// A part is a range of `heads`, so that no two threads write the same words; rows of a chain keep their order, so that the table is the same
/// however many threads made it.
final class JoinTableBuild: @unchecked Sendable {
  private let keys: JoinKeys
  private let slots: JoinTable.Slots
  private let heads: Buffer
  private let nexts: Buffer
  private let isSkipped: [Bool]
  /// Independent pieces of the work.
  let parts: Int
  /// Of a slot's number, what is left of it is the part's.
  private let shift: Int
  private var dealt: [Dealt] = []

  /// A slice's rows, those of part 0 first; part p's start at `starts[p]`.
  private struct Dealt: @unchecked Sendable {
    var rows: Buffer
    var starts: [Int]
  }

  /// Fewer rows are not worth dealing out.
  static let least = 1 << 16

  init(_ keys: JoinKeys, drivers: Int) async throws {
    self.keys = keys
    let n = keys.columns.count, isChained = n > 0 && !keys.layout.columns.isEmpty
    // a single empty chain where there is nothing to look up
    var size = isChained ? 1024 : 1
    if isChained, let bounds = keys.bounds, let range = JoinTableBuild.dense(bounds, n) {
      slots = .dense(low: bounds.lowerBound, range: range)
      size = Int(range)
    } else {
      while isChained && size < n * 2 { size *= 2 }
      slots = .hashed(mask: size - 1)
    }
    heads = Buffer(zeroed: size * 4)
    nexts = Buffer(byteCount: isChained ? n * 4 : 0)
    var skipped = [Bool]()
    if isChained && !keys.unequal.isEmpty {
      skipped = [Bool](repeating: false, count: n)
      for row in keys.unequal { skipped[Int(row)] = true }
    }
    isSkipped = skipped
    guard isChained else {
      (parts, shift) = (0, 0)
      return
    }
    guard drivers > 1, n >= JoinTableBuild.least else {
      (parts, shift) = (1, Int.bitWidth)
      return
    }
    // some more than there are threads, since ranges of dense keys are not equally full
    let bits = Int.bitWidth - (min(drivers, 16) * 4 - 1).leadingZeroBitCount
    shift = max(0, Int.bitWidth - (size - 1).leadingZeroBitCount - bits)
    let (parts, shift) = (((size - 1) >> shift) + 1, shift)
    self.parts = parts
    let slots = slots, isSkippedRow = skipped
    dealt = try await mapInParallel((n + JoinKeys.slice - 1) / JoinKeys.slice, drivers: drivers) { index in
      let first = index * JoinKeys.slice
      return JoinTableBuild.deal(first..<min(n, first + JoinKeys.slice), keys, slots, isSkippedRow, parts, shift)
    }
  }

  /// How many keys lie within the bounds, if a place for each is not too much.
  private static func dense(_ bounds: ClosedRange<Int64>, _ rows: Int) -> UInt64? {
    let (span, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    return overflow || span >= Int64(rows) * 8 + 1024 || span > 1 << 31 ? nil : UInt64(span) + 1
  }

  /// Makes one part's chains. Each is made once, on any thread.
  func link(_ part: Int) -> Bool {
    if dealt.isEmpty { return linkAll() }
    var isUnique = true
    for slice in dealt.reversed() {
      let first = slice.starts[part], count = slice.starts[part + 1] - first
      let rows = UnsafePointer(slice.rows.pointer(as: UInt32.self) + first)
      isUnique = link(count) { Int(rows[$0]) } && isUnique
    }
    return isUnique
  }

  private func linkAll() -> Bool {
    if isSkipped.isEmpty { return link(keys.columns.count) { $0 } }
    let rows = isSkipped.indices.filter { !isSkipped[$0] }
    return link(rows.count) { rows[$0] }
  }

  /// Puts rows in front of their chains, the last one first. Answers whether none found one there.
  @inline(__always)
  private func link(_ count: Int, _ row: (Int) -> Int) -> Bool {
    let h = heads.pointer(as: UInt32.self), next = nexts.pointer(as: UInt32.self)
    var taken: UInt32 = 0
    switch slots {
    case .dense(let low, _):
      let words = keys.words
      for k in stride(from: count - 1, through: 0, by: -1) {
        let i = row(k)
        let slot = Int(truncatingIfNeeded: Int64(bitPattern: words[i]) &- low)
        let head = h[slot]
        taken |= head
        next[i] = head
        h[slot] = UInt32(truncatingIfNeeded: i &+ 1)
      }
    case .hashed(let mask):
      let hashes = keys.hashes, distance = 16
      for k in stride(from: count - 1, through: 0, by: -1) {
        if k >= distance { mp_prefetch_write(h + (Int(truncatingIfNeeded: hashes[row(k &- distance)]) & mask)) }
        let i = row(k)
        let slot = Int(truncatingIfNeeded: hashes[i]) & mask
        next[i] = h[slot]
        h[slot] = UInt32(truncatingIfNeeded: i &+ 1)
      }
      // chains mix keys that share a slot, so uniqueness of keys is not known here
      return false
    }
    return taken == 0
  }

  func table(isUnique: Bool) -> JoinTable {
    JoinTable(keys, slots: slots, heads: heads, nexts: nexts, isUnique: isUnique)
  }

  private static func deal(_ range: Range<Int>, _ keys: JoinKeys, _ slots: JoinTable.Slots, _ isSkipped: [Bool], _ parts: Int, _ shift: Int)
    -> Dealt
  {
    let numbers = Buffer(byteCount: range.count), part = numbers.pointer(as: UInt8.self)
    switch slots {
    case .dense(let low, _):
      for i in range {
        part[i &- range.lowerBound] = UInt8(truncatingIfNeeded: Int(truncatingIfNeeded: Int64(bitPattern: keys.words[i]) &- low) >> shift)
      }
    case .hashed(let mask):
      for i in range { part[i &- range.lowerBound] = UInt8(truncatingIfNeeded: (Int(truncatingIfNeeded: keys.hashes[i]) & mask) >> shift) }
    }
    var counts = [Int](repeating: 0, count: parts)
    let skips = !isSkipped.isEmpty
    for k in 0..<range.count where !skips || !isSkipped[range.lowerBound &+ k] { counts[Int(part[k])] &+= 1 }
    var starts = [0]
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    let out = Buffer(byteCount: range.count * 4), rows = out.pointer(as: UInt32.self)
    var places = starts
    for k in 0..<range.count where !skips || !isSkipped[range.lowerBound &+ k] {
      let p = Int(part[k])
      rows[places[p]] = UInt32(truncatingIfNeeded: range.lowerBound &+ k)
      places[p] &+= 1
    }
    return Dealt(rows: out, starts: starts)
  }
}
