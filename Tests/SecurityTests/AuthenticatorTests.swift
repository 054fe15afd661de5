import Analysis
import Foundation
import Settings
import Testing
import Values

@testable import Security

@Suite struct AuthenticatorTests {
  /// A folder of files, for as long as `body` runs.
  private func folder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "security-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (name, text) in files {
      try text.replacingOccurrences(of: "$DIR", with: path).write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }
    try await body(path)
  }

  private func basic(_ user: String, _ password: String) -> String { "Basic " + Data("\(user):\(password)".utf8).base64EncodedString() }

  private func answer(
    _ authenticator: Authenticator, _ authorization: String?, certificate: ClientCertificate? = nil, isSecure: Bool = true
  ) async
    -> String
  {
    do {
      let found = try await authenticator.authenticate(
        ShownCredentials(authorization: authorization, certificate: certificate, isSecure: isSecure), now: 1500)
      return "\(found.principal) is \(found.user)"
    } catch { return "\(error.message)|\(error.challenge ?? "")" }
  }

  @Test func allWays() async throws {
    try await folder([
      "password-authenticator.properties": "password-authenticator.name=file\nfile.password-file=$DIR/passwords\n",
      "passwords": "ana:\(PasswordTests.bcrypt)\n", "key.pem": TokenFixtures.rsaKey,
      "access-control.properties": "access-control.name=file\nsecurity.config-file=$DIR/rules.json\n",
      "rules.json": #"{"catalogs": []}"#, "groups": "sales:ana\n",
      "group-provider.properties": "group-provider.name=file\nfile.group-file=$DIR/groups\n",
    ]) { path in
      let key = "http-server.authentication."
      let files = try SecurityFiles(
        directory: path,
        configuration: Properties([
          key + "type": "CERTIFICATE, PASSWORD,JWT", key + "jwt.key-file": path + "/key.pem", key + "jwt.principal-field": "email",
          key + "jwt.user-mapping.pattern": "(.*)@.*", key + "certificate.user-mapping.pattern": ".*?CN=(.*?),.*",
          "internal-communication.shared-secret": "a secret that is long enough",
        ]), environment: { _ in nil })
      let authenticator = try #require(files.authenticator)
      #expect(authenticator.asksForCertificates)
      #expect(await answer(authenticator, basic("ana", "secret")) == "ana is ana")
      #expect(await answer(authenticator, "bAsIc   " + basic("ana", "secret").dropFirst(6)) == "ana is ana")
      #expect(await answer(authenticator, basic("ana", "wrong")) == #"Access Denied: Invalid credentials|Basic realm="Trino""#)
      #expect(await answer(authenticator, basic("ben", "secret")) == #"Access Denied: Invalid credentials|Basic realm="Trino""#)
      #expect(await answer(authenticator, "Bearer " + TokenFixtures.rsa) == "ana@example.com is ana")
      #expect(await answer(authenticator, "Bearer x.y.z") == #"Access Denied: Invalid token|Basic realm="Trino""#)
      for nothing in [nil, "", "Basic", "Basic !!!", "Negotiate abc", "Bearer ", basic("", "x")] {
        #expect(await answer(authenticator, nothing) == #"Unauthorized|Basic realm="Trino""#)
      }
      let der = try #require(Base64URL.decode(TokenFixtures.certificateBytes))
      #expect(await answer(authenticator, nil, certificate: ClientCertificate(der: der)) == "CN=ana, OU=sales, O=acme is ana")
      #expect(
        await answer(authenticator, basic("ana", "secret"), isSecure: false)
          == "Access Denied: Credentials are not taken over plain HTTP; use HTTPS|")
      #expect(files.accessControl.isRestricting && files.groups?.groups(of: "ana") == ["sales"] && files.sharedSecret != nil)
    }
  }

  @Test func plainHTTPWhenConfigured() async throws {
    try await folder([
      "password-authenticator.properties": "password-authenticator.name=file\nfile.password-file=$DIR/passwords\n",
      "passwords": "ana:\(PasswordTests.bcrypt)\n",
    ]) { path in
      let files = try SecurityFiles(
        directory: path,
        configuration: Properties([
          "http-server.authentication.type": "PASSWORD", "http-server.authentication.allow-insecure-over-http": "true",
        ]), environment: { _ in nil })
      let authenticator = try #require(files.authenticator)
      #expect(await answer(authenticator, basic("ana", "secret"), isSecure: false) == "ana is ana")
      #expect(await answer(authenticator, nil, isSecure: false) == #"Unauthorized|Basic realm="Trino""#)
    }
  }

  @Test func nothingConfigured() throws {
    let files = try SecurityFiles(directory: nil, configuration: Properties([:]), environment: { _ in nil })
    #expect(files.authenticator == nil && !files.accessControl.isRestricting && files.sharedSecret == nil)
  }

  @Test(arguments: [
    (
      [String: String](), ["http-server.authentication.type": "PASSWORD"],
      "Authentication type PASSWORD needs the file password-authenticator.properties"
    ),
    (
      [:], ["http-server.authentication.type": "KERBEROS"],
      "properties: 'http-server.authentication.type' cannot be 'KERBEROS'; possible are PASSWORD, JWT, CERTIFICATE"
    ),
    ([:], ["http-server.authentication.type": "JWT"], "properties: 'http-server.authentication.jwt.key-file' is missing"),
    (["access-control.properties": "access-control.name=file"], [:], "$DIR/access-control.properties: 'security.config-file' is missing"),
    (
      ["access-control.properties": "access-control.name=opa"], [:],
      "$DIR/access-control.properties: 'access-control.name' cannot be 'opa'; possible are file, allow-all, default"
    ),
    (
      ["access-control.properties": "access-control.name=file\nsecurity.config-file=$DIR/none"], [:],
      "The file of access rules '$DIR/none' cannot be read"
    ),
    (
      ["access-control.properties": "access-control.name=file\nsecurity.config-file=$DIR/r", "r": "{"], [:],
      "$DIR/r:1:2: expected a key in quotes"
    ),
  ])
  func errors(_ files: [String: String], _ configuration: [String: String], _ expected: String) async throws {
    try await folder(files) { path in
      let answer = message { _ = try SecurityFiles(directory: path, configuration: Properties(configuration), environment: { _ in nil }) }
      #expect(answer == expected.replacingOccurrences(of: "$DIR", with: path))
    }
  }
}
