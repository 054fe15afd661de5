import Federation
import RemoteSQL
import Vectors

/// Rows of a statement that should yield few of them. The driver reads them by itself, which takes less time than waking another thread, but only
/// for as long as a look-up takes: what needs more, or has to wait, or fails, is read from the beginning by a thread that may block.
final class LookupSource: BatchSource {
  /// Of the library's machine; a look-up of one row takes about fifteen.
  private static let steps: Int32 = 2000

  private let pool: ConnectionPool
  private let reader: @Sendable (SQLiteConnection) throws -> StatementReader
  private var isRead = false
  private var blocking: BlockingSource?

  init(_ pool: ConnectionPool, _ reader: @escaping @Sendable (SQLiteConnection) throws -> StatementReader) {
    self.pool = pool
    self.reader = reader
  }

  static func suits(_ table: RemoteTable) -> Bool { if case .table = table.query { false } else { (table.rows ?? .infinity) <= 100 } }

  func next() async throws -> Batch? {
    if isRead { return nil }
    if let blocking { return try await blocking.next() }
    if let connection = pool.takeIfOpen(), case .all(let batch) = readAtOnce(connection) {
      isRead = true
      return batch
    }
    let source = BlockingSource { [pool, reader] in try reader(pool.take()) }
    blocking = source
    return try await source.next()
  }

  private enum Outcome { case all(Batch?), unfinished }

  private func readAtOnce(_ connection: SQLiteConnection) -> Outcome {
    var opened: StatementReader?
    // others may have the connection once its limits are taken off, not before
    defer { opened?.close() }
    return connection.briefly(steps: LookupSource.steps, busyTimeout: pool.busyTimeout) {
      guard let reader = try? reader(connection) else { return .unfinished }
      opened = reader
      guard let batch = try? reader.read() else { return reader.isAtEnd ? .all(nil) : .unfinished }
      return reader.isAtEnd ? .all(batch) : .unfinished
    }
  }
}
