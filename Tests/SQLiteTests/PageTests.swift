import Expressions
import Federation
import RemoteSQL
import SQLite
import Testing
import Values
import Vectors

/// Reading pages gives what statements give.
@Suite struct PageTests {
  static let many = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    """

  @Test(arguments: [512, 1024, 4096, 65536])
  func manyRowsOfManyShapes(_ pageSize: Int) async throws {
    let database = try ScratchDatabase(
      """
      PRAGMA page_size = \(pageSize);
      CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c REAL, d DATE, e BLOB, f DECIMAL(12,2));
      \(PageTests.many) INSERT INTO t SELECT i * 3, CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN -i WHEN 4 THEN i * 1000
        WHEN 5 THEN i * 100000 WHEN 6 THEN -i * 10000000 WHEN 7 THEN i * 1000000000000 ELSE -9223372036854775807 + i END,
        substr('The quick brown fox jumps over the lazy dog, again and again', 1, i % 61), i / 7.0, date('1970-01-01', '+' || i || ' days'),
        CASE WHEN i % 500 = 0 THEN randomblob(3000 + i % 977) ELSE zeroblob(i % 20) END, (i % 100000) / 100.0 FROM n;
      """)
    let (direct, stepped) = try await rowsBothWays(database, "t")
    #expect(direct.count == 30000)
    #expect(firstDifference(direct, stepped) == nil)
    let context = makeScanContext(), connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    try await connector.read(table, table.columns, in: context) { _ in }
    // by pages and not by a statement
    #expect(context.metrics.sentTexts.isEmpty)
  }

  /// Every field's place follows from the kinds of those before it: numbers of all widths at first, texts and blobs among them later on.
  @Test(arguments: [1, 6, 7, 8, 9, 14, 15, 16, 20])
  func anyFieldsOfAnyKinds(_ width: Int) async throws {
    // as good as random, and the same every time
    func pick(_ among: Int, _ row: Int, _ column: Int) -> Int {
      Int((UInt64(row &* 7919 &+ column &* 104_729 &+ width) &* 0x9E37_79B9_7F4A_7C15) >> 33) % among
    }
    let numbers = [
      "NULL", "0", "1", "-7", "300", "-70000", "9000000", "-3000000000", "7000000000000", "-9223372036854775808", "0.5", "-1e300", "2.0",
    ]
    let texts = ["''", "'short'", "x'00ff'", "printf('%.*c', 70, 'y')", "printf('%.*c', 1500, 'z')"]
    let names = (0..<width).map { "c\($0)" }
    let types = (0..<width).map { ["INTEGER", "REAL", "DECIMAL(18,2)", "TEXT", "BLOB"][pick(5, 1000, $0)] }
    let rows = (0..<400).map { row -> String in
      let values = (0..<width).map { column -> String in
        let isText = row % 4 == 3 && pick(width, row, column + 50) == 0
        return isText ? texts[pick(texts.count, row, column)] : numbers[pick(numbers.count, row, column)]
      }
      return "(" + values.joined(separator: ", ") + ")"
    }
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (\(zip(names, types).map { "\($0) \($1)" }.joined(separator: ", ")));
      INSERT INTO t VALUES \(rows.joined(separator: ", "));
      """)
    let (direct, stepped) = (
      SQLiteConnector(path: database.path, nullsInvalidValues: true),
      SQLiteConnector(path: database.path, nullsInvalidValues: true, readsPages: false)
    )
    for some in names.map({ [$0] }) + [names, names.reversed(), [names[width - 1], names[0]]] where Set(some).count == some.count {
      let expected = try await stepped.rows("t", some)
      #expect(try await firstDifference(direct.rows("t", some), expected) == nil, "\(some)")
    }
  }

  @Test func hugeValuesInOverflowPages() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, big TEXT, small INTEGER, bigger BLOB, last TEXT);
      INSERT INTO t VALUES (1, printf('%.*c', 5000000, 'x'), 17, zeroblob(100000), 'end'), (2, 'short', 18, NULL, 'fin');
      """)
    let (direct, stepped) = try await rowsBothWays(database, "t")
    #expect(firstDifference(direct, stepped) == nil)
    let connector = SQLiteConnector(path: database.path)
    #expect(try await connector.rows("t", ["small", "id"]) == [[.integer(17), .integer(1)], [.integer(18), .integer(2)]])
    #expect(try await connector.rows("t", ["last"]) == [[.text("end")], [.text("fin")]])
  }

  @Test func columnsAddedLaterTakeTheirDefaults() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);
      ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'none'; INSERT INTO t VALUES (2, 'two');
      ALTER TABLE t ADD COLUMN c REAL DEFAULT 2; ALTER TABLE t ADD COLUMN d DATE; INSERT INTO t VALUES (3, NULL, NULL, '2024-01-01');
      ALTER TABLE t DROP COLUMN a;
      """)
    let (direct, stepped) = try await rowsBothWays(database, "t")
    #expect(firstDifference(direct, stepped) == nil)
    #expect(direct[0] == [.text("none"), .double(2), .null])
  }

  @Test func tablesThatPagesCannotBeReadOf() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE w (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID; INSERT INTO w VALUES ('b', 2), ('a', 1);
      CREATE TABLE g (a INTEGER, twice INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL, kept TEXT AS (a || '!') STORED); INSERT INTO g (a) VALUES (4);
      CREATE VIRTUAL TABLE f USING fts5(body); INSERT INTO f VALUES ('hello world');
      CREATE TABLE d (id INTEGER PRIMARY KEY DESC, v TEXT); INSERT INTO d VALUES (5, 'five');
      CREATE TABLE "Odd ""Name" ("Sel ect" INTEGER, "from" TEXT); INSERT INTO "Odd ""Name" VALUES (1, 'x');
      CREATE TABLE s (a INTEGER PRIMARY KEY, b ANY) STRICT; INSERT INTO s VALUES (1, 'any');
      """)
    for table in ["w", "g", "f", "d", "odd \"name", "s"] {
      let (direct, stepped) = try await rowsBothWays(database, table)
      #expect(firstDifference(direct, stepped) == nil)
      #expect(!direct.isEmpty)
    }
    #expect(try await SQLiteConnector(path: database.path).rows("g") == [[.integer(4), .integer(8), .text("4!")]])
  }

  @Test(arguments: [
    "PRAGMA encoding = 'UTF-16le';", "PRAGMA auto_vacuum = FULL;", "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;",
    "PRAGMA journal_mode = PERSIST;", "PRAGMA journal_mode = TRUNCATE;", "PRAGMA legacy_file_format = ON;",
  ])
  func filesOfManyKinds(_ pragmas: String) async throws {
    let database = try ScratchDatabase(
      """
      \(pragmas) CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB); CREATE TABLE gone (a);
      \(PageTests.many) INSERT INTO t SELECT i, 'Grüße ' || i, zeroblob(i % 7) FROM n; INSERT INTO gone SELECT a FROM t; DROP TABLE gone;
      DELETE FROM t WHERE id % 3 = 0;
      """)
    let (direct, stepped) = try await rowsBothWays(database, "t")
    #expect(direct.count == 20000)
    #expect(direct[0] == [.integer(1), .text("Grüße 1"), .bytes([0])])
    #expect(firstDifference(direct, stepped) == nil)
  }

  @Test func rowNumbersFromEndToEnd() async throws {
    let database = try ScratchDatabase(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER); INSERT INTO t VALUES (\(Int64.min), 1), (-1, 2), (0, 3), (\(Int64.max), 4)")
    let (direct, stepped) = try await rowsBothWays(database, "t")
    #expect(firstDifference(direct, stepped) == nil)
    #expect(direct.map { $0[0] } == [.integer(.min), .integer(-1), .integer(0), .integer(.max)])
  }

  @Test func emptyTablesAndCounts() async throws {
    let database = try ScratchDatabase(
      "CREATE TABLE e (a INTEGER); CREATE TABLE t (a INTEGER, b TEXT); \(PageTests.many) INSERT INTO t SELECT i, 'x' || i FROM n;")
    let connector = SQLiteConnector(path: database.path)
    #expect(try await connector.rows("e").isEmpty)
    var count = 0
    try await connector.read(try await connector.handle("t"), []) { count += $0.count }
    #expect(count == 30000)
  }

  @Test func committedRowsInTheLogAreSeen() async throws {
    let database = try ScratchDatabase(
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2);")
    let connector = SQLiteConnector(path: database.path)
    #expect(try await connector.rows("t") == [[.integer(1)], [.integer(2)]])
    // everything in the file: pages can be read
    try database.execute("PRAGMA wal_checkpoint(FULL)")
    #expect(try await connector.rows("t").count == 2)
    // in the log again, without touching the file
    try database.execute("INSERT INTO t VALUES (3)")
    #expect(try await connector.rows("t").count == 3)
    try database.execute("PRAGMA wal_checkpoint(TRUNCATE); UPDATE t SET a = a + 10")
    #expect(try await connector.rows("t") == [[.integer(11)], [.integer(12)], [.integer(13)]])
  }

  @Test func joinKeysNarrowWhatIsDecoded() async throws {
    let database = try ScratchDatabase(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER, b TEXT); \(PageTests.many) INSERT INTO t SELECT i, i % 1000, 'text ' || i FROM n;"
    )
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    let slot = KeyFilterSlot()
    slot.settle(KeyFilter(keys: [17, 400]))
    let rows = try await connector.rows(table, ["b"], narrowedBy: DynamicFilter([(table.columns[1], slot)]))
    #expect(rows.count == 60)
    #expect(rows.first == [.text("text 17")])
    let both = try await connector.rows(table, ["b", "k", "id"], narrowedBy: DynamicFilter([(table.columns[1], slot)]))
    #expect(both.count == 60)
    #expect(both[1] == [.text("text 400"), .integer(400), .integer(400)])
    // few keys of an index are looked up
    let direct = KeyFilterSlot()
    direct.settle(KeyFilter(keys: [5, 6, 31_000]))
    #expect(
      try await connector.rows(table, ["id"], narrowedBy: DynamicFilter([(table.columns[0], direct)])) == [[.integer(5)], [.integer(6)]])
  }
}

extension KeyFilter {
  /// Some bigint keys, ascending.
  init(keys: [Int64]) {
    let builder = VectorBuilder(.bigint)
    for key in keys { builder.append(key) }
    let wanted = Set(keys)
    self.init(
      type: .bigint, count: keys.count, low: keys.first.map { .integer($0) }, high: keys.last.map { .integer($0) },
      values: KeyValues(builder.finish())
    ) {
      vector in
      let rows = (0..<vector.count).filter {
        if case .integer(let value) = vector.constant(at: $0) { wanted.contains(value) } else { false }
      }
      return Selection(rows: rows.map { UInt32($0) }.withUnsafeBytes { Buffer(copying: $0) }, count: rows.count)
    }
  }
}
