import Settings
import Testing
import Values

func message(_ body: () throws -> Void) -> String {
  do { try body() } catch let error as PrestoError { return error.message } catch { return "\(error)" }
  return "no error"
}

@Suite struct ConfigurationTests {
  @Test func json() throws {
    let text = #"{"a": [1, -2.5e1, true, null], "b": {"ü\n\u00e9\ud83d\ude00": "x\/y"}}"#
    let value = try JSONValue(parsing: text, origin: "f")
    #expect(value["a"]?.elements == [.number("1"), .number("-2.5e1"), .boolean(true), .null])
    #expect(value["a"]?.elements?[1].integer == -25)
    #expect(value["b"]?.members?.first?.key == "ü\né😀")
    #expect(value["b"]?.members?.first?.value.text == "x/y")
  }

  @Test(arguments: [
    ("{", "f:1:2: expected a key in quotes"), ("", "f:1:1: the text ends too early"),
    ("{\n  \"a\": 1,\n  \"a\": 2}", "f:3:6: the key 'a' is given twice"),
    ("[1 2]", "f:1:4: expected ']'"), ("[1] x", "f:1:5: nothing may follow the JSON value"), ("\"abc", "f:1:5: the text has no end"),
    ("[\"\\ud83d\"]", "f:1:9: half a surrogate pair"), ("[1e999]", "f:1:7: '1e999' is not a number"),
    ("[\"\\u12g4\"]", "f:1:5: expected four hexadecimal digits"),
    (String(repeating: "[", count: 5000), "f:1:101: nested too deeply"),
  ])
  func notJSON(_ text: String, _ expected: String) { #expect(message { _ = try JSONValue(parsing: text, origin: "f") } == expected) }

  private func object(_ text: String) throws -> ConfigurationObject {
    try ConfigurationObject(try JSONValue(parsing: text, origin: "f"), origin: "f")
  }

  @Test func keys() throws {
    let one = try object(#"{"name": 3, "limit": -1, "size": "10", "on": "yes", "list": ["a", 1], "pattern": "a(", "gone": null}"#)
    #expect(message { _ = try one.text("name") } == "f: 'name' must be a text, not a number")
    #expect(message { _ = try one.integer("limit", in: 0...Int.max) } == "f: 'limit' must be a whole number of at least 0")
    #expect(message { _ = try one.value("size", as: DataSize.self, example: "10GB") } == "f: 'size' cannot be '10'; write it like 10GB")
    #expect(message { _ = try one.boolean("on") } == "f: 'on' must be true or false, not a text")
    #expect(message { _ = try one.texts("list") } == "f: 'list' must be an array of texts, but has a number")
    #expect(message { _ = try one.pattern("pattern") }.hasPrefix("f: 'pattern': 'a(' is no regular expression: "))
    #expect(try one.text("gone") == nil && !one.has("gone"))
    #expect(message { try one.check(keys: ["name", "limit"]) } == "f: unknown key 'size'; possible are name, limit")
  }

  @Test(arguments: [
    ("ana", "ana", true), ("ana", "anna", false), (".*", "", true), ("a.*", "ana", true), ("a|b", "ab", false), ("(?i)ANA", "ana", true),
    ("[a-z]+", "abc1", false), ("é+", "éé", true), ("", "", true), ("", "x", false),
  ])
  func patterns(_ pattern: String, _ text: String, _ expected: Bool) throws { #expect(try TextPattern(pattern).matches(text) == expected) }

  @Test func groups() throws {
    let pattern = try TextPattern("(?<tool>[a-z]+)_(?<team>[a-z]+)(x)?")
    #expect(pattern.groupNames.sorted() == ["team", "tool"])
    let match = try #require(try pattern.match("dbt_sales"))
    #expect(match.named == ["tool": "dbt", "team": "sales"])
    #expect(match.groups == ["dbt_sales", "dbt", "sales", nil])
    #expect(try pattern.match("dbt sales") == nil)
  }

  @Test func costlyPatternIsNoAnswer() throws {
    let pattern = try TextPattern("(a+)+b")
    #expect(message { _ = try pattern.matches(String(repeating: "a", count: 40) + "cb") }.hasPrefix("The pattern '(a+)+b' takes too long"))
  }
}
