import Expressions
import Federation
import Postgres
import RemoteSQL
import Testing
import Values

@Suite struct OfferTests {
  typealias Operator = FunctionID.Operator

  private func prepare(_ server: TestServer) async throws {
    try await server.execute(
      """
      CREATE TABLE customers (id integer PRIMARY KEY, country text, score double precision, mood text);
      CREATE TABLE orders (id bigint, customer integer, day date, price numeric(10,2), note text);
      INSERT INTO customers SELECT i, CASE WHEN i % 100 = 0 THEN 'DE' ELSE 'FR' END, i / 10.0, 'm' || i FROM generate_series(1, 10000) i;
      INSERT INTO orders SELECT i, i % 10000 + 1, '2024-01-01'::date + i % 365, i / 100.0, repeat('n', 50) FROM generate_series(1, 20000) i;
      ANALYZE customers; ANALYZE orders
      """)
  }

  @Test("What can be said is sent, what cannot stays, and EXPLAIN shows the text that is sent")
  func filters() async throws {
    try await TestServer.with { server in
      try await prepare(server)
      let table = try await server.table("customers")
      let country = try table.reference("country"), id = try table.reference("id")
      let exact = Expr.comparison(Operator.equal, country, .constant(.text("DE"), .varchar))
      let unknown = Expr<RemoteColumn>.call(FunctionID("upper", [.varchar]), [country], .varchar)
      let local = Expr.comparison(Operator.equal, unknown, .constant(.text("DE"), .varchar))
      let answer = try #require(try server.connector.apply(filter: .all([exact, local]), to: table))
      #expect(answer.residual == local)
      let explanation = server.connector.explain(answer.table, columns: [try table.column("id")])
      #expect(
        explanation.remoteText
          == "COPY (SELECT \"id\" FROM \"\(server.schema)\".\"customers\" WHERE \"country\" = 'DE'::text) TO STDOUT (FORMAT binary)")
      let metrics = ScanMetrics()
      #expect(try await server.rows(answer.table, [table.column("id")], metrics: metrics).count == 100)
      #expect(metrics.sentTexts == [explanation.remoteText])
      // A superset is sent and stays.
      let score = Expr.comparison(Operator.greaterThan, try table.reference("score"), .constant(.double(999), .double))
      let wide = try #require(try server.connector.apply(filter: score, to: table))
      #expect(wide.residual == score)
      #expect(try await server.rows(wide.table).count == 10)
      #expect(try server.connector.apply(filter: score, to: wide.table) == nil)
      // A disjunction goes whole or not at all.
      #expect(try server.connector.apply(filter: .or([exact, local]), to: table) == nil)
      let either = try #require(try server.connector.apply(filter: .or([exact, .isNull(id)]), to: table))
      #expect(either.residual == nil)
    }
  }

  @Test("A unique key raises a count of distinct values that it proves too low; nulls, partial and computed keys prove nothing")
  func keyedStatistics() async throws {
    try await TestServer.with { server in
      // 5,000 orders of four lines; ANALYZE is told to find 700 orders, as a sample may
      try await server.execute(
        """
        CREATE TABLE lines AS SELECT i / 4 AS parent, i % 4 AS line, nullif(i % 2, 1) AS half, i AS wide, -i AS other FROM generate_series(0, 19999) i;
        ALTER TABLE lines ALTER parent SET (n_distinct = 700), ALTER wide SET (n_distinct = 700), ALTER other SET (n_distinct = 700);
        ALTER TABLE lines ADD COLUMN gone integer; ALTER TABLE lines DROP COLUMN gone;
        CREATE UNIQUE INDEX ON lines (line, parent);
        CREATE UNIQUE INDEX ON lines (wide) WHERE wide > 5;
        CREATE UNIQUE INDEX ON lines ((other + 1));
        CREATE UNIQUE INDEX ON lines (other, half);
        ANALYZE lines
        """)
      let table = try await server.table("lines")
      let known = try await server.connector.statistics(of: table)
      func distinct(_ name: String) throws -> Double? { known.columns[try table.column(name)]?.distinct }
      #expect(try distinct("parent") == 5_000)
      #expect(try distinct("line") == 4)
      #expect(try distinct("wide") == 700)
      // half of the rows have a null in the key and may repeat
      let other = try #require(try distinct("other"))
      #expect((9_500...10_500).contains(other))
      #expect(try distinct("half") == 1)
    }
  }

  @Test("Statistics come from ANALYZE and follow what was absorbed")
  func statistics() async throws {
    try await TestServer.with { server in
      try await prepare(server)
      let table = try await server.table("orders")
      let known = try await server.connector.statistics(of: table)
      #expect(known.rows == 20_000)
      let day = try #require(known.columns[table.column("day")])
      #expect(day.distinct == 365)
      #expect(day.low == .integer(19_723) && day.high == .integer(20_087))
      #expect(known.columns[try table.column("note")]?.width == 51)
      let answer = try #require(
        try server.connector.apply(
          filter: .comparison(Operator.lessThan, table.reference("day"), .constant(.integer(19_723 + 91), .date)), to: table))
      let narrowed = try #require(try await server.connector.statistics(of: answer.table).rows)
      #expect((4_000...6_000).contains(narrowed))
      func left(_ conditions: [(String, Int64)], of table: RemoteTable, _ column: String) throws -> Double {
        let reference = try table.reference(column)
        let filter = Expr.all(conditions.map { .comparison($0.0, reference, .constant(.integer($0.1), reference.type)) })
        return try #require(try server.connector.apply(filter: filter, to: table)?.table.rows)
      }
      // two bounds are one range, of 30 days of 365
      let month = try left([(Operator.greaterThanOrEqual, 19_723 + 200), (Operator.lessThan, 19_723 + 230)], of: table, "day")
      #expect((1_200...2_200).contains(month))
      // half of the squares lie below a quarter of the greatest
      try await server.execute("CREATE TABLE squares AS SELECT i::bigint * i AS v FROM generate_series(1, 10000) i; ANALYZE squares")
      let squares = try await server.table("squares")
      #expect(try (4_500...5_500).contains(left([(Operator.lessThan, 25_000_000)], of: squares, "v")))
      #expect(try left([(Operator.lessThan, 7), (Operator.greaterThan, 9)], of: squares, "v") == 1)
      try await server.execute(
        "CREATE TABLE fresh AS SELECT i FROM generate_series(1, 5000) i; CREATE VIEW v AS SELECT * FROM orders WHERE id < 100")
      #expect(try await (server.table("fresh").rows ?? 0) > 1000)
      #expect(try await server.table("v").rows != nil)
    }
  }

  @Test("First rows")
  func rows() async throws {
    try await TestServer.with { server in
      try await prepare(server)
      let table = try await server.table("customers")
      let limited = try #require(try server.connector.apply(limit: 3, to: table))
      #expect(limited.isGuaranteed)
      #expect(try await server.rows(limited.table, parallelism: 4).count == 3)
      #expect(try server.connector.apply(limit: 5, to: limited.table) == nil)
      let order = TopN(count: 2, order: [.init(column: try table.column("mood"), type: .varchar, isAscending: false, nullsFirst: false)])
      let top = try #require(try server.connector.apply(topN: order, to: table))
      #expect(try await server.rows(top.table, [table.column("mood")]) == [[.text("m9999")], [.text("m9998")]])
      #expect(try server.connector.apply(topN: order, to: top.table) == nil)
      // A filter after a limit sees only the limited rows.
      let filter = Expr.comparison(Operator.equal, try table.reference("mood"), .constant(.text("m1"), .varchar))
      let after = try #require(try server.connector.apply(filter: filter, to: top.table))
      #expect(try await server.rows(after.table).isEmpty)
    }
  }

  @Test("A join goes to the server where it shrinks, and names stay apart")
  func joins() async throws {
    try await TestServer.with { server in
      try await prepare(server)
      let customers = try await server.table("customers"), orders = try await server.table("orders")
      func offer(_ left: RemoteTable, _ right: RemoteTable) throws -> JoinOffer<RemoteTable, RemoteColumn> {
        try JoinOffer(
          kind: .inner, left: left, right: right, equalities: [(customers.column("id"), orders.column("customer"))],
          leftColumns: [customers.column("country")], rightColumns: [orders.column("id"), orders.column("price")])
      }
      #expect(try server.connector.apply(join: offer(customers, orders)) == nil)
      let few = try #require(
        try server.connector.apply(
          filter: .comparison(Operator.equal, customers.reference("country"), .constant(.text("DE"), .varchar)), to: customers)
      ).table
      let answer = try #require(try server.connector.apply(join: offer(few, orders)))
      let columns = [
        try #require(try answer.left[customers.column("id")]), try #require(try answer.right[orders.column("id")]),
        try #require(try answer.right[orders.column("customer")]),
      ]
      #expect(Set(columns.map(\.name)).count == 3)
      let rows = try await server.rows(answer.table, columns)
      #expect(rows.count == 200)
      #expect(rows.allSatisfy { $0[0] == $0[2] })
      // More can be absorbed on top.
      let sum = Aggregation<RemoteColumn>.Call(
        function: FunctionID("sum", [.decimal(precision: 10, scale: 2)]),
        arguments: [.reference(try #require(try answer.right[orders.column("price")]), .decimal(precision: 10, scale: 2))],
        isDistinct: false,
        type: .decimal(precision: 38, scale: 2))
      let total = try #require(try server.connector.apply(aggregation: Aggregation(keys: [], calls: [sum]), to: answer.table))
      #expect(try await server.rows(total.table).count == 1)
    }
  }
}
