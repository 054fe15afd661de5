"""What bench_suites.py can time: each module has `suite(folder, options)`, which makes its data unless it is there."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Suite:
    key: str
    title: str
    # The folder of a lake, the schema (a folder in it), and the Parquet file of each table.
    lake: Path
    schema: str
    tables: dict
    # Names, and the query in Presto SQL or a text for each engine that has one.
    queries: list
    # Functions of the results, the engines by name, and the command line, each answering lines that follow the table in RESULTS.md.
    notes: list = field(default_factory=list)
    # How the names of queries begin whose answers each engine may estimate.
    estimates: str = "\0"

    def catalogs(self):
        folder = self.lake.parent / "lake-catalog"
        folder.mkdir(exist_ok=True)
        (folder / "lake.properties").write_text(f"connector.name=lake\nlake.location={self.lake}\n")
        return folder
