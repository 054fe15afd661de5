"""TPC-H at scale factor 10: 60 million line items, 3 GB of Parquet."""

from . import tpch


def suite(folder, options):
    return tpch.suite(folder, options, scale=10)
