import SQL
import Testing
import Values

@Suite struct StatementTests {
  static let canonical: [(String, String)] = [
    ("select a b from t", "SELECT a AS b FROM t"),
    ("select all * from t x, u", "SELECT * FROM t AS x, u"),
    ("select distinct t.*, * except (a) from t", "SELECT DISTINCT t.*, * EXCLUDE (a) FROM t"),
    ("select 1 from a join b on true left join c using (x)", "SELECT 1 FROM a INNER JOIN b ON true LEFT JOIN c USING (x)"),
    ("select 1 from a join b join c on x on y", "SELECT 1 FROM a INNER JOIN (b INNER JOIN c ON x) ON y"),
    ("select 1 from a natural full outer join b", "SELECT 1 FROM a NATURAL FULL JOIN b"),
    ("select 1 from 'x.parquet' f", "SELECT 1 FROM 'x.parquet' AS f"),
    ("select 1 from unnest(a) with ordinality u(x, n)", "SELECT 1 FROM UNNEST(a) WITH ORDINALITY AS u (x, n)"),
    ("select 1 from (t a tablesample system (5)) b", "SELECT 1 FROM (t AS a TABLESAMPLE SYSTEM (5)) AS b"),
    ("select a from t group by (a), (a, b), (), (a + b) * 2", "SELECT a FROM t GROUP BY a, (a, b), (), ((a + b) * 2)"),
    ("select a from t group by auto", "SELECT a FROM t GROUP BY ALL"),
    ("select a from t fetch first row only", "SELECT a FROM t LIMIT 1"),
    ("select a from t offset 2 fetch next 3 rows with ties", "SELECT a FROM t OFFSET 2 ROWS FETCH FIRST 3 ROWS WITH TIES"),
    ("select 1 union select 2 union all select 3", "SELECT 1 UNION SELECT 2 UNION ALL SELECT 3"),
    ("(select 1) union distinct (values 2)", "(SELECT 1) UNION (VALUES 2)"),
    ("values (1, 2), 3", "VALUES ROW(1, 2), 3"),
    ("with a (x) as (select 1) table a", "WITH a (x) AS (SELECT 1) TABLE a"),
    ("desc a.b", "SHOW COLUMNS FROM a.b"),
    ("show schemas in c like 'a' escape 'b';", "SHOW SCHEMAS FROM c LIKE 'a' ESCAPE 'b'"),
    ("explain (format json, type distributed) select 1;;", "EXPLAIN (TYPE DISTRIBUTED, FORMAT JSON) SELECT 1"),
    ("explain analyze t", "EXPLAIN ANALYZE t"),
    ("create table t (a bigint not null default 1)", "CREATE TABLE t (a bigint DEFAULT 1 NOT NULL)"),
    ("create table t as (select 1) with no data", "CREATE TABLE t AS (SELECT 1) WITH NO DATA"),
    ("insert into t (a) values 1", "INSERT INTO t (a) VALUES 1"),
    ("set session authorization bob", "SET SESSION AUTHORIZATION 'bob'"),
    ("drop schema if exists a.b cascade", "DROP SCHEMA IF EXISTS a.b CASCADE"),
    ("commit work", "COMMIT"),
    ("grant select on t to role r with grant option", "GRANT SELECT ON t TO ROLE r WITH GRANT OPTION"),
    ("call a.b(1, x => 2)", "CALL a.b(1, x => 2)"),
  ]

  @Test(arguments: canonical) func prints(_ text: String, _ expected: String) throws {
    #expect(Formatter.format(try Parser.statement(text)) == expected)
  }

  @Test func indentedStyle() throws {
    let text = "with a as (select 1 x) select a, b from a join b on true where x in (select 2) union table c order by 1 limit 2"
    let expected = """
      WITH a AS (
        SELECT 1 AS x
      )
      SELECT
        a,
        b
      FROM a
      INNER JOIN b ON true
      WHERE (x IN (
        SELECT 2
      ))
      UNION
      TABLE c
      ORDER BY 1
      LIMIT 2
      """
    #expect(Formatter.format(try Parser.statement(text), style: .indented) == expected)
  }

  @Test func setOperationsOfOneKindAreOneNode() throws {
    guard case .query(let query) = try Parser.statement("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION SELECT 4"),
      case .setOperation(let outer) = query.body, case .setOperation(let inner) = outer.operands[0]
    else {
      Issue.record("not the tree")
      return
    }
    #expect((outer.operands.count, outer.quantifier, outer.location.column) == (2, .distinct, 48))
    #expect((inner.operands.count, inner.quantifier, inner.location.column) == (3, .all, 10))
  }

  /// Words that begin clauses are names where no clause can begin.
  @Test(arguments: [
    "SELECT limit FROM t", "SELECT a limit FROM t", "SELECT a offset, b fetch FROM t window", "SELECT 1 FROM t qualify WHERE true",
    "SELECT 1 FROM t limit JOIN u ON true", "SELECT at, ilike, over, filter FROM tablesample", "SELECT 1 FROM key, value, lateral, first",
    "SELECT a ilike FROM t", "SELECT a overlaps FROM t", "SELECT interval, date, array, row, map, position FROM t",
    "SELECT 1 AS all, 2 some",
    "SELECT skip, auto, trim, listagg, json_table FROM current_role",
  ]) func unreservedWordsAreNames(_ text: String) throws {
    let tree = try Parser.statement(text)
    #expect(try Parser.statement(Formatter.format(tree)) == tree)
  }

  @Test(arguments: Keyword.allCases) func reservedWordsMustBeQuoted(_ keyword: Keyword) throws {
    #expect(((try? Parser.statement("SELECT 1 AS \(keyword.rawValue)")) == nil) == keyword.isReserved)
    #expect(throws: Never.self) { try Parser.statement("SELECT 1 AS \"\(keyword.rawValue)\"") }
  }
}
