import Expressions
import Federation
import Lake
import ObjectStore
import Testing
import Values

/// Folders and files as schemas, tables and columns.
@Suite struct LayoutTests {
  @Test func foldersAreSchemasAndTables() async throws {
    let lake = try ScratchLake()
    let a = fields(("a", .bigint)), b = fields(("b", .bigint))
    try lake.write("single.parquet", a, integers(0..<1))
    try lake.write("clicks/part-0.parquet", a, integers(0..<2))
    try lake.write("clicks/part-1.parquet", a, integers(2..<3))
    try lake.write("events/dt=2026-01-31/x.parquet", a, integers(0..<4))
    try lake.write("sales/items/part-0.parquet", a, integers(0..<5))
    try lake.write("tpch/first.parquet", a, integers(0..<6))
    try lake.write("tpch/second.parquet", b, integers(0..<7))
    try lake.write("tpch/_temporary.parquet", b, integers(0..<7))
    #expect(try await lake.connector.schemas() == ["default", "sales", "tpch"])
    #expect(try await lake.connector.tables(in: "default").map(\.table) == ["clicks", "events", "single"])
    #expect(try await lake.connector.tables(in: "tpch").map(\.table) == ["first", "second"])
    #expect(try await lake.connector.tables(in: "sales").map(\.table) == ["items"])
    for (schema, table, count) in [
      ("default", "single", 1), ("default", "clicks", 3), ("default", "events", 4), ("sales", "items", 5), ("tpch", "first", 6),
      ("tpch", "second", 7),
    ] {
      #expect(try await lake.rows(lake.handle(table, schema: schema)).count == count)
    }
    #expect(try await lake.connector.table(TableName(schema: "sales", table: "none")) == nil)
    #expect(try await lake.connector.table(TableName(schema: "none", table: "items")) == nil)
  }

  @Test func keyValueFoldersAreColumns() async throws {
    let lake = try ScratchLake()
    let a = fields(("a", .bigint))
    try lake.write("t/dt=2026-01-30/n=1/kind=x%2Fy/f.parquet", a, integers(0..<1))
    try lake.write("t/dt=2026-01-31/n=22/kind=7/f.parquet", a, integers(1..<2))
    try lake.write("t/dt=2026-02-01/n=-3/kind=__HIVE_DEFAULT_PARTITION__/f.parquet", a, integers(2..<3))
    let table = try await lake.handle("t")
    #expect(table.columns.map(\.name) == ["a", "dt", "n", "kind"])
    #expect(table.columns.map(\.type) == [.bigint, .date, .bigint, .varchar])
    let day = Int64(Calendar.days(year: 2026, month: 1, day: 30))
    #expect(
      try await lake.rows(table) == [
        [.integer(0), .integer(day), .integer(1), .text("x/y")], [.integer(1), .integer(day + 1), .integer(22), .text("7")],
        [.integer(2), .integer(day + 2), .integer(-3), .null],
      ])
    let hidden = try await lake.rows(table, ["$path", "$file_size", "$file_modified_time"])
    #expect(hidden[1][0] == .text(lake.path + "/t/dt=2026-01-31/n=22/kind=7/f.parquet"))
    #expect(try await lake.connector.columns(of: table).filter(\.isHidden).map(\.name) == ["$path", "$file_size", "$file_modified_time"])
    let entry = try #require(try await LocalStore().entry(lake.path + "/t/dt=2026-01-31/n=22/kind=7/f.parquet"))
    #expect(hidden[1][1] == .integer(Int64(entry.size)))
    #expect(hidden[1][2] == .integer(Int64(entry.modified / 1000)))
  }

  @Test func filesOfOneTableMayDiffer() async throws {
    let lake = try ScratchLake()
    try lake.write("t/1.parquet", fields(("a", .integer), ("old", .varchar)), [[.integer(1), .text("o")]])
    try lake.write("t/2.parquet", fields(("new", .double), ("a", .bigint)), [[.double(2.5), .integer(2)]])
    let table = try await lake.handle("t")
    #expect(table.columns.map(\.name) == ["new", "a", "old"])
    #expect(table.columns.map(\.type) == [.double, .bigint, .varchar])
    #expect(try await lake.rows(table) == [[.null, .integer(1), .text("o")], [.double(2.5), .integer(2), .null]])
    let small = try #require(try lake.connector.apply(filter: try table.compare("a", "$less_than", .integer(2)), to: table))
    #expect(try await lake.rows(small.table, ["old"]) == [[.text("o")]])
    let known = try #require(try lake.connector.apply(filter: .not(.isNull(try table.column("new"))), to: table))
    #expect(try await lake.rows(known.table, ["a"]) == [[.integer(2)]])
    let unknown = try #require(try lake.connector.apply(filter: .isNull(try table.column("new")), to: table))
    #expect(try await lake.rows(unknown.table, ["a"]) == [[.integer(1)]])
  }

  @Test func typesThatDoNotFitNameTheFile() async throws {
    let lake = try ScratchLake()
    for (name, type, value) in [("1", DataType.bigint, Constant.integer(1)), ("2", .varchar, .text("x")), ("3", .bigint, .integer(3))] {
      try lake.write("t/\(name).parquet", fields(("a", type), ("b", .bigint)), [[value, .integer(0)]])
    }
    let table = try await lake.handle("t")
    let error = await message { _ = try await lake.rows(table) }
    #expect(error?.code.name == "HIVE_PARTITION_SCHEMA_MISMATCH")
    #expect(error?.message == "\(lake.path)/t/2.parquet: column 'a' is of type varchar, which does not fit the table's type bigint")
    #expect(try await lake.rows(table, ["b"]).count == 3)
  }

  @Test func pathsAndPatterns() async throws {
    let lake = try ScratchLake()
    let a = fields(("a", .bigint))
    try lake.write("x/day=1/f1.parquet", a, integers(0..<1))
    try lake.write("x/day=2/f2.parquet", a, integers(1..<3))
    try lake.write("x/g.dat", a, integers(3..<6))
    let files = LakeConnector.files()
    func count(_ path: String) async throws -> Int {
      try await files.rows(try #require(try await files.table(forPath: lake.path + path))).count
    }
    #expect(try await count("/x/day=1/f1.parquet") == 1)
    #expect(try await count("/x/*/*.parquet") == 3)
    #expect(try await count("/**/*.parquet") == 3)
    #expect(try await count("/x/**/f[2-9].parquet") == 2)
    #expect(try await count("/x/{day=1/f1,day=2/f2}.parquet") == 3)
    #expect(try await count("/x/g.*") == 3)
    #expect(try await count("/x") == 3)
    let table = try #require(try await files.table(forPath: lake.path + "/x/*/*.parquet"))
    #expect(table.columns.map(\.name) == ["a", "day"])
    let error = await message { _ = try await files.table(forPath: lake.path + "/none/*.parquet") }
    #expect(error?.code.name == "NOT_FOUND")
    #expect(try await files.table(forPath: "plainword") == nil)
    #expect(try await files.schemas().isEmpty)
  }

  @Test func aBrokenFileFailsOnlyWhoReadsIt() async throws {
    let lake = try ScratchLake()
    let a = fields(("a", .bigint))
    try lake.write("t/dt=2026-01-01/f.parquet", a, integers(0..<3))
    try lake.write("t/dt=2026-01-03/f.parquet", a, integers(3..<5))
    try LocalStore.createFolder(lake.path + "/t/dt=2026-01-02")
    try await LocalStore().put(lake.path + "/t/dt=2026-01-02/f.parquet", Array("this is no Parquet file at all".utf8))
    let table = try await lake.handle("t")
    let error = await message { _ = try await lake.rows(table) }
    #expect(error?.message.contains("/t/dt=2026-01-02/f.parquet") ?? false)
    let day = Int64(Calendar.days(year: 2026, month: 1, day: 3))
    let later = try #require(try lake.connector.apply(filter: try table.compare("dt", "$equal", .integer(day)), to: table))
    #expect(try await lake.rows(later.table, ["a"]) == [[.integer(3)], [.integer(4)]])
  }
}
