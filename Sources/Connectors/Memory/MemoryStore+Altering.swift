import Expressions
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
    var fields = fields, batches = batches, name = name, comment = comment, comments = comments
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
      comments[column.lowercased()] = nil
      batches = batches.map { batch in
        var columns = batch.columns
        columns.remove(at: place)
        return Batch(columns, count: batch.count)
      }
    case .renameColumn(let column, let target):
      let place = try index(column)
      try checkAbsent(target)
      fields[place].name = target
      comments[target.lowercased()] = comments.removeValue(forKey: column.lowercased())
    case .setType(let column, let type):
      let place = try index(column), from = fields[place].type
      guard Coercion.canCast(from, to: type) else { throw PrestoError(.typeMismatch, "Cannot cast \(from) to \(type)") }
      let cast = try Evaluator(
        .cast(.reference(0, from), to: type, safe: false), functions: FunctionRegistry([]),
        context: EvaluationContext(user: "", timeZone: "UTC", startMicros: 0))
      fields[place].type = type
      batches = try batches.map { batch in
        var columns = batch.columns
        columns[place] = try cast.evaluate(Batch([columns[place]], count: batch.count)).flattened()
        return Batch(columns, count: batch.count)
      }
    case .comment(let text): comment = text
    case .commentColumn(let column, let text):
      _ = try index(column)
      comments[column.lowercased()] = text
    }
    return MemoryStore.Content(
      id: id, name: name, fields: fields, batches: batches, rows: rows, byteCount: batches.reduce(0) { $0 + $1.byteCount },
      comment: comment, comments: comments)
  }
}
