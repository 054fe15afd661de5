import CPostgres
import Federation
import RemoteSQL
import Synchronization
import Values
import Vectors

/// Reads one split: `COPY (SELECT …) TO STDOUT (FORMAT binary)` decoded straight into vectors.
final class PostgresReader: BlockingReader {
  private let pool: ConnectionPool
  private let connection: PostgresConnection
  private let decoder: CopyDecoder
  private let metrics: ScanMetrics
  /// Held until the split is read.
  private let snapshot: Snapshot?
  private let cancellation: Cancellation
  private var ready: [Batch] = []
  private var isAtEnd = false
  private var hasFailed = false
  private var unreportedBytes = 0

  /// Blocks: connects, and returns once the server streams.
  init(_ pool: ConnectionPool, text: String, columns: [RemoteColumn], split: PostgresSplit, _ context: ScanContext) throws {
    self.pool = pool
    metrics = context.metrics
    snapshot = split.snapshot
    let connection = try pool.take()
    self.connection = connection
    cancellation = Cancellation(connection)
    do {
      decoder = try CopyDecoder(columns, checksText: connection.hasUncheckedTexts)
      var statement = PostgresReader.comment(context.queryID)
      if let id = split.snapshotID {
        statement +=
          "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT \(PostgresLiteral.quoted(id)); "
      }
      metrics.add(sent: text)
      try connection.startCopy(statement + text, PGRES_COPY_OUT)
    } catch {
      cancellation.end()
      pool.giveBack(connection)
      throw error
    }
  }

  /// Lets whoever looks at the server see which query a statement belongs to.
  static func comment(_ queryID: String) -> String {
    let plain = queryID.unicodeScalars.filter {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
    }
    return plain.isEmpty ? "" : "/* minipresto \(String(String.UnicodeScalarView(plain))) */ "
  }

  func read() throws -> Batch? {
    if !ready.isEmpty { return ready.removeFirst() }
    do {
      while !isAtEnd && ready.isEmpty && !decoder.isFull {
        if cancellation.isRequested { throw CancellationError() }
        isAtEnd = try !connection.copied { message in
          unreportedBytes &+= message.count
          try decoder.decode(message) { ready.append($0) }
        }
      }
    } catch {
      hasFailed = true
      if cancellation.isRequested { throw CancellationError() }
      throw error
    }
    if decoder.rowCount > 0 && (ready.isEmpty || isAtEnd) { ready.append(decoder.finish()) }
    guard !ready.isEmpty else { return nil }
    let batch = ready.removeFirst()
    metrics.add(rows: batch.count, bytes: unreportedBytes)
    unreportedBytes = 0
    return batch
  }

  func cancel() { cancellation.request() }

  func close() {
    if !isAtEnd {
      // Somebody has seen enough: the server stops instead of sending the rest.
      connection.cancel()
      connection.drain()
    }
    cancellation.end()
    pool.giveBack(connection)
  }
}

/// Stops what a connection does, from any thread and without blocking it.
final class Cancellation: Sendable {
  private let requested = Atomic(false)
  /// Locked while the server is being asked, so that the connection cannot change hands meanwhile.
  private let isOver = Mutex(false)
  private let connection: PostgresConnection

  init(_ connection: PostgresConnection) { self.connection = connection }

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// After this the connection is somebody else's.
  func end() { isOver.withLock { $0 = true } }

  /// Asks the server to stop. One that does not answer within two seconds is hung up on.
  func request() {
    guard requested.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return }
    DetachedThread.start { [self] in
      isOver.withLock { if !$0 { connection.cancel() } }
      for _ in 0..<200 {
        if isOver.withLock({ $0 }) { return }
        DetachedThread.pause(milliseconds: 10)
      }
      isOver.withLock { if !$0 { connection.hangUp() } }
    }
  }
}
