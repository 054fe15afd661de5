"""What a reader must find in a fixture, as text: NAME.expected.jsonl beside NAME.parquet.

Line 1: {"names": ["a", …], "types": ["bigint", …]}, the types in Presto's words.
Then a line for each row, in the order of the file: an array with a value for each column.

| type | value |
|---|---|
| boolean | true, false |
| tinyint … bigint | a number |
| real, double | a number; "NaN", "Infinity", "-Infinity" as strings; -0.0 keeps its sign; a real is written as the double of equal value |
| decimal(p, s) | a string with s digits after the point |
| varchar, json | a string |
| varbinary | a string of lower-case hexadecimal digits; also what Presto has no type for: BSON, INTERVAL |
| uuid | a string with dashes |
| date | "2024-02-29" |
| time(p) | "23:59:59.999", p digits |
| timestamp(p) | "2024-02-29 23:59:59.999", p digits |
| timestamp(p) with time zone | the same followed by " UTC" |
| array | an array |
| row | an array of the fields' values |
| map | an array of [key, value] arrays, in the order stored |
| anything | null |
"""

import datetime
import json
import math
import uuid
from pathlib import Path

import pyarrow as pa

DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}


def write(path, names, types, rows):
    """Writes the expectation that goes with the Parquet file (or folder) at `path`."""
    path = Path(path)
    with open(path.parent / f"{path.name.removesuffix('.parquet')}.expected.jsonl", "w", encoding="utf-8", newline="\n") as file:
        for line in [{"names": names, "types": types}, *rows]:
            file.write(json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")


def write_arrow(path, table):
    """The same for a table in memory whose Arrow types say how Parquet stores it."""
    columns = [[value(scalar) for scalar in column] for column in table.columns]
    rows = list(zip(*columns)) if columns else [[] for _ in range(table.num_rows)]
    write(path, table.column_names, [presto_type(field.type) for field in table.schema], rows)


def presto_type(type):
    is_type = pa.types
    if is_type.is_dictionary(type):
        return presto_type(type.value_type)
    if isinstance(type, pa.UuidType):
        return "uuid"
    if isinstance(type, pa.JsonType):
        return "json"
    if is_type.is_decimal(type):
        return f"decimal({type.precision}, {type.scale})"
    if is_type.is_timestamp(type):
        # Parquet has no seconds: writers store them as milliseconds.
        return f"timestamp({DIGITS[type.unit] or 3})" + (" with time zone" if type.tz else "")
    if is_type.is_time(type):
        return f"time({DIGITS[type.unit] or 3})"
    if is_type.is_map(type):
        return f"map({presto_type(type.key_type)}, {presto_type(type.item_type)})"
    if is_type.is_list(type) or is_type.is_large_list(type) or is_type.is_fixed_size_list(type):
        return f"array({presto_type(type.value_type)})"
    if is_type.is_struct(type):
        return "row(" + ", ".join(f"{field.name} {presto_type(field.type)}" for field in type) + ")"
    if is_type.is_fixed_size_binary(type):
        return "varbinary"
    return {
        "null": "unknown",
        "bool": "boolean",
        "int8": "tinyint",
        "int16": "smallint",
        "int32": "integer",
        "int64": "bigint",
        "uint8": "smallint",
        "uint16": "integer",
        "uint32": "bigint",
        "uint64": "decimal(20, 0)",
        "halffloat": "real",
        "float": "real",
        "double": "double",
        "string": "varchar",
        "large_string": "varchar",
        "string_view": "varchar",
        "binary": "varbinary",
        "large_binary": "varbinary",
        "binary_view": "varbinary",
        "date32[day]": "date",
        "date64[ms]": "date",
    }[str(type)]


def value(scalar):
    """The text form of one Arrow scalar."""
    if not scalar.is_valid:
        return None
    type, is_type = scalar.type, pa.types
    if is_type.is_dictionary(type):
        return value(scalar.value)
    if isinstance(type, pa.UuidType):
        return str(uuid.UUID(bytes=scalar.value.as_py()))
    if isinstance(type, pa.JsonType):
        return scalar.value.as_py()
    if is_type.is_map(type):
        return [[value(entry["key"]), value(entry["value"])] for entry in scalar.values]
    if is_type.is_list(type) or is_type.is_large_list(type) or is_type.is_fixed_size_list(type):
        return [value(item) for item in scalar.values]
    if is_type.is_struct(type):
        return [value(scalar[i]) for i in range(type.num_fields)]
    if is_type.is_timestamp(type):
        return timestamp(scalar.value, type.unit, type.tz is not None)
    if is_type.is_time(type):
        return time(scalar.value, type.unit)
    if is_type.is_decimal(type):
        return format(scalar.as_py(), "f")
    if is_type.is_floating(type):
        return number(float(scalar.as_py()))
    if is_type.is_uint64(type):
        return str(scalar.as_py())
    if is_type.is_date(type):
        return scalar.as_py().isoformat()
    if isinstance(scalar.as_py(), bytes):
        return scalar.as_py().hex()
    return scalar.as_py()


def number(value):
    """A double, or the string that stands for one that JSON has no number for."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def timestamp(count, unit, is_utc):
    """Text of a count of `unit`s since 1970."""
    digits = DIGITS[unit]
    seconds, fraction = divmod(count, 10**digits)
    if digits == 0:
        digits = 3
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    day = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return f"{day} {moment:%H:%M:%S}.{fraction:0{digits}}" + (" UTC" if is_utc else "")


def time(count, unit):
    """Text of a count of `unit`s since midnight."""
    digits = DIGITS[unit]
    seconds, fraction = divmod(count, 10**digits)
    digits = digits or 3
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:0{digits}}"
