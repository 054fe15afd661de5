"""Fixtures written by pyarrow: all its types, codecs, encodings, page versions, and shapes of files."""

import random
import uuid
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

import expected

CODECS = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]  # `lz4` is Parquet's LZ4_RAW
WORDS = ["", "a", "Zürich", "القاهرة", "東京", "🙂🙃", "with\ttab", 'quote"', "x" * 300, "naïve", "alpha", "alphabet", "alphabetical"]


def write(folder, name, table, **options):
    pq.write_table(table, folder / f"{name}.parquet", **options)
    expected.write_arrow(folder / f"{name}.parquet", table)


def flat_values():
    """Column name to (type, values): the edges of every flat type, eight values each, no nulls."""
    units = {"ms": 10**3, "us": 10**6, "ns": 10**9}
    moments = [0, 1, -1, 86399, 951782400, -2208988800, 1709210096, 4102444799]  # seconds
    columns = {
        "boolean": (pa.bool_(), [True, False, True, True, False, False, True, False]),
        "float16": (pa.float16(), [0.0, -0.0, 1.5, -2.25, 65504.0, 6e-8, float("inf"), float("nan")]),
        "float32": (pa.float32(), [0.0, -0.0, 1.5, 3.4028234663852886e38, 1e-45, float("inf"), float("-inf"), float("nan")]),
        "float64": (pa.float64(), [0.0, -0.0, 0.1, 1.7976931348623157e308, 5e-324, float("inf"), float("-inf"), float("nan")]),
        "string": (pa.string(), WORDS[:8]),
        "large_string": (pa.large_string(), WORDS[5:13]),
        "binary": (pa.binary(), [b"", b"\0", b"\xff\xfe", bytes(range(256)), b"abc", b"\0\0\0", b"\x80", b"PAR1"]),
        "fixed": (pa.binary(5), [bytes([i, 255 - i, 0, 7, i * 3]) for i in range(8)]),
        "date32": (pa.date32(), [0, -1, 19782, -719162, 2932896, 11016, -25567, 1]),
        "date64": (pa.date64(), [day * 86400000 for day in [0, -1, 19782, -719162, 2932896, 11016, -25567, 1]]),
        "uuid": (pa.uuid(), [uuid.UUID(int=(1 << 128) - 1 - i * 0x123456789ABCDEF0123456789).bytes for i in range(8)]),
        "json": (pa.json_(), ["{}", "[]", '{"a":1}', "null", '"text"', "[1,2]", '{"ä":"€"}', "1.5"]),
        "dictionary": (pa.dictionary(pa.int32(), pa.string()), ["red", "green", "red", "blue", "", "green", "red", "blue"]),
        "time_ms": (pa.time32("ms"), [0, 1, 999, 1000, 86399999, 43200000, 3600000, 59999]),
        "time_us": (pa.time64("us"), [0, 1, 999999, 86399999999, 43200000000, 60000000, 5, 123456789]),
        "time_ns": (pa.time64("ns"), [0, 1, 999999999, 86399999999999, 43200000000001, 60, 5, 123456789]),
    }
    for bits in (8, 16, 32, 64):
        low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
        columns[f"int{bits}"] = (getattr(pa, f"int{bits}")(), [low, high, 0, -1, 1, low + 1, high - 1, 42])
        top = (1 << bits) - 1
        columns[f"uint{bits}"] = (getattr(pa, f"uint{bits}")(), [0, top, 1, top - 1, top // 2, top // 2 + 1, 42, 7])
    for unit, per_second in units.items():
        counts = [second * per_second + (7 if second > 0 else 0) for second in moments]
        columns[f"timestamp_{unit}"] = (pa.timestamp(unit), counts)
        columns[f"timestamp_{unit}_utc"] = (pa.timestamp(unit, "UTC"), counts)
    columns["timestamp_us_cairo"] = (pa.timestamp("us", "Africa/Cairo"), [second * 10**6 for second in moments])
    for precision, scale in [(1, 0), (4, 2), (9, 9), (10, 0), (18, 5), (19, 4), (38, 0), (38, 38), (38, 10)]:
        top = 10**precision - 1
        unscaled = [0, top, -top, 1, -1, top // 3, -(top // 7), 5]
        values = [Decimal((int(v < 0), tuple(int(d) for d in str(abs(v))), -scale)) for v in unscaled]
        columns[f"decimal_{precision}_{scale}"] = (pa.decimal128(precision, scale), values)
    return columns


def array(type, values):
    if isinstance(type, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(type, pa.array(values, type.storage_type))
    return pa.array(values, type)


def flat_table(shape):
    """All flat types: `required` (no nulls, declared so), `optional` (some nulls), `null` (only nulls)."""
    fields, arrays = [], []
    for name, (type, values) in flat_values().items():
        if shape == "optional":
            values = [None if (row + len(name)) % 3 == 0 else item for row, item in enumerate(values + values)]
        if shape == "null":
            values = [None] * 5
        fields.append(pa.field(name, type, nullable=shape != "required"))
        arrays.append(array(type, values))
    if shape != "required":
        fields.append(pa.field("nothing", pa.null()))
        arrays.append(pa.nulls(len(arrays[0])))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def sparse(values, share, generator):
    return [None if generator.random() < share else item for item in values]


def encoding_columns(generator, rows):
    """One column for each physical type, with runs, repeats, sorted stretches and nulls: what encodings feed on."""
    steps = [generator.randrange(-3, 90) for _ in range(rows)]
    rising = [sum(steps[: i + 1]) for i in range(rows)]
    words = sorted(generator.choice(WORDS) + str(generator.randrange(50)) for _ in range(rows))
    return {
        "boolean": (pa.bool_(), [generator.random() < 0.5 if i % 200 < 100 else True for i in range(rows)]),
        "int32": (pa.int32(), [item % 2**31 for item in rising]),
        "int64": (pa.int64(), [item * 10**9 + generator.randrange(1000) for item in rising]),
        "int64_wild": (pa.int64(), [generator.choice([-(2**63), 2**63 - 1, 0, generator.randrange(-(2**62), 2**62)]) for _ in range(rows)]),
        "int32_wild": (pa.int32(), [generator.choice([-(2**31), 2**31 - 1, 0, generator.randrange(-(2**30), 2**30)]) for _ in range(rows)]),
        "float32": (pa.float32(), [item / 8 for item in rising]),
        "float64": (pa.float64(), [item / 7 for item in rising]),
        "string": (pa.string(), words),
        "string_low": (pa.string(), [WORDS[generator.randrange(len(WORDS))] for _ in range(rows)]),
        "fixed": (pa.binary(6), [generator.randbytes(2) + b"same" for _ in range(rows)]),
        "fixed16": (pa.decimal128(30, 4), [Decimal(item) * Decimal("1.2345") for item in rising]),
    }


ENCODINGS = {
    "plain": {},
    "delta": {
        "int32": "DELTA_BINARY_PACKED",
        "int64": "DELTA_BINARY_PACKED",
        "int64_wild": "DELTA_BINARY_PACKED",
        "int32_wild": "DELTA_BINARY_PACKED",
        "string": "DELTA_BYTE_ARRAY",
        "string_low": "DELTA_LENGTH_BYTE_ARRAY",
        "fixed": "DELTA_BYTE_ARRAY",
        "boolean": "RLE",
    },
    "split": {name: "BYTE_STREAM_SPLIT" for name in ["int32", "int64", "int64_wild", "int32_wild", "float32", "float64", "fixed", "fixed16"]}
    | {"string": "DELTA_LENGTH_BYTE_ARRAY", "string_low": "DELTA_BYTE_ARRAY"},
}


def encodings(folder):
    for nulls in ("required", "optional"):
        generator = random.Random(2)
        columns = encoding_columns(generator, 1000)
        share = 0 if nulls == "required" else 0.2
        table = pa.Table.from_arrays(
            [pa.array(sparse(values, share, generator), type).cast(type) for type, values in columns.values()],
            schema=pa.schema([pa.field(name, type, nullable=nulls == "optional") for name, (type, _) in columns.items()]),
        )
        for page in ("1.0", "2.0"):
            suffix = f"{nulls}_v{page[0]}"
            for name, encoding in ENCODINGS.items():
                options = {"column_encoding": encoding} if encoding else {}
                # Small pages: a page ends and another begins inside every kind of run.
                write(
                    folder, f"pyarrow_encoding_{name}_{suffix}", table, use_dictionary=False, data_page_version=page, data_page_size=700,
                    write_batch_size=64, **options,
                )
            write(folder, f"pyarrow_encoding_dictionary_{suffix}", table, data_page_version=page, data_page_size=200, write_batch_size=64)
            # Dictionaries overflow in the middle of a chunk: the pages before are indices, those after are plain.
            write(
                folder, f"pyarrow_dictionary_fallback_{suffix}", table, data_page_version=page, data_page_size=300, write_batch_size=32,
                dictionary_pagesize_limit=400,
            )
        write(folder, f"pyarrow_encoding_plain_dictionary_{nulls}", table, version="1.0", data_page_size=300, write_batch_size=64)


def codecs(folder):
    generator = random.Random(3)
    table = pa.table({
        "id": pa.array(range(2000), pa.int64()),
        "word": pa.array(sparse([generator.choice(WORDS) for _ in range(2000)], 0.1, generator)),
        "noise": pa.array([generator.randbytes(generator.randrange(20)) for _ in range(2000)]),
        "list": pa.array([[generator.randrange(9) for _ in range(generator.randrange(4))] for _ in range(2000)]),
    })
    for codec in CODECS:
        for page in ("1.0", "2.0"):
            write(
                folder, f"pyarrow_codec_{codec}_v{page[0]}", table, compression=codec, use_dictionary=["word"], data_page_version=page,
                data_page_size=4000, write_batch_size=256,
            )
    write(folder, "pyarrow_checksums", table, compression="zstd", write_page_checksum=True, data_page_size=4000, write_batch_size=256)


def nested_table(rows, seed):
    """Lists, structs and maps inside each other, null and empty at every level."""
    generator = random.Random(seed)

    def maybe(make, share=0.2):
        return None if generator.random() < share else make()

    def listed(make, most=4):
        return [make() for _ in range(generator.choice([0, 0, 1, 2, most, most * 3]))]

    def integer():
        return generator.randrange(-5, 100)

    def word():
        return generator.choice(WORDS)

    def entries(make):
        return list({f"k{generator.randrange(20)}": make() for _ in range(generator.randrange(4))}.items())

    point = pa.struct([("x", pa.int32()), ("y", pa.string())])
    deep = pa.struct([("id", pa.int64()), ("tags", pa.list_(pa.string())), ("inner", pa.struct([("flag", pa.bool_()), ("points", pa.list_(point))]))])

    def make_point():
        return {"x": maybe(integer), "y": maybe(word)}

    def make_deep():
        inner = maybe(lambda: {"flag": maybe(lambda: generator.random() < 0.5), "points": maybe(lambda: listed(lambda: maybe(make_point), 2))})
        return {"id": maybe(integer), "tags": maybe(lambda: listed(lambda: maybe(word))), "inner": inner}

    strict = pa.list_(pa.field("element", pa.int64(), nullable=False))
    shapes = {
        "id": (pa.int64(), lambda: integer(), False),
        "list": (pa.list_(pa.int64()), lambda: maybe(lambda: listed(lambda: maybe(integer))), True),
        "list_strict": (strict, lambda: listed(integer), False),
        "list_of_words": (pa.list_(pa.string()), lambda: maybe(lambda: listed(lambda: maybe(word))), True),
        "list_of_lists": (pa.list_(pa.list_(pa.int32())), lambda: maybe(lambda: listed(lambda: maybe(lambda: listed(lambda: maybe(integer))), 2)), True),
        "lists_3": (
            pa.list_(pa.list_(pa.list_(pa.string()))),
            lambda: maybe(lambda: listed(lambda: maybe(lambda: listed(lambda: maybe(lambda: listed(lambda: maybe(word), 2)), 2)), 2)),
            True,
        ),
        "row": (point, lambda: maybe(make_point), True),
        "row_strict": (
            pa.struct([pa.field("x", pa.int32(), nullable=False), pa.field("y", pa.string(), nullable=False)]),
            lambda: {"x": integer(), "y": word()},
            False,
        ),
        "row_deep": (deep, lambda: maybe(make_deep), True),
        "list_of_rows": (pa.list_(point), lambda: maybe(lambda: listed(lambda: maybe(make_point))), True),
        "list_of_deep": (pa.list_(deep), lambda: maybe(lambda: listed(lambda: maybe(make_deep), 2)), True),
        "map": (pa.map_(pa.string(), pa.int64()), lambda: maybe(lambda: entries(lambda: maybe(integer))), True),
        "map_of_lists": (pa.map_(pa.string(), pa.list_(pa.int32())), lambda: maybe(lambda: entries(lambda: maybe(lambda: listed(lambda: maybe(integer), 2)))), True),
        "map_of_rows": (pa.map_(pa.string(), point), lambda: maybe(lambda: entries(lambda: maybe(make_point))), True),
        "map_of_maps": (
            pa.map_(pa.string(), pa.map_(pa.string(), pa.float64())),
            lambda: maybe(lambda: entries(lambda: maybe(lambda: entries(lambda: maybe(lambda: integer() / 4))))),
            True,
        ),
        "list_of_maps": (pa.list_(pa.map_(pa.string(), pa.int64())), lambda: maybe(lambda: listed(lambda: maybe(lambda: entries(integer)), 2)), True),
        "list_of_decimals": (pa.list_(pa.decimal128(20, 2)), lambda: maybe(lambda: listed(lambda: maybe(lambda: Decimal(integer()) / 4))), True),
        "list_of_flags": (pa.list_(pa.bool_()), lambda: maybe(lambda: listed(lambda: maybe(lambda: generator.random() < 0.5))), True),
        "list_of_moments": (pa.list_(pa.timestamp("ns", "UTC")), lambda: maybe(lambda: listed(lambda: maybe(lambda: integer() * 10**16 + 1))), True),
    }
    return pa.Table.from_arrays(
        [pa.array([make() for _ in range(rows)], type) for type, make, _ in shapes.values()],
        schema=pa.schema([pa.field(name, type, nullable=nullable) for name, (type, _, nullable) in shapes.items()]),
    )


def nested(folder):
    table = nested_table(300, 4)
    for page in ("1.0", "2.0"):
        suffix = f"v{page[0]}"
        write(folder, f"pyarrow_nested_{suffix}", table, data_page_version=page)
        # A page of version 1 may end inside a row; one of version 2 may not.
        write(folder, f"pyarrow_nested_small_pages_{suffix}", table, data_page_version=page, data_page_size=100, write_batch_size=16, row_group_size=97)
        write(folder, f"pyarrow_nested_plain_{suffix}", table, data_page_version=page, use_dictionary=False, compression="zstd", data_page_size=500, write_batch_size=32)
    write(folder, "pyarrow_nested_old_names", table, use_compliant_nested_type=False)
    write(folder, "pyarrow_nested_page_index", table, write_page_index=True, data_page_size=200, write_batch_size=16)
    write(folder, "pyarrow_nested_empty", table.slice(0, 0))
    nothing = pa.table({name: pa.nulls(7, table.schema.field(name).type) for name in table.column_names if table.schema.field(name).nullable})
    write(folder, "pyarrow_nested_null", nothing)


def shapes(folder):
    generator = random.Random(5)
    rows = 5000
    table = pa.table({
        "id": pa.array(range(rows), pa.int64()),
        "day": pa.array([19000 + i // 100 for i in range(rows)], pa.date32()),
        "word": pa.array(sparse([f"{WORDS[i % 13]}{i // 50:05}" for i in range(rows)], 0.05, generator)),
        "price": pa.array([Decimal(generator.randrange(10**6)) / 100 for _ in range(rows)], pa.decimal128(12, 2)),
        "measure": pa.array(sparse([generator.choice([float("nan"), generator.random()]) for _ in range(rows)], 0.1, generator)),
        "rare": pa.array([i if i // 500 == 3 else None for i in range(rows)], pa.int32()),
    })
    write(folder, "pyarrow_row_groups", table, row_group_size=333)
    write(folder, "pyarrow_page_index", table, write_page_index=True, data_page_size=1000, write_batch_size=100)
    write(folder, "pyarrow_page_index_row_groups", table, write_page_index=True, max_rows_per_page=100, row_group_size=1777, data_page_version="2.0")
    write(folder, "pyarrow_no_statistics", table.slice(0, 500), write_statistics=False)
    write(folder, "pyarrow_zero_rows", table.slice(0, 0))
    write(folder, "pyarrow_zero_columns", pa.table({}))
    write(folder, "pyarrow_one_row", table.slice(17, 1))
    write(folder, "pyarrow_constant", pa.table({"a": pa.array([7] * 3000, pa.int32()), "b": pa.array(["same"] * 3000)}))
    write(folder, "pyarrow_wide", pa.table({f"column_{i}": pa.array([i, None, -i], pa.int32()) for i in range(1500)}))
    write(folder, "pyarrow_long_text", pa.table({"text": ["a" * 300_000, None, "b" * 1_000_000, "", "ü" * 50_000]}), data_page_size=1000)
    many = [f"value {i:06}" for i in range(70_000)]
    write(folder, "pyarrow_large_dictionary", pa.table({"text": many + many[::7]}), dictionary_pagesize_limit=1 << 24)
    odd = ["", " ", "a b", "a.b", 'a"b', "SELECT", "Groß", "列"]
    write(folder, "pyarrow_odd_names", pa.table({name: [i] for i, name in enumerate(odd)}))
    write(folder, "pyarrow_case_names", pa.table({"Mixed": [1], "UPPER": [2], "lower": [3]}))


def wide_dictionaries(folder):
    """Dictionaries of more eight-byte values than are indexed, close to each other and far apart, with pages that are not dictionary-encoded behind."""
    generator = random.Random(32)

    def column(low, high, type=pa.int64()):
        values = [low, high] + [generator.randint(low, high) for _ in range(6000)]
        return [generator.choice(values) for _ in range(12_000)] + [low, high], type

    columns = {
        "near": column(-(10**12), -(10**12) + (1 << 32) - 1), "far": column(-7, (1 << 32) - 7), "all": column(-(1 << 63), (1 << 63) - 1),
        "moment": column(10**15, 10**15 + 10**9, pa.timestamp("us")),
    }
    table = {name: pa.array(values, type) for name, (values, type) in columns.items()}
    table |= {f"{name}_or_null": pa.array([None if i % 3 == 1 else v for i, v in enumerate(values)], type) for name, (values, type) in columns.items()}
    near = columns["near"][0]
    table["listed"] = pa.array([None if i % 11 == 0 else near[i : i + i % 4] for i in range(len(near))], pa.list_(pa.int64()))
    for name, options in {"": {}, "_fallback": {"dictionary_pagesize_limit": 40_000}, "_v2": {"data_page_version": "2.0", "write_page_index": True}}.items():
        write(folder, f"pyarrow_wide_dictionary{name}", pa.table(table), data_page_size=4000, write_batch_size=500, **options)


def partitioned(folder):
    """A table in `key=value` folders, as Hive lays it out: a null key, an empty string, a space and a slash among the values."""
    place = folder / "partitioned"
    rows = []
    keys = [("2024-01-01", "eg"), ("2024-01-01", "de"), ("2024-01-02", "eg"), ("2024-01-03", None), ("2024-01-03", "a b/c")]
    for number, (day, country) in enumerate(keys):
        name = "__HIVE_DEFAULT_PARTITION__" if country is None else country.replace("/", "%2F").replace(" ", "%20")
        below = place / f"dt={day}" / f"country={name}"
        below.mkdir(parents=True)
        for part in range(2):
            ids = [number * 100 + part * 10 + i for i in range(3)]
            pq.write_table(pa.table({"id": pa.array(ids, pa.int64()), "word": [f"w{i}" for i in ids]}), below / f"part-{part}.parquet")
            rows += [[i, f"w{i}", day, country] for i in ids]
        (below / "_SUCCESS").touch()
    # The keys of a file's path come as varchar, whatever they look like; a reader that guesses dates may say date.
    expected.write(place, ["id", "word", "dt", "country"], ["bigint", "varchar", "varchar", "varchar"], rows)

    place = folder / "evolved"
    place.mkdir()
    pq.write_table(pa.table({"a": pa.array([1, 2], pa.int64())}), place / "part-0.parquet")
    pq.write_table(pa.table({"b": ["x", "y"], "a": pa.array([3, 4], pa.int64())}), place / "part-1.parquet")
    expected.write(place, ["a", "b"], ["bigint", "varchar"], [[1, None], [2, None], [3, "x"], [4, "y"]])


def make(folder):
    for shape in ("required", "optional", "null"):
        table = flat_table(shape)
        write(folder, f"pyarrow_types_{shape}", table)
        write(folder, f"pyarrow_types_{shape}_v2", table, data_page_version="2.0", use_dictionary=False)
        decimals = table.select([name for name in table.column_names if name.startswith("decimal")])
        write(folder, f"pyarrow_decimal_integers_{shape}", decimals, store_decimal_as_integer=True)
        moments = table.select(["timestamp_us", "timestamp_ns"])
        path = folder / f"pyarrow_int96_{shape}.parquet"
        pq.write_table(moments, path, use_deprecated_int96_timestamps=True)
        # INT96 counts nanoseconds, whatever the table in memory counted.
        expected.write_arrow(path, moments.cast(pa.schema([pa.field(name, pa.timestamp("ns")) for name in moments.column_names])))
    encodings(folder)
    codecs(folder)
    nested(folder)
    shapes(folder)
    wide_dictionaries(folder)
    partitioned(folder)
