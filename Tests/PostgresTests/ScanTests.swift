import Expressions
import Federation
import Postgres
import RemoteSQL
import Synchronization
import Testing
import Values
import Vectors

@Suite struct ScanTests {
  /// About 40 MB: 5,000 pages.
  private static let large = """
    CREATE TABLE t AS SELECT i AS id, 0 AS v, repeat('x', 300) AS pad FROM generate_series(1, 120000) i;
    ANALYZE t
    """

  private func sums(_ rows: [[Constant]]) -> (count: Int, sum: Int64) {
    rows.reduce((0, 0)) { total, row in
      if case .integer(let value) = row[0] { (total.0 + 1, total.1 + value) } else { (total.0 + 1, total.1) }
    }
  }

  @Test("Ranges of row addresses cover every row once")
  func ranges() async throws {
    try await TestServer.with { server in
      try await server.execute(ScanTests.large)
      let table = try await server.table("t")
      let metrics = ScanMetrics()
      let rows = try await server.rows(table, [table.column("id")], parallelism: 4, metrics: metrics)
      let (count, sum) = sums(rows)
      #expect(count == 120_000)
      #expect(sum == 120_000 * 120_001 / 2)
      #expect(metrics.sentTexts.count > 1 && metrics.sentTexts.allSatisfy { $0.contains("ctid") })
      #expect(metrics.rows == 120_000 && metrics.bytes > 120_000 * 4)
    }
  }

  @Test("A few rows of a large table are asked for at once")
  func selective() async throws {
    try await TestServer.with { server in
      try await server.execute(ScanTests.large)
      let table = try await server.table("t")
      let filter = Expr.comparison(FunctionID.Operator.equal, try table.reference("id"), .constant(.integer(77), .integer))
      let answer = try #require(try server.connector.apply(filter: filter, to: table))
      let metrics = ScanMetrics()
      #expect(try await server.rows(answer.table, parallelism: 4, metrics: metrics).count == 1)
      #expect(metrics.sentTexts.count == 1)
    }
  }

  @Test("All ranges see one snapshot, whatever is written meanwhile")
  func snapshot() async throws {
    try await TestServer.with { server in
      try await server.execute(ScanTests.large)
      let table = try await server.table("t")
      let context = TestServer.context(parallelism: 4, queryID: "q_snapshot")
      let source = try await server.connector.splits(of: table, narrowedBy: DynamicFilter(), context)
      let splits = try #require(await source.next())
      #expect(splits.count > 1)
      var total = 0
      var changed = 0
      for (i, split) in splits.enumerated() {
        // Every row moves to the end of the table, past the ranges already read.
        if i < 3 { try await server.execute("UPDATE t SET v = v + 1; INSERT INTO t SELECT -1, 1, '' FROM generate_series(1, 1000)") }
        let batches = try await server.connector.open(
          split, of: table, columns: [table.column("v")], narrowedBy: DynamicFilter(), context)
        while let batch = try await batches.next() {
          total += batch.count
          for row in 0..<batch.count where batch.columns[0].constant(at: row) != .integer(0) { changed += 1 }
        }
      }
      #expect(total == 120_000)
      #expect(changed == 0)
    }
  }

  @Test("A snapshot's transaction ends with the last split")
  func snapshotEnds() async throws {
    try await TestServer.with { server in
      try await server.execute(ScanTests.large)
      let table = try await server.table("t")
      do {
        let source = try await server.connector.splits(of: table, narrowedBy: DynamicFilter(), TestServer.context(parallelism: 4))
        #expect(try await (source.next() ?? []).count > 1)
      }
      let waiting = try await server.connector.table(
        forQuery: "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND query LIKE '%pg_export_snapshot%'"
      )
      let query = try #require(waiting)
      var left: [[Constant]] = []
      for _ in 0..<200 {
        left = try await server.rows(query)
        if left == [[.integer(0)]] { break }
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(left == [[.integer(0)]])
    }
  }

  @Test("Partitioned tables are read by partition, views and foreign rows as they are")
  func partitions() async throws {
    try await TestServer.with { server in
      try await server.execute(
        """
        CREATE TABLE p (id integer, pad text) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (60001);
        CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (60001) TO (120001);
        CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (120001) TO (MAXVALUE);
        INSERT INTO p SELECT i, repeat('x', 300) FROM generate_series(1, 120000) i;
        ANALYZE p;
        CREATE VIEW v AS SELECT id FROM p WHERE id % 2 = 0;
        CREATE MATERIALIZED VIEW m AS SELECT id FROM p WHERE id <= 10
        """)
      let table = try await server.table("p")
      #expect(table.rows == 120_000)
      let metrics = ScanMetrics()
      let read = sums(try await server.rows(table, [table.column("id")], parallelism: 2, metrics: metrics))
      #expect(read.count == 120_000 && read.sum == 120_000 * 120_001 / 2)
      #expect(metrics.sentTexts.contains { $0.contains("\"p1\"") } && metrics.sentTexts.contains { $0.contains("\"p2\"") })
      let view = sums(try await server.rows(server.table("v"), parallelism: 2))
      #expect(view.count == 60_000)
      #expect(try await server.rows("m").count == 10)

      // Conditions reach the partitions too.
      let few = try #require(
        try server.connector.apply(
          filter: .comparison(FunctionID.Operator.lessThan, table.reference("id"), .constant(.integer(5), .integer)), to: table))
      #expect(few.residual == nil)
      #expect(try await server.rows(few.table, [table.column("id")], parallelism: 2).count == 4)
    }
  }

  @Test("Scans without columns count rows")
  func counting() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
      #expect(try await server.rows(server.table("t"), []).count == 20_000)
      try await server.execute("CREATE TABLE none ()")
      try await server.execute("INSERT INTO none DEFAULT VALUES")
      #expect(try await server.rows("none").count == 1)
    }
  }

  @Test("A reader nobody listens to any more stops the server")
  func abandoning() async throws {
    try await TestServer.with { server in
      let query = try #require(
        await server.connector.table(forQuery: "SELECT generate_series(1, 1000000000) AS n"))
      do {
        let source = try await server.connector.splits(of: query, narrowedBy: DynamicFilter(), TestServer.context())
        let split = try #require(await source.next()?.first)
        let batches = try await server.connector.open(
          split, of: query, columns: query.columns, narrowedBy: DynamicFilter(), TestServer.context())
        #expect(try await batches.next()?.count == 8192)
      }
      #expect(try await server.isSoonIdle())
    }
  }

  @Test("Cancelling the task stops a statement that has sent nothing yet")
  func cancelling() async throws {
    try await TestServer.with { server in
      let query = try #require(await server.connector.table(forQuery: "SELECT pg_sleep(60)::text AS nothing"))
      let connector = server.connector
      let task = Task {
        let source = try await connector.splits(of: query, narrowedBy: DynamicFilter(), TestServer.context())
        guard let split = try await source.next()?.first else { return }
        let batches = try await connector.open(split, of: query, columns: query.columns, narrowedBy: DynamicFilter(), TestServer.context())
        _ = try await batches.next()
      }
      try await Task.sleep(for: .milliseconds(200))
      task.cancel()
      let error = await failure { try await task.value }
      #expect(error?.code == .userCanceled)
      #expect(try await server.isSoonIdle())
    }
  }

  @Test("Keys a join turned out to have reach the server")
  func dynamicFilters() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i::bigint AS id, 'k' || i AS k FROM generate_series(1, 1000) i")
      let table = try await server.table("t")
      func filter(_ column: String, _ keys: [Constant], few: Bool = true) throws -> DynamicFilter<RemoteColumn> {
        let type = try table.column(column).type
        let builder = VectorBuilder(type)
        for key in keys { builder.append(key) }
        let slot = KeyFilterSlot()
        slot.settle(
          KeyFilter(
            type: type, count: keys.count, low: keys.first, high: keys.last, values: few ? KeyValues(builder.finish()) : nil,
            select: { _ in nil }))
        return try DynamicFilter([(table.column(column), slot)])
      }
      #expect(try await server.rows(table, narrowedBy: filter("id", [.integer(-5), .integer(7), .integer(9)])).count == 2)
      #expect(try await server.rows(table, narrowedBy: filter("k", [.text("k1"), .text("it's \\ ")])).count == 1)
      #expect(try await server.rows(table, narrowedBy: filter("id", [.integer(7), .integer(9)], few: false)).count == 3)
      #expect(try await server.rows(table, narrowedBy: filter("id", [])).isEmpty)
      #expect(try await server.rows(table, narrowedBy: DynamicFilter([(table.column("id"), KeyFilterSlot())])).count == 1000)
    }
  }

  /// A column whose values are 7 apart from `low` on, keys `step` apart from there, and how many values the statistics speak of.
  struct Keys: Sendable, CustomTestStringConvertible {
    var low: Int64, step: Int64, distinct: Double, areBits: Bool
    var testDescription: String { "\(step) apart from \(low), of \(distinct)" }
  }

  /// Three bits a key; eighty, which are sent as a list; so few of the values that the server may use an index.
  static let keys = [
    Keys(low: -500_000, step: 3, distinct: 100_000, areBits: true), Keys(low: .min, step: 3, distinct: 100_000, areBits: true),
    Keys(low: .max - 1_700_000, step: 5, distinct: 100_000, areBits: true),
    Keys(low: -500_000, step: 80, distinct: 100_000, areBits: false),
    Keys(low: -500_000, step: 3, distinct: 1_000_000, areBits: false),
  ]

  @Test("Tens of thousands of keys reach the server, as bits or as a list", arguments: keys)
  func manyKeys(_ test: Keys) async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE many AS SELECT '\(test.low)'::int8 + i AS id FROM generate_series(0, 1600000, 7) i")
      let many = try await server.table("many")
      var column = try many.column("id")
      column.estimate = RemoteEstimate(distinct: test.distinct)
      let keys = (0..<20_000).map { test.low + $0 * test.step }
      let builder = VectorBuilder(.bigint), slot = KeyFilterSlot(), metrics = ScanMetrics()
      for key in keys { builder.append(.integer(key)) }
      slot.settle(
        KeyFilter(
          type: .bigint, count: keys.count, low: .integer(keys[0]), high: .integer(keys[keys.count - 1]),
          values: KeyValues(builder.finish()),
          select: { _ in nil }))
      let found = try await server.rows(many, narrowedBy: DynamicFilter([(column, slot)]), metrics: metrics)
      let wanted = keys.filter { ($0 - test.low) % 7 == 0 && $0 - test.low <= 1_600_000 }
      #expect(found.map { $0[0] } == wanted.map { .integer($0) })
      #expect(metrics.sentTexts.allSatisfy { $0.contains("get_bit") } == test.areBits)
    }
  }
}

extension TestServer {
  /// Whether this connector's sessions run nothing within five seconds.
  func isSoonIdle() async throws -> Bool {
    let running = try await connector.table(
      forQuery: """
        SELECT count(*) AS n FROM pg_stat_activity
        WHERE state = 'active' AND pid <> pg_backend_pid() AND application_name = '\(schema)'
        """)
    let query = try #require(running)
    for _ in 0..<500 {
      if try await rows(query) == [[.integer(0)]] { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}
