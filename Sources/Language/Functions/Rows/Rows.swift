import Values
import Vectors

/// Calls `body` with every row below `count` whose bit is set, in order. Nulls go by 64-row words: a full word takes the dense loop.
@inline(__always)
func forEachRow(_ count: Int, _ validity: UnsafePointer<UInt64>?, _ body: (Int) throws -> Void) rethrows {
  guard let validity else {
    var row = 0
    while row < count {
      try body(row)
      row &+= 1
    }
    return
  }
  var base = 0
  while base < count {
    var word = validity[base >> 6]
    let left = count &- base
    if left < 64 { word &= (1 &<< UInt64(left)) &- 1 }
    if word == ~0 {
      var row = base
      while row < base &+ 64 {
        try body(row)
        row &+= 1
      }
    } else {
      while word != 0 {
        try body(base &+ word.trailingZeroBitCount)
        word &= word &- 1
      }
    }
    base &+= 64
  }
}

extension Vector {
  /// One bit a row, whatever the encoding; nil: no row is null.
  var rowValidity: Bitmap? {
    switch encoding {
    case .flat(_, _, let validity), .list(_, _, let validity), .map(_, _, _, let validity), .row(_, let validity): return validity
    case .constant(let value): return value.isNull(at: 0) ? Bitmap(repeating: false, count: count) : nil
    case .dictionary(let indices, let values):
      guard let inner = values.rowValidity else { return nil }
      let bits = Buffer(zeroed: Bitmap.wordCount(count) * 8)
      let from = UnsafePointer(inner.pointer), to = bits.pointer(as: UInt64.self), slots = indices.pointer(as: UInt32.self)
      for row in 0..<count { to[row >> 6] |= UInt64(from.bit(Int(slots[row])).bit) &<< UInt64(row & 63) }
      return Bitmap(words: bits, count: count)
    }
  }
}

extension Bitmap {
  /// As a loop takes it.
  var readable: UnsafePointer<UInt64> { UnsafePointer(pointer) }
}

/// Collects the validity of a result row by row; no bitmap unless a row is null.
struct ValidityWriter {
  private var bits: Buffer?
  let count: Int

  init(count: Int) { self.count = count }

  mutating func setNull(_ row: Int) {
    if bits == nil { bits = Bitmap(repeating: true, count: count).words }
    bits?.pointer(as: UInt64.self).clearBit(row)
  }

  var bitmap: Bitmap? { bits.map { Bitmap(words: $0, count: count) } }
}
