import Expressions
import Federation
import Lake
import ObjectStore
import Settings
import Testing
import Values
import Vectors

/// Tables in a bucket that pyarrow has written: the right rows, with few requests, however the store behaves.
@Suite struct BucketReadTests {
  private let server: BucketServer

  init() throws { server = try BucketServer.shared.get() }

  @Test func foldersAreTablesAndNewFilesAreSeenAtOnce() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("lake/sales/items/dt=2026-01-01/a.parquet", 0..<100)
    try bucket.parquet("lake/sales/items/dt=2026-01-02/ü ?#%+&.parquet", 100..<200, group: 30)
    try bucket.parquet("lake/plain.parquet", 0..<5)
    let lake = try bucket.lake("lake")
    #expect(try await lake.schemas() == ["default", "sales"])
    #expect(try await lake.tables(in: "sales").map(\.table) == ["items"])
    #expect(try await lake.tables(in: "default").map(\.table) == ["plain"])
    let table = try await lake.handle("items", schema: "sales")
    #expect(table.columns.map(\.type) == [.bigint, .varchar, .double, .boolean, .date])
    #expect(try await lake.numbers(table) == Array(0..<200))
    let row = try await lake.rows(table, ["a", "name", "x", "even", "$file_size"]).first { $0[0] == .integer(4) }
    #expect(row?.dropLast() == [.integer(4), .text("name 4"), .double(1), .boolean(true)])
    try bucket.parquet("lake/sales/items/dt=2026-01-03/c.parquet", 200..<300)
    #expect(try await lake.numbers(try await lake.handle("items", schema: "sales")) == Array(0..<300))
    #expect(try await lake.numbers(try await lake.handle("PLAIN")) == Array(0..<5))
    #expect(try await lake.table(TableName(schema: "sales", table: "none")) == nil)
  }

  @Test func foldersAndStatisticsKeepFilesClosed() async throws {
    let bucket = try server.bucket()
    for day in 1...6 { try bucket.parquet("t/dt=2026-01-0\(day)/f.parquet", day * 1000..<day * 1000 + 1000, group: 100) }
    let lake = try bucket.lake()
    var table = try await lake.handle("t")
    let dates = try table.compare("dt", "$equal", .integer(20_457))  // 2026-01-04
    table = try #require(try lake.apply(filter: dates, to: table)).table
    _ = try bucket.log()
    #expect(try await lake.numbers(table) == Array(4000..<5000))
    let reads = try bucket.log().filter { $0.hasPrefix("GET") && $0.contains(".parquet") }
    #expect(reads.allSatisfy { $0.contains("dt=2026-01-04") })
    // the footer, then one request or two for ten groups of one column that lie near one another
    #expect(reads.count <= 12)
    // a footer that is known is not read again
    var few = try await lake.handle("t")
    few = try #require(try lake.apply(filter: try few.compare("a", "$equal", .integer(4250)), to: few)).table
    _ = try await lake.rows(few, ["name"])
    _ = try bucket.log()
    #expect(try await lake.rows(few, ["name"]) == [[.text("name 4250")]])
    // nor is a column
    #expect(try bucket.log().filter { $0.contains(".parquet") } == [])
    #expect(try await lake.rows(few, ["x"]) == [[.double(1062.5)]])
    #expect(try bucket.log().filter { $0.contains(".parquet") }.count == 1)
    // without room each read is a request
    let small = LakeConnector(location: "s3://\(bucket.name)", store: try bucket.store(), cacheSize: 0)
    for _ in 0..<2 { #expect(try await small.numbers(try await small.handle("t")).count == 6000) }
    _ = try bucket.log()
    #expect(try await small.numbers(try await small.handle("t")).count == 6000)
    #expect(try bucket.log().filter { $0.contains(".parquet") }.count >= 6)
  }

  @Test func pagesAndBloomFiltersComeBeforeTheRows() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("t/f.parquet", 0..<20_000, index: true, page: 4096)
    let lake = try bucket.lake()
    var table = try await lake.handle("t")
    table = try #require(try lake.apply(filter: try table.compare("a", "$equal", .integer(12_345)), to: table)).table
    #expect(try await lake.rows(table, ["name", "x"]) == [[.text("name 12345"), .double(3086.25)]])
  }

  @Test func countsComeFromFooters() async throws {
    let bucket = try server.bucket()
    for part in 0..<5 { try bucket.parquet("t/\(part).parquet", part * 10..<part * 10 + 10) }
    let lake = try bucket.lake()
    let table = try await lake.handle("t")
    let a = try table.column("a")
    let answer = try #require(
      try lake.apply(
        aggregation: Aggregation(
          keys: [],
          calls: [
            Aggregation.Call(function: FunctionID("count", []), arguments: [], isDistinct: false, type: .bigint),
            Aggregation.Call(function: FunctionID("max", [.bigint]), arguments: [a], isDistinct: false, type: .bigint),
          ]), to: table))
    let columns = answer.outputs.compactMap { if case .reference(let column, _) = $0 { column } else { nil } }
    let splits = try await lake.splits(of: answer.table, narrowedBy: DynamicFilter(), context)
    let split = try #require(try await splits.next()?.first)
    let source = try await lake.open(split, of: answer.table, columns: columns, narrowedBy: DynamicFilter(), context)
    let batch = try #require(try await source.next())
    #expect(batch.columns.map { $0.constant(at: 0) } == [.integer(50), .integer(49)])
  }

  @Test func longListingsComeInPages() async throws {
    let bucket = try server.bucket()
    for part in 0..<11 { try bucket.parquet("t/\(part).parquet", part..<part + 1) }
    try bucket.fault("list-type=2", "page:3", times: -1)
    let lake = try bucket.lake()
    #expect(try await lake.numbers(try await lake.handle("t")) == Array(0..<11))
    #expect(try bucket.log().filter { $0.contains("list-type=2") }.count >= 4)
  }

  @Test func pathsNeedNoCatalog() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("logs/dt=2026-01-01/a.parquet", 0..<3)
    try bucket.parquet("logs/dt=2026-01-02/b.parquet", 3..<6)
    let files = LakeConnector(location: nil, store: try bucket.store())
    for path in ["logs/**/*.parquet", "logs/dt=2026-01-0{1,2}/?.parquet", "logs", "logs/"] {
      let table = try #require(try await files.table(forPath: "s3://\(bucket.name)/\(path)"))
      #expect(try await files.numbers(table) == Array(0..<6), "\(path)")
      #expect(table.columns.last?.name == "dt")
    }
    let one = try #require(try await files.table(forPath: "s3://\(bucket.name)/logs/dt=2026-01-02/b.parquet"))
    #expect(try await files.numbers(one) == Array(3..<6))
    let none = await message { _ = try await files.table(forPath: "s3://\(bucket.name)/none/*.parquet") }
    #expect(none?.code.name == "NOT_FOUND")
  }

  /// What a busy or broken store does, each twice, at the footer and in the columns; the rows come right all the same.
  @Test(arguments: ["status:503:SlowDown", "status:500:InternalError", "hangup", "truncate", "short", "long", "range", "whole", "delay:30"])
  func whatPassesIsTriedAgain(_ what: String) async throws {
    let bucket = try server.bucket()
    for part in 0..<4 { try bucket.parquet("t/\(part).parquet", part * 1000..<part * 1000 + 1000, group: 250) }
    let expected = Array(0..<4000)
    let lake = try bucket.lake()
    try bucket.fault("^GET .*parquet bytes", what, times: 2)
    try bucket.fault("^GET .*parquet bytes", what, times: 2, after: 5)
    if what.hasPrefix("status") || what == "hangup" { try bucket.fault("list-type", what, times: 2) }
    #expect(try await lake.numbers(try await lake.handle("t")) == expected)
  }

  @Test(arguments: ["garbage", "truncate", "status:503:SlowDown"])
  func brokenListingsAreTriedAgain(_ what: String) async throws {
    let bucket = try server.bucket()
    try bucket.parquet("t/f.parquet", 0..<10)
    try bucket.fault("list-type", what, times: 2)
    let lake = try bucket.lake()
    #expect(try await lake.numbers(try await lake.handle("t")) == Array(0..<10))
  }

  @Test func whatLastsIsAnErrorInTheEnd() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("t/f.parquet", 0..<10)
    let lake = try bucket.lake("", ["s3.max-error-retries": "3"])
    let table = try await lake.handle("t")
    try bucket.fault("^GET .*f.parquet", "status:503:SlowDown", times: -1)
    let busy = await message { _ = try await lake.rows(table) }
    #expect(busy?.code.name == "HIVE_FILESYSTEM_ERROR")
    #expect(busy?.message == "Cannot read s3://\(bucket.name)/t/f.parquet: the store answered 503 SlowDown (4 tries)")
    try bucket.heal()
    try bucket.fault("^GET .*f.parquet", "truncate", times: -1)
    let short = await message { _ = try await lake.rows(table) }
    #expect(short?.message.contains("4 tries") ?? false)
    try bucket.heal()
    try bucket.fault("list-type", "garbage", times: -1)
    let garbage = await message { _ = try await lake.handle("t") }
    #expect(garbage?.message.contains("the listing makes no sense") ?? false)
  }

  /// A file that another has taken the place of, or that is gone, after the query was planned.
  @Test func aFileThatChangesIsAnError() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("t/f.parquet", 0..<1000)
    let lake = try bucket.lake()
    let table = try await lake.handle("t")
    try bucket.parquet("t/f.parquet", 5000..<6000)
    let replaced = await message { _ = try await lake.rows(table) }
    #expect(replaced?.message == "s3://\(bucket.name)/t/f.parquet changed while it was read")
    #expect(try await lake.numbers(try await lake.handle("t")) == Array(5000..<6000))
    let gone = try await lake.handle("t")
    try bucket.delete("t/f.parquet")
    #expect(await message { _ = try await lake.rows(gone) }?.message == "s3://\(bucket.name)/t/f.parquet changed while it was read")
    // a store that does not heed If-Match is caught by what it answers
    try bucket.parquet("t/f.parquet", 0..<1000)
    let last = try await lake.handle("t")
    try bucket.fault("^GET .*f.parquet", "etag", times: -1)
    #expect(await message { _ = try await lake.rows(last) }?.message.contains("changed while it was read") ?? false)
  }

  @Test func refusalsSayWhatToDoAndNoSecrets() async throws {
    let bucket = try server.bucket()
    try bucket.parquet("t/f.parquet", 0..<10)
    let wrong = try bucket.lake("", ["s3.aws-secret-key": "some/other+SECRET"])
    let refused = await message { _ = try await wrong.handle("t") }
    #expect(refused?.code.name == "PERMISSION_DENIED")
    #expect(refused?.message == "Cannot list s3://\(bucket.name)/t: the store answered 403 SignatureDoesNotMatch")
    #expect(refused?.hint == "The keys are not those of the store.")
    let unsigned = LakeConnector(
      location: "s3://\(bucket.name)",
      store: S3Store(
        try S3Configuration(
          Properties(["s3.endpoint": "http://127.0.0.1:\(server.port)"], origin: "test"), environment: { _ in nil })))
    #expect(await message { _ = try await unsigned.handle("t") }?.hint?.contains("No keys are set") ?? false)
    let missing = await message { _ = try await LakeConnector(location: "s3://no-such-bucket", store: bucket.store()).schemas() }
    #expect(missing?.message.contains("there is no bucket 'no-such-bucket'") ?? false)
    // neither errors nor EXPLAIN nor the configuration's own description hold a key
    let lake = try bucket.lake()
    let table = try await lake.handle("t")
    let texts = [
      "\(String(describing: refused))", "\(lake.explain(table, columns: table.columns))", "\(String(reflecting: table))",
      String(describing: try bucket.store()), String(reflecting: try bucket.store()), "\(Mirror(reflecting: lake).children.map { $0 })",
    ]
    for text in texts {
      #expect(!text.contains(server.secret) && !text.contains("some/other+SECRET"))
    }
  }

  @Test func publicBucketsNeedNoKeys() async throws {
    let bucket = try server.bucket("public")
    try bucket.parquet("t/f.parquet", 0..<10)
    let lake = LakeConnector(
      location: "s3://\(bucket.name)",
      store: S3Store(
        try S3Configuration(
          Properties(["s3.endpoint": "http://127.0.0.1:\(server.port)"], origin: "test"), environment: { _ in nil })))
    #expect(try await lake.numbers(try await lake.handle("t")) == Array(0..<10))
  }
}
