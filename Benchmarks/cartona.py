"""The Cartona dashboard: 38 queries over three PostgreSQL databases, a SQLite file and event files in buckets or folders, in place.

    make cartona                                   7 days: sources, agreement with PostgreSQL, times
    make cartona ARGS="--days 30 --runs 5"         the benchmark's size; 180 is the large one
    make cartona ARGS="--local"                    event files in local folders instead of an S3 (moto's)
    make cartona ARGS="--only 5,17 --check"        some queries, agreement alone

Each query of Benchmarks/Cartona is Presto SQL with a title, and where approximates or a regular expression serve, a second form (`-- tuned`).
`{first}` and `{last}` stand for the first and last day of the data. A refresh sends all of them, four at a time. Compared are

    native    every table copied into one PostgreSQL database, the queries translated and run there
    duckdb    DuckDB attached to the same databases, file and folders (always the local ones)
    exact     minipresto over the sources in place
    tuned     the same, with the second forms

Agreement is of every value with native's: numbers to 9 digits, rows in any order where ORDER BY leaves it open. An approximate may be off by
3 standard errors.
"""

import argparse
import concurrent.futures
import datetime
import decimal
import json
import math
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Scripts"))
import peers  # noqa: E402

DATABASES = ["orders", "analytics", "prices"]
TABLES = {
    "orders": ["retailers", "suppliers", "products", "supplier_products", "orders", "order_items", "promotions"],
    "analytics": ["retailer_segments", "monthly_targets", "experiments", "delivery_sla"],
    "prices": ["price_changes", "stock_changes"],
    "field": ["agents", "visits", "governorates", "holidays"],
    "retailer_events": ["tracks", "screens", "identifies"],
    "supplier_events": ["tracks", "screens", "identifies"],
}
SCHEMA = {"orders": "public", "analytics": "public", "prices": "public", "field": "main", "retailer_events": "app", "supplier_events": "app"}
FIRST = datetime.date(2021, 4, 26)
# What the sources have indexed, the copy has too.
NATIVE_INDEXES = [
    "ALTER TABLE orders.retailers ADD PRIMARY KEY (id)", "ALTER TABLE orders.suppliers ADD PRIMARY KEY (id)",
    "ALTER TABLE orders.products ADD PRIMARY KEY (id)", "ALTER TABLE orders.supplier_products ADD PRIMARY KEY (supplier_id, product_id)",
    "ALTER TABLE orders.orders ADD PRIMARY KEY (id)", "ALTER TABLE orders.order_items ADD PRIMARY KEY (order_id, line)",
    "ALTER TABLE orders.promotions ADD PRIMARY KEY (code)", "CREATE INDEX ON orders.orders (created_at)",
    "CREATE INDEX ON orders.orders (retailer_id)", "CREATE INDEX ON prices.price_changes (product_id, changed_at)",
    "ALTER TABLE field.agents ADD PRIMARY KEY (id)", "ALTER TABLE field.visits ADD PRIMARY KEY (id)",
    "ALTER TABLE field.governorates ADD PRIMARY KEY (id)", "CREATE INDEX ON field.visits (retailer_id)",
    "CREATE INDEX ON retailer_events.tracks (dt)", "CREATE INDEX ON supplier_events.tracks (dt)",
]


def say(text):
    print(f"cartona: {text}", file=sys.stderr, flush=True)


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, **options)


class Query:
    def __init__(self, path, days):
        self.number, self.name = int(path.name[:2]), path.stem[3:]
        text = path.read_text()
        self.title, rest = text.split("\n", 1)
        self.title = self.title.removeprefix("-- ")
        last = FIRST + datetime.timedelta(days=days - 1)
        rest = rest.replace("{first}", str(FIRST)).replace("{last}", str(last))
        exact, *tuned = rest.split("\n-- tuned\n")
        self.exact, self.tuned = exact.strip(), (tuned[0] if tuned else exact).strip()
        self.has_tuned = bool(tuned)

    def catalogs(self):
        return {name for name in TABLES if re.search(rf"\b{name}\.{SCHEMA[name]}\.", self.exact)}


class Native:
    """The query in the words of another engine, by sqlglot."""

    @staticmethod
    def text(query, dialect):
        import sqlglot
        from sqlglot import exp

        tree = sqlglot.parse_one(query.exact, read="presto")
        if dialect == "postgres":
            for table in tree.find_all(exp.Table):
                if table.catalog:
                    table.set("db", exp.to_identifier(table.catalog))
                    table.set("catalog", None)
        text = tree.sql(dialect=dialect)
        # sqlglot spells to_unixtime differently for every type: both peers have a function of that name here
        return text


class Sources:
    def __init__(self, options):
        self.days, self.scale, self.local, self.minipresto = options.days, options.scale, options.local, options.minipresto
        self.folder = Path(options.folder) if options.folder else ROOT / ".test" / f"cartona-{options.days}-{options.scale:g}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = None
        self.started = False

    def __enter__(self):
        cluster = self.folder / "postgres"
        status = subprocess.run([ROOT / "Scripts/postgres", "status", cluster], capture_output=True)
        self.started = status.returncode != 0
        self.url = subprocess.run([ROOT / "Scripts/postgres", "start", cluster], check=True, text=True, capture_output=True).stdout.strip()
        self.make()
        if not self.local:
            self.start_store()
        return self

    def __exit__(self, *_):
        if self.store:
            self.store.stdin.close()
            self.store.wait(20)
        if self.started:
            subprocess.run([ROOT / "Scripts/postgres", "stop", self.folder / "postgres"])

    def catalogs(self, name, lakes):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        found = re.fullmatch(r"postgresql://([^:]+):([^@]+)@([^:]+):(\d+)/", self.url)
        user, password, host, port = found.groups()

        def write(catalog, **values):
            path = folder / f"{catalog}.properties"
            path.touch(mode=0o600)
            path.write_text("".join(f"{key.replace('__', '-').replace('_', '.')}={value}\n" for key, value in values.items()))

        for database in DATABASES + ["native"]:
            write(
                database, connector_name="postgresql", connection__url=f"postgresql://{host}:{port}/{database}", connection__user=user,
                connection__password=password)
        write("field", connector_name="sqlite", sqlite_path=self.folder / "field.sqlite")
        write("cartona", connector_name="cartona", cartona_days=self.days, cartona_scale=self.scale)
        for events in ("retailer_events", "supplier_events"):
            path = folder / f"{events}.properties"
            path.touch(mode=0o600)
            path.write_text(lakes(events))
        return folder

    def execute(self, catalogs, *statements):
        script = self.folder / "script.sql"
        script.write_text(";\n".join(statements) + ";\n")
        run(self.minipresto, "--catalogs", catalogs, "--output-format", "NULL", "--file", script)

    def psql(self, database, *commands, file=None):
        arguments = [part for command in commands for part in ("--command", command)] + (["--file", file] if file else [])
        run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"{self.url}{database}", *arguments,
            env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"})

    def make(self):
        self.lakes = self.catalogs("catalogs", lambda events: f"connector.name=lake\nlake.location={self.folder / events}\n")
        ready = self.folder / "ready"
        recipe = f"{self.days} {self.scale} 1"
        if ready.exists() and ready.read_text() == recipe:
            return
        began = time.time()
        say(f"making the sources of {self.days} days at scale {self.scale:g} in {self.folder}")
        for database in DATABASES + ["native"]:
            self.psql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)", f"CREATE DATABASE {database}")
        for database in DATABASES:
            self.psql(database, file=ROOT / f"Demo/postgres/{database}.sql")
        (self.folder / "field.sqlite").unlink(missing_ok=True)
        run("sqlite3", self.folder / "field.sqlite", input=(ROOT / "Demo/sqlite/field.sql").read_text())
        for events in ("retailer_events", "supplier_events"):
            run("rm", "-rf", self.folder / events)
            (self.folder / events / "app").mkdir(parents=True)
        for script in ("load-databases.sql", "load-files.sql"):
            run(self.minipresto, "--catalogs", self.lakes, "--output-format", "NULL", "--file", ROOT / "Demo" / script)
        for database in DATABASES:
            self.psql(database, "ANALYZE")
        run("sqlite3", self.folder / "field.sqlite", "CREATE INDEX visits_retailer ON visits (retailer_id); ANALYZE")
        say(f"copying everything into one PostgreSQL ({time.time() - began:.0f} s so far)")
        copying = time.time()
        self.psql("native", *[f"CREATE SCHEMA {catalog}" for catalog in TABLES])
        self.execute(
            self.lakes, *[
                f"CREATE TABLE native.{catalog}.{table} AS SELECT * FROM {catalog}.{SCHEMA[catalog]}.{table}"
                for catalog, tables in TABLES.items() for table in tables])
        self.psql("native", *NATIVE_INDEXES, "ANALYZE", """
            CREATE FUNCTION to_unixtime(timestamptz) RETURNS double precision LANGUAGE SQL IMMUTABLE PARALLEL SAFE
            AS 'SELECT extract(epoch FROM $1)::double precision'""", """
            CREATE FUNCTION to_unixtime(timestamp) RETURNS double precision LANGUAGE SQL IMMUTABLE PARALLEL SAFE
            AS 'SELECT extract(epoch FROM $1)::double precision'""", """
            CREATE FUNCTION json_extract_path_text(text, VARIADIC text[]) RETURNS text LANGUAGE SQL IMMUTABLE PARALLEL SAFE
            AS 'SELECT pg_catalog.json_extract_path_text($1::json, VARIADIC $2)'""")
        say(f"the copy took {time.time() - copying:.0f} s")
        ready.write_text(recipe)

    def start_store(self):
        """moto, and the event files in it."""
        program = ("from moto.server import ThreadedMotoServer; import sys, logging; logging.getLogger('werkzeug').setLevel(40); "
                   "s = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False); s.start(); "
                   "print(s.get_host_and_port()[1], flush=True); sys.stdin.read(); s.stop()")
        self.store = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = self.store.stdout.readline().strip()
        import boto3
        from botocore.config import Config

        client = boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="cartona", aws_secret_access_key="cartona", region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}))
        count = size = 0
        for events in ("retailer_events", "supplier_events"):
            bucket = events.replace("_", "-")
            client.create_bucket(Bucket=bucket)
            for path in sorted((self.folder / events).rglob("*.parquet")):
                data = path.read_bytes()
                client.put_object(Bucket=bucket, Key=str(path.relative_to(self.folder / events)), Body=data)
                count, size = count + 1, size + len(data)
        say(f"an S3 at port {port} holds {count} files, {size >> 20} MB")
        self.lakes = self.catalogs("catalogs-s3", lambda events: (
            f"connector.name=lake\nlake.location=s3://{events.replace('_', '-')}\ns3.endpoint=http://127.0.0.1:{port}\n"
            "s3.aws-access-key=cartona\ns3.aws-secret-key=cartona\n"))


class Minipresto:
    def __init__(self, sources, form):
        self.form = form
        self.sources = sources
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(sources.folder / "server.log", "w")
        self.server = subprocess.Popen(
            [sources.minipresto, "server", "--catalogs", sources.lakes, "--port", str(self.port)], stdout=self.log, stderr=self.log)
        for _ in range(100):
            try:
                self.rows("SELECT 1")
                return
            except Exception:
                time.sleep(0.1)
        raise SystemExit("the server did not start: see " + self.log.name)

    def rows(self, text):
        import trino

        connection = trino.dbapi.connect(host="127.0.0.1", port=self.port, user="cartona", timezone="UTC", request_timeout=600)
        cursor = connection.cursor()
        cursor.execute(text)
        return [tuple(row) for row in cursor.fetchall()]

    def answer(self, query):
        return self.rows(query.exact if self.form == "exact" else query.tuned)

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()


class Postgres:
    def __init__(self, sources):
        self.url = sources.url + "native"

    def answer(self, query):
        # psql is what every PostgreSQL brings; CSV with its types told by the values
        text = Native.text(query, "postgres")
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--csv", "--tuples-only", "--set=ON_ERROR_STOP=1", "--pset=null=\\N", self.url],
            input=f"SET timezone = 'UTC';\n{text};\n", capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        import csv

        return [tuple(None if value == "\\N" else value for value in row) for row in csv.reader(done.stdout.splitlines())]

    def close(self):
        pass


class DuckDB:
    def __init__(self, sources):
        self.connection = peers.connect()
        for database in DATABASES:
            peers.attach_postgres(self.connection, sources.url, database, database)
        peers.attach_sqlite(self.connection, sources.folder / "field.sqlite", "field")
        for events in ("retailer_events", "supplier_events"):
            self.connection.execute(f"ATTACH ':memory:' AS {events}; CREATE SCHEMA {events}.app")
            for table in TABLES[events]:
                self.connection.execute(
                    f"CREATE VIEW {events}.app.{table} AS SELECT * FROM "
                    f"read_parquet('{sources.folder / events}/app/{table}/*/*.parquet', hive_partitioning = true)")
        self.connection.execute("CREATE MACRO to_unixtime(x) AS epoch(x)")

    def answer(self, query):
        return self.connection.cursor().execute(Native.text(query, "duckdb")).fetchall()

    def close(self):
        self.connection.close()


def plain(value):
    """One writing for the same value of any engine."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, decimal.Decimal)):
        return float(value)
    text = str(value).strip()
    try:
        return float(text)
    except ValueError:
        # a date where another has the midnight of it
        return re.sub(r"[ T]00:00:00(\.0+)?( ?UTC|\+00(:00)?)?$", "", text)


def key(row):
    return [(value is None, str(type(value)), value if isinstance(value, str) else 0 if value is None else round(value, 3)) for value in row]


def agrees(left, right, tolerance=1e-9):
    """None, or where they differ."""
    if len(left) != len(right):
        return f"{len(left)} rows against {len(right)}"
    left, right = ([tuple(map(plain, row)) for row in rows] for rows in (left, right))
    for a, b in zip(sorted(left, key=key), sorted(right, key=key)):
        for x, y in zip(a, b):
            same = math.isclose(x, y, rel_tol=tolerance, abs_tol=1e-9) if isinstance(x, float) and isinstance(y, float) else x == y
            if not same:
                return f"{a} against {b}"
    return None


def error_of(exact, tuned):
    """The largest relative difference of a number; nothing else may differ."""
    if len(exact) != len(tuned):
        return None
    exact, tuned = ([tuple(map(plain, row)) for row in rows] for rows in (exact, tuned))
    worst = 0.0
    for a, b in zip(exact, tuned):
        for x, y in zip(a, b):
            if isinstance(x, float) and isinstance(y, float):
                worst = max(worst, abs(x - y) / max(abs(x), 1e-12) if x != y else 0)
            elif x != y:
                return None
    return worst


def refresh(engine, queries, at_once=4):
    """Seconds for all queries, and for each."""
    times = {}

    def one(query):
        began = time.perf_counter()
        engine.answer(query)
        times[query.number] = time.perf_counter() - began

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, queries))
    return time.perf_counter() - began, times


def plot(medians, options):
    """A bar for each engine, beside the sources."""
    widest, height = max(medians.values()), 30
    colors = {"native": "#888888", "duckdb": "#c9a227", "exact": "#3b6fb6", "tuned": "#2a9d8f"}
    bars = "".join(
        f'<text x="70" y="{i * height + 62}" text-anchor="end">{name}</text>'
        f'<rect x="78" y="{i * height + 46}" width="{max(1, 440 * value / widest):.0f}" height="22" fill="{colors[name]}"/>'
        f'<text x="{84 + 440 * value / widest:.0f}" y="{i * height + 62}">{value:.1f} s</text>'
        for i, (name, value) in enumerate(medians.items()))
    path = (Path(options.folder) if options.folder else ROOT / ".test" / f"cartona-{options.days}-{options.scale:g}") / "refresh.svg"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="{len(medians) * height + 56}" font-family="sans-serif" font-size="14">'
        f'<text x="10" y="24" font-weight="bold">A refresh of 38 queries, {options.days} days, four at a time</text>{bars}</svg>\n')
    say(f"plot: {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--local", action="store_true", help="event files in local folders")
    parser.add_argument("--only", help="numbers of queries")
    parser.add_argument("--check", action="store_true", help="agreement alone, no times")
    parser.add_argument("--without", default="", help="engines to leave out: native,duckdb,exact,tuned")
    parser.add_argument("--minipresto", default=ROOT / ".build/release/minipresto")
    parser.add_argument("--folder")
    options = parser.parse_args()
    queries = [Query(path, options.days) for path in sorted((ROOT / "Benchmarks/Cartona").glob("[0-9]*.sql"))]
    if options.only:
        chosen = {int(number) for number in options.only.split(",")}
        queries = [query for query in queries if query.number in chosen]
    left_out = set(filter(None, options.without.split(",")))
    makers = {"native": Postgres, "duckdb": DuckDB, "exact": lambda s: Minipresto(s, "exact"), "tuned": lambda s: Minipresto(s, "tuned")}
    with Sources(options) as sources:
        engines = {name: make(sources) for name, make in makers.items() if name not in left_out}
        try:
            wrong = check(queries, engines)
            if not options.check:
                measure(queries, engines, options)
        finally:
            for engine in engines.values():
                engine.close()
    sys.exit(1 if wrong else 0)


def check(queries, engines):
    """Prints what does not agree; how many queries."""
    wrong = 0
    for query in queries:
        answers, notes = {}, []
        for name, engine in engines.items():
            try:
                answers[name] = engine.answer(query)
            except Exception as problem:
                notes.append(f"{name} failed: {str(problem).splitlines()[0][:300]}")
        reference = answers.get("native", answers.get("exact"))
        if reference is not None:
            for name in ("exact", "duckdb"):
                if name in answers and (difference := agrees(answers[name], reference)):
                    notes.append(f"{name} differs: {difference[:400]}")
            if not reference:
                notes.append("there are no rows")
        if "tuned" in answers and "exact" in answers:
            error = error_of(answers["exact"], answers["tuned"])
            # approx_distinct's standard error is 2.3 %, approx_percentile's 1 % of the rank
            if error is None:
                notes.append("tuned has other rows than exact")
            elif error > 0.069:
                notes.append(f"tuned is off by {error:.1%}")
            elif error > 0:
                print(f"   {query.number:2} {query.name}: tuned is off by {error:.2%} at most")
        if any(not note.startswith("duckdb") for note in notes):
            wrong += 1
        for note in notes:
            print(f"!! {query.number:2} {query.name}: {note}", flush=True)
    print(f"{len(queries) - wrong} of {len(queries)} queries agree")
    return wrong


def measure(queries, engines, options):
    totals, each = {name: [] for name in engines}, {name: {} for name in engines}
    for turn in range(options.runs):
        for name, engine in engines.items():
            total, times = refresh(engine, queries)
            totals[name].append(total)
            for number, seconds in times.items():
                each[name].setdefault(number, []).append(seconds)
            say(f"run {turn + 1}, {name}: {total:.2f} s")
    names = list(engines)
    print(f"\nCartona, {options.days} days at scale {options.scale:g}, {'local folders' if options.local else 'S3'}, seconds, median of {options.runs}\n")
    print("| | query | " + " | ".join(names) + " |\n|---|---|" + "---:|" * len(names))
    for query in queries:
        cells = [f"{statistics.median(each[name][query.number]):.2f}" if query.number in each[name] else "–" for name in names]
        print(f"| {query.number} | {query.title} | " + " | ".join(cells) + " |")
    medians = {name: statistics.median(values) for name, values in totals.items()}
    print("| | **refresh, four at a time** | " + " | ".join(f"**{medians[name]:.2f}**" for name in names) + " |")
    plot(medians, options)
    if "native" in medians:
        print("| | of native's time | " + " | ".join(f"{medians[name] / medians['native']:.2f}" for name in names) + " |")


if __name__ == "__main__":
    main()
