"""The five joins of h2o.ai's db-benchmark, of `x` with `small`, `medium` and `big`; see h2o.py. Nearly all rows come out, with all columns."""

from . import Suite, h2o

QUERIES = [
    ("q01 small inner on number", "SELECT x.id1, x.id2, x.id3, x.id4, s.id4 AS small_id4, x.id5, x.id6, v1, v2 FROM x JOIN small s ON x.id1 = s.id1"),
    ("q02 medium inner on number", "SELECT x.id1, m.id1 AS medium_id1, x.id2, x.id3, x.id4, m.id4 AS medium_id4, x.id5, m.id5 AS medium_id5, x.id6, v1, v2 FROM x JOIN medium m ON x.id2 = m.id2"),
    ("q03 medium outer on number", "SELECT x.id1, m.id1 AS medium_id1, x.id2, x.id3, x.id4, m.id4 AS medium_id4, x.id5, m.id5 AS medium_id5, x.id6, v1, v2 FROM x LEFT JOIN medium m ON x.id2 = m.id2"),
    ("q04 medium inner on text", "SELECT x.id1, m.id1 AS medium_id1, x.id2, m.id2 AS medium_id2, x.id3, x.id4, m.id4 AS medium_id4, x.id5, x.id6, v1, v2 FROM x JOIN medium m ON x.id5 = m.id5"),
    (
        "q05 big inner on number",
        "SELECT x.id1, b.id1 AS big_id1, x.id2, b.id2 AS big_id2, x.id3, x.id4, b.id4 AS big_id4, x.id5, b.id5 AS big_id5, x.id6, b.id6 AS big_id6, v1, v2 FROM x JOIN big b ON x.id3 = b.id3",
    ),
]


def suite(folder, options):
    rows = options.rows or h2o.ROWS
    lake, paths = h2o.make(folder, rows)
    tables = {table: path for table, path in paths.items() if table != "groups"}
    return Suite("joins", f"db-benchmark's joins, {rows:,} rows", lake, "h2o", tables, QUERIES)
