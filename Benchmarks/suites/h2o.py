"""The tables of h2o.ai's db-benchmark, in its shapes: G1 with 10 million rows and 100 groups (G1_1e7_1e2_0_0), and J1 with 10 million rows (J1_1e7_NA_0_0).

    groups   id1, id2 texts of 100 values, id3 text of 100 thousand; id4, id5 numbers of 100 values, id6 of 100 thousand; v1 1 to 5, v2 1 to 15, v3 to 100
    x        id1, id2, id3 numbers of 10, 10 thousand, 10 million values, id4, id5, id6 the same as texts; v1
    small, medium, big   10, 10 thousand and 10 million rows with the keys of their size and those above, 9 of 10 of which x has; v2

As in the original a key is in x and in the table on the right 9 times of 10 (small: 8 of 10). Values are functions of the row's number, by DuckDB's `hash`.
"""

from . import generated

ROWS = 10_000_000
GROUPS = """
SELECT format('id{{:03d}}', pick(i, 1, 100)) AS id1, format('id{{:03d}}', pick(i, 2, 100)) AS id2, format('id{{:010d}}', pick(i, 3, {rows} // 100)) AS id3,
  pick(i, 4, 100) AS id4, pick(i, 5, 100) AS id5, pick(i, 6, {rows} // 100) AS id6, pick(i, 7, 5) AS v1, pick(i, 8, 15) AS v2, round(100 * part(i, 9), 6) AS v3
FROM range({rows}) t (i)
"""
# A key is a number below 11/10 of the size: x has those up to the size, the other tables those from 1/10 on. Its place in a table is shuffled by a
# multiplication with a prime modulo the size, so keys of a full size are each there once.
X = """
SELECT pick(i, 1, {small}) AS id1, pick(i, 2, {medium}) AS id2, 1 + (i * 7368787 % {rows})::INTEGER AS id3, 'id' || id1::VARCHAR AS id4, 'id' || id2::VARCHAR AS id5,
  'id' || id3::VARCHAR AS id6, round(100 * part(i, 3), 6) AS v1 FROM range({rows}) t (i)
"""
SMALL = "SELECT 1 + {small} // 10 + i::INTEGER AS id1, 'id' || id1::VARCHAR AS id4, round(100 * part(i, 4), 6) AS v2 FROM range({small}) t (i)"
MEDIUM = """
SELECT pick(i, 5, {small}) + {small} // 10 AS id1, 1 + {medium} // 10 + (i * 7919 % {medium})::INTEGER AS id2, 'id' || id1::VARCHAR AS id4, 'id' || id2::VARCHAR AS id5,
  round(100 * part(i, 6), 6) AS v2 FROM range({medium}) t (i)
"""
BIG = """
SELECT pick(i, 7, {small}) + {small} // 10 AS id1, pick(i, 8, {medium}) + {medium} // 10 AS id2, 1 + {rows} // 10 + (i * 6700417 % {rows})::INTEGER AS id3,
  'id' || id1::VARCHAR AS id4, 'id' || id2::VARCHAR AS id5, 'id' || id3::VARCHAR AS id6, round(100 * part(i, 9), 6) AS v2 FROM range({rows}) t (i)
"""
TABLES = {"groups": GROUPS, "x": X, "small": SMALL, "medium": MEDIUM, "big": BIG}


def make(folder, rows):
    """The lake and the paths of all tables, made unless there."""
    lake = folder / ("h2o" if rows == ROWS else f"h2o-{rows}") / "lake"
    return lake, generated.make(lake, "h2o", {table: sql.format(rows=rows, medium=max(100, rows // 1000), small=10) for table, sql in TABLES.items()})
