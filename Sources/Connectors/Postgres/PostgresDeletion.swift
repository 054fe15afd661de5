import Federation
import Values
import Vectors

/// A DELETE: one statement, so one transaction. Yields the number of rows that it removed.
final class PostgresDeletion: BlockingReader {
  private let pool: ConnectionPool
  private let text: String
  private let cancellation = Cancellation()
  private var connection: PostgresConnection?
  private(set) var isAtEnd = false

  init(_ pool: ConnectionPool, text: String) {
    self.pool = pool
    self.text = text
  }

  func read() throws -> Batch? {
    if isAtEnd { return nil }
    let connection = try pool.takeToWrite(unless: { [cancellation] in cancellation.isRequested })
    self.connection = connection
    cancellation.begin(connection)
    if cancellation.isRequested { throw CancellationError() }
    let rows: Int
    do { rows = try connection.changedRows(text) } catch {
      if cancellation.isRequested { throw CancellationError() }
      throw error
    }
    cancellation.end()
    isAtEnd = true
    return Batch([Vector.constant(.integer(Int64(rows)), .bigint, count: 1)], count: 1)
  }

  func cancel() { cancellation.request() }

  func close() {
    guard let connection else { return }
    cancellation.end()
    // a request that nothing answered may still be under way, and would stop the connection's next statement
    if cancellation.isRequested { pool.forget() } else { pool.giveBack(connection) }
  }
}
