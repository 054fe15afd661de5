import Federation
import MiniPresto
import Settings
import StandardConnectors
import Testing
import Vectors

/// Aggregations large enough to be partitioned, through the whole engine.
@Suite
struct AggregationTests {
  private static func rows(_ sql: String) async throws -> [[String]] {
    let engine = try Engine(catalogs: .properties([:]), connectors: .standard)
    var rows: [[String]] = []
    for try await batch in try await engine.query(sql, Session()) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "NULL" }) }
    }
    return rows
  }

  /// 400,000 rows of 200,000 keys; past row 390,000 the key is null, when the groups have long been partitioned.
  private static let lateNulls = """
    SELECT if(n > 390000, NULL, n % 200000) AS k, n
    FROM (SELECT (a - 1) * 1000 + b AS n FROM UNNEST(sequence(1, 400)) x (a) CROSS JOIN UNNEST(sequence(1, 1000)) y (b)) t
    """

  @Test("A null that comes late does not split the groups before it")
  func lateNull() async throws {
    let found = try await Self.rows(
      "SELECT count(*), sum(c), max(c) FROM (SELECT k, count(*) AS c FROM (\(Self.lateNulls)) t GROUP BY k) u")
    #expect(found == [["200001", "400000", "10000"]])
  }

  @Test("Texts that come late as null, too")
  func lateNullText() async throws {
    let found = try await Self.rows(
      "SELECT count(*), sum(c) FROM (SELECT 'a longer key ' || CAST(k AS varchar) AS s, k, count(*) AS c FROM (\(Self.lateNulls)) t GROUP BY 1, 2) u"
    )
    #expect(found == [["200001", "400000"]])
  }

  @Test("Texts order by content past their first bytes, either way, nulls where asked")
  func textOrder() async throws {
    let table = "(VALUES ('abcdefgh-2'), ('abcdefgh-1'), ('abc'), (NULL), (''), ('abcdefgh-longer than a view'), ('abcdefg')) t (s)"
    let ascending = ["", "abc", "abcdefg", "abcdefgh-1", "abcdefgh-2", "abcdefgh-longer than a view"]
    #expect(try await Self.rows("SELECT s FROM \(table) ORDER BY s").map { $0[0] } == ascending + ["NULL"])
    #expect(try await Self.rows("SELECT s FROM \(table) ORDER BY s DESC NULLS FIRST").map { $0[0] } == ["NULL"] + ascending.reversed())
  }
}
