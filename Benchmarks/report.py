"""Tables, RESULTS.md and plots of bench.py."""

import math
import platform
from pathlib import Path

import duckdb

NAMES = ("minipresto", "DuckDB")
COLOURS = {"minipresto": "#2563eb", "DuckDB": "#d4a017"}


def ratio(medians):
    one, other = (medians[name] for name in NAMES)
    return one / other if one is not None and other else None


def mean(results):
    """The geometric mean of the ratios, and how many there are."""
    ratios = [r for r in (ratio(medians) for _, medians, _ in results) if r]
    return (math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None), len(ratios)


def number(value, form):
    return "failed" if value is None else format(value, form)


def heading():
    return f"{'query':6} {'minipresto':>11} {'DuckDB':>9} {'ratio':>7}"


def line(name, medians, remark):
    one, other = (number(medians[engine], ".4f") for engine in NAMES)
    return f"{name:6} {one:>11} {other:>9} {number(ratio(medians), '.2f'):>7}  {remark}".rstrip()


def totals(results):
    both = [medians for _, medians, _ in results if ratio(medians)]
    return tuple(sum(medians[name] for medians in both) for name in NAMES)


def summary(results):
    geometric, count = mean(results)
    one, other = totals(results)
    return f"{'sum':6} {one:11.4f} {other:9.4f}\ngeometric mean of {count} ratios: {number(geometric, '.3f')}"


def processor():
    try:
        text = Path("/proc/cpuinfo").read_text()
        return next(row.split(":", 1)[1].strip() for row in text.splitlines() if row.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def write(folder, key, about, results):
    """Puts the section of these sources into RESULTS.md in place of the one before, and draws its plot."""
    geometric, count = mean(results)
    one, other = totals(results)
    rows = [
        f"| {name} | {number(medians['minipresto'], '.4f')} | {number(medians['DuckDB'], '.4f')} | {number(ratio(medians), '.2f')} | {remark} |"
        for name, medians, remark in results
    ]
    section = "\n".join([
        f"<!-- {key} -->",
        f"## TPC-H SF 1: {about['title']}",
        f"{about['date']}, {processor()}, {about['threads']} threads; DuckDB {duckdb.__version__}; median of {about['runs']} interleaved warm runs, in seconds.",
        "",
        f"**Geometric mean of minipresto / DuckDB over {count} queries: {number(geometric, '.3f')}** (sums {one:.2f} s and {other:.2f} s).",
        "",
        "| query | minipresto | DuckDB | ratio | |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"![seconds a query](results-{key}.svg)",
        f"<!-- end {key} -->",
    ])
    path = folder / "RESULTS.md"
    text = path.read_text() if path.exists() else "# Results\nWritten by `make bench`; `bench.py` says how the figures are taken.\n"
    start, end = text.find(f"<!-- {key} -->"), text.find(f"<!-- end {key} -->")
    if start >= 0 and end > start:
        text = text[:start] + section + text[end + len(f"<!-- end {key} -->") :]
    else:
        text = text.rstrip("\n") + "\n\n" + section + "\n"
    path.write_text(text)
    (folder / f"results-{key}.svg").write_text(plot(about["title"], results))


def plot(title, results):
    """Two bars a query, as an SVG."""
    width, left, row, top = 760, 60, 30, 56
    height = top + row * len(results) + 20
    longest = max([value for _, medians, _ in results for value in medians.values() if value] or [1])
    scale = (width - left - 80) / longest
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="20" font-size="13">TPC-H SF 1, seconds: {title}</text>',
    ]
    for i, name in enumerate(NAMES):
        parts.append(f'<rect x="{left + i * 110}" y="30" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{left + 17 + i * 110}" y="40">{name}</text>')
    for i, (query, medians, _) in enumerate(results):
        y = top + i * row
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{query}</text>')
        for j, name in enumerate(NAMES):
            value = medians[name]
            length = 0 if value is None else max(1, value * scale)
            parts.append(f'<rect x="{left}" y="{y + j * 12}" width="{length:.1f}" height="10" fill="{COLOURS[name]}"/>')
            parts.append(f'<text x="{left + length + 5:.1f}" y="{y + j * 12 + 9}" font-size="10" fill="#444">{number(value, ".3f")}</text>')
    return "\n".join(parts) + "\n</svg>\n"
