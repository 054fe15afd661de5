import Vectors

/// Bytes that grow at their end.
struct ByteSink {
  private var buffer = Buffer(byteCount: 0)
  private(set) var count = 0

  var base: UnsafeMutableRawPointer { buffer.base }

  /// Room for `extra` bytes behind the end; `advance` makes them part of it.
  mutating func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
    if count + extra > buffer.byteCount {
      let larger = Buffer(byteCount: max(count + extra, buffer.byteCount * 2, 1024))
      larger.base.copyMemory(from: buffer.base, byteCount: count)
      buffer = larger
    }
    return buffer.base + count
  }

  mutating func advance(_ bytes: Int) { count += bytes }

  mutating func append(_ source: UnsafeRawPointer, _ bytes: Int) {
    reserve(bytes).copyMemory(from: source, byteCount: bytes)
    count += bytes
  }

  mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { raw in if let base = raw.baseAddress { append(base, raw.count) } } }

  mutating func append<T: FixedWidthInteger>(little value: T) {
    reserve(MemoryLayout<T>.size).storeBytes(of: value.littleEndian, as: T.self)
    count += MemoryLayout<T>.size
  }

  mutating func append(byte: UInt8) { append(little: byte) }

  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(byte: UInt8(truncatingIfNeeded: rest))
  }

  /// Empty again, with its memory.
  mutating func removeAll() { count = 0 }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer.base, count: count) }
}
