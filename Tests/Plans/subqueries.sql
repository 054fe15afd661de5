-- IN
SELECT c_name FROM customer WHERE c_custkey IN (SELECT o_custkey FROM orders WHERE o_totalprice > 300000);
--> - Output[c_name] => [c_name:varchar]
-->     - Project => [c_name:varchar]
-->         - SemiJoin[c_custkey = o_custkey] => [c_custkey:bigint, c_name:varchar]
-->               null-aware
-->               hashes the left side
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                   filtered while decoding by o_totalprice
-->                   row groups and pages skipped by o_totalprice

-- NOT IN, which nulls may make unknown
SELECT c_name FROM customer WHERE c_custkey NOT IN (SELECT o_custkey FROM orders);
--> - Output[c_name] => [c_name:varchar]
-->     - Project => [c_name:varchar]
-->         - AntiJoin[c_custkey = o_custkey] => [c_custkey:bigint, c_name:varchar]
-->               null-aware
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- EXISTS
SELECT c_name FROM customer c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.o_custkey = c.c_custkey AND o.o_totalprice > 300000);
--> - Output[c_name] => [c_name:varchar]
-->     - Project => [c_name:varchar]
-->         - SemiJoin[c_custkey = o_custkey] => [c_custkey:bigint, c_name:varchar]
-->               hashes the left side
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                   filtered while decoding by o_totalprice
-->                   row groups and pages skipped by o_totalprice

-- NOT EXISTS with a condition that is no equality
SELECT c_name FROM customer c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.o_custkey = c.c_custkey AND o.o_totalprice > c.c_acctbal);
--> - Output[c_name] => [c_name:varchar]
-->     - Project => [c_name:varchar]
-->         - AntiJoin[c_custkey = o_custkey] => [c_custkey:bigint, c_name:varchar, c_acctbal:decimal(15,2)]
-->               hashes the left side
-->               and (o_totalprice > c_acctbal)
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar, c_acctbal:decimal(15,2)]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - TableScan[lake: lake tpch.orders] => [o_custkey:bigint, o_totalprice:decimal(15,2)]
-->                   files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- EXISTS beside OR is a mark
SELECT c_name FROM customer c WHERE c_acctbal > 9000 OR EXISTS (SELECT 1 FROM orders o WHERE o.o_custkey = c.c_custkey);
--> - Output[c_name] => [c_name:varchar]
-->     - Project => [c_name:varchar]
-->         - Filter[((c_acctbal > 9000.00) OR exists)] => [c_custkey:bigint, c_name:varchar, c_acctbal:decimal(15,2), exists:boolean]
-->             - MarkJoin exists[c_custkey = o_custkey] => [c_custkey:bigint, c_name:varchar, c_acctbal:decimal(15,2), exists:boolean]
-->                   hashes the left side
-->                 - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar, c_acctbal:decimal(15,2)]
-->                       files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->                 - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->                       files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- a scalar that does not depend on the row
SELECT c_name FROM customer WHERE c_acctbal > (SELECT avg(c_acctbal) FROM customer);
--> - Output[c_name] => [c_name:varchar]
-->     - CrossJoin => [c_name:varchar]
-->           and (c_acctbal > avg)
-->         - TableScan[lake: lake tpch.customer] => [c_name:varchar, c_acctbal:decimal(15,2)]
-->               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->         - Aggregate[] => [avg:decimal(15,2)]
-->               avg := avg(c_acctbal)
-->             - TableScan[lake: lake tpch.customer] => [c_acctbal:decimal(15,2)]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- a scalar aggregate of each row's group
SELECT p_name FROM part p WHERE p_retailprice > (SELECT avg(l_extendedprice) FROM lineitem l WHERE l.l_partkey = p.p_partkey);
--> - Output[p_name] => [p_name:varchar]
-->     - Project => [p_name:varchar]
-->         - Filter[(p_retailprice > IF((matched IS NULL), null, avg))] => [p_name:varchar, p_retailprice:decimal(15,2), avg:decimal(15,2), matched:boolean]
-->             - LeftJoin[p_partkey = l_partkey] => [p_name:varchar, p_retailprice:decimal(15,2), avg:decimal(15,2), matched:boolean]
-->                 - TableScan[lake: lake tpch.part] => [p_partkey:bigint, p_name:varchar, p_retailprice:decimal(15,2)]
-->                       files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                 - Project => [l_partkey:bigint, avg:decimal(15,2), matched:boolean]
-->                       matched := true
-->                     - Aggregate[l_partkey] => [l_partkey:bigint, avg:decimal(15,2)]
-->                           avg := avg(l_extendedprice)
-->                         - Project => [l_extendedprice:decimal(15,2), l_partkey:bigint]
-->                             - TableScan[lake: lake tpch.lineitem] => [l_partkey:bigint, l_extendedprice:decimal(15,2)]
-->                                   files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet

-- count, which is 0 and not null where there is nothing
SELECT c_name, (SELECT count(*) FROM orders o WHERE o.o_custkey = c.c_custkey) AS orders FROM customer c;
--> - Output[c_name, orders] => [c_name:varchar, count:bigint]
-->     - Project => [c_name:varchar, count:bigint]
-->           count := IF((matched IS NULL), 0, count)
-->         - LeftJoin[c_custkey = o_custkey] => [c_name:varchar, count:bigint, matched:boolean]
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->             - Project => [o_custkey:bigint, count:bigint, matched:boolean]
-->                   matched := true
-->                 - Aggregate[o_custkey] => [o_custkey:bigint, count:bigint]
-->                       count := count(*)
-->                     - TableScan[lake: lake tpch.orders] => [o_custkey:bigint]
-->                           files: DATA/tpch-sf0.01/lake/tpch/orders.parquet

-- a scalar that must be of one row
SELECT n_name, (SELECT r_name FROM region r WHERE r.r_regionkey = n.n_regionkey) FROM nation n;
--> - Output[n_name, _col1] => [n_name:varchar, r_name:varchar]
-->     - Project => [n_name:varchar, r_name:varchar]
-->         - Filter[IF(first, true, subquery_multiple_rows())] => [n_name:varchar, row:bigint, r_name:varchar, first:boolean]
-->             - MarkDistinct[row] => [n_name:varchar, row:bigint, r_name:varchar, first:boolean]
-->                 - LeftJoin[n_regionkey = r_regionkey] => [n_name:varchar, row:bigint, r_name:varchar]
-->                     - AssignUniqueId => [n_name:varchar, n_regionkey:bigint, row:bigint]
-->                         - TableScan[lake: lake tpch.nation] => [n_name:varchar, n_regionkey:bigint]
-->                               files: DATA/tpch-sf0.01/lake/tpch/nation.parquet
-->                     - Project => [r_name:varchar, r_regionkey:bigint]
-->                         - TableScan[lake: lake tpch.region] => [r_regionkey:bigint, r_name:varchar]
-->                               files: DATA/tpch-sf0.01/lake/tpch/region.parquet

-- ALL and ANY
SELECT p_name FROM part WHERE p_retailprice >= ALL (SELECT p_retailprice FROM part WHERE p_size = 1);
--> - Output[p_name] => [p_name:varchar]
-->     - CrossJoin => [p_name:varchar]
-->           and IF((count = 0), true, ((p_retailprice >= max) AND IF((count <> count), null, true)))
-->         - TableScan[lake: lake tpch.part] => [p_name:varchar, p_retailprice:decimal(15,2)]
-->               files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->         - Aggregate[] => [max:decimal(15,2), count:bigint, count:bigint]
-->               max := max(p_retailprice)
-->               count := count(*)
-->               count := count(p_retailprice)
-->             - TableScan[lake: lake tpch.part] => [p_retailprice:decimal(15,2)]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_size
-->                   row groups and pages skipped by p_size

SELECT p_name FROM part WHERE p_size = ANY (SELECT p_size FROM part WHERE p_brand = 'Brand#11');
--> - Output[p_name] => [p_name:varchar]
-->     - Project => [p_name:varchar]
-->         - SemiJoin[p_size = p_size] => [p_name:varchar, p_size:integer]
-->               null-aware
-->               publishes df_25: keys of p_size
-->             - TableScan[lake: lake tpch.part] => [p_name:varchar, p_size:integer]
-->                   narrowed by df_25
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->             - TableScan[lake: lake tpch.part] => [p_size:integer]
-->                   files: DATA/tpch-sf0.01/lake/tpch/part.parquet
-->                   filtered while decoding by p_brand
-->                   row groups and pages skipped by p_brand

-- LATERAL with a limit for each row
SELECT c.c_name, o.o_totalprice FROM customer c CROSS JOIN LATERAL (SELECT o_totalprice FROM orders WHERE o_custkey = c.c_custkey ORDER BY o_totalprice DESC LIMIT 2) o;
--> - Output[c_name, o_totalprice] => [c_name:varchar, o_totalprice:decimal(15,2)]
-->     - Project => [c_name:varchar, o_totalprice:decimal(15,2)]
-->         - InnerJoin[o_custkey = c_custkey] => [o_totalprice:decimal(15,2), c_name:varchar]
-->             - Filter[(row_number <= 2)] => [o_totalprice:decimal(15,2), o_custkey:bigint, row_number:bigint]
-->                 - Window[partition by o_custkey order by o_totalprice DESC NULLS LAST] => [o_totalprice:decimal(15,2), o_custkey:bigint, row_number:bigint]
-->                       row_number := row_number()
-->                     - TopN[2 by o_totalprice DESC NULLS LAST for each o_custkey] => [o_totalprice:decimal(15,2), o_custkey:bigint]
-->                         - Sort[o_totalprice DESC NULLS LAST] => [o_totalprice:decimal(15,2), o_custkey:bigint]
-->                             - Project => [o_totalprice:decimal(15,2), o_custkey:bigint]
-->                                 - TableScan[lake: lake tpch.orders] => [o_custkey:bigint, o_totalprice:decimal(15,2)]
-->                                       files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- LATERAL that aggregates
SELECT c.c_name, t.total FROM customer c LEFT JOIN LATERAL (SELECT sum(o_totalprice) AS total FROM orders WHERE o_custkey = c.c_custkey) t ON true;
--> - Output[c_name, total] => [c_name:varchar, sum:decimal(38,2)]
-->     - LeftJoin[expr = expr AND expr = expr] => [c_name:varchar, sum:decimal(38,2)]
-->         - Project => [c_name:varchar, expr:bigint, expr:boolean]
-->               expr := COALESCE(c_custkey, 0)
-->               expr := (c_custkey IS NULL)
-->             - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                   files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->         - Project => [sum:decimal(38,2), expr:bigint, expr:boolean]
-->               expr := COALESCE(c_custkey, 0)
-->               expr := (c_custkey IS NULL)
-->             - Aggregate[c_custkey] => [c_custkey:bigint, sum:decimal(38,2)]
-->                   sum := sum(o_totalprice) FILTER (WHERE matched)
-->                 - Project => [c_custkey:bigint, o_totalprice:decimal(15,2), matched:boolean]
-->                     - RightJoin[expr = expr AND expr = expr] => [o_totalprice:decimal(15,2), matched:boolean, c_custkey:bigint]
-->                         - Project => [o_totalprice:decimal(15,2), matched:boolean, expr:bigint, expr:boolean]
-->                               matched := true
-->                               expr := COALESCE(c_custkey, 0)
-->                               expr := (c_custkey IS NULL)
-->                             - InnerJoin[o_custkey = c_custkey] => [o_totalprice:decimal(15,2), c_custkey:bigint]
-->                                 - TableScan[lake: lake tpch.orders] => [o_custkey:bigint, o_totalprice:decimal(15,2)]
-->                                       files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                                 - Aggregate[c_custkey] => [c_custkey:bigint]
-->                                     - Project => [c_custkey:bigint]
-->                                           c_custkey := c_custkey
-->                                         - TableScan[lake: lake tpch.customer] => [c_custkey:bigint]
-->                                               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->                         - Project => [c_custkey:bigint, expr:bigint, expr:boolean]
-->                               expr := COALESCE(c_custkey, 0)
-->                               expr := (c_custkey IS NULL)
-->                             - Aggregate[c_custkey] => [c_custkey:bigint]
-->                                 - Project => [c_custkey:bigint]
-->                                       c_custkey := c_custkey
-->                                     - TableScan[lake: lake tpch.customer] => [c_custkey:bigint]
-->                                           files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- IN above a join filters the one relation that has its keys
SELECT c_name, sum(l_quantity) FROM customer, orders, lineitem
WHERE o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 300) AND c_custkey = o_custkey AND o_orderkey = l_orderkey
GROUP BY c_name;
--> - Output[c_name, _col1] => [c_name:varchar, sum:decimal(38,2)]
-->     - Aggregate[c_name] => [c_name:varchar, sum:decimal(38,2)]
-->           sum := sum(l_quantity)
-->         - Project => [c_name:varchar, l_quantity:decimal(15,2)]
-->             - InnerJoin[l_orderkey = o_orderkey] => [l_quantity:decimal(15,2), c_name:varchar]
-->                   publishes df_64: keys of o_orderkey
-->                 - TableScan[lake: lake tpch.lineitem] => [l_orderkey:bigint, l_quantity:decimal(15,2)]
-->                       narrowed by df_64
-->                       files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->                 - InnerJoin[o_custkey = c_custkey] => [o_orderkey:bigint, c_name:varchar]
-->                     - SemiJoin[o_orderkey = l_orderkey] => [o_orderkey:bigint, o_custkey:bigint]
-->                           null-aware
-->                           publishes df_65: keys of l_orderkey
-->                         - TableScan[lake: lake tpch.orders] => [o_orderkey:bigint, o_custkey:bigint]
-->                               narrowed by df_65
-->                               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->                         - Project => [l_orderkey:bigint]
-->                             - Filter[(sum > 300.00)] => [l_orderkey:bigint, sum:decimal(38,2)]
-->                                 - Aggregate[l_orderkey] => [l_orderkey:bigint, sum:decimal(38,2)]
-->                                       sum := sum(l_quantity)
-->                                     - TableScan[lake: lake tpch.lineitem] => [l_orderkey:bigint, l_quantity:decimal(15,2)]
-->                                           files: DATA/tpch-sf0.01/lake/tpch/lineitem.parquet
-->                     - TableScan[lake: lake tpch.customer] => [c_custkey:bigint, c_name:varchar]
-->                           files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
