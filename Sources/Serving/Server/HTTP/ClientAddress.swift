import HTTPTypes
import Hummingbird

/// How a client reached us, so that the links it is given lead back.
enum ClientAddress {
  /// `http://host:port`. Behind a proxy (`isForwarded`) as the proxy's headers say.
  static func base(_ head: HTTPRequest, isForwarded: Bool, fallback: String) -> String {
    var scheme = head.scheme == "https" ? "https" : "http"
    var host = head.authority ?? ""
    if isForwarded {
      if let forwarded = first(head.headerFields[.forwardedProto]), ["http", "https"].contains(forwarded) { scheme = forwarded }
      if let forwarded = first(head.headerFields[.forwardedHost]) {
        host = forwarded
        if let port = first(head.headerFields[.forwardedPort]), Int(port) != nil, !hasPort(host) { host += ":" + port }
      }
    }
    return "\(scheme)://\(isHost(host) ? host : fallback)"
  }

  /// `https` where the proxy says that the client came so.
  static func scheme(_ head: HTTPRequest) -> String? { first(head.headerFields[.forwardedProto]) }

  private static func first(_ header: String?) -> String? {
    header?.split(separator: ",").first.map { String(URLEncoding.trim($0)) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func hasPort(_ host: String) -> Bool {
    host.hasPrefix("[") ? host.contains("]:") : host.contains(":")
  }

  /// Names, addresses and ports, nothing that would change a URL's meaning.
  private static func isHost(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count < 300
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F: true
        default: false
        }
      }
  }
}

extension HTTPField.Name {
  static let forwardedProto = HTTPField.Name("X-Forwarded-Proto") ?? .server
  static let forwardedHost = HTTPField.Name("X-Forwarded-Host") ?? .server
  static let forwardedPort = HTTPField.Name("X-Forwarded-Port") ?? .server
  static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .server
}
