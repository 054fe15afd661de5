import Values
import Vectors

/// A value as a person reads it.
enum Cell {
  /// The text of a value that is not null, as Presto's own command prints it.
  static func text(_ vector: Vector, _ row: Int) -> String { vector.text(at: row) ?? "" }

  static func shown(_ vector: Vector, _ row: Int) -> String { vector.isNull(at: row) ? "NULL" : text(vector, row) }
}

/// JSON of single values.
enum JSONLine {
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  static func value(_ vector: Vector, _ row: Int) -> String {
    if vector.isNull(at: row) { return "null" }
    switch vector.type {
    case .boolean, .tinyint, .smallint, .integer, .bigint: return Cell.text(vector, row)
    case .real, .double:
      let text = Cell.text(vector, row)
      return text.contains("N") || text.contains("I") ? quoted(text) : text
    default: return quoted(Cell.text(vector, row))
    }
  }
}
