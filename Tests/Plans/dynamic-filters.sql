-- the hashed side's keys narrow the other side, in Parquet
SELECT sum(l.l_quantity) FROM lineitem l JOIN part p ON p.p_partkey = l.l_partkey WHERE p.p_brand = 'Brand#11';
--> - Output[_col0] => [sum:decimal(38,2)]
-->     - Aggregate[] => [sum:decimal(38,2)]
-->           sum := sum(l_quantity)
-->         - InnerJoin[l_partkey = p_partkey] => [l_quantity:decimal(15,2)]
-->               publishes df_32: keys of p_partkey
-->             - TableScan[lake: lake tpch.lineitem] => [l_partkey:bigint, l_quantity:decimal(15,2)]
-->                   narrowed by df_32
-->                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->             - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_brand
-->                   row groups and pages skipped by p_brand

-- in PostgreSQL
SELECT sum(l.l_quantity) FROM postgres.public.lineitem l JOIN part p ON p.p_partkey = l.l_partkey WHERE p.p_brand = 'Brand#11';
--> - Output[_col0] => [sum:decimal(38,2)]
-->     - Aggregate[] => [sum:decimal(38,2)]
-->           sum := sum(l_quantity)
-->         - InnerJoin[l_partkey = p_partkey] => [l_quantity:decimal(15,2)]
-->               publishes df_29: keys of p_partkey
-->             - TableScan[postgres: public.lineitem] => [l_partkey:bigint, l_quantity:decimal(15,2)]
-->                   narrowed by df_29
-->                   remote SQL: COPY (SELECT "l_partkey", "l_quantity" FROM "public"."lineitem") TO STDOUT (FORMAT binary)
-->             - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_brand
-->                   row groups and pages skipped by p_brand

-- in SQLite
SELECT sum(l.l_quantity) FROM sqlite.main.lineitem l JOIN part p ON p.p_partkey = l.l_partkey WHERE p.p_brand = 'Brand#11';
--> - Output[_col0] => [sum:double]
-->     - Aggregate[] => [sum:double]
-->           sum := sum(l_quantity)
-->         - InnerJoin[l_partkey = p_partkey] => [l_quantity:double]
-->               publishes df_29: keys of p_partkey
-->             - TableScan[sqlite: main.lineitem] => [l_partkey:bigint, l_quantity:double]
-->                   narrowed by df_29
-->                   remote SQL: SELECT "l_partkey", "l_quantity" FROM "lineitem"
-->                   reads the table's pages directly; sends the statement where the file does not allow it
-->             - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_brand
-->                   row groups and pages skipped by p_brand

-- through a further join, but not to an expression
SELECT count(*) FROM (SELECT o_custkey + 0 AS k, o_orderkey FROM orders) o JOIN lineitem l ON l.l_orderkey = o.o_orderkey JOIN customer c ON c.c_custkey = o.k WHERE c.c_name = 'Customer#000000001';
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - InnerJoin[l_orderkey = o_orderkey]
-->               publishes df_44: keys of o_orderkey
-->             - TableScan[lake: lake tpch.lineitem] => [l_orderkey:bigint]
-->                   narrowed by df_44
-->                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->             - InnerJoin[k = c_custkey] => [o_orderkey:bigint]
-->                 - Project => [k:bigint, o_orderkey:bigint]
-->                       k := (o_custkey + 0)
-->                     - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint]
-->                           files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                 - TableScan[lake: lake tpch.customer] => [c_custkey:bigint]
-->                       files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->                       filtered while decoding by c_name
-->                       row groups and pages skipped by c_name

-- of a semi join
SELECT count(*) FROM lineitem WHERE l_partkey IN (SELECT p_partkey FROM part WHERE p_size = 1 AND p_brand = 'Brand#11');
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - Project
-->             - SemiJoin[l_partkey = p_partkey] => [l_partkey:bigint]
-->                   null-aware
-->                   publishes df_33: keys of p_partkey
-->                 - TableScan[lake: lake tpch.lineitem] => [l_partkey:bigint]
-->                       narrowed by df_33
-->                       files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->                 - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                       files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                       filtered while decoding by p_brand, p_size
-->                       row groups and pages skipped by p_brand, p_size

-- not of a left join's kept side
SELECT count(*) FROM lineitem l LEFT JOIN part p ON p.p_partkey = l.l_partkey AND p.p_brand = 'Brand#11';
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - LeftJoin[l_partkey = p_partkey]
-->             - TableScan[lake: lake tpch.lineitem] => [l_partkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->             - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_brand
-->                   row groups and pages skipped by p_brand

-- of a further table with the same key
SELECT sum(l_quantity * ps_supplycost) FROM part, partsupp, lineitem
WHERE p_partkey = l_partkey AND ps_partkey = l_partkey AND ps_suppkey = l_suppkey AND p_name LIKE '%green%';
--> - Output[_col0] => [sum:decimal(38,4)]
-->     - Aggregate[] => [sum:decimal(38,4)]
-->           sum := sum(argument)
-->         - Project => [argument:decimal(30,4)]
-->               argument := (l_quantity * ps_supplycost)
-->             - InnerJoin[ps_partkey = l_partkey AND ps_suppkey = l_suppkey] => [ps_supplycost:decimal(15,2), l_quantity:decimal(15,2)]
-->                   publishes df_41: keys of l_partkey
-->                 - TableScan[lake: lake tpch.partsupp] => [ps_partkey:bigint, ps_suppkey:bigint, ps_supplycost:decimal(15,2)]
-->                       narrowed by df_41
-->                       files: DATA/tpch-sf0.01/lake/tpch/partsupp.parquet
-->                 - InnerJoin[l_partkey = p_partkey] => [l_partkey:bigint, l_suppkey:bigint, l_quantity:decimal(15,2)]
-->                       publishes df_42: keys of p_partkey
-->                     - TableScan[lake: lake tpch.lineitem] => [l_partkey:bigint, l_suppkey:bigint, l_quantity:decimal(15,2)]
-->                           narrowed by df_42
-->                           files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->                     - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                           files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                           filtered while decoding by p_name
