import Federation
import Lake
import ObjectStore
import Testing
import Values
import Vectors

/// Writes into a bucket are seen whole or not at all, by this reader and by others.
@Suite struct BucketWriteTests {
  private let server: BucketServer
  private static let shape = fields(("a", .bigint), ("kind", .varchar))

  init() throws { server = try BucketServer.shared.get() }

  private static func batch(_ range: Range<Int>, width: Int = 0) -> Batch {
    let a = VectorBuilder(.bigint), kind = VectorBuilder(.varchar)
    var random = SystemRandomNumberGenerator()
    for i in range {
      a.append(Int64(i))
      kind.append(width == 0 ? "k\(i % 3)" : (0..<width / 16).map { _ in String(random.next(), radix: 36) }.joined())
    }
    return Batch([a.finish(), kind.finish()], count: range.count)
  }

  private func write(_ write: any TableWrite, _ parts: [Batch]) async throws {
    for part in parts {
      let sink = try await write.sink()
      try await sink.append(part)
      try await sink.finish()
    }
  }

  @Test func tablesAreCreatedGrownAndDropped() async throws {
    let bucket = try server.bucket()
    let lake = try bucket.lake("lake"), other = try bucket.lake("lake")
    try await lake.createSchema("sales")
    #expect(try await other.schemas() == ["default", "sales"])
    let name = TableName(schema: "sales", table: "made")
    let created = try await lake.begin(.create(name, BucketWriteTests.shape, properties: [:]))
    try await write(created, [BucketWriteTests.batch(0..<50), BucketWriteTests.batch(50..<70)])
    #expect(try await other.table(name) == nil)
    #expect(try bucket.keys() == ["lake/sales/"])
    try await created.commit()
    #expect(try await other.numbers(try await other.handle("made", schema: "sales")) == Array(0..<70))
    #expect(try bucket.read("lake/sales/made/") == Array(0..<70))
    let insert = try await lake.begin(.insert(try await lake.handle("made", schema: "sales"), columns: ["a", "kind"]))
    try await write(insert, [BucketWriteTests.batch(70..<80), BucketWriteTests.batch(80..<90)])
    #expect(try await other.numbers(try await other.handle("made", schema: "sales")) == Array(0..<70))
    try await insert.commit()
    #expect(try await other.numbers(try await other.handle("made", schema: "sales")) == Array(0..<90))
    #expect(try bucket.keys().filter { $0.contains("/.") } == [])
    #expect(
      await message { _ = try await lake.begin(.create(name, BucketWriteTests.shape, properties: [:])) }?.code.name
        == "TABLE_ALREADY_EXISTS")
    #expect(await message { try await lake.dropSchema("sales") }?.code.name == "SCHEMA_NOT_EMPTY")
    try await lake.drop(name)
    #expect(try await other.table(name) == nil)
    #expect(try bucket.keys() == ["lake/sales/"])
    try await lake.dropSchema("sales")
    #expect(try bucket.keys() == [])
  }

  @Test func partitionsAreFolders() async throws {
    let bucket = try server.bucket()
    let lake = try bucket.lake()
    let name = TableName(schema: "default", table: "p")
    let created = try await lake.begin(.create(name, BucketWriteTests.shape, properties: ["partitioned_by": "ARRAY['kind']"]))
    try await write(created, [BucketWriteTests.batch(0..<30)])
    try await created.commit()
    #expect(Set(try bucket.keys().compactMap { $0.split(separator: "/").dropFirst().first }) == ["kind=k0", "kind=k1", "kind=k2"])
    #expect(
      Set(try await lake.rows(try await lake.handle("p"), ["a", "kind"]))
        == Set((0..<30).map { [.integer(Int64($0)), .text("k\($0 % 3)")] }))
    let table = try await lake.handle("p")
    let chosen = try #require(try lake.apply(deletion: table.compare("kind", "$equal", .text("k1")), to: table))
    #expect(try await lake.delete(chosen, context).next()?.columns[0].constant(at: 0) == .integer(10))
    #expect(Set(try bucket.keys().compactMap { $0.split(separator: "/").dropFirst().first }) == ["kind=k0", "kind=k2"])
    #expect(try await lake.rows(try await lake.handle("p"), ["a"]).count == 20)
  }

  /// More than a part: sent while it is written, and as invisible before the commit as a small file.
  @Test func largeFilesGoInParts() async throws {
    let bucket = try server.bucket()
    let lake = try bucket.lake("", partSize: 5 << 20)
    let name = TableName(schema: "default", table: "large")
    let created = try await lake.begin(.create(name, BucketWriteTests.shape, properties: ["compression_codec": "NONE"]))
    let sink = try await created.sink()
    for part in 0..<7 { try await sink.append(BucketWriteTests.batch(part * 1000..<part * 1000 + 1000, width: 3000)) }
    try await sink.finish()
    #expect(try bucket.keys() == [])
    #expect(try bucket.uploads().count == 1)
    // the answer to the last word is lost: the upload turns out to be complete
    try bucket.fault("^POST .*uploadId", "lost")
    try await created.commit()
    #expect(try bucket.uploads() == [])
    #expect(try bucket.read("large/") == Array(0..<7000))
    #expect(try await lake.numbers(try await lake.handle("large")) == Array(0..<7000))
  }

  @Test func failuresLeaveNothing() async throws {
    let bucket = try server.bucket()
    let lake = try bucket.lake("", ["s3.max-error-retries": "1"], partSize: 5 << 20)
    let name = TableName(schema: "default", table: "t")
    // the third of three files cannot be written
    let created = try await lake.begin(.create(name, BucketWriteTests.shape, properties: [:]))
    try await write(created, (0..<3).map { BucketWriteTests.batch($0 * 10..<$0 * 10 + 10) })
    try bucket.fault("^PUT .*part-", "status:503:SlowDown", times: -1, after: 2)
    let failed = await message { try await created.commit() }
    #expect(failed?.message.contains("Cannot write") ?? false)
    #expect(try await lake.table(name) == nil)
    await created.abort()
    #expect(try bucket.keys() == [])
    // an upload in parts that is given up
    try bucket.heal()
    let large = try await lake.begin(.create(name, BucketWriteTests.shape, properties: ["compression_codec": "NONE"]))
    let sink = try await large.sink()
    try await sink.append(BucketWriteTests.batch(0..<5000, width: 3000))
    try await sink.finish()
    #expect(try bucket.uploads().count == 1)
    await large.abort()
    #expect(try bucket.uploads() == [])
    #expect(try bucket.keys() == [])
  }

  /// Files of a write that broke off, and of a DROP that did: no reader takes them for a table.
  @Test func whatBrokeOffIsNotSeen() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("t/part-one-1.parquet", 0..<10)
    try bucket.parquet("t/dt=1/part-two-1.parquet", 10..<20)
    try bucket.put("t/.pending-two", "")
    try bucket.parquet("gone/part-x-1.parquet", 0..<10)
    try bucket.put("gone/.dropped", "")
    let lake = try bucket.lake()
    #expect(try await lake.numbers(try await lake.handle("t")) == Array(0..<10))
    let name = TableName(schema: "default", table: "gone")
    #expect(try await lake.table(name) == nil)
    #expect(try await lake.tables(in: "default").map(\.table) == ["t"])
    let again = try await lake.begin(.create(name, BucketWriteTests.shape, properties: [:]))
    try await write(again, [BucketWriteTests.batch(5..<8)])
    try await again.commit()
    #expect(try await lake.numbers(try await lake.handle("gone")) == Array(5..<8))
  }
}
