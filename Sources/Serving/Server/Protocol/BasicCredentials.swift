import Foundation
import HTTPTypes

/// `Authorization: Basic …`.
struct BasicCredentials: Sendable {
  var user: String
  var password: String

  /// nil: there are none, or they are no credentials.
  init?(_ headers: HTTPFields) {
    guard let value = headers[.authorization], value.lowercased().hasPrefix("basic "),
      let data = Data(base64Encoded: String(value.dropFirst(6)))
    else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
    user = String(text[..<colon])
    password = String(text[text.index(after: colon)...])
  }
}
