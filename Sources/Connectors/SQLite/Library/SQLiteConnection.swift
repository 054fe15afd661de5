import CSQLite
import Glibc
import Values

/// One connection of the library. Used by one thread at a time, except for `interrupt`.
final class SQLiteConnection: @unchecked Sendable {
  enum Mode { case reading, writing }

  let path: String
  let handle: OpaquePointer
  /// The file behind it when it was opened: another file under the same path is another database.
  let identity: FileIdentity?

  /// Throws `JDBC_ERROR` naming the file. Nothing is created: a missing file is an error in both modes.
  init(path: String, _ mode: Mode, busyTimeout: Int) throws {
    self.path = path
    var opened: OpaquePointer?
    let access = mode == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
    let status = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened, status == SQLITE_OK else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      if !path.hasPrefix("file:") && access_(path, F_OK) != 0 {
        throw PrestoError(.sqliteError, "Cannot open SQLite database '\(path)': there is no such file")
      }
      throw PrestoError(.sqliteError, "Cannot open SQLite database '\(path)': \(reason)")
    }
    handle = opened
    identity = FileIdentity(path)
    sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout))
    sqlite3_extended_result_codes(handle, 1)
  }

  deinit { sqlite3_close_v2(handle) }

  func prepare(_ sql: String) throws -> SQLiteStatement { try SQLiteStatement(self, sql) }

  func execute(_ sql: String) throws {
    let status = sqlite3_exec(handle, sql, nil, nil, nil)
    if status != SQLITE_OK { throw failure(status) }
  }

  /// All rows, each mapped. For metadata, not for data.
  func rows<R>(_ sql: String, _ arguments: [String] = [], _ map: (SQLiteStatement) throws -> R) throws -> [R] {
    let statement = try prepare(sql)
    for (index, argument) in arguments.enumerated() { try statement.bind(argument, at: index + 1) }
    var rows: [R] = []
    while try statement.step() { rows.append(try map(statement)) }
    return rows
  }

  /// Whether the journal of a writer that died stands beside the file.
  var needsRollback: Bool {
    sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", nil, nil, nil) == SQLITE_READONLY | (3 << 8)  // SQLITE_READONLY_ROLLBACK
  }

  /// Within `body` a statement fails after so many steps of the library's machine, and at once where another program holds a lock.
  func briefly<R>(steps: Int32, busyTimeout: Int, _ body: () throws -> R) rethrows -> R {
    sqlite3_busy_timeout(handle, 0)
    sqlite3_progress_handler(handle, steps, { _ in 1 }, nil)
    defer {
      sqlite3_progress_handler(handle, 0, nil, nil)
      sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout))
    }
    return try body()
  }

  /// From any thread: what runs now ends soon, with an error.
  func interrupt() { sqlite3_interrupt(handle) }

  func failure(_ status: Int32, _ sql: String? = nil) -> PrestoError {
    let reason = String(cString: sqlite3_errmsg(handle))
    let place = "SQLite database '\(path)'"
    if status == SQLITE_READONLY | (3 << 8) {
      return PrestoError(
        .sqliteError, "\(place) has the journal of a writer that died beside it",
        hint: "Open it once with a program that may write it: sqlite3 '\(path)' 'SELECT count(*) FROM sqlite_schema'.")
    }
    switch status & 0xFF {
    case SQLITE_INTERRUPT: return PrestoError(.userCanceled, "Query was canceled")
    case SQLITE_BUSY, SQLITE_LOCKED:
      return PrestoError(
        .sqliteError, "\(place) is locked by another program", hint: "Raise 'sqlite.busy-timeout', or put the database into WAL mode.")
    case SQLITE_NOTADB: return PrestoError(.sqliteError, "'\(path)' is not an SQLite database: \(reason)")
    case SQLITE_CORRUPT: return PrestoError(.sqliteError, "\(place) is corrupt: \(reason)")
    case SQLITE_CONSTRAINT: return PrestoError(.constraintViolation, "\(place): \(reason)")
    case SQLITE_READONLY: return PrestoError(.permissionDenied, "\(place) cannot be written: \(reason)")
    default: return PrestoError(.sqliteError, "\(place): \(reason)" + (sql.map { " in: \($0)" } ?? ""))
    }
  }
}

private func access_(_ path: String, _ mode: Int32) -> Int32 { access(path, mode) }

/// Which file a path leads to.
struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let number: UInt64

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// Whether a database was written since: sizes and times of the file and its log.
struct FileState: Hashable, Sendable {
  private let parts: [Int]
  /// Seconds since the epoch; 0: there is no file.
  let lastChange: Int

  init(_ path: String) {
    var lastChange = 0
    parts = [path, path + "-wal"].flatMap { path -> [Int] in
      var status = stat()
      guard stat(path, &status) == 0 else { return [0] }
      lastChange = max(lastChange, Int(status.st_mtim.tv_sec))
      return [Int(status.st_ino), Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
    }
    self.lastChange = lastChange
  }
}
