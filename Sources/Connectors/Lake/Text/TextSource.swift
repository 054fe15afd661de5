import Expressions
import Federation
import ObjectStore
import Values
import Vectors

/// Reads a table's files of text, row by row, and makes batches of the columns that are asked for.
final class TextSource: BatchSource {
  private let table: LakeTable
  private let format: TextFormat
  private let columns: [LakeColumn]
  private let store: any ObjectStore
  private let context: ScanContext
  private var pieces: ArraySlice<LakePiece>
  private var file: LakeFile?
  private var records: TextRecords?
  /// For each column, the place of its field in the rows of this file; nil: it has none.
  private var places: [Int?] = []
  private var width = 0
  private var remaining: Int

  init(
    _ table: LakeTable, _ format: TextFormat, _ split: LakeSplit, columns: [LakeColumn], _ store: any ObjectStore, _ context: ScanContext
  ) {
    self.table = table
    self.format = format
    self.columns = columns
    self.store = store
    self.context = context
    pieces = split.pieces[...]
    remaining = table.limit ?? .max
  }

  func next() async throws -> Batch? {
    while remaining > 0 {
      if records == nil {
        guard let next = pieces.popFirst()?.file else { return nil }
        try await open(next)
      }
      if let batch = try await read(min(Batch.habitualCount, remaining)) {
        remaining -= batch.count
        return batch
      }
      records = nil
    }
    return nil
  }

  private func open(_ next: LakeFile) async throws {
    file = next
    var rows = TextRecords(try TextStream(next.entry, store), format)
    context.metrics.add(rows: 0, bytes: next.entry.size)
    let stored = table.columns.filter { $0.source == .file }
    width = stored.count
    places = columns.map { column in stored.firstIndex(of: column) }
    if format.hasHeader, !format.isJSON, let first = try await rows.next() {
      var names: [String] = []
      do throws(BadRecord) {
        names = try TextRecords.fields(first, format.delimiter).map { String(decoding: $0.bytes, as: UTF8.self).lowercased() }
      } catch { throw rows.failure(error.message) }
      width = names.count
      places = columns.map { column in column.source == .file ? names.firstIndex(of: column.name.lowercased()) : nil }
    }
    records = rows
  }

  /// Up to `count` rows of the file; nil: it has no more.
  private func read(_ count: Int) async throws -> Batch? {
    guard var rows = records, let file else { return nil }
    // one owner at a time: two would copy the text at hand with every change
    records = nil
    defer { records = rows }
    let builders = columns.map { VectorBuilder($0.type, capacity: count) }
    let readers = columns.map { TextColumn(name: $0.name, type: $0.type) }
    let names = columns.map { Array($0.name.utf8) }
    var values = [TextValue](repeating: .null, count: columns.count)
    var done = 0
    while done < count, let row = try await rows.next() {
      do throws(BadRecord) {
        if format.isJSON {
          for i in values.indices { values[i] = .null }
          try JSONLine.members(row) { key, value in
            for i in names.indices where columns[i].source == .file && names[i].elementsEqual(key) { values[i] = value }
          }
        } else {
          let fields = try TextRecords.fields(row, format.delimiter)
          guard fields.count == width else {
            throw BadRecord(message: "\(fields.count) fields where \(width) are expected")
          }
          for (i, place) in places.enumerated() { values[i] = place.map { fields[$0] } ?? .null }
        }
        for (i, builder) in builders.enumerated() where columns[i].source == .file { try readers[i].append(values[i], to: builder) }
      } catch {
        throw PrestoError(
          .textBadData, rows.failure(error.message).message,
          hint: "Types are taken from the first rows; 'lake.columns.SCHEMA.TABLE' in the catalog's properties declares others.")
      }
      done += 1
    }
    if done == 0 { return nil }
    context.metrics.add(rows: done, bytes: 0)
    let vectors = zip(columns, builders).map { column, builder -> Vector in
      if column.source == .file { return builder.finish() }
      return Vector.constant(file.value(of: column, in: table) ?? .null, column.type, count: done)
    }
    return Batch(vectors, count: done)
  }
}
