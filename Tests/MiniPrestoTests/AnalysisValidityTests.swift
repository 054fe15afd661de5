import Analysis
import Plans
import Testing

/// Plans of all forms hold together: no symbol is used that nothing below produces.
@Suite struct AnalysisValidityTests {
  @Test(arguments: [
    "SELECT a, b, (SELECT count(*) FROM u WHERE u.a = t.a) FROM t GROUP BY ROLLUP (a, b)",
    "SELECT a, b, grouping(a, b), sum(d) FILTER (WHERE s > 1) FROM t GROUP BY CUBE (a, b) HAVING grouping(a) = 0 ORDER BY grouping(b), 2",
    "SELECT lower(b) AS k, max(d) FROM t GROUP BY GROUPING SETS ((lower(b)), ()) ORDER BY lower(b)",
    "SELECT a + 1, sum(sum(d)) OVER (PARTITION BY a + 1 ORDER BY count(*)) FROM t GROUP BY a + 1",
    "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a AND EXISTS (SELECT 1 FROM t x WHERE x.a = t.a AND x.s = u.e))",
    "SELECT a FROM t WHERE (a, s) IN (SELECT a, e FROM u) AND (SELECT max(e) FROM u) NOT IN (SELECT e FROM u WHERE u.a = t.a)",
    "SELECT (SELECT t.a), (SELECT x.a FROM (SELECT t.a) x), (SELECT max(y) FROM (VALUES t.a, t.s) v (y)) FROM t",
    "SELECT * FROM t WHERE a = ALL (SELECT a FROM u) OR d < ANY (SELECT e FROM u) OR a <> ALL (SELECT e FROM u)",
    "SELECT count(*) FROM t WHERE a > (SELECT avg(e) FROM u GROUP BY t.b)",
    "SELECT l.e FROM t LEFT JOIN LATERAL (SELECT e, a FROM u WHERE u.a = t.a ORDER BY e LIMIT 1) l ON l.a > t.s",
    "SELECT * FROM t, LATERAL (SELECT t.a + 1 AS n) x, LATERAL (SELECT x.n * 2 AS m) y",
    "SELECT * FROM t CROSS JOIN UNNEST(xs, ARRAY[r]) WITH ORDINALITY AS n (x, f, g, o)",
    "SELECT * FROM t LEFT JOIN UNNEST(xs) n (x) ON TRUE JOIN u ON u.a = n.x",
    "SELECT x FROM UNNEST(ARRAY[1, 2], MAP(ARRAY['k'], ARRAY[1])) n (x, k, v)",
    "SELECT (SELECT sum(x) FROM UNNEST(t.xs) n (x)) FROM t",
    "SELECT * FROM t FULL JOIN u USING (a) JOIN u v USING (a)",
    "SELECT t.a, u.a, a FROM t RIGHT JOIN u USING (a)",
    "SELECT * FROM t JOIN u ON t.a = u.a AND t.s IN (SELECT e FROM u) AND t.d > (SELECT max(e) FROM u z WHERE z.a = t.a AND z.e = u.e)",
    "SELECT * FROM t LEFT JOIN u ON t.a + 1 = u.a + 1 AND u.e IN (SELECT s FROM t)",
    "WITH q (x) AS (SELECT a FROM t), w AS (SELECT x, count(*) n FROM q GROUP BY x) SELECT * FROM q JOIN w USING (x), w z",
    "SELECT * FROM (SELECT a, a AS b, a + 0 AS c FROM t) x, (SELECT a FROM u) y WHERE x.b = y.a",
    "SELECT a, a FROM t UNION SELECT e, e FROM u UNION ALL SELECT 1.5, 2",
    "SELECT a FROM t INTERSECT SELECT e FROM u INTERSECT SELECT s FROM t",
    "SELECT a, b FROM t EXCEPT ALL SELECT a, f FROM u EXCEPT ALL VALUES (1, 'x')",
    "(SELECT a FROM t ORDER BY d LIMIT 3) UNION ALL SELECT a FROM u ORDER BY 1 OFFSET 2 FETCH FIRST 5 ROWS WITH TIES",
    "SELECT DISTINCT a, lower(b) k FROM t ORDER BY lower(b), a LIMIT 3",
    "SELECT a AS x FROM t ORDER BY -x, (SELECT max(e) FROM u WHERE u.a = t.a), d",
    "SELECT a, sum(d) OVER w, rank() OVER (w ORDER BY c), lag(b, 1, 'none') IGNORE NULLS OVER (w ORDER BY d DESC) FROM t WINDOW w AS (PARTITION BY s)",
    "SELECT sum(d) OVER (ORDER BY s RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING), count(*) OVER (ORDER BY c GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t",
    "SELECT max(d) OVER (ORDER BY c RANGE INTERVAL '3' DAY PRECEDING) FROM t",
    "SELECT a, row_number() OVER (ORDER BY (SELECT max(e) FROM u WHERE u.a = t.a)) n FROM t QUALIFY n < 3 ORDER BY n",
    "SELECT array_agg(b ORDER BY d DESC, a), count(DISTINCT a), sum(d) FILTER (WHERE a IN (SELECT a FROM u)) FROM t",
    "SELECT (SELECT max(e) FROM u WHERE u.a = t.a) AS m, count(*) FROM t GROUP BY 1 HAVING m > 0 ORDER BY m",
    "SELECT m FROM (SELECT (SELECT max(e) FROM u WHERE u.a = t.a) AS m FROM t) GROUP BY m",
    "SELECT b, count(*) AS n, (SELECT max(e) FROM u) AS top FROM t GROUP BY b HAVING n > top QUALIFY top > 1",
    "VALUES ((SELECT 1), 'a'), ((SELECT 2), 'b')",
    "SELECT r.x, r[2], xs[1], ROW(a, b), ARRAY[a, s], r.* FROM t",
    "SELECT transform(xs, x -> x + a + (CASE WHEN x > s THEN 1 ELSE 2 END)) FROM t",
    "SELECT CASE b WHEN 'x' THEN 1 WHEN 'y' THEN 2.5 END, IF(a > 1, 'yes'), NULLIF(b, 'abc'), COALESCE(b, 'a longer text than ten') FROM t",
    "SELECT * FROM t WHERE s BETWEEN 1 AND 5 AND d BETWEEN SYMMETRIC 5 AND 1 AND c NOT BETWEEN '2020-01-01' AND DATE '2021-01-01'",
    "SELECT * FROM t WHERE (a > 1) IS TRUE OR (a > 1) IS NOT UNKNOWN OR a IS DISTINCT FROM s OR b NOT LIKE 'a!_%' ESCAPE '!'",
    "SELECT * FROM TABLE(exclude_columns(input => TABLE(t), columns => DESCRIPTOR(xs, r))) x",
    "INSERT INTO u (f, a) SELECT b, s FROM t",
    "INSERT INTO u VALUES (1, 2, 'x')",
    "CREATE TABLE n AS SELECT a AS x, b AS y, count(*) AS z FROM t GROUP BY 1, 2",
  ])
  func plansHoldTogether(_ sql: String) async throws {
    #expect(AnalysisPlanCheck(try await AnalysisFixture().plan(sql).plan).problems == [])
  }
}
