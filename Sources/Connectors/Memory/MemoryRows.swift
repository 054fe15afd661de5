import Federation
import Values
import Vectors

/// A table made in code: what `MemoryConnector(tables:)` begins with.
public struct MemoryRows: Sendable {
  public let name: TableName
  public let fields: [DataType.Field]
  public let batches: [Batch]

  /// Throws `TYPE_MISMATCH` for a batch whose columns are not the fields.
  public init(_ name: String, schema: String = "default", _ fields: [DataType.Field], batches: [Batch]) throws {
    self.name = TableName(schema: schema.lowercased(), table: name.lowercased())
    self.fields = fields
    self.batches = batches.filter { $0.count > 0 }
    for batch in batches {
      guard batch.columns.count == fields.count, zip(batch.columns, fields).allSatisfy({ $0.type.layout == $1.type.layout }) else {
        throw PrestoError(
          .typeMismatch,
          "Table '\(name)': a batch has columns (\(batch.columns.map(\.type.description).joined(separator: ", "))), the table "
            + "(\(fields.map(\.type.description).joined(separator: ", ")))")
      }
    }
  }

  /// The same from rows of constants (`Constant` says which case stands for which type).
  public init(_ name: String, schema: String = "default", _ fields: [DataType.Field], rows: [[Constant]]) throws {
    var batches: [Batch] = []
    for start in stride(from: 0, to: rows.count, by: Batch.habitualCount) {
      let part = rows[start..<min(start + Batch.habitualCount, rows.count)]
      let builders = fields.map { VectorBuilder($0.type, capacity: part.count) }
      for row in part {
        guard row.count == fields.count else {
          throw PrestoError(.typeMismatch, "Table '\(name)': a row has \(row.count) values, the table \(fields.count) columns")
        }
        for (builder, value) in zip(builders, row) { builder.append(value) }
      }
      batches.append(Batch(builders.map { $0.finish() }, count: part.count))
    }
    try self.init(name, schema: schema, fields, batches: batches)
  }
}
