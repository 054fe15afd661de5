import Values
import Vectors

/// Reads JSON (RFC 8259) from bytes, value by value, without building a tree. Nothing is copied: values are ranges of the bytes.
struct JSONCursor {
  let bytes: UnsafeRawBufferPointer
  var at = 0

  /// Deeper nesting is refused: hostile texts must not exhaust the stack.
  static let deepest = 1000

  struct Malformed: Error {}

  enum Kind { case object, array, string, number, word }

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func skipBlanks() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 { at &+= 1 }
  }

  var isAtEnd: Bool { at >= bytes.count }

  /// What begins here, after blanks.
  mutating func kind() throws -> Kind {
    skipBlanks()
    guard at < bytes.count else { throw Malformed() }
    switch bytes[at] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), 48...57: return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .word
    default: throw Malformed()
    }
  }

  mutating func expect(_ character: Unicode.Scalar) throws {
    skipBlanks()
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { throw Malformed() }
    at &+= 1
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at &+= 1
    return true
  }

  /// Passes over the value that begins here and says where it lies.
  @discardableResult
  mutating func value(depth: Int = 0) throws -> Range<Int> {
    let kind = try kind(), start = at
    switch kind {
    case .string: try string()
    case .number: try number()
    case .word: try word()
    case .array: try elements(depth: depth) { cursor, _ in try cursor.value(depth: depth + 1) }
    case .object: try members(depth: depth) { cursor, _ in try cursor.value(depth: depth + 1) }
    }
    return start..<at
  }

  /// Passes over an array; `body` must pass over each element.
  mutating func elements(depth: Int = 0, _ body: (inout JSONCursor, Int) throws -> Void) throws {
    if depth > JSONCursor.deepest { throw Malformed() }
    try expect("[")
    if take("]") { return }
    var index = 0
    repeat {
      try body(&self, index)
      index += 1
    } while take(",")
    try expect("]")
  }

  /// Passes over an object; `body` gets where a key lies, with its quotes, and must pass over the value.
  mutating func members(depth: Int = 0, _ body: (inout JSONCursor, Range<Int>) throws -> Void) throws {
    if depth > JSONCursor.deepest { throw Malformed() }
    try expect("{")
    if take("}") { return }
    repeat {
      skipBlanks()
      let start = at
      try string()
      let key = start..<at
      try expect(":")
      try body(&self, key)
    } while take(",")
    try expect("}")
  }

  mutating func string() throws {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw Malformed() }
    at &+= 1
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at &+= 1
        return
      }
      if byte == UInt8(ascii: "\\") {
        guard at &+ 1 < bytes.count else { throw Malformed() }
        switch bytes[at &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
          UInt8(ascii: "r"),
          UInt8(ascii: "t"):
          at &+= 2
        case UInt8(ascii: "u"):
          guard at &+ 6 <= bytes.count, (2..<6).allSatisfy({ JSONCursor.hexDigit(bytes[at &+ $0]) != nil }) else { throw Malformed() }
          at &+= 6
        default: throw Malformed()
        }
        continue
      }
      if byte < 0x20 { throw Malformed() }
      at &+= 1
    }
    throw Malformed()
  }

  private mutating func number() throws {
    _ = take("-")
    guard at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 else { throw Malformed() }
    if bytes[at] == 48 { at &+= 1 } else { digits() }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at &+= 1
      guard digits() else { throw Malformed() }
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      if at < bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D { at &+= 1 }
      guard digits() else { throw Malformed() }
    }
    if at < bytes.count, (bytes[at] >= 48 && bytes[at] <= 57) || bytes[at] == UInt8(ascii: ".") { throw Malformed() }
  }

  @discardableResult
  private mutating func digits() -> Bool {
    let start = at
    while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 { at &+= 1 }
    return at > start
  }

  private mutating func word() throws {
    for word in ["true", "false", "null"] where bytes[at...].starts(with: word.utf8) {
      at &+= word.utf8.count
      return
    }
    throw Malformed()
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 48...57: UInt32(byte - 48)
    case 65...70: UInt32(byte - 55)
    case 97...102: UInt32(byte - 87)
    default: nil
    }
  }

  // MARK: Strings

  /// The characters of a string that lies, quotes and all, at `range`.
  func text(_ range: Range<Int>) -> [UInt8] {
    let inside = range.lowerBound + 1..<range.upperBound - 1
    let raw = UnsafeRawBufferPointer(rebasing: bytes[inside])
    guard raw.contains(0x5C) else { return [UInt8](raw) }
    var out: [UInt8] = []
    var i = 0
    func unit(_ at: Int) -> UInt32? {
      guard at + 6 <= raw.count, raw[at] == 0x5C, raw[at + 1] == UInt8(ascii: "u") else { return nil }
      return (2..<6).reduce(UInt32(0)) { $0 << 4 | (JSONCursor.hexDigit(raw[at + $1]) ?? 0) }
    }
    while i < raw.count {
      if raw[i] != 0x5C {
        out.append(raw[i])
        i += 1
        continue
      }
      switch raw[i + 1] {
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "u"):
        var scalar = unit(i) ?? 0xFFFD
        i += 4
        if scalar >= 0xD800 && scalar < 0xDC00, let low = unit(i + 2), low >= 0xDC00, low < 0xE000 {
          scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
          i += 6
        }
        out += Array(String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8)
      default: out.append(raw[i + 1])
      }
      i += 2
    }
    return out
  }

  /// A string with its quotes, escaped where JSON must and nowhere else.
  static func write(string text: [UInt8], _ out: inout TextWriter) {
    let digits = Array("0123456789ABCDEF".utf8)
    out.write(0x22)
    for byte in text {
      switch byte {
      case 0x22, 0x5C:
        out.write(0x5C)
        out.write(byte)
      case 8: out.write("\\b")
      case 9: out.write("\\t")
      case 10: out.write("\\n")
      case 12: out.write("\\f")
      case 13: out.write("\\r")
      case 0..<0x20:
        out.write("\\u00")
        out.write(digits[Int(byte >> 4)])
        out.write(digits[Int(byte & 15)])
      default: out.write(byte)
      }
    }
    out.write(0x22)
  }
}
