import Plans
import Settings
import Testing

/// Errors as Presto's and Trino's clients expect them: name, place and wording.
@Suite struct AnalysisErrorTests {
  @Test(arguments: [
    ("SELECT nope FROM t", "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved"),
    ("SELECT t.nope FROM t", "COLUMN_NOT_FOUND: line 1:8: Column 't.nope' cannot be resolved"),
    ("SELECT r.z FROM t", "COLUMN_NOT_FOUND: line 1:8: Column 'r.z' cannot be resolved"),
    ("SELECT a FROM t, u", "AMBIGUOUS_NAME: line 1:8: Column 'a' is ambiguous"),
    ("SELECT * FROM tt", "TABLE_NOT_FOUND: line 1:15: Table 'mem.d.tt' does not exist"),
    ("SELECT * FROM nosuch.t", "SCHEMA_NOT_FOUND: line 1:15: Schema 'nosuch' does not exist"),
    ("SELECT * FROM x.y.z", "CATALOG_NOT_FOUND: line 1:15: Catalog 'x' does not exist"),
    ("SELECT *", "COLUMN_NOT_FOUND: line 1:8: SELECT * not allowed in queries without FROM clause"),
    ("SELECT z.* FROM t", "INVALID_COLUMN_REFERENCE: line 1:8: Unable to resolve reference z"),
    ("SELECT a FROM t x (a)", "MISMATCHED_COLUMN_ALIASES: line 1:15: Column alias list has 1 entries but 'x' has 7 columns available"),
  ])
  func names(_ sql: String, _ expected: String) async throws { #expect(try await AnalysisFixture().error(sql) == expected) }

  @Test(arguments: [
    ("SELECT a = b FROM t", "TYPE_MISMATCH: line 1:10: Cannot apply operator: bigint = varchar(10)"),
    ("SELECT c + 1 FROM t", "TYPE_MISMATCH: line 1:10: Cannot apply operator: date + integer"),
    ("SELECT 1 FROM t WHERE a", "TYPE_MISMATCH: line 1:23: WHERE clause must evaluate to a boolean: actual type bigint"),
    ("SELECT a AND TRUE FROM t", "TYPE_MISMATCH: line 1:8: Logical expression term must evaluate to a boolean (actual: bigint)"),
    ("SELECT foo(a) FROM t", "FUNCTION_NOT_FOUND: line 1:8: Function 'foo' not registered"),
    ("SELECT CAST(a AS nonsense) FROM t", "TYPE_NOT_FOUND: line 1:18: Unknown type: nonsense"),
    ("SELECT CAST(xs AS bigint) FROM t", "TYPE_MISMATCH: line 1:8: Cannot cast array(bigint) to bigint"),
    (
      "SELECT a FROM t UNION SELECT f FROM u",
      "TYPE_MISMATCH: line 1:17: column 1 in UNION query has incompatible types: bigint, varchar(20)"
    ),
    ("SELECT a FROM t UNION SELECT a, e FROM u", "TYPE_MISMATCH: line 1:23: UNION query has different number of fields: 1, 2"),
    ("SELECT a FROM t WHERE c > 'soon'", "TYPE_MISMATCH: line 1:25: Cannot apply operator: date > varchar(4)"),
  ])
  func types(_ sql: String, _ expected: String) async throws { #expect(try await AnalysisFixture().error(sql) == expected) }

  @Test(arguments: [
    ("SELECT a, sum(d) FROM t", "EXPRESSION_NOT_AGGREGATE: line 1:8: 'a' must be an aggregate expression or appear in GROUP BY clause"),
    (
      "SELECT b FROM t GROUP BY a ORDER BY 1",
      "EXPRESSION_NOT_AGGREGATE: line 1:8: 'b' must be an aggregate expression or appear in GROUP BY clause"
    ),
    ("SELECT sum(sum(d)) FROM t", "NESTED_AGGREGATION: line 1:12: Cannot nest aggregations inside aggregation 'sum': [sum(d)]"),
    (
      "SELECT a FROM t WHERE sum(d) > 1",
      "EXPRESSION_NOT_SCALAR: line 1:23: WHERE clause cannot contain aggregations, window functions or grouping operations: [sum(d)]"
    ),
    ("SELECT a FROM t ORDER BY 5", "INVALID_COLUMN_REFERENCE: line 1:26: ORDER BY position 5 is not in select list"),
    ("SELECT count(*) FROM t GROUP BY 7", "INVALID_COLUMN_REFERENCE: line 1:33: GROUP BY position 7 is not in select list"),
    (
      "SELECT DISTINCT b FROM t ORDER BY a",
      "EXPRESSION_NOT_IN_DISTINCT: line 1:1: For SELECT DISTINCT, ORDER BY expressions must appear in select list"
    ),
    ("SELECT a FROM t GROUP BY a HAVING rank() OVER () > 1", "NESTED_WINDOW: line 1:50: HAVING clause cannot contain window functions"),
    ("SELECT row_number() FROM t", "MISSING_OVER: line 1:8: Window function row_number must have an OVER clause"),
    ("SELECT a FROM t FETCH FIRST 3 ROWS WITH TIES", "MISSING_ORDER_BY: line 1:17: FETCH FIRST WITH TIES clause requires ORDER BY"),
    (
      "SELECT sum(a) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM t",
      "INVALID_WINDOW_FRAME: line 1:21: Window frame starting from CURRENT ROW cannot end with PRECEDING"
    ),
  ])
  func grouping(_ sql: String, _ expected: String) async throws { #expect(try await AnalysisFixture().error(sql) == expected) }

  @Test(arguments: [
    ("SELECT * FROM t NATURAL JOIN u", "NOT_SUPPORTED: line 1:15: Natural join not supported"),
    ("WITH x AS (SELECT 1), x AS (SELECT 2) SELECT 1", "DUPLICATE_NAMED_QUERY: line 1:23: WITH query name 'x' specified more than once"),
    ("SELECT * FROM t JOIN u USING (e)", "COLUMN_NOT_FOUND: line 1:31: Column 'e' is missing from left side of join"),
    ("SELECT ?", "INVALID_PARAMETER_USAGE: line 1:8: Incorrect number of parameters: expected 1 but found 0"),
    ("INSERT INTO u (a, a) SELECT 1, 2", "DUPLICATE_COLUMN_NAME: line 1:19: Insert column name is specified more than once: a"),
    ("CREATE TABLE n AS SELECT 1", "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1"),
  ])
  func statements(_ sql: String, _ expected: String) async throws { #expect(try await AnalysisFixture().error(sql) == expected) }

  @Test func unsetSessionNames() async throws {
    var fixture = try AnalysisFixture()
    fixture.context.session.schema = nil
    #expect(
      await fixture.error("SELECT * FROM t") == "MISSING_SCHEMA_NAME: line 1:15: Schema must be specified when session schema is not set")
    fixture.context.session.catalog = nil
    #expect(
      await fixture.error("SELECT * FROM d.t")
        == "MISSING_CATALOG_NAME: line 1:15: Catalog must be specified when session catalog is not set")
  }

  /// A chain longer than any stack should carry is an error, not a crash.
  @Test func towers() async throws {
    let fixture = try AnalysisFixture()
    let chain = Array(repeating: "a", count: 5_000).joined(separator: " + ")
    #expect(await fixture.error("SELECT \(chain) FROM t").hasPrefix("STACK_OVERFLOW"))
    let disjunction = (0..<5_000).map { "a = \($0)" }.joined(separator: " OR ")
    #expect(await fixture.error("SELECT a FROM t WHERE \(disjunction)") == "no error")
  }

  /// What would double with every level ends with an error, and soon.
  @Test func doubling() async throws {
    let fixture = try AnalysisFixture()
    var between = "a = 1"
    for _ in 0..<40 { between = "(\(between)) BETWEEN FALSE AND TRUE" }
    #expect(await fixture.error("SELECT \(between) FROM t").hasPrefix("QUERY_EXCEEDED_COMPILER_LIMIT"))
    let named = (1..<40).map { "q\($0) AS (SELECT x.n FROM q\($0 - 1) x, q\($0 - 1) y)" }.joined(separator: ", ")
    #expect(await fixture.error("WITH q0 AS (SELECT 1 AS n), \(named) SELECT * FROM q39").hasPrefix("QUERY_HAS_TOO_MANY_STAGES"))
  }
}
