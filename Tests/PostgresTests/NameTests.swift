import Expressions
import Federation
import Postgres
import RemoteSQL
import Testing
import Values

@Suite struct NameTests {
  static let hostile = [
    "a\"b", "semi;colon", "quo'te", "back\\slash", "it''s -- x", "ümläut €", "select", "a b", "$1", "\"); DROP TABLE t; --",
  ]

  @Test("Names and values that look like SQL are names and values")
  func injection() async throws {
    try await TestServer.with { server in
      for (i, name) in NameTests.hostile.enumerated() {
        let quoted = "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        let literal = "$tag$" + name + "$tag$"
        try await server.execute(
          "CREATE TABLE \(quoted) (\(quoted) text, n integer); INSERT INTO \(quoted) VALUES (\(literal), \(i)), ('other', -1)")
        let table = try await server.table(name)
        let column = table.columns[0]
        for predicate in [
          Expr.comparison(FunctionID.Operator.equal, .reference(column, column.type), .constant(.text(name), .varchar)),
          .among(.reference(column, column.type), [.constant(.text(name), .varchar), .constant(.text("'"), .varchar)]),
        ] {
          let answer = try #require(try server.connector.apply(filter: predicate, to: table))
          #expect(answer.residual == nil)
          #expect(try await server.rows(answer.table) == [[.text(name), .integer(Int64(i))]], "\(name)")
        }
        // The same through a sub-query.
        let limited = try #require(try server.connector.apply(limit: 1, to: table))
        #expect(try await server.rows(limited.table).count == 1)
      }
    }
  }

  @Test("A text with a zero byte, which no server text equals, is not sent")
  func zeroByte() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t (a text)")
      let table = try await server.table("t")
      let predicate = try Expr.comparison(FunctionID.Operator.equal, table.reference("a"), .constant(.bytes([65, 0]), .varchar))
      #expect(try server.connector.apply(filter: predicate, to: table) == nil)
      let invalid = try Expr.comparison(FunctionID.Operator.equal, table.reference("a"), .constant(.bytes([0xC0, 0x27]), .varchar))
      #expect(try server.connector.apply(filter: invalid, to: table) == nil)
    }
  }

  @Test("Names match without regard to case; the exact one wins; several others are ambiguous")
  func caseInsensitive() async throws {
    try await TestServer.with { server in
      try await server.execute(
        """
        CREATE TABLE "Mixed" ("Id" integer, "NAME" text, name text);
        CREATE TABLE "Two" (a integer); CREATE TABLE "TWO" (b integer);
        CREATE TABLE "Three" (a integer); CREATE TABLE three (b integer)
        """)
      let mixed = try await server.table("mixed")
      #expect(mixed.columns.map(\.label) == ["id", "name_2", "name"])
      #expect(mixed.columns.map(\.name) == ["Id", "NAME", "name"])
      #expect(try await server.rows(mixed).isEmpty)
      let error = await failure { _ = try await server.connector.table(TableName(schema: server.schema, table: "two")) }
      #expect(error?.code == .ambiguousName)
      #expect(error?.message.contains("\"Two\"") == true && error?.message.contains("\"TWO\"") == true)
      #expect(try await server.table("three").columns.map(\.name) == ["b"])
      #expect(try await server.connector.tables(in: server.schema).map(\.table) == ["mixed", "three", "two"])
      #expect(try await server.connector.table(TableName(schema: "no_such_schema", table: "t")) == nil)
    }
  }

  @Test("A query text is a table")
  func queryText() async throws {
    try await TestServer.with { server in
      let connector = server.connector
      let query = try #require(
        await connector.table(forQuery: "SELECT 1 AS a, 'x'::varchar(3) AS \"B\", 1.50::numeric(4,2) AS c -- tail\n;"))
      #expect(query.columns.map(\.label) == ["a", "b", "c"])
      #expect(query.columns.map(\.type) == [.integer, .varchar(length: 3), .decimal(precision: 4, scale: 2)])
      #expect(try await server.rows(query) == [[.integer(1), .text("x"), .integer(150)]])
      for wrong in [
        "SELECT 1 AS a, 2 AS a", "SELECT 1) AS q; DROP TABLE x; --", "SELECT 1; SELECT 2", "CREATE TABLE z (a integer)",
        "SELECT FROM pg_class",
      ] {
        #expect(await failure { _ = try await connector.table(forQuery: wrong) } != nil, "\(wrong)")
      }
    }
  }
}
