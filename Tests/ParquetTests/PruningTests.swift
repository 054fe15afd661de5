import Parquet
import Testing
import Values
import Vectors

/// Pruning never loses a row, and does drop what it can.
@Suite struct PruningTests {
  /// Whatever value a row has, asking for it keeps the row's group, its page and its bloom filter's block.
  @Test(arguments: Fixtures.names)
  func keepsWhatIsThere(_ name: String) throws {
    let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(name).parquet"))
    try check(file, name)
  }

  @Test(arguments: WritingTests.sources)
  func keepsWhatWeWrote(_ name: String) throws {
    let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(name).parquet"))
    var options = ParquetWriterOptions()
    options.pageRows = 50
    options.rowGroupRows = 900
    let output = MemoryOutput()
    _ = try rewrite(file, to: output, options)
    let buffer = output.bytes.withUnsafeBytes { Buffer(copying: $0) }
    let written = try ParquetFile.open(MemoryFile(name: name, buffer))
    try check(written, "\(name) written again")
  }

  private func check(_ file: ParquetFile, _ name: String) throws {
    var random = SplitMix(seed: 5)
    for column in file.schema.indices where file.schema[column].unsupported == nil {
      for group in 0..<file.rowGroupCount {
        var row = 0
        let reader = try RowGroupReader(file, rowGroup: group, columns: [column])
        while let batch = try reader.next() {
          for _ in 0..<min(batch.count, 12) {
            let i = Int(random.next() % UInt64(batch.count))
            let value = batch.columns[0].constant(at: i)
            let conditions: [ColumnCondition]
            if value.isNull {
              conditions = [ColumnCondition(column: column, ranges: [], allowsNull: true)]
            } else {
              conditions = [
                ColumnCondition(column: column, values: [value]),
                ColumnCondition(column: column, ranges: [ConstantRange(low: value, high: nil)]),
                ColumnCondition(column: column, ranges: [ConstantRange(low: nil, high: value)]),
              ]
            }
            // NaN is met by no range
            switch value {
            case .real(let x) where x.isNaN: continue
            case .double(let x) where x.isNaN: continue
            default: break
            }
            for condition in conditions {
              let place = "\(name) column \(file.schema[column].name) row \(row + i) of group \(group): \(value)"
              #expect(file.survives(rowGroup: group, [condition]), "\(place) lost by statistics")
              #expect(try file.survivesBloomFilters(rowGroup: group, [condition]), "\(place) lost by bloom filter")
              let ranges = try file.rowRanges(rowGroup: group, [condition])
              #expect(ranges.contains { $0.contains(row + i) }, "\(place) lost by page index")
            }
          }
          row += batch.count
        }
      }
    }
  }

  @Test func dropsGroupsAndPages() throws {
    // 10,000 ascending numbers in groups of 1,000 rows and pages of 100
    let builder = VectorBuilder(.bigint), texts = VectorBuilder(.varchar)
    for i in 0..<10_000 {
      builder.append(Int64(i))
      texts.append("key \(100_000 + i)")
    }
    var options = ParquetWriterOptions()
    options.rowGroupRows = 1000
    options.pageRows = 100
    let output = MemoryOutput()
    let writer = try ParquetWriter(output, schema: [DataType.Field("n", .bigint), DataType.Field("t", .varchar)], options: options)
    try writer.append(Batch([builder.finish(), texts.finish()], count: 10_000))
    try writer.finish()
    let file = try ParquetFile.open(MemoryFile(name: "ascending", output.bytes.withUnsafeBytes { Buffer(copying: $0) }))
    #expect(file.rowGroupCount == 10)
    let number = ColumnCondition(column: 0, values: [.integer(3456)]), text = ColumnCondition(column: 1, values: [.text("key 103456")])
    for condition in [number, text] {
      #expect((0..<10).filter { file.survives(rowGroup: $0, [condition]) } == [3])
      #expect(try file.rowRanges(rowGroup: 3, [condition]) == [400..<500])
    }
    let range = ColumnCondition(column: 0, ranges: [ConstantRange(low: .integer(999), includesLow: false, high: .integer(1200))])
    #expect((0..<10).filter { file.survives(rowGroup: $0, [range]) } == [1])
    #expect(
      try file.rowRanges(rowGroup: 1, [range, ColumnCondition(column: 1, ranges: [ConstantRange(low: .text("key 10115"), high: nil)])]) == [
        100..<300
      ])
    #expect(!file.survives(rowGroup: 0, [ColumnCondition(column: 0, ranges: [], allowsNull: true)]))
    let reader = try RowGroupReader(file, rowGroup: 1, columns: [0], rows: [100..<300])
    let batch = try #require(try reader.next())
    #expect(batch.count == 200)
    #expect(batch.columns[0].constant(at: 0) == .integer(1100))
    #expect(try reader.next() == nil)
  }

  /// The instant counts, not the zone in the constant's low bits.
  @Test func comparesInstants() throws {
    let builder = VectorBuilder(.timestampWithTimeZone(precision: 3))
    let instant = Int128(1_700_000_000_000_000_000) << 16
    for _ in 0..<10 { builder.append(instant | 5) }
    let output = MemoryOutput()
    let writer = try ParquetWriter(output, schema: [DataType.Field("t", .timestampWithTimeZone(precision: 3))])
    try writer.append(Batch([builder.finish()], count: 10))
    try writer.finish()
    let file = try ParquetFile.open(MemoryFile(name: "instants", output.bytes.withUnsafeBytes { Buffer(copying: $0) }))
    let condition = ColumnCondition(column: 0, values: [.wide(instant | 77)])
    #expect(file.survives(rowGroup: 0, [condition]))
    #expect(try file.rowRanges(rowGroup: 0, [condition]) == [0..<10])
    #expect(!file.survives(rowGroup: 0, [ColumnCondition(column: 0, values: [.wide(instant + 1 << 40)])]))
  }

  @Test func usesBloomFiltersOfOthers() throws {
    // DuckDB writes them for dictionary-encoded columns
    guard let name = Fixtures.names.first(where: { $0.hasPrefix("duckdb_bloom") }) else { return }
    let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(name).parquet"))
    var dropped = 0
    for column in file.schema.indices where file.schema[column].type == .varchar {
      for i in 0..<100 where try !file.survivesBloomFilters(rowGroup: 0, [ColumnCondition(column: column, values: [.text("absent \(i)")])])
      {
        dropped += 1
      }
    }
    #expect(dropped > 50)
  }

  @Test func hashes() {
    // reference values of the xxHash project's own test vectors for seed 0
    #expect(BloomHash.text("") == 0xEF46_DB37_51D8_E999)
    #expect(BloomHash.text("a") == 0xD24E_C4F1_A98C_6E5B)
    #expect(BloomHash.text("abc") == 0x44BC_2CF5_AD77_0999)
    #expect(BloomHash.text("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
  }
}
