"""TPC-H over Parquet beside all peers; bench.py has the other sources, beside DuckDB. Polars' texts are those of tpch_polars.py."""

from . import Suite, tpch_tables


def suite(folder, options, scale=1):
    lake, tables = tpch_tables.make(folder, scale)
    queries = []
    for file in sorted((tpch_tables.ROOT / "Tests/TPCH").glob("q*.sql")):
        sql = file.read_text()
        own = {"Polars": {"call": f"suites.tpch_polars.{file.stem}", "arguments": []}}
        if file.stem == "q06":
            # ClickHouse computes 0.06 + 0.01 in binary, which is less than 0.07.
            own["chDB"] = sql.replace("0.06 - 0.01", "0.05").replace("0.06 + 0.01", "0.07")
        queries.append((file.stem, {"minipresto": sql, **own}))
    return Suite("tpch" if scale == 1 else f"tpch{scale}", f"TPC-H SF {scale}: all tables in Parquet, all peers", lake, "tpch", tables, queries)
