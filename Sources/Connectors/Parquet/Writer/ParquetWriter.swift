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

  /// Fails with NOT_SUPPORTED, naming the column, for types that the format cannot hold.
  package init(_ output: any ParquetOutput, schema: [DataType.Field], options: ParquetWriterOptions = ParquetWriterOptions()) throws {
    self.output = output
    throw PrestoError(.notSupported, "writing Parquet")
  }

  /// A batch whose columns have the schema's types, in order.
  package func append(_ batch: Batch) throws {}

  /// Writes what is left and the footer, and closes the output. Says how many rows the file has.
  @discardableResult
  package func finish() throws -> Int { 0 }
}
