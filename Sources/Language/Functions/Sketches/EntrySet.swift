import Vectors

/// Tells which entries of a HyperLogLog counter are repetitions: an open-addressing table that is emptied each time.
///
/// Entries are alike if their upper 26 bits are; the larger of two, by the lower 6, stays.
struct EntrySet {
  /// The place of an entry in the list, plus one; zero is empty.
  private let table: Buffer

  /// For lists of at most this many entries, at most 2^15.
  init(capacity: Int) { table = Buffer(byteCount: EntrySet.places(for: capacity) * 2) }

  private static func places(for count: Int) -> Int { 1 << (Int.bitWidth - (count * 2 - 1).leadingZeroBitCount) }

  /// Whether no two of few entries meet in a table of bits: found without a branch an entry, and mostly so where none is repeated.
  ///
  /// 128 bits for each: 16 entries meet once in 17 times, 64 once in 4.
  private func areSurelyDifferent(_ entries: UnsafeMutableBufferPointer<UInt32>) -> Bool {
    if entries.count > 64 { return false }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { bits in
      let words = EntrySet.places(for: entries.count), mask = words &- 1
      bits.baseAddress?.update(repeating: 0, count: words)
      var met: UInt64 = 0
      for entry in entries {
        let mixed = (entry &>> 6) &* 0x9E37_79B1 &>> 8
        let word = Int(truncatingIfNeeded: mixed) & mask, bit = UInt64(mixed &>> 16) & 63
        let old = bits[word]
        met |= old &>> bit
        bits[word] = old | 1 &<< bit
      }
      return met & 1 == 0
    }
  }

  /// Moves different entries to the front, in order of arrival; returns how many there are.
  func unique(_ entries: UnsafeMutableBufferPointer<UInt32>) -> Int {
    if entries.count < 2 || areSurelyDifferent(entries) { return entries.count }
    let places = EntrySet.places(for: entries.count), mask = places &- 1
    let table = table.pointer(as: UInt16.self)
    table.update(repeating: 0, count: places)
    var found = 0
    for entry in entries {
      var at = Int(truncatingIfNeeded: (entry &>> 6) &* 0x9E37_79B1 &>> 8) & mask
      while true {
        let known = Int(table[at])
        if known == 0 {
          entries[found] = entry
          found &+= 1
          table[at] = UInt16(truncatingIfNeeded: found)
          break
        }
        if entries[known &- 1] &>> 6 == entry &>> 6 {
          entries[known &- 1] = max(entries[known &- 1], entry)
          break
        }
        at = (at &+ 1) & mask
      }
    }
    return found
  }
}
