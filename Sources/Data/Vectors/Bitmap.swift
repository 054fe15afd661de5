/// One bit a row, least significant first in 64-row words; a set bit means valid (or selected). Bits past `count` are undefined.
public struct Bitmap: Sendable {
  public let words: Buffer
  public let count: Int

  public init(words: Buffer, count: Int) {
    self.words = words
    self.count = count
  }

  public init(repeating value: Bool, count: Int) {
    words = Buffer(byteCount: Bitmap.wordCount(count) * 8)
    let p = words.pointer(as: UInt64.self)
    for i in 0..<Bitmap.wordCount(count) { p[i] = value ? ~0 : 0 }
    self.count = count
  }

  @inlinable public static func wordCount(_ rows: Int) -> Int { (rows + 63) >> 6 }

  @inlinable public var pointer: UnsafeMutablePointer<UInt64> { words.pointer(as: UInt64.self) }

  @inlinable public subscript(row: Int) -> Bool { (pointer[row >> 6] >> UInt64(row & 63)) & 1 != 0 }

  /// How many of the rows are set.
  public var population: Int {
    let p = pointer
    var sum = 0
    for i in 0..<(count >> 6) { sum += p[i].nonzeroBitCount }
    if count & 63 != 0 { sum += (p[count >> 6] & ((1 << UInt64(count & 63)) - 1)).nonzeroBitCount }
    return sum
  }

  /// Rows valid in both. nil is "all valid".
  public static func both(_ a: Bitmap?, _ b: Bitmap?) -> Bitmap? {
    guard let a else { return b }
    guard let b else { return a }
    let result = Bitmap(words: Buffer(byteCount: wordCount(a.count) * 8), count: a.count)
    let x = a.pointer, y = b.pointer, z = result.pointer
    for i in 0..<wordCount(a.count) { z[i] = x[i] & y[i] }
    return result
  }
}

extension UnsafeMutablePointer where Pointee == UInt64 {
  @inlinable package func setBit(_ row: Int) { self[row >> 6] |= 1 << UInt64(row & 63) }
  @inlinable package func clearBit(_ row: Int) { self[row >> 6] &= ~(1 << UInt64(row & 63)) }
}

extension UnsafePointer where Pointee == UInt64 {
  @inlinable package func bit(_ row: Int) -> Bool { (self[row >> 6] >> UInt64(row & 63)) & 1 != 0 }
}

extension Bool {
  /// 0 or 1 without a branch: what makes filters free of mispredictions.
  @inlinable @inline(__always) package var bit: Int { Int(truncatingIfNeeded: unsafeBitCast(self, to: UInt8.self)) }
}
