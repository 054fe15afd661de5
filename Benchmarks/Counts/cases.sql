-- The micro-suite of `make counts`: statements with an empty line between. Each runs as often as its heading says, `-- case NAME RUNS`, so that a short one
-- outweighs the threads that hand it on.
--
-- A case is mostly one hot loop over 120,000 lines or 15,000 orders of TPC-H, from Parquet files that counts.py writes. `lineitem` and `orders` are plain and
-- not compressed: next to nothing to decode. Tables of the memory connector would not do, planning scans their columns for statistics each time.

-- case select_1 1000
SELECT 1

-- case plan_tpch_q08 3
EXPLAIN SELECT o_year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / sum(volume) AS mkt_share
FROM (
  SELECT extract(YEAR FROM o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) AS volume, n2.n_name AS nation
  FROM tpch.part, tpch.supplier, tpch.lineitem, tpch.orders, tpch.customer, tpch.nation n1, tpch.nation n2,
    tpch.region
  WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = o_orderkey AND o_custkey = c_custkey
    AND c_nationkey = n1.n_nationkey AND n1.n_regionkey = r_regionkey AND r_name = 'AMERICA' AND s_nationkey = n2.n_nationkey
    AND o_orderdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31' AND p_type = 'ECONOMY ANODIZED STEEL'
) AS all_nations
GROUP BY o_year
ORDER BY o_year

-- case filter 5
SELECT count(*) FROM lineitem WHERE l_shipdate >= DATE '1994-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24

-- case arithmetic 2
SELECT sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)), sum(sqrt(CAST(l_quantity AS double)) * 0.5), sum(l_partkey * 3 + l_suppkey) FROM lineitem

-- case dates 2
SELECT sum(year(l_shipdate)), count_if(date_trunc('month', l_commitdate) < l_receiptdate), sum(date_diff('day', l_shipdate, l_receiptdate)) FROM lineitem

-- case text
SELECT max(upper(substr(l_comment, 3, 8)) || '-' || CAST(l_orderkey AS varchar)) FROM lineitem

-- case json
SELECT sum(CAST(json_extract_scalar('{"a": 1, "b": {"c": ' || CAST(o_custkey AS varchar) || '}}', '$.b.c') AS bigint)) FROM orders

-- case like
SELECT count(*) FROM lineitem WHERE l_comment LIKE '%special%requests%'

-- case like_any
SELECT count(*) FROM lineitem WHERE l_comment LIKE '%furious%' OR l_comment LIKE '%express%' OR l_comment LIKE '%pending%' OR l_comment LIKE '%ironic%'

-- case regexp
SELECT count(*) FROM lineitem WHERE regexp_like(l_comment, '(quick|slow|care)[a-z]*ly\s+(final|bold|even)\s+[a-z]+s\b')

-- case group_few
SELECT l_returnflag, l_linestatus, sum(l_quantity), avg(l_discount), min(l_shipdate), count(*) FROM lineitem GROUP BY l_returnflag, l_linestatus

-- case group_many
SELECT l_orderkey, sum(l_quantity), count(*) FROM lineitem GROUP BY l_orderkey

-- case group_text
SELECT l_comment, count(*) FROM lineitem GROUP BY l_comment

-- case distinct
SELECT count(DISTINCT l_partkey) FROM lineitem

-- case approx_distinct 2
SELECT approx_distinct(l_orderkey), approx_distinct(l_comment) FROM lineitem

-- case percentile
SELECT approx_percentile(l_extendedprice, 0.9) FROM lineitem

-- case join_number
SELECT count(*), sum(o_totalprice) FROM lineitem JOIN orders ON l_orderkey = o_orderkey AND l_shipdate > o_orderdate

-- case join_text
SELECT count(*), sum(a.o_totalprice) FROM orders a JOIN orders b ON a.o_comment = b.o_comment

-- case semi_join
SELECT count(*) FROM lineitem WHERE l_orderkey IN (SELECT o_orderkey FROM orders WHERE o_orderpriority = '1-URGENT')

-- case sort
SELECT l_orderkey, l_comment FROM lineitem ORDER BY l_shipmode, l_extendedprice DESC

-- case top_n
SELECT l_orderkey, l_linenumber, l_extendedprice FROM lineitem ORDER BY l_extendedprice DESC, l_orderkey LIMIT 100

-- case window
SELECT row_number() OVER w, sum(o_totalprice) OVER w, lag(o_orderdate) OVER w FROM orders WINDOW w AS (PARTITION BY o_custkey ORDER BY o_orderdate)

-- case unnest
SELECT sum(part) FROM orders CROSS JOIN UNNEST(transform(ARRAY[o_orderkey, o_custkey], key -> key + 1)) AS parts (part)

-- case parquet_plain 2
SELECT * FROM lineitem

-- case parquet_dictionary 5
SELECT * FROM dictionary

-- case parquet_delta
SELECT * FROM delta

-- case parquet_snappy
SELECT * FROM snappy

-- case parquet_zstd
SELECT * FROM zstd
