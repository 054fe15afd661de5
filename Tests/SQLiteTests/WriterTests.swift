import Federation
import Foundation
import RemoteSQL
import SQLite
import Synchronization
import Testing
import Values
import Vectors

/// Scans beside a writer that never rests: every scan sees one state.
@Suite(.serialized) struct WriterTests {
  /// A writer on a thread of its own. (As a task it would keep one of the few threads that tasks share, and two of them would leave none for the
  /// scans to go on with.)
  private final class Writer: Sendable {
    private let state = Mutex((isStopped: false, rounds: 0, commits: 0))
    private let ended = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable (_ round: Int) -> Bool) {
      let thread = Thread { [self] in
        while let round = state.withLock({ $0.isStopped ? nil : $0.rounds }) {
          let isCommitted = body(round)
          state.withLock { $0 = ($0.isStopped, round + 1, $0.commits + (isCommitted ? 1 : 0)) }
        }
        ended.signal()
      }
      thread.start()
    }

    /// How often it committed.
    var commits: Int { state.withLock { $0.commits } }

    func stop() {
      state.withLock { $0.isStopped = true }
      ended.wait()
    }
  }

  @Test(arguments: ["DELETE", "WAL"])
  func aScanSeesOneState(_ mode: String) async throws {
    let database = try ScratchDatabase(
      """
      PRAGMA journal_mode = \(mode); PRAGMA synchronous = OFF; CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);
      \(PageTests.many) INSERT INTO t SELECT i, 0, printf('%.*c', 50, 'x') FROM n;
      """)
    try database.execute("PRAGMA busy_timeout = 20")
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    // every transaction keeps sum(a) at zero and the number of rows as it is, while pages are split, emptied, and chained to others
    let writer = Writer { round in
      let done: ()? = try? database.execute(
        """
        BEGIN IMMEDIATE; UPDATE t SET a = a + 1 WHERE id <= 500; UPDATE t SET a = a - 1 WHERE id > 29500;
        DELETE FROM t WHERE id = \(round % 20000); INSERT INTO t VALUES (\(round % 20000), \(round % 7), printf('%.*c', \(round * 37 % 9000), 'y'));
        DELETE FROM t WHERE id = 0; UPDATE t SET a = a - (SELECT sum(a) FROM t) WHERE id = 30000; COMMIT;
        """)
      if done == nil { try? database.execute("ROLLBACK") }
      if mode == "WAL" && round % 3 == 0 { try? database.execute("PRAGMA wal_checkpoint(\(round % 2 == 0 ? "PASSIVE" : "RESTART"))") }
      return done != nil
    }
    defer { writer.stop() }
    var scans = 0, direct = 0
    // until the writer has committed often enough between the scans, but not for ever
    while (scans < 40 || writer.commits < 20) && scans < 2000 {
      let context = makeScanContext()
      var sum: Int64 = 0, rows = 0
      try await connector.read(table, Array(table.columns[0...1]), in: context) { batch in
        for row in 0..<batch.count { if case .integer(let value) = batch.columns[1].constant(at: row) { sum += value } }
        rows += batch.count
      }
      #expect(sum == 0)
      #expect(rows == 30000)
      scans += 1
      direct += context.metrics.sentTexts.isEmpty ? 1 : 0
    }
    #expect(writer.commits > 0)
    // without a log every scan reads pages
    #expect(mode == "WAL" || direct == scans)
    try #require(scans < 2000, "only \(writer.commits) commits beside \(scans) scans")
  }

  @Test func scansOfOneQueryShareAState() async throws {
    let database = try ScratchDatabase(
      "PRAGMA journal_mode = WAL; CREATE TABLE a (n INTEGER); CREATE TABLE b (n INTEGER); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); PRAGMA wal_checkpoint(TRUNCATE)"
    )
    let connector = SQLiteConnector(path: database.path)
    let a = try await connector.handle("a"), b = try await connector.handle("b")
    let context = makeScanContext(query: "q1")
    let first = try await connector.splits(of: a, narrowedBy: DynamicFilter(), context)
    try database.execute("BEGIN; UPDATE a SET n = 2; UPDATE b SET n = 2; COMMIT; PRAGMA wal_checkpoint(PASSIVE)")
    let second = try await connector.splits(of: b, narrowedBy: DynamicFilter(), context)
    for (splits, table) in [(first, a), (second, b)] {
      try await connector.read(splits, of: table, table.columns, in: context) { batch in
        #expect(batch.count == 1)
        #expect(batch.columns[0].constant(at: 0) == .integer(1))
      }
    }
    #expect(context.metrics.sentTexts.isEmpty)
    #expect(try await connector.rows("a") == [[.integer(2)]])
  }

  @Test func aWriterThatDiedLeavesNoTrace() async throws {
    let database = try ScratchDatabase(
      "PRAGMA synchronous = OFF; CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER); \(PageTests.many) INSERT INTO t SELECT i, 1 FROM n;")
    // pages go to the file before the commit, since the cache is small; the journal says how to undo them
    try database.execute("PRAGMA cache_size = 2; PRAGMA cache_spill = 1; BEGIN; UPDATE t SET a = 2;")
    let copy = try ScratchDatabase(copying: database)
    try database.execute("ROLLBACK")
    #expect(try FileBytes(copy.path).bytes != FileBytes(database.path).bytes)
    let rows = try await SQLiteConnector(path: copy.path).rows("t", ["a"])
    #expect(rows.count == 30000)
    #expect(Set(rows) == [[.integer(1)]])
  }

  @Test func aLockThatStaysIsAnError() async throws {
    let database = try ScratchDatabase("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)")
    let connector = SQLiteConnector(path: database.path, busyTimeout: 30)
    let table = try await connector.handle("t")
    try database.execute("BEGIN EXCLUSIVE")
    let error = await message { _ = try await connector.rows(table) }
    #expect(error?.message == "SQLite database '\(database.path)' is locked by another program")
    try database.execute("COMMIT")
    #expect(try await connector.rows(table).count == 1)
  }
}
