import HTTPTypes
import Hummingbird

/// A request's path in pieces, and its query parameters.
struct RequestPath {
  let segments: [Substring]
  private let query: Substring

  init(_ head: HTTPRequest) {
    let path = head.path ?? "/"
    let mark = path.firstIndex(of: "?") ?? path.endIndex
    segments = path[..<mark].split(separator: "/")
    query = path[mark...].dropFirst()
  }

  /// The first parameter of that name, decoded.
  func parameter(_ name: String) -> String? {
    for entry in query.split(separator: "&") {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if let key = parts.first, key == name { return parts.count > 1 ? URLEncoding.decode(parts[1]) : "" }
    }
    return nil
  }
}
