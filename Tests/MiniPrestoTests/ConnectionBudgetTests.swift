import Foundation
import MiniPresto
import Postgres
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// A server that lets in ten sessions, asked by many queries at once: they share the connections, and all of them end with the right rows.
@Suite struct ConnectionBudgetTests {
  private struct Source {
    let url: String
    let schema: String
    let admin: PostgresConnector

    /// A role of its own with a limit of its own: other tests use the cluster too, and its owner knows no limit.
    init(limit: Int) async throws {
      guard let given = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_POSTGRES"],
        var parts = URLComponents(string: given + "postgres")
      else {
        throw PrestoError(.configurationInvalid, "MINIPRESTO_TEST_POSTGRES is not set: run `make test`, which starts a PostgreSQL cluster")
      }
      schema = "budget_\(getpid())_\(limit)_\(UInt32.random(in: 0 ... .max))"
      admin = try PostgresConnector(catalog: "admin", Properties(["connection-url": given + "postgres"]))
      try await admin.execute(
        """
        CREATE ROLE \(schema) LOGIN PASSWORD 'of its own' CONNECTION LIMIT \(limit);
        CREATE SCHEMA \(schema) AUTHORIZATION \(schema);
        CREATE TABLE \(schema).t AS SELECT i AS id, repeat('x', 300) AS pad FROM generate_series(1, 60000) i;
        CREATE TABLE \(schema).made (id integer);
        ALTER TABLE \(schema).t OWNER TO \(schema); ALTER TABLE \(schema).made OWNER TO \(schema); ANALYZE \(schema).t
        """)
      (parts.user, parts.password) = (schema, "of its own")
      url = try #require(parts.string)
    }

    func drop() async { try? await admin.execute("DROP SCHEMA \(schema) CASCADE; DROP ROLE \(schema)") }

    func engine(poolSizes: [String: Int]) throws -> Engine {
      let catalogs = poolSizes.mapValues { size in
        Properties(
          [
            "connector.name": "postgresql", "connection-url": url, "connection-pool.max-size": "\(size)",
            "connection-pool.wait-timeout-ms": "600000",
          ], origin: "pg.properties")
      }
      return try Engine(
        catalogs: .properties(catalogs), connectors: .standard, configuration: EngineConfiguration(threads: 4, memoryLimit: 1 << 30))
    }
  }

  private static func with(limit: Int, _ body: (Source) async throws -> Void) async throws {
    let source = try await Source(limit: limit)
    do { try await body(source) } catch {
      await source.drop()
      throw error
    }
    await source.drop()
  }

  /// The single row of each text's answer, all of them asked at once.
  private static func answers(_ texts: [String], _ engine: Engine) async throws -> [[String]] {
    try await withThrowingTaskGroup(of: [String].self) { group in
      for text in texts {
        group.addTask {
          var row: [String] = []
          for try await batch in try await engine.query(text) where batch.count > 0 { row = batch.columns.map { $0.text(at: 0) ?? "NULL" } }
          return row
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Two catalogs over one server; scans in pieces under a snapshot, and joins that read both sides here.
  @Test("Many queries share ten connections", .timeLimit(.minutes(20)))
  func sharing() async throws {
    try await Self.with(limit: 10) { source in
      let engine = try source.engine(poolSizes: ["one": 5, "two": 5])
      let text = """
        SELECT count(*), sum(a.id), sum(length(b.pad)) FROM one.\(source.schema).t a
        JOIN (SELECT id, pad, random() AS r FROM two.\(source.schema).t) b ON a.id = b.id WHERE b.r >= 0
        """
      let answers = try await Self.answers(Array(repeating: text, count: 24), engine)
      #expect(answers == Array(repeating: ["60000", "1800030000", "18000000"], count: 24))
    }
  }

  /// Both sides of the join, and the write, want a connection of the same few.
  @Test("Queries that need several connections each do not wait for one another for ever", .timeLimit(.minutes(20)), arguments: [2, 3])
  func fewConnections(size: Int) async throws {
    try await Self.with(limit: size) { source in
      let engine = try source.engine(poolSizes: ["pg": size]), table = "pg.\(source.schema).t"
      let side = "(SELECT id, random() AS r FROM \(table))"
      let join =
        "SELECT count(*), sum(a.id) FROM \(side) a JOIN \(side) b ON a.id = b.id JOIN \(side) c ON c.id = b.id WHERE a.r + b.r + c.r >= 0"
      let answers = try await Self.answers(Array(repeating: join, count: 8), engine)
      #expect(answers == Array(repeating: ["60000", "1800030000"], count: 8))
      let write = "INSERT INTO pg.\(source.schema).made SELECT id FROM \(table) WHERE id <= 1000"
      #expect(try await Self.answers(Array(repeating: write, count: 6), engine) == Array(repeating: ["1000"], count: 6))
      #expect(try await Self.answers(["SELECT count(*), count(DISTINCT id) FROM pg.\(source.schema).made"], engine) == [["6000", "1000"]])
    }
  }

  /// The pool allows more than the server does.
  @Test("A server that lets in fewer than the pool asks for is an error or an answer", .timeLimit(.minutes(20)))
  func refused() async throws {
    try await Self.with(limit: 3) { source in
      let engine = try source.engine(poolSizes: ["pg": 10])
      for _ in 0..<3 {
        do {
          let answers = try await Self.answers(
            Array(repeating: "SELECT count(*), sum(id) FROM pg.\(source.schema).t WHERE length(reverse(pad)) + random() > 0", count: 8),
            engine)
          #expect(answers == Array(repeating: ["60000", "1800030000"], count: 8))
        } catch {
          let error = PrestoError(error)
          #expect(error.message.contains("too many connections for role") && error.message.contains("53300"), "\(error.message)")
        }
      }
    }
  }
}
