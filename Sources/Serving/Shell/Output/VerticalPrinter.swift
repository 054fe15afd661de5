import MiniPresto
import Vectors

/// One line a column.
///
///     -[ RECORD 1 ]---
///     name   | Amal
///     orders | 12
struct VerticalPrinter: RowPrinter {
  private let out: any TextOutput
  private let hasColour: Bool
  private var names: [String] = []
  private var nameWidth = 0
  private var number = 0

  init(_ out: any TextOutput, hasColour: Bool) {
    self.out = out
    self.hasColour = hasColour
  }

  mutating func begin(_ columns: [ResultColumn]) throws {
    names = columns.map(\.name)
    nameWidth = names.map(TextWidth.columns).max() ?? 0
  }

  mutating func print(_ batch: Batch) throws {
    // widths are those of the batch: the lines between records are then of one length
    let rows = (0..<batch.count).map { row in batch.columns.map { Cell($0, row) } }
    let valueWidth = rows.reduce(0) { $1.reduce($0) { max($0, $1.width) } }
    var text = ""
    for row in rows {
      number += 1
      text += rule(valueWidth)
      for (name, cell) in zip(names, row) {
        for (index, line) in cell.lines.enumerated() {
          text += TextWidth.padded(index == 0 ? name : "", nameWidth, isRight: false) + " | "
          text += (cell.isNull && hasColour ? "\u{1B}[2m\(line)\u{1B}[0m" : line) + "\n"
        }
      }
    }
    try out.write(text)
  }

  mutating func end() throws { if number == 0 { try out.write("(no rows)\n") } }

  /// `-[ RECORD 1 ]--+-----`, with the plus over the bar where the title leaves room for it.
  private func rule(_ valueWidth: Int) -> String {
    var line = "-[ RECORD \(number) ]"
    if line.count < nameWidth + 1 { line += String(repeating: "-", count: nameWidth + 1 - line.count) }
    if line.count == nameWidth + 1 { line += "+" }
    return line + String(repeating: "-", count: max(nameWidth + 3 + valueWidth - line.count, 0)) + "\n"
  }
}
