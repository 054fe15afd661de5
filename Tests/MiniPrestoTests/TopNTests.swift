import Foundation
import MiniPresto
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// ORDER BY with a limit gives the rows that numbering all of them gives, whatever it lets sources and drivers leave out on the way.
@Suite struct TopNTests {
  private static let lineitem: String = {
    let given = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_DATA"].map { URL(filePath: $0) }
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return (given ?? package.appending(path: ".test")).appending(path: "tpch-sf0.01/lake/tpch/lineitem.parquet").path
  }()

  static let keys = [
    "l_orderkey", "l_shipdate", "l_extendedprice", "l_comment", "l_returnflag", "nullif(l_suppkey, 7)", "CAST(l_discount AS double)",
    "nullif(l_shipmode, 'AIR')", "CAST(l_commitdate AS timestamp(9))", "ARRAY[l_partkey]", "l_orderkey % 3 = 0",
  ]

  @Test(arguments: keys) func agreesWithNumbering(_ key: String) async throws {
    let engine = try Engine(connectors: .standard, configuration: EngineConfiguration(threads: 2))
    for direction in ["ASC NULLS LAST", "ASC NULLS FIRST", "DESC NULLS LAST", "DESC NULLS FIRST"] {
      for limit in [1, 10, 3000] {
        let rows = "(SELECT \(key) AS k, l_orderkey AS o, l_linenumber AS n FROM '\(Self.lineitem)' WHERE l_quantity > 2) t"
        let order = "k \(direction), o DESC, n"
        let fast = try await texts(engine, "SELECT k, o, n FROM \(rows) ORDER BY \(order) LIMIT \(limit)")
        let slow = try await texts(
          engine,
          """
          SELECT k, o, n FROM (SELECT k, o, n, row_number() OVER (ORDER BY \(order)) AS place FROM \(rows)) s
          WHERE place <= \(limit) ORDER BY place
          """)
        #expect(fast == slow, "\(direction) LIMIT \(limit)")
        #expect(fast.count == limit)
      }
    }
  }

  /// The same numbers, where a further column keeps the optimizer from cutting partitions short.
  @Test(arguments: keys) func partitionsAgreeWithNumbering(_ key: String) async throws {
    let engine = try Engine(connectors: .standard, configuration: EngineConfiguration(threads: 2))
    for direction in ["ASC NULLS LAST", "ASC NULLS FIRST", "DESC NULLS LAST", "DESC NULLS FIRST"] {
      for (partition, limit) in [("l_suppkey", 3), ("nullif(l_partkey % 3, 0)", 40), ("l_orderkey", 1)] {
        let rows = "(SELECT \(key) AS k, l_orderkey AS o, l_linenumber AS n, \(partition) AS p FROM '\(Self.lineitem)') t"
        let window = "OVER (PARTITION BY p ORDER BY k \(direction), o DESC, n)"
        let order = "ORDER BY p, k \(direction), o DESC, n"
        let fast = try await texts(
          engine,
          "SELECT p, k, o, n, place FROM (SELECT *, row_number() \(window) AS place FROM \(rows)) s WHERE place <= \(limit) \(order)")
        let slow = try await texts(
          engine,
          "SELECT p, k, o, n, place FROM (SELECT *, row_number() \(window) AS place, ntile(1) \(window) AS one FROM \(rows)) s WHERE place <= \(limit) AND one = 1 \(order)"
        )
        #expect(fast == slow, "\(direction), \(partition)")
      }
    }
  }

  @Test func readsLessOfWhatIsInOrder() async throws {
    let engine = try Engine(connectors: .standard, configuration: EngineConfiguration(threads: 1))
    let plan = try await texts(engine, "EXPLAIN SELECT * FROM '\(Self.lineitem)' ORDER BY l_orderkey LIMIT 5").joined()
    #expect(plan.contains("bound of l_orderkey") && plan.contains("narrowed by"))
    let ranked = try await texts(
      engine,
      "EXPLAIN SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY l_suppkey ORDER BY l_tax) AS place FROM '\(Self.lineitem)') s WHERE place < 4"
    ).joined()
    #expect(ranked.contains("TopN[3 by l_tax ASC NULLS LAST for each l_suppkey]"))
    let descending = try await texts(engine, "EXPLAIN SELECT * FROM '\(Self.lineitem)' ORDER BY CAST(l_orderkey AS double) DESC LIMIT 5")
      .joined()
    #expect(!descending.contains("narrowed by"))
  }

  private func texts(_ engine: Engine, _ sql: String) async throws -> [String] {
    var rows: [String] = []
    for try await batch in try await engine.query(sql) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "NULL" }.joined(separator: "|")) }
    }
    return rows
  }
}
