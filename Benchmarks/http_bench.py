"""Times the HTTP endpoint of a release build on one machine, clients and server side by side: make bench-http

    idle        resident memory of a server that has just begun, and again 3 s after everything below
    SELECT 1    latency with one client and with 64: in a closed loop (each sends the next when the last ended), and at steady rates
    rows        1 million rows of 10 columns read by the PyPI client `trino`: time, and what share of all processor time was the server's,
                once by the direct protocol and once by each encoding of the spooled one, taking turns
    raw         the same rows by a program that only parses their JSON, as one that puts them in columns would: pages with requests,
                segments by `trino`'s segment cursor
    parallel    the same by two processes that fetch and parse segments side by side, which pages do not allow
"""

import argparse
import concurrent.futures
import functools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
import trino
from trino.client import ClientSession, CompressedQueryDataDecoderFactory, SegmentDecoder, SpooledSegment, TrinoRequest

ROOT = Path(__file__).resolve().parents[1]
RELEASE = ROOT / "Benchmarks/.build/release"
ROWS = """
SELECT a * 1000 + b AS id, a AS n, b % 7 AS small, 'name ' || CAST(b AS varchar) AS name, CAST(b AS double) / 7 AS price,
  CAST(a AS decimal(12, 2)) AS amount, DATE '2024-01-01' + INTERVAL '1' DAY * (b % 365) AS day, b % 2 = 0 AS flag,
  CASE b % 3 WHEN 0 THEN NULL ELSE 'status' END AS status, CAST(b AS real) AS score
FROM UNNEST(sequence(0, 999)) AS t(a), UNNEST(sequence(0, 999)) AS u(b)"""
TICKS = os.sysconf("SC_CLK_TCK")


def memory(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def processor(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def clients(pool):
    """Processor time of this process and its pool's."""
    return time.process_time() + sum(processor(pid) for pid in pool._processes or {})


def read_rows(port, encoding):
    options = {"encoding": encoding} if encoding else {"encoding": []}
    connection = trino.dbapi.connect(host="127.0.0.1", port=port, user="bench", **options)
    cursor = connection.cursor()
    cursor.execute(ROWS)
    count = 0
    while rows := cursor.fetchmany(10_000):
        count += len(rows)
    assert count == 1_000_000, count


class Unmapped:
    """Takes rows as JSON has them."""

    def map(self, rows):
        return rows


def decoded(encoding, segment):
    count = len(SegmentDecoder(CompressedQueryDataDecoderFactory(Unmapped()).create(encoding)).decode(segment))
    if isinstance(segment, SpooledSegment):
        segment.acknowledge()
    return count


def read_pages(port):
    count, session = 0, requests.Session()
    answer = session.post(f"http://127.0.0.1:{port}/v1/statement", data=ROWS, headers={"X-Trino-User": "bench"}).json()
    while "nextUri" in answer:
        answer = session.get(answer["nextUri"]).json()
        count += len(answer.get("data", []))
    return count


def segments(port, encoding):
    cursor = trino.dbapi.connect(host="127.0.0.1", port=port, user="bench", encoding=encoding).cursor("segment")
    cursor.execute(ROWS)
    while segment := cursor.fetchone():
        yield segment.segment


def read_raw(port, encoding):
    count = sum(decoded(encoding, segment) for segment in segments(port, encoding)) if encoding else read_pages(port)
    assert count == 1_000_000, count


def fetch(encoding, description, port):
    """One segment, in a process of its own."""
    own = TrinoRequest("127.0.0.1", port, ClientSession("bench"))
    return decoded(encoding, SpooledSegment(description, own))


def read_parallel(port, encoding, pool):
    if not encoding:
        return read_raw(port, encoding)
    count, fetched = 0, []
    for segment in segments(port, encoding):
        if isinstance(segment, SpooledSegment):
            fetched.append(pool.submit(fetch, encoding, segment._segment, port))
        else:
            count += decoded(encoding, segment)
    count += sum(one.result() for one in fetched)
    assert count == 1_000_000, count


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", default="5", help="for each measurement of SELECT 1")
    options.add_argument("--runs", type=int, default=3, help="for each way of reading the rows")
    options.add_argument("--encodings", default="json,json+zstd,json+lz4", help="of the spooled protocol; none: empty")
    given = options.parse_args()
    build = ["swift", "build", "-c", "release", "--package-path", str(ROOT / "Benchmarks"), "--product"]
    for product in ("minipresto", "minipresto-load"):
        subprocess.run([*build, product], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    empty = tempfile.mkdtemp()
    server = subprocess.Popen(
        [RELEASE / "minipresto", "server", "--port", "0", "--catalogs", empty], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            if found := re.search(r"http://[^:]+:(\d+)", line):
                port = int(found[1])
                break
        else:
            sys.exit("the server did not start")
        time.sleep(3)
        print(f"idle after start: {memory(server.pid):.0f} MB", flush=True)
        for load in (["--clients", "1"], ["--rate", "500"], ["--rate", "2000"], []):
            before = processor(server.pid)
            out = subprocess.run([RELEASE / "minipresto-load", str(port), "--seconds", given.seconds, *load], capture_output=True, text=True)
            print(f"SELECT 1 {' '.join(load):12} {out.stdout.strip()}; server {processor(server.pid) - before:.1f} s", flush=True)
        pool = concurrent.futures.ProcessPoolExecutor(2)
        for name, read in {"rows": read_rows, "raw": read_raw, "parallel": functools.partial(read_parallel, pool=pool)}.items():
            seen = {}
            for _ in range(given.runs):
                for encoding in ["", *filter(None, given.encodings.split(","))]:
                    before, own, began = processor(server.pid), clients(pool), time.perf_counter()
                    read(port, encoding)
                    seen.setdefault(encoding, []).append(
                        (time.perf_counter() - began, processor(server.pid) - before, clients(pool) - own))
            direct = statistics.median(run[0] for run in seen[""])
            for encoding, runs in seen.items():
                wall, served, own = (statistics.median(run[part] for run in runs) for part in range(3))
                print(
                    f"1,000,000 x 10 {name:8} {encoding or 'direct':9}: {wall:.2f} s, server {served:.2f} s, client {own:.2f} s of processor, "
                    f"server's share {100 * served / (served + own):.0f} %, {direct / wall:.2f} x direct", flush=True)
        time.sleep(12)
        print(f"12 s after all that: {memory(server.pid):.0f} MB")
    finally:
        server.terminate()
        server.wait(30)


main()
