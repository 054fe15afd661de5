"""The Parquet files of TPC-H at scale factor 1, which Scripts/tpch makes."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]


def make(folder):
    """The lake and the paths of the tables."""
    lake = folder / "tpch-sf1/lake"
    if not (lake / "tpch").exists():
        subprocess.run([ROOT / "Scripts/tpch", folder / "tpch-sf1", "1"], check=True)
    return lake, {table: lake / "tpch" / f"{table}.parquet" for table in TABLES}
