import NIOCore
import NIOHTTPTypes

/// What one connection may take of the server.
public struct ConnectionLimits: Sendable {
  /// A connection without a request under way, or with a request whose headers do not come to their end, is closed after so long.
  public var idleTime: Duration = .seconds(180)
  /// A request must be there as a whole so long after its headers.
  public var requestTime: Duration = .seconds(60)
  /// A client that takes nothing of its answer for so long has gone.
  public var stallTime: Duration = .seconds(60)
  /// Connections at once; more wait until one ends. nil: half of what the process may open.
  public var count: Int?
  /// Bytes of all headers of a request, and their number. Prepared statements travel in headers.
  public var headerBytes = 1 << 20
  public var headerCount = 500

  public init() {}
}

/// Closes a connection whose client is slower than `ConnectionLimits` allow. How long the server takes to answer is no fault of the client's.
///
///     head read ──── requestTime without the request's end ──▶ close
///     not writable ── stallTime without a byte taken ────────▶ close
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart

  private let requestTime: TimeAmount
  private let stallTime: TimeAmount
  private var reading: Scheduled<Void>?
  private var writing: Scheduled<Void>?

  init(_ limits: ConnectionLimits) {
    requestTime = TimeAmount(limits.requestTime)
    stallTime = TimeAmount(limits.stallTime)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: reading = context.eventLoop.assumeIsolated().scheduleTask(in: requestTime) { context.close(promise: nil) }
    case .body: break
    case .end:
      reading?.cancel()
      reading = nil
    }
    context.fireChannelRead(data)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    writing?.cancel()
    writing = nil
    if !context.channel.isWritable { watch(context) }
    context.fireChannelWritabilityChanged()
  }

  /// Looks again after a while whether the client has taken some of the bytes.
  private func watch(_ context: ChannelHandlerContext) {
    let left = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    writing = context.eventLoop.assumeIsolated().scheduleTask(in: stallTime) { [self] in
      let now = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
      if now >= left { context.close(promise: nil) } else { watch(context) }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    reading?.cancel()
    writing?.cancel()
    (reading, writing) = (nil, nil)
  }
}
