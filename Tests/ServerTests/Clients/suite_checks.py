"""The suites of Tests/Suites once more, statement by statement, as a client of Trino's protocol has them.

usage: suite_checks.py PORT FOLDER SHARD SHARDS

A value comes as JSON and is written as the command line would show it, by the column's type signature, so that it can be held against the cell in
the file. Each file begins with an empty catalog `memory`.
"""

import base64
import http.client
import json
import os
import re
import sys

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


class Server:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, method, path, headers, body=None):
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise AssertionError(f"HTTP {response.status}: {content[:200]!r}")
        return json.loads(content)

    def run(self, sql, time_zone="UTC"):
        """(columns, rows, None), or (None, None, the error's name and message)."""
        headers = {
            "X-Trino-User": "suites", "X-Trino-Catalog": "memory", "X-Trino-Schema": "default", "X-Trino-Time-Zone": time_zone,
            "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME", "Content-Type": "text/plain; charset=utf-8",
        }
        answer = self.ask("POST", "/v1/statement", headers, sql.encode())
        columns, rows = None, []
        while True:
            if "error" in answer:
                return None, None, (answer["error"]["errorName"], answer["error"]["message"])
            columns = answer.get("columns", columns)
            rows += answer.get("data") or []
            if "nextUri" not in answer:
                return columns or [], rows, None
            answer = self.ask("GET", re.sub(r"^\w+://[^/]+", "", answer["nextUri"]), headers)


def shown(value, signature):
    """As the command line shows it; None for null at the top."""
    if value is None:
        return None
    kind, arguments = signature["rawType"], [argument["value"] for argument in signature.get("arguments", [])]

    def inside(element, type):
        text = shown(element, type)
        return "null" if text is None else text

    if kind == "array":
        return "[" + ", ".join(inside(element, arguments[0]) for element in value) + "]"
    if kind == "map":
        return "{" + ", ".join(f"{key}={inside(element, arguments[1])}" for key, element in value.items()) + "}"
    if kind == "row":
        fields = []
        for index, (element, argument) in enumerate(zip(value, arguments)):
            name = (argument.get("fieldName") or {}).get("name") or f"field{index}"
            fields.append(f"{name}={inside(element, argument['typeSignature'])}")
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and kind in ("varbinary", "HyperLogLog", "tdigest", "qdigest"):
        return base64.b64decode(value).hex(" ")
    return str(value) if not isinstance(value, float) else repr(value)


def rounded(text):
    return NUMBER.sub(lambda match: f"{float(match[0]) + 0.0:.9g}", text)


def agree(got, want):
    return len(got) == len(want) and all(a == b or rounded(a) == rounded(b) for a, b in zip(got, want))


def unescaped(cell):
    return re.sub(r"\\(.)", lambda match: {"t": "\t", "n": "\n", "0": ""}.get(match[1], match[1]), cell, flags=re.S)


def cases(path):
    """(line, sql, time zone, words after the dashes, rows)"""
    statement, current, time_zone = [], None, "UTC"
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines, 1):
        if current is not None:
            if line:
                current[4].append([unescaped(cell) for cell in line.split("\t")])
                continue
            yield current
            statement, current = [], None
        elif line.startswith("----"):
            current = (number, "\n".join(statement), time_zone, line.split()[1:], [])
        elif not statement and line.startswith("@ timezone "):
            time_zone = line[len("@ timezone "):]
        elif statement or not (line == "" or line.startswith("#")):
            statement.append(line)
    if current is not None:
        yield current


def difference(server, case):
    _, sql, time_zone, words, want = case
    columns, rows, error = server.run(sql, time_zone)
    kind = words[0] if words else "rows"
    if kind == "error":
        if error is None:
            return f"answered {rows[:3]}, must fail with {words[-1]}"
        return None if error[0] == words[-1] else f"failed with {error}, not {words[-1]}"
    if error is not None:
        return f"failed with {error}"
    if kind == "ok":
        return None
    got = [["NULL" if value is None else shown(value, column["typeSignature"]) for value, column in zip(row, columns)] for row in rows]
    if len(got) != len(want):
        return f"{len(got)} rows, not {len(want)}"
    if kind != "ordered":
        got, want = sorted(got), sorted(want)
        # numbers written in another way may sort elsewhere
        if not all(agree(a, b) for a, b in zip(got, want)):
            got, want = sorted(got, key=lambda row: [rounded(cell) for cell in row]), sorted(want, key=lambda row: [rounded(cell) for cell in row])
    for a, b in zip(got, want):
        if not agree(a, b):
            return f"a row is {a}, not {b}"
    return None


def empty(server):
    for schema in [row[0] for row in server.run("SHOW SCHEMAS FROM memory")[1] if row[0] != "information_schema"]:
        answer = server.run(f"SELECT table_name, table_type FROM memory.information_schema.tables WHERE table_schema = '{schema}'")
        for name, kind in answer[1] or []:
            error = server.run(f'DROP {"VIEW" if kind == "VIEW" else "TABLE"} memory."{schema}"."{name}"')[2]
            assert error is None, error
        if schema != "default":
            server.run(f'DROP SCHEMA memory."{schema}"')


def main():
    port, folder, shard, shards = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    files = sorted(
        os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names if name.endswith(".slt"))
    server, checked, wrong = Server(port), 0, 0
    for path in files[shard::shards]:
        for case in cases(path):
            checked += 1
            what = difference(server, case)
            if what is not None:
                wrong += 1
                print(f"{os.path.relpath(path, folder)}:{case[0]}: {case[1]}\n  {what}")
        empty(server)
    print(f"{checked} checked, {wrong} wrong")
    if wrong == 0 and checked > 0:
        print("all well")
    sys.exit(0 if wrong == 0 and checked > 0 else 1)


if __name__ == "__main__":
    main()
