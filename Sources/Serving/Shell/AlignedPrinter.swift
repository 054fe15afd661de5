import MiniPresto
import Values
import Vectors

/// A table with columns as wide as their widest cell. Rows are kept until there are enough to know the widths, then printed block by block.
struct AlignedPrinter: RowPrinter {
  enum Style { case aligned, markdown }
  private static let blockRows = 10_000

  private let out: any TextOutput
  private let style: Style
  private var columns: [ResultColumn] = []
  private var widths: [Int] = []
  private var rows: [[String]] = []
  private var hasHeader = false

  init(_ out: any TextOutput, style: Style) {
    self.out = out
    self.style = style
  }

  mutating func begin(_ columns: [ResultColumn]) throws {
    self.columns = columns
    widths = columns.map { TextWidth.columns($0.name) }
  }

  mutating func print(_ batch: Batch) throws {
    for row in 0..<batch.count { rows.append(batch.columns.map { Cell.shown($0, row) }) }
    if rows.count >= AlignedPrinter.blockRows { try flush() }
  }

  mutating func end() throws { try flush() }

  private mutating func flush() throws {
    for row in rows {
      for (index, cell) in row.enumerated() {
        for line in cell.split(separator: "\n", omittingEmptySubsequences: false) {
          widths[index] = max(widths[index], TextWidth.columns(String(line)))
        }
      }
    }
    var text = ""
    if !hasHeader {
      hasHeader = true
      text += header()
    }
    for row in rows { text += line(row) }
    rows = []
    try out.write(text)
  }

  private func header() -> String {
    switch style {
    case .aligned:
      let names = zip(columns, widths).map { column, width in
        let space = width - TextWidth.columns(column.name)
        return " " + String(repeating: " ", count: space / 2) + column.name + String(repeating: " ", count: space - space / 2) + " "
      }
      return names.joined(separator: "|") + "\n" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "\n"
    case .markdown:
      let names = zip(columns, widths).map { " " + padded($0.name, $1, isRight: false) + " " }
      let rule = zip(columns, widths).map { column, width in
        column.type.isNumeric ? String(repeating: "-", count: width + 1) + ":" : ":" + String(repeating: "-", count: width + 1)
      }
      return "|" + names.joined(separator: "|") + "|\n|" + rule.joined(separator: "|") + "|\n"
    }
  }

  /// A row; cells with line breaks take several lines.
  private func line(_ row: [String]) -> String {
    let cells = row.map { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    let height = style == .markdown ? 1 : cells.map(\.count).max() ?? 1
    var text = ""
    for number in 0..<height {
      let parts = cells.indices.map { index -> String in
        let cell =
          style == .markdown
          ? row[index].split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
          : number < cells[index].count ? cells[index][number] : ""
        return " " + padded(cell, widths[index], isRight: columns[index].type.isNumeric) + " "
      }
      text += style == .markdown ? "|" + parts.joined(separator: "|") + "|\n" : parts.joined(separator: "|") + "\n"
    }
    return text
  }

  private func padded(_ text: String, _ width: Int, isRight: Bool) -> String {
    let space = String(repeating: " ", count: max(width - TextWidth.columns(text), 0))
    return isRight ? space + text : text + space
  }
}

/// Aligned where it fits the terminal, vertical where it does not.
struct AutoPrinter: RowPrinter {
  private let out: any TextOutput
  private let width: Int
  private var columns: [ResultColumn] = []
  private var inner: (any RowPrinter)?

  init(_ out: any TextOutput, width: Int) {
    self.out = out
    self.width = width
  }

  mutating func begin(_ columns: [ResultColumn]) throws { self.columns = columns }

  mutating func print(_ batch: Batch) throws {
    if inner == nil { try choose(batch) }
    try inner?.print(batch)
  }

  mutating func end() throws {
    if inner == nil { try choose(nil) }
    try inner?.end()
  }

  private mutating func choose(_ batch: Batch?) throws {
    var needed = columns.count * 3
    for (index, column) in columns.enumerated() {
      var widest = TextWidth.columns(column.name)
      if let batch {
        for row in 0..<min(batch.count, 1000) { widest = max(widest, TextWidth.columns(Cell.shown(batch.columns[index], row))) }
      }
      needed += widest
    }
    var printer: any RowPrinter = needed > width ? VerticalPrinter(out) : AlignedPrinter(out, style: .aligned)
    try printer.begin(columns)
    inner = printer
  }
}

/// How many terminal columns a text takes: wide East Asian letters and emoji two, combining marks none.
enum TextWidth {
  static func columns(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) { return text.utf8.count }
    return text.reduce(0) { $0 + width($1) }
  }

  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0..<32, 0x7F..<0xA0, 0x200B...0x200F, 0x2060...0x2064, 0xFEFF: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3,
      0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
