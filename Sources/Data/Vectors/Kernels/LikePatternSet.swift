import Values

/// Several LIKE patterns of which any may match: a literal of each is looked for in one pass over the text, and only a pattern whose literal is
/// there is tried. Many patterns cost little more than one.
public final class LikePatternSet: Sendable {
  private let patterns: [LikePattern]
  private let literals: LiteralSet
  /// Patterns that match wherever their literal occurs.
  private let whole: UInt64
  private let shortest: Int

  /// nil: too many, or one that has no literal to look for.
  public init?(_ patterns: [LikePattern]) {
    guard patterns.count > 1, let literals = LiteralSet(patterns.map { $0.longestLiteral ?? [] }) else { return nil }
    self.patterns = patterns
    self.literals = literals
    whole = patterns.enumerated().reduce(0) { $1.element.isSearch ? $0 | 1 << UInt64($1.offset) : $0 }
    shortest = patterns.map { $0.longestLiteral?.count ?? 0 }.min() ?? 0
  }

  public func bits(_ vector: Vector, _ rows: Int) -> Buffer {
    TextPredicate.bits(vector, rows, shortest: shortest) { matches($0, count: $1) }
  }

  /// Whether any pattern matches each text; null for null texts.
  public func vector(_ texts: Vector, _ rows: Int) -> Vector {
    TextPredicate.vector(texts, rows) { bits($0, rows) }
  }

  /// `text` may be read 32 bytes past its end.
  @inline(__always)
  func matches(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
    var which: UInt64 = 0
    guard let at = literals.first(in: text, count: count, from: 0, &which) else { return false }
    return which & whole != 0 || isMatch(text, count, at, which)
  }

  /// Tries the patterns whose literal was found, each once, and looks on.
  private func isMatch(_ text: UnsafePointer<UInt8>, _ count: Int, _ first: Int, _ found: UInt64) -> Bool {
    var at = first, which = found, tried: UInt64 = 0
    while true {
      if which & whole != 0 { return true }
      var left = which & ~tried
      tried |= which
      while left != 0 {
        if patterns[left.trailingZeroBitCount].matches(text, count: count) { return true }
        left &= left - 1
      }
      guard let next = literals.first(in: text, count: count, from: at + 1, &which) else { return false }
      at = next
    }
  }
}
