-- PostgreSQL groups by itself
SELECT o_orderstatus, count(*), sum(o_totalprice), min(o_orderdate), avg(o_totalprice) FROM postgres.public.orders GROUP BY o_orderstatus;
--> - Output[o_orderstatus, _col1, _col2, _col3, _col4] => [o_orderstatus:varchar(1), count:bigint, sum:decimal(38,2), min:date, avg:decimal(15,2)]
-->     - Project => [o_orderstatus:varchar(1), count:bigint, sum:decimal(38,2), min:date, avg:decimal(15,2)]
-->           o_orderstatus := o_orderstatus
-->           count := count
-->           sum := sum
-->           min := min
-->           avg := avg
-->         - TableScan[postgres: public.orders aggregate count(*), sum("o_totalprice"), min("o_orderdate"), sign(sum("o_totalprice")) * div(2 * abs(sum("o_totalprice")) + count("o_totalprice") * 0.01, 2 * count("o_totalprice") * 0.01) * 0.01 by "o_orderstatus"] => [o_orderstatus:varchar(1), count:bigint, sum:decimal(38,2), min:date, avg:decimal(15,2)]
-->               remote SQL: COPY (SELECT "o_orderstatus", count(*) AS "count", sum("o_totalprice") AS "sum", min("o_orderdate") AS "min", sign(sum("o_totalprice")) * div(2 * abs(sum("o_totalprice")) + count("o_totalprice") * 0.01, 2 * count("o_totalprice") * 0.01) * 0.01 AS "avg" FROM "public"."orders" GROUP BY 1) TO STDOUT (FORMAT binary)

-- with a condition before and after
SELECT o_custkey, count(*) FROM postgres.public.orders WHERE o_orderstatus = 'F' GROUP BY o_custkey HAVING count(*) > 20;
--> - Output[o_custkey, _col1] => [o_custkey:bigint, count:bigint]
-->     - Filter[(count > 20)] => [o_custkey:bigint, count:bigint]
-->         - Project => [o_custkey:bigint, count:bigint]
-->               o_custkey := o_custkey
-->               count := count
-->             - TableScan[postgres: public.orders where "o_orderstatus" = 'F' aggregate count(*) by "o_custkey"] => [o_custkey:bigint, count:bigint]
-->                   remote SQL: COPY (SELECT "o_custkey", count(*) AS "count" FROM "public"."orders" WHERE "o_orderstatus" = 'F'::text GROUP BY 1) TO STDOUT (FORMAT binary)

-- DISTINCT is a grouping
SELECT DISTINCT c_mktsegment FROM postgres.public.customer;
--> - Output[c_mktsegment] => [c_mktsegment:varchar(10)]
-->     - Project => [c_mktsegment:varchar(10)]
-->           c_mktsegment := c_mktsegment
-->         - TableScan[postgres: public.customer aggregate  by "c_mktsegment"] => [c_mktsegment:varchar(10)]
-->               remote SQL: COPY (SELECT "c_mktsegment" FROM "public"."customer" GROUP BY 1) TO STDOUT (FORMAT binary)

-- count(DISTINCT)
SELECT count(DISTINCT o_custkey) FROM postgres.public.orders;
--> - Output[_col0] => [count:bigint]
-->     - Project => [count:bigint]
-->           count := count
-->         - TableScan[postgres: public.orders aggregate  by "o_custkey" aggregate count("o_custkey")] => [count:bigint]
-->               remote SQL: COPY (SELECT count("o_custkey") AS "count" FROM (SELECT "o_custkey" FROM "public"."orders" GROUP BY 1) AS "q") TO STDOUT (FORMAT binary)

SELECT count(DISTINCT o_custkey) FROM orders;
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(o_custkey)
-->         - Aggregate[o_custkey] => [o_custkey:bigint]
-->             - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- what PostgreSQL would do otherwise is grouped here
SELECT o_orderstatus, approx_distinct(o_custkey) FROM postgres.public.orders GROUP BY o_orderstatus;
--> - Output[o_orderstatus, _col1] => [o_orderstatus:varchar(1), approx_distinct:bigint]
-->     - Aggregate[o_orderstatus] => [o_orderstatus:varchar(1), approx_distinct:bigint]
-->           approx_distinct := approx_distinct(o_custkey)
-->         - Project => [o_orderstatus:varchar(1), o_custkey:bigint]
-->             - TableScan[postgres: public.orders] => [o_custkey:bigint, o_orderstatus:varchar(1)]
-->                   remote SQL: COPY (SELECT "o_custkey", "o_orderstatus" FROM "public"."orders") TO STDOUT (FORMAT binary)

-- SQLite
SELECT count(*) FROM sqlite.main.orders;
--> - Output[_col0] => [count:bigint]
-->     - Project => [count:bigint]
-->           count := count
-->         - TableScan[sqlite: main.orders aggregate count(*)] => [count:bigint]
-->               remote SQL: SELECT count(*) AS "count" FROM "orders"

SELECT o_orderstatus, max(o_orderdate) FROM sqlite.main.orders GROUP BY o_orderstatus;
--> - Output[o_orderstatus, _col1] => [o_orderstatus:varchar, max:date]
-->     - Aggregate[o_orderstatus] => [o_orderstatus:varchar, max:date]
-->           max := max(o_orderdate)
-->         - TableScan[sqlite: main.orders] => [o_orderstatus:varchar, o_orderdate:date]
-->               remote SQL: SELECT "o_orderstatus", "o_orderdate" FROM "orders"
-->               reads the table's pages directly; sends the statement where the file does not allow it

-- Parquet answers counts and bounds from its footers
SELECT count(*), min(l_shipdate), max(l_shipdate) FROM lineitem;
--> - Output[_col0, _col1, _col2] => [count:bigint, min:date, max:date]
-->     - Project => [count:bigint, min:date, max:date]
-->           count := count
-->           min := min
-->           max := max
-->         - TableScan[lake: lake tpch.lineitem] => [count:bigint, min:date, max:date]
-->               files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->               answered from footers: count(*), min(l_shipdate), max(l_shipdate)

-- grouping sets
SELECT n_regionkey, n_name, count(*) FROM nation GROUP BY ROLLUP (n_regionkey, n_name);
--> - Output[n_regionkey, n_name, _col2] => [n_regionkey:bigint, n_name:varchar, count:bigint]
-->     - Project => [n_regionkey:bigint, n_name:varchar, count:bigint]
-->           n_regionkey := IF((group_id IS NULL), null, n_regionkey)
-->           n_name := IF((group_id IS NULL), null, n_name)
-->           count := IF((group_id IS NULL), count, count)
-->         - FullJoin[group_id = set_number] => [n_regionkey:bigint, n_name:varchar, group_id:bigint, count:bigint, count:bigint]
-->             - Aggregate[n_regionkey, n_name, group_id] => [n_regionkey:bigint, n_name:varchar, group_id:bigint, count:bigint]
-->                   count := count(*)
-->                 - GroupId[(n_regionkey, n_name), (n_regionkey), ()] => [n_regionkey:bigint, n_name:varchar, group_id:bigint]
-->                     - Project => [n_regionkey:bigint, n_name:varchar]
-->                         - TableScan[lake: lake tpch.nation] => [n_name:varchar, n_regionkey:bigint]
-->                               files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->             - Project => [set_number:bigint, count:bigint]
-->                 - CrossJoin => [count:bigint, set_number:bigint]
-->                     - Aggregate[] => [count:bigint]
-->                           count := count(*)
-->                         - Values[0 rows]
-->                     - Values[1 rows] => [set_number:bigint]

-- FILTER
SELECT count(*) FILTER (WHERE o_orderstatus = 'F'), count(*) FROM orders;
--> - Output[_col0, _col1] => [count:bigint, count:bigint]
-->     - Aggregate[] => [count:bigint, count:bigint]
-->           count := count(*) FILTER (WHERE filter)
-->           count := count(*)
-->         - Project => [filter:boolean]
-->               filter := (o_orderstatus = 'F')
-->             - TableScan[lake: lake tpch.orders] => [o_orderstatus:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- sums of one value plus constants are one sum and one count, where nothing can overflow
SELECT sum(CAST(l_linenumber AS bigint) + 1), sum(2 + CAST(l_linenumber AS bigint)), sum(CAST(l_linenumber AS bigint) - 3) FROM lineitem;
--> - Output[_col0, _col1, _col2] => [sum:bigint, sum:bigint, sum:bigint]
-->     - Project => [sum:bigint, sum:bigint, sum:bigint]
-->           sum := (sum + (1 * count))
-->           sum := (sum + (2 * count))
-->           sum := (sum + (-3 * count))
-->         - Aggregate[] => [sum:bigint, count:bigint]
-->               sum := sum(value)
-->               count := count(value)
-->             - Project => [value:bigint]
-->                   value := CAST(l_linenumber AS bigint)
-->                 - TableScan[lake: lake tpch.lineitem] => [l_linenumber:integer]
-->                       files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet

SELECT sum(x + 1), sum(x + 32) FILTER (WHERE y), sum(x - 2), sum(x + 3) FILTER (WHERE y) FROM (VALUES (SMALLINT '1', true), (SMALLINT '-5', false)) v(x, y);
--> - Output[_col0, _col1, _col2, _col3] => [sum:bigint, sum:bigint, sum:bigint, sum:bigint]
-->     - Project => [sum:bigint, sum:bigint, sum:bigint, sum:bigint]
-->           sum := (sum + (1 * count))
-->           sum := (sum + (32 * count))
-->           sum := (sum + (-2 * count))
-->           sum := (sum + (3 * count))
-->         - Aggregate[] => [sum:bigint, count:bigint, sum:bigint, count:bigint]
-->               sum := sum(value)
-->               count := count(value)
-->               sum := sum(value) FILTER (WHERE _col1)
-->               count := count(value) FILTER (WHERE _col1)
-->             - Project => [_col1:boolean, value:bigint, value:bigint]
-->                   value := CAST(CAST(_col0 AS integer) AS bigint)
-->                   value := CAST(CAST(_col0 AS integer) AS bigint)
-->                 - Values[2 rows] => [_col0:smallint, _col1:boolean]

SELECT sum(l_linenumber + 1), sum(l_linenumber + 2), sum(DISTINCT CAST(l_linenumber AS bigint) + 1) FROM lineitem;
--> - Output[_col0, _col1, _col2] => [sum:bigint, sum:bigint, sum:bigint]
-->     - Aggregate[] => [sum:bigint, sum:bigint, sum:bigint]
-->           sum := sum(argument)
-->           sum := sum(argument)
-->           sum := sum(DISTINCT argument)
-->         - Project => [argument:bigint, argument:bigint, argument:bigint]
-->               argument := CAST((l_linenumber + 1) AS bigint)
-->               argument := CAST((l_linenumber + 2) AS bigint)
-->               argument := (CAST(l_linenumber AS bigint) + 1)
-->             - TableScan[lake: lake tpch.lineitem] => [l_linenumber:integer]
-->                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
