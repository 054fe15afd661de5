import Foundation
import MiniPresto
import Testing
import Values

@testable import Server

/// Clients from PyPI against a server in this process. The checks stand in `Clients/`, one function each, named after what they hold to.
@Suite(.serialized) struct ClientsTests {
  @Test(
    "Clients connect, ask, cancel and fail as they do with Presto and Trino",
    arguments: ["protocol", "trino", "presto", "pyhive", "dialects", "traps", "ibis", "dbt"])
  func clients(_ family: String) async throws {
    let python = ServerFixture.data + "/venv/bin/python"
    try #require(FileManager.default.isExecutableFile(atPath: python), "no Python in \(python): run make setup")
    try await ServerFixture.run { fixture in
      let (isWell, output) = try await fixture.python("\(family)_checks.py", [])
      #expect(isWell, "\(output)")
      #expect(output.contains("all well"), "\(output)")
      // nothing of what the clients began goes on
      #expect(fixture.engine.runningQueries.isEmpty)
    }
  }

  @Test("A client that falls silent loses its query")
  func abandoned() async throws {
    try await ServerFixture.run {
      $0.limits.clientTimeout = .milliseconds(200)
    } _: { fixture in
      let (isWell, output) = try await fixture.python("abandoned_checks.py", [])
      #expect(isWell && output.contains("all well"), "\(output)")
      #expect(fixture.engine.queries.last { $0.text.contains("abandoned") }?.info.error?.code == .abandonedQuery)
    }
  }

  @Test("Statements that nobody fetches give way to others")
  func crowd() async throws {
    try await ServerFixture.run {
      $0.limits.openStatements = 10
      $0.limits.courtesy = .milliseconds(100)
    } _: { fixture in
      let (isWell, output) = try await fixture.python("crowd_checks.py", [])
      #expect(isWell && output.contains("all well"), "\(output)")
    }
  }

  @Test("Once told to stop, the server lets what runs end and refuses what is new")
  func drains() async throws {
    try await ServerFixture.run {
      $0.allowsRemoteShutdown = true
      $0.drainTimeout = .seconds(60)
    } _: { fixture in
      let (isWell, output) = try await fixture.python("drain_checks.py", [])
      #expect(isWell && output.contains("all well"), "\(output)")
    }
  }
}

/// The command as a process of its own, as an operator runs it.
struct ServerProcessTests {
  @Test("Told to end by a signal, the server lets what runs end, refuses what is new, and ends well")
  func drains() async throws {
    let (isWell, output) = try await ServerFixture.python("signal_checks.py", [ServerFixture.command], in: "Clients")
    #expect(isWell && output.contains("all well"), "\(output)")
  }

  @Test("Hostile, broken and slow clients neither end the server nor trouble another client")
  func withstands() async throws {
    let (isWell, output) = try await ServerFixture.python(
      "http_fuzz.py",
      [ServerFixture.command, "--attacks", "120", "--seconds", "25", "--seed", "20260101", "--parallel", "24", "--patience", "30"],
      in: "Fuzz")
    #expect(isWell && output.contains("all well"), "\(output)")
  }
}

/// What is kept of queries, without any client.
struct ServerConfigurationTests {
  private func directory(_ files: [String: String]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-etc-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("catalog"), withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    return folder.path
  }

  @Test("Presto's directory of configuration")
  func reads() throws {
    let etc = try directory([
      "config.properties":
        "coordinator=true\nhttp-server.http.port=8181\nquery.client.timeout=2m\nquery.max-memory=1GB\nquery.max-memory-per-node=512MB\nmade.up=1\n",
      "node.properties": "node.environment=test\nnode.id=one\n",
    ])
    defer { try? FileManager.default.removeItem(atPath: etc) }
    let read = try ServerDirectory(etc)
    #expect(read.configuration.port == 8181)
    #expect(read.configuration.limits.clientTimeout == .seconds(120))
    #expect(read.configuration.environment == "test" && read.configuration.nodeID == "one")
    #expect(read.queryMemoryLimit == 512 << 20)
    #expect(read.catalogs == etc + "/catalog")
    #expect(read.unknownKeys == ["\(etc)/config.properties: made.up"])
    #expect(try ServerDirectory(etc + "/config.properties").configuration.environment == "test")
  }

  @Test(
    "What is wrong in it", arguments: ["http-server.http.port=99999", "http-server.http.port=x", "query.client.timeout=soon", "no equals"])
  func refuses(_ line: String) throws {
    let etc = try directory(["config.properties": line])
    defer { try? FileManager.default.removeItem(atPath: etc) }
    #expect(throws: PrestoError.self) { try ServerDirectory(etc) }
    #expect(throws: PrestoError.self) { try ServerDirectory(etc + "/nothing") }
  }

  @Test("Every query leaves two lines of JSON, whatever its text")
  func events() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-events-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try await ServerFixture.run {
      $0.eventFile = file.path
    } _: { fixture in
      for try await _ in try await fixture.engine.query("SELECT 'a\n\"b\\' AS x") {}
      await #expect(throws: PrestoError.self) { try await fixture.engine.query("SELECT nope") }
    }
    let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
    let events = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    #expect(events.map { $0["event"] as? String } == ["query created", "query completed", "query created", "query completed"])
    #expect(events.map { $0["state"] as? String } == ["QUEUED", "FINISHED", "QUEUED", "FAILED"])
    #expect(events[1]["query"] as? String == "SELECT 'a\n\"b\\' AS x")
    #expect((events[3]["error"] as? [String: String])?["name"] == "COLUMN_NOT_FOUND")
  }
}
