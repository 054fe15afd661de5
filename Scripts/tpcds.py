"""Makes TPC-DS as Parquet, with queries and answers; see Scripts/tpcds.

All is made under another name and renamed when complete, so a run that was stopped leaves nothing half-made behind and a second run does nothing.
"""

import os
import shutil
import sys
import time
from pathlib import Path

import duckdb
import duckdb_extension_tpcds

# what is spelled otherwise in Presto's SQL
SPELLINGS = {72: ("d1.d_date + 5", "d1.d_date + INTERVAL '5' DAY")}


def main():
    began = time.monotonic()
    final, scale = Path(sys.argv[1]), sys.argv[2]
    if final.exists():
        return
    partial = final.with_name("." + final.name + "-partial")
    shutil.rmtree(partial, ignore_errors=True)
    tables, queries, answers = partial / "lake/tpcds", partial / "queries", partial / "answers"
    for folder in (tables, queries, answers):
        folder.mkdir(parents=True)
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute("SET TimeZone = 'UTC'")
    folder = Path(duckdb_extension_tpcds.__file__).parent / "extensions" / f"v{duckdb.__version__}"
    for extension in sorted(folder.glob("*.duckdb_extension")):
        connection.execute(f"LOAD '{extension}'")
    connection.execute(f"CALL dsdgen(sf = {float(scale)})")
    for (name,) in connection.execute("SHOW TABLES").fetchall():
        # several row groups even in small files, so that tests see splits and pruning
        connection.execute(f"COPY {name} TO '{tables}/{name}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 20480)")
    for number, query in connection.execute("SELECT query_nr, query FROM tpcds_queries()").fetchall():
        answer = connection.execute(query)
        lines = ["\t".join(column[0] for column in answer.description)]
        lines += ["\t".join("\\N" if value is None else str(value) for value in row) for row in answer.fetchall()]
        (answers / f"q{number:02}.tsv").write_text("\n".join(lines) + "\n")
        (queries / f"q{number:02}.sql").write_text(query.replace(*SPELLINGS.get(number, ("", ""))).rstrip().rstrip(";"))
    partial.rename(final)
    print(f"tpcds: ready in {os.path.relpath(final)} ({time.monotonic() - began:.1f} s)", file=sys.stderr, flush=True)


main()
