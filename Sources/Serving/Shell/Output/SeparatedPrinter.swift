import MiniPresto
import Vectors

/// CSV and TSV. Nulls are empty.
struct SeparatedPrinter: RowPrinter {
  enum Style { case tabs, commas, quotedCommas }
  private let out: any TextOutput
  private let style: Style
  private let hasHeader: Bool

  init(_ out: any TextOutput, _ style: Style, hasHeader: Bool) {
    self.out = out
    self.style = style
    self.hasHeader = hasHeader
  }

  mutating func begin(_ columns: [ResultColumn]) throws {
    if hasHeader { try out.write(line(columns.map(\.name))) }
  }

  mutating func print(_ batch: Batch) throws {
    var text = ""
    for row in 0..<batch.count { text += line(batch.columns.map { $0.text(at: row) ?? "" }) }
    try out.write(text)
  }

  mutating func end() throws {}

  private func line(_ cells: [String]) -> String {
    switch style {
    case .tabs: cells.map(escaped).joined(separator: "\t") + "\n"
    case .commas: cells.joined(separator: ",") + "\n"
    case .quotedCommas:
      cells.map { "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }.joined(
        separator: ",") + "\n"
    }
  }

  private func escaped(_ cell: String) -> String {
    if !cell.utf8.contains(where: { $0 < 32 || $0 == 92 }) { return cell }
    return cell.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\0": result += "\\0"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
