import Values
import Vectors

/// Keys in rows of words, as `KeyLayout` lays them out.
enum KeyRows {
  /// Equality of rows whose words may differ in the addresses of equal texts.
  @inline(__always)
  static func equal(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ layout: KeyLayout) -> Bool {
    equal(a, b, width: layout.width, tails: layout.tailMask, layout)
  }

  @inline(__always)
  static func equal(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, width: Int, tails: UInt64, _ layout: KeyLayout) -> Bool {
    for k in 0..<width where a[k] != b[k] {
      let isTail = k < 64 ? (tails >> UInt64(k)) & 1 != 0 : layout.isTail(k)
      if !isTail || a[k &- 1] & 0xFFFF_FFFF <= 12 { return false }
      if !(Bytes(head: a[k &- 1], tail: a[k]) == Bytes(head: b[k &- 1], tail: b[k])) { return false }
    }
    return true
  }

  /// One key column of contiguous rows as a vector.
  static func vector(
    of column: KeyLayout.Column, _ index: Int, rows: UnsafePointer<UInt64>, count n: Int, _ layout: KeyLayout, heap: [Buffer]
  ) -> Vector {
    let type = column.type, w = layout.width, width = type.layout.width
    let values = Buffer(byteCount: n * width)
    let from = rows + column.offset
    switch width {
    case 1:
      let to = values.pointer(as: UInt8.self)
      for i in 0..<n { to[i] = UInt8(truncatingIfNeeded: from[i &* w]) }
    case 2:
      let to = values.pointer(as: UInt16.self)
      for i in 0..<n { to[i] = UInt16(truncatingIfNeeded: from[i &* w]) }
    case 4:
      let to = values.pointer(as: UInt32.self)
      for i in 0..<n { to[i] = UInt32(truncatingIfNeeded: from[i &* w]) }
    case 8:
      let to = values.pointer(as: UInt64.self)
      for i in 0..<n { to[i] = from[i &* w] }
    default:
      let to = values.pointer(as: SIMD2<UInt64>.self)
      for i in 0..<n { to[i] = SIMD2(from[i &* w], from[i &* w &+ 1]) }
    }
    var validity: Bitmap?
    if layout.hasNullWords {
      let words = Buffer(zeroed: Bitmap.wordCount(n) * 8)
      let bits = words.pointer(as: UInt64.self)
      var valid = 0
      for i in 0..<n {
        let bit = ~(rows[i &* w &+ (index >> 6)] >> UInt64(index & 63)) & 1
        bits[i >> 6] |= bit << UInt64(i & 63)
        valid += Int(bit)
      }
      if valid < n { validity = Bitmap(words: words, count: n) }
    }
    return .flat(type, count: n, values: values, heap: type.layout == .bytes ? heap : [], validity: validity)
  }
}
