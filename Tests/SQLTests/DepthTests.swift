import SQL
import Testing
import Values

@Suite struct DepthTests {
  private static func nested(_ open: String, _ core: String, _ close: String) -> @Sendable (Int) -> String {
    { String(repeating: open, count: $0) + core + String(repeating: close, count: $0) }
  }

  static let towers: [(String, @Sendable (Int) -> String)] = [
    ("parentheses", nested("(", "1", ")")), ("sums", nested("1 + (", "1", ")")), ("calls", nested("f(", "1", ")")),
    ("cases", nested("CASE WHEN x THEN ", "1", " END")), ("casts", nested("CAST(", "1", " AS bigint)")),
    ("arrays", nested("ARRAY[", "1", "]")),
    ("brackets", nested("[", "1", "]")), ("subscripts", nested("a[", "1", "]")), ("lambdas", nested("x -> ", "1", "")),
    ("rows", nested("ROW(", "1", ")")), ("JSON", nested("JSON_ARRAY(", "1", ")")), ("IN", nested("a IN (", "1", ")")),
    ("trims", nested("trim(a FROM ", "x", ")")), ("extracts", nested("EXTRACT(year FROM ", "x", ")")), ("NOT", nested("NOT ", "x", "")),
    ("signs", nested("- ", "x", "")), ("fields", nested("", "a", ".b")), ("indexes", nested("", "a", "[1]")),
    ("zones", nested("", "a", " AT LOCAL")),
    ("postfix casts", nested("", "a", "::bigint")), ("queries", nested("(SELECT ", "1", ")")),
    ("EXISTS", nested("EXISTS (SELECT 1 FROM t WHERE ", "true", ")")), ("WITH", nested("(WITH a AS ", "(SELECT 1)", " SELECT 1)")),
    ("types", { "CAST(x AS " + nested("array(", "bigint", ")")($0) + ")" }),
    ("array types", { "CAST(x AS bigint" + String(repeating: " array", count: $0) + ")" }),
    ("derived tables", { "(SELECT 1 FROM " + nested("(SELECT 1 FROM ", "t", ")")($0) + ")" }),
    ("relations", { "(SELECT 1 FROM " + nested("(", "t", ")")($0) + ")" }),
    ("query parentheses", { "(SELECT 1 FROM " + nested("(", "SELECT 1", ")")($0) + ")" }),
    ("joins", { "(SELECT 1 FROM t" + String(repeating: " CROSS JOIN t", count: $0) + ")" }),
    ("right-deep joins", { "(SELECT 1 FROM t" + String(repeating: " JOIN t", count: $0) + String(repeating: " ON x", count: $0) + ")" }),
    ("mixed unions", { "(SELECT 1" + String(repeating: " UNION SELECT 1 UNION ALL SELECT 2", count: $0) + ")" }),
    ("grouping sets", { "(SELECT 1 FROM t GROUP BY " + nested("GROUPING SETS (", "a", ")")($0) + ")" }),
    ("both at once", nested("(a[1][1][1][1][1][1][1][1][1][1] + ", "1", ")")),
  ]

  /// A tree of moderate height is walked, printed and destroyed; a high one is refused, whatever it is made of.
  @Test(arguments: towers.indices) func towersAreBounded(_ index: Int) throws {
    let (name, tower) = DepthTests.towers[index]
    let tree = try Parser.expression(tower(20))
    #expect(try Parser.expression(Formatter.format(tree)) == tree)
    for height in [2_000, 20_000] {
      let error = #expect(throws: PrestoError.self, "\(name)") { try Parser.expression(tower(height)) }
      #expect(error?.message.contains("statement is too large (nested more than \(Parser.depthLimit) levels deep)") == true, "\(name)")
    }
  }

  @Test func statementsNestBoundedly() {
    #expect(throws: PrestoError.self) { try Parser.statement(String(repeating: "EXPLAIN ", count: 100_000) + "SELECT 1") }
    #expect(throws: PrestoError.self) { try Parser.statement(String(repeating: "PREPARE p FROM ", count: 100_000) + "SELECT 1") }
  }

  /// Unclosed parentheses are looked ahead over from each one: the look must be bounded.
  @Test func openParenthesesAreRefusedQuickly() {
    for open in ["(", "SELECT * FROM (", "SELECT 1 IN (", "f(", "trim(", "substring("] {
      #expect(throws: PrestoError.self) { try Parser.statement("SELECT " + String(repeating: open, count: 50_000)) }
    }
  }

  static let chains: [(String, @Sendable (Int) -> String)] = [
    ("IN", { "SELECT a IN (\((0..<$0).map { "\($0)" }.joined(separator: ", ")))" }),
    ("OR", { "SELECT \((0..<$0).map { "a = \($0)" }.joined(separator: " OR "))" }),
    ("OR of ANDs", { "SELECT \((0..<$0).map { "a = \($0) AND b" }.joined(separator: " OR "))" }),
    ("plus", { "SELECT \((0..<$0).map { "\($0)" }.joined(separator: " + "))" }),
    ("products", { "SELECT \((0..<$0).map { "\($0) * 2" }.joined(separator: " - "))" }),
    ("concatenation", { "SELECT \((0..<$0).map { "'\($0)'" }.joined(separator: " || "))" }),
    ("UNION", { (0..<$0).map { "SELECT \($0)" }.joined(separator: " UNION ALL ") }),
    ("VALUES", { "VALUES \((0..<$0).map { "(\($0), 'x')" }.joined(separator: ", "))" }),
    ("items", { "SELECT \((0..<$0).map { "a AS b\($0)" }.joined(separator: ", ")) FROM t" }),
    ("relations", { "SELECT 1 FROM \((0..<$0).map { "t\($0)" }.joined(separator: ", "))" }),
    ("WITH", { "WITH \((0..<$0).map { "a\($0) AS (SELECT 1)" }.joined(separator: ", ")) SELECT 1" }),
    ("CASE", { "SELECT CASE \((0..<$0).map { "WHEN \($0) THEN 1" }.joined(separator: " ")) END" }),
  ]

  /// Generated statements are long, not deep: neither parsing nor printing nor destroying them needs stack.
  @Test(arguments: chains.indices) func chainsAreFlat(_ index: Int) throws {
    let text = DepthTests.chains[index].1(10_000)
    let tree = try Parser.statement(text)
    #expect(Formatter.format(tree).utf8.count > text.utf8.count / 2)
  }
}
