import Security

/// How a server is set up.
public struct ServerConfiguration: Sendable {
  public var host = "127.0.0.1"
  /// 0: any that is free.
  public var port = 8080
  /// Whether `port` is listened on: not where HTTPS is all there is.
  public var acceptsPlainHTTP = true
  /// HTTPS, on a port of its own; nil: none.
  public var transportSecurity: TransportSecurity?
  /// Presto's `node.environment` and `node.id`.
  public var environment = "production"
  public var nodeID = "minipresto"
  public var limits = StatementLimits()
  /// Large bodies are compressed for clients that accept it.
  public var compresses = true
  /// Links follow the `X-Forwarded-…` headers of a proxy.
  public var isForwarded = false
  /// `PUT /v1/info/state` may begin draining.
  public var allowsRemoteShutdown = false
  public var connections = ConnectionLimits()
  /// Large results as segments beside the pages.
  public var spool = SpoolConfiguration()
  /// How long running queries may still take once the server is told to stop.
  public var drainTimeout: Duration = .seconds(120)

  /// File that lines of JSON about every query are appended to; nil: none.
  public var eventFile: String?

  /// Who may come in, and who belongs to which group; nobody is asked, where nothing is said.
  package var security = SecurityFiles()

  public init() {}
}
