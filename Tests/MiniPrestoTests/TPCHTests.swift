import Analysis
import Federation
import Foundation
import MiniPresto
import Optimization
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// The 22 queries of TPC-H over each kind of source and over all of them at once, every row against answers that another engine gave
/// (`Tests/TPCH/answers-sf0.01`).
@Suite(.serialized)
struct TPCHTests {
  enum Sources: String, CaseIterable, Sendable { case lake, sqlite, postgres, split }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  private static let tables = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]

  private static func engine() throws -> Engine {
    let environment = ProcessInfo.processInfo.environment
    let data = environment["MINIPRESTO_TEST_DATA"] ?? root.deletingLastPathComponent().appendingPathComponent(".test").path
    let postgres = try #require(environment["MINIPRESTO_TEST_POSTGRES"], "run `make test`, which starts a PostgreSQL cluster")
    return try Engine(
      catalogs: .properties([
        "lake": Properties(["connector.name": "lake", "lake.location": "\(data)/tpch-sf0.01/lake"]),
        "sqlite": Properties(["connector.name": "sqlite", "sqlite.path": "\(data)/tpch-sf0.01/tpch.sqlite"]),
        "postgres": Properties(["connector.name": "postgresql", "connection-url": "\(postgres)tpch"]),
        "memory": Properties(["connector.name": "memory"]),
      ]), connectors: .standard)
  }

  private static func session(_ sources: Sources, _ engine: Engine) async throws -> Session {
    switch sources {
    case .lake: return Session(catalog: "lake", schema: "tpch")
    case .sqlite: return Session(catalog: "sqlite", schema: "main")
    case .postgres: return Session(catalog: "postgres", schema: "public")
    case .split:
      let homes = [
        "lineitem": "lake.tpch", "orders": "lake.tpch", "customer": "postgres.public", "nation": "postgres.public",
        "region": "postgres.public",
        "part": "sqlite.main", "partsupp": "sqlite.main", "supplier": "sqlite.main",
      ]
      for table in tables {
        for try await _ in try await engine.query("CREATE VIEW memory.default.\(table) AS SELECT * FROM \(homes[table] ?? "").\(table)") {}
      }
      return Session(catalog: "memory", schema: "default")
    }
  }

  private static func rows(_ sql: String, _ engine: Engine, _ session: Session) async throws -> [[String]] {
    var rows: [[String]] = []
    for try await batch in try await engine.query(sql, session) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "\\N" }) }
    }
    return rows
  }

  /// Texts alike, or numbers that differ by what one of the sources' own types costs (SQLite keeps money as REAL).
  private static func agree(_ a: String, _ b: String) -> Bool {
    if a == b || a.trimmingCharacters(in: .whitespaces) == b { return true }
    guard let x = Double(a), let y = Double(b) else { return false }
    return abs(x - y) <= max(0.0051, abs(y) * 1e-6)
  }

  private static func check(_ sources: Sources, _ change: (inout Session) -> Void = { _ in }) async throws {
    let engine = try engine()
    var session = try await session(sources, engine)
    change(&session)
    for number in 1...22 {
      let name = number < 10 ? "q0\(number)" : "q\(number)"
      let sql = try String(contentsOf: root.appendingPathComponent("TPCH/\(name).sql"), encoding: .utf8)
      let answer = try String(contentsOf: root.appendingPathComponent("TPCH/answers-sf0.01/\(name).tsv"), encoding: .utf8)
      let wanted = answer.split(separator: "\n").dropFirst().map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      let found = try await rows(sql, engine, session)
      #expect(found.count == wanted.count, "\(name) over \(sources)")
      for (row, (a, b)) in zip(found, wanted).enumerated() where a.count != b.count || !zip(a, b).allSatisfy({ agree($0, $1) }) {
        Issue.record("\(name) over \(sources), row \(row): \(a), wanted \(b)")
        break
      }
    }
  }

  @Test("All 22 queries agree", arguments: Sources.allCases)
  func queries(_ sources: Sources) async throws { try await Self.check(sources) }

  @Test("They agree without pushdown", arguments: [Sources.lake, .split])
  func withoutPushdown(_ sources: Sources) async throws { try await Self.check(sources) { $0.set(.pushdown, to: false) } }

  @Test("They agree without any one phase of the optimizer", arguments: Optimizer.optionalPhases)
  func withoutPhase(_ phase: String) async throws { try await Self.check(.lake) { $0.set(.disabledPhases, to: phase) } }

  @Test("They agree where drivers always group")
  func withoutAdaptiveAggregation() async throws { try await Self.check(.lake) { $0.set(.adaptivePartialAggregation, to: false) } }

  /// Each reader of a WITH query computes it anew; over floating sums (SQLite) the two could differ in the last digit.
  @Test("They agree without shared queries")
  func withoutSharedQueries() async throws {
    try await Self.check(.lake) { try? $0.set(AnySessionProperty(.sharesQueries), to: "false") }
  }

  @Test("A query that is not repeatable is computed once")
  func sharedQueryOfRandomValues() async throws {
    let engine = try Self.engine()
    let text =
      "WITH t AS (SELECT random() AS r, k FROM UNNEST(sequence(1, 1000)) u (k)) SELECT count(*) FROM t a JOIN t b ON a.r = b.r AND a.k = b.k"
    #expect(try await Self.rows(text, engine, Session()) == [["1000"]])
  }

  @Test("They agree on one driver, without dynamic filters, without join ordering")
  func plainly() async throws {
    try await Self.check(.split) {
      $0.set(.taskConcurrency, to: 1)
      $0.set(.dynamicFiltering, to: false)
      $0.set(.reordersJoins, to: false)
    }
  }
}
