import Values

/// A JSON text as a tree: what configuration files are read as. Objects keep the order of their keys.
public indirect enum JSONValue: Sendable, Equatable {
  public struct Member: Sendable, Equatable {
    public var key: String
    public var value: JSONValue
  }

  case null
  case boolean(Bool)
  /// As it was written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// Throws `CONFIGURATION_INVALID` naming origin, line and column; a key given twice is an error.
  public init(parsing text: String, origin: String) throws {
    var parser = JSONParser(bytes: Array(text.utf8), origin: origin)
    self = try parser.document()
  }

  /// What it is, for messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }

  public var text: String? { if case .string(let text) = self { text } else { nil } }
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// A whole number.
  public var integer: Int64? {
    if case .number(let text) = self { Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) } } else { nil }
  }

  public subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }
}

/// Reads one document. Nesting is limited, so that no file or token exhausts the stack.
private struct JSONParser {
  let bytes: [UInt8]
  let origin: String
  var place = 0
  var depth = 0

  private func failure(_ message: String) -> PrestoError {
    let before = bytes[..<min(place, bytes.count)]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    return PrestoError(.configurationInvalid, "\(origin):\(line):\(column): \(message)")
  }

  mutating func document() throws -> JSONValue {
    let result = try value()
    skipBlanks()
    if place < bytes.count { throw failure("nothing may follow the JSON value") }
    return result
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private var next: UInt8 { place < bytes.count ? bytes[place] : 0 }

  private mutating func value() throws -> JSONValue {
    skipBlanks()
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw failure("nested too deeply") }
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: break
    }
    for (word, value) in [("true", JSONValue.boolean(true)), ("false", .boolean(false)), ("null", .null)]
    where bytes[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    throw failure(place < bytes.count ? "expected a JSON value" : "the text ends too early")
  }

  private mutating func expect(_ character: Character) throws {
    skipBlanks()
    guard let byte = character.asciiValue, next == byte, place < bytes.count else { throw failure("expected '\(character)'") }
    place += 1
  }

  private mutating func isAt(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard next == byte, place < bytes.count else { return false }
    place += 1
    return true
  }

  private mutating func object() throws -> JSONValue {
    place += 1
    var members: [JSONValue.Member] = []
    var keys = Set<String>()
    if isAt(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
      let key = try string()
      if !keys.insert(key).inserted { throw failure("the key '\(key)' is given twice") }
      try expect(":")
      members.append(.init(key: key, value: try value()))
    } while isAt(UInt8(ascii: ","))
    try expect("}")
    return .object(members)
  }

  private mutating func array() throws -> JSONValue {
    place += 1
    var elements: [JSONValue] = []
    if isAt(UInt8(ascii: "]")) { return .array(elements) }
    repeat { elements.append(try value()) } while isAt(UInt8(ascii: ","))
    try expect("]")
    return .array(elements)
  }

  private mutating func number() throws -> JSONValue {
    let start = place
    while place < bytes.count, "+-.eE0123456789".utf8.contains(bytes[place]) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw failure("'\(text)' is not a number") }
    return .number(text)
  }

  private mutating func string() throws -> String {
    place += 1
    var result: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: result, as: UTF8.self) else { throw failure("the text is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): try escape(into: &result)
      case ..<0x20: throw failure("a control character must be escaped")
      default: result.append(byte)
      }
    }
    throw failure("the text has no end")
  }

  private mutating func escape(into result: inout [UInt8]) throws {
    let byte = next
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        guard bytes[min(place, bytes.count)...].starts(with: "\\u".utf8) else { throw failure("half a surrogate pair") }
        place += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
      result += Array(String(Character(scalar)).utf8)
    default: throw failure("'\\' begins no escape here")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard place + 4 <= bytes.count, bytes[place..<place + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
    else { throw failure("expected four hexadecimal digits") }
    place += 4
    return code
  }
}
