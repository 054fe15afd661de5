"""approx_distinct over columns of TPC-H at scale factor 1, of each engine's own making: how fast, and how far from the truth.

The exact counts are timed beside. Polars has no word for it in SQL, so it is asked by its own interface.
"""

from . import Suite, tpch_tables

COLUMNS = {
    "l_orderkey": "lineitem", "l_partkey": "lineitem", "l_suppkey": "lineitem", "l_comment": "lineitem", "l_shipdate": "lineitem",
    "l_extendedprice": "lineitem", "o_custkey": "orders", "o_comment": "orders", "o_totalprice": "orders",
}
EXACT = ["l_orderkey", "l_partkey", "l_comment", "o_custkey"]
GROUPED = {"l_partkey": "l_shipmode", "l_orderkey": "l_suppkey"}


def polars(tables, table, column, group=None):
    """Called in Polars' process."""
    import polars as pl

    count = pl.col(column).approx_n_unique()
    return tables[table].group_by(group).agg(count) if group else tables[table].select(count)


def by_polars(*arguments):
    return {"call": "suites.distinct.polars", "arguments": list(arguments)}


def approximate(column):
    return f"SELECT approx_distinct({column}) FROM {COLUMNS[column]}"


def queries():
    for column, table in COLUMNS.items():
        yield f"approx {column}", {"minipresto": approximate(column), "Polars": by_polars(table, column)}
    for column, group in GROUPED.items():
        table = COLUMNS[column]
        sql = f"SELECT {group}, approx_distinct({column}) FROM {table} GROUP BY {group}"
        yield f"approx {column} by {group}", {"minipresto": sql, "Polars": by_polars(table, column, group)}
    for column in EXACT:
        yield f"exact {column}", f"SELECT count(DISTINCT {column}) FROM {COLUMNS[column]}"


def errors(results, engines, command):
    """A table of each engine's error against the exact count."""
    import dialects

    def asked(engine, column):
        if engine == "minipresto":
            return float(command.rows(approximate(column))[0][0])
        request = by_polars(COLUMNS[column], column) if engine == "Polars" else {"sql": dialects.text(engine, approximate(column))}
        answer = engines[engine].ask({**request, "values": 1})
        return None if answer.get("error") else float(answer["values"][0][0])

    yield f"| approx_distinct | exact | {' | '.join(engines)} |"
    yield "|---|---|" + "---|" * len(engines)
    for column, table in COLUMNS.items():
        exact = engines["DuckDB"].ask({"sql": f"SELECT count(DISTINCT {column}) FROM {table}", "values": 1})["values"][0][0]
        found = [asked(engine, column) for engine in engines]
        yield f"| {column} | {exact:,} | {' | '.join('–' if value is None else f'{100 * (value - exact) / exact:+.2f} %' for value in found)} |"
    yield ""


def suite(folder, options):
    lake, paths = tpch_tables.make(folder)
    tables = {table: paths[table] for table in ("lineitem", "orders")}
    return Suite("distinct", "approx_distinct, TPC-H SF 1", lake, "tpch", tables, list(queries()), [errors], estimates="approx")
