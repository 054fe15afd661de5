-- PostgreSQL: comparisons, lists, LIKE, nulls
SELECT c_name FROM postgres.public.customer
WHERE c_custkey BETWEEN 10 AND 20 AND c_mktsegment IN ('BUILDING', 'MACHINERY') AND c_name LIKE 'Customer%' AND c_comment IS NOT NULL;
--> - Output[c_name] => [c_name:varchar(25)]
-->     - TableScan[postgres: public.customer where "c_custkey" >= 10 and "c_custkey" <= 20 and "c_mktsegment" IN ('BUILDING', 'MACHINERY') and "c_name" LIKE 'Customer%' ESCAPE '' and "c_comment" IS NOT NULL] => [c_name:varchar(25)]
-->           remote SQL: COPY (SELECT "c_name" FROM "public"."customer" WHERE ("c_custkey" >= 10::int8) AND ("c_custkey" <= 20::int8) AND ("c_mktsegment" IN ('BUILDING'::text, 'MACHINERY'::text)) AND ("c_name" LIKE 'Customer%'::text ESCAPE '') AND ("c_comment" IS NOT NULL)) TO STDOUT (FORMAT binary)

-- PostgreSQL: arithmetic and functions that mean the same there; lower() does not in every locale
SELECT o_orderkey FROM postgres.public.orders WHERE year(o_orderdate) = 1995 AND o_totalprice * 2 > 1000 AND lower(o_orderstatus) = 'f';
--> - Output[o_orderkey] => [o_orderkey:bigint]
-->     - Project => [o_orderkey:bigint]
-->         - Filter[(lower(o_orderstatus) = 'f')] => [o_orderkey:bigint, o_orderstatus:varchar(1)]
-->             - TableScan[postgres: public.orders where ((extract(year FROM "o_orderdate") + CASE WHEN extract(year FROM "o_orderdate") < 0 THEN 1 ELSE 0 END)::int8) = 1995 and ("o_totalprice" * 2) > 1000.00] => [o_orderkey:bigint, o_orderstatus:varchar(1)]
-->                   remote SQL: COPY (SELECT "o_orderkey", "o_orderstatus" FROM "public"."orders" WHERE (((extract(year FROM "o_orderdate") + CASE WHEN extract(year FROM "o_orderdate") < 0 THEN 1 ELSE 0 END)::int8) = 1995::int8) AND (("o_totalprice" * '2'::numeric) > 1000.00)) TO STDOUT (FORMAT binary)

-- PostgreSQL: what it would do otherwise stays here
SELECT c_name FROM postgres.public.customer WHERE regexp_like(c_comment, '^[a-z]+') AND c_custkey = 7;
--> - Output[c_name] => [c_name:varchar(25)]
-->     - Project => [c_name:varchar(25)]
-->         - Filter[regexp_like(c_comment, '^[a-z]+')] => [c_name:varchar(25), c_comment:varchar(117)]
-->             - TableScan[postgres: public.customer where "c_custkey" = 7] => [c_name:varchar(25), c_comment:varchar(117)]
-->                   remote SQL: COPY (SELECT "c_name", "c_comment" FROM "public"."customer" WHERE "c_custkey" = 7::int8) TO STDOUT (FORMAT binary)

-- PostgreSQL: a join of two of its tables
SELECT n.n_name, r.r_name FROM postgres.public.nation n JOIN postgres.public.region r ON r.r_regionkey = n.n_regionkey WHERE r.r_name = 'ASIA';
--> - Output[n_name, r_name] => [n_name:varchar(25), r_name:varchar(25)]
-->     - TableScan[postgres: (public.nation inner join public.region where "r_name" = 'ASIA' on "n_regionkey" = "r_regionkey")] => [n_name:varchar(25), r_name:varchar(25)]
-->           remote SQL: COPY (SELECT "n_name", "r_name" FROM (SELECT "n_name", "n_regionkey" FROM "public"."nation") AS "l" INNER JOIN (SELECT "r_regionkey", "r_name" FROM "public"."region" WHERE "r_name" = 'ASIA'::text) AS "r" ON "n_regionkey" = "r_regionkey") TO STDOUT (FORMAT binary)

-- SQLite: a condition that an index serves
SELECT o_totalprice FROM sqlite.main.orders WHERE o_orderkey = 7;
--> - Output[o_totalprice] => [o_totalprice:double]
-->     - TableScan[sqlite: main.orders where "o_orderkey" = 7] => [o_totalprice:double]
-->           remote SQL: SELECT "o_totalprice" FROM "orders" WHERE "o_orderkey" = 7

-- SQLite: one that needs the whole table reads its pages
SELECT sum(o_totalprice) FROM sqlite.main.orders WHERE o_orderstatus = 'F';
--> - Output[_col0] => [sum:double]
-->     - Aggregate[] => [sum:double]
-->           sum := sum(o_totalprice)
-->         - Project => [o_totalprice:double]
-->             - Filter[(o_orderstatus = 'F')] => [o_orderstatus:varchar, o_totalprice:double]
-->                 - TableScan[sqlite: main.orders] => [o_orderstatus:varchar, o_totalprice:double]
-->                       remote SQL: SELECT "o_orderstatus", "o_totalprice" FROM "orders"
-->                       reads the table's pages directly; sends the statement where the file does not allow it

-- Parquet: row groups and pages are skipped
SELECT count(*) FROM lineitem WHERE l_shipdate >= DATE '1998-01-01' AND l_quantity < 5;
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - TableScan[lake: lake tpch.lineitem]
-->               files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->               filtered while decoding by l_quantity, l_shipdate
-->               row groups and pages skipped by l_quantity, l_shipdate

-- a file
SELECT sum(o_totalprice) FROM 'DATA/tpch-sf0.01/lake/tpch/orders.parquet' WHERE o_orderkey < 100;
--> - Output[_col0] => [sum:decimal(38,2)]
-->     - Aggregate[] => [sum:decimal(38,2)]
-->           sum := sum(o_totalprice)
-->         - TableScan[files: lake 'DATA/tpch-sf0.01/lake/tpch/orders.parquet'] => [o_totalprice:decimal(15,2)]
-->               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->               filtered while decoding by o_orderkey
-->               row groups and pages skipped by o_orderkey

-- TABLE(system.query)
SELECT * FROM TABLE(postgres.system.query(query => 'SELECT 1 AS one, ''x'' AS two'));
--> - Output[one, two] => [one:integer, two:varchar]
-->     - TableScan[postgres: query] => [one:integer, two:varchar]
-->           remote SQL: COPY (SELECT "one", "two" FROM (SELECT 1 AS one, 'x' AS two
-->           ) AS "q") TO STDOUT (FORMAT binary)
