import Expressions
import Values
import Vectors

extension Function {
  /// char(n) where its padding shows: it is stored without.
  static let chars: [Function] =
    [
      padded("reverse", "(char(x)) -> char(x)", "Characters in reverse order") { text, out in
        for scalar in CodePoints.array(text).reversed() { out.write(scalar: scalar) }
      },
      padded("to_utf8", "(char(x)) -> varbinary", "The UTF-8 bytes of a text") { text, out in out.write(text) },
    ] + ["substr", "substring"].flatMap { parts($0) }

  private static func parts(_ name: String) -> [Function] {
    [
      .bound(name, "(char(x), bigint) -> varchar(x)", "From a character on") { types, result in part(types, result) },
      .bound(name, "(char(x), bigint, bigint) -> varchar(x)", "So many characters from one on") { types, result in part(types, result) },
    ]
  }

  private static func part(_ types: [DataType], _ result: DataType) -> ScalarKernel? {
    guard case .char(let size) = types[0] else { return nil }
    return { arguments, rows, _ in
      let texts = try shown(arguments[0], size, rows)
      let reader = texts.reader(as: Bytes.self), starts = arguments[1].reader(as: Int64.self)
      let lengths = arguments.count > 2 ? arguments[2].reader(as: Int64.self) : nil
      let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
      return try withExtendedLifetime((texts, arguments)) {
        try ScalarLoop.written(rows, gate, result) { row, out in
          out.write(substring(reader[row], starts[row], lengths.map { $0[row] }))
        }
      }
    }
  }

  /// `body` gets the text with the padding. A char result loses its blanks at the end again.
  private static func padded(
    _ name: String, _ signature: String, _ summary: String, _ body: @escaping @Sendable (Bytes, inout TextWriter) -> Void
  ) -> Function {
    .bound(name, signature, summary) { types, result in
      guard case .char(let size) = types[0] else { return nil }
      return { arguments, rows, _ in
        let texts = try shown(arguments[0], size, rows)
        let reader = texts.reader(as: Bytes.self)
        let written = try withExtendedLifetime(texts) {
          try ScalarLoop.written(rows, texts.rowValidity, .varchar) { row, out in body(reader[row], &out) }
        }
        guard case .char = result else { return written.retyped(result) }
        return try ScalarLoop.unary(written, rows, result) { (x: Bytes) in CodePoints.trimmedRight(x) }
      }
    }
  }

  /// Values of char(size) as texts of so many characters.
  private static func shown(_ vector: Vector, _ size: Int, _ rows: Int) throws -> Vector {
    let reader = vector.reader(as: Bytes.self)
    return try withExtendedLifetime(vector) {
      try ScalarLoop.written(rows, vector.rowValidity, .varchar) { row, out in
        out.write(reader[row])
        let missing = size - reader[row].withBytes { CodePoints.count($0) }
        for _ in 0..<max(0, missing) { out.write(0x20) }
      }
    }
  }
}
