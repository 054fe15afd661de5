import Expressions
import Federation
import Parquet
import Values
import Vectors

/// Answers count(*), count(x), min(x) and max(x) from footers; a row group whose footer does not say is read, that one column of it.
final class SummarySource: BatchSource {
  private let scan: LakeScan
  private let summaries: [LakeSummary]
  private let outputs: [Int]
  private let files: TableFiles
  private let context: ScanContext
  private var isDone = false

  /// `outputs`: which of the summaries are asked for, in order.
  init(_ scan: LakeScan, _ summaries: [LakeSummary], outputs: [Int], _ files: TableFiles, _ context: ScanContext) {
    self.scan = scan
    self.summaries = summaries
    self.outputs = outputs
    self.files = files
    self.context = context
  }

  func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var answers = summaries.map { summary -> Constant in
      switch summary {
      case .rowCount, .valueCount: .integer(0)
      case .minimum, .maximum: .null
      }
    }
    for file in try await files.files(of: scan.table) where try scan.mayHold(file, context) {
      let mapping = FileMapping(file, try files.footers.footer(file), scan.table)
      for group in 0..<mapping.footer.parquet.rowGroupCount {
        for (index, summary) in summaries.enumerated() { try add(summary, mapping, group, &answers[index]) }
      }
    }
    return Batch(outputs.map { Vector.constant(answers[$0], summaries[$0].type, count: 1) }, count: 1)
  }

  private func add(_ summary: LakeSummary, _ mapping: FileMapping, _ group: Int, _ answer: inout Constant) throws {
    let parquet = mapping.footer.parquet
    let rows = parquet.rowCount(ofGroup: group)
    switch summary {
    case .rowCount: count(rows, &answer)
    case .valueCount(let column):
      if case .constant(let value) = try mapping.place(of: column) { return count(value.isNull ? 0 : rows, &answer) }
      if let index = mapping.plainIndex(of: column), let nulls = parquet.statistics(rowGroup: group, column: index)?.nullCount {
        return count(rows - nulls, &answer)
      }
      try read(column, mapping, group) { vector in
        var nulls = 0
        for row in 0..<vector.count where vector.isNull(at: row) { nulls += 1 }
        count(vector.count - nulls, &answer)
      }
    case .minimum(let column): try extreme(column, mapping, group, rows, isMaximum: false, &answer)
    case .maximum(let column): try extreme(column, mapping, group, rows, isMaximum: true, &answer)
    }
  }

  private func count(_ rows: Int, _ answer: inout Constant) {
    if case .integer(let known) = answer { answer = .integer(known + Int64(rows)) }
  }

  private func extreme(_ column: LakeColumn, _ mapping: FileMapping, _ group: Int, _ rows: Int, isMaximum: Bool, _ answer: inout Constant)
    throws
  {
    if rows == 0 { return }
    if case .constant(let value) = try mapping.place(of: column) { return keep(value, isMaximum, &answer) }
    let parquet = mapping.footer.parquet
    if let index = mapping.plainIndex(of: column), let statistics = parquet.statistics(rowGroup: group, column: index) {
      if statistics.nullCount == rows { return }
      if isMaximum, statistics.isMaximumExact, let maximum = statistics.maximum { return keep(maximum, isMaximum, &answer) }
      if !isMaximum, statistics.isMinimumExact, let minimum = statistics.minimum { return keep(minimum, isMaximum, &answer) }
    }
    try read(column, mapping, group) { vector in
      for row in 0..<vector.count { keep(vector.constant(at: row), isMaximum, &answer) }
    }
  }

  /// Whole numbers and what is stored as such, or texts.
  private func keep(_ value: Constant, _ isMaximum: Bool, _ answer: inout Constant) {
    if value.isNull { return }
    if answer.isNull {
      answer = value
      return
    }
    let isLess: Bool
    if case .bytes(let new) = value, case .bytes(let old) = answer {
      isLess = new.lexicographicallyPrecedes(old)
    } else {
      guard let new = value.wideValue, let old = answer.wideValue else { return }
      isLess = new < old
    }
    if isLess != isMaximum { answer = value }
  }

  private func read(_ column: LakeColumn, _ mapping: FileMapping, _ group: Int, _ body: (Vector) throws -> Void) throws {
    let index: Int
    var conversion: Projection?
    switch try mapping.place(of: column) {
    case .constant: return
    case .stored(let found): index = found
    case .converted(let found, let type):
      index = found
      conversion = try LakeStage.conversion(from: type, to: column.type, context)
    }
    try mapping.footer.input.retain()
    defer { mapping.footer.input.release() }
    let reader = try RowGroupReader(mapping.footer.parquet, rowGroup: group, columns: [index])
    while let batch = try reader.next() { try body(conversion?.evaluate(batch)[0] ?? batch.columns[0]) }
  }
}
