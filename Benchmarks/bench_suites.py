"""Times further suites in minipresto and its peers side by side, over the same Parquet files or tables in memory, in one run.

    make bench-suites                                       all suites
    make bench-suites ARGS="--suite clickbench"             one of clickbench, groupby, joins, text, distinct, operators, tpch, tpch10
    make bench-suites ARGS="--suite clickbench --rows 100000 --runs 1 --peers DuckDB"     a quick look that it works; writes no results
    make bench-suites ARGS="--suite clickbench --check"     compare answers with DuckDB's instead of timing

Each engine is a warm process with the same number of threads. Each query runs once unmeasured in each engine, then the measured runs take
turns. Results are read to the end: batches in minipresto and DuckDB, Arrow tables or frames in the others. Figures are medians, ratios are minipresto's time
over the peer's, so below 1 is faster. Rows are counted in every run and compared; --check compares values, or for results of
more than 20,000 rows a digest that no order of rows changes. Queries that Polars, DataFusion or ClickHouse do not know have no figure.
"""

import argparse
import datetime
import importlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks"))
import agreement  # noqa: E402
import dialects  # noqa: E402
import report  # noqa: E402
from engines import DUCKDB, MINIPRESTO, PEERS, MiniPresto, Peer, build  # noqa: E402
from measure import measure  # noqa: E402

SUITES = ["tpch", "tpch10", "clickbench", "groupby", "joins", "text", "distinct", "operators"]
PATIENCE = 120


def texts(query, peers):
    """Each engine's text of a query that is one text for all or a text for some."""
    given = query if isinstance(query, dict) else {}
    sql = given.get(MINIPRESTO) or (query if isinstance(query, str) else None)
    found = {MINIPRESTO: sql}
    for peer in peers:
        found[peer] = given[peer] if peer in given else dialects.text(peer, sql)
    return found


def check(suite, queries, executables, peers):
    """Whether minipresto answers as DuckDB does; what the other peers answer is compared too, to see that their texts ask the same."""
    command, wrong = agreement.Command(executables / "minipresto", suite.catalogs(), "lake", suite.schema), 0
    queries = [(name, found) for name, found in queries if not name.startswith(suite.estimates)]
    for name, found in queries:
        differences = {peer: agreement.difference(command, engine, found[MINIPRESTO], found[peer]) for peer, engine in peers.items()}
        told = [f"{peer}: {text}" for peer, text in differences.items() if text and (peer == DUCKDB or not text.startswith("not compared"))]
        wrong += differences[DUCKDB] is not None
        print(f"{name}  {'; '.join(told) or 'agrees'}", flush=True)
    print(f"{suite.key}: {len(queries) - wrong} of {len(queries)} queries agree with DuckDB")
    return wrong == 0


def run(suite, options, executables):
    names = options.queries.split(",") if options.queries else None
    queries = [(name, texts(query, options.peers)) for name, query in suite.queries if not names or name in names]
    peers = {peer: Peer(peer, suite.tables, options.threads, PATIENCE, suite.held) for peer in options.peers}
    if options.check:
        return check(suite, queries, executables, peers)
    catalog, schema, first = suite.place()
    engines = {MINIPRESTO: MiniPresto(executables / "minipresto-bench", suite.catalogs(), catalog, schema, options.threads, PATIENCE, first), **peers}
    for engine in engines.values():
        engine.processor = options.processor
    print(f"{suite.title}{', PROCESSOR seconds' if options.processor else ''}; {options.threads} threads, median of {options.runs} runs")
    results = measure(queries, engines, options.runs)
    command = agreement.Command(executables / "minipresto", suite.catalogs(), "lake", suite.schema)
    notes = [line for note in suite.notes for line in note(results, engines, command)]
    peaks = [f"{name} {peak:,} MB" for name, peak in ((name, engine.peak_megabytes()) for name, engine in engines.items()) if peak]
    notes.append(f"- most memory held: {', '.join(peaks)}")
    for engine in engines.values():
        engine.close()
    print(report.summary(list(engines), results))
    print("\n".join(notes))
    if not (names or options.no_write or options.rows or options.processor):
        about = {"title": suite.title, "engines": list(engines), "threads": options.threads, "runs": options.runs, "notes": notes}
        report.write(ROOT / "Benchmarks", suite.key, {**about, "date": datetime.date.today().isoformat()}, results)
    return all(medians[MINIPRESTO] is not None and not remark for _, medians, remark in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", default=",".join(SUITES), help=f"which, with commas ({','.join(SUITES)})")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"beside which engines, DuckDB first ({','.join(PEERS)})")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each query in each engine (5)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine (2)")
    parser.add_argument("--rows", type=int, help="rows of generated tables (10 million); others write no results")
    parser.add_argument("--queries", help="only these, as q01,q14; writes no results")
    parser.add_argument("--processor", action="store_true", help="processor seconds instead of the clock's, for a busy machine; writes no results")
    parser.add_argument("--check", action="store_true", help="compare answers instead of timing")
    parser.add_argument("--data", type=Path, default=ROOT / ".test", help="where the tables are, made unless there (.test)")
    parser.add_argument("--executables", type=Path, help="take minipresto-bench and minipresto from this folder instead of building them")
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md and its plots alone")
    options = parser.parse_args()
    options.peers = options.peers.split(",")
    executables = options.executables or build("minipresto-bench", "minipresto")
    good = True
    for name in options.suite.split(","):
        good &= run(importlib.import_module(f"suites.{name}").suite(options.data, options), options, executables)
    return 0 if good else 1


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    sys.exit(main())
