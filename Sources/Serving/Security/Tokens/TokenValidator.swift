import Settings
import Values

/// Checks JSON web tokens: three parts in base 64, `header.claims.signature`.
package struct TokenValidator: Sendable {
  let keys: TokenKeys
  var issuer: String?
  var audience: String?
  /// The claim that says who it is.
  var principalField: String
  /// Seconds by which clocks may differ.
  var leeway: Int64

  package init(keys: TokenKeys, issuer: String? = nil, audience: String? = nil, principalField: String = "sub", leeway: Int64 = 5) {
    self.keys = keys
    self.issuer = issuer
    self.audience = audience
    self.principalField = principalField
    self.leeway = leeway
  }

  static let longest = 16_384

  /// The principal. `now` is in seconds since the epoch.
  package func principal(of token: String, now: Int64) throws(AuthenticationError) -> String {
    let claims = try claims(of: token, now: now)
    guard let principal = claims[principalField]?.text, !principal.isEmpty else {
      throw AuthenticationError("The token has no '\(principalField)'")
    }
    return principal
  }

  func claims(of token: String, now: Int64) throws(AuthenticationError) -> JSONValue {
    let invalid = AuthenticationError("Access Denied: Invalid token")
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard token.utf8.count <= TokenValidator.longest, parts.count == 3, let header = TokenValidator.json(parts[0]),
      let signature = Base64URL.decode(parts[2]), let name = header["alg"]?.text, let algorithm = TokenAlgorithm(name),
      // an extension that must be understood
      header["crit"] == nil,
      keys.verify(signature, of: Array("\(parts[0]).\(parts[1])".utf8), algorithm, keyID: header["kid"]?.text),
      let claims = TokenValidator.json(parts[1])
    else { throw invalid }
    if let expiry = claims["exp"] {
      guard let seconds = TokenValidator.seconds(expiry), now < seconds.addingClamped(leeway) else {
        throw AuthenticationError("Access Denied: The token has expired")
      }
    }
    if let start = claims["nbf"] {
      guard let seconds = TokenValidator.seconds(start), now.addingClamped(leeway) >= seconds else {
        throw AuthenticationError("Access Denied: The token is not valid yet")
      }
    }
    if let issuer, claims["iss"]?.text != issuer { throw invalid }
    if let audience {
      let audiences = claims["aud"]?.elements?.compactMap(\.text) ?? claims["aud"]?.text.map { [$0] } ?? []
      if !audiences.contains(audience) { throw invalid }
    }
    return claims
  }

  private static func json(_ part: Substring) -> JSONValue? {
    guard let bytes = Base64URL.decode(part), let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let value = try? JSONValue(parsing: text, origin: "token")
    return value?.members == nil ? nil : value
  }

  /// Times may have fractions.
  private static func seconds(_ value: JSONValue) -> Int64? {
    guard case .number(let text) = value, let seconds = Double(text), abs(seconds) < 9e15 else { return nil }
    return Int64(seconds)
  }
}

extension Int64 {
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }
}

/// Proves to the other nodes of a cluster that a request is theirs: a token signed with the shared secret, short-lived, with the node's name.
package struct SharedSecret: Sendable {
  private let key: [UInt8]
  private static let lifetime: Int64 = 300

  /// Throws CONFIGURATION_INVALID for a secret that could be guessed.
  package init(_ secret: String) throws {
    guard secret.utf8.count >= 16 else {
      throw PrestoError(.configurationInvalid, "'internal-communication.shared-secret' must have at least 16 characters")
    }
    key = Secrets.signature(Array("minipresto internal communication".utf8), key: Array(secret.utf8)) ?? []
  }

  /// `now` is in seconds since the epoch. nil: the node's name cannot be in a token.
  package func token(node: String, now: Int64) -> String? {
    guard node.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else { return nil }
    let header = Base64URL.encode(Array(#"{"alg":"HS256"}"#.utf8))
    let claims = Base64URL.encode(Array(#"{"sub":"\#(node)","exp":\#(now + SharedSecret.lifetime)}"#.utf8))
    guard let signature = Secrets.signature(Array("\(header).\(claims)".utf8), key: key) else { return nil }
    return "\(header).\(claims).\(Base64URL.encode(signature))"
  }

  /// The node that made it.
  package func node(of token: String, now: Int64) throws(AuthenticationError) -> String {
    guard let keys = try? TokenKeys(parsing: Base64URL.encode(key), origin: "secret") else { throw .invalidCredentials }
    let validator = TokenValidator(keys: keys)
    guard try validator.claims(of: token, now: now)["exp"] != nil else { throw .invalidCredentials }
    return try validator.principal(of: token, now: now)
  }
}
