import Values
import Vectors

/// How a file is written.
package struct ParquetWriterOptions: Sendable {
  package var codec = CompressionCodec.zstd
  /// zstd's, brotli's and gzip's own scale; nil: each one's usual.
  package var compressionLevel: Int?
  /// Rows after which a row group is closed.
  package var rowGroupRows = 1 << 20
  /// Bytes of values, before compression, after which a row group is closed.
  package var rowGroupBytes = 256 << 20
  /// Rows and bytes of values after which a page is closed.
  package var pageRows = 20_000
  package var pageBytes = 1 << 20
  /// Dictionaries beyond this are given up for plain values.
  package var dictionaryBytes = 1 << 20
  package var usesDictionaries = true
  package var pageVersion = 1
  package var writesPageIndex = true
  package var keyValues: [(key: String, value: String?)] = []

  package init() {}
}

/// Writes batches as a Parquet file. Owned by one thread.
///
///     let writer = try ParquetWriter(LocalOutput(path: path), schema: [DataType.Field("id", .bigint)])
///     try writer.append(batch)
///     try writer.finish()
package final class ParquetWriter {
  private let output: any ParquetOutput
  private let options: ParquetWriterOptions
  private let schema: WriterSchema
  private let types: [DataType]
  private let leaves: [LeafWriter]
  private let compressor: Compressor
  private var groups: [WrittenGroup] = []
  private var offset = 0
  private var groupRows = 0
  private var rowCount = 0

  /// Fails with NOT_SUPPORTED, naming the column, for types that the format cannot hold.
  package init(_ output: any ParquetOutput, schema fields: [DataType.Field], options: ParquetWriterOptions = ParquetWriterOptions()) throws
  {
    self.output = output
    self.options = options
    types = fields.map(\.type)
    let schema = try WriterSchema(fields)
    let compressor = try Compressor(options.codec, level: options.compressionLevel)
    self.schema = schema
    self.compressor = compressor
    leaves = schema.leaves.map { LeafWriter($0, options, compressor) }
    try write(Array("PAR1".utf8))
  }

  /// Bytes written so far, without what is still gathered.
  package var bytesWritten: Int { offset }

  /// A batch whose columns have the schema's types, in order.
  package func append(_ batch: Batch) throws {
    guard batch.columns.count == types.count else {
      throw PrestoError(.genericInternalError, "a batch of \(batch.columns.count) columns for a file of \(types.count)")
    }
    var start = 0
    while start < batch.count {
      let end = min(batch.count, start + min(1024, max(options.pageRows, 1)), start + max(options.rowGroupRows - groupRows, 1))
      for (node, vector) in zip(schema.columns, batch.columns) {
        try append(node, vector, start..<end)
      }
      groupRows += end - start
      start = end
      if groupRows >= options.rowGroupRows || leaves.reduce(0, { $0 + $1.pendingBytes }) >= options.rowGroupBytes { try closeGroup() }
    }
  }

  private func append(_ node: WriterNode, _ vector: Vector, _ rows: Range<Int>) throws {
    var shredder = Shredder(node, vector)
    if case .leaf(let index) = node.shape, case .nothing = leaves[index].form.source {
      // what has no type is null in every row, whatever the vector looks like
      let zeros = [UInt32](repeating: 0, count: rows.count)
      return try withUnsafePointer(to: 0 as UInt32) { none in
        try leaves[index].append(rowCount: rows.count, definitions: zeros[...], repetitions: [], values: none, 0, of: vector)
      }
    }
    if case .leaf(let index) = node.shape, !vector.mayHaveNulls {
      let all = rows.map { UInt32(truncatingIfNeeded: $0) }
      let ones = [UInt32](repeating: 1, count: rows.count)
      try all.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        try leaves[index].append(rowCount: rows.count, definitions: ones[...], repetitions: [], values: base, rows.count, of: vector)
      }
      return
    }
    for row in rows { shredder.add(node, vector, row: row) }
    for (index, part) in zip(node.leaves, shredder.leaves) {
      guard let source = part.vector else { throw PrestoError(.genericInternalError, "a vector does not have its column's shape") }
      try part.values.withUnsafeBufferPointer { values in
        let none: UInt32 = 0
        try withUnsafePointer(to: none) { empty in
          try leaves[index].append(
            rowCount: rows.count, definitions: part.definitions[...], repetitions: part.repetitions[...],
            values: values.baseAddress ?? empty,
            values.count, of: source)
        }
      }
    }
  }

  /// Writes what is left and the footer, and closes the output. Says how many rows the file has.
  @discardableResult
  package func finish() throws -> Int {
    try closeGroup()
    if options.writesPageIndex { try writePageIndexes() }
    let footer = FooterWriter(schema: schema, groups: groups, rowCount: rowCount, options: options).bytes()
    try write(footer)
    var tail = ByteSink()
    tail.append(little: UInt32(truncatingIfNeeded: footer.count))
    tail.append(Array("PAR1".utf8))
    try write(Array(tail.bytes))
    try output.close()
    return rowCount
  }

  private func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try output.write($0) }
    offset += bytes.count
  }

  private func write(_ bytes: Buffer) throws {
    try output.write(UnsafeRawBufferPointer(start: bytes.base, count: bytes.byteCount))
    offset += bytes.byteCount
  }

  private func closeGroup() throws {
    if groupRows == 0 { return }
    var group = WrittenGroup(rowCount: groupRows, start: offset)
    for leaf in leaves {
      try leaf.closePage()
      var chunk = WrittenChunk(form: leaf.form, entries: leaf.chunkEntries, bounds: leaf.chunkBounds, nullCount: leaf.chunkNulls)
      chunk.hasPlainPages = leaf.hasPlainPages
      chunk.start = offset
      if let page = try leaf.dictionaryPage() {
        chunk.dictionaryOffset = offset
        try write(page.header)
        try write(page.body)
        chunk.uncompressedSize += page.header.count + page.uncompressedSize
      }
      chunk.dataOffset = offset
      for page in leaf.pages {
        chunk.pages.append(
          WrittenPage(
            place: PagePlace(offset: offset, compressedSize: page.header.count + page.body.byteCount, firstRow: page.firstRow),
            bounds: page.bounds, nullCount: page.nullCount, isNullPage: page.isNullPage))
        try write(page.header)
        try write(page.body)
        chunk.uncompressedSize += page.header.count + page.uncompressedSize
      }
      chunk.compressedSize = offset - chunk.start
      group.chunks.append(chunk)
      leaf.startChunk()
    }
    groups.append(group)
    rowCount += groupRows
    groupRows = 0
  }

  /// Column indexes of all chunks, then offset indexes, as readers expect to find them side by side.
  private func writePageIndexes() throws {
    for g in groups.indices {
      for c in groups[g].chunks.indices {
        guard let bytes = groups[g].chunks[c].columnIndex() else { continue }
        groups[g].chunks[c].columnIndexPlace = (offset, bytes.count)
        try write(bytes)
      }
    }
    for g in groups.indices {
      for c in groups[g].chunks.indices {
        let bytes = groups[g].chunks[c].offsetIndex()
        groups[g].chunks[c].offsetIndexPlace = (offset, bytes.count)
        try write(bytes)
      }
    }
  }
}
