import Testing
import Values
import Vectors

@testable import Functions

/// What the table says of a text is what PCRE2 says, and it says nothing where it does not know.
@Suite struct TableAutomatonTests {
  private static let atoms = [
    "a", "b", "c", "k", "K", "ü", ".", "[ab]", "[^b]", "[^ab ]", "\\w", "\\W", "\\d", "\\s", "[[:alpha:]]", "\\p{Lu}", "\\u212A", "\\.",
    "\\n", "ab",
  ]
  private static let quantifiers = ["", "", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "{2,4}", "??", "*?", "{2}{2}"]
  private static let openings = ["(", "(?:", "(?i:", "(?s:"]
  private static let letters = ["a", "a", "b", "c", "k", "K", "A", " ", ".", "1", "\n", "_", "ü", "\u{212A}"]

  private static func pattern(_ random: inout Chance, _ depth: Int) -> String {
    (0...random.below(2)).map { _ in
      (0...random.below(3)).map { _ -> String in
        guard depth > 0, random.below(3) == 0 else { return random.one(atoms) + random.one(quantifiers) }
        return random.one(openings) + pattern(&random, depth - 1) + ")" + random.one(quantifiers)
      }.joined()
    }.joined(separator: "|")
  }

  struct Chance {
    var state: UInt64

    mutating func below(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }

    mutating func one(_ of: [String]) -> String { of[below(of.count)] }
  }

  @Test(arguments: 0..<8) func theTableAgreesWithPCRE2(_ part: Int) throws {
    var tabled = 0, answered = 0, left = 0
    for seed in 0..<60 {
      var random = Chance(state: UInt64(part * 1_000_000 + seed))
      let source = Self.pattern(&random, 2)
      guard let pattern = try? RegexPattern(Array(source.utf8)),
        let table = TableAutomaton(JavaRegex.translated(Array(source.utf8)))
      else { continue }
      tabled += 1
      let matcher = try RegexMatcher(RegexCache(), pattern: pattern)
      // none, short ones that lie in their views, and some longer than the stretch that lanes go together
      var arena = Arena()
      let texts: [Bytes?] = (0..<80).map { _ in
        if random.below(10) == 0 { return nil }
        let letters = Self.letters.prefix(random.below(3) == 0 ? Self.letters.count : Self.letters.count - 2)
        let count = random.below(20) == 0 ? 300 + random.below(300) : random.below(25)
        let text = (0..<count).map { _ in random.one(Array(letters)) }.joined()
        return Array(text.utf8).withUnsafeBytes { arena.store($0) }
      }
      var found = [Bool??](repeating: .none, count: texts.count)
      table.occurrences(texts.count, text: { texts[$0] }) { row, occurs in
        if found[row] != nil { Issue.record("\(source.debugDescription): row \(row) comes twice") }
        found[row] = .some(occurs)
      }
      for (text, found) in zip(texts, found) {
        guard let text, let found else {
          if (text == nil) != (found == nil) { Issue.record("\(source.debugDescription): a row is left out, or one without a text is not") }
          continue
        }
        guard let found else {
          left += 1
          if text.array.allSatisfy({ $0 < 0x80 }) {
            Issue.record("\(source.debugDescription): nothing about \(text.string.debugDescription)")
          }
          continue
        }
        answered += 1
        let wanted = try text.withBytes { try matcher.find($0, from: 0, groups: false) }
        if wanted != found { Issue.record("\(source.debugDescription) over \(text.string.debugDescription): \(found)") }
      }
    }
    #expect(tabled > 10 && answered > 500 && left > 0, "\(tabled) tables, \(answered) answers, \(left) left")
    // no texts, and fewer than there are lanes
    let table = try #require(TableAutomaton(Array("[ab]c".utf8)))
    table.occurrences(0, text: { _ in nil }) { _, _ in Issue.record("a row of none") }
    var one: [Bool?] = []
    var arena = Arena()
    let text = Array("xxbc".utf8).withUnsafeBytes { arena.store($0) }
    table.occurrences(2, text: { $0 == 1 ? text : nil }) { row, occurs in
      #expect(row == 1)
      one.append(occurs)
    }
    #expect(one == [true])
  }

  @Test(arguments: [
    "^a", "a$", "\\bab", "(a)\\1", "a*", "(?:)", "(?=a)b", "[a-c]{300}", "(?:[ab].{9}){2}[ab]", "a++b",
    "(?:(?:(?:(?:){250}){250}){250}){250}",
  ])
  func whatIsNoSmallTableIsRefused(_ source: String) {
    #expect(TableAutomaton(Array(source.utf8)) == nil)
  }

  /// A search for literals is quicker still.
  @Test func patternsWithLiteralsHaveNone() throws {
    let pattern = try RegexPattern(Array("[aeiou]{3}[^aeiou ]{2,4}[aeiou]".utf8))
    #expect(pattern.table != nil)
    #expect(try RegexPattern(Array("special[a-z]+".utf8)).table == nil)
  }
}
