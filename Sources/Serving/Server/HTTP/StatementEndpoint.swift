import HTTPTypes
import Hummingbird
import MiniPresto
import Settings
import Values

/// `/v1/statement`: the client protocol.
///
///     POST   /v1/statement
///     PUT    /v1/statement/{id}?slug={slug}                                Presto: the client chose the id
///     GET    /v1/statement/{queued|executing}/{id}/{slug}/{token}          Trino
///     GET    /v1/statement/{queued|executing}/{id}/{token}?slug={slug}     Presto
///     DELETE either
struct StatementEndpoint {
  let service: ServerService
  let context: ServerContext

  func respond(_ request: Request, _ path: RequestPath, _ segments: [Substring]) async throws -> Response {
    if segments.isEmpty {
      switch request.method {
      case .post: return try await submit(request)
      case .head:
        _ = try ClientRequest(
          request.headers, properties: service.engine.sessionProperties, caller: try await service.caller(request, context))
        return Reply.empty(.ok)
      default: throw Refusal(.methodNotAllowed, "POST a statement to /v1/statement")
      }
    }
    if request.method == .put, segments.count == 1 {
      return try await submit(request, chosen: try ChosenStatement(segments[0], slug: path.parameter("slug")))
    }
    guard segments.count >= 2 else { throw Refusal(.notFound, "Not found") }
    let dialect: ClientDialect = path.parameter("slug") == nil ? .trino : .presto
    let slug: Substring, tokenText: Substring
    switch (dialect, segments.count) {
    case (.trino, 4): (slug, tokenText) = (segments[2], segments[3])
    case (.presto, 3): (slug, tokenText) = (Substring(path.parameter("slug") ?? ""), segments[2])
    default: throw Refusal(.notFound, "Not found")
    }
    guard let token = Int(tokenText), token >= 0, segments[0] == "queued" || segments[0] == "executing",
      let statement = service.statements.statement(segments[1], slug: slug)
    else { throw Refusal(.notFound, "Query not found") }
    let links = StatementLinks(base: service.base(request), id: statement.id, slug: statement.slug, dialect: dialect)
    switch request.method {
    case .get:
      let answer =
        segments[0] == "queued" ? await statement.queued(token: token, links) : await statement.executing(token: token, links)
      switch answer {
      case .page(let page): return send(page, request)
      case .gone: throw Refusal(.gone, "The page \(token) of query \(statement.id) was fetched and is gone")
      case .missing: throw Refusal(.notFound, "There is no page \(token) of query \(statement.id)")
      }
    case .head:
      // the client fetches segments meanwhile, and will come back
      statement.touch()
      return Reply.empty(.ok)
    case .delete:
      statement.cancel(PrestoError(.userCanceled, "Query was canceled"))
      return Reply.empty(.noContent)
    default: throw Refusal(.methodNotAllowed, "Only GET and DELETE are possible here")
    }
  }

  private func submit(_ request: Request, chosen: ChosenStatement? = nil) async throws -> Response {
    let caller = try await service.caller(request, context)
    var client = try ClientRequest(request.headers, properties: service.engine.sessionProperties, caller: caller)
    let body = try await request.body.collect(upTo: service.configuration.limits.bodyBytes)
    if let chosen, let known = try chosen.known(service.statements, service.engine) {
      // the answer to the first attempt got lost
      let links = StatementLinks(base: service.base(request), id: known.id, slug: known.slug, dialect: client.dialect)
      return send(known.progressPage(links, next: links.queued(1)), request)
    }
    if service.isDraining { throw Refusal(.serviceUnavailable, "The server is shutting down") }
    let text = statementText(body)
    if text.isEmpty { throw Refusal(.badRequest, "SQL statement is empty") }
    if service.statements.isFull { throw Refusal(.tooManyRequests, "Too many statements are under way") }
    client.session.queryID = chosen?.id ?? ""
    let statement = service.statements.submit(text, client, slug: chosen?.slug)
    let links = StatementLinks(base: service.base(request), id: statement.id, slug: statement.slug, dialect: client.dialect)
    // said before anything happens, so that the first answer is the same for every statement
    let page = statement.progressPage(links, next: links.queued(1))
    statement.start()
    return send(page, request)
  }

  private func send(_ page: Statement.Page, _ request: Request) -> Response {
    Reply.json(page.body, request, headers: page.headers, compresses: service.configuration.compresses)
  }

  /// Without the semicolons and blanks that many clients leave at the end.
  private func statementText(_ body: ByteBuffer) -> String {
    var text = String(buffer: body)[...]
    while let last = text.last, last == ";" || last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
