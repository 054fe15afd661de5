"""Times the 22 TPC-H queries in minipresto and DuckDB side by side, over the same sources, in one run.

    make bench ARGS="--sources parquet"           all Parquet, scale factor 1; without ARGS make runs short.py
    make bench ARGS="--sources fed"               tables split over the three sources
    make bench ARGS="--sources cross"             other shapes over several sources, see shapes.py
    make bench ARGS="--sources pg1"               shapes over one source, beside what the source itself takes, see native.py
    make bench ARGS="--sources fed --peers DuckDB,chDB,Spark"     more engines that read other sources; first Scripts/setup peers
    make bench ARGS="--scale 0.01 --runs 1"       a quick look that it works; writes no results

Both engines are warm processes with the same number of threads. Each query runs once unmeasured in each, then the measured runs
take turns, A B A B, so that what else the machine does falls on both. Results are read to the end: batches in minipresto, an Arrow
table in DuckDB. A figure is the median; a ratio is minipresto's time over DuckDB's, so below 1 is faster; the geometric mean is over
the queries that both answered. Rows are counted in every run and compared; --check compares every value with the committed answers.
"""

import argparse
import datetime
import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Scripts"))
sys.path.insert(0, str(ROOT / "Benchmarks"))
import native  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402
import shapes  # noqa: E402
from engines import FEDERATED, Federated, MiniPresto, build  # noqa: E402
from measure import measure  # noqa: E402

# Which source holds which table. `lake` is Parquet, `pg` PostgreSQL, `sq` SQLite.
SOURCES = {
    "parquet": {table: "lake" for table in peers.TABLES},
    "postgres": {table: "pg" for table in peers.TABLES},
    "sqlite": {table: "sq" for table in peers.TABLES},
    "fed": {
        **dict.fromkeys(["orders", "lineitem"], "lake"),
        **dict.fromkeys(["customer", "nation", "region"], "pg"),
        **dict.fromkeys(["part", "partsupp", "supplier"], "sq"),
    },
    "fed2": {
        **dict.fromkeys(["orders", "lineitem"], "pg"),
        **dict.fromkeys(["part", "partsupp", "supplier"], "lake"),
        **dict.fromkeys(["customer", "nation", "region"], "sq"),
    },
    "fed3": {
        **dict.fromkeys(["orders", "lineitem"], "sq"),
        **dict.fromkeys(["part", "partsupp", "supplier"], "pg"),
        **dict.fromkeys(["customer", "nation", "region"], "lake"),
    },
}
# Shapes name their sources: every table is in each.
SOURCES.update(dict.fromkeys(shapes.SHAPES, {}))
SCHEMAS = {"lake": "tpch", "pg": "public", "sq": "main"}
# Seconds that chDB and Spark have for a query.
PATIENCE = 180
TITLES = {
    "parquet": "all tables in Parquet",
    "postgres": "all tables in PostgreSQL",
    "sqlite": "all tables in SQLite",
    "fed": "orders and lineitem in Parquet, customer, nation and region in PostgreSQL, part, partsupp and supplier in SQLite",
    "fed2": "orders and lineitem in PostgreSQL, part, partsupp and supplier in Parquet, customer, nation and region in SQLite",
    "fed3": "orders and lineitem in SQLite, part, partsupp and supplier in PostgreSQL, customer, nation and region in Parquet",
    **shapes.TITLES,
}


def explicit(sql):
    """A shape with minipresto's schemas: `pg.orders` is `pg.public.orders`."""
    return re.sub(r"\b(lake|pg|sq)\.(?=[a-z])", lambda match: f"{match[1]}.{SCHEMAS[match[1]]}.", sql)


def qualified(sql, places):
    """The query with each table named by its catalog and schema."""
    pattern = re.compile(rf"\b(FROM|JOIN)(\s+)({'|'.join(peers.TABLES)})\b|(,)(\s+)({'|'.join(peers.TABLES)})\b(?!\s*\.)", re.IGNORECASE)

    def name(match):
        before, space, table = match.group(1) or match.group(4), match.group(2) or match.group(5), match.group(3) or match.group(6)
        return f"{before}{space}{places[table]}.{SCHEMAS[places[table]]}.{table}"

    return pattern.sub(name, sql)


class DuckDB:
    def __init__(self, places, data, url, threads):
        self.connection = peers.connect(threads)
        self.connection.execute("SET parquet_metadata_cache = true")
        if url:
            peers.attach_postgres(self.connection, url, "tpch")
        if not places or "sq" in places.values():
            peers.attach_sqlite(self.connection, data / "tpch.sqlite")
        if not places:
            self.connection.execute("ATTACH ':memory:' AS lake")
            for table in peers.TABLES:
                self.connection.execute(f"CREATE VIEW lake.{table} AS SELECT * FROM read_parquet('{data}/lake/tpch/{table}.parquet')")
        for table, place in places.items():
            source = f"read_parquet('{data}/lake/tpch/{table}.parquet')" if place == "lake" else f"{place}.{table}"
            self.connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {source}")

    def run(self, sql):
        """Seconds, rows, and what went wrong."""
        began = time.perf_counter()
        try:
            rows = self.connection.execute(sql).to_arrow_table().num_rows
        except Exception as error:
            return None, 0, str(error)
        return time.perf_counter() - began, rows, None


def catalogs(data, url):
    """A directory with the catalogs of all three sources."""
    folder = data / "catalogs"
    folder.mkdir(exist_ok=True)
    (folder / "lake.properties").write_text(f"connector.name=lake\nlake.location={data}/lake\n")
    (folder / "sq.properties").write_text(f"connector.name=sqlite\nsqlite.path={data}/tpch.sqlite\n")
    postgres = folder / "pg.properties"
    postgres.unlink(missing_ok=True)
    if url:
        postgres.write_text(f"connector.name=postgresql\nconnection-url={url}tpch\n")
    return folder


def differences(executable, folder, sql, answers):
    """What `minipresto --execute` answers otherwise than the file of answers: a text, or nothing. Numbers may differ by 0.01 or 1e-9 of them."""
    arguments = [executable, "--catalogs", folder, f"--execute={sql}", "--output-format", "TSV"]
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        return f"error: {(done.stderr.strip() or str(done.returncode)).splitlines()[0]}"
    wanted = [line.split("\t") for line in answers.read_text().splitlines()[1:]]
    found = [line.split("\t") for line in done.stdout.splitlines()]
    if len(found) != len(wanted):
        return f"{len(found)} rows, not {len(wanted)}"
    for number, (one, other) in enumerate(zip(found, wanted), 1):
        if len(one) != len(other) or not all(map(same, one, other)):
            return f"row {number}: {one}, not {other}"
    return None


def same(one, other):
    if one == other or (other == "\\N" and one in ("", "NULL")):
        return True
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=0.01)
    except ValueError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", default="1", help="TPC-H scale factor (1)")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each query in each engine (5)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine (2)")
    parser.add_argument("--sources", default="parquet", choices=SOURCES, help="where the tables are (parquet)")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=["DuckDB"], help="compare with these (DuckDB)")
    parser.add_argument("--queries", help="only these, as q01,q14")
    parser.add_argument("--check", action="store_true", help="compare every value with the committed answers instead of timing")
    parser.add_argument("--no-build", action="store_true", help="take the executables as they are")
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md and its plots alone")
    arguments = parser.parse_args()

    data, places, url = ROOT / f".test/tpch-sf{arguments.scale}", SOURCES[arguments.sources], None
    executables = ROOT / "Benchmarks/.build/release" if arguments.no_build else build("minipresto-bench", *(["minipresto"] if arguments.check else []))
    cluster = ROOT / (".test/bench-postgres" if arguments.scale == "1" else f".test/bench-postgres-{arguments.scale}")
    try:
        if not places or "pg" in places.values():
            url = subprocess.run([ROOT / "Scripts/postgres", "start", cluster], check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run([ROOT / "Scripts/tpch", data, arguments.scale] + ([url] if url else []), check=True)
        folder = catalogs(data, url)
        wanted = arguments.queries.split(",") if arguments.queries else None
        texts = {path.stem: path.read_text() for path in sorted((ROOT / "Tests/TPCH").glob("q*.sql"))}
        texts = shapes.SHAPES.get(arguments.sources, texts)
        queries = [(name, text) for name, text in texts.items() if not wanted or name in wanted]
        if arguments.check and places:
            return check(queries, places, executables / "minipresto", folder, arguments.scale)
        home = places.get("lineitem", "lake")
        engines = {
            "minipresto": MiniPresto(executables / "minipresto-bench", folder, home, SCHEMAS[home], arguments.threads),
        }
        sources = {"lake": f"{data}/lake/tpch", "sq": f"{data}/tpch.sqlite", **({"pg": f"{url}tpch"} if url else {})}
        for peer in arguments.peers:
            if peer not in FEDERATED:
                parser.error(f"--peers are of {', '.join(FEDERATED)}, not {peer}")
            engines[peer] = (
                DuckDB(places, data, url, arguments.threads) if peer == "DuckDB"
                else Federated(peer, sources, places, peers.TABLES, arguments.threads, PATIENCE))
        if arguments.sources == "pg1":
            engines["PostgreSQL"] = native.PostgreSQL(url, "tpch")
        if arguments.sources == "sq1":
            engines["SQLite"] = native.SQLite(data / "tpch.sqlite")
        title = f"TPC-H SF {arguments.scale}: {TITLES[arguments.sources]}"
        print(f"{title}; {arguments.threads} threads, median of {arguments.runs} runs")
        pairs = [(name, {"minipresto": qualified(text, places) if places else explicit(text), **{
            engine: runner.text(text) if hasattr(runner, "text") else text for engine, runner in engines.items() if engine != "minipresto"
        }}) for name, text in queries]
        results = measure(pairs, engines, arguments.runs)
        for engine in engines.values():
            if hasattr(engine, "close"):
                engine.close()
        print(report.summary(list(engines), results))
        if arguments.scale == "1" and not wanted and not arguments.no_write:
            about = {"title": title, "engines": list(engines), "threads": arguments.threads, "runs": arguments.runs, "date": datetime.date.today().isoformat()}
            about["versions"] = {engine: runner.version for engine, runner in engines.items() if hasattr(runner, "version")}
            report.write(ROOT / "Benchmarks", arguments.sources, about, results)
        return 0 if all(None not in (medians["minipresto"], medians.get("DuckDB", 0)) and not remark for _, medians, remark in results) else 1
    finally:
        if url:
            subprocess.run([ROOT / "Scripts/postgres", "stop", cluster], check=False)


def check(queries, places, command, folder, scale):
    answers, wrong = ROOT / f"Tests/TPCH/answers-sf{scale}", 0
    for name, text in queries:
        difference = differences(command, folder, qualified(text, places), answers / f"{name}.tsv")
        wrong += difference is not None
        print(f"{name}  {difference or 'agrees'}", flush=True)
    print(f"{len(queries) - wrong} of {len(queries)} queries agree with {answers.relative_to(ROOT)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    sys.exit(main())
