import Vectors

/// JSON texts, byte by byte.
extension TextWriter {
  /// A quoted string. What is no valid UTF-8 is repaired: one bad value of a source must not make a whole page unreadable.
  mutating func writeJSON(string raw: UnsafeRawBufferPointer) {
    write(0x22)
    if TextWriter.isPlain(raw) {
      write(raw)
    } else if String(validating: raw, as: UTF8.self) != nil {
      writeEscaped(raw)
    } else {
      var repaired = String(decoding: raw, as: UTF8.self)
      repaired.withUTF8 { writeEscaped(UnsafeRawBufferPointer($0)) }
    }
    write(0x22)
  }

  mutating func writeJSON(string: String) {
    var string = string
    string.withUTF8 { writeJSON(string: UnsafeRawBufferPointer($0)) }
  }

  mutating func writeJSON(string: Bytes) { string.withBytes { writeJSON(string: $0) } }

  /// A number; what JSON has no number for is a string, as Presto's clients read it.
  mutating func writeJSON(number value: Double) {
    if value.isFinite {
      write(value.description)
    } else {
      write(value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }

  mutating func writeJSON(number value: Float) {
    if value.isFinite {
      write(value.description)
    } else {
      write(value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }

  /// A quoted base64 string.
  mutating func writeBase64(_ raw: UnsafeRawBufferPointer) {
    write(0x22)
    var i = 0
    while i < raw.count {
      let left = raw.count - i
      let first = UInt32(raw[i]) << 16
      let second = left > 1 ? UInt32(raw[i + 1]) << 8 : 0
      let third = left > 2 ? UInt32(raw[i + 2]) : 0
      let group = first | second | third
      write(TextWriter.base64(group >> 18))
      write(TextWriter.base64(group >> 12))
      write(left > 1 ? TextWriter.base64(group >> 6) : 0x3D)
      write(left > 2 ? TextWriter.base64(group) : 0x3D)
      i += 3
    }
    write(0x22)
  }

  private static func base64(_ bits: UInt32) -> UInt8 {
    let six = UInt8(truncatingIfNeeded: bits & 63)
    switch six {
    case 0..<26: return 0x41 + six
    case 26..<52: return 0x61 + six - 26
    case 52..<62: return 0x30 + six - 52
    case 62: return 0x2B
    default: return 0x2F
    }
  }

  /// Whether all bytes are ASCII that JSON takes as it is; eight bytes at a time.
  private static func isPlain(_ raw: UnsafeRawBufferPointer) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var found: UInt64 = 0
    var i = 0
    while i + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      let quote = word ^ (ones &* 0x22), slash = word ^ (ones &* 0x5C)
      // the classic tests: a byte below 0x20, a byte that is zero after the exclusive or
      found |= ((word &- ones &* 0x20) | (quote &- ones) | (slash &- ones) | word) & tops
      i += 8
    }
    if found != 0 { return false }
    while i < raw.count {
      let byte = raw[i]
      if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { return false }
      i += 1
    }
    return true
  }

  private mutating func writeEscaped(_ raw: UnsafeRawBufferPointer) {
    var start = 0
    for i in 0..<raw.count {
      let byte = raw[i]
      if byte >= 0x20 && byte != 0x22 && byte != 0x5C { continue }
      write(UnsafeRawBufferPointer(rebasing: raw[start..<i]))
      start = i + 1
      switch byte {
      case 0x22: write("\\\"")
      case 0x5C: write("\\\\")
      case 0x0A: write("\\n")
      case 0x0D: write("\\r")
      case 0x09: write("\\t")
      default:
        write("\\u00")
        IdentifierText.writeHex(byte, &self)
      }
    }
    write(UnsafeRawBufferPointer(rebasing: raw[start..<raw.count]))
  }
}
