import Federation
import Glibc
import RemoteSQL
import SQLite
import Testing

/// What other programs do to a schema is seen by the next query, though a file that nobody wrote to is not asked again.
@Suite struct SchemaTests {
  /// As if the file had last been written to some time ago.
  private func age(_ path: String, seconds: Int) {
    let then = timeval(tv_sec: time(nil) - seconds, tv_usec: 0)
    _ = [then, then].withUnsafeBufferPointer { utimes(path, $0.baseAddress) }
  }

  @Test(arguments: [0, 100])
  func changesOfOthersAreSeen(_ age: Int) async throws {
    let database = try ScratchDatabase("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    let connector = SQLiteConnector(path: database.path), name = TableName(schema: "main", table: "t")
    func columns() async throws -> [String]? { try await connector.table(name)?.columns.map(\.label) }
    self.age(database.path, seconds: age)
    for _ in 0..<3 { #expect(try await columns() == ["a"]) }
    try database.execute("ALTER TABLE t ADD COLUMN b TEXT")
    #expect(try await columns() == ["a", "b"])
    self.age(database.path, seconds: age / 2)
    for _ in 0..<3 { #expect(try await columns() == ["a", "b"]) }
    try database.execute("PRAGMA journal_mode = WAL; ALTER TABLE t ADD COLUMN c TEXT")
    #expect(try await columns() == ["a", "b", "c"])
    try database.execute("DROP TABLE t")
    #expect(try await columns() == nil)
  }
}
