import Federation
import Synchronization
import Values

/// A transaction whose view of the data other connections share: all pieces of a scan see the same rows.
///
/// The transaction stays open as long as anybody holds this object: the split source, splits not yet read, readers. With the last of them
/// the connection goes back to the pool, on a thread of its own since ending a transaction waits for the server.
final class Snapshot: Sendable {
  let id: String
  /// The server's version: 15 for 15.4.
  let majorVersion: Int
  private let connection: PostgresConnection
  private let pool: ConnectionPool

  /// Blocks, but not for long: takes a connection that is not the pool's last one, or throws.
  init(_ pool: ConnectionPool) throws {
    let connection = try pool.take(leaving: 1, patience: 1000)
    majorVersion = connection.majorVersion
    do {
      try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0")
      guard let id = try connection.rows("SELECT pg_catalog.pg_export_snapshot()").first?.first ?? nil else {
        throw PrestoError(.jdbcError, "PostgreSQL catalog '\(pool.catalog)': the server exported no snapshot")
      }
      self.id = id
    } catch {
      pool.giveBack(connection)
      throw error
    }
    self.connection = connection
    self.pool = pool
  }

  deinit {
    let connection = connection, pool = pool
    if !BlockingThread.start({ pool.giveBack(connection) }) { pool.giveBack(connection) }
  }

  /// Catalog questions within the snapshot's transaction.
  func rows(_ sql: String, _ parameters: [String?]) throws -> [[String?]] { try connection.rows(sql, parameters) }
}

/// The snapshots of running queries: scans of one query share one.
final class SnapshotBook: Sendable {
  private struct Entry { weak var snapshot: Snapshot? }
  private let open = Mutex<[String: Entry]>([:])

  /// Blocks.
  func snapshot(for queryID: String, _ pool: ConnectionPool) throws -> Snapshot {
    if queryID.isEmpty { return try Snapshot(pool) }
    if let known = open.withLock({ $0[queryID]?.snapshot }) { return known }
    let made = try Snapshot(pool)
    return open.withLock { open in
      open = open.filter { $0.value.snapshot != nil }
      if let other = open[queryID]?.snapshot { return other }
      open[queryID] = Entry(snapshot: made)
      return made
    }
  }
}
