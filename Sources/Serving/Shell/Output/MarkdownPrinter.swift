import MiniPresto
import Values
import Vectors

/// A table as Markdown has it. Nothing at all where there are no rows.
struct MarkdownPrinter: RowPrinter {
  private static let blockRows = 10_000

  private let out: any TextOutput
  private var columns: [ResultColumn] = []
  private var widths: [Int] = []
  private var rows: [[String]] = []
  private var hasHeader = false

  init(_ out: any TextOutput) { self.out = out }

  mutating func begin(_ columns: [ResultColumn]) throws {
    self.columns = columns
    widths = columns.map { max(TextWidth.columns($0.name), 1) }
  }

  mutating func print(_ batch: Batch) throws {
    for row in 0..<batch.count { rows.append(batch.columns.map { MarkdownPrinter.escaped(Cell($0, row)) }) }
    if rows.count >= MarkdownPrinter.blockRows { try flush() }
  }

  mutating func end() throws { try flush() }

  private mutating func flush() throws {
    if rows.isEmpty { return }
    for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], TextWidth.columns(cell)) } }
    var text = ""
    if !hasHeader {
      hasHeader = true
      text += "| " + zip(columns, widths).map { TextWidth.padded($0.name, $1, isRight: false) }.joined(separator: " | ") + " |\n"
      let rule = zip(columns, widths).map { " " + String(repeating: "-", count: $1) + ($0.type.isNumeric ? ":" : " ") }
      text += "|" + rule.joined(separator: "|") + "|\n"
    }
    for row in rows {
      let cells = row.enumerated().map { TextWidth.padded($1, widths[$0], isRight: columns[$0].type.isNumeric) }
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    rows = []
    try out.write(text)
  }

  /// What Markdown would read as its own gets a backslash; lines are parted by `<br>`.
  private static func escaped(_ cell: Cell) -> String {
    cell.lines.map { line in
      line.reduce(into: "") { result, character in
        if "\\`*_{}[]<>()#+!|".contains(character) { result += "\\" }
        result.append(character)
      }
    }.joined(separator: "<br>")
  }
}
