import Testing
import Values
import Vectors

@testable import Functions

/// What RE2 answers in place of PCRE2 is what PCRE2 would have answered, and where it would not be, RE2 is not asked.
@Suite struct LinearRegexTests {
  private struct Chance {
    var state: UInt64

    mutating func below(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }

    mutating func one(_ of: [String]) -> String { of[below(of.count)] }
  }

  private static let atoms = [
    "a", "b", "c", "ü", "k", "\\.", ".", "[ab]", "[^b]", "\\w", "\\W", "\\d", "\\s", "\\S", "[\\w.-]", "[[:alpha:]]", "\\p{Lu}",
    "\\p{IsGreek}",
    "\\x{3c3}", "\\h", "\\v", "[^\\s\\d]", "\\Qa+\\E", "[]a-c]", "\\u00fc", "ab", "abc", "a{", "}", "]", "K", "[k-s]", "\\ ", "\\\\",
  ]
  private static let assertions = ["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "(?i)", "(?-i)", "(?s)", "(?m)", "(?:)", "()"]
  private static let quantifiers = ["", "", "", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "??", "*?", "+?", "{1,2}?", "{2}{2}"]
  private static let openings = ["(", "(", "(?:", "(?:", "(?i:", "(?<name>", "(?s-i:", "(?m:"]

  private static func pattern(_ chance: inout Chance, _ depth: Int, _ quantifiers: [String]) -> String {
    (0...[0, 0, 0, 1, 2][chance.below(5)]).map { _ in
      (0..<chance.below(4) + (chance.below(4) > 0 ? 1 : 0)).map { _ -> String in
        switch chance.below(12) {
        case 0: return chance.one(assertions)
        case 1, 2, 3, 4:
          if depth == 0 { return chance.one(atoms) }
          let opening = chance.one(depth == 3 ? openings : openings.filter { $0 != "(?<name>" })
          return opening + pattern(&chance, depth - 1, quantifiers) + ")" + chance.one(quantifiers)
        default: return chance.one(atoms) + chance.one(quantifiers)
        }
      }.joined()
    }.joined(separator: "|")
  }

  /// Start and end of every match and of every group of it.
  private func matches(_ pattern: RegexPattern, _ text: String, groups: Bool) throws -> [[Range<Int>?]] {
    let matcher = try RegexMatcher(RegexCache(), pattern: pattern)
    var all: [[Range<Int>?]] = []
    try Array(text.utf8).withUnsafeBytes { bytes in
      try matcher.each(bytes, groups: groups) {
        all.append([matcher.match] + (groups ? (0..<pattern.groupCount).map { matcher.group($0 + 1) } : []))
        return true
      }
    }
    return all
  }

  @Test(arguments: 0..<8) func bothEnginesAgree(_ part: Int) throws {
    let letters = [
      "a", "a", "b", "c", "ü", "A", "K", "\u{212A}", "σ", "Σ", "ς", " ", ".", "1", "\n", "\r", "\u{B}", "\u{2028}", "😀", "_", "-", "k", "+",
    ]
    var compared = 0, tried = 0
    for seed in 0..<100 {
      var chance = Chance(state: UInt64(part * 1_000_000 + seed))
      let source = Self.pattern(&chance, 3, Self.quantifiers)
      guard let stepping = try? RegexPattern(Array(source.utf8)), let linear = try? RegexPattern(Array(source.utf8)) else { continue }
      tried += 1
      linear.noteSteep(0)
      guard case .success = linear.alternative else { continue }
      compared += 1
      for _ in 0..<25 {
        let few = chance.below(2) == 0 ? 6 : letters.count
        let text = (0..<chance.below(14)).map { _ in letters[chance.below(few)] }.joined()
        for groups in [false, true] {
          let wanted = try matches(stepping, text, groups: groups), found = try matches(linear, text, groups: groups)
          if wanted != found {
            Issue.record("\(source.debugDescription) over \(text.debugDescription), groups \(groups): \(found), not \(wanted)")
          }
        }
      }
    }
    #expect(compared * 2 > tried, "\(compared) of \(tried)")
  }

  @Test(arguments: [
    ("(a)\\1", "back-references"), ("(?<n>a)\\k<n>", "back-references"), ("a(?=b)", "look-ahead"), ("a(?!b)", "look-ahead"),
    ("(?<=a)b", "look-behind"),
    ("(?<!a)b", "look-behind"), ("(?>a+)b", "atomic groups"), ("a++b", "possessive quantifiers"), ("\\Ga", "\\G"), ("a\\Kb", "\\K"),
    ("\\Ra", "\\R"),
    ("\\Xa", "\\X"), ("(?x) a", "recursion, and flags other than i, m and s"), ("(a|b(?1)c)", "recursion, and flags other than i, m and s"),
    ("(?:|a)*b", "a repetition of what may be empty"), ("a{1001}", "such large repetitions"), ("(*ACCEPT)a", "verbs such as (*ACCEPT)"),
  ]) func whatOnlyOneKnowsIsRefused(_ source: String, _ reason: String) throws {
    guard case .failure(let refusal) = try RegexPattern(Array(source.utf8)).alternative else {
      Issue.record("\(source) is not refused")
      return
    }
    #expect(refusal.reason == reason)
  }

  /// Answers of RE2 that would be others.
  @Test(arguments: [
    ("a$", "ba\n"), ("a\\Z", "ba\n"), ("(?m)^", "a\n"), ("(a*)*b", "aab"), ("(?:(a)|b*)+c", "abc"),
  ]) func whatDiffersIsLeftToPCRE2(_ source: String, _ text: String) throws {
    let stepping = try RegexPattern(Array(source.utf8)), linear = try RegexPattern(Array(source.utf8))
    linear.noteSteep(0)
    #expect(try matches(linear, text, groups: true) == matches(stepping, text, groups: true))
  }

  /// PCRE2 does not match across bytes that are not UTF-8.
  @Test func bytesThatAreNotTextAreLeftToPCRE2() throws {
    for bytes: [UInt8] in [[0x61, 0xFF, 0x62], [0x61, 0xC0, 0x80, 0x62], [0xED, 0xA0, 0x80], [0xC3]] {
      let stepping = try RegexPattern(Array(".+".utf8)), linear = try RegexPattern(Array(".+".utf8))
      linear.noteSteep(0)
      let ranges = try [stepping, linear].map { pattern in
        let matcher = try RegexMatcher(RegexCache(), pattern: pattern)
        var ranges: [Range<Int>] = []
        try bytes.withUnsafeBytes { bytes in
          try matcher.each(bytes, groups: true) {
            ranges.append(matcher.match)
            return true
          }
        }
        return ranges
      }
      #expect(ranges[0] == ranges[1], "\(bytes)")
    }
  }

  @Test func theErrorSaysWhatToChange() throws {
    let pattern = try RegexPattern(Array("^((a+)+)\\1$".utf8))
    let error = #expect(throws: PrestoError.self) { try matches(pattern, String(repeating: "a", count: 61) + "b", groups: false) }
    #expect(error?.code == .exceededFunctionMemoryLimit)
    #expect(error?.message == "Regular expression takes too many steps on a text of 62 bytes; it would take few without back-references")
  }

  @Test func textsWithoutAPlaceInMemory() throws {
    let pattern = try RegexPattern(Array("(b)?a*".utf8))
    pattern.noteSteep(0)
    let matcher = try RegexMatcher(RegexCache(), pattern: pattern)
    #expect(try matcher.find(UnsafeRawBufferPointer(start: nil, count: 0), from: 0))
    #expect(matcher.match == 0..<0 && matcher.group(1) == nil)
  }

  /// A long text that PCRE2 gives up on does not keep short ones from it.
  @Test func steepTextsAreRemembered() throws {
    let pattern = try RegexPattern(Array("(a+)+$".utf8))
    #expect(try matches(pattern, String(repeating: "a", count: 1_000) + "b", groups: false) == [])
    #expect(pattern.isSteep(501) && !pattern.isSteep(499))
  }
}
