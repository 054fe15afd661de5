"""Files that are not what they seem: cut off, overwritten at random (with a fixed seed), with wrong marks and lengths.

corrupt/manifest.tsv lists them, one a line: the file's name and `error` where a reader must refuse it, or `any` where it may also
find rows, right or wrong ones, since nothing in the format protects them. In no case may it crash, hang, or take memory without bound.
"""

import random
import struct

import pyarrow as pa
import pyarrow.parquet as pq

from written_by_pyarrow import encoding_columns, flat_table, nested_table

CUTS, BLOTS = 40, 120


def sources():
    """Name and bytes of small sound files that cover types, nesting, encodings and codecs."""
    generator = random.Random(6)
    flat = flat_table("optional")
    encoded = pa.table({name: pa.array(values, type).cast(type) for name, (type, values) in encoding_columns(generator, 60).items()})
    words = pa.table({"word": [f"word {generator.randrange(30)}" for _ in range(200)]})
    yield "types", written(flat.slice(0, 9))
    yield "types_v2", written(flat.slice(0, 9), data_page_version="2.0", use_dictionary=False)
    yield "nested", written(nested_table(12, 7).select(["list", "row_deep", "list_of_deep", "map_of_lists"]), use_dictionary=False)
    yield "nested_v2", written(nested_table(12, 7).select(["lists_3", "list_of_rows", "map"]), data_page_version="2.0")
    deltas = {"int32": "DELTA_BINARY_PACKED", "int64_wild": "DELTA_BINARY_PACKED", "string": "DELTA_BYTE_ARRAY", "string_low": "DELTA_LENGTH_BYTE_ARRAY", "float64": "BYTE_STREAM_SPLIT", "boolean": "RLE"}
    yield "deltas", written(encoded.select(list(deltas)), use_dictionary=False, column_encoding=deltas, compression="none")
    yield "dictionary", written(encoded.select(["string", "int32", "string_low"]), compression="none", write_page_index=True)
    for codec in ("snappy", "gzip", "zstd", "brotli", "lz4"):
        yield codec, written(words, compression=codec, use_dictionary=False)


def written(table, **options):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options, store_schema=False)
    return sink.getvalue().to_pybytes()


def make(folder):
    place = folder / "corrupt"
    place.mkdir()
    manifest = []

    def put(name, content, verdict):
        (place / f"{name}.parquet").write_bytes(content)
        manifest.append(f"{name}.parquet\t{verdict}\n")

    generator = random.Random(7)
    for name, sound in sources():
        put(f"{name}_sound", sound, "any")
        lengths = {0, 1, 3, 4, 7, 8, 11, 12, len(sound) - 1, len(sound) - 4, len(sound) - 8, len(sound) - 9}
        lengths |= {generator.randrange(len(sound)) for _ in range(CUTS - len(lengths))}
        for length in sorted(lengths):
            put(f"{name}_cut_{length}", sound[:length], "error")
        footer = len(sound) - 8 - struct.unpack("<I", sound[-8:-4])[0]
        for number in range(BLOTS):
            content = bytearray(sound)
            # Half in the pages, half in the footer: the footer is where the lengths and counts are.
            position = generator.randrange(4, footer) if number % 2 else generator.randrange(footer, len(sound) - 8)
            blot = generator.choice([bytes([content[position] ^ 1 << generator.randrange(8)]), generator.randbytes(generator.randrange(1, 5)), b"\xff" * 8, b"\0" * 8])
            content[position : position + len(blot)] = blot
            put(f"{name}_blot_{number}", bytes(content[: len(sound)]), "any")
        # The middle is gone: what the footer points to lies beyond the pages that are there.
        put(f"{name}_hole", sound[:4] + sound[footer:], "error")

    sound = written(pa.table({"a": [1, 2, 3]}))
    size = struct.unpack("<I", sound[-8:-4])[0]
    marks = {
        "empty": b"",
        "text": b"id,name\n1,one\n",
        "magic_only": b"PAR1",
        "magic_twice": b"PAR1PAR1",
        "no_footer": b"PAR1\0\0\0\0PAR1",
        "magic_start": b"PAR2" + sound[4:],
        "magic_end": sound[:-4] + b"PAR2",
        "magic_encrypted": sound[:-4] + b"PARE",
        "zeros": bytes(len(sound)),
        "noise": generator.randbytes(500) + b"PAR1",
    }
    for length in (0, 1, size - 1, size + 1, len(sound) - 12, len(sound) - 11, len(sound), 2**31 - 1, 2**31, 2**32 - 1):
        marks[f"footer_length_{length}"] = sound[:-8] + struct.pack("<I", length) + b"PAR1"
    for name, content in marks.items():
        # The start's mark, and a footer that merely ends early or late, go unnoticed by readers that do not look there.
        lenient = name in ("magic_start", f"footer_length_{size + 1}", f"footer_length_{size - 1}")
        put(name, content, "any" if lenient else "error")
    (place / "manifest.tsv").write_text("".join(manifest))
