"""Whether minipresto and a peer answer the same: every value where the query settles it, the sort keys where a LIMIT cuts through ties, else the rows.

Large results are not fetched: both engines then answer a digest of the query, which no order of rows changes.
"""

import csv
import math
import subprocess

LARGE = 20_000


class Command:
    """`minipresto --execute`, for values: the driver only counts rows."""

    def __init__(self, executable, catalogs, catalog, schema):
        self.arguments = [str(part) for part in (executable, "--catalogs", catalogs, "--catalog", catalog, "--schema", schema, "--output-format", "CSV")]

    def rows(self, sql):
        done = subprocess.run([*self.arguments, f"--execute={sql}"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError((done.stderr.strip() or f"status {done.returncode}").splitlines()[0])
        return list(csv.reader(done.stdout.splitlines(keepends=True)))


def cell(value):
    """What CSV would show of a peer's value; NULL and the empty text are the same there."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def same(one, other):
    if one == other:
        return True
    try:
        # Presto's average and quotient of decimals keep a number of digits, where others answer a double.
        digits = min(len(value.partition(".")[2]) for value in (one, other))
        return math.isclose(float(one), float(other), rel_tol=1e-6, abs_tol=0.5000001 * 10**-digits if digits else 1e-9)
    except ValueError:
        return trimmed(one) == trimmed(other)


def trimmed(value):
    """A timestamp without the zeros that end the fraction of its second."""
    return value.rstrip("0").rstrip(".") if "." in value and ":" in value else value


def sortable(row):
    def key(value):
        try:
            return f"{float(value):.5g}"
        except ValueError:
            return trimmed(value)

    return [key(value) for value in row]


def equal(found, wanted):
    """The first difference of two lists of rows in any order, or nothing."""
    if len(found) != len(wanted):
        return f"{len(found)} rows, not {len(wanted)}"
    for one, other in zip(sorted(found, key=sortable), sorted(wanted, key=sortable)):
        if len(one) != len(other) or not all(map(same, one, other)):
            return f"{one}, not {other}"[:160]
    return None


def sort_keys(sql):
    """Which columns of a query with LIMIT are its sort keys; None: no LIMIT."""
    import sqlglot

    tree = sqlglot.parse_one(sql, read="presto")
    if not tree.args.get("limit"):
        return None
    order = tree.args.get("order")
    columns = {}
    for position, column in enumerate(tree.selects):
        columns.setdefault(column.alias_or_name, position)
        columns.setdefault(column.unalias().sql(), position)
    names = [part.this.sql() for part in order.expressions] if order else []
    return [columns[name] for name in names if name in columns]


def digest(sql, columns):
    """A query of one row over the result of another."""
    parts = ["count(*)"]
    for name, kind in columns:
        column = f'"{name}"'
        if kind.startswith(("int", "uint", "float", "double", "decimal")):
            parts += [f"sum(cast({column} AS double))", f"min({column})", f"max({column})", f"count({column})"]
        elif "string" in kind:
            parts += [f"min({column})", f"max({column})", f"sum(length({column}))", f"count({column})"]
        else:
            parts += [f"min({column})", f"max({column})", f"count({column})"]
    return f"SELECT {', '.join(parts)} FROM ({sql}) AS result"


def difference(command, peer, ours, theirs):
    """How minipresto's answer to `ours` differs from the peer's to `theirs`: a text, or nothing."""
    shown = peer.ask({**(theirs if isinstance(theirs, dict) else {"sql": theirs}), "values": LARGE})
    if not shown.get("error") and shown["rows"] > LARGE and isinstance(theirs, str):
        ours, theirs = digest(ours, shown["columns"]), digest(theirs, shown["columns"])
        shown = peer.ask({"sql": theirs, "values": LARGE})
    if shown.get("error") or "values" not in shown:
        return f"not compared: {(shown.get('error') or 'too many rows').splitlines()[0]}"
    try:
        found = command.rows(ours)
    except RuntimeError as error:
        return f"error: {error}"
    wanted = [[cell(value) for value in row] for row in shown["values"]]
    keys = sort_keys(ours)
    what = equal(found, wanted)
    if what is None or keys is None:
        return what
    if len(found) != len(wanted):
        return what
    return equal([[row[key] for key in keys] for row in found], [[row[key] for key in keys] for row in wanted])
