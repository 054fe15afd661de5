import HTTPTypes
import Hummingbird

/// Answers, as Hummingbird sends them.
enum Reply {
  static func json(_ body: ByteBuffer, _ request: Request, headers: HTTPFields = HTTPFields(), compresses: Bool = true) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    headers[.cacheControl] = "no-store"
    headers[.contentTypeOptions] = "nosniff"
    if compresses, body.readableBytes >= Compression.threshold {
      headers[.vary] = "Accept-Encoding"
      if let compression = Compression.accepted(request.headers[.acceptEncoding]), let compressed = compression.compress(body) {
        headers[.contentEncoding] = compression.name
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: compressed))
      }
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
  }

  static func json(_ request: Request, _ body: (inout JSONWriter) -> Void) -> Response {
    var json = JSONWriter()
    body(&json)
    return Reply.json(json.buffer, request)
  }

  static func text(_ status: HTTPResponse.Status, _ text: String, headers: HTTPFields = HTTPFields()) -> Response {
    var headers = headers
    headers[.contentType] = "text/plain; charset=utf-8"
    headers[.contentTypeOptions] = "nosniff"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  static func empty(_ status: HTTPResponse.Status) -> Response { Response(status: status) }
}
