import Parquet
import Testing
import Values
import Vectors

/// Every file that another writer made, read whole, in small steps, with gaps, and through filters, is what the writer says.
@Suite struct ReadingTests {
  @Test func fixturesAreThere() {
    #expect(Fixtures.names.count >= 100, "too few Parquet files in \(Fixtures.folder): run make fixtures")
    #expect(Fixtures.broken.count >= 100, "too few broken Parquet files in \(Fixtures.folder)/corrupt: run make fixtures")
  }

  /// Pages are read several times: from the file, then from the cache where it has room.
  @Test(arguments: Fixtures.names, [0, 40_000, 1 << 30])
  func reads(_ name: String, cacheSize: Int) throws {
    let cache = PageCache(limit: cacheSize)
    let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(name).parquet"), cache)
    let expected = try Fixtures.expected(name)
    #expect(file.rowCount == expected.rows.count)
    #expect(file.schema.map(\.name) == expected.names)
    #expect(file.schema.map { plain($0.type.description) } == expected.types.map(plain))
    let columns = Array(file.schema.indices)
    for batchRows in [8192, 100] {
      var row = 0
      for group in 0..<file.rowGroupCount {
        let reader = try RowGroupReader(file, rowGroup: group, columns: columns, batchRows: batchRows)
        while let batch = try reader.next() {
          guard compare(batch, file, expected, rows: Array(row..<row + batch.count), name) else { return }
          row += batch.count
        }
      }
      #expect(row == expected.rows.count)
    }
    for (seed, keeping, batchRows) in [(1, 2, 64), (2, 10, 256), (3, 100, 128)] where !columns.isEmpty {
      try readThroughFilters(file, expected, name, seed: seed, keeping: keeping, batchRows: batchRows)
    }
    #expect(cache.usage.bytes <= cacheSize)
  }

  @Test func pagesAreKeptFromTheSecondReadOn() throws {
    let cache = PageCache(limit: 1 << 30)
    func readOnce(_ file: ParquetFile) throws {
      for group in 0..<file.rowGroupCount {
        let reader = try RowGroupReader(file, rowGroup: group, columns: Array(file.schema.indices))
        while try reader.next() != nil {}
      }
    }
    do {
      let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(try #require(Fixtures.compressed)).parquet"), cache)
      try readOnce(file)
      #expect(cache.usage == (0, 0))
      try readOnce(file)
      let filled = cache.usage
      #expect(filled.bytes > 0 && filled.hits == 0)
      try readOnce(file)
      #expect(cache.usage.hits > 0 && cache.usage.bytes == filled.bytes)
    }
    #expect(cache.usage.bytes == 0, "a file's pages go with it")
  }

  /// Filters that keep arbitrary rows of arbitrary ranges: what is left is right whatever was skipped.
  private func readThroughFilters(
    _ file: ParquetFile, _ expected: Fixtures.Expected, _ name: String, seed: Int, keeping: Int, batchRows: Int
  ) throws {
    let columns = Array(file.schema.indices)
    var random = SplitMix(seed: UInt64(seed))
    var start = 0
    for group in 0..<file.rowGroupCount {
      let count = file.rowCount(ofGroup: group)
      var kept: [Int] = []
      var seen = 0
      // a first stage over the first column chooses rows, a second over the last drops some more
      let ranges = gaps(count, &random)
      let rowNumbers = ranges.flatMap { Array($0) }
      var inWindow: [Int] = []
      let stages = [
        RowFilter(columns: [0]) { batch in
          let chosen = (0..<batch.count).filter { _ in random.next() % UInt64(keeping) == 0 }
          inWindow = chosen.map { rowNumbers[seen + $0] }
          seen += batch.count
          return selection(chosen)
        },
        RowFilter(columns: [columns.count - 1, 0]) { batch in
          let chosen = (0..<batch.count).filter { _ in random.next() % 4 != 0 }
          kept += chosen.map { inWindow[$0] }
          return selection(chosen)
        },
      ]
      let reader = try RowGroupReader(file, rowGroup: group, columns: columns, filters: stages, rows: ranges, batchRows: batchRows)
      var got = 0
      while let batch = try reader.next() {
        guard got + batch.count <= kept.count else {
          Issue.record("\(name): too many rows")
          return
        }
        let rows = kept[got..<got + batch.count].map { start + $0 }
        guard compare(batch, file, expected, rows: rows, name) else { return }
        got += batch.count
      }
      #expect(got == kept.count)
      start += count
    }
  }

  private func gaps(_ count: Int, _ random: inout SplitMix) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var at = 0
    while at < count {
      let low = min(count, at + Int(random.next() % 300)), high = min(count, low + 1 + Int(random.next() % 500))
      if low < high { ranges.append(low..<high) }
      at = high + 1
    }
    return ranges
  }

  /// Presto and the fixtures put blanks and quotes differently.
  private func plain(_ type: String) -> String { type.filter { $0 != " " && $0 != "\"" } }

  private func compare(_ batch: Batch, _ file: ParquetFile, _ expected: Fixtures.Expected, rows: [Int], _ name: String) -> Bool {
    for column in file.schema.indices {
      let vector = batch.columns[column], type = file.schema[column].type
      for i in 0..<batch.count {
        let value = vector.constant(at: i)
        if !matches(value, type, expected.rows[rows[i]][column]) {
          Issue.record(
            "\(name) row \(rows[i]) column \(file.schema[column].name) \(type): \(value) is not \(expected.rows[rows[i]][column])")
          return false
        }
      }
    }
    return true
  }
}

func selection(_ rows: [Int]) -> Selection {
  let buffer = Buffer(byteCount: rows.count * 4)
  for (i, row) in rows.enumerated() { buffer.pointer(as: UInt32.self)[i] = UInt32(row) }
  return Selection(rows: buffer, count: rows.count)
}

/// A small generator with a seed. Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators".
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
