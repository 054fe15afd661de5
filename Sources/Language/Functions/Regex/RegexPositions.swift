import CRegex

/// The characters of a pattern, each with the ones that may come next (Glushkov's construction; Berry and Sethi, "From regular expressions to
/// deterministic automata", 1986). Repetitions with bounds are written out.
struct RegexPositions {
  typealias Set = SIMD4<UInt64>

  /// What of a part comes first, what last, and whether it can be nothing.
  private struct Part {
    var first = Set.zero, last = Set.zero, canBeEmpty = true
  }

  private(set) var first = Set.zero
  private(set) var last = Set.zero
  private(set) var canBeEmpty = true
  /// Positions whose character may be an ASCII byte.
  private(set) var matching = [Set](repeating: .zero, count: 128)
  private var follow: [Set] = []
  private var known: [[UInt8]: [Bool]] = [:]

  private struct Refusal: Error {}

  /// nil: there are places (`^`, `\b`) in it, or too many positions.
  init?(_ tree: RegexTree) {
    guard let whole = try? part(tree) else { return nil }
    first = whole.first
    last = whole.last
    canBeEmpty = whole.canBeEmpty
  }

  /// What may come after any of `positions`.
  func following(_ positions: Set) -> Set {
    var all = Set.zero
    RegexPositions.each(positions) { all |= follow[$0] }
    return all
  }

  private static func each(_ set: Set, _ body: (Int) -> Void) {
    for word in 0..<4 {
      var bits = set[word]
      while bits != 0 {
        body(word * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
  }

  private mutating func connect(_ from: Set, _ to: Set) {
    RegexPositions.each(from) { follow[$0] |= to }
  }

  private mutating func part(_ tree: RegexTree) throws -> Part {
    switch tree {
    case .character(let source): return try position(source)
    case .characters(let source, let ignoresCase):
      return try position(ignoresCase ? Array("(?i:".utf8) + source + [UInt8(ascii: ")")] : source)
    case .assertion: throw Refusal()
    case .group(_, let inner): return try part(inner)
    case .sequence(let parts):
      var all = Part()
      for tree in parts { all = followed(all, by: try part(tree)) }
      return all
    case .alternatives(let branches):
      var all = Part(canBeEmpty: false)
      for tree in branches {
        let branch = try part(tree)
        all.first |= branch.first
        all.last |= branch.last
        all.canBeEmpty = all.canBeEmpty || branch.canBeEmpty
      }
      return all
    case .repeated(let inner, _, let least, let most):
      guard least <= TableAutomaton.mostPositions, most ?? 0 <= TableAutomaton.mostPositions else { throw Refusal() }
      let count = follow.count
      var all = Part()
      for i in 0..<least {
        all = followed(all, by: try part(inner))
        // nothing again and again is nothing
        if i == 0 && follow.count == count { return all }
      }
      guard let most else {
        let again = try optional(inner)
        connect(again.last, again.first)
        return followed(all, by: again)
      }
      for _ in least..<max(least, most) {
        all = followed(all, by: try optional(inner))
        if follow.count == count { return all }
      }
      return all
    }
  }

  private mutating func optional(_ tree: RegexTree) throws -> Part {
    var part = try part(tree)
    part.canBeEmpty = true
    return part
  }

  private mutating func followed(_ part: Part, by next: Part) -> Part {
    connect(part.last, next.first)
    return Part(
      first: part.canBeEmpty ? part.first | next.first : part.first, last: next.canBeEmpty ? part.last | next.last : next.last,
      canBeEmpty: part.canBeEmpty && next.canBeEmpty)
  }

  /// A position of its own for one character, which PCRE2 knows.
  private mutating func position(_ source: [UInt8]) throws -> Part {
    let index = follow.count
    guard index < TableAutomaton.mostPositions else { throw Refusal() }
    let matches = try known[source] ?? RegexPositions.matches(source)
    known[source] = matches
    follow.append(.zero)
    var set = Set.zero
    set[index / 64] = 1 << UInt64(index % 64)
    for byte in 0..<128 where matches[byte] { matching[byte] |= set }
    return Part(first: set, last: set, canBeEmpty: false)
  }

  /// Which ASCII characters a pattern of one character matches.
  private static func matches(_ source: [UInt8]) throws -> [Bool] {
    var error: Int32 = 0, place = 0
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C) | UInt32(PCRE2_ANCHORED)
    guard let code = pcre2_compile_8(source, source.count, options, &error, &place, nil) else { throw Refusal() }
    defer { pcre2_code_free_8(code) }
    guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { throw Refusal() }
    defer { pcre2_match_data_free_8(data) }
    return (UInt8(0)..<128).map { byte in withUnsafePointer(to: byte) { pcre2_match_8(code, $0, 1, 0, 0, data, nil) > 0 } }
  }
}
