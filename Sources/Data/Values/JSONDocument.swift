/// JSON as text, for what the engine says about itself: plans and estimates. Values of queries have their own in Functions.
package indirect enum JSONDocument {
  case null
  case text(String)
  case integer(Int)
  /// What is no finite number becomes null.
  case number(Double)
  case boolean(Bool)
  case list([JSONDocument])
  /// In this order.
  case object([(String, JSONDocument)])

  /// Two blanks a level, one member a line.
  package var indented: String {
    var out = ""
    write(&out, 0)
    return out
  }

  private func write(_ out: inout String, _ depth: Int) {
    let inner = String(repeating: "  ", count: depth + 1), outer = String(repeating: "  ", count: depth)
    switch self {
    case .null: out += "null"
    case .text(let text): out += JSONDocument.quoted(text)
    case .integer(let value): out += "\(value)"
    case .number(let value): out += value.isFinite ? "\(value)" : "null"
    case .boolean(let value): out += value ? "true" : "false"
    case .list(let values):
      if values.isEmpty { return out += "[]" }
      for (index, value) in values.enumerated() {
        out += (index == 0 ? "[\n" : ",\n") + inner
        value.write(&out, depth + 1)
      }
      out += "\n\(outer)]"
    case .object(let members):
      if members.isEmpty { return out += "{}" }
      for (index, member) in members.enumerated() {
        out += (index == 0 ? "{\n" : ",\n") + inner + JSONDocument.quoted(member.0) + ": "
        member.1.write(&out, depth + 1)
      }
      out += "\n\(outer)}"
    }
  }

  package static func quoted(_ text: String) -> String {
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
}
