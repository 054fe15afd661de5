import MiniPresto
import Vectors

/// Prints rows in one format as they arrive. `begin` once, `print` for each batch, `end` once.
package protocol RowPrinter {
  mutating func begin(_ columns: [ResultColumn]) throws
  mutating func print(_ batch: Batch) throws
  mutating func end() throws
}

extension OutputFormat {
  package func printer(_ out: any TextOutput, terminalWidth: Int, hasColour: Bool = false) -> any RowPrinter {
    switch self {
    case .aligned: AlignedPrinter(out, hasColour: hasColour)
    case .markdown: MarkdownPrinter(out)
    case .auto: AutoPrinter(out, width: terminalWidth, hasColour: hasColour)
    case .vertical: VerticalPrinter(out, hasColour: hasColour)
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

/// A single text of many lines, as it is: a plan needs no table around it.
struct TextPrinter: RowPrinter {
  private let out: any TextOutput

  init(_ out: any TextOutput) { self.out = out }

  mutating func begin(_ columns: [ResultColumn]) throws {}

  mutating func print(_ batch: Batch) throws {
    for row in 0..<batch.count {
      let text = batch.columns.map { $0.text(at: row) ?? "NULL" }.joined(separator: "\t")
      try out.write(text.hasSuffix("\n") ? text : text + "\n")
    }
  }

  mutating func end() throws {}
}

struct NullPrinter: RowPrinter {
  mutating func begin(_ columns: [ResultColumn]) throws {}
  mutating func print(_ batch: Batch) throws {}
  mutating func end() throws {}
}

/// Aligned where it fits the terminal, vertical where it does not.
struct AutoPrinter: RowPrinter {
  private let out: any TextOutput
  private let width: Int
  private let hasColour: Bool
  private var columns: [ResultColumn] = []
  private var inner: (any RowPrinter)?

  init(_ out: any TextOutput, width: Int, hasColour: Bool) {
    self.out = out
    self.width = width
    self.hasColour = hasColour
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
      if let batch { for row in 0..<min(batch.count, 1000) { widest = max(widest, Cell(batch.columns[index], row).width) } }
      needed += widest
    }
    var printer: any RowPrinter = needed > width ? VerticalPrinter(out, hasColour: hasColour) : AlignedPrinter(out, hasColour: hasColour)
    try printer.begin(columns)
    inner = printer
  }
}
