import Foundation
import MiniPresto
import Settings
import Testing
import Values

@testable import Server

/// A server set up from files as an operator writes them: HTTPS with a certificate of its own, passwords, tokens and certificates of clients,
/// access rules and resource groups. The clients are PyPI's.
@Suite struct SecureServerTests {
  /// A folder of configuration with keys, for as long as `body` runs.
  private func folder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "secure-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // an authority, the server's certificate, and one of a client
    try openssl(folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem")
    try write(folder, ["san": "subjectAltName=DNS:localhost,IP:127.0.0.1\n"])
    for (name, subject) in [("server", "/CN=localhost"), ("client", "/O=acme/CN=cyd"), ("stranger", "/O=acme/CN=root")] {
      try openssl(folder, "req -newkey rsa:2048 -nodes -subj \(subject) -keyout \(name).key -out \(name).csr")
      let signer = name == "stranger" ? "-signkey stranger.key" : "-CA ca.pem -CAkey ca.key -CAcreateserial"
      try openssl(folder, "x509 -req -days 2 -in \(name).csr \(signer) -extfile san -out \(name).crt")
    }
    try write(folder, ["server.pem": try read(folder, "server.key") + read(folder, "server.crt")])
    let etc = folder + "/etc"
    try FileManager.default.createDirectory(atPath: etc, withIntermediateDirectories: true)
    try write(etc, files(folder))
    try await body(folder)
  }

  private func openssl(_ folder: String, _ arguments: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)")
  }

  private func read(_ folder: String, _ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)), as: UTF8.self)
  }

  private func write(_ folder: String, _ files: [String: String]) throws {
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
  }

  private func files(_ folder: String) -> [String: String] {
    [
      "config.properties": """
      http-server.http.port=0
      http-server.https.enabled=true
      http-server.https.port=0
      http-server.https.keystore.path=\(folder)/server.pem
      http-server.https.truststore.path=\(folder)/ca.pem
      http-server.authentication.type=CERTIFICATE,PASSWORD,JWT
      http-server.authentication.certificate.user-mapping.pattern=.*CN=([^,+]*).*
      http-server.authentication.jwt.key-file=\(folder)/etc/token.key
      http-server.authentication.jwt.required-audience=minipresto
      """,
      // base64 of thirty-two times the letter k
      "token.key": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
      "password-authenticator.properties": "password-authenticator.name=file\nfile.password-file=\(folder)/etc/passwords\n",
      // `secret`, all of them
      "passwords": ["ana", "ben", "root", "banned"].map {
        "\($0):$2y$08$abcdefghijklmnopqrstuuKxCcvB7KZ7.BpDoK0bh6qM7Dl1/xiJa\n"
      }.joined(),
      "group-provider.properties": "group-provider.name=file\nfile.group-file=\(folder)/etc/groups\n",
      "groups": "sales:ana,cyd\n",
      "access-control.properties": "access-control.name=file\nsecurity.config-file=\(folder)/etc/rules.json\n",
      "rules.json": #"""
      {
        "catalogs": [
          {"user": "root", "catalog": ".*", "allow": "all"}, {"catalog": "memory|system", "allow": "all"}
        ],
        "schemas": [{"user": "root", "owner": true}],
        "tables": [
          {"user": "root", "privileges": ["SELECT", "INSERT", "DELETE", "UPDATE", "OWNERSHIP"]},
          {
            "group": "sales", "catalog": "memory", "schema": "shop", "table": "people", "privileges": ["SELECT"],
            "filter": "country = 'EG'", "columns": [{"name": "card", "allow": false}, {"name": "phone", "mask": "'***' || substr(phone, -2)"}]
          },
          {"group": "sales", "catalog": "memory", "schema": "shop", "table": "orders", "privileges": ["SELECT", "INSERT"]},
          {"catalog": "system", "privileges": ["SELECT"]}
        ],
        "system_session_properties": [{"property": "task_concurrency", "allow": false}, {"allow": true}],
        "queries": [
          {"user": "root", "allow": ["execute", "view", "kill"]}, {"user": "banned", "allow": []}, {"allow": ["execute"]}
        ],
        "impersonation": [{"original_user": "root", "new_user": "ana", "allow": true}],
        "system_information": [{"user": "root", "allow": ["read", "write"]}]
      }
      """#,
      "resource-groups.json": #"""
      {
        "rootGroups": [
          {"name": "all", "hardConcurrencyLimit": 1, "maxQueued": 100, "subGroups": [
            {"name": "${USER}", "hardConcurrencyLimit": 1, "maxQueued": 10}
          ]},
          {"name": "people", "hardConcurrencyLimit": 50, "maxQueued": 100}
        ],
        "selectors": [{"source": "limited", "group": "all.${USER}"}, {"group": "people"}]
      }
      """#,
    ]
  }

  @Test("Clients come in over HTTPS with password, token or certificate, and see what the rules let them")
  func clients() async throws {
    try await folder { folder in
      let catalogs = ["memory": Properties(["connector.name": "memory"]), "hidden": Properties(["connector.name": "memory"])]
      try await ServerFixture.run(catalogs: catalogs, directory: folder + "/etc") { fixture in
        let port = try #require(fixture.server.securePort)
        let (isWell, output) = try await fixture.python("security_checks.py", ["\(port)", folder])
        #expect(isWell && output.contains("all well"), "\(output)")
        #expect(fixture.engine.runningQueries.isEmpty)
      }
    }
  }

  @Test("HTTPS alone, and files that are wrong")
  func configuration() async throws {
    try await folder { folder in
      // the lines of the file, but for the keys that `more` gives
      func directory(_ more: String) throws -> ServerDirectory {
        let text = try read(folder + "/etc", "config.properties")
        let keys = more.split(separator: "\n").map { $0.prefix { $0 != "=" } + "=" }
        let kept = text.split(separator: "\n").filter { line in !keys.contains { line.hasPrefix($0) } }
        try write(folder + "/etc", ["config.properties": kept.joined(separator: "\n") + "\n" + more])
        defer { try? write(folder + "/etc", ["config.properties": text]) }
        return try ServerDirectory(folder + "/etc")
      }
      func message(_ more: String) -> String {
        do {
          _ = try directory(more)
          return "no error"
        } catch { return PrestoError(error).message.replacing(folder, with: "F") }
      }
      let alone = try directory("http-server.http.enabled=false").configuration
      #expect(!alone.acceptsPlainHTTP && alone.transportSecurity?.port == 0)
      #expect(
        message("http-server.http.enabled=false\nhttp-server.https.enabled=false")
          == "F/etc/config.properties: neither 'http-server.http.enabled' nor 'http-server.https.enabled' is true")
      #expect(
        message("http-server.https.keystore.path=\(folder)/none")
          == "F/etc/config.properties: the file 'F/none' cannot be read")
      #expect(message("http-server.https.port=70000") == "F/etc/config.properties: 'http-server.https.port' is no port: 70000")
      let notPEM = try directory("http-server.https.keystore.path=\(folder)/san").configuration.transportSecurity
      #expect(throws: PrestoError.self) { try notPEM?.configuration(asksForCertificates: false) }
    }
  }
}
