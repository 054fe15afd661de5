import MiniPresto
import Values
import Vectors

/// Prints rows in one format as they arrive. `begin` once, `print` for each batch, `end` once.
protocol RowPrinter {
  mutating func begin(_ columns: [ResultColumn]) throws
  mutating func print(_ batch: Batch) throws
  mutating func end() throws
}

extension OutputFormat {
  func printer(_ out: any TextOutput, terminalWidth: Int) -> any RowPrinter {
    switch self {
    case .aligned: AlignedPrinter(out, style: .aligned)
    case .markdown: AlignedPrinter(out, style: .markdown)
    case .auto: AutoPrinter(out, width: terminalWidth)
    case .vertical: VerticalPrinter(out)
    case .tsv: SeparatedPrinter(out, .tabs, hasHeader: false)
    case .tsvHeader: SeparatedPrinter(out, .tabs, hasHeader: true)
    case .csv: SeparatedPrinter(out, .quotedCommas, hasHeader: false)
    case .csvHeader: SeparatedPrinter(out, .quotedCommas, hasHeader: true)
    case .csvUnquoted: SeparatedPrinter(out, .commas, hasHeader: false)
    case .csvHeaderUnquoted: SeparatedPrinter(out, .commas, hasHeader: true)
    case .json: JSONPrinter(out)
    case .null: NullPrinter()
    }
  }
}

/// A place to write text to: a file descriptor, or a pager's pipe. Throws when the reader has gone (a closed pager).
protocol TextOutput: AnyObject {
  func write(_ text: String) throws
}

struct NullPrinter: RowPrinter {
  mutating func begin(_ columns: [ResultColumn]) throws {}
  mutating func print(_ batch: Batch) throws {}
  mutating func end() throws {}
}

/// CSV and TSV.
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
    for row in 0..<batch.count { text += line(batch.columns.map { $0.isNull(at: row) ? "" : Cell.text($0, row) }) }
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
    if !cell.utf8.contains(where: { $0 == 9 || $0 == 10 || $0 == 13 || $0 == 92 }) { return cell }
    return cell.reduce(into: "") { result, character in
      switch character {
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      default: result.append(character)
      }
    }
  }
}

/// One object a line.
struct JSONPrinter: RowPrinter {
  private let out: any TextOutput
  private var names: [String] = []

  init(_ out: any TextOutput) { self.out = out }

  mutating func begin(_ columns: [ResultColumn]) throws { names = columns.map { JSONLine.quoted($0.name) } }

  mutating func print(_ batch: Batch) throws {
    var text = ""
    for row in 0..<batch.count {
      text += "{" + zip(names, batch.columns).map { "\($0):\(JSONLine.value($1, row))" }.joined(separator: ",") + "}\n"
    }
    try out.write(text)
  }

  mutating func end() throws {}
}

/// One line a column.
struct VerticalPrinter: RowPrinter {
  private let out: any TextOutput
  private var names: [String] = []
  private var width = 0
  private var number = 0

  init(_ out: any TextOutput) { self.out = out }

  mutating func begin(_ columns: [ResultColumn]) throws {
    names = columns.map(\.name)
    width = names.map(TextWidth.columns).max() ?? 0
  }

  mutating func print(_ batch: Batch) throws {
    var text = ""
    for row in 0..<batch.count {
      number += 1
      text += "-[ RECORD \(number) ]" + String(repeating: "-", count: max(width - 8, 1)) + "\n"
      for (name, column) in zip(names, batch.columns) {
        text += name + String(repeating: " ", count: width - TextWidth.columns(name)) + " | " + Cell.shown(column, row) + "\n"
      }
    }
    try out.write(text)
  }

  mutating func end() throws {}
}
