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
    # Each engine copies the tables into its memory when it starts, and is asked over the copies.
    held: bool = False

    def catalogs(self):
        folder = self.lake.parent / "lake-catalog"
        folder.mkdir(exist_ok=True)
        (folder / "lake.properties").write_text(f"connector.name=lake\nlake.location={self.lake}\n")
        (folder / "memory.properties").write_text("connector.name=memory\n")
        return folder

    def place(self):
        """Minipresto's catalog and schema of the tables, and what it is told first."""
        if not self.held:
            return "lake", self.schema, []
        return "memory", "default", [f"CREATE TABLE memory.default.{table} AS SELECT * FROM lake.{self.schema}.{table}" for table in self.tables]
