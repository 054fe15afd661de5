import Foundation
import MiniPresto
import Settings
import Testing
import Values
import Vectors

/// Passwords and keys of sources appear nowhere: not in errors, plans or system tables, nor in what the server and the shell say.
@Suite struct SecretsTests {
  /// Part of every secret below.
  private static let mark = "hunter2"

  /// Catalog files, each with a secret: sources that answer, refuse or are not there, and files that are wrong.
  private static func files() throws -> [String: String] {
    guard let live = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_POSTGRES"] else {
      throw PrestoError(.configurationInvalid, "MINIPRESTO_TEST_POSTGRES is not set: run `make test`, which starts a PostgreSQL cluster")
    }
    func postgres(_ url: String, _ more: String = "") -> String { "connector.name=postgresql\nconnection-url=\(url)\n\(more)\n" }
    func lake(_ more: String) -> String { "connector.name=lake\nlake.location=s3://bucket\ns3.max-error-retries=0\n\(more)\n" }
    return [
      "live": postgres(live + "postgres?sslpassword=\(mark)"),
      "refused": postgres(live + "postgres", "connection-password=\(mark)"),
      "down": postgres("postgresql://user:\(mark)%2F%40@127.0.0.1:1/db"),
      "driver": postgres("jdbc:postgresql://127.0.0.1:1/db?user=user&password=\(mark)&sslpassword=\(mark)"),
      "several": postgres("postgresql://user:a@\(mark)@127.0.0.1:1/db"),
      "token": postgres("postgresql://user:\(mark)%zz@127.0.0.1:1/db"),
      "query": postgres("postgresql://127.0.0.1:1/db?user=u&password=a&\(mark)"),
      "port": postgres("postgresql://user:a/\(mark)@127.0.0.1/db"),
      "keywords": postgres("host=127.0.0.1 user=user password=\(mark)"),
      "colon": postgres("postgresql://127.0.0.1:1/db", "connection-password: \(mark)"),
      "equals": postgres("postgresql://127.0.0.1:1/db", "connection-password: \(mark)=\(mark)"),
      "bucket": lake("s3.endpoint=http://127.0.0.1:1\ns3.aws-access-key=A\ns3.aws-secret-key=\(mark)\ns3.aws-session-token=\(mark)"),
      "address": lake("s3.endpoint=http://user:\(mark)@127.0.0.1:1\ns3.aws-access-key=A\ns3.aws-secret-key=\(mark)"),
      "half": lake("s3.endpoint=http://127.0.0.1:1\ns3.aws-secret-key=\(mark)"),
    ]
  }

  /// The mark, and the password of the cluster that answers.
  private static func secrets() throws -> [String] {
    let live = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_POSTGRES"] ?? ""
    return [mark, try #require(URL(string: live)?.password)]
  }

  private static func questions(of catalog: String) -> [String] {
    // every request to a store that is not there takes seconds
    if catalog == "bucket" { return ["SHOW SCHEMAS FROM bucket"] }
    return [
      "SHOW SCHEMAS FROM \(catalog)", "SHOW TABLES FROM \(catalog).public", "SELECT * FROM \(catalog).public.none",
      "EXPLAIN SELECT * FROM \(catalog).public.none", "SELECT * FROM \(catalog).information_schema.tables",
      "EXPLAIN SELECT relname FROM \(catalog).pg_catalog.pg_class WHERE relname LIKE 'pg%'",
      "EXPLAIN ANALYZE VERBOSE SELECT count(*) FROM \(catalog).pg_catalog.pg_class WHERE relname LIKE 'pg%'",
      "EXPLAIN (TYPE IO, FORMAT JSON) SELECT relname FROM \(catalog).pg_catalog.pg_class",
      "SELECT * FROM TABLE(\(catalog).system.query(query => 'SELECT nothing FROM nowhere'))",
      "SELECT * FROM TABLE(\(catalog).system.query(query => 'SELECT 1/0 AS x'))",
      "CREATE TABLE \(catalog).nowhere.t AS SELECT 1 AS x", "SHOW CREATE SCHEMA \(catalog).public",
    ]
  }

  @Test("No text of the engine or the server holds a password or a key")
  func texts() async throws {
    var catalogs: [String: Properties] = [:], said = ""
    let files = try Self.files()
    for (name, text) in files {
      do { catalogs[name] = try Properties(parsing: text, origin: name + ".properties") { _ in nil } } catch { said += "\(error)\n" }
    }
    #expect(catalogs.count == files.count - 2)
    try await ServerFixture.run(catalogs: catalogs) { server in
      func ask(_ text: String) async {
        do {
          for try await batch in try await server.engine.query(text) {
            for row in 0..<batch.count { said += batch.columns.map { $0.text(at: row) ?? "NULL" }.joined(separator: " ") + "\n" }
          }
        } catch {
          let error = PrestoError(error)
          said += "\(error.message) \(error.hint ?? "") \(error)\n"
        }
      }
      for catalog in files.keys.sorted() { for text in Self.questions(of: catalog) { await ask(text) } }
      // what everybody may read of the engine, with what the questions left there
      var tables: [String] = []
      for try await batch in try await server.engine.query(
        "SELECT table_schema || '.' || table_name FROM system.information_schema.tables WHERE table_schema <> 'information_schema'")
      { for row in 0..<batch.count { tables.append(batch.columns[0].text(at: row) ?? "") } }
      #expect(tables.count > 10)
      for text in tables.map({ "SELECT * FROM system.\($0)" }) + ["SHOW CATALOGS", "SHOW SESSION", "SHOW FUNCTIONS"] { await ask(text) }
      said += "\(server.engine.brokenCatalogs) \(String(reflecting: server.engine.configuration))"
      var paths = ["/v1/info", "/v1/status", "/v1/query", "/v1/resourceGroupState", "/metrics"]
      paths += server.engine.queries.map { "/v1/query/\($0.id)" }
      for path in paths {
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Presto-User: ana\r\nConnection: close\r\n\r\n"
        said += try await RawRequest.send(request, port: server.port).body
      }
    }
    // the questions reached what they are about
    for words in [
      "password authentication failed", "Connection refused", "does not exist", "Cannot list s3://bucket", "not a valid PostgreSQL URL",
    ] {
      #expect(said.contains(words), "\(words)")
    }
    for secret in try Self.secrets() {
      let lines = said.split(separator: "\n").filter { $0.contains(secret) }
      #expect(lines.isEmpty, "\(lines.prefix(5).map { String($0.prefix(300)) })")
    }
  }

  /// What operators see: the warnings at the start, on standard error, and the errors.
  @Test("The command says no password or key either")
  func command() async throws {
    let folder = NSTemporaryDirectory() + "minipresto-secrets-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in try Self.files() { try text.write(toFile: "\(folder)/\(name).properties", atomically: true, encoding: .utf8) }
    var said = ""
    for catalog in ["live", "refused", "bucket", "colon"] {
      let process = Process(), output = folder + "/said"
      _ = FileManager.default.createFile(atPath: output, contents: nil)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
      process.executableURL = URL(fileURLWithPath: ServerFixture.command)
      process.arguments = [
        "--catalogs", folder, "--debug", "--execute", "SHOW SCHEMAS FROM \(catalog); SELECT * FROM \(catalog).public.none",
      ]
      process.standardOutput = handle
      process.standardError = handle
      process.standardInput = FileHandle.nullDevice
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in continuation.resume() }
        do { try process.run() } catch {
          process.terminationHandler = nil
          continuation.resume(throwing: error)
        }
      }
      said += try String(contentsOfFile: output, encoding: .utf8)
    }
    #expect(said.contains("catalog 'keywords' is not available"), "\(said.prefix(1000))")
    for secret in try Self.secrets() { #expect(!said.contains(secret), "\(said)") }
  }
}
