"""Operators over tables in memory, of the `memory` connector here and of the peers' own: no file is read while the clock runs.

    facts    10 million rows: `id` is another in each; `tens`, `kilo`, `myriad`, `million` take 10 to 1,000,000 values, `sparse` a million far apart,
             `name` a million texts; `code` a hundred short ones; `amount` is a decimal, `price` a double, `maybe` an integer or NULL once in ten
    parts    a row for each value of `million`, `sparse` and `name`
    chosen   a tenth of them

approx_distinct is to take at most a fifth of DuckDB's time here, where nothing but the estimate is to be done, with a standard error of at most 2.3 %;
the notes of RESULTS.md say how far both are off.
"""

import math

from . import Suite, generated

ROWS = 10_000_000
MILLION = 1_000_000
FACTS = """
SELECT i * 7368787 % {rows} AS id, pick(i, 1, 10)::BIGINT AS tens, pick(i, 2, 1000)::BIGINT AS kilo, pick(i, 3, 10000)::BIGINT AS myriad,
  pick(i, 4, 1000000)::BIGINT AS million, pick(i, 4, 1000000)::BIGINT * 1000003 AS sparse, 'customer number ' || pick(i, 5, 1000000)::VARCHAR AS name,
  format('code{{:02d}}', pick(i, 6, 100)) AS code, (pick(i, 7, 10000000) / 100)::DECIMAL(15,2) AS amount, round(100 * part(i, 8), 6) AS price,
  CASE WHEN pick(i, 9, 10) > 1 THEN pick(i, 10, 1000) END AS maybe
FROM range({rows}) t (i)
"""
PARTS = """
SELECT 1 + i * 7919 % 1000000 AS million, (1 + i * 7919 % 1000000) * 1000003 AS sparse, 'customer number ' || (1 + i * 7919 % 1000000)::VARCHAR AS name,
  pick(i, 11, 100)::BIGINT AS bonus FROM range(1000000) t (i)
"""
CHOSEN = "SELECT sparse FROM ({parts}) AS parts WHERE bonus <= 10"

QUERIES = {
    "read": "SELECT sum(id) FROM facts",
    "filter number": "SELECT count(*), sum(amount) FROM facts WHERE maybe < 100 AND tens <> 3",
    "filter text": "SELECT count(*) FROM facts WHERE name LIKE '%777%'",
    "project": "SELECT max(price * 1.1e0 + maybe), min(id * 3 - million), max(amount * amount) FROM facts",
    "group 10": "SELECT tens, count(*), sum(amount), avg(price), max(maybe) FROM facts GROUP BY tens",
    "group 100 texts": "SELECT code, count(*), sum(amount), avg(price) FROM facts GROUP BY code",
    "group 10K": "SELECT myriad, count(*), sum(amount), avg(price) FROM facts GROUP BY myriad",
    "group 1M": "SELECT million, count(*) AS c, sum(price) AS total FROM facts GROUP BY million",
    "group 1M sparse": "SELECT sparse, count(*) AS c, sum(price) AS total FROM facts GROUP BY sparse",
    "group 1M texts": "SELECT name, count(*) AS c, sum(price) AS total FROM facts GROUP BY name",
    "distinct pairs": "SELECT count(*) FROM (SELECT DISTINCT tens, million FROM facts) AS pairs",
    "count distinct": "SELECT count(DISTINCT million), count(DISTINCT code) FROM facts",
    "join dense": "SELECT count(*), sum(bonus + tens) FROM facts JOIN parts ON facts.million = parts.million",
    "join sparse": "SELECT count(*), sum(bonus + tens) FROM facts JOIN parts ON facts.sparse = parts.sparse",
    "join texts": "SELECT count(*), sum(bonus + tens) FROM facts JOIN parts ON facts.name = parts.name",
    "semi join": "SELECT count(*), sum(id) FROM facts WHERE sparse IN (SELECT sparse FROM chosen)",
    "anti join": "SELECT count(*), sum(id) FROM facts WHERE NOT EXISTS (SELECT 1 FROM chosen WHERE chosen.sparse = facts.sparse)",
    "top 100": "SELECT id, price FROM facts ORDER BY price DESC, id LIMIT 100",
    "top 100 texts": "SELECT name, id FROM facts ORDER BY name, id LIMIT 100",
    "sort": "SELECT id, price FROM facts ORDER BY price, id",
    "sort texts": "SELECT name, id FROM facts WHERE id < 2000000 ORDER BY name, id",
    "window rank": "SELECT max(r) FROM (SELECT rank() OVER (PARTITION BY myriad ORDER BY price) AS r FROM facts) AS ranked",
    "window sum": "SELECT max(s) FROM (SELECT sum(id) OVER (PARTITION BY million ORDER BY id) AS s FROM facts WHERE id < 2000000) AS sums",
    "approx id": "SELECT approx_distinct(id) FROM facts",
    "approx million": "SELECT approx_distinct(million) FROM facts",
    "approx kilo": "SELECT approx_distinct(kilo) FROM facts",
    "approx name": "SELECT approx_distinct(name) FROM facts",
    "approx code": "SELECT approx_distinct(code) FROM facts",
    "approx by tens": "SELECT tens, approx_distinct(id) FROM facts GROUP BY tens",
}
# Columns whose counts are compared, and sets of so many rows that have no value in common.
ESTIMATED = ["kilo", "myriad", "million", "name", "id", "cast(id AS varchar)"]
SET = 10_000


def estimate(column):
    return f"SELECT approx_distinct({column}), count(DISTINCT {column}) FROM facts"


def estimates(column):
    return f"SELECT floor(id / {SET}), approx_distinct({column}), count(*) FROM facts GROUP BY floor(id / {SET})"


def errors(results, engines, command):
    """A table of each engine's error against the exact count, and its standard error over many sets."""
    import dialects

    def asked(engine, sql):
        if engine == "minipresto":
            return [[float(value) for value in row] for row in command.rows(sql)]
        return engines[engine].ask({"sql": dialects.text(engine, sql), "values": 1_000_000}).get("values")

    def cells(sql, shown):
        answers = [asked(engine, sql) for engine in engines]
        return " | ".join("–" if rows is None else shown(rows) for rows in answers)

    def off(rows):
        return f"{100 * (float(rows[0][0]) / float(rows[0][1]) - 1):+.2f} %"

    def standard(rows):
        deviations = [float(row[1]) / float(row[2]) - 1 for row in rows]
        return f"{100 * math.sqrt(sum(d * d for d in deviations) / len(deviations)):.2f} %"

    yield f"| approx_distinct | values | {' | '.join(engines)} |"
    yield "|---|---|" + "---|" * len(engines)
    for column in ESTIMATED:
        exact = int(asked("minipresto", estimate(column))[0][1])
        yield f"| {column} | {exact:,} | {cells(estimate(column), off)} |"
    for column in ("id", "cast(id AS varchar)"):
        sets = len(asked("minipresto", estimates(column)))
        yield f"| standard error of {column} | {sets:,} sets of {SET:,} | {cells(estimates(column), standard)} |"
    yield ""


def suite(folder, options):
    rows = options.rows or ROWS
    lake = folder / ("operators" if rows == ROWS else f"operators-{rows}") / "lake"
    texts = {"facts": FACTS.format(rows=rows), "parts": PARTS, "chosen": CHOSEN.format(parts=PARTS)}
    paths = generated.make(lake, "operators", texts)
    return Suite(
        "operators", f"Operators over {rows:,} rows in memory", lake, "operators", paths, list(QUERIES.items()), [errors], estimates="approx", held=True)
