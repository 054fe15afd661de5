"""A Parquet writer by hand, for what no common writer writes any more but readers meet all the same.

A file is `PAR1`, pages, footer, the footer's length in four bytes, `PAR1`. Page headers and the footer are Thrift's compact protocol:
each field is one byte `(id difference << 4) | kind` and its value; a struct ends with a zero byte.
"""

import struct
import zlib

import pyarrow as pa

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED = range(8)
REQUIRED, OPTIONAL, REPEATED = range(3)
PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED, DELTA_BINARY_PACKED = 0, 2, 3, 4, 5
DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY, RLE_DICTIONARY, BYTE_STREAM_SPLIT = 6, 7, 8, 9
CODECS = {"none": 0, "snappy": 1, "gzip": 2, "brotli": 4, "lz4": 5, "zstd": 6, "lz4_raw": 7}


# Thrift


def varint(value):
    result = bytearray()
    while value >= 0x80:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def zigzag(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


class Struct(dict):
    """Field number to value: bool, int (i32), I64, str or bytes, Struct, or a list of one of these. None is left out."""

    def encoded(self):
        result, last = bytearray(), 0
        for number, value in sorted(self.items()):
            if value is None:
                continue
            kind, text = encoded(value)
            step = number - last
            result += bytes([step << 4 | kind]) if step < 16 else bytes([kind]) + zigzag(number)
            result += text
            last = number
        return bytes(result) + b"\0"


class I64(int):
    pass


class Byte(int):
    pass


def encoded(value):
    """The kind of a value in Thrift's compact protocol, and its bytes."""
    if isinstance(value, bool):
        return (1 if value else 2), b""
    if isinstance(value, Byte):
        return 3, bytes([value & 0xFF])
    if isinstance(value, I64):
        return 6, zigzag(value)
    if isinstance(value, int):
        return 5, zigzag(value)
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return 8, varint(len(value)) + value
    if isinstance(value, Struct):
        return 12, value.encoded()
    items = [encoded(item) for item in value]
    kind = items[0][0] if items else 5
    size = bytes([len(items) << 4 | kind]) if len(items) < 15 else bytes([0xF0 | kind]) + varint(len(items))
    return 9, size + b"".join(text for _, text in items)


# Values


def plain(physical, values):
    if physical == BOOLEAN:
        return bits(values, 1)
    if physical in (INT32, INT64, FLOAT, DOUBLE):
        letter = {INT32: "i", INT64: "q", FLOAT: "f", DOUBLE: "d"}[physical]
        return struct.pack(f"<{len(values)}{letter}", *values)
    if physical == BYTE_ARRAY:
        return b"".join(struct.pack("<I", len(value)) + value for value in values)
    return b"".join(values)


def bits(values, width):
    """Bit-packed, the least significant bit first, filled up to whole bytes."""
    number = 0
    for i, value in enumerate(values):
        number |= int(value) << (i * width)
    return number.to_bytes((len(values) * width + 7) // 8, "little")


def bits_from_the_top(values, width):
    """The deprecated packing of levels: the most significant bit first."""
    text = "".join(f"{value:0{width}b}" for value in values)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def hybrid(values, width, runs=None):
    """RLE and bit-packed runs. `runs` says how: a list of (count, is_packed); by default equal neighbours make runs."""
    if runs is None:
        runs, start = [], 0
        for i in range(1, len(values) + 1):
            if i == len(values) or values[i] != values[start]:
                runs.append((i - start, False))
                start = i
    result, position = bytearray(), 0
    for count, is_packed in runs:
        part = values[position : position + count]
        position += count
        if is_packed:
            groups = (count + 7) // 8
            result += varint(groups << 1 | 1) + bits(list(part) + [0] * (groups * 8 - count), width)
        else:
            result += varint(count << 1) + int(part[0]).to_bytes((width + 7) // 8, "little")
    return bytes(result)


def sized(text):
    return struct.pack("<I", len(text)) + text


def delta(values, block=128, miniblocks=4, width=64):
    """DELTA_BINARY_PACKED with any block shape; sums wrap around at `width` bits, as the format demands."""
    mask, half = (1 << width) - 1, 1 << (width - 1)

    def signed(value):
        value &= mask
        return value - (1 << width) if value >= half else value

    result = varint(block) + varint(miniblocks) + varint(len(values)) + zigzag(values[0] if values else 0)
    deltas = [signed(b - a) for a, b in zip(values, values[1:])]
    per = block // miniblocks
    for start in range(0, len(deltas), block):
        part = deltas[start : start + block]
        low = min(part)
        over = [(item - low) & mask for item in part]
        minis = [over[i : i + per] for i in range(0, len(over), per)]
        widths = [max(item.bit_length() for item in mini) for mini in minis]
        # A miniblock that holds nothing may say any width.
        result += zigzag(low) + bytes(widths + [7] * (miniblocks - len(minis)))
        for mini, bit_width in zip(minis, widths):
            result += bits(mini + [0] * (per - len(mini)), bit_width)
    return result


# Codecs


def compress(codec, text):
    if codec == "none":
        return text
    if codec == "gzip":
        # Two members, as concatenated gzip files have.
        middle = len(text) // 2
        return b"".join(gzip_member(part) for part in (text[:middle], text[middle:]))
    if codec == "lz4":
        return hadoop_lz4([text[: len(text) // 3], text[len(text) // 3 :]])
    return pa.compress(text, codec=codec, asbytes=True)


def gzip_member(text):
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(text) + packer.flush()


def hadoop_lz4(parts):
    """Hadoop's frames: for each block its plain and its packed length, big endian, and an LZ4 block."""
    result = b""
    for part in parts:
        packed = pa.compress(part, codec="lz4_raw", asbytes=True)
        result += struct.pack(">II", len(part), len(packed)) + packed
    return result


# Pages and files


def page(kind, body, header, codec="none", pack=None, levels=b"", is_compressed=None):
    """A page: 0 data, 2 dictionary, 3 data of version 2, whose `levels` stand uncompressed before the body."""
    packed = (pack or compress)(codec, body) if is_compressed is not False else body
    fields = Struct({1: kind, 2: len(levels) + len(body), 3: len(levels) + len(packed)})
    fields[{0: 5, 2: 7, 3: 8}[kind]] = header
    return fields.encoded() + levels + packed, len(fields.encoded()) + len(levels) + len(body)


def data_page(values, count, encoding, codec="none", definition=None, repetition=None, level_encoding=RLE, pack=None):
    """A page of version 1. `values` are encoded already; levels are encoded and, where RLE, preceded by their size."""
    body = (repetition or b"") + (definition or b"") + values
    return page(0, body, Struct({1: count, 2: encoding, 3: level_encoding, 4: level_encoding}), codec, pack)


def data_page_v2(values, count, nulls, rows, encoding, codec="none", definition=b"", repetition=b"", is_compressed=None):
    header = Struct({1: count, 2: nulls, 3: rows, 4: encoding, 5: len(definition), 6: len(repetition)})
    if is_compressed is not None:
        header[7] = is_compressed
    return page(3, values, header, codec, None, repetition + definition, is_compressed)


def dictionary_page(values, count, encoding=PLAIN, codec="none", pack=None):
    return page(2, values, Struct({1: count, 2: encoding}), codec, pack)


def element(name, physical=None, repetition=REQUIRED, *, length=None, children=None, converted=None, logical=None, scale=None, precision=None):
    return Struct({
        1: physical, 2: length, 3: repetition, 4: name, 5: children, 6: converted, 7: scale, 8: precision,
        10: Struct({logical[0]: logical[1]}) if logical else None,
    })


class Chunk:
    """A column chunk: its pages and what the footer says of it."""

    def __init__(self, path, physical, count, pages, codec="none", encodings=(PLAIN, RLE), dictionary=False, hide_dictionary=False):
        self.path, self.physical, self.count, self.pages = path, physical, count, pages
        self.codec, self.encodings, self.dictionary, self.hide_dictionary = codec, encodings, dictionary, hide_dictionary


def file(schema, row_groups, root_children=None):
    """The bytes of a file. `schema` are the elements below the root, depth first; a row group is (rows, chunks)."""
    top = root_children if root_children is not None else sum(1 for _ in top_level(schema))
    elements = [Struct({4: "schema", 5: top}), *schema]
    result, groups = bytearray(b"PAR1"), []
    for rows, chunks in row_groups:
        columns, total = [], 0
        for chunk in chunks:
            start = len(result)
            for text, _ in chunk.pages:
                result += text
            size, plain_size = len(result) - start, sum(plain for _, plain in chunk.pages)
            total += plain_size
            first_data = start + (len(chunk.pages[0][0]) if chunk.dictionary and not chunk.hide_dictionary else 0)
            meta = Struct({
                1: chunk.physical, 2: list(chunk.encodings), 3: chunk.path, 4: CODECS[chunk.codec], 5: I64(chunk.count),
                6: I64(plain_size), 7: I64(size), 9: I64(first_data),
                11: I64(start) if chunk.dictionary and not chunk.hide_dictionary else None,
            })
            columns.append(Struct({2: I64(start), 3: meta}))
        groups.append(Struct({1: columns, 2: I64(total), 3: I64(rows)}))
    footer = Struct({1: 1, 2: elements, 3: I64(sum(rows for rows, _ in row_groups)), 4: groups, 6: "by hand"}).encoded()
    return bytes(result) + footer + struct.pack("<I", len(footer)) + b"PAR1"


def top_level(schema):
    """The elements that stand directly below the root."""
    index = 0

    def skip(index):
        children = schema[index].get(5) or 0
        index += 1
        for _ in range(children):
            index = skip(index)
        return index

    while index < len(schema):
        yield schema[index]
        index = skip(index)
