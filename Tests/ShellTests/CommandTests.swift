import Foundation
import Testing

/// The command without a terminal: flags, exit codes, what goes to which output.
struct CommandTests {
  private struct Ended {
    var code: Int32, out: String, error: String
  }

  private static func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Ended {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: PseudoTerminal.command)
    process.arguments = arguments
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "TERM": "xterm"].merging(environment) { _, new in new
    }
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    let (out, error, into) = (Pipe(), Pipe(), Pipe())
    (process.standardOutput, process.standardError, process.standardInput) = (out, error, into)
    try process.run()
    try into.fileHandleForWriting.write(contentsOf: Data((input ?? "").utf8))
    try into.fileHandleForWriting.close()
    let text = out.fileHandleForReading.readDataToEndOfFile(), errors = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(
      code: process.terminationStatus, out: String(decoding: text, as: UTF8.self), error: String(decoding: errors, as: UTF8.self))
  }

  @Test("--execute prints CSV, many statements too, and those that begin with a comment") func execute() throws {
    var ended = try Self.run("--execute", "SELECT 1, NULL, 'a\"b'; SELECT 2")
    #expect(ended.code == 0 && ended.out == "\"1\",\"\",\"a\"\"b\"\n\"2\"\n" && ended.error.isEmpty)
    ended = try Self.run("--execute", "-- a comment\nSELECT 3;")
    #expect(ended.code == 0 && ended.out == "\"3\"\n")
    ended = try Self.run("--execute", "")
    #expect(ended.code == 0 && ended.out == "")
  }

  @Test("A failure is told on standard error, without colours, and by the exit code") func failure() throws {
    let ended = try Self.run("--execute", "SELECT 1;\n\nSELECT x; SELECT 2")
    #expect(ended.code == 1 && ended.out == "\"1\"\n")
    #expect(
      ended.error
        == "Query failed (COLUMN_NOT_FOUND): line 1:8: Column 'x' cannot be resolved\nSELECT x\n       ^\nThe statement begins in line 3.\n"
    )
    let ignoring = try Self.run("--ignore-errors", "--execute", "SELECT 1/0; SELECT 2")
    #expect(ignoring.code == 1 && ignoring.out == "\"2\"\n" && ignoring.error.contains("DIVISION_BY_ZERO"))
    #expect(try Self.run("--debug", "--execute", "SELECT 1/0").error.contains("Error 8, USER_ERROR"))
  }

  @Test("--file and standard input") func files() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-\(UUID().uuidString).sql")
    try "-- first\nSELECT 1 AS n;\nSELECT 2 AS n; -- last\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try Self.run("--file", file.path, "--output-format", "CSV_HEADER").out == "\"n\"\n\"1\"\n\"n\"\n\"2\"\n")
    #expect(try Self.run("--output-format", "tsv", input: "SELECT 'a', 1;\nSELECT 'b', 2").out == "a\t1\nb\t2\n")
    #expect(try Self.run("--file", "/nowhere.sql").code == 64)
  }

  @Test(
    "Every format is taken",
    arguments: [
      "ALIGNED", "VERTICAL", "TSV", "TSV_HEADER", "CSV", "CSV_HEADER", "CSV_UNQUOTED", "CSV_HEADER_UNQUOTED", "JSON", "MARKDOWN", "AUTO",
      "NULL",
    ])
  func formats(_ format: String) throws {
    let ended = try Self.run("--output-format", format, "--execute", "SELECT 1 AS n")
    #expect(ended.code == 0 && ended.out.isEmpty == (format == "NULL") && !ended.out.contains("\u{1B}"))
  }

  @Test("Flags that set the session") func session() throws {
    #expect(try Self.run("--timezone", "Asia/Tokyo", "--execute", "SELECT current_timezone()").out == "\"Asia/Tokyo\"\n")
    #expect(try Self.run("--user", "amal", "--execute", "SELECT current_user").out == "\"amal\"\n")
    let shown = try Self.run("--session", "join_reordering=false", "--execute", "SHOW SESSION LIKE 'join_reordering'")
    #expect(shown.out.hasPrefix("\"join_reordering\",\"false\",\"true\""))
    let bad = try Self.run("--session", "nonsense=1", "--execute", "SELECT 1")
    #expect(bad.code == 64 && bad.error.contains("There is no session property 'nonsense'"))
    #expect(
      try Self.run("--catalog", "nowhere", "--schema", "x", "--execute", "SELECT * FROM t").error.contains(
        "Catalog 'nowhere' does not exist"))
  }

  @Test("Wrong flags say so") func flags() throws {
    #expect(try Self.run("--version").out.hasPrefix("minipresto "))
    #expect(try Self.run("--execute", "SELECT 1", "--file", "x").code == 64)
    let format = try Self.run("--output-format", "XML", "--execute", "SELECT 1")
    #expect(format.code == 64 && format.error.contains("Unknown output format 'XML'"))
    #expect(try Self.run("--nonsense").code == 64)
  }

  @Test("A reader that goes away ends the command quietly") func closing() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\"$0\" --execute 'SELECT 1 FROM UNNEST(sequence(1, 10000)), UNNEST(sequence(1, 100))' | head -1", PseudoTerminal.command,
    ]
    let (out, error) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (out, error)
    try process.run()
    process.waitUntilExit()
    #expect(String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "\"1\"\n")
    #expect(error.fileHandleForReading.readDataToEndOfFile().isEmpty)
  }
}
