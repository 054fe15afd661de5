import HTTPTypes
import Hummingbird

/// `/v1/spooled`: segments of results. Their names are secrets; who knows one may fetch it.
///
///     GET /v1/spooled/download/{name}
///     GET /v1/spooled/ack/{name}          the client has it: it may go
struct SpoolEndpoint {
  let service: ServerService

  func respond(_ request: Request, _ context: some RequestContext, _ segments: [Substring]) async throws -> Response {
    guard segments.count == 2 else { throw Refusal(.notFound, "Not found") }
    let name = String(segments[1])
    switch (request.method, segments[0]) {
    case (.get, "download"):
      guard let (path, byteCount, statement) = service.spool.file(name) else { throw Refusal(.notFound, "There is no such segment") }
      service.statements.touch(statement)
      var response = Response(
        status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: "no-store", .contentTypeOptions: "nosniff"])
      response.body = try await FileIO().loadFile(path: path, context: context, chunkLength: 1 << 20)
      response.headers[.contentLength] = String(byteCount)
      return response
    case (.get, "ack"), (.delete, "ack"):
      guard await service.spool.drop(name) else { throw Refusal(.notFound, "There is no such segment") }
      return Reply.empty(.ok)
    default: throw Refusal(.notFound, "Not found")
    }
  }
}
