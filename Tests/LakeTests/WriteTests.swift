import Federation
import Glibc
import Lake
import ObjectStore
import Testing
import Values
import Vectors

/// Tables appear whole or not at all.
@Suite struct WriteTests {
  private static let shape = fields(("a", .bigint), ("day", .date), ("name", .varchar))

  private static func batch(_ range: Range<Int>) -> Batch {
    let a = VectorBuilder(.bigint), day = VectorBuilder(.date), name = VectorBuilder(.varchar)
    for i in range {
      a.append(Int64(i))
      if i % 5 == 0 { day.appendNull() } else { day.append(Int32(19_000 + i % 3)) }
      name.append("name \(i)")
    }
    return Batch([a.finish(), day.finish(), name.finish()], count: range.count)
  }

  private static func rows(_ range: Range<Int>) -> Set<[Constant]> {
    Set(range.map { [.integer(Int64($0)), $0 % 5 == 0 ? .null : .integer(Int64(19_000 + $0 % 3)), .text("name \($0)")] })
  }

  @Test func tablesAreCreatedGrownAndDropped() async throws {
    let lake = try ScratchLake()
    let name = TableName(schema: "sales", table: "made")
    try await lake.connector.createSchema("sales")
    let write = try await lake.connector.begin(.create(name, WriteTests.shape, properties: ["format": "'PARQUET'"]))
    let first = try await write.sink(), second = try await write.sink()
    try await first.append(WriteTests.batch(0..<100))
    try await second.append(WriteTests.batch(100..<150))
    try await first.finish()
    try await second.finish()
    #expect(try await lake.connector.table(name) == nil)
    try await write.commit()
    let table = try await lake.handle("made", schema: "sales")
    #expect(Set(try await lake.rows(table)) == WriteTests.rows(0..<150))
    let insert = try await lake.connector.begin(.insert(table, columns: ["name", "a"]))
    let sink = try await insert.sink()
    let names = VectorBuilder(.varchar), numbers = VectorBuilder(.bigint)
    names.append("n")
    numbers.append(Int64(-1))
    try await sink.append(Batch([names.finish(), numbers.finish()], count: 1))
    try await sink.finish()
    #expect(try await lake.rows(table).count == 150)
    try await insert.commit()
    #expect(try await lake.rows(table).contains([.integer(-1), .null, .text("n")]))
    let again = await message { _ = try await lake.connector.begin(.create(name, WriteTests.shape, properties: [:])) }
    #expect(again?.code.name == "TABLE_ALREADY_EXISTS")
    let full = await message { try await lake.connector.dropSchema("sales") }
    #expect(full?.code.name == "SCHEMA_NOT_EMPTY")
    try await lake.connector.drop(name)
    #expect(!LocalStore.exists(lake.path + "/sales/made"))
    try await lake.connector.dropSchema("sales")
    #expect(try await lake.connector.schemas() == ["default"])
  }

  @Test func partitionsAreFolders() async throws {
    let lake = try ScratchLake()
    let name = TableName(schema: "default", table: "p")
    let write = try await lake.connector.begin(.create(name, WriteTests.shape, properties: ["partitioned_by": "ARRAY['day']"]))
    let sink = try await write.sink()
    try await sink.append(WriteTests.batch(0..<60))
    try await sink.finish()
    try await write.commit()
    #expect(LocalStore.isFolder(lake.path + "/p/day=2022-01-08"))
    #expect(LocalStore.isFolder(lake.path + "/p/day=__HIVE_DEFAULT_PARTITION__"))
    let table = try await lake.handle("p")
    #expect(table.columns.map(\.name) == ["a", "name", "day"])
    #expect(Set(try await lake.rows(table, ["a", "day", "name"])) == WriteTests.rows(0..<60))
    let insert = try await lake.connector.begin(.insert(table, columns: ["a", "day", "name"]))
    let more = try await insert.sink()
    try await more.append(WriteTests.batch(60..<90))
    try await more.finish()
    try await insert.commit()
    #expect(Set(try await lake.rows(table, ["a", "day", "name"])) == WriteTests.rows(0..<90))
    let wrong = await message {
      _ = try await lake.connector.begin(
        .create(TableName(schema: "default", table: "q"), WriteTests.shape, properties: ["partitioned_by": "ARRAY['none']"]))
    }
    #expect(wrong?.code.name == "INVALID_TABLE_PROPERTY")
  }

  @Test func textPartitionsKeepTheirType() async throws {
    let lake = try ScratchLake()
    let shape = fields(("a", .bigint), ("code", .varchar))
    let write = try await lake.connector.begin(
      .create(TableName(schema: "default", table: "t"), shape, properties: ["partitioned_by": "ARRAY['code']"]))
    let sink = try await write.sink()
    let a = VectorBuilder(.bigint), code = VectorBuilder(.varchar)
    for text in ["001", ".x/y=", "ü"] {
      a.append(Int64(1))
      code.append(text)
    }
    try await sink.append(Batch([a.finish(), code.finish()], count: 3))
    try await sink.finish()
    try await write.commit()
    let table = try await lake.handle("t")
    #expect(table.columns.last?.type == .varchar)
    #expect(Set(try await lake.rows(table, ["code"])) == [[.text("001")], [.text(".x/y=")], [.text("ü")]])
  }

  @Test func anAbortLeavesNothing() async throws {
    let lake = try ScratchLake()
    let write = try await lake.connector.begin(.create(TableName(schema: "default", table: "t"), WriteTests.shape, properties: [:]))
    let sink = try await write.sink()
    try await sink.append(WriteTests.batch(0..<10))
    await write.abort()
    #expect(try await lake.connector.tables(in: "default").isEmpty)
    #expect(try await LocalStore().level(lake.path)?.folders == [])
  }

  @Test func anEmptyTableHasItsColumns() async throws {
    let lake = try ScratchLake()
    let write = try await lake.connector.begin(.create(TableName(schema: "default", table: "t"), WriteTests.shape, properties: [:]))
    let sink = try await write.sink()
    try await sink.finish()
    try await write.commit()
    let table = try await lake.handle("t")
    #expect(table.columns.map(\.type) == [.bigint, .date, .varchar])
    #expect(try await lake.rows(table).isEmpty)
  }

  @Test func nothingOutsideTheLocationIsDropped() async throws {
    let lake = try ScratchLake(), other = try ScratchLake()
    try other.write("kept/f.parquet", fields(("a", .bigint)), integers(0..<1))
    _ = symlink(other.path + "/kept", lake.path + "/linked")
    let error = await message { try await lake.connector.drop(TableName(schema: "default", table: "linked")) }
    #expect(error?.code.name == "PERMISSION_DENIED")
    #expect(LocalStore.exists(other.path + "/kept/f.parquet"))
    let climbing = await message {
      _ = try await lake.connector.begin(.create(TableName(schema: "default", table: "../x"), WriteTests.shape, properties: [:]))
    }
    #expect(climbing?.code.name == "NOT_SUPPORTED")
  }
}
