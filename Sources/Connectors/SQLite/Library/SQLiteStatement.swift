import CSQLite
import Values

/// The library copies what it is given.
let copiedByLibrary = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A prepared statement; finalised with the last reference.
final class SQLiteStatement {
  let connection: SQLiteConnection
  let sql: String
  let handle: OpaquePointer

  init(_ connection: SQLiteConnection, _ sql: String) throws {
    self.connection = connection
    self.sql = sql
    var prepared: OpaquePointer?
    let status = sqlite3_prepare_v2(connection.handle, sql, -1, &prepared, nil)
    guard status == SQLITE_OK else { throw connection.failure(status, sql) }
    guard let prepared else { throw PrestoError(.sqliteError, "SQLite database '\(connection.path)': an empty statement") }
    handle = prepared
  }

  deinit { sqlite3_finalize(handle) }

  /// false: no more rows.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let status: throw connection.failure(status, sql)
    }
  }

  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  func check(_ status: Int32) throws { if status != SQLITE_OK { throw connection.failure(status, sql) } }

  func bind(_ text: String, at index: Int) throws {
    try check(sqlite3_bind_text(handle, Int32(index), text, -1, copiedByLibrary))
  }

  /// A value as `SQLiteDialect.placeholder` expects it.
  func bind(_ value: Constant, _ type: DataType, at index: Int) throws {
    let place = Int32(index)
    switch (value, type) {
    case (.null, _): try check(sqlite3_bind_null(handle, place))
    case (.boolean(let value), _): try check(sqlite3_bind_int64(handle, place, value ? 1 : 0))
    case (.integer(let value), .date): try bind(TextForm.date(Int(value)), at: index)
    case (.integer(let value), .timestamp(let precision)): try bind(TextForm.timestamp(value, precision: precision), at: index)
    case (.integer(let value), .decimal(_, let scale)): try bind(TextForm.decimal(Int128(value), scale: scale), at: index)
    case (.wide(let value), .decimal(_, let scale)): try bind(TextForm.decimal(value, scale: scale), at: index)
    case (.integer(let value), _): try check(sqlite3_bind_int64(handle, place, value))
    case (.real(let value), _): try check(sqlite3_bind_double(handle, place, Double(value)))
    case (.double(let value), _): try check(sqlite3_bind_double(handle, place, value))
    case (.bytes(let bytes), .varbinary):
      try check(bytes.withUnsafeBytes { sqlite3_bind_blob64(handle, place, $0.baseAddress, UInt64($0.count), copiedByLibrary) })
    case (.bytes(let bytes), _):
      let status = bytes.withUnsafeBytes { raw in
        sqlite3_bind_text64(
          handle, place, raw.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(raw.count), copiedByLibrary, UInt8(SQLITE_UTF8))
      }
      try check(status)
    case (.wide, _), (.sequence, _):
      throw PrestoError(.notSupported, "A value of type \(type) cannot be given to SQLite")
    }
  }

  // The row under the cursor

  func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }
  func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
  func text(_ column: Int) -> String? { sqlite3_column_text(handle, Int32(column)).map { String(cString: $0) } }

  /// Valid until the next step.
  @inline(__always)
  func value(_ column: Int) -> StoredValue {
    let place = Int32(truncatingIfNeeded: column)
    switch sqlite3_column_type(handle, place) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, place))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, place))
    case SQLITE_TEXT:
      let text = sqlite3_column_text(handle, place)
      return .text(UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, place))))
    case SQLITE_BLOB:
      let blob = sqlite3_column_blob(handle, place)
      return .blob(UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(handle, place))))
    default: return .null
    }
  }
}
