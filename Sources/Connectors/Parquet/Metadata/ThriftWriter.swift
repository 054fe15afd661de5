/// Writes Thrift's compact protocol: what `ThriftReader` reads.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  private var last = 0
  private var outer: [Int] = []

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func zigzag(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

  private mutating func header(_ id: Int, _ kind: UInt8) {
    let delta = id - last
    if delta > 0 && delta <= 15 {
      bytes.append(UInt8(delta) << 4 | kind)
    } else {
      bytes.append(kind)
      zigzag(Int64(id))
    }
    last = id
  }

  mutating func field(_ id: Int, int32 value: Int) {
    header(id, ThriftReader.Kind.int32)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, int16 value: Int) {
    header(id, ThriftReader.Kind.int16)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, int64 value: Int) {
    header(id, ThriftReader.Kind.int64)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, byte value: Int8) {
    header(id, ThriftReader.Kind.byte)
    bytes.append(UInt8(bitPattern: value))
  }

  mutating func field(_ id: Int, boolean value: Bool) { header(id, value ? ThriftReader.Kind.yes : ThriftReader.Kind.no) }

  mutating func field(_ id: Int, binary value: [UInt8]) {
    header(id, ThriftReader.Kind.binary)
    element(binary: value)
  }

  mutating func field(_ id: Int, text value: String) { field(id, binary: Array(value.utf8)) }

  mutating func field(_ id: Int, list count: Int, of kind: UInt8) {
    header(id, ThriftReader.Kind.list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind)
    } else {
      bytes.append(0xF0 | kind)
      varint(UInt64(count))
    }
  }

  mutating func element(binary value: [UInt8]) {
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func element(text value: String) { element(binary: Array(value.utf8)) }
  mutating func element(integer value: Int) { zigzag(Int64(value)) }
  mutating func element(boolean value: Bool) { bytes.append(value ? 1 : 2) }

  /// A structure as a field.
  mutating func field(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
    header(id, ThriftReader.Kind.structure)
    structure(body)
  }

  /// A structure as an element, or the outermost one.
  mutating func structure(_ body: (inout ThriftWriter) -> Void) {
    outer.append(last)
    last = 0
    body(&self)
    bytes.append(ThriftReader.Kind.stop)
    last = outer.removeLast()
  }
}
