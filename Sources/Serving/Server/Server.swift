// Server: the engine over HTTP, for every client of Presto and Trino.
//
// In come requests of the client protocol (`Protocol/` reads their headers); statements run ahead of their clients by a bounded buffer
// (`Statements/`); out go pages of rows, written straight from vectors into JSON bytes (`JSON/`). `Operations/` answers what gateways, monitors
// and people ask about the server itself. Hummingbird carries the bytes; nothing here blocks a thread, and no query outlives its client for long.
//
//     POST /v1/statement ─▶ ClientRequest ─▶ Statement ─▶ Engine
//     GET  …/executing   ─▶ StatementStateMachine ─▶ page ◀─ RowWriter ◀─ batches ◀┘
import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import MiniPresto
import NIOCore
import Security
import ServiceLifecycle
import Values

/// A server over an engine: `run()` returns when it has been told to stop and its queries have ended.
public final class PrestoServer: Sendable {
  private let service: ServerService

  public init(_ engine: Engine, _ configuration: ServerConfiguration) { service = ServerService(engine, configuration) }

  /// The port that listens; nil before it does. HTTPS where that is all there is.
  public var port: Int? { service.port }
  /// The port of HTTPS.
  public var securePort: Int? { service.securePort }
  /// `https://host:port` and `http://host:port`, as far as they listen.
  public var addresses: [String] { service.addresses }

  /// Refuses new statements, lets running ones end, then stops.
  public func stop() { service.beginDraining() }

  /// - Parameter started: told the port once the server listens.
  public func run(started: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
    let configuration = service.configuration
    if let file = configuration.eventFile {
      let events = try EventLog(appendingTo: file)
      service.engine.watch { record in
        let info = record.info
        if info.state.isDone { events.ended(info) } else { events.began(info) }
      }
    }
    let quiet = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
    var listeners: [any Service] = []
    if configuration.acceptsPlainHTTP { listeners.append(listener(http, configuration.port, isSecure: false, quiet, started)) }
    if let security = configuration.transportSecurity {
      let tls = try security.configuration(asksForCertificates: configuration.security.authenticator?.asksForCertificates ?? false)
      listeners.append(listener(try .tls(http, tlsConfiguration: tls), security.port, isSecure: true, quiet, started))
    }
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: listeners, logger: quiet))
    let keeper = Task { [service] in await PrestoServer.keep(service, group) }
    defer {
      keeper.cancel()
      service.spool.close()
    }
    try await group.run()
  }

  /// Half of the descriptors that this process may have; sources and files take the others.
  private static var affordableConnections: Int {
    max(64, min(sysconf(Int32(_SC_OPEN_MAX)) / 2, 100_000))
  }

  private var http: HTTPServerBuilder {
    let connections = service.configuration.connections
    return .http1(
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [ConnectionGuard(connections)],
        idleTimeout: TimeAmount(connections.idleTime),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: connections.headerBytes, maxHeaderListSize: connections.headerBytes,
          maxHeaderFieldCount: connections.headerCount)))
  }

  private func listener(
    _ server: HTTPServerBuilder, _ port: Int, isSecure: Bool, _ logger: Logger, _ started: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    Application(
      responder: ServerResponder(service: service, isSecure: isSecure), server: server,
      configuration: ApplicationConfiguration(
        address: .hostname(service.configuration.host, port: port), serverName: "minipresto", backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(
          service.configuration.connections.count ?? PrestoServer.affordableConnections, logger: logger)),
      onServerRunning: { [service] channel in
        if service.listens(on: channel.localAddress?.port, isSecure: isSecure) { started(service.port ?? port) }
      },
      logger: logger)
  }

  /// Sweeps once a second; once draining, waits for the open statements and ends the server.
  private static func keep(_ service: ServerService, _ group: ServiceGroup) async {
    while !Task.isCancelled && !service.isDraining {
      let seen = service.drainBell.count
      if service.isDraining { break }
      await service.drainBell.wait(past: seen, until: .now + .seconds(1))
      service.statements.sweep()
      await service.spool.sweep()
    }
    let deadline = ContinuousClock.now + service.configuration.drainTimeout
    while !Task.isCancelled && (service.statements.isAwaited || service.spool.isAwaited) && ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(50))
    }
    service.statements.cancelAll(PrestoError(.serverShuttingDown, "The server is shutting down"))
    await group.triggerGracefulShutdown()
  }
}
