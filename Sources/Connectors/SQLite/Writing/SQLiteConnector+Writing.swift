import Expressions
import Federation
import RemoteSQL
import Values
import Vectors

extension SQLiteConnector {
  private func writer() throws -> SQLiteConnection { try SQLiteConnection(path: pool.path, .writing, busyTimeout: pool.busyTimeout) }

  private func check(schema: String) throws {
    if schema.lowercased() != SQLiteConnector.schema { throw PrestoError(.schemaNotFound, "Schema '\(schema)' does not exist") }
  }

  public func begin(_ intent: WriteIntent<RemoteTable>) async throws -> any TableWrite {
    switch intent {
    case .create(let name, let fields, let properties):
      try check(schema: name.schema)
      if let unknown = properties.keys.sorted().first {
        throw PrestoError(.invalidTableProperty, "Catalog does not support table property '\(unknown)'")
      }
      let columns = fields.enumerated().map { $1.name ?? "_col\($0)" }
      let declared = try fields.enumerated().map { index, field in
        guard let type = dialect.name(of: field.type) else {
          throw PrestoError(.notSupported, "Column '\(columns[index])': SQLite cannot store type \(field.type)")
        }
        return "\(SQLiteConnection.quoted(columns[index])) \(type)"
      }
      return try await BlockingThread.value { [self] in
        try SQLiteWrite(writer(), table: name.table, columns: columns, types: fields.map(\.type)) { connection in
          if try connection.describe(name.table) != nil { throw PrestoError(.tableAlreadyExists, "Table '\(name)' already exists") }
          try connection.execute("CREATE TABLE \(SQLiteConnection.quoted(name.table)) (\(declared.joined(separator: ", ")))")
        }
      }
    case .insert(let table, let columns):
      guard case .table(let name) = table.query else { throw PrestoError(.notSupported, "Rows cannot be inserted into \(table)") }
      let chosen = try columns.map { wanted in
        guard let found = table.columns.first(where: { $0.name.lowercased() == wanted.lowercased() }) else {
          throw PrestoError(.columnNotFound, "Column '\(wanted)' does not exist in '\(name)'")
        }
        return found
      }
      return try await BlockingThread.value { [self] in
        try SQLiteWrite(writer(), table: name.table, columns: chosen.map(\.name), types: chosen.map(\.type)) { _ in }
      }
    case .replace: throw PrestoError(.notSupported, "This connector does not support modifying table rows")
    }
  }

  /// The columns of the answer are those that the condition reads.
  public func apply(deletion filter: Expr<RemoteColumn>, to table: RemoteTable) throws -> RemoteTable? {
    guard case .table = table.query, let description = known(table), description.kind == .table,
      let condition = DeletionCondition(filter, in: description)
    else { return nil }
    var answer = table
    answer.query = table.query.filtered(by: [condition.text])
    let read = filter.references
    answer.columns = table.columns.filter { read.contains($0) }
    return answer
  }

  public func delete(_ table: RemoteTable, _ context: ScanContext) async throws -> sending any BatchSource {
    let text = try table.deletion(dialect)
    context.metrics.add(sent: text.description)
    guard let name = table.query.scannedTable?.table else { throw PrestoError(.notSupported, "Rows cannot be deleted from \(table)") }
    var columns = table.columns
    if case .table = table.query { columns = [] }
    return BlockingSource { [self, columns] in SQLiteDeletion(try writer(), text, from: name, columns: columns) }
  }

  public func drop(_ table: TableName) async throws {
    try check(schema: table.schema)
    try await BlockingThread.value { [self] in
      let connection = try writer()
      guard let found = try connection.describe(table.table) else {
        throw PrestoError(.tableNotFound, "Table '\(table)' does not exist")
      }
      try connection.execute("DROP \(found.kind == .view ? "VIEW" : "TABLE") \(SQLiteConnection.quoted(found.name))")
    }
  }

  public func execute(_ text: String) async throws { try await BlockingThread.value { [self] in try writer().execute(text) } }
}
