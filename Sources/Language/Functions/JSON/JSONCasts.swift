import Expressions
import Values
import Vectors

extension Function {
  /// Casts to and from json, which Expressions asks the registry for by name.
  static let jsonCasts: [Function] = [
    Function(
      "$cast", .scalar, Signature("(T) -> json"), "Cast to and from json", isHidden: true,
      .scalar { types, result in
        if result == .json { return { arguments, rows, _ in try encoded(arguments[0], rows) } }
        if types[0] == .json { return { arguments, rows, _ in try decodedJSON(arguments[0], rows, result) } }
        return nil
      })
  ]
}

private func encoded(_ vector: Vector, _ rows: Int) throws -> Vector {
  try ScalarLoop.written(rows, vector.rowValidity, .json) { row, out in JSONEncoding.write(vector, row, &out) }
}

/// CAST from json.
func decodedJSON(_ vector: Vector, _ rows: Int, _ type: DataType) throws -> Vector {
  let texts = vector.reader(as: Bytes.self), builder = VectorBuilder(type, capacity: rows)
  for row in 0..<rows {
    guard texts.isValid(row) else {
      builder.appendNull()
      continue
    }
    try texts[row].withBytes { bytes in
      var cursor = JSONCursor(bytes)
      do {
        try JSONDecoding.read(&cursor, type, builder)
        cursor.skipBlanks()
        if !cursor.isAtEnd { throw JSONCursor.Malformed() }
      } catch is JSONCursor.Malformed {
        throw PrestoError(.invalidCastArgument, "Cannot cast to \(type).\n\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }
  withExtendedLifetime(vector) {}
  return builder.finish()
}
