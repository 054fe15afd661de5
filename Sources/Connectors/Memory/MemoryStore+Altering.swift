import Federation
import Values
import Vectors

extension MemoryStore.Content {
  /// The same rows with other columns. Throws COLUMN_NOT_FOUND, COLUMN_ALREADY_EXISTS, NOT_SUPPORTED.
  func altered(_ change: TableChange, id: Int) throws -> MemoryStore.Content {
    func index(_ column: String) throws -> Int {
      guard let index = fields.firstIndex(where: { $0.name?.lowercased() == column.lowercased() }) else {
        throw PrestoError(.columnNotFound, "Column '\(column)' does not exist")
      }
      return index
    }
    func checkAbsent(_ column: String) throws {
      if fields.contains(where: { $0.name?.lowercased() == column.lowercased() }) {
        throw PrestoError(.columnAlreadyExists, "Column '\(column)' already exists")
      }
    }
    var fields = fields, batches = batches, name = name
    switch change {
    case .rename(let target): name = target
    case .addColumn(let field):
      try checkAbsent(field.name ?? "")
      fields.append(field)
      batches = batches.map { Batch($0.columns + [Vector.nulls(field.type, count: $0.count).flattened()], count: $0.count) }
    case .dropColumn(let column):
      let place = try index(column)
      if fields.count == 1 { throw PrestoError(.notSupported, "Cannot drop the only column in a table") }
      fields.remove(at: place)
      batches = batches.map { batch in
        var columns = batch.columns
        columns.remove(at: place)
        return Batch(columns, count: batch.count)
      }
    case .renameColumn(let column, let target):
      let place = try index(column)
      try checkAbsent(target)
      fields[place].name = target
    }
    return MemoryStore.Content(
      id: id, name: name, fields: fields, batches: batches, rows: rows, byteCount: batches.reduce(0) { $0 + $1.byteCount })
  }
}
