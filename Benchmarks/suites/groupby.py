"""The ten group-by queries of h2o.ai's db-benchmark over `groups`; see h2o.py."""

from . import Suite, h2o

QUERIES = [
    "SELECT id1, sum(v1) AS v1 FROM groups GROUP BY id1",
    "SELECT id1, id2, sum(v1) AS v1 FROM groups GROUP BY id1, id2",
    "SELECT id3, sum(v1) AS v1, avg(v3) AS v3 FROM groups GROUP BY id3",
    "SELECT id4, avg(v1) AS v1, avg(v2) AS v2, avg(v3) AS v3 FROM groups GROUP BY id4",
    "SELECT id6, sum(v1) AS v1, sum(v2) AS v2, sum(v3) AS v3 FROM groups GROUP BY id6",
    "SELECT id4, id5, median(v3) AS median_v3, stddev(v3) AS sd_v3 FROM groups GROUP BY id4, id5",
    "SELECT id3, max(v1) - min(v2) AS range_v1_v2 FROM groups GROUP BY id3",
    "SELECT id6, v3 AS largest2_v3 FROM (SELECT id6, v3, row_number() OVER (PARTITION BY id6 ORDER BY v3 DESC) AS place FROM groups) ranked WHERE place <= 2",
    "SELECT id2, id4, power(corr(v1, v2), 2) AS r2 FROM groups GROUP BY id2, id4",
    "SELECT id1, id2, id3, id4, id5, id6, sum(v3) AS v3, count(*) AS rows_of_group FROM groups GROUP BY id1, id2, id3, id4, id5, id6",
]


def suite(folder, options):
    rows = options.rows or h2o.ROWS
    lake, paths = h2o.make(folder, rows)
    queries = [(f"q{number:02}", sql) for number, sql in enumerate(QUERIES, 1)]
    return Suite("groupby", f"db-benchmark's group-by, {rows:,} rows", lake, "h2o", {"groups": paths["groups"]}, queries)
