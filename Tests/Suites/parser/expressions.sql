-- Operators and predicates
SELECT 1 + 2 * 3 - 4 / 5 % 6, (1 + 2) * 3, 1 - (2 - 3), -a, +a, - -9, -(9), -(-9), - + - a, 2 - -3, -a * b, -2[1], - x AT TIME ZONE 'UTC';
SELECT a || b || c, a || (b || c), a || b + c * d || e, (a || b) = c;
SELECT a AND b AND c, a AND (b AND c), a OR b AND c OR d, NOT a AND b, NOT (a AND b), NOT NOT a;
SELECT a = b, a <> b, a != b, a < b, a <= b, a > b, a >= b, (a = b) = c;
SELECT a IS NULL, a IS NOT NULL, a IS DISTINCT FROM b + 1, a IS NOT DISTINCT FROM NULL, a IS TRUE, a IS NOT FALSE, a IS UNKNOWN;
SELECT a BETWEEN 1 AND 2 AND b, a NOT BETWEEN b AND c, a BETWEEN SYMMETRIC 2 AND 1, a BETWEEN ASYMMETRIC 1 AND 2;
SELECT a IN (1), a IN (1, 2, 3), a NOT IN (SELECT b FROM t), (a, b) IN ((1, 2), (3, 4)), a IN ((SELECT 1), 2), a IN ((SELECT 1));
SELECT a LIKE 'x%', a NOT LIKE b || '%' ESCAPE '\', a ILIKE 'X_', a NOT ILIKE 'y' ESCAPE '$';
SELECT EXISTS (SELECT 1), NOT EXISTS (VALUES 1), EXISTS (SELECT 1) = EXISTS (SELECT 2);
SELECT a = ALL (SELECT 1), a <> ANY (VALUES 1, 2), a >= SOME (TABLE t), a < all, any(b), some;
SELECT (DATE '2020-01-01', INTERVAL '1' DAY) OVERLAPS (a, b), a overlaps FROM t;
-- Literals
SELECT NULL, true, FALSE, 0, 42, 1_000_000, 0xFF, 0Xff_ff, 0o17, 0b1010, -9223372036854775808, 9223372036854775807;
SELECT 1.5, .5, 1., 123_456.789_0, 1e0, 1E5, 1.5e-3, .5E+3, 1.e2, 1e400, 1e-400, -1.5, -0.0, -2e0;
SELECT 'text', 'it''s', '', U&'\2603 \+01F600 \\', u&'!2603' UESCAPE '!', X'', x'6F 6b', '多言語 😀', 'two
lines';
SELECT DATE '2020-01-01', TIME '10:00', TIMESTAMP '2020-01-01 00:00 UTC', DECIMAL '1.10', decimal(5, 2) '1.10', varchar(3) 'abc', foo 'bar',
  DOUBLE PRECISION '1.5', timestamp(6) with time zone '2020-01-01 00:00:00 UTC', time with time zone '10:00+01:00', JSON '{}', uuid U&'x';
SELECT INTERVAL '1' DAY, INTERVAL -'2' HOUR, INTERVAL + '3' MINUTE, INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04.5' DAY(3) TO SECOND(6),
  INTERVAL '5' SECOND(2, 3), INTERVAL '2' WEEK, INTERVAL '1' QUARTER, interval '1' day to minute, a + interval '1' month, interval;
SELECT date, time, timestamp, "date" FROM t;
SELECT ?, ? + ?, f(?);
-- Constructors
SELECT ARRAY[], ARRAY[1, 2, 3], [1, 2], [[1], []], ARRAY[ARRAY['a']][1][1], ROW(1), ROW(1 AS a, 'x' b, NULL), (1, 2), ((1, 2), 3), ROW(ROW(1 AS a) AS r).r.a;
SELECT a[1], a['k'], a[i + 1][j], f(x)[1].y.z, (a).b, t.r.f FROM t;
-- Calls
SELECT f(), f(1), f(a, b), s.f(a), c.s.f(a), f(DISTINCT a), f(ALL a), count(*), count(t.*), count(s.t.*), f(a => 1, b => 2), f(1, x => 3);
SELECT array_agg(a ORDER BY b DESC, c), array_agg(DISTINCT a ORDER BY a) FILTER (WHERE a > 1), sum(a) FILTER (WHERE b), f(ORDER BY a);
SELECT listagg(a) WITHIN GROUP (ORDER BY b), LISTAGG(DISTINCT a, ',' ON OVERFLOW ERROR) WITHIN GROUP (ORDER BY b DESC) FILTER (WHERE c),
  listagg(a, ', ' ON OVERFLOW TRUNCATE '...' WITH COUNT) WITHIN GROUP (ORDER BY a), listagg(a ON OVERFLOW TRUNCATE WITHOUT COUNT) WITHIN GROUP (ORDER BY a);
SELECT quantile(0.5) WITHIN GROUP (ORDER BY x), listagg FROM t;
SELECT coalesce(a, b), nullif(a, b), if(a, b), IF(a, b, c), try(a / 0), format('%s', a), "if"(1, 2);
SELECT CAST(a AS bigint), TRY_CAST(a AS varchar(3)), a::int, a.b::decimal(5, 2)::varchar, '5'::int + 1, -1::int, ARRAY[1]::array(bigint)[1];
SELECT CASE WHEN a THEN 1 END, CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END, CASE a WHEN 1 THEN 'x' ELSE 'y' END, CASE a + 1 WHEN b THEN c END;
SELECT EXTRACT(YEAR FROM a), extract(day_of_week FROM a + b), EXTRACT(TIMEZONE_HOUR FROM CURRENT_TIMESTAMP);
SELECT POSITION('a' IN b), position(a, b), SUBSTRING(a FROM 2), SUBSTRING(a FROM 2 FOR 3), substring(a, 2), substring(a IS DISTINCT FROM b, 1);
SELECT trim(a), TRIM(FROM a), TRIM(BOTH FROM a), TRIM(LEADING 'x' FROM a), TRIM(TRAILING FROM a), TRIM('x' FROM a), trim(a, 'x'), trim(leading);
SELECT NORMALIZE(a), NORMALIZE(a, NFKD), OVERLAY(a PLACING b FROM 2), OVERLAY(a PLACING b FROM 2 FOR 3), overlay(a, b, 2);
SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIME(3), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(6), LOCALTIME, LOCALTIME(0), LOCALTIMESTAMP(9), CURRENT_USER,
  CURRENT_CATALOG, current_schema, CURRENT_PATH, CURRENT_ROLE, t.current_schema, current_catalog();
SELECT a AT TIME ZONE 'Europe/Berlin', a AT TIME ZONE INTERVAL '1' HOUR AT TIME ZONE z, a AT LOCAL, (-a) AT TIME ZONE 'UTC', a at FROM t;
-- Lambdas
SELECT transform(a, x -> x + 1), reduce(a, 0, (s, x) -> s + x, s -> s), zip_with(a, b, (x, y) -> (x, y)), f(() -> 1), filter(a, x -> x IN (SELECT 1)), x -> y -> x;
-- Windows
SELECT rank() OVER (), sum(a) OVER (PARTITION BY b, c ORDER BY d DESC ROWS UNBOUNDED PRECEDING), sum(a) OVER w, sum(a) OVER (w ORDER BY b),
  lead(a, 1) IGNORE NULLS OVER (ORDER BY b), lag(a) RESPECT NULLS OVER w, avg(a) FILTER (WHERE b) OVER (ORDER BY c RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW),
  count(*) OVER (ORDER BY a GROUPS BETWEEN 1 PRECEDING AND 2 + x FOLLOWING EXCLUDE TIES), max(a) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW),
  min(a) OVER (ORDER BY b RANGE CURRENT ROW EXCLUDE NO OTHERS), min(a) OVER (ORDER BY b ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING EXCLUDE GROUP), f(a) OVER (rows), f(a) OVER ("partition" PARTITION BY x);
-- JSON
SELECT JSON_EXISTS(j, 'lax $.a'), JSON_EXISTS(j FORMAT JSON, 'strict $.a' PASSING x AS "X", y FORMAT JSON ENCODING UTF16 AS y TRUE ON ERROR);
SELECT JSON_VALUE(j, 'lax $.a'), JSON_VALUE(j FORMAT JSON ENCODING UTF8, 'lax $.a' RETURNING double DEFAULT 5e0 ON EMPTY ERROR ON ERROR), JSON_VALUE(j, 'lax $' NULL ON ERROR);
SELECT JSON_QUERY(j, 'lax $.a'), JSON_QUERY(j, 'lax $.a' RETURNING varchar FORMAT JSON ENCODING UTF32 WITH CONDITIONAL ARRAY WRAPPER OMIT QUOTES EMPTY ARRAY ON EMPTY ERROR ON ERROR),
  JSON_QUERY(j, 'lax $' WITH WRAPPER), JSON_QUERY(j, 'lax $' WITHOUT WRAPPER KEEP QUOTES ON SCALAR STRING EMPTY OBJECT ON ERROR), JSON_QUERY(j, 'lax $' NULL ON EMPTY);
SELECT JSON_OBJECT(), JSON_OBJECT('a' : 1, key : value, KEY 'b' VALUE 2, key VALUE 3, c VALUE d FORMAT JSON), JSON_OBJECT(KEY value VALUE value ABSENT ON NULL WITH UNIQUE KEYS RETURNING varbinary FORMAT JSON ENCODING UTF8), JSON_OBJECT(RETURNING json);
SELECT JSON_ARRAY(), JSON_ARRAY(1, 'a', NULL), JSON_ARRAY(a FORMAT JSON, b NULL ON NULL RETURNING varchar), JSON_ARRAY(a ABSENT ON NULL), json_array, json_object FROM t;
-- Names
SELECT "a", "A ""quoted"" name", "select", _x, a1, "1a", "üñí" FROM "cat-alog"."sch ema"."tab.le" AS "Ä";
