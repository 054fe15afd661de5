-- the smaller side is hashed
SELECT count(*) FROM nation n JOIN customer c ON c.c_nationkey = n.n_nationkey;
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - InnerJoin[c_nationkey = n_nationkey]
-->             - TableScan[lake: lake tpch.customer] => [c_nationkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet

-- and so it is when written the other way round
SELECT count(*) FROM customer c JOIN nation n ON c.c_nationkey = n.n_nationkey;
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - InnerJoin[c_nationkey = n_nationkey]
-->             - TableScan[lake: lake tpch.customer] => [c_nationkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet

-- five tables in any order
SELECT n.n_name, sum(l.l_extendedprice) FROM customer c, orders o, lineitem l, nation n, region r
WHERE c.c_custkey = o.o_custkey AND l.l_orderkey = o.o_orderkey AND c.c_nationkey = n.n_nationkey AND n.n_regionkey = r.r_regionkey
  AND r.r_name = 'ASIA' AND o.o_orderdate >= DATE '1994-01-01' AND o.o_orderdate < DATE '1995-01-01'
GROUP BY n.n_name;
--> - Output[n_name, _col1] => [n_name:varchar, sum:decimal(38,2)]
-->     - Aggregate[n_name] => [n_name:varchar, sum:decimal(38,2)]
-->           sum := sum(l_extendedprice)
-->         - Project => [n_name:varchar, l_extendedprice:decimal(15,2)]
-->             - InnerJoin[l_orderkey = o_orderkey] => [l_extendedprice:decimal(15,2), n_name:varchar]
-->                   publishes df_56: keys of o_orderkey
-->                 - TableScan[lake: lake tpch.lineitem] => [l_orderkey:bigint, l_extendedprice:decimal(15,2)]
-->                       narrowed by df_56
-->                       files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->                 - InnerJoin[o_custkey = c_custkey] => [o_orderkey:bigint, n_name:varchar]
-->                       publishes df_57: keys of c_custkey
-->                     - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint]
-->                           narrowed by df_57
-->                           files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                           filtered while decoding by o_orderdate
-->                           row groups and pages skipped by o_orderdate
-->                     - InnerJoin[c_nationkey = n_nationkey] => [c_custkey:bigint, n_name:varchar]
-->                           publishes df_58: keys of n_nationkey
-->                         - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_nationkey:bigint]
-->                               narrowed by df_58
-->                               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->                         - InnerJoin[n_regionkey = r_regionkey] => [n_nationkey:bigint, n_name:varchar]
-->                               publishes df_59: keys of r_regionkey
-->                             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint, n_name:varchar, n_regionkey:bigint]
-->                                   narrowed by df_59
-->                                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->                             - TableScan[lake: lake tpch.region] => [r_regionkey:bigint]
-->                                   files: DATA/tpch-sf0.01/lake/tpch/region.parquet
-->                                   filtered while decoding by r_name
-->                                   row groups and pages skipped by r_name

-- over three sources
SELECT n.n_name, count(*) FROM postgres.public.nation n JOIN sqlite.main.supplier s ON s.s_nationkey = n.n_nationkey
JOIN lineitem l ON l.l_suppkey = s.s_suppkey GROUP BY n.n_name;
--> - Output[n_name, _col1] => [n_name:varchar(25), count:bigint]
-->     - Aggregate[n_name] => [n_name:varchar(25), count:bigint]
-->           count := count(*)
-->         - InnerJoin[l_suppkey = s_suppkey] => [n_name:varchar(25)]
-->             - TableScan[lake: lake tpch.lineitem] => [l_suppkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->             - InnerJoin[s_nationkey = n_nationkey] => [s_suppkey:bigint, n_name:varchar(25)]
-->                 - TableScan[sqlite: main.supplier] => [s_suppkey:bigint, s_nationkey:bigint]
-->                       remote SQL: SELECT "s_suppkey", "s_nationkey" FROM "supplier"
-->                       reads the table's pages directly; sends the statement where the file does not allow it
-->                 - TableScan[postgres: public.nation] => [n_nationkey:bigint, n_name:varchar(25)]
-->                       remote SQL: COPY (SELECT "n_nationkey", "n_name" FROM "public"."nation") TO STDOUT (FORMAT binary)

-- without an equality
SELECT count(*) FROM nation a JOIN nation b ON a.n_nationkey < b.n_nationkey;
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - CrossJoin
-->               and (n_nationkey < n_nationkey)
-->             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet

-- full, of which neither side may be narrowed
SELECT * FROM region r FULL JOIN nation n ON n.n_regionkey = r.r_regionkey AND n.n_nationkey > 5;
--> - Output[r_regionkey, r_name, r_comment, n_nationkey, n_name, n_regionkey, n_comment] => [r_regionkey:bigint, r_name:varchar, r_comment:varchar, n_nationkey:bigint, n_name:varchar, n_regionkey:bigint, n_comment:varchar]
-->     - Project => [r_regionkey:bigint, r_name:varchar, r_comment:varchar, n_nationkey:bigint, n_name:varchar, n_regionkey:bigint, n_comment:varchar]
-->         - FullJoin[n_regionkey = r_regionkey] => [n_nationkey:bigint, n_name:varchar, n_regionkey:bigint, n_comment:varchar, r_regionkey:bigint, r_name:varchar, r_comment:varchar]
-->               and (n_nationkey > 5)
-->             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint, n_name:varchar, n_regionkey:bigint, n_comment:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->             - TableScan[lake: lake tpch.region] => [r_regionkey:bigint, r_name:varchar, r_comment:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/region.parquet
