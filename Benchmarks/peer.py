"""A peer as a process that answers lines of JSON, as minipresto-bench does: peer.py duckdb|polars|datafusion|chdb THREADS TABLES [held]

TABLES is a JSON object of Parquet files by name; `held`: copied into memory before the first request. A request is {"sql": …, "runs": 3} or, for Polars' own interface,
{"call": "suites.distinct.polars", "arguments": […], …}, a function that takes the tables and the arguments and answers a lazy frame; with
"values": 1000 the columns come too, and the rows as lists unless they are more. A run's time is from the text to the
end of the result in the engine's own columns (Arrow batches from DuckDB, which it gives faster than tables, an Arrow table from DataFusion and chDB,
a frame in Polars), planning included.
"""

import datetime
import decimal
import importlib
import json
import sys
import time


class Engine:
    """`table` answers a query's whole result, `rows` reads it to the end and counts."""

    def rows(self, sql):
        return len(self.table(sql))


class DuckDB(Engine):
    def __init__(self, threads, tables, held):
        import duckdb

        self.connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        self.connection.execute(f"SET threads = {threads}; SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
        for table, path in tables.items():
            self.connection.execute(f"CREATE {'TABLE' if held else 'VIEW'} {table} AS SELECT * FROM read_parquet('{path}')")

    def table(self, sql):
        return self.connection.execute(sql).to_arrow_table()

    def rows(self, sql):
        return sum(len(batch) for batch in self.connection.execute(sql).to_arrow_reader(100_000))


class Polars(Engine):
    def __init__(self, threads, tables, held):
        import polars

        assert polars.thread_pool_size() == threads
        self.frames = {table: polars.read_parquet(path).lazy() if held else polars.scan_parquet(path) for table, path in tables.items()}
        self.context = polars.SQLContext(self.frames)

    def table(self, sql):
        return self.context.execute(sql).collect(engine="streaming")

    def called(self, name, arguments):
        module, function = name.rsplit(".", 1)
        return getattr(importlib.import_module(module), function)(self.frames, *arguments).collect(engine="streaming")


class DataFusion(Engine):
    def __init__(self, threads, tables, held):
        from datafusion import SessionConfig, SessionContext

        config = SessionConfig().with_target_partitions(threads).set("datafusion.sql_parser.enable_ident_normalization", "false")
        config = config.set("datafusion.execution.parquet.pushdown_filters", "true")
        self.context = SessionContext(config)
        for table, path in tables.items():
            self.context.register_parquet(f"{table}_file" if held else table, path)
            if held:
                self.context.sql(f"CREATE TABLE {table} AS SELECT * FROM {table}_file").collect()

    def table(self, sql):
        import pyarrow

        frame = self.context.sql(sql)
        batches = frame.collect()
        return pyarrow.Table.from_batches(batches, None if batches else frame.schema())


class ClickHouse(Engine):
    def __init__(self, threads, tables, held):
        from chdb import session

        self.session = session.Session()
        self.session.query(f"SET max_threads = {threads}; SET join_use_nulls = 1; SET session_timezone = 'UTC'; SET output_format_arrow_string_as_string = 1")
        # Columns without NULL in them are read as such, as ClickHouse's own benchmark declares them.
        for table, path in tables.items():
            kind = f"TABLE {table} ENGINE = Memory" if held else f"VIEW {table}"
            self.session.query(f"CREATE {kind} AS SELECT * FROM file('{path}', Parquet) SETTINGS schema_inference_make_columns_nullable = 'auto'")

    def table(self, sql):
        import pyarrow

        answer = self.session.query(sql, "Arrow")
        return pyarrow.ipc.open_file(pyarrow.py_buffer(answer.bytes())).read_all()


ENGINES = {"duckdb": DuckDB, "polars": Polars, "datafusion": DataFusion, "chdb": ClickHouse}


def plain(value):
    if isinstance(value, (datetime.date, datetime.datetime, decimal.Decimal)):
        return str(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def lists(table):
    """The columns of a table with their types, and its rows."""
    table = table.to_arrow() if hasattr(table, "to_arrow") else table
    columns = [[field.name, str(field.type)] for field in table.schema]
    return columns, [[plain(value) for value in row] for row in zip(*(column.to_pylist() for column in table.columns))]


def answer(engine, request):
    reply = {"seconds": [], "rows": 0, "error": None}
    try:
        if "values" in request:
            table = engine.called(request["call"], request["arguments"]) if "call" in request else engine.table(request["sql"])
            reply["rows"] = len(table)
            reply["columns"], values = lists(table if len(table) <= request["values"] else table.slice(0, 0))
            if len(table) <= request["values"]:
                reply["values"] = values
            return reply
        for _ in range(request.get("runs") or 1):
            began = time.perf_counter()
            reply["rows"] = len(engine.called(request["call"], request["arguments"])) if "call" in request else engine.rows(request["sql"])
            reply["seconds"].append(time.perf_counter() - began)
    except BaseException as error:  # Polars and DataFusion raise panics, which are no Exceptions.
        if isinstance(error, KeyboardInterrupt):
            raise
        reply["error"] = f"{type(error).__name__}: {error}"
    return reply


def main():
    engine = ENGINES[sys.argv[1]](int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4:] == ["held"])
    for line in sys.stdin:
        print(json.dumps(answer(engine, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
