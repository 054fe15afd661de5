"""Fixtures that today's writers do not produce: deprecated encodings, old annotations, old shapes of lists, rare codecs and page shapes.

pyarrow or DuckDB read all of them as expected here, except where said.
"""

import struct

import expected
from handmade_format import *

STRING, DECIMAL = (1, Struct()), lambda scale, precision: (5, Struct({1: scale, 2: precision}))


class Column:
    """One flat column in one page of version 1, plain unless said otherwise."""

    def __init__(self, name, type, physical, stored, values, *, codec="none", pages=None, encodings=(PLAIN, RLE), dictionary=False, hide=False, **annotation):
        self.name, self.type, self.values = name, type, values
        optional = None in stored
        self.element = element(name, physical, OPTIONAL if optional else REQUIRED, **annotation)
        present = [value for value in stored if value is not None]
        if pages is None:
            definition = sized(hybrid([int(value is not None) for value in stored], 1)) if optional else None
            pages = [data_page(plain(physical, present), len(stored), PLAIN, codec, definition)]
        self.chunk = Chunk([name], physical, len(stored), pages, codec, encodings, dictionary, hide)


def write(folder, name, columns, rows=None):
    path = folder / f"hand_{name}.parquet"
    rows = len(columns[0].values) if rows is None else rows
    path.write_bytes(file([column.element for column in columns], [(rows, [column.chunk for column in columns])]))
    expected.write(path, [column.name for column in columns], [column.type for column in columns], list(zip(*[column.values for column in columns])))


def old_annotations(folder):
    """Converted types without logical types, as writers before 2018 left them."""
    text = [b"a", None, "Zürich".encode()]
    words = ["a", None, "Zürich"]
    hexadecimal = ["61", None, "Zürich".encode().hex()]
    days = [0, None, 19782]
    write(folder, "converted_types", [
        Column("utf8", "varchar", BYTE_ARRAY, text, words, converted=0),
        Column("enum", "varchar", BYTE_ARRAY, text, words, converted=4),
        Column("json", "json", BYTE_ARRAY, [b"{}", None, b"[1]"], ["{}", None, "[1]"], converted=19),
        Column("bson", "varbinary", BYTE_ARRAY, text, hexadecimal, converted=20),
        Column("bare", "varbinary", BYTE_ARRAY, text, hexadecimal),
        Column("date", "date", INT32, days, ["1970-01-01", None, "2024-02-29"], converted=6),
        Column("time_millis", "time(3)", INT32, [1, None, 86399999], ["00:00:00.001", None, "23:59:59.999"], converted=7),
        Column("time_micros", "time(6)", INT64, [1, None, 86399999999], ["00:00:00.000001", None, "23:59:59.999999"], converted=8),
        Column("timestamp_millis", "timestamp(3)", INT64, [-1, None, 1709210096789], ["1969-12-31 23:59:59.999", None, "2024-02-29 12:34:56.789"], converted=9),
        Column("timestamp_micros", "timestamp(6)", INT64, [-1, None, 1709210096789012], ["1969-12-31 23:59:59.999999", None, "2024-02-29 12:34:56.789012"], converted=10),
        Column("uint_8", "smallint", INT32, [0, None, 255], [0, None, 255], converted=11),
        Column("uint_16", "integer", INT32, [0, None, 65535], [0, None, 65535], converted=12),
        Column("uint_32", "bigint", INT32, [0, None, -1], [0, None, 4294967295], converted=13),
        Column("uint_64", "decimal(20, 0)", INT64, [0, None, -1], ["0", None, "18446744073709551615"], converted=14),
        Column("int_8", "tinyint", INT32, [-128, None, 127], [-128, None, 127], converted=15),
        Column("int_16", "smallint", INT32, [-32768, None, 32767], [-32768, None, 32767], converted=16),
        Column("int_32", "integer", INT32, [-1, None, 1], [-1, None, 1], converted=17),
        Column("int_64", "bigint", INT64, [-1, None, 1], [-1, None, 1], converted=18),
        Column("interval", "varbinary", FIXED, [struct.pack("<III", 1, 2, 3), None, bytes(12)], ["010000000200000003000000", None, "00" * 12], length=12, converted=21),
    ])
    half = [struct.pack("<e", value) for value in (1.5, -0.0, float("inf"))]
    write(folder, "logical_types", [
        Column("float16", "real", FIXED, half, [1.5, -0.0, "Infinity"], length=2, logical=(15, Struct())),
        Column("uuid", "uuid", FIXED, [bytes(range(16))] * 3, ["00010203-0405-0607-0809-0a0b0c0d0e0f"] * 3, length=16, logical=(14, Struct())),
        Column("bson", "varbinary", BYTE_ARRAY, [b"\5\0\0\0\0"] * 3, ["0500000000"] * 3, logical=(13, Struct())),
        Column("enum", "varchar", BYTE_ARRAY, [b"x", b"y", b""], ["x", "y", ""], logical=(4, Struct())),
        # A reader must take an annotation that it does not know, from a later version of the format, for none.
        Column("later", "varbinary", BYTE_ARRAY, [b"x", b"y", b""], ["78", "79", ""], logical=(99, Struct())),
        Column("later_number", "bigint", INT64, [1, 2, 3], [1, 2, 3], logical=(99, Struct({1: True}))),
    ])


def decimals(folder):
    def numbers(texts):
        return [None if text is None else int(text.replace(".", "")) for text in texts]

    def stored(texts, length=None):
        for unscaled in numbers(texts):
            if unscaled is None:
                yield None
            else:
                yield unscaled.to_bytes(length or max(1, (unscaled.bit_length() + 8) // 8), "big", signed=True)

    short = ["0.00", None, "-1.28", "1.27", "-9999999.99", "0.01"]
    long = ["0.000", None, "-12345678901234567890123456789012345.678", "0.128", "-0.129", "99999999999999999999999999999999999.999"]

    write(folder, "decimals", [
        Column("int32", "decimal(9, 2)", INT32, numbers(short), short, converted=5, scale=2, precision=9),
        Column("int64", "decimal(18, 2)", INT64, numbers(short), short, converted=5, scale=2, precision=18, logical=DECIMAL(2, 18)),
        # As few bytes as each value needs.
        Column("bytes_short", "decimal(9, 2)", BYTE_ARRAY, list(stored(short)), short, converted=5, scale=2, precision=9),
        Column("bytes_long", "decimal(38, 3)", BYTE_ARRAY, list(stored(long)), long, converted=5, scale=3, precision=38),
        # More bytes than needed: sign bytes in front.
        Column("bytes_padded", "decimal(9, 2)", BYTE_ARRAY, list(stored(short, 20)), short, converted=5, scale=2, precision=9),
        Column("fixed_5", "decimal(9, 2)", FIXED, list(stored(short, 5)), short, length=5, converted=5, scale=2, precision=9),
        Column("fixed_17", "decimal(38, 3)", FIXED, list(stored(long, 17)), long, length=17, converted=5, scale=3, precision=38),
        Column("fixed_wide", "decimal(9, 2)", FIXED, list(stored(short, 16)), short, length=16, converted=5, scale=2, precision=9),
    ])


def codecs(folder):
    words = [f"word {i % 37} and more of the same" for i in range(400)]
    stored = [word.encode() for word in words]
    for codec in CODECS:
        write(folder, f"codec_{codec}", [Column("word", "varchar", BYTE_ARRAY, stored, words, codec=codec, logical=STRING)])
    # Arrow once wrote bare LZ4 blocks under the number of Hadoop's LZ4, so readers try both.
    bare = [data_page(plain(BYTE_ARRAY, stored), 400, PLAIN, "lz4", pack=lambda _, text: pa.compress(text, codec="lz4_raw", asbytes=True))]
    write(folder, "codec_lz4_bare", [Column("word", "varchar", BYTE_ARRAY, stored, words, codec="lz4", pages=bare, logical=STRING)])


def levels_and_dictionaries(folder):
    numbers = [i * i % 17 if i % 5 else None for i in range(50)]
    present = [number for number in numbers if number is not None]
    levels = [int(number is not None) for number in numbers]
    entries = sorted(set(present))
    indices = [entries.index(number) for number in present]
    packed = [(len(indices), True)]

    def column(name, pages, **options):
        return Column(name, "bigint", INT64, numbers, numbers, pages=pages, **options)

    def dictionary(encoding=PLAIN, codec="none"):
        return dictionary_page(plain(INT64, entries), len(entries), encoding, codec)

    rle = sized(hybrid(levels, 1))
    indexed = bytes([4]) + hybrid(indices, 4, packed)
    old = (PLAIN_DICTIONARY, RLE)
    # pyarrow reads these levels from the other end of each byte; the format's text and its Java reader agree with this file.
    write(folder, "levels_bit_packed", [
        column("a", [data_page(plain(INT64, present), 50, PLAIN, "none", bits_from_the_top(levels, 1), None, BIT_PACKED)], encodings=(PLAIN, BIT_PACKED)),
    ])
    write(folder, "dictionaries", [
        column("plain_dictionary", [dictionary(PLAIN_DICTIONARY), data_page(indexed, 50, PLAIN_DICTIONARY, "none", rle)], encodings=old, dictionary=True),
        # The footer says nothing of a dictionary, but the first page is one.
        column("unannounced", [dictionary(), data_page(indexed, 50, RLE_DICTIONARY, "none", rle)], dictionary=True, hide=True),
        # Indices of more bits than needed, in runs of both kinds.
        column("wide_indices", [dictionary(), data_page(bytes([17]) + hybrid(indices, 17, [(8, True), (1, False), (8, True), (len(indices) - 17, True)]), 50, RLE_DICTIONARY, "none", rle)], dictionary=True),
        # Dictionary, plain and delta pages in one chunk, an empty page among them.
        column("mixed", [
            dictionary(),
            data_page(bytes([4]) + hybrid(indices[:8], 4), 10, RLE_DICTIONARY, "none", sized(hybrid(levels[:10], 1))),
            data_page(plain(INT64, present[8:16]), 10, PLAIN, "none", sized(hybrid(levels[10:20], 1))),
            data_page(b"", 0, PLAIN, "none", sized(b"")),
            data_page(delta(present[16:24]), 10, DELTA_BINARY_PACKED, "none", sized(hybrid(levels[20:30], 1, [(10, True)]))),
            data_page_v2(plain(INT64, present[24:32]), 10, 2, 10, PLAIN, "none", hybrid(levels[30:40], 1)),
            data_page(bytes([4]) + hybrid(indices[32:], 4), 10, RLE_DICTIONARY, "none", sized(hybrid(levels[40:], 1))),
        ], dictionary=True),
    ])
    same = [7] * 20
    write(folder, "dictionary_of_one", [
        # Indices of no bits at all.
        Column("width_0", "integer", INT32, same, same, pages=[dictionary_page(plain(INT32, [7]), 1), data_page(bytes([0]) + varint(20 << 1), 20, RLE_DICTIONARY)], dictionary=True),
        Column("all_null", "integer", INT32, [None] * 20, [None] * 20, dictionary=True, pages=[
            dictionary_page(b"", 0), data_page(bytes([0]), 20, RLE_DICTIONARY, "none", sized(hybrid([0] * 20, 1))),
        ]),
    ])
    # A page of version 2 that says it is not compressed, in a compressed chunk.
    write(folder, "v2_uncompressed_page", [
        column("a", [
            data_page_v2(plain(INT64, present[:20]), 25, 5, 25, PLAIN, "snappy", hybrid(levels[:25], 1), is_compressed=False),
            data_page_v2(plain(INT64, present[20:]), 25, 5, 25, PLAIN, "snappy", hybrid(levels[25:], 1), is_compressed=True),
        ], codec="snappy"),
    ])
    flags = [i % 3 == 0 for i in range(40)]
    write(folder, "boolean_runs", [
        Column("v1", "boolean", BOOLEAN, flags, flags, pages=[data_page(sized(hybrid(flags, 1, [(40, True)])), 40, RLE)], encodings=(RLE,)),
        Column("v2", "boolean", BOOLEAN, flags, flags, pages=[data_page_v2(sized(hybrid(flags, 1)), 40, 0, 40, RLE)], encodings=(RLE,)),
    ])


def deltas(folder):
    wild = [(-1) ** i * (i * 0x123456789ABCDEF % 2**63) for i in range(600)] + [-(2**63), 2**63 - 1, 0, -(2**63)]
    small = [(value >> 40) % 2**31 - (2**30) for value in wild] + [-(2**31), 2**31 - 1]
    wild += [1, 2]
    rows = len(wild)
    columns = []
    for block, miniblocks in [(128, 4), (128, 1), (256, 8), (1024, 2), (4096, 32)]:
        shape = f"{block}_{miniblocks}"
        columns.append(Column(f"wild_{shape}", "bigint", INT64, wild, wild, pages=[data_page(delta(wild, block, miniblocks), rows, DELTA_BINARY_PACKED)], encodings=(DELTA_BINARY_PACKED,)))
        columns.append(Column(f"small_{shape}", "integer", INT32, small, small, pages=[data_page(delta(small, block, miniblocks, 32), rows, DELTA_BINARY_PACKED)], encodings=(DELTA_BINARY_PACKED,)))
    one = [delta([5]), delta([6])]
    pages = [data_page(text, 1, DELTA_BINARY_PACKED) for text in one] + [data_page(delta(wild[2:]), rows - 2, DELTA_BINARY_PACKED)]
    columns.append(Column("single_values", "bigint", INT64, wild, [5, 6, *wild[2:]], pages=pages, encodings=(DELTA_BINARY_PACKED,)))
    write(folder, "deltas", columns)


def old_lists(folder):
    """The shapes in which lists and maps were written before the present one was agreed on."""
    # Lists [1, 2], [], [3]; the middle one is null where the group is optional and the level says so.
    repetition = sized(hybrid([0, 1, 0, 0], 1))
    path = folder / "hand_old_lists.parquet"
    numbers = plain(INT32, [1, 2, 3])

    def chunk(path, levels, width=2, values=numbers):
        return Chunk(path, INT32, 4, [data_page(values, 4, PLAIN, "none", sized(hybrid(levels, width)), repetition)])

    schema = [
        # repeated int32: no list around it
        element("bare", INT32, REPEATED),
        # optional group (LIST) { repeated int32 element }
        element("two_level", None, OPTIONAL, children=1, converted=3), element("element", INT32, REPEATED),
        # optional group (LIST) { repeated group array { required int32 x } }: a list of rows
        element("array", None, OPTIONAL, children=1, converted=3), element("array", None, REPEATED, children=1), element("x", INT32),
        # optional group (LIST) { repeated group tuple_tuple { required int32 x } }: a list of rows
        element("tuple", None, OPTIONAL, children=1, converted=3), element("tuple_tuple", None, REPEATED, children=1), element("x", INT32),
        # optional group (LIST) { repeated group bag { optional int32 array_element } }: Hive's
        element("hive", None, OPTIONAL, children=1, converted=3), element("bag", None, REPEATED, children=1), element("array_element", INT32, OPTIONAL),
        # optional group (LIST) { repeated group pair { required int32 x; required int32 y } }: a list of rows
        element("pairs", None, OPTIONAL, children=1, converted=3), element("pair", None, REPEATED, children=2), element("x", INT32), element("y", INT32),
        # optional group (MAP_KEY_VALUE) { repeated group map { required int32 key; optional int32 value } }: parquet-avro's old maps
        element("map", None, OPTIONAL, children=1, converted=2), element("map", None, REPEATED, children=2, converted=2), element("key", INT32), element("value", INT32, OPTIONAL),
        # repeated group { required int32 x }: protobuf's lists of messages
        element("messages", None, REPEATED, children=1), element("x", INT32),
    ]
    chunks = [
        chunk(["bare"], [1, 1, 0, 1], 1),
        chunk(["two_level", "element"], [2, 2, 1, 2]),
        chunk(["array", "array", "x"], [2, 2, 0, 2]),
        chunk(["tuple", "tuple_tuple", "x"], [2, 2, 1, 2]),
        chunk(["hive", "bag", "array_element"], [3, 2, 0, 3], 2, plain(INT32, [1, 3])),
        chunk(["pairs", "pair", "x"], [2, 2, 1, 2]),
        chunk(["pairs", "pair", "y"], [2, 2, 1, 2], 2, plain(INT32, [10, 20, 30])),
        chunk(["map", "map", "key"], [2, 2, 0, 2]),
        chunk(["map", "map", "value"], [3, 2, 0, 3], 2, plain(INT32, [10, 30])),
        chunk(["messages", "x"], [1, 1, 0, 1], 1),
    ]
    path.write_bytes(file(schema, [(3, chunks)]))
    names = ["bare", "two_level", "array", "tuple", "hive", "pairs", "map", "messages"]
    row = "row(x integer)"
    types = ["array(integer)", "array(integer)", f"array({row})", f"array({row})", "array(integer)", "array(row(x integer, y integer))", "map(integer, integer)", f"array({row})"]
    rows = [
        [[1, 2], [1, 2], [[1], [2]], [[1], [2]], [1, None], [[1, 10], [2, 20]], [[1, 10], [2, None]], [[1], [2]]],
        [[], [], None, [], None, [], None, []],
        [[3], [3], [[3]], [[3]], [3], [[3, 30]], [[3, 30]], [[3]]],
    ]
    expected.write(path, names, types, rows)


def shapes(folder):
    # Rows without columns, a row group without rows, and a column whose name has a dot.
    (folder / "hand_rows_without_columns.parquet").write_bytes(file([], [(3, [])], 0))
    expected.write(folder / "hand_rows_without_columns.parquet", [], [], [[], [], []])
    schema = [element("a.b", INT32), element("a", None, REQUIRED, children=1), element("b", INT32)]

    def group(values, others):
        pages, more = data_page(plain(INT32, values), len(values), PLAIN), data_page(plain(INT32, others), len(others), PLAIN)
        return len(values), [Chunk(["a.b"], INT32, len(values), [pages]), Chunk(["a", "b"], INT32, len(values), [more])]

    path = folder / "hand_row_groups.parquet"
    path.write_bytes(file(schema, [group([1], [10]), group([], []), group([2, 3], [20, 30])]))
    expected.write(path, ["a.b", "a"], ["integer", "row(b integer)"], [[1, [10]], [2, [20]], [3, [30]]])


def make(folder):
    old_annotations(folder)
    decimals(folder)
    codecs(folder)
    levels_and_dictionaries(folder)
    deltas(folder)
    old_lists(folder)
    shapes(folder)
