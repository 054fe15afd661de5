import Expressions
import Federation
import RemoteSQL
import SQLite
import Testing
import Values

/// What is pushed, what is kept, and that pushing loses no row.
@Suite struct OfferTests {
  private typealias Operator = FunctionID.Operator

  static func database() throws -> ScratchDatabase {
    try ScratchDatabase(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER, name TEXT, nocase TEXT COLLATE NOCASE, d DATE, ts TIMESTAMP, m DECIMAL(10,2), plain INTEGER);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO t SELECT i, i % 5000, 'name ' || i, CASE i % 2 WHEN 0 THEN 'Abc' ELSE 'aBC' END || i / 10, date('2000-01-01', '+' || i || ' days'),
          CASE i % 3 WHEN 0 THEN strftime('%Y-%m-%dT%H:%M:%SZ', '2000-01-01', '+' || i || ' hours') WHEN 1 THEN
          strftime('%Y-%m-%d %H:%M:%S+02:00', '2000-01-01', '+' || (i + 2) || ' hours') ELSE CAST(strftime('%s', '2000-01-01', '+' || i || ' hours') AS INTEGER) END,
          i / 100.0 + 0.0000001, i FROM n;
      CREATE INDEX t_k ON t(k); CREATE INDEX t_name ON t(name); CREATE INDEX t_nocase ON t(nocase); CREATE INDEX t_d ON t(d); CREATE INDEX t_ts ON t(ts);
      CREATE INDEX t_m ON t(m); ANALYZE;
      """)
  }

  private func column(_ table: RemoteTable, _ name: String) -> Expr<RemoteColumn> {
    let found = table.columns.first { $0.name == name } ?? table.columns[0]
    return .reference(found, found.type)
  }

  private func compare(_ table: RemoteTable, _ name: String, _ sign: String, _ value: Constant, _ type: DataType? = nil) -> Expr<
    RemoteColumn
  > {
    let left = column(table, name)
    return .comparison(sign, left, .constant(value, type ?? left.type))
  }

  @Test func indexedConditionsArePushed() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    let byKey = try #require(try connector.apply(filter: compare(table, "id", Operator.equal, .integer(77)), to: table))
    #expect(byKey.residual == nil)
    #expect(sent(byKey.table).hasSuffix(#"FROM "t" WHERE "id" = 77"#))
    #expect(try await connector.rows(byKey.table, ["plain"]) == [[.integer(77)]])
    let byIndex = try #require(try connector.apply(filter: compare(table, "k", Operator.equal, .integer(77)), to: table))
    // other kinds of values might be stored, so the engine looks again
    #expect(byIndex.residual != nil)
    #expect(try await connector.rows(byIndex.table, ["id"]).count == 4)
    // nothing answers these: they stay
    #expect(try connector.apply(filter: compare(table, "plain", Operator.equal, .integer(77)), to: table) == nil)
    #expect(try connector.apply(filter: compare(table, "k", Operator.greaterThan, .integer(100)), to: table) == nil)
    // with an indexed one beside them they go along
    let both = try #require(
      try connector.apply(
        filter: .and([compare(table, "plain", Operator.lessThan, .integer(6000)), compare(table, "k", Operator.equal, .integer(77))]),
        to: table))
    #expect(try await connector.rows(both.table, ["id"]).map { $0[0] } == [.integer(77), .integer(5077)])
  }

  @Test func pushedConditionsKeepEveryRowThatMayMatch() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    let all = try await connector.rows(table)
    let day = Int64(Calendar.days(year: 2000, month: 3, day: 1))
    let instant = Int64(Calendar.days(year: 2000, month: 1, day: 20)) * 86_400_000_000 + 3_600_000_000
    let cases: [(String, String, Constant)] = [
      ("d", Operator.equal, .integer(day)), ("d", Operator.lessThan, .integer(day)), ("ts", Operator.equal, .integer(instant)),
      ("ts", Operator.lessThanOrEqual, .integer(instant)), ("m", Operator.equal, .integer(12_34)),
      ("m", Operator.lessThanOrEqual, .integer(50)),
      ("name", Operator.equal, .text("name 5")), ("nocase", Operator.equal, .text("ABC7")), ("k", Operator.lessThan, .integer(3)),
      ("k", Operator.greaterThanOrEqual, .integer(4990)), ("name", Operator.greaterThan, .text("name 9998")),
    ]
    for (name, sign, value) in cases {
      let place = try #require(table.columns.firstIndex { $0.name == name })
      guard let answer = try connector.apply(filter: compare(table, name, sign, value), to: table) else { continue }
      let found = Set(try await connector.rows(answer.table).map { $0[0] })
      let wanted = all.filter { row in OfferTests.holds(row[place], sign, value) }
      #expect(wanted.allSatisfy { found.contains($0[0]) }, "\(name) \(sign) \(value)")
      // numbers stand before all texts, so the third of the times that are numbers stays
      #expect(found.count < (name == "ts" ? 7500 : 3000), "\(name) \(sign) \(value) keeps \(found.count)")
    }
  }

  private static func holds(_ left: Constant, _ sign: String, _ right: Constant) -> Bool {
    let order: Int
    switch (left, right) {
    case (.integer(let x), .integer(let y)): order = x < y ? -1 : x == y ? 0 : 1
    case (.bytes(let x), .bytes(let y)): order = x.lexicographicallyPrecedes(y) ? -1 : x == y ? 0 : 1
    default: return false
    }
    switch sign {
    case Operator.equal: return order == 0
    case Operator.lessThan: return order < 0
    case Operator.lessThanOrEqual: return order <= 0
    case Operator.greaterThan: return order > 0
    default: return order >= 0
    }
  }

  @Test func prefixesAndListsUseTheIndex() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    let prefix = try #require(try connector.apply(filter: compare(table, "name", Operator.like, .text("name 1999_%"), .varchar), to: table))
    #expect(prefix.residual != nil)
    #expect(try await connector.rows(prefix.table, ["name"]).count == 11)
    let list: Expr<RemoteColumn> = .among(
      column(table, "k"), [.constant(.integer(1), .bigint), .constant(.null, .bigint), .constant(.integer(2), .bigint)])
    let among = try #require(try connector.apply(filter: list, to: table))
    #expect(try await connector.rows(among.table, ["id"]).count == 8)
  }

  @Test func limitsAndFirstRows() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    let limited = try #require(try connector.apply(limit: 3, to: table))
    #expect(limited.isGuaranteed)
    #expect(try await connector.rows(limited.table).count == 3)
    #expect(try connector.apply(limit: 5, to: limited.table) == nil)
    let id = table.columns[0], plain = table.columns[7]
    let last = try #require(
      try connector.apply(topN: TopN(count: 2, order: [.init(column: id, type: .bigint, isAscending: false, nullsFirst: false)]), to: table)
    )
    #expect(try await connector.rows(last.table, ["id"]) == [[.integer(20000)], [.integer(19999)]])
    #expect(
      try connector.apply(
        topN: TopN(count: 2, order: [.init(column: plain, type: .bigint, isAscending: false, nullsFirst: false)]), to: table) == nil)
  }

  @Test func countsAndEndsOfIndexes() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    func answer(_ name: String, _ arguments: [Expr<RemoteColumn>], _ type: DataType) throws -> ProjectionAnswer<RemoteTable, RemoteColumn>?
    {
      try connector.apply(
        aggregation: Aggregation(
          keys: [], calls: [.init(function: FunctionID(name, arguments.map(\.type)), arguments: arguments, isDistinct: false, type: type)]),
        to: table)
    }
    let count = try #require(try answer("count", [], .bigint))
    #expect(try await connector.rows(count.table) == [[.integer(20000)]])
    let most = try #require(try answer("max", [column(table, "k")], .bigint))
    #expect(try await connector.rows(most.table) == [[.integer(4999)]])
    #expect(try answer("max", [column(table, "plain")], .bigint) == nil)
    #expect(try answer("sum", [column(table, "k")], .bigint) == nil)
  }

  @Test func statistics() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    let statistics = try await connector.statistics(of: table)
    #expect(statistics.rows == 20000)
    #expect(statistics.columns[table.columns[0]]?.low == .integer(1))
    #expect(statistics.columns[table.columns[0]]?.high == .integer(20000))
    #expect(statistics.columns[table.columns[1]]?.distinct == 5000)
  }

  @Test func aQueryOfOnesOwn() async throws {
    let database = try OfferTests.database()
    let connector = SQLiteConnector(path: database.path)
    let table = try #require(try await connector.table(forQuery: "SELECT k, count(*) AS n FROM t WHERE k < 2 GROUP BY k -- ours"))
    #expect(table.columns.map(\.type) == [.bigint, .bigint])
    #expect(try await connector.rows(table) == [[.integer(0), .integer(4)], [.integer(1), .integer(4)]])
  }
}
