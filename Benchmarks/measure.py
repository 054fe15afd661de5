"""The measured runs, engines taking turns."""

import statistics

import report
from engines import DUCKDB, MINIPRESTO


def measure(queries, engines, runs):
    """For each query: the engines' median seconds (None: failed, or has no text for this query), and remarks.

    `queries` are names and each engine's text. Each query runs once unmeasured in each engine, then the runs take turns, A B A B."""
    results, told, width = [], set(), max([len(name) for name, _ in queries] + [6])
    print(report.heading(list(engines), width), flush=True)
    for name, texts in queries:
        times, errors, counts = {engine: [] for engine in engines}, {}, {}
        for turn in range(runs + 1):
            for engine, runner in engines.items():
                if engine in errors or texts.get(engine) is None:
                    continue
                seconds, rows, error = runner.run(texts[engine])
                if error:
                    errors[engine] = (error.strip().splitlines() or ["failed"])[0][:120]
                elif turn > 0:
                    times[engine].append(seconds)
                    counts[engine] = rows
        for engine in errors.keys() - told:
            if engine not in (MINIPRESTO, DUCKDB):
                print(f"# {engine} does not answer {name}: {errors[engine]}", flush=True)
                told.add(engine)
        # What DataFusion, Polars or ClickHouse do not know is no news here.
        remarks = [f"{engine}: {error}" for engine, error in errors.items() if engine in (MINIPRESTO, DUCKDB) or "no answer" in error or "ended" in error]
        if len(set(counts.values())) > 1:
            remarks.append("rows differ: " + ", ".join(f"{engine} {count}" for engine, count in counts.items()))
        medians = {engine: statistics.median(values) if values and engine not in errors else None for engine, values in times.items()}
        results.append((name, medians, "; ".join(remarks)))
        print(report.line(name, medians, "; ".join(remarks), width), flush=True)
    return results
