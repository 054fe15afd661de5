import Federation
import Glibc
import Lake
import ObjectStore
import Parquet
import Settings
import Testing
import Values
import Vectors

/// Files of text as tables: what is taken for a header and for types, what is null, and what is said of a line that does not fit.
@Suite struct TextTests {
  private func put(_ lake: ScratchLake, _ name: String, _ text: String) async throws {
    try await LocalStore().put(lake.path + "/" + name, Array(text.utf8))
  }

  private func types(_ table: LakeTable) -> [String] { table.columns.map { "\($0.name) \($0.type)" } }

  @Test func headersAndTypesAreTakenFromTheFirstRows() async throws {
    let lake = try ScratchLake()
    let text = """
      id,name,price,day,seen,zoned,ok,phone
      1,"Amal, ""the"" first",1.5,2026-01-31,2026-01-31 12:00:01.25,2026-01-31T12:00:00+02:00,true,0020100
      -2,,2,,,,FALSE,"0020101"
      3,"two
      lines",-1e3,1969-12-31,2026-01-31T00:00:00,2026-01-31T12:00:00Z,,0020102

      """
    try await put(lake, "t.csv", text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
    let table = try await lake.handle("t")
    #expect(
      types(table) == [
        "id bigint", "name varchar", "price double", "day date", "seen timestamp(6)", "zoned timestamp(6) with time zone", "ok boolean",
        "phone varchar",
      ])
    let rows = try await lake.rows(table, ["id", "name", "price", "day", "ok", "phone"])
    #expect(
      rows == [
        [.integer(1), .text("Amal, \"the\" first"), .double(1.5), .integer(20_484), .boolean(true), .text("0020100")],
        [.integer(-2), .null, .double(2), .null, .boolean(false), .text("0020101")],
        [.integer(3), .text("two\r\nlines"), .double(-1000), .integer(-1), .null, .text("0020102")],
      ])
    let seen = try await lake.rows(table, ["seen"])
    #expect(seen.map { $0[0] } == [.integer(1_769_860_801_250_000), .null, .integer(1_769_817_600_000_000)])
    let zoned = try await lake.rows(table, ["zoned"]).map { $0[0].wideValue.map { ZonedTimestamp(bits: $0).micros } }
    #expect(zoned == [1_769_853_600_000_000, nil, 1_769_860_800_000_000])
    #expect(try await lake.rows(table, []).count == 3)
  }

  @Test func delimitersAndFilesWithoutNames() async throws {
    let lake = try ScratchLake()
    try await put(lake, "semi.csv", "a;b\n1;\"\"\n2;x,y")
    #expect(try await lake.rows(try await lake.handle("semi")) == [[.integer(1), .text("")], [.integer(2), .text("x,y")]])
    try await put(lake, "tabs.tsv", "1\tx\n2\ty\n")
    let tabs = try await lake.handle("tabs")
    #expect(types(tabs) == ["column0 bigint", "column1 varchar"])
    #expect(try await lake.rows(tabs) == [[.integer(1), .text("x")], [.integer(2), .text("y")]])
  }

  @Test func objectsOnLines() async throws {
    let lake = try ScratchLake()
    try await put(
      lake, "logs/dt=2026-01-01/a.jsonl",
      #"""
      {"id": 1, "name": "\u0623\ud83d\ude00\n\"x\"", "tags": ["a", {"b": "]"}], "n": 1}
      {"name": null, "id": 2, "extra": true, "n": 2.5}

      {}
      """#)
    try await put(lake, "logs/dt=2026-01-02/b.ndjson", #"{"id":4,"when":"2026-01-02T00:00:00"}"# + "\n")
    let table = try await lake.handle("logs")
    #expect(
      Set(types(table)) == [
        "id bigint", "when timestamp(6)", "name varchar", "tags varchar", "n double", "extra boolean", "dt date",
      ])
    let rows = try await lake.rows(table, ["id", "name", "tags", "n", "extra", "dt"])
    #expect(
      rows == [
        [.integer(1), .text("أ😀\n\"x\""), .text(#"["a", {"b": "]"}]"#), .double(1), .null, .integer(20_454)],
        [.integer(2), .null, .null, .double(2.5), .boolean(true), .integer(20_454)],
        [.null, .null, .null, .null, .null, .integer(20_454)],
        [.integer(4), .null, .null, .null, .null, .integer(20_455)],
      ])
    // folders skip files of text too
    let answer = try #require(try lake.connector.apply(filter: try table.compare("dt", "$equal", .integer(20_455)), to: table))
    #expect(answer.residual == nil)
    #expect(try await lake.rows(answer.table, ["id"]) == [[.integer(4)]])
    let other = try table.compare("id", "$equal", .integer(4))
    #expect(try lake.connector.apply(filter: other, to: table) == nil)
  }

  @Test func compressedFilesAndLongOnes() async throws {
    let lake = try ScratchLake()
    let lines = "id,text\n" + (0..<60_000).map { "\($0),some text number \($0)\n" }.joined()
    try await put(lake, "plain.csv", lines)
    for program in ["gzip", "zstd"] {
      let ending = program == "gzip" ? "gz" : "zst"
      let done = system("\(program) -q -c \(lake.path)/plain.csv > \(lake.path)/\(program).csv.\(ending) 2>/dev/null")
      if done != 0 { continue }
      let table = try await lake.handle(program)
      let rows = try await lake.rows(table)
      #expect(rows.count == 60_000)
      #expect(rows.last == [.integer(59_999), .text("some text number 59999")])
      // one that breaks off, and one whose bytes are others
      let bytes = try await LocalStore().read(
        try #require(try await LocalStore().entry("\(lake.path)/\(program).csv.\(ending)")), 0..<20_000)
      try await LocalStore().put("\(lake.path)/short.csv.\(ending)", bytes)
      let short = await message { _ = try await lake.rows(try await lake.handle("short")) }
      #expect(short?.code.name == "HIVE_BAD_DATA")
      #expect(short?.message.contains("breaks off") ?? false)
      try await LocalStore().delete("\(lake.path)/short.csv.\(ending)")
    }
    #expect(try await lake.rows(try await lake.handle("plain")).count == 60_000)
  }

  @Test func whatDoesNotFitIsNamedByItsLine() async throws {
    let lake = try ScratchLake()
    let many = (0..<3000).map { "\($0),x\n" }.joined()
    try await put(lake, "late.csv", "a,b\n" + many + "none,x\n")
    let late = await message { _ = try await lake.rows(try await lake.handle("late")) }
    #expect(late?.message == "\(lake.path)/late.csv, line 3002: column 'a': 'none' is not a value of type bigint")
    #expect(late?.hint?.contains("lake.columns") ?? false)
    try await put(lake, "ragged.csv", "a,b\n" + many + "\n1\n")
    let ragged = await message { _ = try await lake.rows(try await lake.handle("ragged")) }
    #expect(ragged?.message == "\(lake.path)/ragged.csv, line 3003: 1 fields where 2 are expected")
    for (name, text, expected) in [
      ("open.csv", "a,b\n1,\"x\n", "line 2: a quote is not closed"), ("array.json", "[1]\n", "line 1: each line must be a JSON object"),
      ("cut.json", "{\"a\": 1}\n{\"a\": [1}\n", "line 2: the JSON is not well formed: another bracket is expected at byte 9"),
      ("word.json", "{\"a\": nil}", "line 1: the JSON is not well formed: a value is expected at byte 7"),
    ] {
      try await put(lake, "x/" + name, text)
      let error = await message { _ = try await lake.rows(try await lake.handle(String(name.prefix { $0 != "." }), schema: "x")) }
      #expect(error?.message == "\(lake.path)/x/\(name), \(expected)")
    }
  }

  @Test func typesMayBeDeclared() async throws {
    let lake = try ScratchLake()
    try await put(lake, "s/t.csv", "id,amount,code\n1,2.50,7\n2,,8\n")
    func connector(_ columns: String) throws -> LakeConnector {
      let properties = Properties(["lake.location": lake.path, "lake.columns.s.t": columns], origin: "test")
      return try #require(try LakeConnector.factory.connector(for: "lake", properties) as? LakeConnector)
    }
    let declared = try connector("ID integer, amount decimal(10, 2), code varchar(5)")
    let table = try await declared.handle("t", schema: "s")
    #expect(types(table) == ["ID integer", "amount decimal(10,2)", "code varchar(5)"])
    #expect(try await declared.rows(table) == [[.integer(1), .integer(250), .text("7")], [.integer(2), .null, .text("8")]])
    let narrow = try connector("id tinyint, amount decimal(10, 1)")
    let error = await message { _ = try await narrow.rows(try await narrow.handle("t", schema: "s")) }
    #expect(error?.message.contains("line 2: column 'amount': '2.50' is not a value of type decimal(10,1)") ?? false)
    #expect(throws: PrestoError.self) { try connector("id map(bigint, bigint)") }
    let insert = await message { _ = try await declared.begin(.insert(table, columns: ["ID"])) }
    #expect(insert?.code.name == "NOT_SUPPORTED")
  }

  @Test func bucketsHoldTextToo() async throws {
    let bucket = try BucketServer.shared.get().bucket()
    try bucket.put("hits/dt=2026-01-01/a.csv", "a,b\n1,x\n2,y\n")
    try bucket.put("hits/dt=2026-01-02/b.csv", "b,a\nz,3\n")
    try bucket.fault("^GET .*csv bytes", "truncate")
    let lake = try bucket.lake()
    let table = try await lake.handle("hits")
    #expect(try await lake.numbers(table) == [1, 2, 3])
    #expect(try await lake.rows(table, ["b"]).map { $0[0].text } == ["x", "y", "z"])
  }
}
