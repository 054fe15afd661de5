"""ClickBench's 43 queries, each a file of Benchmarks/ClickBench in Presto SQL, over a table of its shape that hits.py makes."""

from pathlib import Path

from . import Suite, hits

QUERIES = Path(__file__).resolve().parents[1] / "ClickBench"


def suite(folder, options):
    rows = options.rows or hits.ROWS
    lake = folder / ("clickbench" if rows == hits.ROWS else f"clickbench-{rows}") / "lake"
    path = lake / "clickbench/hits.parquet"
    hits.make(path, rows)
    queries = [(f"q{file.stem}", file.read_text()) for file in sorted(QUERIES.glob("*.sql"))]
    return Suite("clickbench", f"ClickBench's queries over {rows:,} generated rows", lake, "clickbench", {"hits": path}, queries)
