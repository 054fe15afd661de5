import Expressions
import Federation
import MiniPresto
import Settings
import StandardConnectors
import Synchronization
import Testing
import Values
import Vectors

/// Lists of tables and columns: from one inventory a source, whatever asks for them.
struct InventoryTests {
  /// A source with many tables that counts what it is asked.
  final class Counting: Connector {
    typealias Table = TableName
    typealias Column = String
    typealias Split = Int

    struct Asked: Equatable { var inventories = 0, tables = 0, columns = 0, listings = 0 }

    let asked = Mutex(Asked())
    let names = Mutex((0..<500).map { TableName(schema: "s", table: "t\($0)") })

    func schemas() async throws -> [String] {
      asked.withLock { $0.listings += 1 }
      return ["s"]
    }
    func tables(in schema: String) async throws -> [TableName] {
      asked.withLock { $0.listings += 1 }
      return names.withLock { $0 }.filter { $0.schema == schema }
    }
    func table(_ name: TableName) async throws -> TableName? {
      asked.withLock { $0.tables += 1 }
      return names.withLock { $0 }.first { $0 == name }
    }
    func columns(of table: TableName) async throws -> [ColumnDescription<String>] {
      asked.withLock { $0.columns += 1 }
      return [ColumnDescription(name: "x", type: .bigint, column: "x")]
    }
    func inventory() async throws -> Inventory {
      asked.withLock { $0.inventories += 1 }
      let columns = [Inventory.Column(name: "x", type: .bigint, comment: "said")]
      return Inventory(
        schemas: ["s"], tables: names.withLock { $0 }.map { Inventory.Table(name: $0, comment: "of \($0.table)", columns: columns) })
    }
    var inventoryLifetime: Duration { .seconds(3600) }
    func drop(_ table: TableName) async throws { names.withLock { $0.removeAll { $0 == table } } }
    func splits(of table: TableName, narrowedBy filter: DynamicFilter<String>, _ context: ScanContext) async throws -> any SplitSource<Int>
    {
      FixedSplits([])
    }
    func open(_ split: Int, of table: TableName, columns: [String], narrowedBy filter: DynamicFilter<String>, _ context: ScanContext)
      async throws -> sending any BatchSource
    { throw PrestoError(.notSupported, "It has no rows") }
  }

  private func rows(_ engine: Engine, _ text: String) async throws -> [[String]] {
    var rows: [[String]] = []
    for try await batch in try await engine.query(text) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "NULL" }) }
    }
    return rows
  }

  @Test("Every list comes from one inventory, and no table is asked for by itself")
  func asksOnce() async throws {
    let engine = try Engine()
    let source = Counting()
    engine.add(Catalog("many", source))
    for text in [
      "SELECT count(*) FROM many.information_schema.tables WHERE table_schema = 's'",
      "SELECT count(*) FROM many.information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
      "SELECT count(*) FROM system.jdbc.tables WHERE table_cat = 'many' AND table_schem = 's'",
      "SELECT count(*) FROM system.jdbc.columns WHERE table_cat = 'many' AND table_schem = 's'",
      "SELECT count(comment) FROM system.metadata.table_comments WHERE catalog_name = 'many'",
    ] { #expect(try await rows(engine, text) == [["500"]], "\(text)") }
    #expect(source.asked.withLock { $0 } == .init(inventories: 1, tables: 0, columns: 0, listings: 0))
    #expect(
      try await rows(
        engine, "SELECT comment FROM many.information_schema.columns WHERE table_schema = 's' AND table_name LIKE 't1__' LIMIT 1")
        == [["said"]])
    #expect(source.asked.withLock { $0.inventories } == 1)
  }

  @Test("Who names a table asks for that one")
  func asksNarrowly() async throws {
    let engine = try Engine()
    let source = Counting()
    engine.add(Catalog("many", source))
    let text = "SELECT column_name FROM many.information_schema.columns WHERE table_schema = 's' AND table_name = 't7'"
    #expect(try await rows(engine, text) == [["x"]])
    #expect(source.asked.withLock { ($0.inventories, $0.tables, $0.columns) } == (0, 1, 1))
  }

  @Test("A change through the engine shows at once")
  func forgets() async throws {
    let engine = try Engine()
    engine.add(Catalog("many", Counting()))
    let count = "SELECT count(*) FROM many.information_schema.tables WHERE table_schema = 's'"
    #expect(try await rows(engine, count) == [["500"]])
    _ = try await rows(engine, "DROP TABLE many.s.t1")
    #expect(try await rows(engine, count) == [["499"]])
  }

  @Test("Many who ask at once are answered by one inventory")
  func sharesOne() async throws {
    let source = Counting()
    let catalog = Catalog("many", source)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<32 { group.addTask { try await catalog.inventory().tables.count } }
      for try await count in group { #expect(count == 500) }
    }
    #expect(source.asked.withLock { $0.inventories } == 1)
  }

  @Test("A source that is down hides no other, and says so when it is asked for alone")
  func survives() async throws {
    let engine = try Engine(
      catalogs: .properties([
        "down": Properties(["connector.name": "postgresql", "connection-url": "postgresql://127.0.0.1:1/x"]),
        "wrong": Properties(["connector.name": "postgresql"]), "up": Properties(["connector.name": "memory"]),
      ]), connectors: .standard)
    _ = try await rows(engine, "CREATE TABLE up.default.shown (x bigint)")
    #expect(
      try await rows(engine, "SELECT table_cat, table_name FROM system.jdbc.tables WHERE table_schem = 'default'") == [["up", "shown"]])
    #expect(try await rows(engine, "SELECT table_cat, column_name FROM system.jdbc.columns WHERE table_name = 'shown'") == [["up", "x"]])
    #expect(
      try await rows(engine, "SELECT catalog_name FROM system.metadata.table_comments WHERE table_name = 'shown'") == [["up"]])
    #expect(try await rows(engine, "SHOW CATALOGS").contains(["down"]))
    let error = await #expect(throws: PrestoError.self) {
      try await rows(engine, "SELECT * FROM system.jdbc.tables WHERE table_cat = 'down'")
    }
    #expect(error?.message.contains("down") == true)
  }

  @Test("What COMMENT says is kept by the table, its columns and views")
  func comments() async throws {
    let engine = try Engine(catalogs: .properties(["m": Properties(["connector.name": "memory"])]), connectors: .standard)
    func comments(_ table: String) async throws -> [String] {
      let own = try await rows(
        engine, "SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'm' AND table_name = '\(table)'")
      return try await own.flatMap { $0 } + rows(engine, "SHOW COLUMNS FROM m.default.\(table)").map { $0[3] }
    }
    _ = try await rows(engine, "CREATE TABLE m.default.t (x bigint COMMENT 'an x', y varchar) COMMENT 'it''s t'")
    #expect(try await comments("t") == ["it's t", "an x", ""])
    _ = try await rows(engine, "COMMENT ON TABLE m.default.t IS 'other'")
    _ = try await rows(engine, "COMMENT ON COLUMN m.default.t.y IS 'a y'")
    _ = try await rows(engine, "COMMENT ON COLUMN m.default.t.x IS NULL")
    _ = try await rows(engine, "ALTER TABLE m.default.t RENAME COLUMN y TO z")
    #expect(try await comments("t") == ["other", "", "a y"])
    _ = try await rows(engine, "CREATE TABLE m.default.made COMMENT 'made' AS SELECT 1 AS one")
    #expect(try await comments("made") == ["made", ""])
    _ = try await rows(engine, "CREATE VIEW m.default.v COMMENT 'seen' AS SELECT x FROM m.default.t")
    _ = try await rows(engine, "COMMENT ON COLUMN m.default.v.x IS 'seen x'")
    #expect(try await comments("v") == ["seen", "seen x"])
    _ = try await rows(engine, "COMMENT ON VIEW m.default.v IS NULL")
    #expect(try await comments("v") == ["NULL", "seen x"])
    for (text, code) in [
      ("COMMENT ON TABLE m.default.no IS 'x'", ErrorCode.tableNotFound), ("COMMENT ON COLUMN m.default.t.no IS 'x'", .columnNotFound),
      ("COMMENT ON VIEW m.default.t IS 'x'", .tableNotFound), ("COMMENT ON COLUMN m.default.v.no IS 'x'", .columnNotFound),
    ] {
      let error = await #expect(throws: PrestoError.self) { try await rows(engine, text) }
      #expect(error?.code == code, "\(text)")
    }
  }
}
