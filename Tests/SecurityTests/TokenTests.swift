import Settings
import Testing
import Values

@testable import Security

@Suite struct TokenTests {
  private func principal(
    _ token: String, _ keys: String, now: Int64 = 1500, issuer: String? = nil, audience: String? = nil, field: String = "sub"
  )
    throws -> String
  {
    let validator = TokenValidator(
      keys: try TokenKeys(parsing: keys, origin: "k"), issuer: issuer, audience: audience, principalField: field, leeway: 0)
    return try validator.principal(of: token, now: now)
  }

  private static let secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
  private static let set = """
    {"keys": [
      {"kty": "oct", "k": "AAAA"},
      {"kty": "RSA", "kid": "k1", "use": "sig", "n": "\(TokenFixtures.modulus)", "e": "AQAB"},
      {"kty": "EC", "kid": "k2", "crv": "P-256", "x": "\(TokenFixtures.x)", "y": "\(TokenFixtures.y)"}]}
    """

  @Test func signatures() throws {
    #expect(try principal(TokenFixtures.rsa, TokenFixtures.rsaKey) == "ana")
    #expect(try principal(TokenFixtures.ellipticCurve, TokenFixtures.certificate) == "ana")
    #expect(try principal(TokenFixtures.secret, Self.secret) == "ana")
    #expect(try principal(TokenFixtures.rsa, Self.set) == "ana")
    #expect(try principal(TokenFixtures.ellipticCurve, Self.set) == "ana")
  }

  @Test func wrongKeysAndAlgorithms() {
    let invalid = "Access Denied: Invalid token"
    #expect(message { _ = try principal(TokenFixtures.rsa, TokenFixtures.certificate) } == invalid)
    #expect(message { _ = try principal(TokenFixtures.rsa, Self.secret) } == invalid)
    #expect(message { _ = try principal(TokenFixtures.secret, TokenFixtures.rsaKey) } == invalid)
    // a public key must not do as a secret
    #expect(message { _ = try principal(TokenFixtures.confusion, TokenFixtures.rsaKey) } == invalid)
    // {"alg":"none"}
    #expect(message { _ = try principal("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ.", TokenFixtures.rsaKey) } == invalid)
    for garbage in ["", ".", "..", "a.b.c", "....", String(repeating: "a", count: 100_000)] {
      #expect(message { _ = try principal(garbage, Self.set) } == invalid)
    }
  }

  @Test func everyChangedByteIsNoticed() {
    let token = Array(TokenFixtures.ellipticCurve.utf8)
    for place in stride(from: 0, to: token.count, by: 7) where token[place] != UInt8(ascii: ".") {
      var changed = token
      changed[place] = changed[place] == UInt8(ascii: "B") ? UInt8(ascii: "C") : UInt8(ascii: "B")
      #expect(
        message { _ = try principal(String(decoding: changed, as: UTF8.self), Self.set) } == "Access Denied: Invalid token", "\(place)")
    }
  }

  @Test func claims() throws {
    #expect(message { _ = try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, now: 2000) } == "Access Denied: The token has expired")
    #expect(message { _ = try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, now: 999) } == "Access Denied: The token is not valid yet")
    #expect(try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, now: 1999, issuer: "https://issuer", audience: "presto") == "ana")
    #expect(message { _ = try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, issuer: "other") } == "Access Denied: Invalid token")
    #expect(message { _ = try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, audience: "other") } == "Access Denied: Invalid token")
    #expect(try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, field: "email") == "ana@example.com")
    #expect(message { _ = try principal(TokenFixtures.rsa, TokenFixtures.rsaKey, field: "name") } == "The token has no 'name'")
  }

  @Test(arguments: [
    "", "short", "{}", #"{"keys": []}"#, #"{"keys": [{"kty": "RSA", "n": "!", "e": "AQAB"}]}"#, "-----BEGIN PUBLIC KEY-----\nx\n",
  ])
  func noKeys(_ text: String) { #expect(message { _ = try TokenKeys(parsing: text, origin: "k") }.hasPrefix("k")) }

  @Test func sharedSecret() throws {
    let ours = try SharedSecret("correct horse battery"), theirs = try SharedSecret("another long secret")
    let token = try #require(ours.token(node: "node-1", now: 1000))
    #expect(try ours.node(of: token, now: 1299) == "node-1")
    #expect(message { _ = try ours.node(of: token, now: 1400) } == "Access Denied: The token has expired")
    #expect(message { _ = try theirs.node(of: token, now: 1000) } == "Access Denied: Invalid token")
    #expect(ours.token(node: "a\"b", now: 0) == nil)
    #expect(message { _ = try SharedSecret("short") } == "'internal-communication.shared-secret' must have at least 16 characters")
  }

  @Test func certificates() throws {
    let der = try #require(Base64URL.decode(TokenFixtures.certificateBytes))
    #expect(ClientCertificate(der: der)?.subject == "CN=ana, OU=sales, O=acme")
    #expect(ClientCertificate(der: []) == nil && ClientCertificate(der: Array(der.dropLast())) == nil)
  }

  @Test func mapping() throws {
    #expect(try UserMapping.identity.user(of: "ana") == "ana")
    let certificate = try UserMapping(pattern: ".*?CN=(.*?),.*")
    #expect(try certificate.user(of: "CN=ana, OU=sales, O=acme") == "ana")
    #expect(message { _ = try certificate.user(of: "O=acme") } == "Access Denied: No user mapping patterns match the principal")
    let rules = try UserMapping(
      parsing: #"{"rules": [{"pattern": "root@.*", "allow": false}, {"pattern": "(.*)@(.*)\\.com", "user": "$1_$2", "case": "upper"}]}"#,
      origin: "f")
    #expect(try rules.user(of: "ana@example.com") == "ANA_EXAMPLE")
    #expect(message { _ = try rules.user(of: "root@example.com") } == "Access Denied: Principal is not allowed")
  }

  @Test func groups() throws {
    let file = try GroupFile(parsing: "# teams\nsales: ana, ben\nadmins:ana\n", origin: "f")
    #expect(file.groups(of: "ana") == ["sales", "admins"] && file.groups(of: "ben") == ["sales"] && file.groups(of: "cyd").isEmpty)
    #expect(message { _ = try GroupFile(parsing: "x", origin: "f") } == "f:1: Expected group:user,user")
  }
}
