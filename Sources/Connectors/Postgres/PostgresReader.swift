import CPostgres
import Federation
import RemoteSQL
import Values
import Vectors

/// Reads one split: `COPY (SELECT …) TO STDOUT (FORMAT binary)` decoded straight into vectors.
///
/// Connecting and sending happen in the first `read`, so that `cancel` reaches a statement that has answered nothing yet.
final class PostgresReader: BlockingReader {
  private let pool: ConnectionPool
  private let text: String
  private let shape: ResultShape
  /// Its snapshot is held until the split is read.
  private let split: PostgresSplit
  /// What errors call the table.
  private let subject: String
  private let queryID: String
  private let metrics: ScanMetrics
  private let cancellation = Cancellation()
  private var stream: (connection: PostgresConnection, decoder: CopyDecoder)?
  private var ready: [Batch] = []
  private var isCopied = false
  private var unreportedBytes = 0

  init(_ pool: ConnectionPool, text: String, shape: ResultShape, of subject: String, split: PostgresSplit, _ context: ScanContext) {
    self.pool = pool
    self.text = text
    self.shape = shape
    self.subject = subject
    self.split = split
    queryID = context.queryID
    metrics = context.metrics
  }

  private func start() throws -> (connection: PostgresConnection, decoder: CopyDecoder) {
    if let stream { return stream }
    let connection = try pool.take(unless: { [cancellation] in cancellation.isRequested })
    let decoder: CopyDecoder
    do { decoder = try CopyDecoder(shape.columns, checksText: connection.hasUncheckedTexts) } catch {
      pool.giveBack(connection)
      throw error
    }
    stream = (connection, decoder)
    cancellation.begin(connection)
    if cancellation.isRequested { throw CancellationError() }
    var statement = PostgresReader.comment(queryID)
    if let id = split.snapshotID {
      statement += "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT \(PostgresLiteral.quoted(id)); "
    }
    // Without a snapshot of before, the COPY sees what is there once the locks are held: statements sent together are one transaction.
    var questions = [shape.text]
    if let table = split.snapshotTable { questions.append(CatalogQuery.unchangedFile(of: table)) }
    metrics.add(sent: text)
    var answers = 0
    do {
      try connection.startCopy(statement + (questions + [text]).joined(separator: "; "), PGRES_COPY_OUT) { columns, rows in
        guard answers == 0 ? shape.matches(columns) : rows == 1 else { throw altered() }
        answers += 1
      }
    } catch {
      isCopied = true
      throw error
    }
    return (connection, decoder)
  }

  private func altered() -> PrestoError {
    PrestoError(
      .jdbcError, "PostgreSQL catalog '\(pool.catalog)': \(subject) was altered while the query read it", hint: "Run the query again.")
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
    if isCopied { return nil }
    do { return try next() } catch {
      // Whatever went wrong after that went wrong because of it.
      if cancellation.isRequested { throw CancellationError() }
      throw error
    }
  }

  private func next() throws -> Batch? {
    let (connection, decoder) = try start()
    while !isCopied && ready.isEmpty && !decoder.isFull {
      if cancellation.isRequested { throw CancellationError() }
      isCopied = try !connection.copied { message in
        unreportedBytes &+= message.count
        try decoder.decode(message) { ready.append($0) }
      }
    }
    // Who takes the last batch drops the source at once: that is no reason to cancel anything.
    if isCopied { cancellation.end() }
    if decoder.rowCount > 0 && (ready.isEmpty || isCopied) { ready.append(decoder.finish()) }
    guard !ready.isEmpty else { return nil }
    let batch = ready.removeFirst()
    metrics.add(rows: batch.count, bytes: unreportedBytes)
    unreportedBytes = 0
    return batch
  }

  var isAtEnd: Bool { isCopied && ready.isEmpty }

  func cancel() { cancellation.request() }

  func close() {
    guard let (connection, _) = stream else { return }
    var isReusable = true
    if connection.isBusy {
      // Somebody has seen enough: the server stops instead of sending the rest.
      connection.cancel()
      isReusable = connection.drain()?.code == .userCanceled
    }
    cancellation.end()
    // A request that nothing answered may still be under way, and would stop the connection's next statement.
    if isReusable && !cancellation.isRequested { pool.giveBack(connection) } else { pool.forget() }
  }
}
