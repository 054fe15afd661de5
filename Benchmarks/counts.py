"""Counts the instructions of a fixed micro-suite and compares them with what is committed, so that no regression goes unnoticed: make counts

    make counts                                   all cases; fails where one needs more than 5 % over its threshold
    make counts ARGS="--cases like,sort"          some of them
    make counts ARGS=--update                     take what was counted as the new thresholds

`minipresto-counts` runs each statement of Counts/cases.sql in an engine with one thread, after the same runs uncounted, under callgrind: unlike times,
counts are the same on a busy machine and on an idle one, to about a hundredth at the worst. They are those of one compiler and of one system's libraries
(zstd, PCRE2, …): where Counts/thresholds.tsv was written with others, differences are shown but fail nothing.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks"))
from engines import build, say  # noqa: E402

CASES, THRESHOLDS = ROOT / "Benchmarks/Counts/cases.sql", ROOT / "Benchmarks/Counts/thresholds.tsv"
TPCH, OUTPUT = ROOT / ".test/tpch-sf0.01", ROOT / ".test/counts"
MARGIN = 0.05
NUMBERS, TEXTS = ["l_orderkey", "l_partkey", "l_shipdate"], {"l_shipmode": "DELTA_LENGTH_BYTE_ARRAY", "l_comment": "DELTA_BYTE_ARRAY"}
DELTA = {**dict.fromkeys(NUMBERS, "DELTA_BINARY_PACKED"), **TEXTS}
PLAIN = {"compression": "none", "use_dictionary": False, "store_decimal_as_integer": True}
# The same columns in one encoding or codec each, not by minipresto's own writer: what changes there shall not count as reading.
FILES = {
    "dictionary": {"compression": "none", "use_dictionary": True, "dictionary_pagesize_limit": 1 << 24},
    "delta": {**PLAIN, "column_encoding": DELTA},
    "snappy": {**PLAIN, "compression": "snappy"},
    "zstd": {**PLAIN, "compression": "zstd"},
}


def suite():
    """Name, runs and SQL of each case."""
    text = re.split(r"^-- case (\w+) ?(\d*)\n", CASES.read_text(), flags=re.MULTILINE)[1:]
    return {name: {"name": name, "runs": int(runs or 1), "sql": sql.strip()} for name, runs, sql in zip(text[::3], text[1::3], text[2::3])}


def tables():
    """The folder of a lake, with the suite's tables made anew."""
    subprocess.run([sys.executable, ROOT / "Scripts/tpch.py", TPCH, "0.01"], check=True)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    lake = OUTPUT / "lake"
    (lake / "counts").mkdir(parents=True)
    (lake / "tpch").symlink_to(TPCH / "lake/tpch")
    lineitem = pq.read_table(TPCH / "lake/tpch/lineitem.parquet")
    pq.write_table(pa.concat_tables([lineitem, lineitem]), lake / "counts/lineitem.parquet", **PLAIN)
    pq.write_table(pq.read_table(TPCH / "lake/tpch/orders.parquet"), lake / "counts/orders.parquet", **PLAIN)
    for name, options in FILES.items():
        pq.write_table(lineitem.select(DELTA), lake / f"counts/{name}.parquet", **options)
    return lake


def measure(executable, cases):
    """Instructions by case."""
    command = ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={OUTPUT}/callgrind", executable, tables(), "counts"]
    environment = {
        **os.environ,
        "TZ": "UTC",
        # Swift seeds the hashes of every process otherwise, and the order of its dictionaries is more work or less.
        "SWIFT_DETERMINISTIC_HASHING": "1",
        # Callgrind takes each byte of glibc's `rep movsb` for an instruction: copies of pages would outweigh all else. And above a size that follows
        # from the processor's cache it copies otherwise, and its memcmp for MOVBE takes a longer way where a text lies near the end of a page.
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-ERMS,-FSRM,-MOVBE:glibc.cpu.x86_non_temporal_threshold=0x100000000",
    }
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    if status := subprocess.run(command, input=lines, text=True, env=environment).returncode:
        sys.exit(f"bench: minipresto-counts ended with status {status}")
    counts = {}
    for dump in OUTPUT.glob("callgrind.*"):
        text = dump.read_text()
        name = re.search(r"^desc: Trigger: Client Request: (\w+)$", text, re.MULTILINE)
        if name:
            # not `summary`, which goes wrong where several threads run and counting was off in between
            counts[name[1]] = int(re.search(r"^totals: (\d+)$", text, re.MULTILINE)[1])
    return {case["name"]: counts[case["name"]] for case in cases if case["name"] in counts}


def surroundings():
    """What counts depend on besides the sources."""
    swift = re.search(r"Swift version \S+", subprocess.run(["swift", "--version"], check=True, capture_output=True, text=True).stdout)[0]
    return f"{swift}, {platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"


def committed():
    """The surroundings and the thresholds of the file."""
    if not THRESHOLDS.exists():
        return None, {}
    first, _, *lines = THRESHOLDS.read_text().splitlines()
    return first.removeprefix("# "), {case: int(count) for case, count in (line.split("\t") for line in lines)}


def write(here, counts):
    lines = [f"# {here}", "case\tinstructions"] + [f"{case}\t{count}" for case, count in counts.items()]
    THRESHOLDS.write_text("\n".join(lines) + "\n")


def compare(counts, thresholds):
    """Prints the table; the cases that need too much, and those that need so much less that the gain should be kept."""
    worse, better = [], []
    print(f"{'case':<20}{'instructions':>14}{'threshold':>14}{'difference':>12}")
    for case, count in counts.items():
        threshold = thresholds.get(case)
        change = count / threshold - 1 if threshold else 0
        worse += [case] if change > MARGIN or threshold is None else []
        better += [case] if change < -MARGIN else []
        remark = "  no threshold" if threshold is None else "  WORSE" if change > MARGIN else "  better" if change < -MARGIN else ""
        print(f"{case:<20}{count:>14,}{threshold or 0:>14,}{change:>+12.2%}{remark}", flush=True)
    return worse, better


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", help="only these, as like,sort")
    parser.add_argument("--update", action="store_true", help="write what was counted to Counts/thresholds.tsv")
    parser.add_argument("--no-build", action="store_true", help="take the executable as it is")
    options = parser.parse_args()

    cases, here, (there, thresholds) = suite(), surroundings(), committed()
    wanted = options.cases.split(",") if options.cases else list(cases)
    if unknown := set(wanted) - set(cases):
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(cases)}")
    if options.update and options.cases and here != there:
        parser.error(f"the thresholds are those of {there}, this is {here}: update all cases together")
    executables = ROOT / "Benchmarks/.build/release" if options.no_build else build("minipresto-counts")
    counts = measure(executables / "minipresto-counts", [cases[name] for name in wanted])
    if missing := set(wanted) - set(counts):
        say(f"not counted: {', '.join(sorted(missing))}. Was it built without valgrind's headers? Then delete Benchmarks/.build.")
        return 1
    worse, better = compare(counts, thresholds)
    if options.update:
        thresholds |= counts
        write(here, {case: thresholds[case] for case in cases if case in thresholds})
        return 0
    if better:
        say(f"more than {MARGIN:.0%} better: {', '.join(better)}; run make counts ARGS=--update to keep the gain")
    if worse:
        say(f"more than {MARGIN:.0%} worse, or without a threshold: {', '.join(worse)}")
    if here != there:
        say(f"WARNING: nothing fails, since the thresholds are those of {there}; this is {here}")
        return 0
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
