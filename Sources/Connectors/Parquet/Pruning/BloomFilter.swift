import Values
import Vectors

/// A split-block bloom filter: 32-byte blocks of eight words, one bit set in each.
///
///     header (Thrift: size, algorithm, hash, compression) │ blocks
///
/// Source: the format's BloomFilter.md; Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters".
struct BloomFilter {
  private let bytes: Buffer
  private let start: Int
  private let blockCount: Int

  /// nil if the chunk has none, or one that this reader does not know.
  init?(_ chunk: ColumnChunk, _ input: any ParquetInput) throws {
    guard let offset = chunk.bloomFilterOffset, offset >= 4, offset < input.size - 8 else { return nil }
    let limit = input.size - 8 - offset
    let headerBytes = try input.read(offset..<offset + min(limit, 256))
    var reader = ThriftReader(UnsafePointer(headerBytes.pointer(as: UInt8.self)), count: headerBytes.byteCount)
    guard let size = try? reader.bloomFilterSize(), size >= 32, size % 32 == 0, size <= 1 << 28, size <= limit - reader.position else {
      return nil
    }
    blockCount = size / 32
    if reader.position + size <= headerBytes.byteCount {
      bytes = headerBytes
      start = reader.position
    } else {
      bytes = try input.read(offset + reader.position..<offset + reader.position + size)
      start = 0
    }
  }

  /// False: no value with this hash is there.
  func mayContain(_ hash: UInt64) -> Bool {
    let block = Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(blockCount)) >> 32)
    let words = bytes.base + start + block * 32
    let key = UInt32(truncatingIfNeeded: hash)
    for i in 0..<8 {
      let bit = (key &* BloomFilter.salts[i]) >> 27
      if (words + i * 4).loadUnaligned(as: UInt32.self) >> bit & 1 == 0 { return false }
    }
    return true
  }

  static let salts: [UInt32] = [
    0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
  ]
}

extension ThriftReader {
  /// BloomFilterHeader, if it is the kind we know: split blocks, xxHash, uncompressed.
  fileprivate mutating func bloomFilterSize() throws(Malformed) -> Int {
    var size = 0
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: size = try int(field)
      case 2...4:
        try expect(field, Kind.structure)
        var inner = Field()
        while try next(&inner) {
          guard inner.id == 1 else { throw Malformed("an unknown bloom filter") }
          try skip(inner.kind)
        }
      default: try skip(field.kind)
      }
    }
    return size
  }
}

extension LeafColumn {
  /// Hash of a value's PLAIN form; nil for types whose constants do not map back to one.
  func bloomHash(_ value: Constant) -> UInt64? {
    func hash<T: FixedWidthInteger>(_ number: T) -> UInt64 { withUnsafeBytes(of: number.littleEndian) { xxHash64($0) } }
    switch (physical, conversion, value) {
    case (.int32, .copy4, .integer(let x)), (.int32, .int32ToInt8, .integer(let x)), (.int32, .int32ToInt16, .integer(let x)),
      (.int32, .int32ToInt64, .integer(let x)):
      return Int32(exactly: x).map(hash)
    case (.int64, .copy8, .integer(let x)): return hash(x)
    case (.byteArray, .texts, .bytes(let bytes)), (.fixedLengthByteArray, .fixedTexts, .bytes(let bytes)):
      return bytes.withUnsafeBytes { xxHash64($0) }
    // zeroes have two forms, NaN many
    case (.float, .copy4, .real(let x)) where x != 0 && !x.isNaN: return hash(x.bitPattern)
    case (.double, .copy8, .double(let x)) where x != 0 && !x.isNaN: return hash(x.bitPattern)
    default: return nil
    }
  }
}
