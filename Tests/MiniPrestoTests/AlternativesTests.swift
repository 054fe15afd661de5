import MiniPresto
import StandardConnectors
import Testing
import Values
import Vectors

/// Patterns that are looked for at once, or by their literals first, against the same patterns one by one and by matching alone.
@Suite struct AlternativesTests {
  /// A regular expression of few letters: runs, alternations, groups, classes, quantifiers.
  private static func pattern(_ random: inout SystemIndependent, _ depth: Int) -> String {
    (0...random.below(2)).map { _ in
      (0...random.below(3)).map { _ -> String in
        // repeated groups with repetitions in them would take steps without end
        let quantifier = ["", "", "", "?", "*", "+", "{2}"][random.below(7)], groups = ["", "?"][random.below(2)]
        switch random.below(depth > 0 ? 8 : 6) {
        case 0: return "." + quantifier
        case 1: return "[ab]" + quantifier
        case 2: return "\\w" + quantifier
        case 6: return "(" + pattern(&random, depth - 1) + ")" + groups
        case 7: return "(?:" + pattern(&random, depth - 1) + ")" + groups
        default: return (0...random.below(3)).map { _ in ["a", "b", "c", "ü"][random.below(4)] }.joined() + quantifier
        }
      }.joined()
    }.joined(separator: "|")
  }

  private struct SystemIndependent {
    var state: UInt64

    mutating func below(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }
  }

  @Test func regularExpressions() async throws {
    let engine = try Engine(catalogs: .properties([:]), connectors: .standard)
    for seed in 1...60 {
      var random = SystemIndependent(state: UInt64(seed))
      let texts = (0..<60).map { _ in (0..<random.below(30)).map { _ in ["a", "b", "c", "ü", " "][random.below(5)] }.joined() }
      let patterns = (0..<3).map { _ in Self.pattern(&random, 2) }
      // regexp_count looks for no literal
      let alone = patterns.map { "regexp_count(t, '\($0)') > 0" }, together = patterns.map { "regexp_like(t, '\($0)')" }
      let sql = """
        SELECT t, \(zip(alone, together).map { "(\($0)) <> (\($1))" }.joined(separator: " OR ")),
          (\(alone.joined(separator: " OR "))) <> (\(together.joined(separator: " OR ")))
        FROM (VALUES \(texts.map { "'\($0)'" }.joined(separator: ", "))) v(t)
        """
      for try await batch in try await engine.query(sql) {
        for row in 0..<batch.count where batch.columns[1...].contains(where: { $0.constant(at: row) != .boolean(false) }) {
          Issue.record("seed \(seed): \(patterns) over '\(batch.columns[0].constant(at: row).text ?? "")'")
        }
      }
    }
  }

  @Test func whatIsWrongStaysWrong() async throws {
    let engine = try Engine(catalogs: .properties([:]), connectors: .standard)
    for (first, second) in [("a)|(?:b", "c"), ("[", "x]"), ("(a", "b)"), ("a", "*b")] {
      await #expect(throws: PrestoError.self, "\(first), \(second)") {
        for try await _ in try await engine.query(
          "SELECT regexp_like(t, '\(first)') OR regexp_like(t, '\(second)') FROM (VALUES 'x', 'yy') v(t)")
        {}
      }
    }
  }

  /// Flags and references stay within their own pattern.
  @Test func whatReachesFurtherIsLeftAlone() async throws {
    let engine = try Engine(catalogs: .properties([:]), connectors: .standard)
    var rows: [[Constant]] = []
    let sql = """
      SELECT regexp_like(t, '(?i)abc') OR regexp_like(t, 'xyz'), regexp_like(t, '(a)b') OR regexp_like(t, '(c)\\1'),
        t LIKE '%ab%' OR t LIKE 'x%z' OR t IS NULL OR t LIKE '%c_'
      FROM (VALUES 'ABC', 'XYZ', 'cc', 'ca', 'x z', CAST(NULL AS varchar)) v(t)
      """
    for try await batch in try await engine.query(sql) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.constant(at: row) }) }
    }
    let wanted = [[true, false, false], [false, false, false], [false, true, true], [false, false, true], [false, false, true]]
    #expect(rows == wanted.map { $0.map { .boolean($0) } } + [[.null, .null, .boolean(true)]])
  }
}
