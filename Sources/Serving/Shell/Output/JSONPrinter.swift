import MiniPresto
import Values
import Vectors

/// One object a line. Arrays are arrays, maps and rows objects; decimals and whatever JSON has no type for are texts.
struct JSONPrinter: RowPrinter {
  private let out: any TextOutput
  private var names: [String] = []

  init(_ out: any TextOutput) { self.out = out }

  mutating func begin(_ columns: [ResultColumn]) throws { names = columns.map { JSONDocument.quoted($0.name) } }

  mutating func print(_ batch: Batch) throws {
    var text = ""
    for row in 0..<batch.count {
      let fields = zip(names, batch.columns).map { "\($0):\(JSONPrinter.value($1.constant(at: row), $1.type))" }
      text += "{" + fields.joined(separator: ",") + "}\n"
    }
    try out.write(text)
  }

  mutating func end() throws {}

  static func value(_ constant: Constant, _ type: DataType) -> String {
    switch (type, constant) {
    case (_, .null): return "null"
    case (.array(let element), .sequence(let values)): return "[" + values.map { value($0, element) }.joined(separator: ",") + "]"
    case (.map(let key, let element), .sequence(let entries)):
      let fields = entries.map { entry -> String in
        guard case .sequence(let pair) = entry, pair.count == 2 else { return "" }
        return JSONDocument.quoted(pair[0].text(as: key) ?? "null") + ":" + value(pair[1], element)
      }
      return "{" + fields.joined(separator: ",") + "}"
    case (.row(let declared), .sequence(let values)):
      let fields = zip(declared, values).enumerated().map { index, pair in
        JSONDocument.quoted(pair.0.name ?? "field\(index)") + ":" + value(pair.1, pair.0.type)
      }
      return "{" + fields.joined(separator: ",") + "}"
    case (.boolean, _), (.tinyint, _), (.smallint, _), (.integer, _), (.bigint, _): return constant.text(as: type) ?? "null"
    case (.real, _), (.double, _):
      let text: String = constant.text(as: type) ?? "null"
      // NaN and Infinity are no numbers in JSON
      return text.contains("N") || text.contains("I") ? JSONDocument.quoted(text) : text
    default: return JSONDocument.quoted(constant.text(as: type) ?? "")
    }
  }
}
