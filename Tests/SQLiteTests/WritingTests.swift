import Federation
import RemoteSQL
import SQLite
import Settings
import Testing
import Values
import Vectors

@Suite struct WritingTests {
  private static let fields: [DataType.Field] = [
    .init("id", .bigint), .init("name", .varchar), .init("price", .decimal(precision: 10, scale: 2)),
    .init("wide", .decimal(precision: 30, scale: 3)),
    .init("day", .date), .init("at", .timestamp(precision: 6)), .init("ok", .boolean), .init("x", .double), .init("raw", .varbinary),
    .init("small", .smallint),
  ]
  private static let rows: [[Constant]] = [
    [
      .integer(.max), .text("Straße, long enough to lie in the heap"), .integer(-1234), .wide(123_456_789_012_345_678_901),
      .integer(-719_000), .integer(-1), .boolean(true),
      .double(0.1), .bytes([0, 1, 255]), .integer(-5),
    ],
    Array(repeating: .null, count: 10),
    [
      .integer(0), .text(""), .integer(100), .wide(0), .integer(19_000), .integer(1_700_000_000_123_456), .boolean(false), .double(-1e300),
      .bytes([]),
      .integer(7),
    ],
  ]

  private static func batch(_ rows: [[Constant]]) -> Batch {
    let builders = fields.map { VectorBuilder($0.type) }
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return Batch(builders.map { $0.finish() }, count: rows.count)
  }

  @Test func tablesAreCreatedFilledAndDropped() async throws {
    let database = try ScratchDatabase("CREATE TABLE other (a INTEGER)")
    let connector = SQLiteConnector(path: database.path)
    let name = TableName(schema: "main", table: "made")
    let write = try await connector.begin(.create(name, WritingTests.fields, properties: [:]))
    let sink = try await write.sink()
    try await sink.append(WritingTests.batch(WritingTests.rows))
    // nothing is there before the commit
    #expect(try await connector.table(name) == nil)
    try await sink.finish()
    try await write.commit()
    let table = try await connector.handle("made")
    let back = try await connector.rows(table)
    #expect(back == WritingTests.rows)
    let insert = try await connector.begin(.insert(table, columns: ["name", "id"]))
    let more = try await insert.sink()
    let names = VectorBuilder(.varchar), numbers = VectorBuilder(.bigint)
    names.append("n")
    numbers.append(Int64(9))
    try await more.append(Batch([names.finish(), numbers.finish()], count: 1))
    try await more.finish()
    try await insert.commit()
    let last = try await connector.rows("made").last
    #expect(last?.prefix(3) == [.integer(9), .text("n"), .null])
    let again = await message { _ = try await connector.begin(.create(name, WritingTests.fields, properties: [:])) }
    #expect(again?.code.name == "TABLE_ALREADY_EXISTS")
    try await connector.drop(name)
    #expect(try await connector.table(name) == nil)
  }

  @Test func anAbortLeavesNothing() async throws {
    let database = try ScratchDatabase("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)")
    let connector = SQLiteConnector(path: database.path)
    let write = try await connector.begin(.insert(try await connector.handle("t"), columns: ["a"]))
    let sink = try await write.sink()
    let numbers = VectorBuilder(.bigint)
    numbers.append(Int64(2))
    try await sink.append(Batch([numbers.finish()], count: 1))
    await write.abort()
    #expect(try await connector.rows("t") == [[.integer(1)]])
  }

  @Test func errorsNameTheFile() async throws {
    let missing = SQLiteConnector(path: "/tmp/minipresto-no-such-file.db")
    let error = await message { _ = try await missing.schemas() }
    #expect(error?.message == "Cannot open SQLite database '/tmp/minipresto-no-such-file.db': there is no such file")
    let unsupported = await message {
      let database = try ScratchDatabase()
      _ = try await SQLiteConnector(path: database.path).begin(
        .create(TableName(schema: "main", table: "t"), [.init("a", .array(.bigint))], properties: [:]))
    }
    #expect(unsupported?.message == "Column 'a': SQLite cannot store type array(bigint)")
    let bad = Properties(["connection-url": "jdbc:postgresql://x"], origin: "x.properties")
    #expect(throws: PrestoError.self) { try SQLiteConnector.factory.connector(for: "x", bad) }
    let misspelt = Properties(["sqlite.path": "/tmp/x", "sqlite.pat": "y"], origin: "x.properties")
    #expect(throws: PrestoError.self) { try SQLiteConnector.factory.connector(for: "x", misspelt) }
  }
}
