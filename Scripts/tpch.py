"""Makes TPC-H as Parquet, SQLite and PostgreSQL; see Scripts/tpch.

Each part is made under another name and renamed when complete, so a run that was stopped leaves nothing half-made behind
and a second run does nothing.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import peers

# Columns as `name kind`, where kind is: key, integer, money, date, or the length of a varchar. Then the primary key.
SCHEMA = {
    "region": ("r_regionkey key, r_name 25, r_comment 152", "r_regionkey"),
    "nation": ("n_nationkey key, n_name 25, n_regionkey key, n_comment 152", "n_nationkey"),
    "supplier": (
        "s_suppkey key, s_name 25, s_address 40, s_nationkey key, s_phone 15, s_acctbal money, s_comment 101",
        "s_suppkey",
    ),
    "customer": (
        "c_custkey key, c_name 25, c_address 40, c_nationkey key, c_phone 15, c_acctbal money, c_mktsegment 10, c_comment 117",
        "c_custkey",
    ),
    "part": (
        "p_partkey key, p_name 55, p_mfgr 25, p_brand 10, p_type 25, p_size integer, p_container 10, p_retailprice money, p_comment 23",
        "p_partkey",
    ),
    "partsupp": (
        "ps_partkey key, ps_suppkey key, ps_availqty integer, ps_supplycost money, ps_comment 199",
        "ps_partkey, ps_suppkey",
    ),
    "orders": (
        "o_orderkey key, o_custkey key, o_orderstatus 1, o_totalprice money, o_orderdate date, o_orderpriority 15, o_clerk 15, "
        "o_shippriority integer, o_comment 79",
        "o_orderkey",
    ),
    "lineitem": (
        "l_orderkey key, l_partkey key, l_suppkey key, l_linenumber integer, l_quantity money, l_extendedprice money, "
        "l_discount money, l_tax money, l_returnflag 1, l_linestatus 1, l_shipdate date, l_commitdate date, l_receiptdate date, "
        "l_shipinstruct 25, l_shipmode 10, l_comment 44",
        "l_orderkey, l_linenumber",
    ),
}

POSTGRES = {"key": "bigint", "integer": "integer", "money": "numeric(15,2)", "date": "date"}
# SQLite has no dates; a column declared DATE that holds text is what most programs leave there.
SQLITE = {"key": "INTEGER", "integer": "INTEGER", "money": "REAL", "date": "DATE"}


def columns(table):
    return [tuple(column.split()) for column in SCHEMA[table][0].split(", ")]


def say(text):
    print(f"tpch: {text}", file=sys.stderr, flush=True)


def make_parquet(folder, scale):
    final = folder / "lake" / "tpch"
    if final.exists():
        return
    say(f"Parquet at scale factor {scale}")
    partial = folder / "lake" / ".tpch-partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    generator = Path(sys.executable).parent / "tpchgen-cli"
    arguments = [generator, "--scale-factor", scale, "--format", "parquet", "--output-dir", partial]
    if float(scale) < 0.1:
        # Several row groups even in a small file, so that tests see splits and pruning.
        arguments += ["--parquet-row-group-bytes", "500000"]
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    partial.rename(final)


def parquet_view(connection, folder):
    for table in peers.TABLES:
        connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{folder}/lake/tpch/{table}.parquet')")


def make_sqlite(folder):
    final = folder / "tpch.sqlite"
    if final.exists():
        return
    say("SQLite")
    import sqlite3

    partial = folder / "tpch-partial.sqlite"
    partial.unlink(missing_ok=True)
    database = sqlite3.connect(partial)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    for table in peers.TABLES:
        _, key = SCHEMA[table]
        listed = [f"{name} {SQLITE.get(kind, 'TEXT')} NOT NULL" for name, kind in columns(table)]
        database.execute(f"CREATE TABLE {table} ({', '.join(listed)}, PRIMARY KEY ({key}))")
    connection = peers.connect()
    parquet_view(connection, folder)
    for table in peers.TABLES:
        casts = {"money": "{}::DOUBLE", "date": "{}::VARCHAR"}
        selected = ", ".join(casts.get(kind, "{}").format(name) for name, kind in columns(table))
        # In the order of the primary key, so that the file is laid out as one that grew by inserts.
        reader = connection.execute(f"SELECT {selected} FROM {table} ORDER BY {SCHEMA[table][1]}")
        places = ", ".join("?" * len(columns(table)))
        while rows := reader.fetchmany(100_000):
            database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    database.commit()
    database.execute("ANALYZE")
    database.commit()
    database.close()
    partial.rename(final)


def psql(url, *statements):
    arguments = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1", url]
    for statement in statements:
        arguments += ["-c", statement]
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.strip()


def make_postgres(folder, url):
    if psql(f"{url}postgres", "SELECT 1 FROM pg_database WHERE datname = 'tpch'"):
        return
    say("PostgreSQL")
    psql(f"{url}postgres", "DROP DATABASE IF EXISTS tpch_partial", "CREATE DATABASE tpch_partial")
    database = f"{url}tpch_partial"
    for table in peers.TABLES:
        listed = [f"{name} {POSTGRES.get(kind, f'varchar({kind})')} NOT NULL" for name, kind in columns(table)]
        psql(database, f"CREATE TABLE {table} ({', '.join(listed)})")
    connection = peers.connect()
    parquet_view(connection, folder)
    peers.attach_postgres(connection, url, "tpch_partial")
    for table in peers.TABLES:
        connection.execute(f"INSERT INTO pg.public.{table} FROM {table} ORDER BY {SCHEMA[table][1]}")
    connection.execute("DETACH pg")
    for table in peers.TABLES:
        psql(database, f"ALTER TABLE {table} ADD PRIMARY KEY ({SCHEMA[table][1]})")
    # VACUUM besides: an index-only scan needs the visibility map.
    psql(database, "VACUUM ANALYZE")
    psql(f"{url}postgres", "ALTER DATABASE tpch_partial RENAME TO tpch")


def main():
    folder, scale = Path(sys.argv[1]).resolve(), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    made_for = folder / "scale-factor"
    if made_for.exists() and made_for.read_text() != scale:
        sys.exit(f"tpch: {folder} holds scale factor {made_for.read_text()}, not {scale}")
    made_for.write_text(scale)
    make_parquet(folder, scale)
    if sys.argv[3:] != ["parquet"]:
        make_sqlite(folder)
        if len(sys.argv) > 3:
            make_postgres(folder, sys.argv[3])
    say(f"ready in {os.path.relpath(folder)} ({time.monotonic() - began:.1f} s)")


main()
