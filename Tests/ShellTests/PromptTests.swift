import Foundation
import Testing

/// The prompt, driven through a terminal.
@Suite(.serialized)
struct PromptTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-prompt-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("catalogs"), withIntermediateDirectories: true)
    try "connector.name=cartona\ncartona.days=30\ncartona.scale=1\n".write(
      to: folder.appendingPathComponent("catalogs/cartona.properties"), atomically: true, encoding: .utf8)
  }

  private func prompt(_ more: [String] = [], name: String = "minipresto", environment: [String: String] = [:]) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      ["--catalogs", folder.path + "/catalogs", "--history-file", folder.path + "/history"] + more, environment: environment)
    try terminal.expect(name + "> ")
    return terminal
  }

  @Test("A query over several lines, edited, with its time") func editing() throws {
    let terminal = try prompt()
    // Ctrl-A, six letters on, and the missing one
    terminal.type("SELECT 40 + AS answer,\u{01}")
    terminal.type(String(repeating: "\u{06}", count: 11) + " 2\u{05}\r")
    try terminal.expect("-> ")
    terminal.type("'é网' AS \"ünï\", NULL -- nothing\r;\r")
    let answer = try terminal.expect("minipresto> ")
    #expect(answer.contains(" answer | ünï | _col2 \r\n--------+-----+-------\r\n     42 | é网 | "))
    #expect(answer.contains("(1 row)") && answer.contains("ms\u{1B}[0m"))
    terminal.type("quit\r")
    #expect(terminal.end().code == 0)
  }

  @Test("History keeps statements with their lines, across sessions, for its owner alone") func history() throws {
    var terminal = try prompt()
    terminal.type("SELECT 6 -- half\r*7;\r")
    try terminal.expect("42")
    try terminal.expect("minipresto> ")
    terminal.type("\u{04}")
    #expect(terminal.end().code == 0)
    terminal = try prompt()
    terminal.type("\u{1B}[A")
    try terminal.expect("*7;")
    terminal.type("\r")
    try terminal.expect("42")
    let permissions = try FileManager.default.attributesOfItem(atPath: folder.path + "/history")[.posixPermissions] as? Int
    #expect(permissions == 0o600)
  }

  @Test("Tab completes keywords, catalogs, tables and columns") func completion() throws {
    let terminal = try prompt()
    terminal.type("SELE\t")
    try terminal.expect("CT ")
    terminal.type("count(*)")
    terminal.type("\u{15}SELECT * FROM car\t")
    try terminal.expect("tona.")
    terminal.type("ord\t")
    try terminal.expect("ers.")
    terminal.type("ret\t")
    try terminal.expect("ailers ")
    terminal.type("r WHERE r.gov\t")
    try terminal.expect("ernorate_id ")
    terminal.type("= -1;\r")
    try terminal.expect("(0 rows)")
  }

  @Test("Ctrl-C clears what is typed, and only that") func clearing() throws {
    let terminal = try prompt()
    terminal.type("SELECT nonsense")
    try terminal.expect("nonsense")
    terminal.type("\u{03}")
    try terminal.expect("^C\r\nminipresto> ")
    terminal.type("SELECT\r")
    try terminal.expect("-> ")
    terminal.type("\u{03}")
    try terminal.expect("minipresto> ")
    terminal.type("SELECT 6 * 7;\r")
    try terminal.expect("    42 \r\n")
  }

  @Test("Ctrl-C cancels a long query, which shows how far it is") func cancelling() throws {
    let terminal = try prompt()
    terminal.type(
      "SELECT count(*) FROM cartona.retailer_events.tracks a, cartona.retailer_events.tracks b WHERE a.user_id + 1 = b.user_id * 3;\r")
    let progress = try terminal.expect("Ctrl-C cancels")
    #expect(progress.contains(" rows, ") && progress.contains("B read") && progress.contains("rows/s"))
    terminal.type("\u{03}")
    try terminal.expect("Query was canceled")
    try terminal.expect("minipresto> ")
    terminal.type("SELECT 6 * 7;\r")
    try terminal.expect("    42 \r\n")
  }

  @Test("An error shows its place and what may help") func errors() throws {
    let terminal = try prompt()
    terminal.type("SELECT nam\rFROM cartona.orders.retailers;\r")
    let text = try terminal.expect("minipresto> ")
    #expect(text.contains("\u{1B}[31mQuery failed (COLUMN_NOT_FOUND): line 1:8: Column 'nam' cannot be resolved\u{1B}[0m\r\n"))
    #expect(text.contains("SELECT nam\r\n       \u{1B}[31m^\u{1B}[0m\r\nHint: Did you mean 'name'?\r\n"))
  }

  @Test("Results larger than the screen go to the pager, others do not") func paging() throws {
    let terminal = try prompt(environment: ["MINIPRESTO_PAGER": "sed 's/^/paged:/'"])
    terminal.type("SELECT * FROM UNNEST(sequence(1, 5)) t (n);\r")
    #expect(try !terminal.expect("(5 rows)").contains("paged"))
    terminal.type("SELECT * FROM UNNEST(sequence(1, 50)) t (n);\r")
    try terminal.expect("paged: 50 \r\npaged:(50 rows)")
    terminal.type("SELECT rpad('x', 150, 'y');\r")
    try terminal.expect("paged:(1 row)")
    // a pager that is left early ends the query, not the prompt
    let short = try prompt(environment: ["MINIPRESTO_PAGER": "head -3"])
    short.type("SELECT a.n FROM UNNEST(sequence(1, 10000)) a (n), UNNEST(sequence(1, 100)) b (n);\r")
    try short.expect("---\r\n")
    try short.expect("minipresto> ")
    short.type("SELECT 6 * 7;\r")
    try short.expect("    42 \r\n")
  }

  @Test("USE shows in the prompt; a plan is shown without a table; help helps") func session() throws {
    let terminal = try prompt(["--catalog", "cartona"], name: "minipresto:cartona")
    terminal.type("USE cartona.orders;\r")
    try terminal.expect("minipresto:cartona.orders> ")
    terminal.type("EXPLAIN SELECT id FROM retailers;\r")
    try terminal.expect("\r\n- Output[id]")
    terminal.type("help\r")
    try terminal.expect("SHOW CATALOGS;")
    terminal.type("exit;\r")
    #expect(terminal.end().code == 0)
  }

  @Test("A dumb terminal and NO_COLOR get no colours", arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
  func plain(_ environment: [String: String]) throws {
    let terminal = try prompt(environment: environment)
    terminal.type("SELECT 6 +;\r")
    #expect(try !terminal.expect("<expression>").contains("\u{1B}[31m"))
    try terminal.expect("minipresto> ")
    terminal.type("SELECT NULL;\r")
    #expect(try !terminal.expect("(1 row)").contains("\u{1B}[2m"))
  }
}
