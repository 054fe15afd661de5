import Federation
import Postgres
import RemoteSQL
import Testing
import Values

@Suite struct TypeTests {
  /// A column type, a value as the server writes it, and how it must arrive.
  struct Case: Sendable, CustomTestStringConvertible {
    var remote: String
    var type: DataType
    var values: [(text: String, value: Constant)]
    var testDescription: String { remote }

    init(_ remote: String, _ type: DataType, _ values: [(String, Constant)]) {
      self.remote = remote
      self.type = type
      self.values = values.map { (text: $0.0, value: $0.1) }
    }
  }

  private static let day: Int64 = 86_400_000_000

  static let numbers: [Case] = [
    Case("boolean", .boolean, [("true", .boolean(true)), ("false", .boolean(false))]),
    Case("smallint", .smallint, [("-32768", .integer(-32768)), ("32767", .integer(32767))]),
    Case("integer", .integer, [("-2147483648", .integer(-2_147_483_648)), ("2147483647", .integer(2_147_483_647)), ("0", .integer(0))]),
    Case("bigint", .bigint, [("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max))]),
    Case("real", .real, [("1.5", .real(1.5)), ("'-Infinity'", .real(-.infinity)), ("1e-45", .real(Float.leastNonzeroMagnitude))]),
    Case(
      "double precision", .double,
      [("0.1", .double(0.1)), ("'Infinity'", .double(.infinity)), ("1.7976931348623157e308", .double(.greatestFiniteMagnitude))]),
    Case(
      "numeric(15,2)", .decimal(precision: 15, scale: 2),
      [
        ("0", .integer(0)), ("0.01", .integer(1)), ("-0.01", .integer(-1)), ("9999999999999.99", .integer(999_999_999_999_999)),
        ("-9999999999999.99", .integer(-999_999_999_999_999)), ("10000", .integer(1_000_000)), ("10000.50", .integer(1_000_050)),
        ("100000000", .integer(10_000_000_000)), ("99999999.99", .integer(9_999_999_999)), ("-1234.5", .integer(-123_450)),
        ("0.10", .integer(10)), ("7", .integer(700)), ("-20000", .integer(-2_000_000)), ("123456.78", .integer(12_345_678)),
      ]),
    Case("numeric(4,4)", .decimal(precision: 4, scale: 4), [("0.0001", .integer(1)), ("0.9999", .integer(9999))]),
    Case(
      "numeric(5,3)", .decimal(precision: 5, scale: 3),
      [("0.001", .integer(1)), ("12.345", .integer(12345)), ("-99.999", .integer(-99999))]),
    Case("numeric(18,0)", .decimal(precision: 18, scale: 0), [("999999999999999999", .integer(999_999_999_999_999_999))]),
    Case(
      "numeric(38,6)", .decimal(precision: 38, scale: 6),
      [
        ("99999999999999999999999999999999.999999", .wide(Int128("99999999999999999999999999999999999999") ?? 0)),
        ("-0.000001", .wide(-1)), ("12345678901234567890.5", .wide(Int128("12345678901234567890500000") ?? 0)),
      ]),
    Case(
      "numeric", .decimal(precision: 38, scale: 18),
      [
        ("1", .wide(1_000_000_000_000_000_000)), ("0.0000000000000000005", .wide(1)), ("-0.0000000000000000005", .wide(-1)),
        ("0.00000000000000000049", .wide(0)), ("0.9999999999999999999999", .wide(1_000_000_000_000_000_000)),
        ("12345678901234567890.123456789012345678", .wide(Int128("12345678901234567890123456789012345678") ?? 0)),
      ]),
    Case("numeric(3,-2)", .decimal(precision: 5, scale: 0), [("12345", .integer(12300))]),
    Case("numeric(2,4)", .decimal(precision: 4, scale: 4), [("0.0012", .integer(12))]),
    Case("money", .decimal(precision: 19, scale: 2), [("'-12.34'", .wide(-1234))]),
    Case("oid", .bigint, [("4294967295", .integer(4_294_967_295))]),
  ]

  static let texts: [Case] = [
    Case("text", .varchar, [("''", .text("")), ("'twelve bytes'", .text("twelve bytes")), ("'thirteen byte'", .text("thirteen byte"))]),
    Case("varchar(7)", .varchar(length: 7), [("'äöü€😀'", .text("äöü€😀")), ("'a  '", .text("a  "))]),
    Case("char(6)", .char(length: 6), [("'ab'", .text("ab")), ("''", .text("")), ("' a'", .text(" a"))]),
    Case("name", .varchar, [("'a_name'", .text("a_name"))]),
    Case("\"char\"", .varchar, [("'x'", .text("x"))]),
    Case("bytea", .varbinary, [("'\\x00ff27'", .bytes([0, 255, 39])), ("''", .bytes([]))]),
    Case("uuid", .uuid, [("'00112233-4455-6677-8899-aabbccddeeff'", .bytes((0...15).map { UInt8($0 * 17) }))]),
    Case("json", .json, [("'{\"a\": [1, null]}'", .text("{\"a\": [1, null]}"))]),
    Case("jsonb", .json, [("'{\"b\":1,\"a\":2}'", .text("{\"a\": 2, \"b\": 1}"))]),
    Case("inet", .varchar, [("'10.1.2.3'", .text("10.1.2.3")), ("'10.1.0.0/16'", .text("10.1.0.0/16")), ("'::1'", .text("::1"))]),
    Case("cidr", .varchar, [("'10.1.0.0/16'", .text("10.1.0.0/16"))]),
    Case("macaddr", .varchar, [("'08:00:2b:01:02:03'", .text("08:00:2b:01:02:03"))]),
    Case("bit(3)", .varchar, [("B'101'", .text("101"))]),
    Case("varbit", .varchar, [("B''", .text("")), ("B'10'", .text("10"))]),
    Case("xml", .varchar, [("'<a/>'", .text("<a/>"))]),
    Case("tsvector", .varchar, [("'a fat cat'", .text("'a' 'cat' 'fat'"))]),
    Case("interval", .varchar, [("'1 year 2 mons 3 days 04:05:06.7'", .text("1 year 2 mons 3 days 04:05:06.7"))]),
    Case("int4range", .varchar, [("'[1,5)'", .text("[1,5)"))]),
    Case("point", .varchar, [("'(1,2)'", .text("(1,2)"))]),
    Case("mood", .varchar, [("'sad'", .text("sad"))]),
    Case("pair", .varchar, [("ROW(1, 'x')", .text("(1,x)"))]),
    Case("percentage", .decimal(precision: 5, scale: 2), [("99.95", .integer(9995))]),
    Case("small_percentage", .decimal(precision: 5, scale: 2), [("1.5", .integer(150))]),
  ]

  static let instants: [Case] = [
    Case(
      "date", .date,
      [
        ("'1970-01-01'", .integer(0)), ("'2000-02-29'", .integer(11016)), ("'1969-12-31'", .integer(-1)),
        ("'0001-01-01'", .integer(-719_162)),
        ("'9999-12-31'", .integer(2_932_896)), ("'0001-12-31 BC'", .integer(-719_163)),
      ]),
    Case("time", .time(precision: 6), [("'00:00'", .integer(0)), ("'23:59:59.999999'", .integer(86_399_999_999_000_000))]),
    Case("time(3)", .time(precision: 3), [("'01:02:03.456'", .integer(3_723_456_000_000_000))]),
    Case(
      "timetz", .timeWithTimeZone(precision: 6),
      [
        ("'12:00:00+02'", .wide(Int128(36_000_000_000_000_000) << 16 | 32_888)),
        ("'01:00:00-05'", .wide(Int128(21_600_000_000_000_000) << 16 | 32_468)),
      ]),
    Case(
      "timestamp", .timestamp(precision: 6),
      [
        ("'1970-01-01 00:00:00.000001'", .integer(1)), ("'1969-12-31 23:59:59.999999'", .integer(-1)),
        ("'2024-02-29 12:34:56'", .integer(1_709_210_096_000_000)),
      ]),
    Case("timestamp(3)", .timestamp(precision: 3), [("'1970-01-01 00:00:01.234'", .integer(1_234_000))]),
    Case(
      "timestamptz", .timestampWithTimeZone(precision: 6),
      [("'1970-01-01 01:00:00.000001+01'", .wide(1_000_000 << 16)), ("'1969-12-31 23:59:59 UTC'", .wide(-1_000_000_000_000 << 16))]),
  ]

  static let arrays: [Case] = [
    Case("integer[]", .array(.integer), [("'{}'", .sequence([])), ("'{1,NULL,3}'", .sequence([.integer(1), .null, .integer(3)]))]),
    Case("text[]", .array(.varchar), [("'{a,\"b,c\",\"\"}'", .sequence([.text("a"), .text("b,c"), .text("")]))]),
    Case("numeric(6,2)[]", .array(.decimal(precision: 6, scale: 2)), [("'{1.25,-3}'", .sequence([.integer(125), .integer(-300)]))]),
    Case(
      "integer[][]", .array(.array(.integer)),
      [("'{{1,2},{3,4}}'", .sequence([.sequence([.integer(1), .integer(2)]), .sequence([.integer(3), .integer(4)])]))]),
    Case("mood[]", .array(.varchar), [("'{sad,happy}'", .sequence([.text("sad"), .text("happy")]))]),
    Case("timestamptz[]", .array(.timestampWithTimeZone(precision: 6)), [("'{1970-01-01 00:00:00+00}'", .sequence([.wide(0)]))]),
    Case("boolean[]", .array(.boolean), [("'{t,f}'", .sequence([.boolean(true), .boolean(false)]))]),
  ]

  private static let declarations = """
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE TYPE pair AS (a integer, b text);
    CREATE DOMAIN percentage AS numeric(5,2);
    CREATE DOMAIN small_percentage AS percentage CHECK (VALUE < 10)
    """

  @Test("Every type arrives with its edge values and nulls", arguments: [numbers, texts, instants, arrays])
  func reading(cases: [Case]) async throws {
    try await TestServer.with { server in
      try await server.execute(TypeTests.declarations)
      for (i, test) in cases.enumerated() {
        let rows = (test.values.map { "(CAST(\($0.text) AS \(test.remote)))" } + ["(NULL)"]).joined(separator: ", ")
        try await server.execute("CREATE TABLE t\(i) (v \(test.remote)); INSERT INTO t\(i) VALUES \(rows)")
        let table = try await server.table("t\(i)")
        #expect(table.columns.map(\.type) == [test.type], "\(test.remote)")
        let read = try await server.rows(table).map { $0[0] }
        #expect(read == test.values.map(\.value) + [.null], "\(test.remote)")
      }
    }
  }

  @Test("What is read can be written back, and is the same", arguments: [numbers, texts, instants, arrays])
  func writing(cases: [Case]) async throws {
    try await TestServer.with { server in
      try await server.execute(TypeTests.declarations)
      for (i, test) in cases.enumerated() where test.remote != "integer[][]" {
        let rows = (test.values.map { "(CAST(\($0.text) AS \(test.remote)))" } + ["(NULL)"]).joined(separator: ", ")
        try await server.execute(
          "CREATE TABLE s\(i) (v \(test.remote)); INSERT INTO s\(i) VALUES \(rows); CREATE TABLE d\(i) (v \(test.remote))")
        let source = try await server.table("s\(i)")
        try await server.copy(source, try await server.connector.begin(.insert(server.table("d\(i)"), columns: ["v"])))
        let copied = try await server.rows("d\(i)")
        #expect(copied.map { $0[0] } == test.values.map(\.value) + [.null], "\(test.remote)")
      }
    }
  }

  @Test("CREATE TABLE AS makes columns that read back as what was written")
  func creating() async throws {
    try await TestServer.with { server in
      for (i, test) in (TypeTests.numbers + TypeTests.instants).enumerated() {
        let rows = (test.values.map { "(CAST(\($0.text) AS \(test.remote)))" } + ["(NULL)"]).joined(separator: ", ")
        if test.remote.hasPrefix("numeric(3,") || test.remote == "numeric(2,4)" { continue }
        try await server.execute("CREATE TABLE s\(i) (v \(test.remote)); INSERT INTO s\(i) VALUES \(rows)")
        let source = try await server.table("s\(i)")
        let name = TableName(schema: server.schema, table: "c\(i)")
        try await server.copy(source, try await server.connector.begin(.create(name, [.init("v", test.type)], properties: [:])))
        let created = try await server.table("c\(i)")
        #expect(created.columns.map(\.type) == [test.type])
        #expect(try await server.rows(created).map { $0[0] } == test.values.map(\.value) + [.null], "\(test.remote)")
      }
    }
  }

  @Test(
    "Values that no type of ours holds are errors that name the column",
    arguments: [
      ("numeric", "'NaN'", "NaN"), ("numeric(5,2)", "'NaN'", "NaN"), ("numeric", "'Infinity'", "infinity"),
      ("numeric", "1e25", "too large"), ("date", "'infinity'", "infinity"), ("timestamp", "'-infinity'", "infinity"),
      ("timestamptz", "'infinity'", "infinity"), ("integer[]", "'{{1},{2}}'", "dimensions"),
    ])
  func unrepresentable(type: String, value: String, word: String) async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t (fine integer, odd \(type)); INSERT INTO t VALUES (1, \(value))")
      let table = try await server.table("t")
      let error = await failure { _ = try await server.rows(table) }
      #expect(error?.message.contains("'odd'") == true && error?.message.contains(word) == true, "\(String(describing: error))")
      // The other columns go on working.
      #expect(try await server.rows(table, [table.column("fine")]) == [[.integer(1)]])
    }
  }

  @Test("No column is hidden")
  func nothingHidden() async throws {
    try await TestServer.with { server in
      let catalog = try #require(await server.connector.table(TableName(schema: "pg_catalog", table: "pg_statistic")))
      #expect(catalog.columns.count == 31)
      _ = try await server.rows(catalog, [catalog.columns[0]])
    }
  }
}
