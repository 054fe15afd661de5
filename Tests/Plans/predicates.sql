-- a condition on a join's key goes to both sides
SELECT c.c_name FROM customer c JOIN orders o ON o.o_custkey = c.c_custkey WHERE c.c_custkey < 10;
--> - Output[c_name] => [c_name:varchar]
-->     - InnerJoin[o_custkey = c_custkey] => [c_name:varchar]
-->         - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->               filtered while decoding by o_custkey
-->               row groups and pages skipped by o_custkey
-->         - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->               filtered while decoding by c_custkey
-->               row groups and pages skipped by c_custkey

-- of an outer join's condition only what speaks of the inner side goes below it
SELECT c.c_name, o.o_orderkey FROM customer c LEFT JOIN orders o ON o.o_custkey = c.c_custkey AND o.o_totalprice > 1000 AND c.c_acctbal > 0;
--> - Output[c_name, o_orderkey] => [c_name:varchar, o_orderkey:bigint]
-->     - Project => [c_name:varchar, o_orderkey:bigint]
-->         - RightJoin[o_custkey = c_custkey] => [o_orderkey:bigint, c_name:varchar]
-->               and (c_acctbal > 0.00)
-->             - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                   filtered while decoding by o_totalprice
-->                   row groups and pages skipped by o_totalprice
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar, c_acctbal:decimal(15,2)]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- a condition that nulls cannot meet makes an outer join an inner one
SELECT c.c_name FROM customer c LEFT JOIN orders o ON o.o_custkey = c.c_custkey WHERE o.o_totalprice > 1000;
--> - Output[c_name] => [c_name:varchar]
-->     - InnerJoin[o_custkey = c_custkey] => [c_name:varchar]
-->         - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->               filtered while decoding by o_totalprice
-->               row groups and pages skipped by o_totalprice
-->         - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- conditions on both sides of a cross join make it a join
SELECT c.c_name FROM customer c, orders o WHERE o.o_custkey = c.c_custkey AND o.o_orderstatus = 'F' AND c.c_mktsegment = 'BUILDING';
--> - Output[c_name] => [c_name:varchar]
-->     - InnerJoin[o_custkey = c_custkey] => [c_name:varchar]
-->           publishes df_23: keys of c_custkey
-->         - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->               narrowed by df_23
-->               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->               filtered while decoding by o_orderstatus
-->               row groups and pages skipped by o_orderstatus
-->         - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->               filtered while decoding by c_mktsegment
-->               row groups and pages skipped by c_mktsegment

-- a condition over groups' keys goes below the aggregation, one over their sums does not
SELECT o_custkey, sum(o_totalprice) FROM orders GROUP BY o_custkey HAVING o_custkey < 5 AND sum(o_totalprice) > 10;
--> - Output[o_custkey, _col1] => [o_custkey:bigint, sum:decimal(38,2)]
-->     - Filter[(sum > 10.00)] => [o_custkey:bigint, sum:decimal(38,2)]
-->         - Aggregate[o_custkey] => [o_custkey:bigint, sum:decimal(38,2)]
-->               sum := sum(o_totalprice)
-->             - TableScan[lake: lake tpch.orders] => [o_custkey:bigint, o_totalprice:decimal(15,2)]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                   filtered while decoding by o_custkey
-->                   row groups and pages skipped by o_custkey

-- through UNION ALL to every branch
SELECT * FROM (SELECT n_name AS name, n_nationkey AS id FROM nation UNION ALL SELECT r_name, r_regionkey FROM region) WHERE id = 1;
--> - Output[name, id] => [name:varchar, id:bigint]
-->     - Union => [name:varchar, id:bigint]
-->         - Project => [n_name:varchar, n_nationkey:bigint]
-->             - TableScan[lake: lake tpch.nation] => [n_nationkey:bigint, n_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->                   filtered while decoding by n_nationkey
-->                   row groups and pages skipped by n_nationkey
-->         - Project => [r_name:varchar, r_regionkey:bigint]
-->             - TableScan[lake: lake tpch.region] => [r_regionkey:bigint, r_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/region.parquet
-->                   filtered while decoding by r_regionkey
-->                   row groups and pages skipped by r_regionkey

-- below a window only if it is on the partition's keys
SELECT * FROM (SELECT o_custkey, o_orderkey, row_number() OVER (PARTITION BY o_custkey ORDER BY o_orderkey) AS n FROM orders) WHERE o_custkey = 7 AND n = 1;
--> - Output[o_custkey, o_orderkey, n] => [o_custkey:bigint, o_orderkey:bigint, row_number:bigint]
-->     - Project => [o_custkey:bigint, o_orderkey:bigint, row_number:bigint]
-->         - Filter[(row_number = 1)] => [o_orderkey:bigint, o_custkey:bigint, row_number:bigint]
-->             - Window[partition by o_custkey order by o_orderkey ASC NULLS LAST] => [o_orderkey:bigint, o_custkey:bigint, row_number:bigint]
-->                   row_number := row_number()
-->                 - TopN[1 by o_orderkey ASC NULLS LAST for each o_custkey] => [o_orderkey:bigint, o_custkey:bigint]
-->                     - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint]
-->                           files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                           filtered while decoding by o_custkey
-->                           row groups and pages skipped by o_custkey

-- what is the same in every branch of OR is asked before the join
SELECT count(*) FROM lineitem l JOIN part p ON p.p_partkey = l.l_partkey WHERE (p.p_size = 1 AND l.l_quantity > 5) OR (p.p_size = 1 AND l.l_quantity < 2);
--> - Output[_col0] => [count:bigint]
-->     - Aggregate[] => [count:bigint]
-->           count := count(*)
-->         - InnerJoin[l_partkey = p_partkey]
-->               publishes df_32: keys of p_partkey
-->             - TableScan[lake: lake tpch.lineitem] => [l_partkey:bigint]
-->                   narrowed by df_32
-->                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->                   filtered while decoding by l_quantity
-->                   row groups and pages skipped by l_quantity
-->             - TableScan[lake: lake tpch.part] => [p_partkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_size
-->                   row groups and pages skipped by p_size

-- a condition without columns is decided at once
SELECT c_name FROM customer WHERE 1 = 2;
--> - Output[c_name] => [c_name:varchar]
-->     - Values[0 rows] => [c_name:varchar]

-- and constants are folded
SELECT c_name FROM customer WHERE c_custkey = 2 + 3 AND date '1994-01-01' + interval '1' year > date '1994-06-01';
--> - Output[c_name] => [c_name:varchar]
-->     - TableScan[lake: lake tpch.customer] => [c_name:varchar]
-->           files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->           filtered while decoding by c_custkey
-->           row groups and pages skipped by c_custkey
