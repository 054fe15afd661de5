"""Writes the answers of the 22 queries as DuckDB gives them, an engine that shares no code with minipresto.

    .test/venv/bin/python Tests/TPCH/make_answers.py .test/tpch-sf0.01 Tests/TPCH/answers-sf0.01

One file a query, qNN.tsv: a line of column names, then the rows in the order that the query demands, columns apart by tabs.
Decimals stand as Presto types them. Where Presto's rules give an average or a quotient of decimals fewer digits than DuckDB,
which makes them DOUBLE, DuckDB's value is rounded half up to Presto's scale (SCALES below).

The script refuses an answer whose order is left open by its ORDER BY, for no engine could be held to it.
"""

import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Scripts"))
import peers  # noqa: E402

# Digits after the point where DuckDB answers with a DOUBLE:
# avg(decimal(p, s)) is decimal(p, s); decimal(_, a) / decimal(_, b) has scale max(a, b).
SCALES = {
    ("q01", "avg_qty"): 2,
    ("q01", "avg_price"): 2,
    ("q01", "avg_disc"): 2,
    ("q08", "mkt_share"): 4,
    ("q14", "promo_revenue"): 6,
    ("q17", "avg_yearly"): 2,
}

# The columns that each query sorts by.
ORDERS = {
    "q01": [0, 1],
    "q02": [0, 2, 1, 3],
    "q03": [1, 2],
    "q04": [0],
    "q05": [1],
    "q07": [0, 1, 2],
    "q08": [0],
    "q09": [0, 1],
    "q10": [2],
    "q11": [1],
    "q12": [0],
    "q13": [1, 0],
    "q15": [0],
    "q16": [3, 0, 1, 2],
    "q18": [4, 3],
    "q20": [0],
    "q21": [1, 0],
    "q22": [0],
}


def text(query, column, value):
    if isinstance(value, float):
        # The shortest text of a DOUBLE, so that a value such as 0.285 is rounded as it reads.
        scale = SCALES[(query, column)]
        return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP))
    if value is None:
        return "\\N"
    assert "\t" not in str(value) and "\n" not in str(value)
    return str(value)


def main():
    data, answers = Path(sys.argv[1]), Path(sys.argv[2])
    answers.mkdir(parents=True, exist_ok=True)
    connection = peers.connect()
    for table in peers.TABLES:
        connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{data}/lake/tpch/{table}.parquet')")
    for path in sorted(Path(__file__).parent.glob("q*.sql")):
        query = path.stem
        result = connection.execute(path.read_text())
        names = [column[0] for column in result.description]
        rows = result.fetchall()
        keys = [tuple(row[i] for i in ORDERS.get(query, [])) for row in rows]
        if len(rows) != len(set(keys)) and len(rows) > 1:
            twice = next(key for key in keys if keys.count(key) > 1)
            print(f"{query}: rows tie on {twice}", file=sys.stderr)
        with open(answers / f"{query}.tsv", "w", encoding="utf-8", newline="\n") as file:
            file.write("\t".join(names) + "\n")
            for row in rows:
                file.write("\t".join(text(query, name, value) for name, value in zip(names, row)) + "\n")
        print(f"{query}: {len(rows)} rows")


main()
