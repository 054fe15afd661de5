"""Times the engine's kernels over vectors in memory, on one thread, beside the plain Swift loops that one would write first: make bench-kernels

    make bench-kernels
    make bench-kernels ARGS="--only select"        some of them; writes no results

What is timed, and what a loop does, is in Benchmarks/Sources/KernelTimes. Both answer the same before anything is timed; then the runs take turns.
"""

import argparse
import datetime
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks"))
import report  # noqa: E402
from engines import MINIPRESTO, build  # noqa: E402

ROWS = 2_000_000


def lines(command):
    """The program's lines, shown in columns as they come."""
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            kernel, *figures = line.rstrip("\n").split("\t")
            print(f"{kernel:50} {' '.join(f'{figure:>13}' for figure in figures)}", flush=True)
            yield kernel, figures
    if process.returncode != 0:
        sys.exit(process.returncode)


def write(found, rows, runs):
    title = f"Kernels, {rows:,} rows in memory"
    section = "\n".join([
        "<!-- kernels -->",
        f"## {title}",
        f"{datetime.date.today().isoformat()}, {report.processor()}, one thread; nanoseconds a row, medians of {runs} warm runs. `loop`: plain Swift over"
        " arrays of optionals, `String`s, a `Dictionary` for groups and joins, `sort`; `make bench-kernels`.",
        "",
        "Groups, joins and orders are statements of one operator over the `memory` connector. Joins build a table of a million keys, which is shared out",
        "over the rows; `checksum` does the hashing of keys, and sums it up; the loop of `approx_distinct` is a HyperLogLog too.",
        "",
        "| kernel | minipresto | loop | times as fast |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {' | '.join(figures)} |" for name, figures in found),
        "",
        "![times as fast](results-kernels.svg)",
        "<!-- end kernels -->",
    ])
    report.place(ROOT / "Benchmarks", "kernels", section)
    bars = [(name, {MINIPRESTO: float(figures[2])}, "") for name, figures in found]
    (ROOT / "Benchmarks/results-kernels.svg").write_text(report.plot("Kernels", [MINIPRESTO], bars, "times as fast as plain loops", 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS, help=f"others than {ROWS:,} write no results")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each (5)")
    parser.add_argument("--only", default="", help="kernels that have this in their names; writes no results")
    parser.add_argument("--no-build", action="store_true", help="take the executable as it is")
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md and its plots alone")
    options = parser.parse_args()
    folder = ROOT / "Benchmarks/.build/release" if options.no_build else build("minipresto-kernels")
    _, *found = lines([folder / "minipresto-kernels", options.rows, options.runs, *([options.only] if options.only else [])])
    if options.rows == ROWS and not options.only and not options.no_write:
        write(found, options.rows, options.runs)


if __name__ == "__main__":
    main()
