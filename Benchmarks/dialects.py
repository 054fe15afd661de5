"""The words of the peers where they differ from Presto's. Queries are written once, in Presto SQL that most engines accept as it is."""

import re

# Functions by another name.
NAMES = {
    "DuckDB": {"approx_distinct": "approx_count_distinct", "regexp_like": "regexp_matches", "stddev": "stddev_samp"},
    "Polars": {"stddev": "stddev_samp"},
    "DataFusion": {},
    "chDB": {"approx_distinct": "uniq", "regexp_like": "match", "regexp_replace": "replaceRegexpOne", "stddev": "stddevSamp", "length": "lengthUTF8"},
}


def text(engine, sql):
    """The query as `engine` wants it: LIMIT before OFFSET, as all but Presto have it. Groups in replacements are $1 in Presto, DataFusion and Polars, \\1 in DuckDB and ClickHouse, which also
    reads backslashes in every literal."""
    sql = re.sub(r"\bOFFSET (\d+)\s+LIMIT (\d+)", r"LIMIT \2 OFFSET \1", sql)
    for name, other in NAMES.get(engine, {}).items():
        sql = re.sub(rf"\b{name}\(", f"{other}(", sql)
    if engine == "Polars" and "ORDER BY count(*)" in sql:
        # It takes the count for one of the results' rows, unless it has a name.
        sql = re.sub(r"count\(\*\)\s+FROM", "count(*) AS c FROM", sql).replace("ORDER BY count(*)", "ORDER BY c")
    if engine in ("DuckDB", "chDB"):
        sql = re.sub(r"'[^']*'", lambda literal: re.sub(r"\$(\d)", r"\\\1", literal.group()), sql)
    if engine == "chDB":
        sql = re.sub(r"'[^']*'", lambda literal: literal.group().replace("\\", "\\\\"), sql)
    return sql
