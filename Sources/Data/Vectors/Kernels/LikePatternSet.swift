import Values

/// Several LIKE patterns of which any may match: a literal of each is looked for in one pass over the text, and only a pattern whose literal is
/// there is tried. Many patterns cost little more than one.
public final class LikePatternSet: Sendable {
  private let patterns: [LikePattern]
  private let literals: LiteralSet
  /// Patterns that match wherever their literal occurs.
  private let whole: UInt64

  /// nil: too many, or one that has no literal to look for.
  public init?(_ patterns: [LikePattern]) {
    guard patterns.count > 1, let literals = LiteralSet(patterns.map { $0.longestLiteral ?? [] }) else { return nil }
    self.patterns = patterns
    self.literals = literals
    whole = patterns.enumerated().reduce(0) { $1.element.isSearch ? $0 | 1 << UInt64($1.offset) : $0 }
  }

  public func bits(_ vector: Vector, _ rows: Int) -> Buffer {
    literals.bits(vector, rows) { text, count, place in
      literals.at(place, of: text, count: count) & whole != 0 || matches(text, count: count, from: place)
    }
  }

  /// Whether any pattern matches each text; null for null texts.
  public func vector(_ texts: Vector, _ rows: Int) -> Vector {
    TextPredicate.vector(texts, rows) { bits($0, rows) }
  }

  /// Tries the patterns whose literal is found at or after `start`, each once.
  private func matches(_ text: UnsafePointer<UInt8>, count: Int, from start: Int) -> Bool {
    var from = start, which: UInt64 = 0, tried: UInt64 = 0
    while let at = literals.first(in: text, count: count, from: from, &which) {
      if which & whole != 0 { return true }
      var left = which & ~tried
      tried |= which
      while left != 0 {
        if patterns[left.trailingZeroBitCount].matches(text, count: count) { return true }
        left &= left - 1
      }
      from = at + 1
    }
    return false
  }
}
