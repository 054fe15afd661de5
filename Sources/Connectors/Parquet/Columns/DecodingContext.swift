import Values
import Vectors

/// What the column readers of one row group share: codecs and working memory. Owned by one thread.
final class DecodingContext {
  let decompressor = Decompressor()
  /// Where decoders without a page point.
  let nothing = Buffer(zeroed: 64)
  /// RLE-encoded booleans are indices into this.
  let booleans: ChunkDictionary

  /// Pages whose header has a checksum are compared with it.
  let verifiesChecksums: Bool

  init(verifiesChecksums: Bool = true) {
    self.verifiesChecksums = verifiesChecksums
    let values = Buffer(zeroed: 8)
    values.pointer(as: UInt8.self)[1] = 1
    booleans = ChunkDictionary(.boolean, count: 2, slots: DictionarySlots(values), heap: [])
  }

  // working memory of one call; nothing of it outlives the call
  let values = Scratch()
  let extra = Scratch()
  let indices = Scratch()

  /// The offset index of a chunk, nil if it has none or it makes no sense: it is only a shortcut.
  func offsetIndex(of chunk: ColumnChunk, _ leaf: LeafColumn, _ rowCount: Int, _ input: any ParquetInput) throws -> OffsetIndex? {
    guard let bytes = try readIndex(chunk.offsetIndexOffset, chunk.offsetIndexLength, input) else { return nil }
    var reader = ThriftReader(UnsafePointer(bytes.pointer(as: UInt8.self)), count: bytes.byteCount)
    guard let index = try? reader.offsetIndex(), !index.pages.isEmpty, index.pages[0].firstRow == 0 else { return nil }
    for i in index.pages.indices.dropFirst() {
      guard index.pages[i].firstRow > index.pages[i - 1].firstRow, index.pages[i].firstRow < rowCount,
        index.pages[i].offset > index.pages[i - 1].offset
      else { return nil }
    }
    return index
  }
}

/// Bytes of a page index or bloom filter, nil if the footer does not name any that lie in the file.
func readIndex(_ offset: Int?, _ length: Int, _ input: any ParquetInput) throws -> Buffer? {
  guard let offset, offset >= 4, length > 0, length <= 1 << 30, offset <= input.size - length else { return nil }
  return try input.read(offset..<offset + length)
}
