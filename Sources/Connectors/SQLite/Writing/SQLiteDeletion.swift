import CSQLite
import Federation
import RemoteSQL
import Values
import Vectors

/// A DELETE within a transaction of its own. Yields the number of rows that it removed.
final class SQLiteDeletion: BlockingReader {
  private let connection: SQLiteConnection
  private let text: RemoteText
  private let table: String
  /// What the condition reads.
  private let columns: [RemoteColumn]
  private(set) var isAtEnd = false

  init(_ connection: SQLiteConnection, _ text: RemoteText, from table: String, columns: [RemoteColumn]) {
    self.connection = connection
    self.text = text
    self.table = table
    self.columns = columns
  }

  func read() throws -> Batch? {
    if isAtEnd { return nil }
    // dirty pages stay in memory, so that readers are locked out at commit only
    try connection.execute("PRAGMA cache_spill = OFF")
    try connection.execute("BEGIN IMMEDIATE")
    let rows: Int64
    do {
      try checkForms()
      let statement = try connection.prepare(text.written(SQLiteDialect()))
      for (index, argument) in text.arguments.enumerated() { try statement.bind(argument.value, argument.type, at: index + 1) }
      _ = try statement.step()
      rows = sqlite3_changes64(connection.handle)
      try connection.execute("COMMIT")
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
    isAtEnd = true
    return Batch([Vector.constant(.integer(rows), .bigint, count: 1)], count: 1)
  }

  /// Throws where a value would be compared as another one than SELECT sees.
  private func checkForms() throws {
    guard let description = try connection.describe(table) else { throw PrestoError(.tableNotFound, "Table '\(table)' does not exist") }
    if !description.isUTF8 && columns.contains(where: { TypeFamily($0.type) == .text }) {
      throw PrestoError(
        .notSupported, "Cannot delete by texts of a SQLite database in UTF-16: they have another order there",
        hint: "Run a DELETE of SQLite's own: CALL catalog.system.execute(query => '…')")
    }
    for column in columns {
      guard let form = PlainForm(column, in: description) else {
        throw PrestoError(.sqliteError, "SQLite table '\(table)' was altered: column '\(column.name)'", hint: "Run the statement again.")
      }
      // row numbers are integers
      if description.rowIDColumn?.name == column.name { continue }
      let name = SQLiteConnection.quoted(column.name)
      let others = try connection.rows(
        "SELECT CAST(\(name) AS TEXT) FROM \(SQLiteConnection.quoted(description.name)) WHERE \(name) IS NOT NULL AND NOT (\(form.test)) LIMIT 1"
      ) { $0.text(0) ?? "" }
      if let other = others.first {
        throw PrestoError(
          .notSupported,
          "Cannot delete by column '\(column.name)' of SQLite table '\(table)': it holds \(other), which is not stored as "
            + "\(column.type) usually is", hint: "Run a DELETE of SQLite's own: CALL catalog.system.execute(query => '…')")
      }
    }
  }

  func cancel() { connection.interrupt() }

  func close() {}
}
