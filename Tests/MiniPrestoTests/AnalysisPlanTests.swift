import Analysis
import Expressions
import Plans
import SQL
import Testing
import Values

/// Shapes of plans, and the names and types of their columns.
@Suite struct AnalysisPlanTests {
  @Test(arguments: [
    ("SELECT a FROM t", "Output(Project(Scan))"),
    ("SELECT a FROM t WHERE a = 1 ORDER BY b LIMIT 3", "Output(Limit(Sort(Project(Filter(Scan)))))"),
    ("SELECT DISTINCT a FROM t", "Output(Distinct(Project(Scan)))"),
    ("SELECT a, count(*) FROM t GROUP BY a HAVING count(*) > 1", "Output(Filter(Aggregate(Project(Scan))))"),
    ("SELECT count(*) FROM t", "Output(Aggregate(Scan))"),
    ("SELECT * FROM t JOIN u ON t.a = u.a AND t.d > u.e", "Output(Filter(innerJoin1(Scan, Scan)))"),
    ("SELECT * FROM t LEFT JOIN u ON t.a = u.a AND t.d > u.e", "Output(leftJoin1+(Scan, Scan))"),
    ("SELECT * FROM t LEFT JOIN u ON t.a + 1 = u.a", "Output(Project(leftJoin1(Project(Scan), Scan)))"),
    ("SELECT 1 FROM t, u", "Output(Project(innerJoin0(Scan, Scan)))"),
    ("SELECT 1 WHERE EXISTS (SELECT * FROM t)", "Output(Project(Filter(Apply[](Values1, Scan))))"),
    (
      "SELECT a FROM t WHERE d > (SELECT max(e) FROM u WHERE u.a = t.a)",
      "Output(Project(Filter(Apply[a](Scan, Aggregate(Project(Filter(Scan)))))))"
    ),
    ("SELECT x FROM t CROSS JOIN UNNEST(xs) AS n (x)", "Output(Project(Unnest(Scan)))"),
    ("SELECT x FROM t LEFT JOIN UNNEST(xs) AS n (x) ON TRUE", "Output(Project(OuterUnnest(Scan)))"),
    ("SELECT e FROM t, LATERAL (SELECT e FROM u WHERE u.a = t.a)", "Output(Project(Apply[a](Scan, Project(Filter(Scan)))))"),
    ("SELECT a FROM t UNION ALL SELECT a FROM u", "Output(Union(Project(Scan), Project(Scan)))"),
    ("SELECT a, count(*) FROM t GROUP BY GROUPING SETS ((a), (b))", "Output(Project(Aggregate(GroupingSets[[0], [1]](Project(Scan)))))"),
    ("SELECT sum(a) OVER (PARTITION BY b), rank() OVER (PARTITION BY b) FROM t", "Output(Project(Window(Scan)))"),
    ("SELECT * FROM (SELECT a FROM t ORDER BY a)", "Output(Project(Scan))"),
    ("WITH q AS (SELECT a FROM t) SELECT * FROM q x, q y", "Output(innerJoin0(Project(Scan), Project(Scan)))"),
    ("SELECT a FROM t TABLESAMPLE BERNOULLI (10)", "Output(Project(Sample(Scan)))"),
    ("INSERT INTO u (e) SELECT s FROM t", "Output(Write(Project(Project(Scan))))"),
  ])
  func shapes(_ sql: String, _ expected: String) async throws { #expect(try await AnalysisFixture().shape(sql) == expected) }

  @Test(arguments: [
    ("SELECT a, b AS x, a + 1, t.d, r.x FROM t", ["a bigint", "x varchar(10)", "_col2 bigint", "d double", "x bigint"]),
    ("SELECT * EXCEPT (xs, r, s) FROM t", ["a bigint", "b varchar(10)", "c date", "d double"]),
    ("SELECT r.* FROM t", ["x bigint", "y varchar"]),
    ("SELECT u.* FROM t JOIN u USING (a)", ["a bigint", "e integer", "f varchar(20)"]),
    ("SELECT * FROM u JOIN u v USING (a)", ["a bigint", "e integer", "f varchar(20)", "e integer", "f varchar(20)"]),
    (
      "SELECT 1, 3000000000, 1.50, 1e0, 'abc', NULL, ARRAY[1, 2]",
      [
        "_col0 integer", "_col1 bigint", "_col2 decimal(3,2)", "_col3 double", "_col4 varchar(3)", "_col5 unknown", "_col6 array(integer)",
      ]
    ),
    ("VALUES (1, 'a'), (2.5, 'bcd')", ["_col0 decimal(11,1)", "_col1 varchar(3)"]),
    ("SELECT e FROM u UNION SELECT a FROM t", ["e bigint"]),
    ("SELECT INTERVAL '2' DAY, INTERVAL '1-2' YEAR TO MONTH", ["_col0 interval day to second", "_col1 interval year to month"]),
    ("SELECT count(*), sum(e), array_agg(f) FROM u", ["_col0 bigint", "_col1 bigint", "_col2 array(varchar(20))"]),
    (
      "SELECT CASE WHEN a > 1 THEN 1 ELSE 2.5 END, COALESCE(s, a), NULLIF(e, a) FROM (SELECT t.a, s, e FROM t, u)",
      ["_col0 decimal(11,1)", "_col1 bigint", "_col2 integer"]
    ),
  ])
  func columns(_ sql: String, _ expected: [String]) async throws { #expect(try await AnalysisFixture().columns(sql) == expected) }

  /// What Presto refuses and people write all the same.
  @Test(arguments: [
    "SELECT length(b) AS n, count(*) AS k FROM t GROUP BY n HAVING k > 1",
    "SELECT b, count(*) FROM t GROUP BY ALL",
    "SELECT a FROM t WHERE c >= '2020-01-01' AND d < '1.5' AND a IN ('1', '2')",
    "SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) AS n FROM t QUALIFY n = 1",
    "SELECT t.a, u.a FROM t JOIN u USING (a)",
    "SELECT a::varchar FROM t WHERE b ILIKE 'x%'",
  ])
  func friendliness(_ sql: String) async throws { #expect(try await AnalysisFixture().error(sql) == "no error") }

  /// A constant takes a narrow column's type, not the column the constant's: sources see the bare column.
  @Test func constantsNarrow() async throws {
    guard case .filter(let filter) = try await AnalysisFixture().plan("SELECT * FROM t WHERE s = 5").plan.inputs[0].node else {
      Issue.record("no filter")
      return
    }
    #expect(filter.predicate.conjuncts.first?.children.last == .constant(.integer(5), .smallint))
  }

  @Test func equalAggregatesAreComputedOnce() async throws {
    func calls(_ plan: Plan) -> Int {
      if case .aggregate(let node) = plan.node { return node.calls.count }
      return plan.inputs.first.map(calls) ?? 0
    }
    let sql = "SELECT sum(d), sum(D) + 1, avg(d) FROM t HAVING sum(d) > 3 ORDER BY sum(t.d)"
    #expect(calls(try await AnalysisFixture().plan(sql).plan) == 2)
  }

  @Test func parameters() async throws {
    let fixture = try AnalysisFixture()
    let analyzed = try await fixture.plan("SELECT ? + 1, ? LIMIT ?", parameters: ["41", "'x'", "7"].map { try Parser.expression($0) })
    #expect(analyzed.columns.map(\.type) == [.integer, .varchar(length: 1)])
    guard case .limit(let limit) = analyzed.plan.inputs[0].node else {
      Issue.record("no limit")
      return
    }
    #expect(limit.count == 7)
  }

  @Test func orderOfSubqueriesIsLostWithAWarning() async throws {
    let warnings = try await AnalysisFixture().plan("SELECT * FROM (SELECT a FROM t ORDER BY a)").warnings
    #expect(warnings.map(\.code) == [.redundantOrderBy])
  }
}
