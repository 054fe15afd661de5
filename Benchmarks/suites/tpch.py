"""TPC-H over Parquet beside all peers; bench.py has the other sources, beside DuckDB. Polars' texts are those of tpch_polars.py."""

from . import Suite, tpch_tables


def suite(folder, options):
    lake, tables = tpch_tables.make(folder)
    queries = []
    for file in sorted((tpch_tables.ROOT / "Tests/TPCH").glob("q*.sql")):
        queries.append((file.stem, {"minipresto": file.read_text(), "Polars": {"call": f"suites.tpch_polars.{file.stem}", "arguments": []}}))
    return Suite("tpch", "TPC-H SF 1: all tables in Parquet, all peers", lake, "tpch", tables, queries)
