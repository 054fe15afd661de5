import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What a request knows of its connection.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}

/// Sends each request where it belongs. Refusals and everything else that goes wrong become answers here; a connection never dies of a request.
struct ServerResponder: HTTPResponder {
  typealias Context = ServerContext

  let service: ServerService
  /// Whether its connections are TLS.
  let isSecure: Bool

  func respond(to request: Request, context: Context) async throws -> Response {
    do {
      return try await route(isSecure ? secured(request) : request, context)
    } catch let refusal as Refusal {
      return Reply.text(refusal.status, refusal.message, headers: refusal.headers)
    } catch let error as any HTTPResponseError {
      return try error.response(from: request, context: context)
    }
  }

  /// The request says how it came: the scheme of its head is the connection's, whatever the client wrote.
  private func secured(_ request: Request) -> Request {
    var head = request.head
    head.scheme = "https"
    return Request(head: head, body: request.body)
  }

  private func route(_ request: Request, _ context: ServerContext) async throws -> Response {
    let path = RequestPath(request.head)
    let segments = path.segments
    guard let first = segments.first else { return redirect("/ui/") }
    switch first {
    case "v1": return try await version1(request, context, path, segments.dropFirst())
    case "ui":
      if segments.dropFirst().first == "api" { _ = try await service.caller(request, context) }
      return try WebEndpoint(service: service).respond(request, Array(segments.dropFirst()))
    case "metrics" where segments.count == 1:
      try await service.caller(request, context).access(request.headers).checkSystemInformation()
      return try MetricsEndpoint(service: service).respond(request)
    default: throw Refusal(.notFound, "Not found")
    }
  }

  private func redirect(_ place: String) -> Response { Response(status: .seeOther, headers: [.location: place]) }

  private func version1(
    _ request: Request, _ context: ServerContext, _ path: RequestPath, _ rest: ArraySlice<Substring>
  ) async throws -> Response {
    guard let area = rest.first else { throw Refusal(.notFound, "Not found") }
    let rest = rest.dropFirst()
    switch area {
    case "statement": return try await StatementEndpoint(service: service, context: context).respond(request, path, Array(rest))
    case "spooled": return try await SpoolEndpoint(service: service).respond(request, context, Array(rest))
    case "info": return try await InfoEndpoint(service: service).respond(request, context, Array(rest))
    case "status": return try InfoEndpoint(service: service).summary(String(area), request, Array(rest))
    case "node", "cluster":
      _ = try await service.caller(request, context)
      return try InfoEndpoint(service: service).summary(String(area), request, Array(rest))
    case "resourceGroupState":
      try await service.caller(request, context).access(request.headers).checkSystemInformation()
      return try ResourceGroupEndpoint(service: service).respond(request, Array(rest))
    case "query":
      let access = try await service.caller(request, context).access(request.headers)
      return try QueryEndpoint(service: service, access: access).respond(request, path, Array(rest))
    default: throw Refusal(.notFound, "Not found")
    }
  }
}
