"""Tables of a suite's own making: Parquet files that DuckDB writes from texts of SQL."""

import os
import sys
import time

MACROS = """
CREATE MACRO pick(i, purpose, n) AS 1 + (hash(16 * i::BIGINT + purpose) % n)::INTEGER;
CREATE MACRO part(i, purpose) AS (hash(16 * i::BIGINT + purpose) >> 11)::DOUBLE / 9007199254740992;
"""


def make(lake, schema, tables):
    """The Parquet files of all tables, texts by name, unless there; each is written under another name first. Answers the paths.

    The texts may say `pick(i, purpose, n)`, a number from 1 to n, and `part(i, purpose)`, one from 0 to 1: functions of a row's number and what for."""
    import duckdb

    (lake / schema).mkdir(parents=True, exist_ok=True)
    paths = {table: lake / schema / f"{table}.parquet" for table in tables}
    missing = [table for table, path in paths.items() if not path.exists()]
    if missing:
        began = time.monotonic()
        print(f"bench: making {', '.join(missing)} of {schema}", file=sys.stderr)
        connection = duckdb.connect(config={"threads": os.cpu_count() or 2})
        connection.execute(MACROS)
        for table in missing:
            partial = paths[table].with_suffix(".partial")
            connection.execute(f"COPY ({tables[table]}) TO '{partial}' (FORMAT parquet, COMPRESSION snappy)")
            partial.rename(paths[table])
        size = sum(path.stat().st_size for path in paths.values()) / 1e6
        print(f"bench: they took {time.monotonic() - began:.0f} s, {size:.0f} MB", file=sys.stderr)
    return paths
