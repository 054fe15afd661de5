import Testing
import Values

@testable import Vectors

/// Many literals and patterns at once against each alone.
@Suite struct LiteralSetTests {
  private static func text(_ random: inout Randomness, letters: Int, longest: Int) -> [UInt8] {
    (0..<random.below(longest + 1)).map { _ in UInt8(ascii: "a") + UInt8(random.below(letters)) }
  }

  /// Every place that `first` finds, one after the other, beside every place that there is.
  @Test func allPlacesAreFound() throws {
    for seed in 1...300 {
      var random = Randomness(UInt64(seed))
      let letters = 2 + random.below(20)
      let literals = (0...random.below(LiteralSet.most)).map { _ in Self.text(&random, letters: letters, longest: 6) + [UInt8(ascii: "a")] }
      let set = try #require(LiteralSet(literals))
      for _ in 0..<20 {
        let text = Self.text(&random, letters: letters, longest: 90)
        var wanted: [Int: UInt64] = [:]
        for start in text.indices {
          for (index, literal) in literals.enumerated() where text[start...].starts(with: literal) {
            wanted[start, default: 0] |= 1 << UInt64(index)
          }
        }
        let buffer = text.withUnsafeBytes { Buffer(copying: $0) }
        var found: [Int: UInt64] = [:], start = 0, which: UInt64 = 0
        while let at = set.first(in: buffer.pointer(as: UInt8.self), count: text.count, from: start, &which) {
          found[at] = which
          start = at + 1
        }
        #expect(found == wanted, "seed \(seed), \(literals), \(text)")
        let occurs = text.withUnsafeBytes { set.occurs(in: $0) }
        #expect(occurs == !wanted.isEmpty, "seed \(seed)")
      }
    }
  }

  @Test func noSetWithoutLiterals() {
    #expect(LiteralSet([]) == nil)
    #expect(LiteralSet([[97], []]) == nil)
    #expect(LiteralSet(Array(repeating: [97], count: LiteralSet.most + 1)) == nil)
    #expect(LikePatternSet([LikePattern([97], escape: nil), LikePattern([0x25], escape: nil)].compactMap { $0 }) == nil)
  }

  /// Patterns ORed, over texts with nulls, inline and not.
  @Test func patternsTogetherAreAsEachAlone() throws {
    for seed in 1...200 {
      var random = Randomness(UInt64(seed))
      let letters = 2 + random.below(4)
      let patterns = try (0..<2 + random.below(9)).map { _ in
        var pattern: [UInt8] = random.chance(2) ? [0x25] : []
        for _ in 0...random.below(3) {
          pattern += Self.text(&random, letters: letters, longest: 3) + [UInt8(ascii: "a")]
          if !random.chance(4) { pattern.append(random.chance(3) ? 0x5F : 0x25) }
        }
        return try #require(LikePattern(pattern, escape: nil))
      }
      // a pattern such as a_b has no literal of its own
      guard let set = LikePatternSet(patterns) else { continue }
      let builder = VectorBuilder(.varchar)
      let texts = (0..<150).map { _ in random.chance(8) ? nil : Self.text(&random, letters: letters, longest: random.chance(2) ? 12 : 70) }
      for text in texts { if let text { builder.append(String(decoding: text, as: UTF8.self)) } else { builder.appendNull() } }
      let vector = builder.finish()
      let found = set.vector(vector, texts.count), each = patterns.map { $0.vector(vector, texts.count) }
      for (row, text) in texts.enumerated() {
        let wanted: Constant = text == nil ? .null : .boolean(each.contains { $0.constant(at: row) == .boolean(true) })
        #expect(found.constant(at: row) == wanted, "seed \(seed), row \(row)")
        if row < 20 {
          let same = set.vector(.constant(vector.constant(at: row), .varchar, count: 70), 70)
          #expect(same.constant(at: 0) == wanted && same.constant(at: 69) == wanted, "seed \(seed), row \(row) throughout")
        }
      }
    }
  }
}
