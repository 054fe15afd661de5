import Federation
import Glibc
import Lake
import ObjectStore
import Testing
import Values
import Vectors

/// Files that go away or become others between planning and the last row: all rows as planned, or an error that says so; never others or fewer.
@Suite struct ChangingFileTests {
  private static func rows(_ range: Range<Int64>) -> [[Constant]] { range.map { [.integer($0), .text("value \($0)")] } }

  /// Three files, read one after the other.
  private static func lake() throws -> ScratchLake {
    let lake = try ScratchLake()
    for part in 0..<3 {
      try lake.write(
        "t/\(part).parquet", [.init("id", .bigint), .init("name", .varchar)], rows(Int64(part) * 40_000..<Int64(part + 1) * 40_000),
        rowGroupRows: 10_000)
    }
    return lake
  }

  /// Reads a batch, lets `harm` happen to the folder, reads on.
  private func read(_ connector: LakeConnector, _ table: LakeTable, _ harm: () throws -> Void) async throws -> (
    ids: Set<Constant>, rows: Int, error: PrestoError?
  ) {
    let splits = try await connector.splits(of: table, narrowedBy: DynamicFilter(), context)
    var ids: Set<Constant> = [], rows = 0, isHarmed = false
    let error = await message {
      while let some = try await splits.next() {
        for split in some {
          let source = try await connector.open(split, of: table, columns: table.columns, narrowedBy: DynamicFilter(), context)
          while let batch = try await source.next() {
            rows += batch.count
            for row in 0..<batch.count { ids.insert(batch.columns[0].constant(at: row)) }
            if !isHarmed { try harm() }
            isHarmed = true
          }
        }
      }
    }
    return (ids, rows, error)
  }

  @Test("A file that vanishes is an error")
  func vanishing() async throws {
    let lake = try Self.lake()
    let (_, rows, error) = try await read(lake.connector, try await lake.handle("t")) {
      for part in 0..<3 { unlink("\(lake.path)/t/\(part).parquet") }
    }
    #expect(rows < 120_000)
    #expect(error?.message.contains("No such file") == true, "\(rows) rows, \(error?.message ?? "no error")")
  }

  @Test("A file that is cut short is an error")
  func truncated() async throws {
    let lake = try Self.lake()
    let (_, rows, error) = try await read(lake.connector, try await lake.handle("t")) {
      for part in 0..<3 { truncate("\(lake.path)/t/\(part).parquet", 1000) }
    }
    #expect(rows < 120_000)
    #expect(error?.message.contains(lake.path) == true, "\(rows) rows, \(error?.message ?? "no error")")
  }

  /// By another file of its name, as `mv` does, or by other bytes in the same file, as `cp` does.
  @Test("A file that is replaced is an error", arguments: [true, false])
  func replaced(inPlace: Bool) async throws {
    let lake = try Self.lake()
    try lake.write(
      "other.parquet", [.init("id", .bigint), .init("name", .varchar)], Self.rows(1_000_000..<1_040_000), rowGroupRows: 10_000)
    let (ids, rows, error) = try await read(lake.connector, try await lake.handle("t")) {
      for part in 0..<3 {
        let target = "\(lake.path)/t/\(part).parquet"
        if inPlace {
          let bytes = try LocalBytes(lake.path + "/other.parquet")
          try bytes.write(over: target)
        } else {
          link(lake.path + "/other.parquet", target + ".new")
          rename(target + ".new", target)
        }
      }
    }
    #expect(ids.allSatisfy { ($0.wideValue ?? .max) < 120_000 }, "rows of the other file")
    #expect(error?.message.contains("changed while it was read") == true, "\(rows) rows, \(error?.message ?? "no error")")
  }

  @Test("An object that vanishes or is replaced in mid-scan is an error", arguments: [true, false])
  func objects(vanishes: Bool) async throws {
    let bucket = try BucketServer.shared.get().bucket()
    for part in 0..<3 { try bucket.parquet("t/\(part).parquet", part * 20_000..<part * 20_000 + 20_000, group: 5000) }
    let lake = LakeConnector(location: "s3://\(bucket.name)", store: try bucket.store(), cacheSize: 0)
    let (ids, rows, error) = try await read(lake, try await lake.handle("t")) {
      for part in 0..<3 {
        if vanishes {
          try bucket.delete("t/\(part).parquet")
        } else {
          try bucket.parquet("t/\(part).parquet", 1_000_000..<1_020_000, group: 5000)
        }
      }
    }
    #expect(ids.allSatisfy { ($0.wideValue ?? .max) < 60_000 }, "rows of the other object")
    #expect(rows < 60_000)
    #expect(error?.message.contains("changed while it was read") == true, "\(rows) rows, \(error?.message ?? "no error")")
  }
}

/// A file's bytes, to be written over another's.
private struct LocalBytes {
  var bytes: [UInt8]

  init(_ path: String) throws {
    guard let file = fopen(path, "rb") else { throw PrestoError(.genericInternalError, "cannot read \(path)") }
    bytes = [UInt8](repeating: 0, count: 1 << 24)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    fclose(file)
  }

  func write(over path: String) throws {
    guard let file = fopen(path, "wb") else { throw PrestoError(.genericInternalError, "cannot write \(path)") }
    _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
  }
}
