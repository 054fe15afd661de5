import CVectors
import Glibc

/// The RLE / bit-packed hybrid: dictionary indices, levels, booleans. A value, streamed: callers take as many values as they need.
///
///     run = varint header │ header·1 = 0: repeated (header >> 1) times: value in ⌈width / 8⌉ bytes, little-endian
///                         │ header·1 = 1: (header >> 1) groups of 8 values, `width` bits each, least significant bit first
///
/// The source is readable 64 bytes past `end`.
struct HybridDecoder {
  private var next: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  private let width: Int
  /// Values left of a repeated run.
  private var repeated = 0
  private var value: UInt32 = 0
  /// A bit-packed run: values taken and values there.
  private var packed: UnsafePointer<UInt8>
  private var taken = 0
  private var packedCount = 0

  init(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, width: Int) throws(Malformed) {
    guard width <= 32 else { throw Malformed("values of \(width) bits") }
    next = start
    self.end = end
    self.width = width
    packed = start
  }

  /// `count` values packed without headers, as if they were one run.
  init(packed start: UnsafePointer<UInt8>, byteCount: Int, width: Int, count: Int) {
    next = start + byteCount
    end = next
    self.width = width
    packed = start
    packedCount = count
  }

  /// How many of the next values are known to be equal, and to what.
  var run: (count: Int, value: UInt32) { (repeated, value) }

  private mutating func nextRun() throws(Malformed) {
    var header: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard next < end, shift < 35 else { throw Malformed("a run of values ends early") }
      let byte = next.pointee
      next += 1
      header |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    let amount = Int(header >> 1)
    if header & 1 == 0 {
      let bytes = (width + 7) >> 3
      guard end - next >= bytes else { throw Malformed("a run of values ends early") }
      value = UnsafeRawPointer(next).loadUnaligned(as: UInt32.self)
      if bytes < 4 { value &= (1 << UInt32(bytes * 8)) &- 1 }
      if width < 32 && value >> UInt32(width) != 0 { throw Malformed("a repeated value has more than \(width) bits") }
      next += bytes
      repeated = amount
    } else {
      // the last run may be cut at the end of the page: only what is there counts
      let there = end - next
      if amount * width <= there {
        packedCount = amount * 8
        packed = next
        next += amount * width
      } else {
        packedCount = there * 8 / max(width, 1)
        packed = next
        next = end
      }
      taken = 0
    }
    if amount == 0 { emptyRuns += 1 } else { emptyRuns = 0 }
    if emptyRuns > 1 << 16 { throw Malformed("endless empty runs") }
  }

  private var emptyRuns = 0

  /// `out` has room for `count` values and 8 more.
  mutating func read(into out: UnsafeMutablePointer<UInt32>, count: Int) throws(Malformed) {
    if width == 0 {
      out.update(repeating: 0, count: count)
      return
    }
    var done = 0
    while done < count {
      if repeated > 0 {
        let n = min(repeated, count - done)
        (out + done).update(repeating: value, count: n)
        repeated -= n
        done += n
      } else if taken < packedCount {
        let n = min(packedCount - taken, count - done)
        unpack(into: out + done, count: n)
        done += n
      } else {
        try nextRun()
      }
    }
  }

  /// From the bit-packed run: `count` is at most what it holds.
  private mutating func unpack(into out: UnsafeMutablePointer<UInt32>, count: Int) {
    var target = out
    var left = count
    if taken & 7 != 0 {
      // the rest of a group of eight
      let mask = width == 32 ? UInt64(UInt32.max) : (1 << UInt64(width)) - 1
      while left > 0 && taken & 7 != 0 {
        let bit = taken * width
        let word = UnsafeRawPointer(packed + bit >> 3).loadUnaligned(as: UInt64.self)
        target.pointee = UInt32(truncatingIfNeeded: (word >> UInt64(bit & 7)) & mask)
        target += 1
        taken += 1
        left -= 1
      }
    }
    if left > 0 {
      let from = packed + (taken >> 3) * width
      _ = mp_unpack32(from, (end - from) + 32, UInt32(width), left, target)
      taken += left
    }
  }

  mutating func skip(_ count: Int) throws(Malformed) {
    if width == 0 { return }
    var left = count
    while left > 0 {
      if repeated > 0 {
        let n = min(repeated, left)
        repeated -= n
        left -= n
      } else if taken < packedCount {
        let n = min(packedCount - taken, left)
        taken += n
        left -= n
      } else {
        try nextRun()
      }
    }
  }
}

// One-bit values: definition levels of flat columns are their validity.
extension HybridDecoder {
  /// Takes `count` values if they are known to be all ones without looking at each.
  mutating func takeOnes(_ count: Int) throws(Malformed) -> Bool {
    while repeated == 0 && taken == packedCount { try nextRun() }
    guard repeated >= count && value == 1 else { return false }
    repeated -= count
    return true
  }

  /// Writes `count` bits from bit `start` of `words` on, and says how many are set. Only the bits named are changed.
  mutating func readBits(into words: UnsafeMutablePointer<UInt64>, at start: Int, count: Int) throws(Malformed) -> Int {
    var done = 0
    var set = 0
    while done < count {
      if repeated > 0 {
        let n = min(repeated, count - done)
        words.fillBits(start + done, n, with: value != 0)
        if value != 0 { set += n }
        repeated -= n
        done += n
      } else if taken < packedCount {
        let n = min(packedCount - taken, count - done)
        set += words.copyBits(from: packed, at: taken, to: start + done, count: n)
        taken += n
        done += n
      } else {
        try nextRun()
      }
    }
    return set
  }

  /// Passes `count` bits and says how many of them are set.
  mutating func skipBits(_ count: Int) throws(Malformed) -> Int {
    var left = count
    var set = 0
    while left > 0 {
      if repeated > 0 {
        let n = min(repeated, left)
        if value != 0 { set += n }
        repeated -= n
        left -= n
      } else if taken < packedCount {
        let n = min(packedCount - taken, left)
        set += countBits(packed, at: taken, count: n)
        taken += n
        left -= n
      } else {
        try nextRun()
      }
    }
    return set
  }
}
