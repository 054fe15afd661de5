import Values
import Vectors

/// `$.store.book[0]["title"]`: the simple paths of `json_extract` and its kin.
struct JSONPath {
  /// A member's name; on arrays, an index.
  private let steps: [[UInt8]]

  /// Throws INVALID_FUNCTION_ARGUMENT.
  init(_ path: Bytes) throws {
    let bytes = path.array
    let invalid = invalidArgument("Invalid JSON path: '\(path.string)'")
    guard bytes.first == UInt8(ascii: "$") else { throw invalid }
    var steps: [[UInt8]] = []
    var i = 1
    while i < bytes.count {
      if bytes[i] == UInt8(ascii: ".") {
        let start = i + 1
        i = start
        while i < bytes.count, JSONPath.isPlain(bytes[i]) { i += 1 }
        if i == start { throw invalid }
        steps.append(Array(bytes[start..<i]))
      } else if bytes[i] == UInt8(ascii: "[") {
        i += 1
        guard i < bytes.count else { throw invalid }
        if bytes[i] == UInt8(ascii: "\"") || bytes[i] == UInt8(ascii: "'") {
          let quote = bytes[i]
          var name: [UInt8] = []
          i += 1
          while i < bytes.count, bytes[i] != quote {
            if bytes[i] == 0x5C {
              guard i + 1 < bytes.count, bytes[i + 1] == quote || bytes[i + 1] == 0x5C else { throw invalid }
              i += 1
            }
            name.append(bytes[i])
            i += 1
          }
          guard i < bytes.count else { throw invalid }
          i += 1
          steps.append(name)
        } else {
          let start = i
          while i < bytes.count, bytes[i] == 0x5F || (bytes[i] >= 48 && bytes[i] <= 57) || (bytes[i] | 0x20 >= 97 && bytes[i] | 0x20 <= 122)
          { i += 1 }
          if i == start { throw invalid }
          steps.append(Array(bytes[start..<i]))
        }
        guard i < bytes.count, bytes[i] == UInt8(ascii: "]") else { throw invalid }
        i += 1
      } else {
        throw invalid
      }
    }
    self.steps = steps
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (byte >= 48 && byte <= 57) || (byte | 0x20 >= 97 && byte | 0x20 <= 122) || byte >= 0x80 || Array("_:$-/@|#".utf8).contains(byte)
  }

  /// Moves the cursor to the value the path names; false: there is none. Throws `Malformed`.
  func find(_ cursor: inout JSONCursor) throws -> Bool {
    for step in steps {
      switch try cursor.kind() {
      case .object: if try !member(step, &cursor) { return false }
      case .array: if try !element(step, &cursor) { return false }
      case .string, .number, .word: return false
      }
    }
    return true
  }

  private func member(_ name: [UInt8], _ cursor: inout JSONCursor) throws -> Bool {
    try cursor.expect("{")
    if cursor.take("}") { return false }
    repeat {
      cursor.skipBlanks()
      let start = cursor.at
      try cursor.string()
      let key = start..<cursor.at
      try cursor.expect(":")
      if key.count - 2 >= name.count && cursor.text(key) == name { return true }
      try cursor.value()
    } while cursor.take(",")
    try cursor.expect("}")
    return false
  }

  private func element(_ name: [UInt8], _ cursor: inout JSONCursor) throws -> Bool {
    guard let index = Int(String(decoding: name, as: UTF8.self)), index >= 0 else { return false }
    try cursor.expect("[")
    if cursor.take("]") { return false }
    var place = 0
    repeat {
      if place == index { return true }
      try cursor.value()
      place += 1
    } while cursor.take(",")
    try cursor.expect("]")
    return false
  }
}

/// Paths of a batch: a constant one is read once.
struct JSONPaths {
  private let constant: JSONPath?

  init(_ vector: Vector) throws {
    let reader = vector.reader(as: Bytes.self)
    constant = reader.isConstant && reader.isValid(0) ? try JSONPath(reader[0]) : nil
  }

  func path(_ text: Bytes) throws -> JSONPath { try constant ?? JSONPath(text) }
}
