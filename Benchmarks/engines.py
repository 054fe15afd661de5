"""The engines that benchmarks time, each a warm process of its own that answers lines of JSON.

In goes {"sql": …}, out comes {"seconds": […], "rows": …, "error": …}: `minipresto-bench` and `peer.py` both speak so. A process that
died or that took too long is started anew for the next query.
"""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import dialects

ROOT = Path(__file__).resolve().parents[1]
MINIPRESTO, DUCKDB = "minipresto", "DuckDB"
# In the order of the columns. The version is that of the package.
PEERS = {DUCKDB: "duckdb", "Polars": "polars", "DataFusion": "datafusion", "chDB": "chdb"}
# Beside DuckDB, those that can read other sources in place.
FEDERATED = {DUCKDB: "duckdb", "chDB": "chdb", "Spark": "pyspark"}


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Process:
    def __init__(self, arguments, environment=None, patience=None, first=()):
        """`patience`: seconds until a query counts as failed, with its process ended. `first`: statements that each new process is told."""
        self.arguments = [str(argument) for argument in arguments]
        self.environment, self.patience, self.first, self.process = environment, patience, first, None
        # Whether `run` answers processor seconds, of all threads, instead of those of the clock.
        self.processor = False

    def ask(self, request):
        """The answer to one request, or one with only an error."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment)
            for statement in self.first:
                answer = self.ask({"sql": statement})
                if answer.get("error"):
                    return answer
        late = threading.Event()

        def end(process=self.process):
            late.set()
            process.kill()

        timer = threading.Timer(self.patience, end) if self.patience else None
        if timer:
            timer.start()
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            if timer:
                timer.cancel()
        if not line:
            status = self.process.wait()
            return {"error": f"no answer in {self.patience} s" if late.is_set() else f"the process ended with status {status}"}
        return json.loads(line)

    def run(self, query):
        """Seconds, rows, and what went wrong. The query is SQL, or a request of its own kind."""
        before = self.processor_seconds()
        answer = self.ask(query if isinstance(query, dict) else {"sql": query})
        if answer.get("error"):
            return None, 0, answer["error"]
        if self.processor:
            return self.processor_seconds() - before, answer["rows"], None
        return answer["seconds"][0], answer["rows"], None

    def processor_seconds(self):
        """What the process has used so far, in hundredths; 0 before it runs, and without Linux's /proc."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (AttributeError, OSError):
            return 0.0

    def peak_megabytes(self):
        """The most memory the process has held; None before it runs, and without Linux's /proc."""
        try:
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
            return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))
        except (AttributeError, OSError, StopIteration):
            return None

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(20)
        self.process = None


class MiniPresto(Process):
    def __init__(self, executable, catalogs, catalog, schema, threads, patience=None, first=()):
        super().__init__([executable, catalogs, catalog, schema, threads], patience=patience, first=first)


class Peer(Process):
    """One of PEERS over Parquet files, `tables` by name; `held`: over copies of them in its memory."""

    def __init__(self, name, tables, threads, patience=None, held=False):
        arguments = [sys.executable, ROOT / "Benchmarks/peer.py", PEERS[name], threads, json.dumps({table: str(path) for table, path in tables.items()})]
        arguments += ["held"] if held else []
        # Polars makes its threads when it is imported.
        super().__init__(arguments, {**os.environ, "POLARS_MAX_THREADS": str(threads), "TZ": "UTC"}, patience)


class Federated(Process):
    """chDB or Spark over the sources themselves; see federated.py. `places` says which source holds which table; none: every table is in each, by
    the name SOURCE_TABLE."""

    def __init__(self, name, sources, places, tables, threads, patience=None):
        self.name, self.places = name, places
        found = [[table, place, table] for table, place in places.items()] or [[f"{source}_{table}", source, table] for source in sources for table in tables]
        arguments = [sys.executable, ROOT / "Benchmarks/federated.py", name.lower(), threads, json.dumps(sources), json.dumps(found)]
        super().__init__(arguments, {**os.environ, "TZ": "UTC"}, patience)

    def text(self, sql):
        """Shapes name their sources; `SOURCE.TABLE` is a view here."""
        sql = dialects.text(self.name, sql)
        return sql if self.places else re.sub(r"\b(lake|pg|sq)\.(?=[a-z])", r"\1_", sql)


def build(*products):
    """Builds release executables; answers their folder."""
    say("building (release)")
    for product in products:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", ROOT / "Benchmarks", "--product", product], check=True, stdout=sys.stderr)
    return ROOT / "Benchmarks/.build/release"
