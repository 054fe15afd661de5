import Parquet
import Testing
import Values
import Vectors

/// What our writer writes, our reader reads: every fixture, written again in several ways.
@Suite struct WritingTests {
  static let variants: [(name: String, options: ParquetWriterOptions)] = {
    var snappy = ParquetWriterOptions()
    snappy.codec = .snappy
    snappy.pageRows = 100
    snappy.rowGroupRows = 1000
    var plain = ParquetWriterOptions()
    plain.codec = .uncompressed
    plain.usesDictionaries = false
    plain.pageVersion = 2
    plain.pageBytes = 3000
    var fallback = ParquetWriterOptions()
    fallback.codec = .gzip
    fallback.dictionaryBytes = 600
    fallback.pageRows = 64
    fallback.writesPageIndex = false
    var newest = ParquetWriterOptions()
    newest.codec = .lz4Raw
    newest.pageVersion = 2
    newest.rowGroupRows = 700
    var small = ParquetWriterOptions()
    small.codec = .brotli
    small.rowGroupBytes = 20_000
    return [
      ("snappy", snappy), ("plain", plain), ("fallback", fallback), ("newest", newest), ("brotli", small), ("zstd", ParquetWriterOptions()),
    ]
  }()

  /// Fixtures that differ in what they hold, not in how it is encoded.
  static let sources = Fixtures.names.filter { name in
    [
      "types", "nested", "decimal", "int96", "row_groups", "zero", "one_row", "long_text", "dictionary_fallback", "logical", "odd_names",
      "constant",
    ]
    .contains { name.contains($0) } && !name.hasSuffix("_v2") && !name.contains("without_columns") && !name.contains("zero_columns")
  }

  @Test(arguments: sources)
  func roundTrip(_ name: String) throws {
    let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(name).parquet"))
    let expected = try Fixtures.expected(name).rows
    for (variant, options) in WritingTests.variants {
      let output = MemoryOutput()
      #expect(try rewrite(file, to: output, options) == file.rowCount)
      let buffer = output.bytes.withUnsafeBytes { Buffer(copying: $0) }
      let written = try ParquetFile.open(MemoryFile(name: "\(name) as \(variant)", buffer))
      #expect(written.rowCount == file.rowCount)
      #expect(written.schema.map(\.name) == file.schema.map(\.name))
      var row = 0
      for group in 0..<written.rowGroupCount {
        let reader = try RowGroupReader(written, rowGroup: group, columns: Array(written.schema.indices))
        while let batch = try reader.next() {
          for (column, vector) in batch.columns.enumerated() {
            for i in 0..<batch.count {
              let value = vector.constant(at: i)
              guard matches(value, written.schema[column].type, expected[row + i][column]) else {
                Issue.record(
                  "\(name) as \(variant): row \(row + i) column \(written.schema[column].name) \(value) is not \(expected[row + i])")
                return
              }
            }
          }
          row += batch.count
        }
      }
      #expect(row == expected.count)
    }
  }

  @Test func namesTheColumnThatCannotBeWritten() {
    let fields = [DataType.Field("good", .bigint), DataType.Field("bad", .array(.intervalDayToSecond))]
    #expect { try ParquetWriter(MemoryOutput(), schema: fields) } throws: { error in
      (error as? PrestoError).map { $0.code == .notSupported && $0.message.contains("bad") } ?? false
    }
  }
}

/// All rows of a file, written again.
func rewrite(_ file: ParquetFile, to output: any ParquetOutput, _ options: ParquetWriterOptions) throws -> Int {
  let writer = try ParquetWriter(output, schema: file.schema.map { DataType.Field($0.name, $0.type) }, options: options)
  for group in 0..<file.rowGroupCount {
    let reader = try RowGroupReader(file, rowGroup: group, columns: Array(file.schema.indices))
    while let batch = try reader.next() { try writer.append(batch) }
  }
  return try writer.finish()
}
