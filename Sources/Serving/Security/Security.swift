// Security: who somebody is, and what he may do.
//
// In come what a client shows (a password, a token, a certificate, the cluster's shared secret) and the files of the installation in the formats of
// Presto and Trino; out go a user's name, or an error that says no more than it must, and answers to `AccessRequest`s. Everything is a value; the
// one thing with state is the memory of passwords that were right, which is bounded.
//
//     password ─▶ PasswordStore ──┐
//     token ────▶ TokenValidator ─┼▶ principal ─▶ UserMapping ─▶ user ─▶ AccessRules ─▶ yes, no, a filter, masks
//     certificate subject ────────┘
//
// Hashes and signatures are computed by libcrypt and OpenSSL's libcrypto behind `CSecurity`. Comparisons of secrets take a time that does not tell
// where they differ. TLS is the server's.
import CSecurity
import Foundation
import Values

/// Bytes as secrets are compared and signed.
enum Secrets {
  /// In a time that depends on the lengths alone.
  static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe mp_equal(a, b, a.count) == 1
  }

  /// HMAC with SHA-2 of this many bits: 256, 384, 512. nil: another number.
  static func signature(_ data: [UInt8], key: [UInt8], bits: Int = 256) -> [UInt8]? {
    guard [256, 384, 512].contains(bits) else { return nil }
    var result = [UInt8](repeating: 0, count: bits / 8)
    return unsafe mp_hmac_sha(Int32(bits), key, key.count, data, data.count, &result) == 1 ? result : nil
  }

  static func random(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

/// Base 64 with `-` and `_` and without padding, as tokens have it. The ordinary letters are read, too.
enum Base64URL {
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while plain.utf8.count % 4 != 0 { plain += "=" }
    return Data(base64Encoded: plain).map(Array.init)
  }

  static func encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}

/// Somebody is not who he says he is. Clients are shown the message; it never says which part was wrong.
package struct AuthenticationError: Error, Sendable, Equatable {
  package var message: String
  /// What `WWW-Authenticate` says, if it helps: `Basic realm="Trino"`.
  package var challenge: String?

  package init(_ message: String, challenge: String? = nil) {
    self.message = message
    self.challenge = challenge
  }

  package static let invalidCredentials = AuthenticationError("Access Denied: Invalid credentials")
}
