import Federation
import RemoteSQL
import SQLite
import Testing
import Values

/// Types from declarations, values from whatever is stored.
@Suite struct ValueTests {
  @Test func declaredTypesAndTheirValues() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (i INTEGER, b BIGINT, f BOOLEAN, r REAL, d DOUBLE PRECISION, m DECIMAL(10,2), w NUMERIC(30,5), n NUMERIC, c VARCHAR(3),
        x TEXT, y BLOB, z, dt DATE, ts DATETIME, t3 TIMESTAMP(3), j JSON);
      INSERT INTO t VALUES (1, 9223372036854775807, 1, 1.5, 2, 12.34, 123456789012.5, 7, 'abcdef', 'Ü', x'00ff', 'any', '2024-02-29',
        '2024-02-29 12:34:56.789012', '2024-02-29T12:34:56.789999Z', '{}');
      INSERT INTO t VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
      INSERT INTO t VALUES (-1, -9223372036854775808, 0, -0.0, 1e300, -0.005, -1, 0.5, '', '', x'', 1.5, '1969-12-31', '0001-01-01 00:00',
        '1969-12-31 23:59:59.9999', 12);
      """)
    let connector = SQLiteConnector(path: database.path)
    let table = try await connector.handle("t")
    #expect(
      table.columns.map(\.type.description) == [
        "bigint", "bigint", "boolean", "double", "double", "decimal(10,2)", "decimal(30,5)", "double", "varchar", "varchar", "varbinary",
        "varchar", "date", "timestamp(6)", "timestamp(3)", "varchar",
      ])
    let day = Int64(Calendar.days(year: 2024, month: 2, day: 29))
    let instant = day * 86_400_000_000 + 45_296_789_012
    let (direct, stepped) = try await rowsBothWays(database, "t")
    #expect(direct == stepped)
    #expect(
      direct[0] == [
        .integer(1), .integer(.max), .boolean(true), .double(1.5), .double(2), .integer(1234), .wide(12_345_678_901_250_000), .double(7),
        .text("abcdef"), .text("Ü"), .bytes([0, 255]), .text("any"), .integer(day), .integer(instant),
        .integer(instant / 1000 * 1000 + 0), .text("{}"),
      ])
    #expect(direct[1] == Array(repeating: .null, count: 16))
    #expect(
      direct[2] == [
        .integer(-1), .integer(.min), .boolean(false), .double(0), .double(1e300), .integer(-1), .wide(-100_000), .double(0.5), .text(""),
        .text(""), .bytes([]), .text("1.5"), .integer(-1), .integer(Int64(Calendar.days(year: 1, month: 1, day: 1)) * 86_400_000_000),
        .integer(-1000), .text("12"),
      ])
  }

  @Test func unusualValuesAreConverted() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (f BOOLEAN, d DATE, ts TIMESTAMP, r REAL, m DECIMAL(5,1), z);
      INSERT INTO t VALUES ('Yes', 2460310.5, 1704067200, '1e3', '3.25', 17);
      INSERT INTO t VALUES ('f', 1704067200, 2460310.75, 5, 3.25, x'61');
      """)
    let connector = SQLiteConnector(path: database.path, nullsInvalidValues: true)
    let rows = try await connector.rows("t")
    // Julian day 2460310.5 is the midnight that begins 2024-01-01; 1704067200 is the same instant in seconds
    let day = Int64(Calendar.days(year: 2024, month: 1, day: 1))
    #expect(rows[0] == [.boolean(true), .integer(day), .integer(day * 86_400_000_000), .double(1000), .integer(33), .text("17")])
    #expect(rows[1] == [.boolean(false), .integer(day), .integer(day * 86_400_000_000 + 21_600_000_000), .double(5), .integer(33), .null])
  }

  @Test(arguments: [
    ("INTEGER", "'abc'", "text 'abc'"), ("INTEGER", "1.5", "real 1.5"), ("INTEGER", "x'31'", "blob of 1 bytes"),
    ("REAL", "'x'", "text 'x'"),
    ("DATE", "'2023-02-29'", "text '2023-02-29'"), ("DATE", "''", "text ''"), ("DATE", "1704067200000", "integer 1704067200000"),
    ("BOOLEAN", "'maybe'", "text 'maybe'"), ("DECIMAL(3,1)", "100", "integer 100"),
    ("TIMESTAMP", "'2024-01-01 25:00'", "text '2024-01-01 25:00'"),
    ("TEXT", "x'61'", "blob of 1 bytes"), ("DECIMAL_TEXT(38,0)", "'170141183460469231731687303715884105727.9'", "text '1701"),
    ("DECIMAL_TEXT(38,10)", "'99999999999999999999999999999999999999'", "text '9999"), ("DECIMAL_TEXT(18,2)", "'1e400'", "text '1e400'"),
  ])
  func unfitValuesAreErrorsOrNulls(_ type: String, _ value: String, _ found: String) async throws {
    let database = try ScratchDatabase("CREATE TABLE t (id INTEGER PRIMARY KEY, v \(type)); INSERT INTO t VALUES (7, \(value));")
    for readsPages in [true, false] {
      let strict = SQLiteConnector(path: database.path, readsPages: readsPages)
      let error = await message { _ = try await strict.rows("t") }
      #expect(error?.code.name == "JDBC_NON_TRANSIENT_ERROR")
      #expect(error?.message.contains("table 't', column 'v', ro") ?? false, "\(error?.message ?? "none")")
      #expect(error?.message.contains(found) ?? false, "\(error?.message ?? "none")")
      #expect(error?.hint?.contains("sqlite.invalid-values=null") ?? false)
      // the other columns can be read
      #expect(try await strict.rows("t", ["id"]) == [[.integer(7)]])
      let lenient = SQLiteConnector(path: database.path, nullsInvalidValues: true, readsPages: readsPages)
      #expect(try await lenient.rows("t") == [[.integer(7), .null]])
    }
  }

  @Test func viewsTakeTypesFromColumnsOrRows() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (a DATE, b TEXT);
      INSERT INTO t VALUES ('2024-01-01', 'x'), ('2024-01-02', NULL);
      CREATE VIEW v AS SELECT a, b, length(b) AS n, 1.5 AS r, b || '!' AS s, NULL AS e FROM t;
      """)
    let connector = SQLiteConnector(path: database.path)
    let view = try await connector.handle("v")
    #expect(view.columns.map(\.type) == [.date, .varchar, .bigint, .double, .varchar, .varchar])
    let rows = try await connector.rows(view)
    #expect(rows.map { $0[2] } == [.integer(1), .null])
    #expect(try await connector.tables(in: "main").map(\.table) == ["t", "v"])
  }

  /// Both ways of reading share how a date's text is taken apart, so SQLite's own count of days has to say what it is.
  @Test func datesOfTenThousandYears() async throws {
    let database = try ScratchDatabase(
      """
      CREATE TABLE t (n INTEGER, d DATE);
      WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 61 FROM s WHERE i < 3652000)
        INSERT INTO t SELECT i - 719528, date('0000-01-01', '+' || i || ' days') FROM s;
      """)
    let rows = try await SQLiteConnector(path: database.path).rows("t")
    #expect(rows.count > 59_000)
    #expect(rows.allSatisfy { $0[0] == $0[1] })
  }

  @Test(arguments: [
    "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-01-00", "2024/01-01", "2024-01/01", "2O24-01-01", "2024-1-011",
    "2024-01-0:",
    "/024-01-01", "20é4-01-1", "2024-01-é", "24-01-0001",
  ])
  func textsThatAreNoDates(_ text: String) async throws {
    let database = try ScratchDatabase("CREATE TABLE t (d DATE); INSERT INTO t VALUES ('\(text)')")
    for readsPages in [true, false] {
      let error = await message { _ = try await SQLiteConnector(path: database.path, readsPages: readsPages).rows("t") }
      #expect(error?.code.name == "JDBC_NON_TRANSIENT_ERROR", "\(error?.message ?? "no error")")
    }
  }
}
