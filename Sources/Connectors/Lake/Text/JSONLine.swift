/// The members of an object on one line. Nested objects and arrays stay the text that they are.
struct JSONLine {
  private let bytes: ArraySlice<UInt8>
  private var i: Int

  /// `body` gets every member in order.
  static func members(_ line: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>, TextValue) -> Void) throws(BadRecord) {
    var reader = JSONLine(bytes: line, i: line.startIndex)
    reader.skipSpace()
    guard reader.take(123) else { throw BadRecord(message: "each line must be a JSON object") }
    reader.skipSpace()
    if !reader.take(125) {
      repeat {
        reader.skipSpace()
        let key = try reader.string()
        reader.skipSpace()
        guard reader.take(58) else { throw reader.unexpected("':'") }
        reader.skipSpace()
        body(key, try reader.value())
        reader.skipSpace()
      } while reader.take(44)
      guard reader.take(125) else { throw reader.unexpected("',' or '}'") }
    }
    reader.skipSpace()
    guard reader.i == line.endIndex else { throw reader.unexpected("the end of the line") }
  }

  private func unexpected(_ wanted: String) -> BadRecord {
    BadRecord(message: "the JSON is not well formed: \(wanted) is expected at byte \(i - bytes.startIndex + 1)")
  }

  private mutating func skipSpace() { while i < bytes.endIndex, [32, 9, 13, 10].contains(bytes[i]) { i += 1 } }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard i < bytes.endIndex, bytes[i] == byte else { return false }
    i += 1
    return true
  }

  private mutating func value() throws(BadRecord) -> TextValue {
    guard i < bytes.endIndex else { throw unexpected("a value") }
    switch bytes[i] {
    case 34: return TextValue(kind: .text, bytes: try string())
    case 123, 91:
      let start = i
      try skipNested()
      return TextValue(kind: .text, bytes: bytes[start..<i])
    default:
      let start = i
      while i < bytes.endIndex, ![44, 125, 93, 32, 9, 13, 10].contains(bytes[i]) { i += 1 }
      let word = bytes[start..<i]
      if word.elementsEqual("null".utf8) { return .null }
      let isNumber = word.first.map { $0 == 45 || (48...57).contains($0) } ?? false
      guard isNumber || word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) else {
        i = start
        throw unexpected("a value")
      }
      return TextValue(kind: .word, bytes: word)
    }
  }

  /// An object or array with all that is in it: brackets must pair, strings must end.
  private mutating func skipNested() throws(BadRecord) {
    var open: [UInt8] = []
    repeat {
      guard i < bytes.endIndex else { throw unexpected("a closing bracket") }
      switch bytes[i] {
      case 34:
        _ = try string()
        continue
      case 123: open.append(125)
      case 91: open.append(93)
      case 125, 93: guard open.popLast() == bytes[i] else { throw unexpected("another bracket") }
      default: break
      }
      i += 1
      if open.count > 1000 { throw BadRecord(message: "the JSON is nested more than 1000 deep") }
    } while !open.isEmpty
  }

  private mutating func string() throws(BadRecord) -> ArraySlice<UInt8> {
    guard take(34) else { throw unexpected("'\"'") }
    let start = i
    while i < bytes.endIndex, bytes[i] != 34, bytes[i] != 92 { i += 1 }
    if i < bytes.endIndex, bytes[i] == 34 {
      i += 1
      return bytes[start..<i - 1]
    }
    var text = Array(bytes[start..<i])
    while i < bytes.endIndex, bytes[i] != 34 {
      if bytes[i] != 92 {
        text.append(bytes[i])
        i += 1
        continue
      }
      i += 1
      guard i < bytes.endIndex else { break }
      let escaped = bytes[i]
      i += 1
      switch escaped {
      case 34, 92, 47: text.append(escaped)
      case 98: text.append(8)
      case 102: text.append(12)
      case 110: text.append(10)
      case 114: text.append(13)
      case 116: text.append(9)
      case 117:
        var unit = try hex()
        if (0xD800..<0xDC00).contains(unit), i + 1 < bytes.endIndex, bytes[i] == 92, bytes[i + 1] == 117 {
          i += 2
          let low = try hex()
          unit = (0xDC00..<0xE000).contains(low) ? 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
        }
        text += Array(String(Character(Unicode.Scalar(unit) ?? "\u{FFFD}")).utf8)
      default: throw unexpected("an escape")
      }
    }
    guard take(34) else { throw unexpected("'\"'") }
    return text[...]
  }

  private mutating func hex() throws(BadRecord) -> UInt32 {
    guard i + 4 <= bytes.endIndex, let unit = UInt32(String(decoding: bytes[i..<i + 4], as: UTF8.self), radix: 16) else {
      throw unexpected("four hexadecimal digits")
    }
    i += 4
    return unit
  }
}
