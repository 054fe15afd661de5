import CSQLite
import Federation
import Glibc
import RemoteSQL
import Values
import Vectors

/// One write: a transaction on a connection of its own that all writers share, one at a time.
final class SQLiteWrite: TableWrite, @unchecked Sendable {
  private let connection: SQLiteConnection
  private let insert: SQLiteStatement
  private let types: [DataType]
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var isOpen = true

  /// `prepare` runs inside the transaction, before the first row (CREATE TABLE).
  init(
    _ connection: SQLiteConnection, table: String, columns: [String], types: [DataType], prepare: (SQLiteConnection) throws -> Void
  ) throws {
    self.connection = connection
    self.types = types
    // dirty pages stay in memory, so that readers are locked out at commit only
    try connection.execute("PRAGMA cache_spill = OFF")
    try connection.execute("BEGIN IMMEDIATE")
    do {
      try prepare(connection)
      let names = columns.map { SQLiteConnection.quoted($0) }.joined(separator: ", ")
      let holes = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
      insert = try connection.prepare("INSERT INTO \(SQLiteConnection.quoted(table)) (\(names)) VALUES (\(holes))")
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    if isOpen { try? connection.execute("ROLLBACK") }
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func sink() async throws -> sending any BatchSink { SQLiteSink(self) }

  func commit() async throws {
    try locked {
      insert.reset()
      try connection.execute("COMMIT")
      isOpen = false
    }
  }

  func abort() async {
    locked {
      insert.reset()
      if isOpen { try? connection.execute("ROLLBACK") }
      isOpen = false
    }
  }

  private func locked<R>(_ body: () throws -> R) rethrows -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }

  fileprivate func write(_ batch: Batch) throws {
    try locked {
      let columns = batch.columns.map { $0.flattened() }
      for row in 0..<batch.count {
        for (index, column) in columns.enumerated() { try bind(column, row, types[index], index + 1) }
        _ = try insert.step()
        insert.reset()
      }
    }
  }

  /// As `ColumnSink.store` reads it back.
  private func bind(_ column: Vector, _ row: Int, _ type: DataType, _ place: Int) throws {
    if column.isNull(at: row) { return }
    let statement = insert.handle, index = Int32(place)
    switch type {
    case .varchar, .char:
      let status = column.reader(as: Bytes.self)[row].withBytes { raw in
        sqlite3_bind_text64(
          statement, index, raw.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(raw.count), copiedByLibrary,
          UInt8(SQLITE_UTF8))
      }
      try insert.check(status)
    case .double:
      let value = column.reader(as: Double.self)[row]
      if value.isNaN { throw PrestoError(.sqliteInvalidValue, "SQLite cannot store NaN") }
      try insert.check(sqlite3_bind_double(statement, index, value))
    case .real:
      let value = column.reader(as: Float.self)[row]
      if value.isNaN { throw PrestoError(.sqliteInvalidValue, "SQLite cannot store NaN") }
      try insert.check(sqlite3_bind_double(statement, index, Double(value)))
    case .varbinary:
      let status = column.reader(as: Bytes.self)[row].withBytes { raw in
        raw.isEmpty
          ? sqlite3_bind_zeroblob(statement, index, 0)
          : sqlite3_bind_blob64(statement, index, raw.baseAddress, UInt64(raw.count), copiedByLibrary)
      }
      try insert.check(status)
    default: try insert.bind(column.constant(at: row), type, at: place)
    }
  }
}

private final class SQLiteSink: BatchSink {
  private let write: SQLiteWrite
  init(_ write: SQLiteWrite) { self.write = write }
  func append(_ batch: Batch) async throws { try write.write(batch) }
  func finish() async throws {}
}
