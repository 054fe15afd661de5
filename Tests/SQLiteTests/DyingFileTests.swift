import Federation
import Glibc
import RemoteSQL
import SQLite
import Testing
import Values
import Vectors

/// A database file that goes away or is spoilt while it is scanned: all rows, or an error; never fewer.
@Suite struct DyingFileTests {
  /// Some 4 MB: several runs of pages for a scan.
  private static func sample() throws -> ScratchDatabase {
    try ScratchDatabase(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);
      \(PageTests.many) INSERT INTO t SELECT i, printf('%.*c', 120, 'x') FROM n;
      """)
  }

  /// Reads a batch, lets `harm` happen to the file, reads on.
  private func read(_ readsPages: Bool, _ harm: (String) throws -> Void) async throws -> (rows: Int, all: Int, error: PrestoError?) {
    let database = try Self.sample()
    let connector = SQLiteConnector(path: database.path, readsPages: readsPages), context = makeScanContext()
    let table = try await connector.handle("t"), all = try await connector.rows(table, ["id"]).count
    let splits = try await connector.splits(of: table, narrowedBy: DynamicFilter(), context)
    var rows = 0, isHarmed = false
    let error = await message {
      while let some = try await splits.next() {
        for split in some {
          let source = try await connector.open(split, of: table, columns: table.columns, narrowedBy: DynamicFilter(), context)
          while let batch = try await source.next() {
            rows += batch.count
            if !isHarmed { try harm(database.path) }
            isHarmed = true
          }
        }
      }
    }
    return (rows, all, error)
  }

  @Test("A file that is removed is read to its end", arguments: [true, false])
  func removed(readsPages: Bool) async throws {
    let (rows, all, error) = try await read(readsPages) { unlink($0) }
    #expect(error == nil)
    #expect(rows == all && all > 0)
  }

  @Test("A file in whose place another is put is read to its end", arguments: [true, false])
  func replaced(readsPages: Bool) async throws {
    let other = try ScratchDatabase("CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'other')")
    let (rows, all, error) = try await read(readsPages) { rename(other.path, $0) }
    #expect(error == nil)
    #expect(rows == all)
  }

  @Test("A file that is cut short is an error", arguments: [true, false])
  func truncated(readsPages: Bool) async throws {
    let (rows, all, error) = try await read(readsPages) { truncate($0, 1 << 20) }
    #expect(error?.message.contains(".db") == true, "\(rows) of \(all) rows, \(error?.message ?? "no error")")
    #expect(rows < all)
  }
}
