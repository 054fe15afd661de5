import Values
import Vectors

extension JSONItem {
  /// The value that begins at the cursor. Throws `JSONCursor.Malformed`.
  init(_ cursor: inout JSONCursor, depth: Int = 0) throws {
    switch try cursor.kind() {
    case .string:
      let start = cursor.at
      try cursor.string()
      self = .text(cursor.text(start..<cursor.at))
    case .word:
      let range = try cursor.value()
      switch cursor.bytes[range.lowerBound] {
      case UInt8(ascii: "t"): self = .boolean(true)
      case UInt8(ascii: "f"): self = .boolean(false)
      default: self = .null
      }
    case .number:
      let range = try cursor.value()
      guard let number = JSONNumber(UnsafeRawBufferPointer(rebasing: cursor.bytes[range])) else { throw JSONCursor.Malformed() }
      self = .number(number)
    case .array:
      var items: [JSONItem] = []
      try cursor.elements(depth: depth) { cursor, _ in items.append(try JSONItem(&cursor, depth: depth + 1)) }
      self = .array(items)
    case .object:
      var members: [JSONMember] = []
      try cursor.members(depth: depth) { cursor, key in
        let name = cursor.text(key)
        let value = try JSONItem(&cursor, depth: depth + 1)
        // the last of equal names counts
        if let known = members.firstIndex(where: { $0.name == name }) {
          members[known].value = value
        } else {
          members.append(JSONMember(name: name, value: value))
        }
      }
      self = .object(members)
    }
  }

  /// A whole text as JSON. Throws `JSONCursor.Malformed`.
  init(json text: Bytes) throws {
    self = try text.withBytes { bytes in
      var cursor = JSONCursor(bytes)
      let item = try JSONItem(&cursor)
      cursor.skipBlanks()
      if !cursor.isAtEnd { throw JSONCursor.Malformed() }
      return item
    }
  }

  /// JSON without blanks. Dates and times are texts.
  func write(_ out: inout TextWriter) {
    switch self {
    case .null: out.write("null")
    case .boolean(let value): if value { out.write("true") } else { out.write("false") }
    case .number(let number): number.write(&out)
    case .text(let text): JSONCursor.write(string: text, &out)
    case .moment(let moment): JSONCursor.write(string: moment.text, &out)
    case .array(let items):
      out.write(0x5B)
      for (index, item) in items.enumerated() {
        if index > 0 { out.write(0x2C) }
        item.write(&out)
      }
      out.write(0x5D)
    case .object(let members):
      out.write(0x7B)
      for (index, member) in members.enumerated() {
        if index > 0 { out.write(0x2C) }
        JSONCursor.write(string: member.name, &out)
        out.write(0x3A)
        member.value.write(&out)
      }
      out.write(0x7D)
    }
  }

  /// The characters of a scalar: a text without its quotes. nil for null, arrays and objects.
  var scalarText: [UInt8]? {
    switch self {
    case .null, .array, .object: return nil
    case .text(let text): return text
    case .moment(let moment): return moment.text
    case .boolean, .number:
      var writer = TextWriter(capacity: 64)
      write(&writer)
      return [UInt8](UnsafeRawBufferPointer(writer.written))
    }
  }
}

extension JSONNumber {
  init?(_ bytes: UnsafeRawBufferPointer) {
    let view = bytes.baseAddress.map { Bytes($0, count: bytes.count) } ?? .empty
    if !bytes.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) {
      if let small = NumberText.integer(view) {
        self = .integer(small)
        return
      }
      if let large = NumberText.decimal(view, precision: 38, scale: 0) {
        self = .decimal(large, scale: 0)
        return
      }
    }
    guard let value = NumberText.double(view) else { return nil }
    self = .double(value)
  }

  func write(_ out: inout TextWriter) {
    switch self {
    case .integer(let value): out.write(number: Int(value))
    case .decimal(let value, let scale): NumberText.write(decimal: value, scale: scale, &out)
    case .double(let value): NumberText.write(shown: value, &out)
    }
  }

  var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .decimal(let value, let scale): NumberText.double(value, scale: scale)
    case .double(let value): value
    }
  }

  /// As a scaled integer; nil for doubles.
  var scaled: (value: Int128, scale: Int)? {
    switch self {
    case .integer(let value): (Int128(value), 0)
    case .decimal(let value, let scale): (value, scale)
    case .double: nil
    }
  }
}
