import Expressions
import Testing
import Values
import Vectors

@Suite struct LikeTests {
  private func like(_ text: String, _ pattern: String, _ escape: String? = nil, _ name: String = "$like") throws -> Constant {
    let arguments =
      [Expr<Int>.constant(.text(text), .varchar), .constant(.text(pattern), .varchar)]
      + (escape.map { [.constant(.text($0), .varchar)] } ?? [])
    return try Scenario.value(.call(FunctionID(name, arguments.map(\.type)), arguments, .boolean))
  }

  @Test(arguments: [
    ("", "", true), ("", "%", true), ("a", "", false), ("abc", "abc", true), ("abc", "ab", false), ("abc", "a%", true), ("abc", "%c", true),
    ("abc", "%b%", true), ("abc", "%d%", false), ("abc", "_b_", true), ("abc", "__", false), ("aab", "a%ab", true), ("ab", "a%ab", false),
    ("special new requests here", "%special%requests%", true), ("requests special", "%special%requests%", false), ("abcabc", "%abc", true),
    ("ä€😀", "___", true), ("ä€😀", "%_😀", true), ("xay", "%_a_%", true), ("ay", "%_a_%", false), ("mississippi", "m%iss%ip%i", true),
    ("aaaa", "%aa%aa%", true), ("aaa", "%aa%aa%", false), ("a long text of more than twelve bytes", "%twelve bytes", true),
    ("abc", "%%", true),
    ("abc", "a_c%", true), ("abcabcabd", "%abd", true),
  ])
  func patterns(_ text: String, _ pattern: String, _ expected: Bool) throws {
    #expect(try like(text, pattern) == .boolean(expected))
    // the same pattern from a column
    let columns = [
      Vector.constant(.text(text), .varchar, count: 3).flattened(), Vector.constant(.text(pattern), .varchar, count: 3).flattened(),
    ]
    let call = Expr<Int>.call(FunctionID("$like", [.varchar, .varchar]), [.reference(0, .varchar), .reference(1, .varchar)], .boolean)
    #expect(try Scenario.evaluate(call, columns, count: 3).constant(at: 2) == .boolean(expected))
    let literal = Expr<Int>.call(
      FunctionID("$like", [.varchar, .varchar]), [.reference(0, .varchar), .constant(.text(pattern), .varchar)], .boolean)
    #expect(try Scenario.select(literal, columns, count: 3).count == (expected ? 3 : 0))
  }

  @Test func escapes() throws {
    #expect(try like("50%", "50#%", "#") == .boolean(true))
    #expect(try like("50x", "50#%", "#") == .boolean(false))
    #expect(try like("a_b", "a#_b", "#") == .boolean(true))
    #expect(try like("a#b", "a##b", "#") == .boolean(true))
    #expect(Scenario.failure { _ = try like("a", "a#b", "#") }?.code == .invalidFunctionArgument)
    #expect(Scenario.failure { _ = try like("a", "a", "##") }?.message == "Escape string must be a single character")
  }

  @Test func ignoringCase() throws {
    #expect(try like("Straße", "STRAß%", nil, "$ilike") == .boolean(true))
    #expect(try like("HELLO", "%ell%", nil, "$ilike") == .boolean(true))
    #expect(try like("HELLO", "%ell%") == .boolean(false))
  }

  /// Against a recursive matcher, over random patterns of few letters.
  @Test func agreesWithTheDefinition() throws {
    func matches(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == "%" { return (text.startIndex...text.endIndex).contains { matches(text[$0...], pattern.dropFirst()) } }
      return !text.isEmpty && (first == "_" || first == text.first) && matches(text.dropFirst(), pattern.dropFirst())
    }
    var random = Randomness(17)
    let letters = ["a", "b", "ä", "%", "_"]
    for _ in 0..<3000 {
      let pattern = (0..<random.below(7)).map { _ in letters[random.below(5)] }.joined()
      let text = (0..<random.below(16)).map { _ in letters[random.below(3)] }.joined()
      #expect(try like(text, pattern) == .boolean(matches(Array(text)[...], Array(pattern)[...])), "'\(text)' LIKE '\(pattern)'")
    }
  }
}
