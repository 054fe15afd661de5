import CSQLite
import Expressions
import Federation
import Glibc
import RemoteSQL
import SQLite
import Settings
import Values
import Vectors

/// A database file of its own for one test, removed with the last reference.
final class ScratchDatabase: @unchecked Sendable {
  let path: String
  private var handle: OpaquePointer?

  init(_ sql: String = "") throws {
    path = ScratchDatabase.freshPath()
    try execute(sql)
  }

  /// The file and its journal as they are now, as a program that dies leaves them.
  init(copying other: ScratchDatabase) throws {
    path = ScratchDatabase.freshPath()
    for suffix in ["", "-journal"] { try FileBytes(other.path + suffix).write(path + suffix) }
  }

  /// A file of these bytes.
  init(_ bytes: FileBytes) throws {
    path = ScratchDatabase.freshPath()
    try bytes.write(path)
  }

  private static func freshPath() -> String { "/tmp/minipresto-sqlite-\(getpid())-\(UInt64.random(in: 0 ... .max)).db" }

  deinit {
    sqlite3_close_v2(handle)
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }

  struct Failed: Error { let message: String }

  /// Opens the file with the first statement.
  func execute(_ sql: String) throws {
    if handle == nil {
      guard sqlite3_open(path, &handle) == SQLITE_OK else { throw Failed(message: "cannot open \(path)") }
      sqlite3_busy_timeout(handle, 2000)
    }
    var message: UnsafeMutablePointer<CChar>?
    guard sqlite3_exec(handle, sql, nil, nil, &message) == SQLITE_OK else {
      throw Failed(message: message.map { String(cString: $0) } ?? "error")
    }
  }
}

/// Bytes of a file, to be looked at and spoilt.
struct FileBytes {
  var bytes: [UInt8]

  init(_ path: String) throws {
    guard let file = fopen(path, "rb") else { throw ScratchDatabase.Failed(message: "cannot read \(path)") }
    bytes = [UInt8](repeating: 0, count: 1 << 23)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    fclose(file)
  }

  func write(_ path: String) throws {
    guard let file = fopen(path, "wb") else { throw ScratchDatabase.Failed(message: "cannot write \(path)") }
    _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
  }

  func number(at offset: Int, _ width: Int) -> Int { bytes[offset..<offset + width].reduce(0) { $0 << 8 | Int($1) } }

  mutating func put(_ value: Int, at offset: Int, _ width: Int) {
    for i in 0..<width { bytes[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - i))) }
  }
}

func makeScanContext(query: String = "") -> ScanContext {
  ScanContext(
    functions: FunctionRegistry([]), evaluation: EvaluationContext(user: "test", timeZone: "UTC", startMicros: 0),
    memory: MemoryPool("test", limit: .max), parallelism: 2, queryID: query)
}

extension SQLiteConnector {
  func handle(_ name: String) async throws -> RemoteTable {
    guard let table = try await table(TableName(schema: "main", table: name)) else { throw PrestoError(.tableNotFound, name) }
    return table
  }

  /// All rows of a handle, in the order they come.
  func rows(_ table: RemoteTable, _ columns: [String]? = nil, narrowedBy filter: DynamicFilter<RemoteColumn> = DynamicFilter()) async throws
    -> [[Constant]]
  {
    let chosen = try columns.map { names in
      try names.map { name in
        guard let column = table.columns.first(where: { $0.name == name }) else { throw PrestoError(.columnNotFound, name) }
        return column
      }
    }
    var rows: [[Constant]] = []
    try await read(table, chosen ?? table.columns, filter) { batch in
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.constant(at: row) }) }
    }
    return rows
  }

  func read(
    _ table: RemoteTable, _ columns: [RemoteColumn], _ filter: DynamicFilter<RemoteColumn> = DynamicFilter(),
    in context: ScanContext = makeScanContext(), _ body: (Batch) -> Void
  ) async throws {
    try await read(try await splits(of: table, narrowedBy: filter, context), of: table, columns, filter, in: context, body)
  }

  func read(
    _ splits: any SplitSource<SQLiteSplit>, of table: RemoteTable, _ columns: [RemoteColumn],
    _ filter: DynamicFilter<RemoteColumn> = DynamicFilter(), in context: ScanContext, _ body: (Batch) -> Void
  ) async throws {
    while let some = try await splits.next() {
      for split in some {
        let source = try await open(split, of: table, columns: columns, narrowedBy: filter, context)
        while let batch = try await source.next() { body(batch) }
      }
    }
  }

  func rows(_ name: String, _ columns: [String]? = nil) async throws -> [[Constant]] { try await rows(handle(name), columns) }
}

/// The same rows by both ways of reading.
func rowsBothWays(_ database: ScratchDatabase, _ table: String, nulls: Bool = false) async throws -> (
  direct: [[Constant]], stepped: [[Constant]]
) {
  let direct = SQLiteConnector(path: database.path, nullsInvalidValues: nulls)
  let stepped = SQLiteConnector(path: database.path, nullsInvalidValues: nulls, readsPages: false)
  return (try await direct.rows(table), try await stepped.rows(table))
}

/// What a handle with an absorbed filter sends.
func sent(_ table: RemoteTable) -> String { table.statement(table.columns, SQLiteDialect()).description }

func message(_ body: () async throws -> Void) async -> PrestoError? {
  do {
    try await body()
    return nil
  } catch { return PrestoError(error) }
}

/// The first row in which two results differ, for a message that can be read.
func firstDifference(_ a: [[Constant]], _ b: [[Constant]]) -> String? {
  for row in 0..<min(a.count, b.count) where a[row] != b[row] { return "row \(row): \(a[row]) and \(b[row])" }
  return a.count == b.count ? nil : "\(a.count) rows and \(b.count) rows"
}
