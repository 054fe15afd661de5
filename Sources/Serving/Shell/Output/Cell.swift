import Values
import Vectors

/// A value as a person reads it in a table.
struct Cell {
  /// One for each line that it takes.
  var lines: [String]
  var isNull: Bool

  /// Bytes are shown in lines of sixteen.
  init(_ vector: Vector, _ row: Int) {
    guard let text = vector.text(at: row) else {
      (lines, isNull) = (["NULL"], true)
      return
    }
    isNull = false
    if case .varbinary = vector.type {
      let bytes = Array(text.utf8)
      lines = stride(from: 0, to: max(bytes.count, 1), by: 48).map {
        String(decoding: bytes[$0..<min($0 + 47, bytes.count)], as: UTF8.self)
      }
    } else if text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) {
      lines = [text]
    } else {
      lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Cell.visible($0) }
    }
  }

  var width: Int { lines.reduce(0) { max($0, TextWidth.columns($1)) } }

  /// Without what would move the cursor or change a terminal's colours.
  private static func visible(_ line: Substring) -> String {
    if line.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) { return String(line) }
    return line.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar.value {
      case 9: result += "    "
      case 13: break
      case 0..<32, 127: result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
