import Glibc
import Synchronization
import Values

/// Reading connections of one database, opened when needed and used again: opening one parses the whole schema.
final class ConnectionPool: Sendable {
  let path: String
  let busyTimeout: Int
  private let idle = Mutex<[SQLiteConnection]>([])
  private static let idleLimit = 8

  init(path: String, busyTimeout: Int) {
    self.path = path
    self.busyTimeout = busyTimeout
  }

  func take() throws -> SQLiteConnection {
    try mendIfNeeded()
    return try takeOpen() ?? SQLiteConnection(path: path, .reading, busyTimeout: busyTimeout)
  }

  /// A connection that is open already; nil: there is none to be had at once.
  func takeIfOpen() -> SQLiteConnection? { FileIdentity(path + "-journal") == nil ? takeOpen() : nil }

  private func takeOpen() -> SQLiteConnection? {
    let now = FileIdentity(path)
    while let connection = idle.withLock({ $0.popLast() }) {
      // the file may have been replaced by another since
      if let now, connection.identity == now { return connection }
    }
    return nil
  }

  /// A writer that died within a transaction leaves its journal, and readers may not roll it back. As any other program does that opens the file
  /// for writing, we do; where we may not, the reader says what is wrong.
  private func mendIfNeeded() throws {
    guard FileIdentity(path + "-journal") != nil, let probe = try? SQLiteConnection(path: path, .reading, busyTimeout: 0),
      probe.needsRollback, let writer = try? SQLiteConnection(path: path, .writing, busyTimeout: busyTimeout)
    else { return }
    _ = try? writer.rows("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
  }

  /// The connection is between transactions and holds no statement.
  func give(back connection: SQLiteConnection) {
    idle.withLock { if $0.count < ConnectionPool.idleLimit { $0.append(connection) } }
  }

  func with<R>(_ body: (SQLiteConnection) throws -> R) throws -> R {
    let connection = try take()
    defer { give(back: connection) }
    return try body(connection)
  }
}
