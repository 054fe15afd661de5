import Federation
import RemoteSQL
import Values
import Vectors

/// Runs one statement on a connection of its own and collects its rows: everything the page decoder does not read.
final class StatementReader: BlockingReader {
  private let pool: ConnectionPool
  private let connection: SQLiteConnection
  /// nil: closed.
  private var statement: SQLiteStatement?
  private let columns: [RemoteColumn]
  private let sinks: [ColumnSink]
  private let policy: UnfitPolicy
  private let table: String
  private let metrics: ScanMetrics
  private var rows = 0
  private(set) var isAtEnd = false

  /// The connection is one of the pool's, and goes back there.
  init(
    _ connection: SQLiteConnection, of pool: ConnectionPool, _ text: RemoteText, columns: [RemoteColumn], table: String,
    dialect: SQLiteDialect, policy: UnfitPolicy, _ metrics: ScanMetrics
  ) throws {
    self.pool = pool
    self.connection = connection
    self.columns = columns
    self.policy = policy
    self.table = table
    self.metrics = metrics
    sinks = columns.map { ColumnSink($0.type, capacity: Batch.habitualCount) }
    let statement = try connection.prepare(text.written(dialect))
    self.statement = statement
    for (index, argument) in text.arguments.enumerated() { try statement.bind(argument.value, argument.type, at: index + 1) }
  }

  func read() throws -> Batch? {
    guard !isAtEnd, let statement else { return nil }
    var row = 0, bytes = 0
    while row < Batch.habitualCount {
      guard try statement.step() else {
        isAtEnd = true
        break
      }
      for (index, sink) in sinks.enumerated() {
        let value = statement.value(index)
        switch value {
        case .text(let text), .blob(let text): bytes += text.count
        case .integer, .real, .null: bytes += 8
        }
        do { try sink.store(value, at: row) } catch let unfit as UnfitValue {
          guard policy == .null else {
            throw PrestoError.unfit(
              unfit, column: columns[index].name, type: sink.type, table: table, row: "row \(rows + row + 1) of \(statement.sql)",
              path: connection.path)
          }
          sink.storeNull(at: row)
        }
      }
      row += 1
    }
    rows += row
    metrics.add(rows: row, bytes: bytes)
    return row == 0 ? nil : Batch(sinks.map { $0.finish(row, heap: []) }, count: row)
  }

  func cancel() { connection.interrupt() }

  func close() {
    // finalised while the connection is still ours
    statement = nil
    pool.give(back: connection)
  }
}
