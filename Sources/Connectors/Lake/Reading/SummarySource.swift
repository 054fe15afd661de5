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
    let chosen = try await files.files(of: scan.table).filter { try scan.mayHold($0, context) }
    for (file, footer) in zip(chosen, try await files.footers.footers(chosen.map(\.entry))) {
      let mapping = FileMapping(file, footer, scan.table)
      for group in 0..<mapping.footer.parquet.rowGroupCount {
        for (index, summary) in summaries.enumerated() { answers[index] = try await added(summary, mapping, group, answers[index]) }
      }
    }
    return Batch(outputs.map { Vector.constant(answers[$0], summaries[$0].type, count: 1) }, count: 1)
  }

  /// The answer with one more row group.
  private func added(_ summary: LakeSummary, _ mapping: FileMapping, _ group: Int, _ known: Constant) async throws -> Constant {
    var answer = known
    try await add(summary, mapping, group, &answer)
    return answer
  }

  private func add(_ summary: LakeSummary, _ mapping: FileMapping, _ group: Int, _ answer: inout Constant) async throws {
    let parquet = mapping.footer.parquet
    let rows = parquet.rowCount(ofGroup: group)
    switch summary {
    case .rowCount: count(rows, &answer)
    case .valueCount(let column):
      if case .constant(let value) = try mapping.place(of: column) { return count(value.isNull ? 0 : rows, &answer) }
      if let index = mapping.plainIndex(of: column), let nulls = parquet.statistics(rowGroup: group, column: index)?.nullCount {
        return count(rows - nulls, &answer)
      }
      for vector in try await read(column, mapping, group) {
        var nulls = 0
        for row in 0..<vector.count where vector.isNull(at: row) { nulls += 1 }
        count(vector.count - nulls, &answer)
      }
    case .minimum(let column): try await extreme(column, mapping, group, rows, isMaximum: false, &answer)
    case .maximum(let column): try await extreme(column, mapping, group, rows, isMaximum: true, &answer)
    }
  }

  private func count(_ rows: Int, _ answer: inout Constant) {
    if case .integer(let known) = answer { answer = .integer(known + Int64(rows)) }
  }

  private func extreme(_ column: LakeColumn, _ mapping: FileMapping, _ group: Int, _ rows: Int, isMaximum: Bool, _ answer: inout Constant)
    async throws
  {
    if rows == 0 { return }
    if case .constant(let value) = try mapping.place(of: column) { return keep(value, isMaximum, &answer) }
    let parquet = mapping.footer.parquet
    if let index = mapping.plainIndex(of: column), let statistics = parquet.statistics(rowGroup: group, column: index) {
      if statistics.nullCount == rows { return }
      if isMaximum, statistics.isMaximumExact, let maximum = statistics.maximum { return keep(maximum, isMaximum, &answer) }
      if !isMaximum, statistics.isMinimumExact, let minimum = statistics.minimum { return keep(minimum, isMaximum, &answer) }
    }
    for vector in try await read(column, mapping, group) {
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

  private func read(_ column: LakeColumn, _ mapping: FileMapping, _ group: Int) async throws -> [Vector] {
    let index: Int
    var conversion: Projection?
    switch try mapping.place(of: column) {
    case .constant: return []
    case .stored(let found): index = found
    case .converted(let found, let type):
      index = found
      conversion = try LakeStage.conversion(from: type, to: column.type, context)
    }
    let parquet = mapping.footer.parquet
    let fetched = try await mapping.footer.input.fetch(
      parquet.byteRanges(ofGroup: group, columns: [index]).map { $0.lowerBound..<$0.upperBound + 128 }, context.memory)
    try mapping.footer.input.retain()
    defer { mapping.footer.input.release() }
    let reader = try RowGroupReader(parquet, rowGroup: group, columns: [index])
    var vectors: [Vector] = []
    while let batch = try reader.next() { vectors.append(try conversion?.evaluate(batch)[0] ?? batch.columns[0]) }
    withExtendedLifetime(fetched) {}
    return vectors
  }
}
