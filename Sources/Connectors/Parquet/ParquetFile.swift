import Values
import Vectors

/// A file's footer, parsed: what there is, before anything is read. Immutable; safe from any thread; may be kept as long as the file's identity
/// does not change.
package final class ParquetFile: Sendable {
  package let input: any ParquetInput
  package let schema: [ColumnSchema]
  package let rowCount: Int
  package let keyValues: [(key: String, value: String?)]
  package let createdBy: String?
  /// The schema's tree: `roots[i]` describes column `i`.
  package let roots: [SchemaNode]
  package let leaves: [LeafColumn]
  let metadata: FileMetadata
  /// Statistics are decoded from here when somebody asks.
  let footer: Buffer

  let cachedPages: PageCache.Share?

  /// Reads and checks the footer. `cache`: where pages of the file may be kept.
  package static func open(_ input: any ParquetInput, _ cache: PageCache? = nil) throws -> ParquetFile { try ParquetFile(input, cache) }

  private init(_ input: any ParquetInput, _ cache: PageCache?) throws {
    cachedPages = cache?.share()
    let size = input.size
    func bad(_ message: String) -> PrestoError { .badParquet(input.name, message) }
    guard size >= 12 else { throw bad("not a Parquet file: \(size) bytes are too few") }
    // one read gets most footers whole
    let guess = min(size, 64 << 10)
    var tail = try input.read(size - guess..<size)
    let end = tail.base + guess - 8
    let magic = end.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
    if magic == 0x4552_4150 { throw PrestoError(.notSupported, "\(input.name): encrypted Parquet files cannot be read") }
    guard magic == 0x3152_4150 else { throw bad("not a Parquet file: it does not end in PAR1") }
    let length = Int(end.loadUnaligned(as: UInt32.self))
    guard length > 0, length <= size - 12 else { throw bad("the footer of \(length) bytes does not fit a file of \(size) bytes") }
    if length + 8 > guess { tail = try input.read(size - 8 - length..<size) }
    let start = tail.byteCount - 8 - length
    let bytes = UnsafePointer(tail.pointer(as: UInt8.self)) + start
    footer = Buffer(copying: UnsafeRawBufferPointer(start: bytes, count: length))
    self.input = input
    var reader = ThriftReader(UnsafePointer(footer.pointer(as: UInt8.self)), count: length)
    do throws(Malformed) {
      let (parsed, elements) = try reader.fileMetadata()
      var builder = SchemaBuilder(elements)
      roots = try builder.columns()
      leaves = builder.leaves
      metadata = parsed
      try ParquetFile.check(parsed, leaves)
    } catch {
      throw bad("the footer at byte \(size - 8 - length) is damaged: \(error.message)")
    }
    rowCount = metadata.groups.reduce(0) { $0 + $1.rowCount }
    keyValues = metadata.keyValues
    createdBy = metadata.createdBy
    let all = leaves
    schema = roots.map { root in
      let reason = all[root.leaves].lazy.compactMap { leaf in leaf.unsupported.map { "\(leaf.path): \($0)" } }.first
      return ColumnSchema(name: root.name, type: reason == nil ? root.type : .unknown, unsupported: reason)
    }
  }

  private static func check(_ metadata: FileMetadata, _ leaves: [LeafColumn]) throws(Malformed) {
    var rows = 0
    for (i, group) in metadata.groups.enumerated() {
      guard group.chunks.count == leaves.count else {
        throw Malformed("row group \(i) has \(group.chunks.count) columns where the schema has \(leaves.count)")
      }
      guard group.rowCount >= 0 else { throw Malformed("row group \(i) has \(group.rowCount) rows") }
      for (leaf, chunk) in zip(leaves, group.chunks) where leaf.maximumRepetition == 0 && !chunk.lacksMetadata {
        guard chunk.valueCount == group.rowCount else {
          throw Malformed("row group \(i) has \(group.rowCount) rows, but column \(leaf.path) has \(chunk.valueCount) values")
        }
      }
      let (sum, isOver) = rows.addingReportingOverflow(group.rowCount)
      guard !isOver, sum <= 1 << 56 else { throw Malformed("row group \(i) has \(group.rowCount) rows") }
      rows = sum
    }
  }

  package var rowGroupCount: Int { metadata.groups.count }

  package func rowCount(ofGroup index: Int) -> Int { metadata.groups[index].rowCount }

  /// Bytes in the file of some top-level columns of a row group: what reading them costs.
  package func compressedSize(ofGroup index: Int, columns: [Int]) -> Int {
    var sum = 0
    for column in columns {
      for leaf in roots[column].leaves { sum = sum &+ max(metadata.groups[index].chunks[leaf].compressedSize, 0) }
    }
    return sum
  }

  /// Bytes of those columns once decompressed.
  package func uncompressedSize(ofGroup index: Int, columns: [Int]) -> Int {
    var sum = 0
    for column in columns {
      for leaf in roots[column].leaves { sum = sum &+ max(metadata.groups[index].chunks[leaf].uncompressedSize, 0) }
    }
    return sum
  }

  /// Where the chunks of those columns lie in the file: what an input over a network fetches ahead.
  package func byteRanges(ofGroup index: Int, columns: [Int]) -> [Range<Int>] {
    columns.flatMap { roots[$0].leaves }.compactMap { leaf in
      let chunk = metadata.groups[index].chunks[leaf]
      var start = chunk.dataPageOffset
      if let dictionary = chunk.dictionaryPageOffset, dictionary > 0 { start = min(start, dictionary) }
      guard start >= 0, start < input.size, chunk.compressedSize > 0 else { return nil }
      return start..<start + min(chunk.compressedSize, input.size - start)
    }
  }

  /// Where page indexes and bloom filters lie that may exclude rows by `pruning`, and the places of pages of the columns that are read.
  package func indexRanges(ofGroup index: Int, pruning: [Int], reading: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    func add(_ offset: Int?, _ length: Int) {
      guard let offset, offset >= 4, length > 0, length <= 1 << 30, offset <= input.size - length else { return }
      ranges.append(offset..<offset + length)
    }
    for column in Set(pruning) where roots.indices.contains(column) {
      for leaf in roots[column].leaves {
        let chunk = metadata.groups[index].chunks[leaf]
        add(chunk.columnIndexOffset, chunk.columnIndexLength)
        // how long a filter is its header says; most are not longer than this
        if let offset = chunk.bloomFilterOffset, offset >= 4, offset < input.size - 8 {
          add(offset, min(64 << 10, input.size - 8 - offset))
        }
      }
    }
    if ranges.isEmpty { return [] }
    for column in Set(pruning + reading) where roots.indices.contains(column) {
      for leaf in roots[column].leaves {
        let chunk = metadata.groups[index].chunks[leaf]
        add(chunk.offsetIndexOffset, chunk.offsetIndexLength)
      }
    }
    return ranges
  }

  /// Bytes of the footer with what stands behind it, as the file's last bytes say; nil: it is no such file.
  package static func footerLength(_ input: any ParquetInput) throws -> Int? {
    guard input.size >= 12 else { return nil }
    let end = try input.read(input.size - 8..<input.size)
    let length = Int(end.base.loadUnaligned(as: UInt32.self))
    return length > 0 && length <= input.size - 12 ? length + 8 : nil
  }

  func group(_ index: Int) throws -> RowGroup {
    guard metadata.groups.indices.contains(index) else {
      throw PrestoError(.genericInternalError, "\(input.name) has no row group \(index)")
    }
    return metadata.groups[index]
  }

  func node(_ column: Int) throws -> SchemaNode {
    guard roots.indices.contains(column) else { throw PrestoError(.genericInternalError, "\(input.name) has no column \(column)") }
    return roots[column]
  }
}
