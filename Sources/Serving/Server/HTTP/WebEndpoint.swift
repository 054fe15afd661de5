import HTTPTypes
import Hummingbird
import MiniPresto

/// `/ui/`: the page in the browser. Its files stand in `Web/` and are part of the program.
struct WebEndpoint {
  let service: ServerService

  /// What the page may load and do: its own files, nothing else.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  func respond(_ request: Request, _ segments: [Substring]) throws -> Response {
    guard request.method == .get || request.method == .head else { throw Refusal(.methodNotAllowed, "Only GET is possible here") }
    if segments == ["api", "stats"] || segments == ["api", "cluster"] { return InfoEndpoint(service: service).cluster(request) }
    guard segments.count <= 1 else { throw Refusal(.notFound, "Not found") }
    let (bytes, type): ([UInt8], String)
    switch segments.first {
    case nil, "index.html", "query.html": (bytes, type) = (PackageResources.index_html, "text/html; charset=utf-8")
    case "style.css": (bytes, type) = (PackageResources.style_css, "text/css; charset=utf-8")
    case "icon.svg": (bytes, type) = (PackageResources.icon_svg, "image/svg+xml")
    case "api.js": (bytes, type) = (PackageResources.api_js, WebEndpoint.script)
    case "app.js": (bytes, type) = (PackageResources.app_js, WebEndpoint.script)
    case "chart.js": (bytes, type) = (PackageResources.chart_js, WebEndpoint.script)
    case "dom.js": (bytes, type) = (PackageResources.dom_js, WebEndpoint.script)
    case "editor.js": (bytes, type) = (PackageResources.editor_js, WebEndpoint.script)
    case "overview.js": (bytes, type) = (PackageResources.overview_js, WebEndpoint.script)
    case "queries.js": (bytes, type) = (PackageResources.queries_js, WebEndpoint.script)
    case "query.js": (bytes, type) = (PackageResources.query_js, WebEndpoint.script)
    default: throw Refusal(.notFound, "Not found")
    }
    let headers: HTTPFields = [
      .contentType: type, .cacheControl: "no-cache", .contentTypeOptions: "nosniff", .contentSecurityPolicy: WebEndpoint.policy,
    ]
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private static let script = "text/javascript; charset=utf-8"
}
