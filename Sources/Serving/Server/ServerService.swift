import HTTPTypes
import Hummingbird
import MiniPresto
import Synchronization

/// What the endpoints share.
final class ServerService: Sendable {
  let engine: Engine
  let configuration: ServerConfiguration
  let statements: StatementRegistry
  let spool: SegmentSpool
  let totals = QueryTotals()
  private let began = ContinuousClock.now
  private let draining = Mutex(false)
  /// Rings when draining begins.
  let drainBell = Bell()
  private let ports = Mutex<(plain: Int?, secure: Int?)>((nil, nil))

  init(_ engine: Engine, _ configuration: ServerConfiguration) {
    self.engine = engine
    self.configuration = configuration
    spool = SegmentSpool(configuration.spool)
    statements = StatementRegistry(engine, configuration.limits, spool)
    engine.watch { [totals] in totals.take($0.info) }
  }

  var uptime: Duration { ContinuousClock.now - began }
  var isDraining: Bool { draining.withLock { $0 } }
  var state: String { isDraining ? "SHUTTING_DOWN" : "ACTIVE" }

  /// New statements are refused from now on.
  func beginDraining() {
    draining.withLock { $0 = true }
    drainBell.ring()
  }

  /// The port that listens; nil before it does. HTTPS where that is all there is.
  var port: Int? { ports.withLock { configuration.acceptsPlainHTTP ? $0.plain : $0.secure } }
  /// The port of HTTPS.
  var securePort: Int? { ports.withLock { $0.secure } }
  /// Where the server answers, HTTPS first.
  var addresses: [String] {
    let (plain, secure) = ports.withLock { $0 }
    return (secure.map { ["https://\(configuration.host):\($0)"] } ?? []) + (plain.map { ["http://\(configuration.host):\($0)"] } ?? [])
  }

  /// Whether all ports listen now that this one does.
  func listens(on port: Int?, isSecure: Bool) -> Bool {
    let isComplete = ports.withLock { ports -> Bool in
      if isSecure { ports.secure = port } else { ports.plain = port }
      return (ports.plain != nil || !configuration.acceptsPlainHTTP) && (ports.secure != nil || configuration.transportSecurity == nil)
    }
    engine.answers(at: addresses.first)
    return isComplete
  }

  /// `http://host:port`, as the client of this request reached us.
  func base(_ request: Request) -> String {
    ClientAddress.base(
      request.head, isForwarded: configuration.isForwarded, fallback: "\(configuration.host):\(port ?? configuration.port)")
  }
}
