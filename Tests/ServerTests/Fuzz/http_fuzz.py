"""Hostile, broken and slow clients against a server of their own, beside one client that behaves and must notice nothing.

    http_fuzz.py BINARY [--seconds 600] [--attacks N] [--seed S] [--parallel 48] [--only drips,pipelines]

It ends with an error where the server dies, where the well-behaved client sees a wrong answer, an error or a long wait, or where descriptors and
memory do not come back to what they were. Runs are told apart by their seed, which is printed; with --attacks a run makes so many and ends.
"""
import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("binary")
parser.add_argument("--seconds", type=float, default=600)
parser.add_argument("--attacks", type=int, default=0, help="end after so many; 0: when the time is over")
parser.add_argument("--seed", type=int, default=None)
parser.add_argument("--parallel", type=int, default=48)
parser.add_argument("--only", help="names of attacks, with commas between them")
parser.add_argument("--patience", type=float, default=10, help="seconds the well-behaved client may have to wait")
options = parser.parse_args()
seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
chance = random.Random(seed)

# what the server is told: everything that takes long by default is short here
CONFIGURATION = """
query.client.timeout=3s
http-server.idle-timeout=4s
http-server.request-timeout=4s
http-server.max-connections=400
query.max-length=100000
memory.limit=1GB
query.max-memory=512MB
"""

SLOW = "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y) WHERE x * y % 7 = 3"
LARGE = "SELECT x, y, rpad('', 100, 'z') FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y)"
QUERIES = [
    "SELECT 1",
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) t (x, y)",
    "SELECT sum(x) FROM UNNEST(sequence(1, 1000)) t (x)",
    "SELECT nope",
    "SHOW TABLES FROM memory.default",
    "SELECT CAST('x' AS bigint)",
    "SELECT ARRAY[1, NULL], MAP(ARRAY['k'], ARRAY[1]), X'00', DATE '2024-01-01'",
]


# MARK: The server


class Server:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="minipresto-fuzz-")
        os.makedirs(self.folder + "/etc/catalog")
        with open(self.folder + "/etc/config.properties", "w") as file:
            file.write(CONFIGURATION)
        with open(self.folder + "/etc/catalog/memory.properties", "w") as file:
            file.write("connector.name=memory\n")
        self.process = subprocess.Popen(
            [options.binary, "server", "--config", self.folder + "/etc", "--port", "0", "--threads", "2"],
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env={**os.environ, "TMPDIR": self.folder})
        said = ""
        while "listens on" not in said:
            line = self.process.stderr.readline()
            assert line, f"the server ended before it began: {said}"
            said += line
        self.port = int(re.search(r"listens on http://[^:]+:(\d+)", said).group(1))

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def memory(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    @property
    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return json.load(answer)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)


# MARK: The client that behaves


def well_behaved(port, news, stop):
    """Asks, and checks the answers; tells how long the longest took, or what went wrong."""
    import requests

    longest, count = 0.0, 0
    session = requests.Session()
    while not stop.is_set():
        number = count % 1000
        began = time.monotonic()
        try:
            ask = lambda: session.post(f"http://127.0.0.1:{port}/v1/statement", data=f"SELECT {number} + sum(x) FROM UNNEST(sequence(1, 100)) t (x)", headers={"X-Trino-User": "well-behaved"}, timeout=60)
            answer = ask()
            while answer.status_code == 429 and time.monotonic() - began < 30:
                # too many statements: clients try again, and that is waiting like any other
                time.sleep(0.2)
                answer = ask()
            rows = []
            while True:
                assert answer.status_code == 200, f"status {answer.status_code}: {answer.text[:200]}"
                page = answer.json()
                assert "error" not in page, page["error"]
                rows += page.get("data", [])
                if "nextUri" not in page:
                    break
                answer = session.get(page["nextUri"], timeout=60)
            assert rows == [[number + 5050]], rows
        except Exception as error:
            news.put(("wrong", f"after {count} answers and {time.monotonic() - began:.1f} s: {error!r}"))
            return
        longest = max(longest, time.monotonic() - began)
        count += 1
        time.sleep(0.05)
    news.put(("well", (count, longest)))


# MARK: Attacks


class Wire:
    """One raw connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port):
        return cls(*await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port, limit=1 << 22), 20))

    async def send(self, data):
        self.writer.write(data)
        await asyncio.wait_for(self.writer.drain(), 20)

    async def read(self, seconds=2.0, limit=1 << 20):
        """What comes within that time, up to the limit."""
        got = b""
        end = time.monotonic() + seconds
        while len(got) < limit and (left := end - time.monotonic()) > 0:
            try:
                part = await asyncio.wait_for(self.reader.read(65536), left)
            except asyncio.TimeoutError:
                break
            if not part:
                break
            got += part
        return got

    def reset(self):
        """Closes without a word: the other side gets a reset."""
        try:
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, AttributeError):
            # closed already
            pass
        self.writer.close()

    async def close(self):
        self.writer.close()
        try:
            await asyncio.wait_for(self.writer.wait_closed(), 5)
        except Exception:
            pass


def head(method="GET", path="/v1/info", headers=(), host="localhost", version="HTTP/1.1"):
    lines = [f"{method} {path} {version}", f"Host: {host}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def post(sql, headers=(), length=None):
    body = sql if isinstance(sql, bytes) else sql.encode("utf-8", "surrogateescape")
    length = len(body) if length is None else length
    return head("POST", "/v1/statement", ["X-Trino-User: hostile", f"Content-Length: {length}", *headers]) + body


def noise(most):
    return chance.randbytes(chance.randrange(1, most))


def broken(data):
    """The same with some bytes changed, lost, doubled, or cut off."""
    data = bytearray(data)
    for _ in range(chance.randrange(1, 8)):
        if not data:
            break
        place = chance.randrange(len(data))
        kind = chance.randrange(5)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            del data[place : place + chance.randrange(1, 8)]
        elif kind == 2:
            data[place:place] = data[place : place + chance.randrange(1, 16)]
        elif kind == 3:
            data[place:place] = chance.choice([b"\r\n", b"\0", b"\r", b"\n", b":", b" ", b"\xff\xfe", b"%00", b"../"])
        else:
            del data[place:]
    return bytes(data)


def next_uri(got):
    found = re.search(rb'"nextUri":"http://[^/]*(/[^"]*)"', got)
    return found.group(1).decode() if found else None


async def garbage(wire):
    await wire.send(noise(4096))
    await wire.read(1)


async def silence(wire):
    await wire.read(chance.uniform(0, 6))


async def half_open(wire):
    data = post(chance.choice(QUERIES))
    await wire.send(data[: chance.randrange(len(data))])
    if chance.random() < 0.5:
        wire.writer.write_eof()
    await wire.read(chance.uniform(0, 6))


async def drips(wire):
    """A header that never ends, a byte at a time."""
    data = head("GET", "/v1/info", [f"X-Drip: {'x' * 500}"])
    for byte in data[: chance.randrange(20, 80)]:
        await wire.send(bytes([byte]))
        await asyncio.sleep(chance.uniform(0.01, 0.3))


async def slow_body(wire):
    await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", "Content-Length: 1000000"]))
    for _ in range(chance.randrange(5, 30)):
        await wire.send(b"SELECT ")
        await asyncio.sleep(chance.uniform(0.05, 0.3))


async def large_headers(wire):
    kind = chance.randrange(3)
    if kind == 0:
        headers = [f"X-Large: {'x' * chance.choice([1 << 14, 1 << 17, 1 << 20, 1 << 22])}"]
    elif kind == 1:
        headers = [f"X-Many-{number}: {number}" for number in range(chance.choice([100, 1000, 20000]))]
    else:
        headers = ["X-Trino-User: hostile", "X-Trino-Session: " + ",".join(f"a{number}={number}" for number in range(20000))]
    await wire.send(head("POST", "/v1/statement", headers))
    await wire.read(1)


async def endless_headers(wire):
    """Headers as fast as they are taken, until the server has had enough."""
    await wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
    for number in range(3000):
        await wire.send(f"X-{number}: {'y' * 4000}\r\n".encode())


async def lying_lengths(wire):
    kind = chance.randrange(7)
    if kind == 0:
        await wire.send(post("SELECT 1", length=chance.choice([-1, 0, 3, 10**9, 2**63, 2**64])))
    elif kind == 1:
        await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", "Content-Length: 8", "Content-Length: 80"]) + b"SELECT 1")
    elif kind == 2:
        await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", "Content-Length: 8", "Transfer-Encoding: chunked"]) + b"8\r\nSELECT 1\r\n0\r\n\r\n")
    elif kind == 3:
        size = chance.choice([b"zz", b"-1", b"ffffffffffffffff", b"7fffffff", b"", b"8;" + b"x" * 100000])
        await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", "Transfer-Encoding: chunked"]) + size + b"\r\nSELECT 1\r\n0\r\n\r\n")
    elif kind == 4:
        await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", "Transfer-Encoding: gzip, chunked, chunked"]) + noise(200))
    elif kind == 5:
        await wire.send(head("GET", "/v1/info", ["Content-Length: 100000"]) + b"x" * 1000)
    else:
        await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", "Transfer-Encoding: chunked"]) + b"1\r\nx\r\n" * chance.randrange(1, 5000))
    await wire.read(1)


async def large_body(wire):
    size = chance.choice([200_000, 5_000_000, 40_000_000])
    await wire.send(head("POST", "/v1/statement", ["X-Trino-User: hostile", f"Content-Length: {size}"]))
    sent = 0
    while sent < size:
        await wire.send(b"/* " + b"x" * 65536 + b" */ ")
        sent += 65543
    await wire.read(2)


async def endless_body(wire):
    await wire.send(head("POST", chance.choice(["/v1/statement", "/v1/info", "/ui/", "/v1/info/state"]), ["X-Trino-User: hostile", "Transfer-Encoding: chunked"]))
    for _ in range(1500):
        await wire.send(b"10000\r\n" + b" " * 65536 + b"\r\n")


async def pipelines(wire):
    """Many requests at once, whose answers are read late, little or never."""
    one = chance.choice([head("GET", "/v1/info"), head("GET", "/metrics"), post("SELECT 1"), head("GET", "/v1/query")])
    await wire.send(one * chance.choice([10, 300, 3000]))
    if chance.random() < 0.5:
        await wire.read(2)
    else:
        await asyncio.sleep(chance.uniform(0, 3))


async def odd_methods(wire):
    method = chance.choice(["PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH", "HEAD", "BREW", "get", "G" * 5000])
    path = chance.choice(["/v1/statement", "/v1/info", "/", "*", "/v1/query/nope", "/v1/spooled/ack/x", "http://evil.example/"])
    await wire.send(head(method, path, ["Expect: 100-continue", "Content-Length: 3", "Upgrade: h2c", "Connection: Upgrade"]) + b"abc")
    await wire.read(1)


async def odd_paths(wire):
    path = chance.choice(
        [
            "/ui/../../../../etc/passwd", "/ui/%2e%2e/%2e%2e/etc/passwd", "/ui/%00", "//v1//statement", "/v1/statement/executing/x/y/99999999999999999999",
            "/v1/statement/queued/20260101_000000_00001_abcde/xdeadbeef/-1", "/v1/spooled/download/../../lock", "/v1/spooled/download/" + "a" * 100000,
            "/v1/query/%ff%fe", "/?" + "&".join(f"a{number}=b" for number in range(5000)), "/v1/statement/executing/x/y/1?slug=%", "/v1/statement/" + "/".join("a" * 2000),
        ]
    )
    await wire.send(head(chance.choice(["GET", "DELETE", "PUT", "HEAD"]), path))
    await wire.read(1)


async def other_protocols(wire):
    await wire.send(
        chance.choice(
            [
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 200,
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + noise(600),
                b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
                b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"\r\n" * 10000, b"EHLO x\r\n", b"\x80" * 70000,
            ]
        )
    )
    await wire.read(1)


async def broken_requests(wire):
    for _ in range(chance.randrange(1, 4)):
        await wire.send(broken(chance.choice([post(chance.choice(QUERIES)), head("GET", "/v1/query"), head("DELETE", "/v1/statement/executing/a/b/1")])))
    await wire.read(1)


async def odd_headers(wire):
    junk = chance.choice(["%zz=1", "=,=,=", "a=" + "%41" * 5000, "q=SELECT+1," * 2000, "\udcff\udcfe", "x\ty", "Middle/Earth", "9" * 400, ",", "ü"])
    names = ["Session", "Prepared-Statement", "Time-Zone", "Transaction-Id", "Client-Tags", "Catalog", "Schema", "Client-Capabilities", "Query-Data-Encoding", "Extra-Credential", "Resource-Estimate", "Role"]
    prefix = chance.choice(["X-Trino-", "X-Presto-"])
    await wire.send(post(chance.choice(QUERIES), [f"{prefix}{chance.choice(names)}: {junk}", f"{prefix}Catalog: memory", f"X-Forwarded-Host: {junk}", f"Authorization: Basic {junk}", "Accept-Encoding: gzip;q=x, zstd;q=-1, *"]))
    await wire.read(1)


async def hostile_texts(wire):
    depth = chance.choice([100, 5000, 40000])
    text = chance.choice(
        [
            "SELECT " + "(" * depth + "1" + ")" * depth,
            "SELECT " + "-" * depth + "1",
            "SELECT " + "+".join(["1"] * depth),
            "SELECT 1 WHERE 1 IN (" + ",".join(["1"] * depth) + ")",
            "SELECT " + "NOT " * depth + "true",
            "SELECT ARRAY" + "[ARRAY" * min(depth, 5000) + "[]" + "]" * min(depth, 5000),
            "SELECT CASE " + "WHEN true THEN 1 " * depth + "END",
            "SELECT '" + "x" * 90000, "/*" * depth, "SELECT \"" + "a" * 90000 + "\"", "SELECT " + "x." * depth + "x", "SELECT 1" + " UNION ALL SELECT 1" * min(depth, 4000),
            "SELECT rpad('x', 2000000000, 'y')", "SELECT repeat(1, 2000000000)", "SELECT sequence(1, 1000000000)", "SELECT regexp_like(rpad('', 30000, 'a'), '(a*)*b')",
            "WITH RECURSIVE t (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT * FROM t",
            broken(chance.choice(QUERIES).encode()),
        ]
    )
    await wire.send(post(text, ["X-Trino-Catalog: memory", "X-Trino-Schema: default"]))
    uri = next_uri(await wire.read(1, 200))
    while uri and chance.random() < 0.9:
        await wire.send(head("GET", uri))
        uri = next_uri(await wire.read(1, 100))


async def stalled_reader(wire):
    """A large page that nobody reads."""
    wire.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    encoding = chance.choice([[], ["X-Trino-Query-Data-Encoding: json"], ["X-Trino-Query-Data-Encoding: json+zstd"]])
    await wire.send(post(LARGE, encoding))
    uri = next_uri(await wire.read(1, 200))
    if uri:
        await wire.send(head("GET", uri.replace("/queued/", "/executing/").rsplit("/", 1)[0] + "/0") * chance.choice([1, 20]))
        await asyncio.sleep(chance.uniform(0, 6))


async def abandoned_queries(wire):
    await wire.send(post(chance.choice([SLOW, LARGE]), chance.choice([[], ["X-Trino-Query-Data-Encoding: json+lz4"]])))
    got = await wire.read(1, 200)
    uri = next_uri(got)
    for _ in range(chance.randrange(4)):
        if uri:
            await wire.send(head("GET", uri))
            got = await wire.read(1.5, 1000)
            uri = next_uri(got) or uri
    if uri and chance.random() < 0.5:
        await wire.send(head("DELETE", uri))
        await wire.read(1)


async def segments_never_taken(wire):
    await wire.send(post(LARGE, ["X-Trino-Query-Data-Encoding: json"]))
    uri = next_uri(await wire.read(1, 200))
    for _ in range(chance.randrange(3, 10)):
        if not uri:
            return
        await wire.send(head("GET", uri))
        got = await wire.read(1.2, 500_000)
        name = re.search(rb"/v1/spooled/download/(\w+)", got)
        if name and chance.random() < 0.3:
            await wire.send(head("GET", "/v1/spooled/download/" + name.group(1).decode()))
            await wire.read(0.3, chance.choice([1000, 5_000_000]))
        uri = next_uri(got)


async def tokens(wire):
    """The same page many times, pages out of order, two deletes."""
    await wire.send(post(chance.choice(QUERIES + [LARGE])))
    uri = next_uri(await wire.read(1, 200))
    if uri:
        stem = uri.rsplit("/", 1)[0]
        for _ in range(20):
            method = chance.choice(["GET", "GET", "GET", "HEAD", "DELETE"])
            await wire.send(head(method, chance.choice([stem, stem.replace("queued", "executing")]) + f"/{chance.choice([0, 1, 2, 3, 10**6, 'x'])}"))
        await wire.read(1.5)


ATTACKS = [
    garbage, silence, half_open, drips, slow_body, large_headers, endless_headers, lying_lengths, large_body, endless_body, pipelines, odd_methods, odd_paths,
    other_protocols, broken_requests, odd_headers, hostile_texts, stalled_reader, abandoned_queries, segments_never_taken, tokens,
]


async def attacks(server, until):
    """As many at once as asked for, until it is time; how many of each kind were made."""
    counts = dict.fromkeys((attack.__name__ for attack in ATTACKS), 0)
    refused = 0
    begun = 0

    async def attacker():
        nonlocal refused, begun
        while time.monotonic() < until and (not options.attacks or begun < options.attacks):
            begun += 1
            attack = chance.choice(ATTACKS)
            try:
                wire = await Wire.open(server.port)
            except (OSError, asyncio.TimeoutError):
                # more connections than the server takes
                refused += 1
                await asyncio.sleep(0.05)
                continue
            try:
                await asyncio.wait_for(attack(wire), 30)
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
                # being hung up on is what they deserve
                pass
            counts[attack.__name__] += 1
            if chance.random() < 0.3:
                wire.reset()
            else:
                await wire.close()

    async def watch():
        while True:
            await asyncio.sleep(10)
            print(f"  {sum(counts.values())} attacks, {server.descriptors} descriptors, {server.memory >> 20} MB, {server.threads} threads", flush=True)

    watching = asyncio.create_task(watch())
    # a crowd of connections that say nothing, all at once
    crowd = []
    for _ in range(100):
        try:
            crowd.append(await Wire.open(server.port))
        except (OSError, asyncio.TimeoutError):
            refused += 1
    await asyncio.gather(*(attacker() for _ in range(options.parallel)))
    for wire in crowd:
        wire.reset()
    watching.cancel()
    return counts, refused

if options.only:
    ATTACKS = [attack for attack in ATTACKS if attack.__name__ in options.only.split(",")]


# MARK: The run


def settled(server, wanted, seconds):
    """Waits for the descriptors to come back to what they were."""
    end = time.monotonic() + seconds
    while server.descriptors > wanted and time.monotonic() < end:
        time.sleep(0.2)
    return server.descriptors


def main():
    print(f"seed {seed}", flush=True)
    server = Server()
    wrong = []
    try:
        # once through everything, so that what is made once is made
        warm = time.monotonic()
        asyncio.run(attacks_once(server))
        time.sleep(1)
        descriptors, memory, threads = settled(server, 0, 5), server.memory, server.threads
        print(f"  warm after {time.monotonic() - warm:.0f} s: {descriptors} descriptors, {memory >> 20} MB, {threads} threads", flush=True)
        news, stop = multiprocessing.Queue(), multiprocessing.Event()
        client = multiprocessing.Process(target=well_behaved, args=(server.port, news, stop))
        client.start()
        began = time.monotonic()
        counts, refused = asyncio.run(attacks(server, began + options.seconds))
        lasted = time.monotonic() - began
        stop.set()
        kind, what = news.get(timeout=90)
        client.join(10)
        if kind == "wrong":
            wrong.append(f"the well-behaved client: {what}")
        else:
            print(f"  the well-behaved client: {what[0]} answers, the slowest after {what[1]:.2f} s", flush=True)
            if what[1] > options.patience:
                wrong.append(f"the well-behaved client waited {what[1]:.1f} s")
        if server.process.poll() is not None:
            wrong.append(f"the server died: {server.process.returncode}")
        else:
            after = settled(server, descriptors + 2, 20)
            running = [1]
            end = time.monotonic() + 30
            while running and time.monotonic() < end:
                running = [query["query"][:80] for query in server.ask("/v1/query") if query["state"] not in ("FINISHED", "FAILED")]
                time.sleep(0.2)
            end = time.monotonic() + 20
            while (held := server.memory) > memory + (256 << 20) and time.monotonic() < end:
                time.sleep(0.5)
            print(f"  {sum(counts.values())} attacks in {lasted:.0f} s, {refused} refused; {after} descriptors, {held >> 20} MB, {server.threads} threads", flush=True)
            print("  " + ", ".join(f"{name} {count}" for name, count in counts.items()))
            if after > descriptors + 5:
                wrong.append(f"descriptors: {descriptors} before, {after} after")
            if held > memory + (256 << 20):
                wrong.append(f"memory: {memory >> 20} MB before, {held >> 20} MB after")
            if running:
                wrong.append(f"queries that nobody waits for go on: {running}")
            left = server.end()
            if left != 0:
                wrong.append(f"told to end, the server ended with {left}")
    finally:
        server.process.kill()
        shutil.rmtree(server.folder, ignore_errors=True)
    for line in wrong:
        print("WRONG", line)
    print("all well" if not wrong else f"again with --seed {seed}")
    sys.exit(1 if wrong else 0)


async def attacks_once(server):
    for attack in ATTACKS:
        try:
            wire = await Wire.open(server.port)
            await asyncio.wait_for(attack(wire), 30)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            pass
        wire.reset()


if __name__ == "__main__":
    main()
