import Crypto
import Foundation
import Glibc
import Values

/// Amazon's signature, version 4, in the Authorization header.
///
///     canonical request    method ⏎ path ⏎ query ⏎ headers ⏎ names of headers ⏎ hash of the body
///     string to sign       AWS4-HMAC-SHA256 ⏎ time ⏎ day/region/s3/aws4_request ⏎ hash of the canonical request
///     key                  HMAC of HMAC of HMAC of HMAC of the secret, over day, region, "s3", "aws4_request"
///
/// Source: "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference.
struct S3Signature {
  let credentials: S3Credentials
  let region: String
  /// Seconds since the epoch.
  let time: Int

  /// All headers to send, the given ones among them. `path` and `query` are as they stand in the request line: encoded, the query sorted.
  func headers(_ method: String, host: String, path: String, query: String, _ given: [(String, String)], body: [UInt8])
    -> [(name: String, value: String)]
  {
    let stamp = S3Signature.stamp(time), day = String(stamp.prefix(8))
    let hash = S3Signature.hash(body)
    var all = given.map { (name: $0.0.lowercased(), value: $0.1) }
    all += [("host", host), ("x-amz-content-sha256", hash), ("x-amz-date", stamp)]
    if let token = credentials.sessionToken { all.append(("x-amz-security-token", token)) }
    all.sort { $0.name < $1.name }
    let names = all.map(\.name).joined(separator: ";")
    let canonical = [
      method, path, query, all.map { "\($0.name):\(S3Signature.collapsed($0.value))\n" }.joined(), names, hash,
    ].joined(separator: "\n")
    let scope = "\(day)/\(region)/s3/aws4_request"
    let text = ["AWS4-HMAC-SHA256", stamp, scope, S3Signature.hash(Array(canonical.utf8))].joined(separator: "\n")
    var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey)".utf8))
    for part in [day, region, "s3", "aws4_request"] {
      key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
    let signature = S3Signature.hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    all.append(
      (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
      ))
    return all
  }

  /// `20130524T000000Z`.
  static func stamp(_ time: Int) -> String {
    let days = time >= 0 ? time / 86_400 : (time - 86_399) / 86_400
    let day = Calendar.civil(days: days), second = time - days * 86_400
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(day.year)\(two(day.month))\(two(day.day))T\(two(second / 3600))\(two(second / 60 % 60))\(two(second % 60))Z"
  }

  /// Everything but letters, digits and `-._~` as `%2F`; slashes stay where they part a path.
  static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 65...90, 97...122, 48...57, 45, 46, 95, 126: result.append(byte)
      case 47 where keepingSlashes: result.append(byte)
      default: result += [37, digit(byte >> 4), digit(byte & 15)]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }

  private static func collapsed(_ value: String) -> String { value.split(separator: " ").joined(separator: " ") }

  static func hash(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
