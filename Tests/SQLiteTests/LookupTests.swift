import Federation
import RemoteSQL
import SQLite
import Testing
import Values
import Vectors

/// Statements that should yield few rows, which a driver reads by itself at first: whatever becomes of that, the answer is the same.
struct LookupTests {
  private func scene() async throws -> (ScratchDatabase, SQLiteConnector) {
    let database = try ScratchDatabase(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER); \(PageTests.many) INSERT INTO t SELECT i, 1 FROM n")
    let connector = SQLiteConnector(path: database.path, busyTimeout: 30)
    // so that a connection is open
    _ = try await connector.rows("t", ["a"])
    return (database, connector)
  }

  private func table(_ text: String, _ connector: SQLiteConnector) async throws -> RemoteTable {
    var table = try #require(await connector.table(forQuery: text))
    table.rows = 1
    return table
  }

  /// One row at once; one after all rows were read; many where one was expected; none; failures late and early.
  @Test(arguments: [
    ("SELECT id FROM t WHERE id = 77", 1), ("SELECT sum(a) FROM t", 1), ("SELECT id, a FROM t", 30_000),
    ("SELECT id FROM t WHERE id = 0", 0),
    ("SELECT abs(CASE id WHEN 29000 THEN -9223372036854775807 - 1 ELSE id END) AS x FROM t", nil),
    ("SELECT abs(CASE id WHEN 3000 THEN -9223372036854775807 - 1 ELSE id END) AS x FROM t WHERE id BETWEEN 2860 AND 3010", nil),
  ])
  func answers(_ text: String, _ count: Int?) async throws {
    let (database, connector) = try await scene()
    defer { withExtendedLifetime(database) {} }
    let table = try await table(text, connector)
    let context = makeScanContext()
    var seen: [[Constant]] = []
    let error = await message {
      try await connector.read(table, table.columns, in: context) { batch in
        for row in 0..<batch.count { seen.append(batch.columns.map { $0.constant(at: row) }) }
      }
    }
    let rows = error == nil ? seen : nil
    #expect(rows?.count == count)
    if let rows { #expect(context.metrics.rows == rows.count) } else { #expect(error?.message.contains("integer overflow") == true) }
    if text.contains("sum") { #expect(rows == [[.integer(30_000)]]) }
    if text.hasSuffix("= 77") { #expect(rows == [[.integer(77)]]) }
  }

  @Test func aLockIsWaitedFor() async throws {
    let (database, connector) = try await scene()
    let table = try await table("SELECT id FROM t WHERE id = 77", connector)
    try database.execute("BEGIN EXCLUSIVE")
    #expect(await message { _ = try await connector.rows(table) }?.message.hasSuffix("is locked by another program") == true)
    try database.execute("COMMIT")
    #expect(try await connector.rows(table) == [[.integer(77)]])
  }
}
