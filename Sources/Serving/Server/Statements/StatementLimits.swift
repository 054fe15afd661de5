/// What bounds one statement on the server.
public struct StatementLimits: Sendable {
  /// Longest answer to a poll without news.
  public var longPoll: Duration = .seconds(1)
  /// Small results wait so long for their end, so that they come in one page.
  var linger: Duration = .milliseconds(5)
  /// Bytes of rows in a page, about.
  public var pageBytes = 1 << 20
  /// Bytes of batches that may wait for the client; the query pauses when there are more.
  public var bufferedBytes = 16 << 20
  /// Bytes of batches that all statements together keep for their clients; beyond it each keeps one batch.
  public var allBufferedBytes = 256 << 20
  /// A client silent for so long has gone: its query is ended.
  public var clientTimeout: Duration = .seconds(300)
  /// How long the last page may be asked for again, and of how many statements and bytes.
  public var retention: Duration = .seconds(60)
  var retainedStatements = 500
  var retainedBytes = 32 << 20
  /// How long a query may take in all, and from the end of its planning: Presto's `query.max-run-time` and `query.max-execution-time`.
  public var runTime: Duration = .seconds(100 * 86_400)
  public var executionTime: Duration = .seconds(100 * 86_400)
  /// Statements that may be under way at once; more are refused.
  public var openStatements = 5000
  /// A statement that has ended keeps its place for so long when others need it.
  public var courtesy: Duration = .seconds(2)
  /// Characters of a query's text.
  public var textLength = 1_000_000
  /// Bytes of a request's body.
  public var bodyBytes = 16 << 20

  public init() {}
}
