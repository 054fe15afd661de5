"""The Parquet files of TPC-H, which Scripts/tpch makes."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]


def make(folder, scale=1):
    """The lake and the paths of the tables."""
    lake = folder / f"tpch-sf{scale}/lake"
    if not (lake / "tpch").exists():
        subprocess.run([ROOT / "Scripts/tpch", folder / f"tpch-sf{scale}", str(scale), "parquet"], check=True)
    return lake, {table: lake / "tpch" / f"{table}.parquet" for table in TABLES}
