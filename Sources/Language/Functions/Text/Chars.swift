import Expressions
import Values
import Vectors

extension Function {
  /// char(n) where its padding shows: it is stored without.
  static let chars: [Function] = [
    padded("reverse", "(char(x)) -> char(x)", "Characters in reverse order") { text, out in
      for scalar in text.reversed() { out.write(scalar: scalar) }
    },
    padded("to_utf8", "(char(x)) -> varbinary", "The UTF-8 bytes of a text") { text, out in
      for scalar in text { out.write(scalar: scalar) }
    },
  ]

  /// `body` gets the code points with the padding. A char result loses its blanks at the end again.
  private static func padded(
    _ name: String, _ signature: String, _ summary: String, _ body: @escaping @Sendable ([UInt32], inout TextWriter) -> Void
  ) -> Function {
    .bound(name, signature, summary) { types, result in
      guard case .char(let length) = types[0] else { return nil }
      return { arguments, rows, _ in
        let texts = arguments[0].dense()
        if texts.nullConstant != nil { return Vector.nulls(result, count: rows) }
        let reader = texts.reader(as: Bytes.self)
        let shown = try ScalarLoop.written(rows, texts.denseValidity, .varchar) { row, out in
          var points = CodePoints.array(reader[row])
          while points.count < length { points.append(0x20) }
          body(points, &out)
        }
        guard case .char = result else { return shown.retyped(result) }
        return try ScalarLoop.unary(shown, rows, result) { (x: Bytes) in CodePoints.trimmedRight(x) }
      }
    }
  }
}
