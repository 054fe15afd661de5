"""Tables, RESULTS.md and plots of benchmarks: an engine a column, minipresto first, and its ratios."""

import html
import importlib.metadata
import math
import platform
from pathlib import Path

from engines import FEDERATED, MINIPRESTO, PEERS

COLOURS = {"minipresto": "#2563eb", "DuckDB": "#d4a017", "Polars": "#7c5cbf", "DataFusion": "#c2410c", "chDB": "#3f9d63", "Spark": "#be185d", "PostgreSQL": "#0f766e", "SQLite": "#475569"}


def ratio(medians, peer):
    one, other = medians.get(MINIPRESTO), medians.get(peer)
    return one / other if one is not None and other else None


def mean(results, peer):
    """The geometric mean of the ratios, and how many there are."""
    ratios = [r for r in (ratio(medians, peer) for _, medians, _ in results) if r]
    return (math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None), len(ratios)


def sums(results, peer):
    """Seconds of both over the queries that both answered."""
    both = [medians for _, medians, _ in results if ratio(medians, peer)]
    return sum(medians[MINIPRESTO] for medians in both), sum(medians[peer] for medians in both)


def number(value, form, engine=MINIPRESTO):
    """A figure, or that there is none: minipresto and DuckDB should answer everything, the others are asked what they can."""
    if value is not None:
        return format(value, form)
    return "failed" if engine in (MINIPRESTO, "DuckDB") else "–"


def heading(engines, width):
    peers = "".join(f" {peer:>10} {'ratio':>6}" for peer in engines[1:])
    return f"{'query':{width}} {MINIPRESTO:>11}{peers}"


def line(name, medians, remark, width):
    peers = "".join(
        f" {number(medians[peer], '.4f', peer):>10} {number(ratio(medians, peer), '.2f', peer):>6}" for peer in medians if peer != MINIPRESTO)
    return f"{name:{width}} {number(medians[MINIPRESTO], '.4f'):>11}{peers}  {remark}".rstrip()


def summary(engines, results):
    lines = []
    for peer in engines[1:]:
        geometric, count = mean(results, peer)
        one, other = sums(results, peer)
        lines.append(f"minipresto / {peer}: {number(geometric, '.3f')} in the geometric mean of {count} queries, sums {one:.2f} s and {other:.2f} s")
    return "\n".join(lines)


def processor():
    try:
        text = Path("/proc/cpuinfo").read_text()
        return next(row.split(":", 1)[1].strip() for row in text.splitlines() if row.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def versions(peers, known):
    return ", ".join(f"{peer} {known.get(peer) or importlib.metadata.version({**PEERS, **FEDERATED}[peer])}" for peer in peers)


def write(folder, key, about, results):
    """Puts a section into RESULTS.md in place of the one before, and draws its plot. `about`: title, engines, threads, runs, date, and perhaps
    `versions` of engines that are no packages, and `notes`, lines that follow the table."""
    engines, known = about["engines"], about.get("versions", {})
    peers = engines[1:]
    means = []
    for peer in peers:
        geometric, count = mean(results, peer)
        one, other = sums(results, peer)
        means.append(f"**minipresto / {peer}: {number(geometric, '.3f')}** in the geometric mean of {count} queries (sums {one:.2f} s and {other:.2f} s)")
    rows = []
    for name, medians, remark in results:
        cells = [number(medians[MINIPRESTO], ".4f")]
        for peer in peers:
            cells += [number(medians[peer], ".4f", peer), number(ratio(medians, peer), ".2f", peer)]
        rows.append(f"| {name} | {' | '.join(cells)} | {remark} |")
    section = "\n".join([
        f"<!-- {key} -->",
        f"## {about['title']}",
        f"{about['date']}, {processor()}, {about['threads']} threads; {versions(peers, known)}; median of {about['runs']} interleaved warm runs, in seconds.",
        "",
        *[f"- {text}" for text in means],
        "",
        f"| query | minipresto | {' | '.join(f'{peer} | ratio' for peer in peers)} | |",
        "|---|---|" + "---|---|" * len(peers) + "---|",
        *rows,
        "",
        *about.get("notes", []),
        f"![seconds a query](results-{key}.svg)",
        f"<!-- end {key} -->",
    ])
    place(folder, key, section)
    (folder / f"results-{key}.svg").write_text(plot(about["title"], engines, results))


def place(folder, key, section):
    """Puts a section into RESULTS.md, in place of the one with its key."""
    path = folder / "RESULTS.md"
    text = path.read_text() if path.exists() else "# Results\n"
    start, end = text.find(f"<!-- {key} -->"), text.find(f"<!-- end {key} -->")
    if start >= 0 and end > start:
        text = text[:start] + section + text[end + len(f"<!-- end {key} -->") :]
    else:
        text = text.rstrip("\n") + "\n\n" + section + "\n"
    path.write_text(text)


def plot(title, engines, results, unit="seconds", digits=3):
    """A bar for each engine and query, as an SVG; bars longer than the longest of the first two engines are cut."""
    left = 20 + 7 * max(len(name) for name, _, _ in results)
    width, bar, top = 760, 12, 56
    row = bar * len(engines) + 6
    height = top + row * len(results) + 20
    longest = max([medians[engine] for _, medians, _ in results for engine in engines[:2] if medians.get(engine)] or [1])
    scale = (width - left - 80) / longest
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="20" font-size="13">{title}, {unit}</text>',
    ]
    for i, name in enumerate(engines):
        parts.append(f'<rect x="{left + i * 110}" y="30" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{left + 17 + i * 110}" y="40">{name}</text>')
    for i, (query, medians, _) in enumerate(results):
        y = top + i * row
        parts.append(f'<text x="{left - 8}" y="{y + bar * len(engines) / 2 + 4}" text-anchor="end">{html.escape(query)}</text>')
        for j, name in enumerate(engines):
            value = medians[name]
            length = 0 if value is None else min(width - left - 60, max(1, value * scale))
            parts.append(f'<rect x="{left}" y="{y + j * bar}" width="{length:.1f}" height="{bar - 2}" fill="{COLOURS[name]}"/>')
            parts.append(f'<text x="{left + length + 5:.1f}" y="{y + j * bar + 9}" font-size="10" fill="#444">{number(value, f".{digits}f", name)}</text>')
    return "\n".join(parts) + "\n</svg>\n"
