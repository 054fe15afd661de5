import Foundation
import MiniPresto
import Security
import Settings
import Testing
import Values

@testable import Server

/// Who comes in over HTTP, and as whom.
@Suite struct AuthenticationTests {
  /// `secret`
  private static let passwords = "ana:$2y$08$abcdefghijklmnopqrstuuKxCcvB7KZ7.BpDoK0bh6qM7Dl1/xiJa\n"

  /// A server that asks for passwords, for as long as `body` runs.
  private func server(_ more: [String: String] = [:], isForwarded: Bool = false, _ body: (ServerFixture) async throws -> Void) async throws
  {
    let folder = NSTemporaryDirectory() + "authentication-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "password-authenticator.name=file\nfile.password-file=\(folder)/passwords\n".write(
      toFile: folder + "/password-authenticator.properties", atomically: true, encoding: .utf8)
    try Self.passwords.write(toFile: folder + "/passwords", atomically: true, encoding: .utf8)
    let security = try SecurityFiles(
      directory: folder, configuration: Properties(["http-server.authentication.type": "PASSWORD"].merging(more) { $1 })
    ) { _ in nil }
    try await ServerFixture.run { configuration in
      configuration.security = security
      configuration.isForwarded = isForwarded
    } _: {
      try await body($0)
    }
  }

  private func ask(_ server: ServerFixture, _ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil)
    async throws
    -> (status: Int, challenge: String?, text: String)
  {
    let url = try #require(URL(string: path.hasPrefix("http") ? path : "http://127.0.0.1:\(server.port)\(path)"))
    var lines = ["\(method) \(url.path) HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "Connection: close"]
    lines += headers.map { "\($0.key): \($0.value)" }
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    let answer = try await RawRequest.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""), port: server.port)
    return (answer.status, answer.headers["www-authenticate"], answer.body)
  }

  private func expect(
    _ server: ServerFixture, _ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil, status: Int,
    at place: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await ask(server, method, path, headers, body: body)
    #expect(answer.status == status, "\(path): \(answer.text)", sourceLocation: place)
  }

  private func basic(_ user: String, _ password: String) -> [String: String] {
    ["Authorization": "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()]
  }

  private static let plain = ["http-server.authentication.allow-insecure-over-http": "true"]

  @Test func passwords() async throws {
    try await server(Self.plain) { server in
      let nobody = try await ask(server, "POST", "/v1/statement", ["X-Trino-User": "ana"], body: "SELECT 1")
      #expect(nobody.status == 401 && nobody.challenge == #"Basic realm="Trino""#)
      let wrong = try await ask(server, "POST", "/v1/statement", basic("ana", "guess"), body: "SELECT 1")
      #expect(wrong.status == 401 && wrong.text == "Access Denied: Invalid credentials")
      let right = try await ask(server, "POST", "/v1/statement", basic("ana", "secret"), body: "SELECT 1")
      #expect(right.status == 200)
      // polls are known by their slug
      let next = try #require(try JSONValue(parsing: right.text, origin: "answer")["nextUri"]?.text)
      try await expect(server, "GET", next, status: 200)
      #expect(server.engine.queries.map(\.session.user) == ["ana"])
    }
  }

  @Test func nobodyIsAnother() async throws {
    try await server(Self.plain) { server in
      let answer = try await ask(
        server, "POST", "/v1/statement", basic("ana", "secret").merging(["X-Trino-User": "root"]) { $1 }, body: "SELECT 1")
      #expect(answer.status == 403 && answer.text == "Access Denied: User ana cannot impersonate user root")
    }
  }

  @Test func operations() async throws {
    try await server(Self.plain) { server in
      for path in ["/v1/query", "/v1/cluster", "/v1/node", "/metrics"] {
        try await expect(server, "GET", path, ["X-Trino-User": "ana"], status: 401)
        try await expect(server, "GET", path, basic("ana", "secret"), status: 200)
      }
      for path in ["/v1/info", "/v1/info/state", "/v1/status"] {
        try await expect(server, "GET", path, status: 200)
      }
      try await expect(server, "PUT", "/v1/info/state", body: "\"SHUTTING_DOWN\"", status: 401)
    }
  }

  @Test func notOverPlainHTTP() async throws {
    try await server { server in
      let answer = try await ask(server, "POST", "/v1/statement", basic("ana", "secret"), body: "SELECT 1")
      #expect(answer.status == 403 && answer.text == "Access Denied: Credentials are not taken over plain HTTP; use HTTPS")
      // a header that nobody trusts changes nothing
      let forged = basic("ana", "secret").merging(["X-Forwarded-Proto": "https"]) { $1 }
      try await expect(server, "POST", "/v1/statement", forged, body: "SELECT 1", status: 403)
    }
  }

  @Test func behindAProxyThatEndsTLS() async throws {
    try await server(isForwarded: true) { server in
      let headers = basic("ana", "secret").merging(["X-Forwarded-Proto": "https"]) { $1 }
      try await expect(server, "POST", "/v1/statement", headers, body: "SELECT 1", status: 200)
      try await expect(server, "POST", "/v1/statement", basic("ana", "secret"), body: "SELECT 1", status: 403)
    }
  }
}
