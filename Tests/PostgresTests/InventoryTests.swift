import Federation
import Postgres
import RemoteSQL
import Testing
import Values

@Suite struct InventoryTests {
  @Test("The inventory says of every relation what the relation itself says")
  func agreesWithTables() async throws {
    try await TestServer.with { server in
      try await server.execute(
        """
        CREATE DOMAIN money_amount AS numeric(12,2) NOT NULL;
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE TABLE plain (id bigint NOT NULL, name varchar(20) COLLATE "C", price money_amount, feels mood, tags text[], at timestamptz);
        COMMENT ON TABLE plain IS 'of all kinds'; COMMENT ON COLUMN plain.name IS 'as printed';
        CREATE TABLE "Mixed" ("Id" integer, "NAME" text, name text);
        CREATE TABLE nothing ();
        CREATE VIEW seen AS SELECT id, at FROM plain;
        CREATE TABLE parts (id integer, day date) PARTITION BY RANGE (day);
        ALTER TABLE plain DROP COLUMN feels;
        CREATE TABLE "Two" (a integer); CREATE TABLE "TWO" (b integer)
        """)
      let inventory = try await server.connector.inventory()
      #expect(inventory.schemas.contains(server.schema))
      let tables = inventory.tables.filter { $0.name.schema == server.schema }
      #expect(tables.map(\.name.table).sorted() == ["mixed", "nothing", "parts", "plain", "seen", "two"])
      for table in tables where table.name.table != "two" {
        let own = try await server.connector.columns(of: server.table(table.name.table))
        #expect(table.columns?.map(\.name) == own.map(\.name), "\(table.name)")
        #expect(table.columns?.map(\.type) == own.map(\.type), "\(table.name)")
        #expect(table.columns?.map(\.isNullable) == own.map(\.isNullable), "\(table.name)")
        #expect(table.columns?.map(\.comment) == own.map(\.comment), "\(table.name)")
      }
      let plain = try #require(tables.first { $0.name.table == "plain" })
      #expect(plain.comment == "of all kinds" && plain.columns?[1].comment == "as printed")
      #expect(tables.first { $0.name.table == "two" }?.columns == nil)
    }
  }

  /// Columns and statistics are kept for as long as the server's stamp of them is the same; whoever else changes the table changes the stamp.
  @Test("What others change of a table is seen, and what nobody changed is not read again")
  func stamps() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t AS SELECT i AS id, i % 7 AS k FROM generate_series(1, 1000) i; ANALYZE t")
      let reader = try TestServer.connector(server.url, ["metadata.cache-ttl": "0s"])
      let name = TableName(schema: server.schema, table: "t")
      func seen() async throws -> RemoteTable { try #require(await reader.table(name)) }
      #expect(try await seen().columns.map(\.name) == ["id", "k"])

      try await server.execute("ALTER TABLE t ADD COLUMN more text")
      #expect(try await seen().columns.map(\.name) == ["id", "k", "more"])
      try await server.execute("ALTER TABLE t RENAME COLUMN k TO kind")
      #expect(try await seen().columns.map(\.name) == ["id", "kind", "more"])
      try await server.execute("ALTER TABLE t ALTER COLUMN id TYPE bigint")
      #expect(try await seen().columns[0].type == .bigint)
      try await server.execute("ALTER TABLE t ALTER COLUMN id SET NOT NULL")
      #expect(try await !seen().columns[0].isNullable)
      try await server.execute("COMMENT ON COLUMN t.id IS 'a key'")
      #expect(try await seen().columns[0].comment == "a key")
      try await server.execute("COMMENT ON COLUMN t.id IS NULL")
      #expect(try await seen().columns[0].comment == nil)
      try await server.execute("ALTER TABLE t DROP COLUMN more; INSERT INTO t SELECT i, 8 FROM generate_series(1, 9000) i; ANALYZE t")
      #expect(try await seen().columns.map(\.name) == ["id", "kind"])
      #expect(try await seen().rows == 10_000)
      #expect(try await seen().columns[1].estimate?.distinct == 8)

      // behind everybody's back, so that the stamp stays
      let forget = "DELETE FROM pg_statistic WHERE starelid = 't'::regclass"
      _ = try await seen()
      try await server.execute(forget)
      #expect(try await seen().columns[1].estimate?.distinct == 8)
      try await server.execute("DROP TABLE t; CREATE TABLE t AS SELECT 'x' AS other; ANALYZE t")
      #expect(try await seen().columns.map(\.name) == ["other"])
      try await server.execute("DROP TABLE t")
      #expect(try await reader.table(name) == nil)
    }
  }
}
