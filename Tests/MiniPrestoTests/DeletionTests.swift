import Foundation
import MiniPresto
import Postgres
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// DELETE by the source's own statement removes the rows that our WHERE keeps, and no others.
@Suite struct DeletionTests {
  /// The same table in PostgreSQL and in a SQLite file.
  private final class Sources: Sendable {
    let schema = "deletion_\(getpid())_\(UInt32.random(in: 0 ... .max))"
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-deletion-\(UUID().uuidString).db")
    let engine: Engine

    init() async throws {
      let url = try #require(
        ProcessInfo.processInfo.environment["MINIPRESTO_TEST_POSTGRES"], "run `make test`, which starts a PostgreSQL cluster")
      #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
      let catalogs = [
        "pg": Properties(["connector.name": "postgresql", "connection-url": url + "postgres"], origin: "pg.properties"),
        "sq": Properties(["connector.name": "sqlite", "sqlite.path": file.path], origin: "sq.properties"),
      ]
      engine = try Engine(catalogs: .properties(catalogs), connectors: .standard)
      try await rows("CALL pg.system.execute(query => 'CREATE SCHEMA \(schema)')")
    }

    deinit { try? FileManager.default.removeItem(at: file) }

    @discardableResult
    func rows(_ text: String) async throws -> [String] {
      var rows: [String] = []
      for try await batch in try await engine.query(text, Session()) {
        for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "NULL" }.joined(separator: " ")) }
      }
      return rows
    }

    func execute(_ catalog: String, _ sql: String) async throws {
      let text = sql.replacingOccurrences(of: "'", with: "''")
      try await rows("CALL \(catalog).system.execute(query => '\(text)')")
    }

    func error(_ text: String) async -> PrestoError? {
      do { try await rows(text) } catch { return PrestoError(error) }
      return nil
    }
  }

  private static func with(_ body: (Sources) async throws -> Void) async throws {
    let sources = try await Sources()
    var failure: (any Error)?
    do { try await body(sources) } catch { failure = error }
    try await sources.execute("pg", "DROP SCHEMA \(sources.schema) CASCADE")
    if let failure { throw failure }
  }

  @Test("What is removed is what WHERE keeps") func conditions() async throws {
    try await DeletionTests.with { sources in
      let columns = "id bigint PRIMARY KEY, b bigint, d date, t text, ts timestamp, x double precision"
      try await sources.execute("pg", "CREATE TABLE \(sources.schema).t (\(columns))")
      try await sources.execute(
        "sq", "CREATE TABLE t (\(columns.replacing("bigint", with: "INTEGER").replacing("t text", with: "t TEXT COLLATE NOCASE")))")
      var values: [String] = []
      for i in 1...200 {
        let isNull = i % 11 == 0
        let date = String(format: "2024-%02d-%02d", i % 12 + 1, i % 28 + 1)
        values.append(
          isNull
            ? "(\(i), NULL, NULL, NULL, NULL, NULL)"
            : "(\(i), \(i * 7 % 200), '\(date)', '\(i % 2 == 0 ? "x" : "X")\(i)', '\(date) 0\(i % 10):00:00', \(Double(i) / 4))")
      }
      for (catalog, table) in [("pg", "\(sources.schema).t"), ("sq", "main.t")] {
        try await sources.execute(catalog, "INSERT INTO \(catalog == "sq" ? "t" : table) VALUES \(values.joined(separator: ", "))")
        let name = "\(catalog).\(table)"
        for condition in [
          "id < 10", "50 < b AND b <= 60", "d < DATE '2024-01-20'", "t = 'x15'", "t = 'x16'", "t IN ('x18', 'x19', 'X21', 'zz')",
          "t >= 'x' AND t < 'x2'", "id = 22 AND b IS NULL", "NOT (b > 20) OR t = 'x150'", "b <> 120 AND id > 190",
          "ts = TIMESTAMP '2024-06-18 05:00:00'", "ts < TIMESTAMP '2024-02-03 00:00:00'", "x BETWEEN 20 AND 25", "id NOT IN (150, NULL)",
          "b IN (110, NULL)", "id NOT IN (SELECT 1 WHERE false) AND id = 33", "d IS NOT NULL AND id < 40", "b > 1e3", "false", "NULL",
          "d BETWEEN DATE '2024-03-01' AND DATE '2024-03-31' AND x > 1", "true",
        ] {
          let before = Int(try await sources.rows("SELECT count(*) FROM \(name)")[0]) ?? -1
          let left = try await sources.rows("SELECT id FROM \(name) WHERE NOT coalesce(\(condition), false) ORDER BY id")
          // PostgreSQL orders NaN after all numbers
          if condition.contains("SELECT") || condition.contains("1e3") || (catalog == "pg" && condition.contains("x ")) {
            // what no source can say is refused, and nothing happens
            let error = await sources.error("DELETE FROM \(name) WHERE \(condition)")
            #expect(error?.code == .notSupported && error?.location != nil, "\(catalog): \(condition)")
            #expect(try await sources.rows("SELECT count(*) FROM \(name)") == ["\(before)"])
            continue
          }
          #expect(
            try await sources.rows("DELETE FROM \(name) WHERE \(condition)") == ["\(before - left.count)"], "\(catalog): \(condition)")
          #expect(try await sources.rows("SELECT id FROM \(name) ORDER BY id") == left, "\(catalog): \(condition)")
        }
        #expect(try await sources.rows("SELECT count(*) FROM \(name)") == ["0"])
      }
    }
  }

  @Test("Without a condition all rows go; a view's do not") func everything() async throws {
    try await DeletionTests.with { sources in
      for (catalog, schema) in [("pg", sources.schema), ("sq", "main")] {
        let own = catalog == "pg" ? schema + "." : ""
        try await sources.execute(catalog, "CREATE TABLE \(own)t (a integer)")
        try await sources.execute(catalog, "INSERT INTO \(own)t VALUES (1), (NULL), (3)")
        try await sources.execute(catalog, "CREATE VIEW \(own)v AS SELECT count(*) AS n FROM \(own)t")
        #expect(await sources.error("DELETE FROM \(catalog).\(schema).v") != nil)
        #expect(try await sources.rows("DELETE FROM \(catalog).\(schema).t") == ["3"])
        #expect(try await sources.rows("SELECT n FROM \(catalog).\(schema).v") == ["0"])
      }
    }
  }

  @Test("What fails in the middle leaves all rows") func failures() async throws {
    try await DeletionTests.with { sources in
      let schema = sources.schema
      try await sources.execute(
        "pg",
        "CREATE TABLE \(schema).t (a bigint PRIMARY KEY); CREATE TABLE \(schema).u (a bigint REFERENCES \(schema).t); "
          + "INSERT INTO \(schema).t SELECT * FROM generate_series(1, 100); INSERT INTO \(schema).u VALUES (90)")
      #expect(await sources.error("DELETE FROM pg.\(schema).t WHERE a > 10")?.message.contains("foreign key") == true)
      #expect(try await sources.rows("SELECT count(*) FROM pg.\(schema).t") == ["100"])
      try await sources.execute("sq", "CREATE TABLE t (a INTEGER PRIMARY KEY)")
      try await sources.execute("sq", "INSERT INTO t VALUES (1), (2), (3)")
      try await sources.execute(
        "sq", "CREATE TRIGGER guard BEFORE DELETE ON t WHEN old.a = 3 BEGIN SELECT raise(ABORT, 'three stays'); END")
      #expect(await sources.error("DELETE FROM sq.main.t WHERE a > 1")?.message.contains("three stays") == true)
      #expect(try await sources.rows("SELECT count(*) FROM sq.main.t") == ["3"])
    }
  }

  /// SQLite would compare what is stored, which is not what SELECT sees.
  @Test("Values in other forms stop a DELETE from SQLite") func otherForms() async throws {
    try await DeletionTests.with { sources in
      try await sources.execute("sq", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, d DATE, x REAL, ts TIMESTAMP)")
      try await sources.execute(
        "sq",
        "INSERT INTO t VALUES (1, 'many', '2024-01-01', 1, '2024-01-01 00:00:00'), (2, 7, '2024-01-02 10:00:00', 'x', '2024-01-02T00:00:00Z')"
      )
      for condition in ["n > 5", "d < DATE '2024-02-01'", "x > 0", "ts > TIMESTAMP '2024-01-01 00:00:00'"] {
        let error = await sources.error("DELETE FROM sq.main.t WHERE \(condition)")
        #expect(error?.code == .notSupported && error?.message.contains("not stored as") == true, "\(condition): \(error?.message ?? "")")
      }
      #expect(try await sources.rows("DELETE FROM sq.main.t WHERE id = 1") == ["1"])
      // the row that was in the way has gone
      #expect(try await sources.rows("DELETE FROM sq.main.t WHERE n > 5") == ["1"])
    }
  }

  @Test("Texts that are not UTF-8 have another order") func otherEncodings() async throws {
    try await DeletionTests.with { sources in
      try await sources.execute(
        "sq",
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY, t TEXT); CREATE INDEX i ON t (t); INSERT INTO t VALUES (1, 'a'), (2, 'z'), (3, 'Ā'); ANALYZE"
      )
      // nor may an index be asked for them
      #expect(try await sources.rows("SELECT id FROM sq.main.t WHERE t > 'b' ORDER BY id") == ["2", "3"])
      #expect(try await sources.rows("SELECT max(t), min(t) FROM sq.main.t") == ["Ā a"])
      #expect(try await sources.rows("SELECT id FROM sq.main.t ORDER BY t DESC LIMIT 1") == ["3"])
      #expect(await sources.error("DELETE FROM sq.main.t WHERE t > 'b'")?.message.contains("UTF-16") == true)
      #expect(try await sources.rows("DELETE FROM sq.main.t WHERE id = 1") == ["1"])
    }
  }

  @Test("A DELETE that is cancelled ends on the server, and removes nothing") func cancelled() async throws {
    try await DeletionTests.with { sources in
      let schema = sources.schema
      try await sources.execute(
        "pg",
        """
        CREATE TABLE \(schema).t AS SELECT * FROM generate_series(1, 10) AS a(a);
        CREATE FUNCTION \(schema).wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(900); RETURN old; END';
        CREATE TRIGGER wait BEFORE DELETE ON \(schema).t FOR EACH ROW EXECUTE FUNCTION \(schema).wait()
        """)
      let active =
        "SELECT count(*) FROM TABLE(pg.system.query(query => 'SELECT pid FROM pg_stat_activity WHERE state = ''active'' AND query LIKE ''%DELETE FROM%\(schema)%'' AND pid <> pg_backend_pid()'))"
      let deletion = Task { try await sources.rows("DELETE FROM pg.\(schema).t WHERE a > 2") }
      while try await sources.rows(active) != ["1"] { await Task.yield() }
      deletion.cancel()
      await #expect(throws: (any Error).self) { try await deletion.value }
      while try await sources.rows(active) != ["0"] { await Task.yield() }
      #expect(try await sources.rows("SELECT count(*) FROM pg.\(schema).t") == ["10"])
    }
  }
}
