import CSQLite

/// Writes reals as SQLite itself does (`CAST(x AS TEXT)`): asked of the library, so that it stays so whatever its version.
final class RealWriter {
  private var database: OpaquePointer?
  private var statement: OpaquePointer?

  init() {
    guard sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else { return }
    sqlite3_prepare_v2(database, "SELECT CAST(? AS TEXT)", -1, &statement, nil)
  }

  deinit {
    sqlite3_finalize(statement)
    sqlite3_close_v2(database)
  }

  func text(_ value: Double) -> String {
    guard let statement else { return "\(value)" }
    defer { sqlite3_reset(statement) }
    sqlite3_bind_double(statement, 1, value)
    guard sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0) else { return "\(value)" }
    return String(cString: text)
  }
}
