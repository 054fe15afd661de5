"""Makes the Parquet files that tests read, in the folder named by the argument (.test/parquet), unless they are there already.

    .test/venv/bin/python Tests/Fixtures/make_parquet.py .test/parquet

Each NAME.parquet, or folder NAME, has its contents beside it in NAME.expected.jsonl: see expected.py. The first word of a name says
who wrote the file: pyarrow, duckdb, polars, spark (kept in the repository, for it needs Java; see make_spark.py), or hand.
corrupt/ holds broken files and their manifest: see corrupted.py.
"""

import hashlib
import shutil
import sys
import time
from pathlib import Path

import corrupted
import written_by_duckdb
import written_by_hand
import written_by_polars
import written_by_pyarrow


def fingerprint(here):
    """Of all that decides what is made: these scripts, the Spark files, and the versions of the writers."""
    digest = hashlib.sha256()
    for path in sorted([*here.glob("*.py"), *here.glob("spark/*"), here.parents[1] / "Scripts" / "requirements.txt"]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def main():
    here, folder = Path(__file__).resolve().parent, Path(sys.argv[1])
    stamp, wanted = folder / ".made", fingerprint(here)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for writer in (written_by_pyarrow, written_by_duckdb, written_by_polars, written_by_hand, corrupted):
        writer.make(folder)
    for path in here.glob("spark/*"):
        shutil.copy(path, folder)
    stamp.write_text(wanted)
    sound, broken = len(list(folder.glob("*.expected.jsonl"))), len(list((folder / "corrupt").glob("*.parquet")))
    print(f"fixtures: {sound} sound Parquet files or folders, {broken} broken ones ({time.monotonic() - began:.1f} s)", file=sys.stderr)


main()
