// Parquet: written next.
