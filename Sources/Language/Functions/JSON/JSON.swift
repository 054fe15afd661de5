import Expressions
import Values
import Vectors

extension Function {
  /// Each takes json and, as text, varchar. Texts that are no JSON give null, except where parsing is what was asked for.
  static let json: [Function] =
    [
      .scalar("json_parse", "The JSON value of a text", returning: .json) { (x: Text, out: inout TextWriter) in
        do {
          try x.withBytes { bytes in
            var cursor = JSONCursor(bytes)
            try CanonicalJSON.write(&cursor, sorted: true, &out)
            cursor.skipBlanks()
            if !cursor.isAtEnd { throw JSONCursor.Malformed() }
          }
        } catch is JSONCursor.Malformed { throw invalidArgument("Cannot convert value to JSON: '\(x.string)'") }
      },
      .vector("json_format", "(json) -> varchar", "The text of a JSON value") { arguments, _, _ in arguments[0].retyped(.varchar) },
      .scalar("is_json_scalar", "Whether a JSON value is a number, a text, a boolean or null") { (x: Text) in try isScalar(x) },
      .scalar("is_json_scalar", "Whether a JSON value is a number, a text, a boolean or null") { (x: JSONText) in try isScalar(x.bytes) },
    ]
    + both("json_array_length", "-> bigint", "Number of elements of a JSON array") { arguments, rows, type in
      let values = arguments[0].reader(as: Bytes.self)
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Int64?.self) { row in
        scan(values[row]) { cursor -> Int64? in
          guard try cursor.kind() == .array else { return nil }
          var count: Int64 = 0
          try cursor.elements { cursor, _ in
            try cursor.value(depth: 1)
            count += 1
          }
          return count
        }
      }.vector(type, rows: rows, heap: [])
    }
    + both("json_array_get", ", bigint) -> json", "The element at an index from 0, or from the end") { arguments, rows, type in
      let values = arguments[0].reader(as: Bytes.self), indices = arguments[1].reader(as: Int64.self)
      return try ScalarLoop.written(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), type) { row, out in
        let index = indices[row]
        var found: [UInt8]?
        _ = scan(values[row]) { cursor -> Bool? in
          guard try cursor.kind() == .array else { return nil }
          var ranges: [Range<Int>] = []
          try cursor.elements { cursor, _ in ranges.append(try cursor.value(depth: 1)) }
          let place = index >= 0 ? index : Int64(ranges.count) + max(index, -Int64(ranges.count) - 1)
          guard place >= 0, place < Int64(ranges.count) else { return nil }
          found = try shown(&cursor, ranges[Int(place)])
          return true
        }
        if let found { found.withUnsafeBytes { out.write($0) } } else { out.writeNull() }
      }
    }
    + both("json_extract", ", varchar) -> json", "The value at a path") { arguments, rows, type in
      let values = arguments[0].reader(as: Bytes.self), texts = arguments[1].reader(as: Bytes.self), paths = try JSONPaths(arguments[1])
      return try ScalarLoop.written(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), type) { row, out in
        let path = try paths.path(texts[row])
        var isFound = false
        do {
          isFound = try values[row].withBytes { bytes in
            var cursor = JSONCursor(bytes)
            guard try path.find(&cursor) else { return false }
            try CanonicalJSON.write(&cursor, sorted: false, &out)
            return true
          }
        } catch is JSONCursor.Malformed {}
        if !isFound { out.writeNull() }
      }
    }
    + both("json_extract_scalar", ", varchar) -> varchar", "The text of the scalar at a path") { arguments, rows, type in
      let values = arguments[0].reader(as: Bytes.self), texts = arguments[1].reader(as: Bytes.self), paths = try JSONPaths(arguments[1])
      return try ScalarLoop.written(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), type) { row, out in
        let path = try paths.path(texts[row])
        var isFound = false
        do {
          isFound = try values[row].withBytes { bytes in
            var cursor = JSONCursor(bytes)
            guard try path.find(&cursor) else { return false }
            let kind = try cursor.kind()
            if kind == .object || kind == .array { return false }
            let range = try cursor.value()
            if kind == .word && bytes[range.lowerBound] == UInt8(ascii: "n") { return false }
            if kind == .string {
              cursor.text(range).withUnsafeBytes { out.write($0) }
            } else {
              out.write(UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
            return true
          }
        } catch is JSONCursor.Malformed {}
        if !isFound { out.writeNull() }
      }
    }
    + both("json_size", ", varchar) -> bigint", "Number of members or elements of the value at a path; 0 for scalars") {
      arguments, rows, type in
      let values = arguments[0].reader(as: Bytes.self), texts = arguments[1].reader(as: Bytes.self), paths = try JSONPaths(arguments[1])
      return try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Int64?.self) { row -> Int64? in
        let path = try paths.path(texts[row])
        return scan(values[row]) { cursor -> Int64? in
          guard try path.find(&cursor) else { return nil }
          var count: Int64 = 0
          switch try cursor.kind() {
          case .array:
            try cursor.elements { cursor, _ in
              try cursor.value(depth: 1)
              count += 1
            }
          case .object:
            try cursor.members { cursor, _ in
              try cursor.value(depth: 1)
              count += 1
            }
          case .string, .number, .word: break
          }
          return count
        }
      }.vector(type, rows: rows, heap: [])
    }
    + contains("boolean", Bool.self) { bytes, kind, wanted in
      kind == .word && bytes.elementsEqual((wanted ? "true" : "false").utf8)
    }
    + contains("bigint", Int64.self) { bytes, kind, wanted in
      kind == .number && Int64(String(decoding: bytes, as: UTF8.self)) == wanted
    }
    + contains("double", Double.self) { bytes, kind, wanted in
      // whole numbers are of another kind
      kind == .number && bytes.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        && Double(String(decoding: bytes, as: UTF8.self)) == wanted
    }
    + contains("varchar", Bytes.self) { bytes, kind, wanted in
      kind == .string && JSONCursor(bytes).text(0..<bytes.count) == wanted.array
    }

  /// The same function of json and of varchar. `rest` follows the first argument in the signature.
  private static func both(
    _ name: String, _ rest: String, _ summary: String, _ body: @escaping @Sendable ([Vector], Int, DataType) throws -> Vector
  ) -> [Function] {
    ["json", "varchar"].map { type in
      let signature = rest.hasPrefix(",") ? "(\(type)\(rest)" : "(\(type)) \(rest)"
      return .vector(name, signature, summary) { arguments, rows, context in
        try withExtendedLifetime(arguments) { try body(arguments, rows, context.result) }
      }
    }
  }

  private static func contains<T: Storable>(
    _ type: String, _: T.Type, _ isEqual: @escaping @Sendable (UnsafeRawBufferPointer, JSONCursor.Kind, T) -> Bool
  ) -> [Function] {
    both("json_array_contains", ", \(type)) -> boolean", "Whether a JSON array has an element") { arguments, rows, result in
      let values = arguments[0].reader(as: Bytes.self), wanted = arguments[1].reader(as: T.self)
      return try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Bool?.self) { row in
        scan(values[row]) { cursor -> Bool? in
          guard try cursor.kind() == .array else { return nil }
          var isFound = false
          try cursor.elements { cursor, _ in
            let kind = try cursor.kind(), range = try cursor.value(depth: 1)
            isFound = isFound || isEqual(UnsafeRawBufferPointer(rebasing: cursor.bytes[range]), kind, wanted[row])
          }
          return isFound
        }
      }.vector(result, rows: rows, heap: [])
    }
  }
}

/// What `body` finds in a text; nil also where the text is no JSON.
private func scan<R>(_ text: Bytes, _ body: (inout JSONCursor) throws -> R?) -> R? {
  text.withBytes { bytes in
    var cursor = JSONCursor(bytes)
    return (try? body(&cursor)) ?? nil
  }
}

private func isScalar(_ text: Bytes) throws -> Bool {
  let isScalar = scan(text) { cursor -> Bool? in
    let kind = try cursor.kind()
    try cursor.value()
    cursor.skipBlanks()
    return cursor.isAtEnd ? kind != .object && kind != .array : nil
  }
  guard let isScalar else { throw invalidArgument("Invalid JSON value: \(text.string)") }
  return isScalar
}

/// An element as `json_array_get` gives it: texts without quotes, null as nothing.
private func shown(_ cursor: inout JSONCursor, _ range: Range<Int>) throws -> [UInt8]? {
  var inner = JSONCursor(UnsafeRawBufferPointer(rebasing: cursor.bytes[range]))
  switch try inner.kind() {
  case .string: return cursor.text(range)
  case .word where cursor.bytes[range.lowerBound] == UInt8(ascii: "n"): return nil
  case .number, .word: return Array(cursor.bytes[range])
  case .object, .array:
    var writer = TextWriter(capacity: range.count)
    try CanonicalJSON.write(&inner, sorted: false, &writer)
    return [UInt8](UnsafeRawBufferPointer(writer.written))
  }
}
