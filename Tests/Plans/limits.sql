-- ORDER BY with LIMIT
SELECT o_orderkey FROM orders ORDER BY o_totalprice DESC LIMIT 10;
--> - Output[o_orderkey] => [o_orderkey:bigint]
-->     - TopN[10 by o_totalprice DESC NULLS LAST] => [o_orderkey:bigint, o_totalprice:decimal(15,2)]
-->           publishes df_12: bound of o_totalprice
-->         - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_totalprice:decimal(15,2)]
-->               narrowed by df_12
-->               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- LIMIT goes through projections
SELECT upper(n) FROM (SELECT n_name AS n FROM nation UNION ALL SELECT r_name FROM region) LIMIT 3;
--> - Output[_col0] => [expr:varchar]
-->     - Project => [expr:varchar]
-->           expr := upper(n)
-->         - Limit[3] => [n:varchar]
-->             - Union => [n:varchar]
-->                 - TableScan[lake: lake tpch.nation] => [n_name:varchar]
-->                       files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->                 - TableScan[lake: lake tpch.region] => [r_name:varchar]
-->                       files: DATA/tpch-sf0.01/lake/tpch/region.parquet

-- LIMIT stays above an outer join
SELECT c.c_name, o.o_orderkey FROM customer c LEFT JOIN orders o ON o.o_custkey = c.c_custkey LIMIT 5;
--> - Output[c_name, o_orderkey] => [c_name:varchar, o_orderkey:bigint]
-->     - Project => [c_name:varchar, o_orderkey:bigint]
-->         - Limit[5] => [o_orderkey:bigint, c_name:varchar]
-->             - RightJoin[o_custkey = c_custkey] => [o_orderkey:bigint, c_name:varchar]
-->                 - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint]
-->                       files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                 - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                       files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- the smaller of two
SELECT * FROM (SELECT n_name FROM nation LIMIT 10) LIMIT 3;
--> - Output[n_name] => [n_name:varchar]
-->     - Limit[3] => [n_name:varchar]
-->         - TableScan[lake: lake tpch.nation] => [n_name:varchar]
-->               files: DATA/tpch-sf0.01/lake/tpch/nation.parquet

-- PostgreSQL sorts and limits by itself
SELECT o_orderkey FROM postgres.public.orders ORDER BY o_totalprice DESC, o_orderkey LIMIT 10;
--> - Output[o_orderkey] => [o_orderkey:bigint]
-->     - TopN[10 by o_totalprice DESC NULLS LAST, o_orderkey ASC NULLS LAST] => [o_orderkey:bigint, o_totalprice:decimal(15,2)]
-->           publishes df_9: bound of o_totalprice
-->         - TableScan[postgres: public.orders order by "o_totalprice" DESC NULLS LAST, "o_orderkey" ASC NULLS LAST limit 10] => [o_orderkey:bigint, o_totalprice:decimal(15,2)]
-->               narrowed by df_9
-->               remote SQL: COPY (SELECT "o_orderkey", "o_totalprice" FROM "public"."orders" ORDER BY "o_totalprice" DESC NULLS LAST, "o_orderkey" ASC NULLS LAST LIMIT 10) TO STDOUT (FORMAT binary)

SELECT o_orderkey FROM postgres.public.orders WHERE o_orderstatus = 'F' LIMIT 10;
--> - Output[o_orderkey] => [o_orderkey:bigint]
-->     - TableScan[postgres: public.orders where "o_orderstatus" = 'F' limit 10] => [o_orderkey:bigint]
-->           remote SQL: COPY (SELECT "o_orderkey" FROM "public"."orders" WHERE "o_orderstatus" = 'F'::text LIMIT 10) TO STDOUT (FORMAT binary)

-- SQLite too
SELECT o_orderkey FROM sqlite.main.orders ORDER BY o_orderkey DESC LIMIT 10;
--> - Output[o_orderkey] => [o_orderkey:bigint]
-->     - TopN[10 by o_orderkey DESC NULLS LAST] => [o_orderkey:bigint]
-->           publishes df_9: bound of o_orderkey
-->         - TableScan[sqlite: main.orders order by "o_orderkey" DESC limit 10] => [o_orderkey:bigint]
-->               narrowed by df_9
-->               remote SQL: SELECT "o_orderkey" FROM "orders" ORDER BY "o_orderkey" DESC LIMIT 10

-- OFFSET
SELECT n_name FROM postgres.public.nation ORDER BY n_name OFFSET 5 LIMIT 3;
--> - Output[n_name] => [n_name:varchar(25)]
-->     - Limit[all offset 5] => [n_name:varchar(25)]
-->         - TopN[8 by n_name ASC NULLS LAST] => [n_name:varchar(25)]
-->               publishes df_4: bound of n_name
-->             - TableScan[postgres: public.nation order by "n_name" COLLATE "C" ASC NULLS LAST limit 8] => [n_name:varchar(25)]
-->                   narrowed by df_4
-->                   remote SQL: COPY (SELECT "n_name" FROM "public"."nation" ORDER BY "n_name" COLLATE "C" ASC NULLS LAST LIMIT 8) TO STDOUT (FORMAT binary)

-- no rows are asked for
SELECT n_name FROM postgres.public.nation LIMIT 0;
--> - Output[n_name] => [n_name:varchar(25)]
-->     - Values[0 rows] => [n_name:varchar(25)]

-- the best of each group
SELECT * FROM (SELECT o_custkey, o_orderkey, row_number() OVER (PARTITION BY o_custkey ORDER BY o_totalprice DESC) AS n FROM orders) WHERE n <= 3;
--> - Output[o_custkey, o_orderkey, n] => [o_custkey:bigint, o_orderkey:bigint, row_number:bigint]
-->     - Project => [o_custkey:bigint, o_orderkey:bigint, row_number:bigint]
-->         - Filter[(row_number <= 3)] => [o_orderkey:bigint, o_custkey:bigint, o_totalprice:decimal(15,2), row_number:bigint]
-->             - Window[partition by o_custkey order by o_totalprice DESC NULLS LAST] => [o_orderkey:bigint, o_custkey:bigint, o_totalprice:decimal(15,2), row_number:bigint]
-->                   row_number := row_number()
-->                 - TopN[3 by o_totalprice DESC NULLS LAST for each o_custkey] => [o_orderkey:bigint, o_custkey:bigint, o_totalprice:decimal(15,2)]
-->                     - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint, o_totalprice:decimal(15,2)]
-->                           files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
