import Values
import Vectors

/// UTF-8 text as code points. Bytes that are no valid sequence count as one code point each and decode to U+FFFD.
extension CodePoints {
  @inline(__always) static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var bits: UInt64 = 0
    var i = 0
    while i &+ 8 <= bytes.count {
      bits |= bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      i &+= 8
    }
    while i < bytes.count {
      bits |= UInt64(bytes[i]) << 56
      i &+= 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
  }

  /// Bytes that begin a code point.
  static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    var continuations = 0
    var i = 0
    while i &+ 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      // 10xxxxxx: the top bit set, the next one clear
      continuations &+= (word & ~(word &<< 1) & 0x8080_8080_8080_8080).nonzeroBitCount
      i &+= 8
    }
    while i < bytes.count {
      continuations &+= isContinuation(bytes[i]).bit
      i &+= 1
    }
    return bytes.count &- continuations
  }

  /// Where code point `index` (from 0) begins; the end for the one past the last; nil beyond.
  static func offset(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int? {
    if index < 0 { return nil }
    var left = index, i = 0
    while i < bytes.count {
      if !isContinuation(bytes[i]) {
        if left == 0 { return i }
        left &-= 1
      }
      i &+= 1
    }
    return left == 0 ? i : nil
  }

  /// The code point at `i`, which moves past it.
  @inline(__always)
  static func next(_ bytes: UnsafeRawBufferPointer, _ i: inout Int) -> UInt32 {
    let first = bytes[i]
    i &+= 1
    if first < 0x80 { return UInt32(first) }
    let length = first < 0xC2 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : 0
    if length == 0 || i &+ length > bytes.count { return 0xFFFD }
    var value = UInt32(first) & (0x3F >> UInt32(length))
    for k in 0..<length {
      let byte = bytes[i &+ k]
      if !isContinuation(byte) { return 0xFFFD }
      value = value &<< 6 | UInt32(byte & 0x3F)
    }
    if (length == 2 && (value < 0x800 || (value >= 0xD800 && value < 0xE000))) || (length == 3 && (value < 0x10000 || value > 0x10FFFF)) {
      return 0xFFFD
    }
    i &+= length
    return value
  }

  static func array(_ text: Bytes) -> [UInt32] {
    text.withBytes { bytes in
      var all: [UInt32] = []
      all.reserveCapacity(bytes.count)
      var i = 0
      while i < bytes.count { all.append(next(bytes, &i)) }
      return all
    }
  }

  /// Whitespace that TRIM takes away: Java's notion, which leaves no-break spaces alone.
  static func isWhitespace(_ c: UInt32) -> Bool {
    switch c {
    case 9...13, 0x1C...0x20, 0x1680, 0x2000...0x2006, 0x2008...0x200A, 0x2028, 0x2029, 0x205F, 0x3000: true
    default: false
    }
  }

  /// One code point to one code point; those whose mapping is longer stay, as in Java's `Character`.
  static func lowered(_ c: UInt32) -> UInt32 {
    if c < 0x80 { return c >= 65 && c <= 90 ? c + 32 : c }
    guard let scalar = Unicode.Scalar(c) else { return c }
    return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? c
  }

  static func raised(_ c: UInt32) -> UInt32 {
    if c < 0x80 { return c >= 97 && c <= 122 ? c - 32 : c }
    guard let scalar = Unicode.Scalar(c) else { return c }
    let mapped = scalar.properties.uppercaseMapping.unicodeScalars
    return mapped.count == 1 ? mapped.first?.value ?? c : c
  }

  /// Whether the code point starts a word in upper case and goes on in lower case.
  static func isLetterOrDigit(_ c: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(c) else { return false }
    if c < 0x80 { return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return true
    default: return false
    }
  }
}

extension Bytes {
  /// A view of some of these bytes: no copy, the memory is the same.
  @inline(__always)
  func part(_ range: Range<Int>) -> Bytes {
    withBytes { bytes in
      guard let base = bytes.baseAddress, !range.isEmpty else { return .empty }
      return Bytes(base + range.lowerBound, count: range.count)
    }
  }

  /// First place of `needle` at or after `start`, in bytes.
  func find(_ needle: Bytes, from start: Int = 0) -> Int? {
    withBytes { bytes in
      needle.withBytes { wanted in Search.first(UnsafeRawBufferPointer(rebasing: bytes[start...]), wanted).map { $0 + start } }
    }
  }
}
