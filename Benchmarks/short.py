"""The short set: TPC-H over Parquet at scale factor 1, a few queries of each suite beside DuckDB, and the kernels: make bench

It takes less than ten minutes on two cores where minipresto is built and TPC-H's files are made, most of them to make the other tables, a million rows each;
they stay in .test. It prints tables and writes no results: `bench.py`, `bench_suites.py` and `kernels.py`, which it runs, do that when they run by
themselves, over all of their queries and rows.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks"))
from engines import build  # noqa: E402

ROWS = 1_000_000
# Of each suite one query of each kind.
QUERIES = {
    "clickbench": ["q03", "q09", "q17", "q21", "q29", "q33"],
    "groupby": ["q01", "q03", "q05", "q10"],
    "joins": ["q02 medium inner on number", "q04 medium inner on text", "q05 big inner on number"],
    "text": ["like1 l_comment", "like8 l_comment", "re8 l_comment", "re_struct l_comment"],
    "distinct": ["approx l_orderkey", "approx l_comment", "exact l_partkey"],
    "operators": [
        "filter number", "project", "group 10", "group 1M", "join sparse", "semi join", "top 100", "sort", "window rank", "distinct pairs",
        "approx id", "approx name",
    ],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-build", action="store_true", help="take the executables as they are")
    began, failed = time.monotonic(), []
    folder = ROOT / "Benchmarks/.build/release"
    executables = folder if parser.parse_args().no_build else build("minipresto-bench", "minipresto", "minipresto-kernels")
    steps = [("TPC-H", ["bench.py", "--no-build", "--no-write", "--runs", "3"])]
    for suite, names in QUERIES.items():
        options = ["--rows", ROWS, "--runs", "3", "--peers", "DuckDB", "--executables", executables]
        steps.append((suite, ["bench_suites.py", "--suite", suite, *options, "--queries", ",".join(names)]))
    steps.append(("kernels", ["kernels.py", "--no-build", "--no-write", "--rows", ROWS, "--runs", "3"]))
    for name, (script, *arguments) in steps:
        print(f"\n== {name} ({time.monotonic() - began:.0f} s)", flush=True)
        command = [sys.executable, ROOT / "Benchmarks" / script, *arguments]
        if subprocess.run([str(part) for part in command]).returncode != 0:
            failed.append(name)
    print(f"\n== done ({time.monotonic() - began:.0f} s){'; failed: ' + ', '.join(failed) if failed else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
