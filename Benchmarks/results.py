"""How fast a large result reaches the `trino` client: by pages, as segments, and as segments that the program decodes itself.

    results.py http://127.0.0.1:8080 [--rows 1000000] [--runs 3]

The server must listen already. Each line has the best of some runs, rows a second, and how the processor time was shared between client and server.
`decoded` leaves the values as JSON has them (`cursor_style="segment"` and orjson), as programs do that build frames; the others make Python's own
dates and decimals of them, which is most of their time.
"""
import argparse
import time
import urllib.parse
import urllib.request

import orjson
import trino
import zstandard

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("url")
parser.add_argument("--rows", type=int, default=1_000_000)
parser.add_argument("--runs", type=int, default=3)
options = parser.parse_args()
address = urllib.parse.urlsplit(options.url)

SQL = f"""
SELECT x * 1000 + y AS id, x AS a, y AS b, cast(x AS varchar) AS name, 'customer ' || cast(y AS varchar) AS customer, y * 1.5e0 AS price,
  x % 7 = 0 AS good, DATE '2024-01-01' AS day, x * y AS product, cast(NULL AS bigint) AS nothing
FROM UNNEST(sequence(0, {options.rows // 1000 - 1})) a (x), UNNEST(sequence(0, 999)) b (y)"""


def server_seconds():
    text = urllib.request.urlopen(options.url + "/metrics").read().decode()
    return float(next(line.split()[-1] for line in text.splitlines() if line.startswith("minipresto_process_cpu_seconds_total")))


def fetched(encoding, style):
    connection = trino.dbapi.connect(host=address.hostname, port=address.port, user="benchmark", encoding=encoding)
    cursor = connection.cursor(cursor_style=style) if style != "row" else connection.cursor()
    cursor.execute(SQL)
    if style == "row":
        return sum(1 for _ in cursor)
    count, decompressor = 0, zstandard.ZstdDecompressor()
    while (item := cursor.fetchone()) is not None:
        segment = item.segment
        data = segment.data
        if "uncompressedSize" in segment.metadata:
            data = decompressor.decompress(data)
        count += len(orjson.loads(data))
        if hasattr(segment, "acknowledge"):
            segment.acknowledge()
    return count


print(f"{options.rows} rows of 10 columns")
base = None
for name, encoding, style in (
    ("pages", None, "row"),
    ("json", "json", "row"),
    ("json+lz4", "json+lz4", "row"),
    ("json+zstd", "json+zstd", "row"),
    ("decoded", "json+zstd", "segment"),
):
    best = None
    for _ in range(options.runs):
        server, client, began = server_seconds(), time.process_time(), time.monotonic()
        assert fetched(encoding, style) == options.rows
        wall, client, server = time.monotonic() - began, time.process_time() - client, server_seconds() - server
        best = min(best or (wall, client, server), (wall, client, server))
    wall, client, server = best
    base = base or wall
    print(f"  {name:10} {wall:6.2f} s  {options.rows / wall / 1e6:5.2f} million rows/s  {base / wall:4.1f} x pages   processor: client {client:.2f} s, server {server:.2f} s ({100 * server / (client + server):.0f} %)")
