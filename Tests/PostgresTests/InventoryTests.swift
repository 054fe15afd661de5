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
}
