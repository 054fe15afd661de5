import Federation
import Postgres
import RemoteSQL
import Testing
import Values
import Vectors

/// A table that somebody alters while a query reads it: the rows as planned, or an error that says so; never others, and never fewer.
@Suite struct AlteredTableTests {
  private static let altered = "was altered while the query read it"

  /// Types of one width look alike on the wire.
  @Test(
    "A column whose type changed after planning is an error",
    arguments: [
      ("integer", "real"), ("bigint", "double precision"), ("bigint", "timestamp USING to_timestamp(n)::timestamp"), ("integer", "text"),
      ("numeric(10,0)", "numeric(12,2)"), ("varchar(4)", "varchar(9)"),
    ])
  func type(before: String, after: String) async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i::\(before) AS n FROM generate_series(1000, 1999) i")
      let table = try await server.table("t")
      try await server.execute("ALTER TABLE t ALTER n TYPE \(after)")
      let error = await failure { _ = try await server.rows(table) }
      #expect(error?.code == .jdbcError)
      #expect(error?.message == "PostgreSQL catalog 'pg': \(server.schema).t \(Self.altered)")
      #expect(try await server.rows("t").count == 1000)
    }
  }

  @Test("Wider integers are read as they are")
  func widened() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i AS n FROM generate_series(1, 10) i")
      let table = try await server.table("t")
      try await server.execute("ALTER TABLE t ALTER n TYPE bigint")
      #expect(try await server.rows(table) == (1...10).map { [.integer($0)] })
    }
  }

  @Test("A column dropped after planning is an error")
  func column() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i AS n, 1 AS gone FROM generate_series(1, 10) i")
      let table = try await server.table("t")
      try await server.execute("ALTER TABLE t DROP gone, ADD late integer DEFAULT 7")
      let error = await failure { _ = try await server.rows(table) }
      #expect(error?.message.contains("42703") == true)
      #expect(try await server.rows(table, [table.column("n")]).count == 10)
    }
  }

  /// Emptied and filled again in one transaction, as loads do: who waited for its lock must not read with a view of the data from before.
  @Test("A scan that waits for a load sees what was loaded")
  func refilled() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i AS n FROM generate_series(1, 100) i")
      let table = try await server.table("t")
      let writer = try TestServer.connector(server.url), name = "\(server.schema).t"
      let loading = Task {
        // commits once somebody waits for the table
        try await writer.execute(
          """
          BEGIN; TRUNCATE \(name); INSERT INTO \(name) SELECT generate_series(1, 50);
          DO $$ BEGIN
            WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = '\(name)'::regclass AND NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;
          END $$; COMMIT
          """)
      }
      let held = try #require(
        await server.connector.table(
          forQuery: "SELECT count(*) AS n FROM pg_locks WHERE relation = '\(name)'::regclass AND mode = 'AccessExclusiveLock' AND granted"))
      while try await server.rows(held) == [[.integer(0)]] { await Task.yield() }
      #expect(try await server.rows(table).count == 50)
      try await loading.value
    }
  }

  @Test(
    "Pieces of a scan whose table is rewritten meanwhile are errors",
    arguments: ["TRUNCATE t", "ALTER TABLE t ALTER id TYPE bigint", "VACUUM FULL t", "DROP TABLE t"])
  func rewritten(statement: String) async throws {
    try await TestServer.with { server in
      try await server.execute(
        "CREATE TABLE t AS SELECT i AS id, repeat('x', 300) AS pad FROM generate_series(1, 120000) i; ANALYZE t")
      let table = try await server.table("t"), context = TestServer.context(parallelism: 4)
      let columns = [try table.column("id")]
      let source = try await server.connector.splits(of: table, narrowedBy: DynamicFilter(), context)
      let splits = try #require(await source.next())
      #expect(splits.count > 1)
      var rows = 0
      let error = await failure {
        for (i, split) in splits.enumerated() {
          if i == 1 {
            for part in ["SET search_path TO \(server.schema)", statement, "RESET search_path"] { try await server.connector.execute(part) }
          }
          let batches = try await server.connector.open(split, of: table, columns: columns, narrowedBy: DynamicFilter(), context)
          while let batch = try await batches.next() { rows += batch.count }
        }
      }
      #expect(rows > 0 && rows < 120_000)
      #expect(error != nil, "\(rows) rows came without an error")
    }
  }
}
