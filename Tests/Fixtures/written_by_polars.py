"""Fixtures written by Polars: its types, codecs, nesting and small pages."""

import datetime
from decimal import Decimal

import polars as pl

import expected


def write(folder, name, frame, **options):
    path = folder / f"{name}.parquet"
    frame.write_parquet(path, **options)
    expected.write_arrow(path, frame.to_arrow())


def make(folder):
    day, moment = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 34, 56, 789012)
    frame = pl.DataFrame(
        {
            "boolean": pl.Series([True, None, False], dtype=pl.Boolean),
            "int8": pl.Series([-128, None, 127], dtype=pl.Int8),
            "int16": pl.Series([-32768, None, 32767], dtype=pl.Int16),
            "int32": pl.Series([-(2**31), None, 2**31 - 1], dtype=pl.Int32),
            "int64": pl.Series([-(2**63), None, 2**63 - 1], dtype=pl.Int64),
            "uint8": pl.Series([0, None, 255], dtype=pl.UInt8),
            "uint16": pl.Series([0, None, 65535], dtype=pl.UInt16),
            "uint32": pl.Series([0, None, 2**32 - 1], dtype=pl.UInt32),
            "uint64": pl.Series([0, None, 2**64 - 1], dtype=pl.UInt64),
            "float32": pl.Series([1.5, None, float("nan")], dtype=pl.Float32),
            "float64": pl.Series([0.1, None, float("-inf")], dtype=pl.Float64),
            "decimal": pl.Series([Decimal("-12345678901234567890.123"), None, Decimal("0.001")], dtype=pl.Decimal(38, 3)),
            "string": pl.Series(["", None, "Zürich القاهرة 🙂"], dtype=pl.String),
            "category": pl.Series(["red", None, "blue"], dtype=pl.Categorical),
            "binary": pl.Series([b"", None, b"\x00\xff"], dtype=pl.Binary),
            "date": pl.Series([day, None, datetime.date(1, 1, 1)], dtype=pl.Date),
            "time": pl.Series([datetime.time(23, 59, 59, 999999), None, datetime.time(0)], dtype=pl.Time),
            "datetime_ms": pl.Series([moment.replace(microsecond=789000), None, datetime.datetime(1969, 12, 31)], dtype=pl.Datetime("ms")),
            "datetime_us": pl.Series([moment, None, datetime.datetime(1969, 12, 31)], dtype=pl.Datetime("us")),
            "datetime_ns": pl.Series([moment, None, datetime.datetime(1969, 12, 31)], dtype=pl.Datetime("ns")),
            "datetime_utc": pl.Series([moment, None, datetime.datetime(1969, 12, 31)], dtype=pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "list": pl.Series([[1, None, 3], None, []], dtype=pl.List(pl.Int64)),
            "lists": pl.Series([[["a"], None, []], None, []], dtype=pl.List(pl.List(pl.String))),
            "array": pl.Series([[1, 2], None, [3, None]], dtype=pl.Array(pl.Int32, 2)),
            "struct": pl.Series([{"x": 1, "y": "a"}, None, {"x": None, "y": None}], dtype=pl.Struct({"x": pl.Int32, "y": pl.String})),
            "structs": pl.Series([[{"k": "a"}, None], None, []], dtype=pl.List(pl.Struct({"k": pl.String}))),
        }
    )
    write(folder, "polars_types", frame)
    rows = 3000
    numbers = pl.DataFrame(
        {
            "id": range(rows),
            "word": [f"word {i * 7919 % 500}" if i % 9 else None for i in range(rows)],
            "unique": [f"text {i * 2654435761 % 2**32:08x}" for i in range(rows)],
            "ratio": [i / 7 for i in range(rows)],
            "flag": [i * 17 % 5 == 0 for i in range(rows)],
            "list": [[j * i for j in range(i % 4)] if i % 11 else None for i in range(rows)],
        }
    )
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4"):
        write(folder, f"polars_codec_{codec}", numbers, compression=codec)
    write(folder, "polars_row_groups", numbers, row_group_size=700, data_page_size=500)
    write(folder, "polars_zero_rows", numbers.clear())
