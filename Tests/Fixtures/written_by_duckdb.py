"""Fixtures written by DuckDB: its types, codecs, both versions of the format, bloom filters, many row groups."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Scripts"))
import peers  # noqa: E402

import expected  # noqa: E402

# DuckDB type, what Parquet makes of it in Presto's words, and (SQL literal, expected value) pairs.
TYPES = {
    "boolean": ("BOOLEAN", "boolean", [("true", True), ("false", False)]),
    "tinyint": ("TINYINT", "tinyint", [("-128", -128), ("127", 127)]),
    "utinyint": ("UTINYINT", "smallint", [("0", 0), ("255", 255)]),
    "smallint": ("SMALLINT", "smallint", [("-32768", -32768), ("32767", 32767)]),
    "usmallint": ("USMALLINT", "integer", [("0", 0), ("65535", 65535)]),
    "integer": ("INTEGER", "integer", [("-2147483648", -(2**31)), ("2147483647", 2**31 - 1)]),
    "uinteger": ("UINTEGER", "bigint", [("0", 0), ("4294967295", 2**32 - 1)]),
    "bigint": ("BIGINT", "bigint", [("-9223372036854775808", -(2**63)), ("9223372036854775807", 2**63 - 1)]),
    "ubigint": ("UBIGINT", "decimal(20, 0)", [("0", "0"), ("18446744073709551615", "18446744073709551615")]),
    "float": ("FLOAT", "real", [("1.5", 1.5), ("'-inf'", "-Infinity")]),
    "double": ("DOUBLE", "double", [("0.1", 0.1), ("'nan'", "NaN")]),
    "decimal_4": ("DECIMAL(4,2)", "decimal(4, 2)", [("-99.99", "-99.99"), ("0.01", "0.01")]),
    "decimal_9": ("DECIMAL(9,0)", "decimal(9, 0)", [("999999999", "999999999"), ("-1", "-1")]),
    "decimal_18": ("DECIMAL(18,6)", "decimal(18, 6)", [("-123456789012.345678", "-123456789012.345678"), ("0", "0.000000")]),
    "decimal_38": ("DECIMAL(38,10)", "decimal(38, 10)", [("1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"), ("-0.0000000001", "-0.0000000001")]),
    "varchar": ("VARCHAR", "varchar", [("''", ""), ("'Zürich القاهرة 🙂'", "Zürich القاهرة 🙂")]),
    "blob": ("BLOB", "varbinary", [("'\\x00\\xFF'::BLOB", "00ff"), ("''::BLOB", "")]),
    "uuid": ("UUID", "uuid", [("'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), ("'00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001")]),
    "mood": ("ENUM('sad', 'ok', 'happy')", "varchar", [("'happy'", "happy"), ("'sad'", "sad")]),
    "json": ("JSON", "json", [("'{\"a\":[1,2]}'", '{"a":[1,2]}'), ("'null'", "null")]),
    "date": ("DATE", "date", [("'2024-02-29'", "2024-02-29"), ("'0001-01-01'", "0001-01-01")]),
    "time": ("TIME", "time(6)", [("'23:59:59.999999'", "23:59:59.999999"), ("'00:00:00'", "00:00:00.000000")]),
    "timestamp": ("TIMESTAMP", "timestamp(6)", [("'2024-02-29 12:34:56.789012'", "2024-02-29 12:34:56.789012"), ("'1969-12-31 23:59:59.999999'", "1969-12-31 23:59:59.999999")]),
    "timestamp_s": ("TIMESTAMP_S", "timestamp(6)", [("'2024-02-29 12:34:56'", "2024-02-29 12:34:56.000000"), ("'1900-01-01 00:00:00'", "1900-01-01 00:00:00.000000")]),
    "timestamp_ms": ("TIMESTAMP_MS", "timestamp(3)", [("'2024-02-29 12:34:56.789'", "2024-02-29 12:34:56.789"), ("'1969-12-31 23:59:59.999'", "1969-12-31 23:59:59.999")]),
    "timestamp_ns": ("TIMESTAMP_NS", "timestamp(9)", [("'2024-02-29 12:34:56.789012345'", "2024-02-29 12:34:56.789012345"), ("'1969-12-31 23:59:59.999999999'", "1969-12-31 23:59:59.999999999")]),
    "timestamptz": ("TIMESTAMPTZ", "timestamp(6) with time zone", [("'2024-02-29 12:34:56.789012+02'", "2024-02-29 10:34:56.789012 UTC"), ("'1969-12-31 23:59:59.999999+00'", "1969-12-31 23:59:59.999999 UTC")]),
    # Twelve bytes, little endian: months, days, milliseconds.
    "interval": ("INTERVAL", "varbinary", [("INTERVAL '14 months 3 days 1.5 seconds'", "0e00000003000000dc050000"), ("INTERVAL '0 days'", "00" * 12)]),
    "list": ("INTEGER[]", "array(integer)", [("[1, NULL, 3]", [1, None, 3]), ("[]", [])]),
    "lists": ("VARCHAR[][]", "array(array(varchar))", [("[['a', NULL], NULL, []]", [["a", None], None, []]), ("[]", [])]),
    "fixed_list": ("INTEGER[3]", "array(integer)", [("[1, 2, 3]", [1, 2, 3]), ("[4, NULL, 6]", [4, None, 6])]),
    "struct": ("STRUCT(x INTEGER, y VARCHAR)", "row(x integer, y varchar)", [("{'x': 1, 'y': 'a'}", [1, "a"]), ("{'x': NULL, 'y': NULL}", [None, None])]),
    "map": ("MAP(VARCHAR, INTEGER)", "map(varchar, integer)", [("MAP {'a': 1, 'b': NULL}", [["a", 1], ["b", None]]), ("MAP {}", [])]),
    "structs": (
        "STRUCT(k VARCHAR, v DECIMAL(20,3)[])[]",
        "array(row(k varchar, v array(decimal(20, 3))))",
        [("[{'k': 'a', 'v': [1.5, NULL]}, NULL, {'k': NULL, 'v': NULL}]", [["a", ["1.500", None]], None, [None, None]]), ("[]", [])],
    ),
}


def types(connection, folder):
    rows = [[], [], []]
    for _, _, pairs in TYPES.values():
        rows[0].append(pairs[0])
        rows[1].append(("NULL", None))
        rows[2].append(pairs[1])
    declared = ", ".join(f'"{name}" {type}' for name, (type, _, _) in TYPES.items())
    connection.execute(f"CREATE OR REPLACE TABLE types ({declared})")
    for row in rows:
        connection.execute(f"INSERT INTO types VALUES ({', '.join(literal for literal, _ in row)})")
    for version in ("V1", "V2"):
        path = folder / f"duckdb_types_{version.lower()}.parquet"
        connection.execute(f"COPY types TO '{path}' (PARQUET_VERSION {version})")
        expected.write(path, list(TYPES), [presto for _, presto, _ in TYPES.values()], [[value for _, value in row] for row in rows])


def make(folder):
    connection = peers.connect()
    types(connection, folder)
    connection.execute("""
      CREATE TABLE rows AS SELECT
        i AS id,
        CASE WHEN i % 7 <> 0 THEN 'word ' || (i * 7919 % 1000) END AS word,
        'text ' || md5(i::VARCHAR) AS hash,
        i / 8 AS ratio,
        (i % 100 / 4)::FLOAT AS low,
        (i * 17 % 5 = 0) AS flag,
        DATE '2020-01-01' + (i // 40)::INTEGER AS day,
        (i * 1000003 % 99991)::DECIMAL(12,2) AS price,
        [j FOR j IN range(i % 4)] AS list
      FROM range(5000) t(i)""")
    types_of = ["bigint", "varchar", "varchar", "double", "real", "boolean", "date", "decimal(12, 2)", "array(bigint)"]
    result = connection.execute("FROM rows ORDER BY id")
    names = [column[0] for column in result.description]
    rows = [[plain(value) for value in row] for row in result.fetchall()]
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"):
        for version in ("V1", "V2"):
            path = folder / f"duckdb_codec_{codec}_{version.lower()}.parquet"
            connection.execute(f"COPY (FROM rows ORDER BY id LIMIT 1000) TO '{path}' (CODEC {codec}, PARQUET_VERSION {version})")
            expected.write(path, names, types_of, rows[:1000])
    # DuckDB writes bloom filters for columns whose dictionary holds all values.
    path = folder / "duckdb_bloom_row_groups.parquet"
    connection.execute(f"COPY (FROM rows ORDER BY id) TO '{path}' (ROW_GROUP_SIZE 2048, DICTIONARY_SIZE_LIMIT 100000)")
    expected.write(path, names, types_of, rows)


def plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value)
