import Parquet
import Testing
import Values
import Vectors

/// Files cut short and files with bytes changed: an error that names the file, or rows; never a crash, never an endless loop.
@Suite struct CorruptionTests {
  @Test(arguments: Fixtures.names)
  func survivesDamage(_ name: String) throws {
    guard let whole = Fixtures.bytes("\(Fixtures.folder)/\(name).parquet") else { throw PrestoError(.notFound, name) }
    var random = SplitMix(seed: name.utf8.reduce(17) { $0 &* 31 &+ UInt64($1) })
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    for round in 0..<8 {
      var bytes = whole
      switch round % 4 {
      case 0: bytes.removeLast(1 + below(bytes.count))
      case 1:
        // the end stays, so that the footer is found: something in between is missing
        let start = below(bytes.count - 8)
        bytes.removeSubrange(start..<min(bytes.count - 8, start + 1 + below(64)))
      case 2: for _ in 0...below(4) { bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      default:
        // page headers and the footer are where most is at stake
        let footer = Int(whole[whole.count - 8]) | Int(whole[whole.count - 7]) << 8 | Int(whole[whole.count - 6]) << 16
        for _ in 0...below(4) { bytes[whole.count - 8 - footer + below(footer)] ^= 1 << UInt8(below(8)) }
      }
      read(bytes, "\(name) damaged \(round)")
    }
  }

  /// Page headers and levels of small pages are met by single flips at every byte of a small file.
  @Test(arguments: ["hand_boolean_runs", "hand_levels_bit_packed", "hand_old_lists", "pyarrow_one_row", "pyarrow_nested_empty"])
  func survivesEveryFlip(_ name: String) throws {
    guard let whole = Fixtures.bytes("\(Fixtures.folder)/\(name).parquet") else { throw PrestoError(.notFound, name) }
    for at in stride(from: 0, to: min(whole.count, 4000), by: 7) {
      var bytes = whole
      bytes[at] ^= UInt8(truncatingIfNeeded: 1 << (at % 8))
      read(bytes, "\(name) flipped at \(at)")
    }
  }

  @Test func refusesBrokenFiles() throws {
    for (name, mustFail) in Fixtures.broken {
      guard let bytes = Fixtures.bytes("\(Fixtures.folder)/corrupt/\(name)") else { throw PrestoError(.notFound, name) }
      let failed = read(bytes, name)
      #expect(failed || !mustFail, "\(name) was read as if it were sound")
    }
  }

  /// Where pages have checksums, no changed byte of a page goes unseen; only their headers have none.
  @Test func seesChangesOfCheckedPages() throws {
    let name = "pyarrow_checksums"
    guard let whole = Fixtures.bytes("\(Fixtures.folder)/\(name).parquet") else { throw PrestoError(.notFound, name) }
    let footer = Int(whole[whole.count - 8]) | Int(whole[whole.count - 7]) << 8
    var tried = 0
    var unseen = 0
    for at in stride(from: 40, to: whole.count - 8 - footer, by: 211) {
      var bytes = whole
      bytes[at] ^= 0x10
      tried += 1
      if !read(bytes, name) { unseen += 1 }
    }
    #expect(tried > 20 && unseen * 20 < tried, "\(unseen) of \(tried) changes went unseen")
  }

  /// Reads everything in several ways; says whether anything failed.
  @discardableResult
  private func read(_ bytes: [UInt8], _ name: String) -> Bool {
    var failed = false
    do {
      let file = try ParquetFile.open(MemoryFile(name: name, bytes.withUnsafeBytes { Buffer(copying: $0) }), PageCache(limit: 1 << 24))
      let conditions = file.schema.indices.map { ColumnCondition(column: $0, values: [.integer(3), .text("x")]) }
      for column in file.schema.indices where file.schema[column].unsupported == nil {
        // columns one by one: an error in one does not hide the others
        do {
          for group in 0..<min(file.rowGroupCount, 50) {
            _ = file.survives(rowGroup: group, conditions)
            _ = try file.survivesBloomFilters(rowGroup: group, conditions)
            let rows = try file.rowRanges(rowGroup: group, [ColumnCondition(column: column, ranges: [])])
            for ranges in [nil, rows] as [[Range<Int>]?] {
              let reader = try RowGroupReader(file, rowGroup: group, columns: [column], rows: ranges)
              var count = 0
              while let batch = try reader.next(), count < 100_000 { count += batch.count }
            }
            let filter = RowFilter(columns: [column]) { batch in selection([0, batch.count / 2].filter { $0 < batch.count / 2 || $0 > 0 }) }
            let filtered = try RowGroupReader(file, rowGroup: group, columns: [column], filters: [filter], batchRows: 64)
            var count = 0
            while let batch = try filtered.next(), count < 10_000 { count += batch.count }
          }
        } catch let error as PrestoError {
          failed = true
          #expect(error.message.contains(name), "\(error) does not name the file")
          #expect(error.code.kind == .external || error.code == .notSupported, "\(error)")
        }
      }
    } catch let error as PrestoError {
      failed = true
      #expect(error.message.contains(name), "\(error) does not name the file")
      #expect(error.code.kind == .external || error.code == .notSupported, "\(error)")
    } catch {
      Issue.record("\(name): \(error)")
    }
    return failed
  }
}
