import Values
import Vectors

/// Canonical JSON text: no blanks, strings with the least escapes.
enum CanonicalJSON {
  /// Copies the value that begins at the cursor. `sorted`: members in the order of their keys, the last of equal keys, as `json_parse` stores
  /// them.
  static func write(_ cursor: inout JSONCursor, sorted: Bool, depth: Int = 0, _ out: inout TextWriter) throws {
    switch try cursor.kind() {
    case .string:
      let start = cursor.at
      try cursor.string()
      JSONCursor.write(string: cursor.text(start..<cursor.at), &out)
    case .number, .word:
      let range = try cursor.value()
      out.write(UnsafeRawBufferPointer(rebasing: cursor.bytes[range]))
    case .array:
      out.write(0x5B)
      try cursor.elements(depth: depth) { cursor, index in
        if index > 0 { out.write(0x2C) }
        try write(&cursor, sorted: sorted, depth: depth + 1, &out)
      }
      out.write(0x5D)
    case .object:
      out.write(0x7B)
      var members: [(key: [UInt8], value: Range<Int>)] = []
      try cursor.members(depth: depth) { cursor, key in
        let name = cursor.text(key)
        cursor.skipBlanks()
        members.append((name, try cursor.value(depth: depth + 1)))
      }
      if sorted {
        var unique: [[UInt8]: Range<Int>] = [:]
        for member in members { unique[member.key] = member.value }
        members = unique.map { ($0.key, $0.value) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      }
      for (index, member) in members.enumerated() {
        if index > 0 { out.write(0x2C) }
        JSONCursor.write(string: member.key, &out)
        out.write(0x3A)
        var inner = JSONCursor(UnsafeRawBufferPointer(rebasing: cursor.bytes[member.value]))
        try write(&inner, sorted: sorted, depth: depth + 1, &out)
      }
      out.write(0x7D)
    }
  }
}
