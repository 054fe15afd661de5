import MiniPresto
import Values
import Vectors

/// A table with columns as wide as their widest cell. Rows are kept until there are enough to know the widths, then printed block by block.
///
///      name  | orders
///     -------+--------
///      Amal  |     12
///      Nour +|   NULL        a cell of two lines
///      Fath  |
///     (2 rows)
struct AlignedPrinter: RowPrinter {
  private static let blockRows = 10_000

  private let out: any TextOutput
  private let hasColour: Bool
  private var columns: [ResultColumn] = []
  private var widths: [Int] = []
  private var rows: [[Cell]] = []
  private var hasHeader = false
  private var count = 0

  init(_ out: any TextOutput, hasColour: Bool) {
    self.out = out
    self.hasColour = hasColour
  }

  mutating func begin(_ columns: [ResultColumn]) throws {
    self.columns = columns
    widths = columns.map { TextWidth.columns($0.name) }
  }

  mutating func print(_ batch: Batch) throws {
    for row in 0..<batch.count { rows.append(batch.columns.map { Cell($0, row) }) }
    if rows.count >= AlignedPrinter.blockRows { try flush() }
  }

  mutating func end() throws {
    try flush()
    try out.write("(\(count) row\(count == 1 ? "" : "s"))\n")
  }

  private mutating func flush() throws {
    for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.width) } }
    var text = ""
    if !hasHeader {
      hasHeader = true
      text += header()
    }
    for row in rows { text += lines(row) }
    count += rows.count
    rows = []
    try out.write(text)
  }

  private func header() -> String {
    let names = zip(columns, widths).map { column, width in
      let space = width - TextWidth.columns(column.name)
      return " " + String(repeating: " ", count: space / 2) + column.name + String(repeating: " ", count: space - space / 2) + " "
    }
    return names.joined(separator: "|") + "\n" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "\n"
  }

  /// A row. A cell that goes on in the next line says so with a plus.
  private func lines(_ row: [Cell]) -> String {
    let height = row.reduce(1) { max($0, $1.lines.count) }
    var text = ""
    for number in 0..<height {
      let parts = row.enumerated().map { index, cell -> String in
        let line = number < cell.lines.count ? cell.lines[number] : ""
        let shown = TextWidth.padded(line, widths[index], isRight: columns[index].type.isNumeric)
        return " " + (cell.isNull && hasColour ? "\u{1B}[2m\(shown)\u{1B}[0m" : shown) + (number + 1 < cell.lines.count ? "+" : " ")
      }
      text += parts.joined(separator: "|") + "\n"
    }
    return text
  }
}
