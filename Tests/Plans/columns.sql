-- only columns that are asked for are read
SELECT c_name FROM customer WHERE c_acctbal > 0;
--> - Output[c_name] => [c_name:varchar]
-->     - TableScan[lake: lake tpch.customer] => [c_name:varchar]
-->           files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->           filtered while decoding by c_acctbal
-->           row groups and pages skipped by c_acctbal

-- none at all to count rows
SELECT count(*) FROM customer;
--> - Output[_col0] => [count:bigint]
-->     - Project => [count:bigint]
-->           count := count
-->         - TableScan[lake: lake tpch.customer] => [count:bigint]
-->               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->               answered from footers: count(*)

-- not those that a sub-query yields in vain
SELECT a FROM (SELECT c_custkey AS a, c_name AS b, upper(c_address) AS c FROM customer);
--> - Output[a] => [c_custkey:bigint]
-->     - TableScan[lake: lake tpch.customer] => [c_custkey:bigint]
-->           files: DATA/tpch-sf0.01/lake/tpch/customer.parquet

-- not those that only a join needs, above it
SELECT o.o_totalprice FROM orders o JOIN customer c ON c.c_custkey = o.o_custkey WHERE c.c_nationkey = 3;
--> - Output[o_totalprice] => [o_totalprice:decimal(15,2)]
-->     - InnerJoin[o_custkey = c_custkey] => [o_totalprice:decimal(15,2)]
-->           publishes df_23: keys of c_custkey
-->         - TableScan[lake: lake tpch.orders] => [o_custkey:bigint, o_totalprice:decimal(15,2)]
-->               narrowed by df_23
-->               files: DATA/tpch-sf0.01/lake/tpch/orders.parquet
-->         - TableScan[lake: lake tpch.customer] => [c_custkey:bigint]
-->               files: DATA/tpch-sf0.01/lake/tpch/customer.parquet
-->               filtered while decoding by c_nationkey
-->               row groups and pages skipped by c_nationkey

-- the same of PostgreSQL
SELECT a FROM (SELECT c_custkey AS a, c_name AS b, upper(c_address) AS c FROM postgres.public.customer) WHERE a > 100;
--> - Output[a] => [c_custkey:bigint]
-->     - TableScan[postgres: public.customer where "c_custkey" > 100] => [c_custkey:bigint]
-->           remote SQL: COPY (SELECT "c_custkey" FROM "public"."customer" WHERE "c_custkey" > 100::int8) TO STDOUT (FORMAT binary)
