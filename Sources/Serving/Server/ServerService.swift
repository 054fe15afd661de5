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
  private let boundPort = Mutex<Int?>(nil)

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

  /// The port that listens; nil before it does.
  var port: Int? { boundPort.withLock { $0 } }
  func listens(on port: Int?) {
    boundPort.withLock { $0 = port }
    engine.answers(at: port.map { "http://\(configuration.host):\($0)" })
  }

  /// `http://host:port`, as the client of this request reached us.
  func base(_ request: Request) -> String {
    ClientAddress.base(
      request.head, isForwarded: configuration.isForwarded, fallback: "\(configuration.host):\(port ?? configuration.port)")
  }
}
