"""Shapes of queries over several sources, and over one, for `bench.py --sources cross`, `pg1` and `sq1`.

Tables are TPC-H's, all of them in every source: `lake` is Parquet, `pg` PostgreSQL, `sq` SQLite.

    dyn_…        a small selective side joined to a large table elsewhere      eager_agg_…   grouping over a join of two sources
    semi, anti   IN and NOT EXISTS over sources                                topn_join     the first rows of a join
    same_source  two tables of one source within a query over two              full_…, big_big   nothing selective: everything moves
"""

CROSS = {
    "dyn_pg": "SELECT count(*), sum(l_extendedprice) FROM lake.orders JOIN pg.lineitem ON l_orderkey = o_orderkey WHERE o_orderdate = DATE '1995-03-15' AND o_orderpriority = '1-URGENT'",
    "dyn_sq": "SELECT count(*), sum(l_extendedprice) FROM lake.orders JOIN sq.lineitem ON l_orderkey = o_orderkey WHERE o_orderdate = DATE '1995-03-15' AND o_orderpriority = '1-URGENT'",
    "dyn_pq": "SELECT count(*), sum(l_extendedprice) FROM pg.orders JOIN lake.lineitem ON l_orderkey = o_orderkey WHERE o_orderkey BETWEEN 1000 AND 1100",
    "dyn_sup": "SELECT s_name, sum(l_quantity) FROM sq.supplier JOIN pg.lineitem ON l_suppkey = s_suppkey WHERE s_acctbal > 9950 GROUP BY s_name",
    "dyn_part": "SELECT count(*), sum(l_quantity) FROM lake.part JOIN pg.lineitem ON l_partkey = p_partkey WHERE p_brand = 'Brand#23' AND p_container = 'MED BOX'",
    "eager_agg_pg": "SELECT p_brand, sum(l_quantity) FROM pg.lineitem JOIN lake.part ON l_partkey = p_partkey GROUP BY p_brand",
    "eager_agg_sq": "SELECT n_name, sum(l_quantity) FROM sq.lineitem JOIN lake.supplier ON l_suppkey = s_suppkey JOIN lake.nation ON s_nationkey = n_nationkey GROUP BY n_name",
    "semi_pg": "SELECT count(*), sum(o_totalprice) FROM pg.orders WHERE o_custkey IN (SELECT c_custkey FROM lake.customer WHERE c_mktsegment = 'BUILDING' AND c_acctbal > 9900)",
    "anti": "SELECT count(*) FROM lake.customer WHERE NOT EXISTS (SELECT 1 FROM pg.supplier WHERE s_nationkey = c_nationkey AND s_acctbal > 9990)",
    "union_agg": "SELECT o_orderpriority, sum(o_totalprice) FROM (SELECT o_orderpriority, o_totalprice FROM lake.orders UNION ALL SELECT o_orderpriority, o_totalprice FROM pg.orders) o GROUP BY o_orderpriority",
    "same_source": "SELECT p_brand, sum(l_quantity) FROM pg.orders JOIN pg.lineitem ON l_orderkey = o_orderkey JOIN lake.part ON p_partkey = l_partkey WHERE o_orderdate = DATE '1995-03-15' GROUP BY p_brand",
    "topn_join": "SELECT o_orderkey, o_totalprice, c_name FROM pg.orders JOIN lake.customer ON c_custkey = o_custkey ORDER BY o_totalprice DESC, o_orderkey LIMIT 10",
    "full_join": "SELECT count(*), count(c_custkey), count(o_orderkey) FROM pg.customer FULL JOIN lake.orders ON o_custkey = c_custkey",
    "full_join_sq": "SELECT count(*), count(c_custkey), count(o_orderkey) FROM sq.customer FULL JOIN lake.orders ON o_custkey = c_custkey",
    "big_big": "SELECT o_orderpriority, count(*), sum(l_quantity) FROM pg.lineitem JOIN lake.orders ON l_orderkey = o_orderkey GROUP BY o_orderpriority",
}

# Over one source: {0} is `pg` or `sq`.
SINGLE = {
    "count": "SELECT count(*) FROM {0}.lineitem",
    "scan_all": "SELECT sum(l_orderkey), sum(l_partkey), sum(l_suppkey), sum(l_linenumber), sum(l_quantity), sum(l_extendedprice), sum(l_discount), sum(l_tax), max(l_returnflag), max(l_linestatus), max(l_shipdate), max(l_commitdate), max(l_receiptdate), max(l_shipinstruct), max(l_shipmode), max(l_comment) FROM {0}.lineitem",
    "scan_two": "SELECT sum(l_extendedprice), sum(l_discount) FROM {0}.lineitem",
    "filter_sel": "SELECT count(*), sum(l_extendedprice) FROM {0}.lineitem WHERE l_partkey = 1552",
    "filter_like": "SELECT count(*) FROM {0}.orders WHERE o_comment LIKE '%special%requests%'",
    "filter_or": "SELECT count(*) FROM {0}.lineitem WHERE l_quantity = 1 OR l_discount = 0.07 AND l_tax = 0.02",
    "pk_lookup": "SELECT o_totalprice FROM {0}.orders WHERE o_orderkey = 3000000",
    "pk_in": "SELECT sum(o_totalprice) FROM {0}.orders WHERE o_orderkey IN (1, 2, 3, 500000, 1000000, 3000000)",
    "group_few": "SELECT l_returnflag, l_linestatus, count(*), sum(l_quantity) FROM {0}.lineitem GROUP BY l_returnflag, l_linestatus",
    "group_many": "SELECT count(*), sum(q) FROM (SELECT l_orderkey, sum(l_quantity) AS q FROM {0}.lineitem GROUP BY l_orderkey) g",
    "topn": "SELECT o_orderkey, o_totalprice FROM {0}.orders ORDER BY o_totalprice DESC, o_orderkey LIMIT 10",
    "limit": "SELECT * FROM {0}.lineitem LIMIT 10",
    "minmax_pk": "SELECT min(o_orderkey), max(o_orderkey) FROM {0}.orders",
    "join_sel": "SELECT count(*), sum(l_quantity) FROM {0}.orders JOIN {0}.lineitem ON l_orderkey = o_orderkey WHERE o_orderdate = DATE '1995-03-15'",
}

SHAPES = {"cross": CROSS, **{f"{source}1": {name: sql.format(source) for name, sql in SINGLE.items()} for source in ("pg", "sq")}}
TITLES = {"cross": "shapes over several sources", "pg1": "shapes over PostgreSQL alone", "sq1": "shapes over SQLite alone"}
