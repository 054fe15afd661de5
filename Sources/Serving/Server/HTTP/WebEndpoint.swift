import HTTPTypes
import Hummingbird
import MiniPresto

/// `/ui/`: the page in the browser. Its files stand in `UI/`; `CWebPage` makes them part of the program.
///
///     GET /ui/                   the page
///     GET /ui/{file}             its scripts and styles
///     GET /ui/query.html?{id}    where clients' links to a query lead
///     GET /ui/api/stats          what gateways ask of Trino
struct WebEndpoint {
  let service: ServerService

  /// What the page may load and do: its own files and this server, nothing else; and nobody may put it into a frame.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  func respond(_ request: Request, _ segments: [Substring]) throws -> Response {
    guard request.method == .get || request.method == .head else { throw Refusal(.methodNotAllowed, "Only GET is possible here") }
    if segments == ["api", "stats"] || segments == ["api", "cluster"] { return InfoEndpoint(service: service).cluster(request) }
    guard segments.count <= 1 else { throw Refusal(.notFound, "Not found") }
    let path = request.head.path ?? "/"
    // the page's own addresses begin where it stands
    if segments.isEmpty && !path.hasPrefix("/ui/") { return Response(status: .seeOther, headers: [.location: "ui/"]) }
    if segments == ["query.html"] { return Response(status: .seeOther, headers: [.location: WebEndpoint.place(ofQuery: path)]) }
    guard let file = WebFile.all[String(segments.first ?? "index.html")] else { throw Refusal(.notFound, "Not found") }
    return send(file, request)
  }

  private func send(_ file: WebFile, _ request: Request) -> Response {
    var headers: HTTPFields = [
      .contentType: file.type, .cacheControl: "no-cache", .eTag: file.tag, .vary: "Accept-Encoding", .contentTypeOptions: "nosniff",
      .contentSecurityPolicy: WebEndpoint.policy,
    ]
    headers[.referrerPolicy] = "no-referrer"
    if let known = request.headers[.ifNoneMatch], known == "*" || ClientRequest.list(known).contains(file.tag) {
      return Response(status: .notModified, headers: headers)
    }
    if let compressed = file.compressed, Compression.accepts(gzip: request.headers[.acceptEncoding]) {
      headers[.contentEncoding] = Compression.gzip.name
      return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: compressed))
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.body))
  }

  /// `query.html?ID` as an address of the page; its list of queries for what is no id.
  static func place(ofQuery path: String) -> String {
    let id = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
    let isID = !id.isEmpty && id.utf8.count < 100 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isID ? "./#/query/\(id)" : "./#/queries"
  }
}

extension HTTPField.Name {
  static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .server
}
