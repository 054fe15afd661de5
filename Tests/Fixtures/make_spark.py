"""Writes Tests/Fixtures/spark anew: Parquet files by Spark, small ones, kept in the repository because Spark needs Java and minutes to install.

    Scripts/setup spark && .test/venv/bin/python Tests/Fixtures/make_spark.py

Spark writes through parquet-mr, the format's Java implementation: INT96 timestamps, its legacy lists and decimals, Hadoop's LZ4,
pages of version 2 with delta encodings, bloom filters, page indexes.
"""

import datetime
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import types as t

import expected

HERE = Path(__file__).resolve().parent / "spark"
UTC = datetime.timezone.utc


def presto(type):
    names = {"boolean": "boolean", "tinyint": "tinyint", "smallint": "smallint", "int": "integer", "bigint": "bigint", "float": "real"}
    names |= {"double": "double", "string": "varchar", "binary": "varbinary", "date": "date"}
    names |= {"timestamp": "timestamp(6) with time zone", "timestamp_ntz": "timestamp(6)"}
    match type:
        case t.DecimalType():
            return f"decimal({type.precision}, {type.scale})"
        case t.ArrayType():
            return f"array({presto(type.elementType)})"
        case t.MapType():
            return f"map({presto(type.keyType)}, {presto(type.valueType)})"
        case t.StructType():
            return "row(" + ", ".join(f"{field.name} {presto(field.dataType)}" for field in type) + ")"
    return names[type.simpleString()]


def text(value, type, moments):
    """`moments` says how the file keeps TIMESTAMP: its digits and whether it is in UTC."""
    if value is None:
        return None
    match type:
        case t.DecimalType():
            return format(value.quantize(Decimal(1).scaleb(-type.scale)), "f")
        case t.ArrayType():
            return [text(item, type.elementType, moments) for item in value]
        case t.MapType():
            return [[text(k, type.keyType, moments), text(v, type.valueType, moments)] for k, v in value.items()]
        case t.StructType():
            return [text(item, field.dataType, moments) for item, field in zip(value, type)]
        case t.TimestampType() | t.TimestampNTZType():
            unit, is_utc = moments if isinstance(type, t.TimestampType) else ("us", False)
            micros = (value.replace(tzinfo=UTC) - datetime.datetime(1970, 1, 1, tzinfo=UTC)) // datetime.timedelta(microseconds=1)
            return expected.timestamp({"ms": micros // 1000, "us": micros, "ns": micros * 1000}[unit], unit, is_utc)
        case t.DateType():
            return value.isoformat()
        case t.BinaryType():
            return value.hex()
        case t.FloatType() | t.DoubleType():
            return expected.number(value)
    return value


def write(spark, name, rows, schema, moments=("us", True), **options):
    frame = spark.createDataFrame(rows, schema).coalesce(1)
    with tempfile.TemporaryDirectory() as folder:
        writer = frame.write.mode("overwrite")
        for key, value in options.items():
            writer = writer.option(key.replace("__", "."), value)
        writer.parquet(folder + "/out")
        (part,) = Path(folder, "out").glob("part-*.parquet")
        shutil.copy(part, HERE / f"spark_{name}.parquet")
    types = [presto(field.dataType) for field in schema]
    unit, is_utc = moments
    stored = f"timestamp({expected.DIGITS[unit]})" + (" with time zone" if is_utc else "")
    types = [type.replace("timestamp(6) with time zone", stored) for type in types]
    values = [[text(value, field.dataType, moments) for value, field in zip(row, schema)] for row in rows]
    expected.write(HERE / f"spark_{name}.parquet", [field.name for field in schema], types, values)


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    builder = SparkSession.builder.master("local[1]").config("spark.sql.session.timeZone", "UTC").config("spark.ui.enabled", "false")
    spark = builder.config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    import os
    import time

    os.environ["TZ"] = "UTC"
    time.tzset()

    moment = datetime.datetime(2024, 2, 29, 12, 34, 56, 789012)
    early = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
    flat = {
        "boolean": (t.BooleanType(), True, False),
        "byte": (t.ByteType(), -128, 127),
        "short": (t.ShortType(), -32768, 32767),
        "integer": (t.IntegerType(), -(2**31), 2**31 - 1),
        "long": (t.LongType(), -(2**63), 2**63 - 1),
        "float": (t.FloatType(), 1.5, float("-inf")),
        "double": (t.DoubleType(), 0.1, float("nan")),
        "string": (t.StringType(), "", "Zürich القاهرة 🙂"),
        "binary": (t.BinaryType(), b"", b"\x00\xff"),
        "date": (t.DateType(), datetime.date(2024, 2, 29), datetime.date(1600, 1, 1)),
        "moment": (t.TimestampType(), moment, early),
        "local": (t.TimestampNTZType(), moment, early),
        "decimal_5": (t.DecimalType(5, 2), Decimal("-999.99"), Decimal("0.01")),
        "decimal_18": (t.DecimalType(18, 4), Decimal("-12345678901234.5678"), Decimal("0.0001")),
        "decimal_38": (t.DecimalType(38, 6), Decimal("-12345678901234567890.123456"), Decimal("0.000001")),
    }
    schema = t.StructType([t.StructField(name, type) for name, (type, _, _) in flat.items()])
    rows = [tuple(first for _, first, _ in flat.values()), (None,) * len(flat), tuple(second for _, _, second in flat.values())]

    kinds = {"int96": ("INT96", ("ns", False)), "micros": ("TIMESTAMP_MICROS", ("us", True)), "millis": ("TIMESTAMP_MILLIS", ("ms", True))}
    for name, (kind, moments) in kinds.items():
        spark.conf.set("spark.sql.parquet.outputTimestampType", kind)
        write(spark, f"types_{name}", rows, schema, moments)
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    write(spark, "types_v2", rows, schema, parquet__writer__version="PARQUET_2_0")

    point = t.StructType([t.StructField("x", t.IntegerType()), t.StructField("y", t.StringType())])
    nested = t.StructType([
        t.StructField("list", t.ArrayType(t.LongType())),
        t.StructField("lists", t.ArrayType(t.ArrayType(t.StringType()))),
        t.StructField("row", point),
        t.StructField("rows", t.ArrayType(point)),
        t.StructField("map", t.MapType(t.StringType(), t.DecimalType(20, 2))),
        t.StructField("map_of_rows", t.MapType(t.StringType(), t.ArrayType(point))),
        t.StructField("strict", t.ArrayType(t.IntegerType(), False), False),
    ])
    nested_rows = [
        ([1, None, 3], [["a", None], None, []], (1, "a"), [(1, "x"), None, (None, None)], {"a": Decimal("1.50"), "b": None}, {"k": [(1, "p"), None], "l": None, "m": []}, [1, 2]),
        (None, None, None, None, None, None, []),
        ([], [], (None, None), [], {}, {}, [3]),
        ([7] * 20, [["b"] * 3] * 3, (2, None), [(9, "z")] * 2, {"c": Decimal("-0.01")}, {"n": [(None, "q")]}, [4]),
    ]
    write(spark, "nested", nested_rows, nested)
    write(spark, "nested_v2", nested_rows, nested, parquet__writer__version="PARQUET_2_0")
    spark.conf.set("spark.sql.parquet.writeLegacyFormat", "true")
    write(spark, "legacy_types", rows, schema)
    write(spark, "legacy_nested", nested_rows, nested)
    spark.conf.set("spark.sql.parquet.writeLegacyFormat", "false")

    many = t.StructType([t.StructField("id", t.LongType()), t.StructField("word", t.StringType()), t.StructField("ratio", t.DoubleType()), t.StructField("flag", t.BooleanType())])
    many_rows = [(i, f"word {i * 7919 % 97}" if i % 9 else None, i / 7, i * 17 % 5 == 0) for i in range(250)]
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4", "lz4_raw"):
        write(spark, f"codec_{codec}", many_rows, many, compression=codec)
    small = {"parquet__page__size__row__check__min": "10", "parquet__page__size": "200", "parquet__page__row__count__limit": "50"}
    write(spark, "small_pages", many_rows, many, **small)
    write(spark, "small_pages_v2", many_rows, many, parquet__writer__version="PARQUET_2_0", parquet__enable__dictionary="false", **small)
    bloom = {"parquet__bloom__filter__enabled": "true", "parquet__bloom__filter__expected__ndv": "700", "parquet__bloom__filter__max__bytes": "1024"}
    write(spark, "bloom", many_rows, many, **bloom)
    spark.stop()


main()
