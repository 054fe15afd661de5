import CRegex

/// PCRE2's syntax taken apart, as far as an automaton gives the same answer: what is not known to is refused.
struct LinearSyntax {
  /// What keeps a pattern from RE2.
  struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// A part of a pattern.
  private struct Part {
    var tree = RegexTree.sequence([])
    var canBeEmpty = true
    /// Whatever takes characters is tried before what takes none.
    var triesEmptyLast = true
    var hasGroups = false
  }

  private struct Modes {
    var ignoresCase = false, isMultiline = false, dotIsAnything = false
  }

  private(set) var tree = RegexTree.sequence([])
  /// Texts that end with a newline match differently: PCRE2's `$` holds before it, and its `(?m)^` does not hold after it.
  private(set) var mindsFinalNewline = false
  /// The match is the same, but groups within repetitions of what may be empty are not: PCRE2 goes round once more with nothing.
  private(set) var mindsGroups = false

  private let source: [UInt8]
  private var i = 0
  private var modes = Modes()

  /// Of a pattern that PCRE2 has compiled.
  init(_ pattern: [UInt8]) throws(Refusal) {
    source = LinearSyntax.unquoted(pattern)
    tree = try alternatives().tree
    if i < source.count { throw Refusal("its parentheses") }
  }

  /// `\Q…\E` as characters with backslashes.
  private static func unquoted(_ pattern: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [], isQuoted = false, i = 0
    while i < pattern.count {
      let c = pattern[i], next = i + 1 < pattern.count ? pattern[i + 1] : 0
      if c == UInt8(ascii: "\\") && (next == UInt8(ascii: "E") || !isQuoted && next == UInt8(ascii: "Q")) {
        isQuoted = next == UInt8(ascii: "Q")
        i += 2
      } else if isQuoted {
        if c < 0x80 && !isWord(c) { out.append(UInt8(ascii: "\\")) }
        out.append(c)
        i += 1
      } else {
        out.append(c)
        i += 1
        if c == UInt8(ascii: "\\") && i < pattern.count {
          out.append(next)
          i += 1
        }
      }
    }
    return out
  }

  private static func isDigit(_ c: UInt8) -> Bool { c >= 48 && c <= 57 }
  private static func isLetter(_ c: UInt8) -> Bool { c | 32 >= 97 && c | 32 <= 122 }
  private static func isHex(_ c: UInt8) -> Bool { isDigit(c) || c | 32 >= 97 && c | 32 <= 102 }
  private static func isWord(_ c: UInt8) -> Bool { isDigit(c) || isLetter(c) || c == UInt8(ascii: "_") }

  private func starts(with text: String) -> Bool { source[i...].starts(with: text.utf8) }

  private mutating func accept(_ text: String) -> Bool {
    guard starts(with: text) else { return false }
    i += text.utf8.count
    return true
  }

  // MARK: Structure

  /// Up to the end of the group. Modes hold to there, across `|`.
  private mutating func alternatives() throws(Refusal) -> Part {
    let outer = modes
    defer { modes = outer }
    var all = try sequence(), trees = [all.tree]
    while accept("|") {
      let next = try sequence()
      all.triesEmptyLast = !all.canBeEmpty && next.triesEmptyLast
      all.canBeEmpty = all.canBeEmpty || next.canBeEmpty
      all.hasGroups = all.hasGroups || next.hasGroups
      trees.append(next.tree)
    }
    if trees.count > 1 { all.tree = .alternatives(trees) }
    return all
  }

  private mutating func sequence() throws(Refusal) -> Part {
    var all = Part(), trees: [RegexTree] = []
    while i < source.count, source[i] != UInt8(ascii: "|"), source[i] != UInt8(ascii: ")") {
      guard var part = try atom() else { continue }
      while let quantified = try quantified(part) { part = quantified }
      trees.append(part.tree)
      all.canBeEmpty = all.canBeEmpty && part.canBeEmpty
      all.triesEmptyLast = !all.canBeEmpty || all.triesEmptyLast && part.triesEmptyLast
      all.hasGroups = all.hasGroups || part.hasGroups
    }
    all.tree = .sequence(trees)
    return all
  }

  /// The part with the quantifier that follows it; nil: none does.
  private mutating func quantified(_ part: Part) throws(Refusal) -> Part? {
    let start = i
    guard let (least, most) = try bounds() else { return nil }
    let isLazy = accept("?")
    if starts(with: "+") { throw Refusal("possessive quantifiers") }
    if part.canBeEmpty {
      // round and round with nothing: PCRE2 leaves the repetition there, RE2 tries what is left of the part
      if most == nil && !part.triesEmptyLast { throw Refusal("a repetition of what may be empty") }
      if part.hasGroups && most != 1 { mindsGroups = true }
    }
    let canBeEmpty = part.canBeEmpty || least == 0
    return Part(
      tree: .repeated(part.tree, quantifier: Array(source[start..<i]), least: least, most: most), canBeEmpty: canBeEmpty,
      triesEmptyLast: !canBeEmpty || !isLazy && part.triesEmptyLast, hasGroups: part.hasGroups)
  }

  /// `*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`.
  private mutating func bounds() throws(Refusal) -> (least: Int, most: Int?)? {
    if accept("*") { return (0, nil) }
    if accept("+") { return (1, nil) }
    if accept("?") { return (0, 1) }
    guard starts(with: "{") else { return nil }
    let close = source[i...].firstIndex(of: UInt8(ascii: "}")) ?? source.endIndex
    let inside = String(decoding: source[(i + 1)..<close], as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
    guard close < source.endIndex, inside.count <= 2, inside.allSatisfy({ $0.utf8.allSatisfy(LinearSyntax.isDigit) }),
      let least = Int(inside[0])
    else { return nil }
    i = close + 1
    return (least, inside.count == 1 ? least : Int(inside[1]))
  }

  /// nil: nothing that matches, such as `(?i)`.
  private mutating func atom() throws(Refusal) -> Part? {
    switch source[i] {
    case UInt8(ascii: "("): return try group()
    case UInt8(ascii: "["):
      guard let end = JavaRegex.classEnd(source[...], i) else { throw Refusal("\\c in classes") }
      return try characters(end)
    case UInt8(ascii: "\\"): return try escape()
    case UInt8(ascii: "."):
      i += 1
      return Part(tree: .character(Array((modes.dotIsAnything ? "(?s:.)" : "[^\\n]").utf8)), canBeEmpty: false)
    case UInt8(ascii: "^"):
      mindsFinalNewline = mindsFinalNewline || modes.isMultiline
      return try assertion(1, modes.isMultiline ? "(?m:^)" : "\\A")
    case UInt8(ascii: "$"):
      mindsFinalNewline = mindsFinalNewline || !modes.isMultiline
      return try assertion(1, modes.isMultiline ? "(?m:$)" : "\\z")
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): throw Refusal("a quantifier of nothing")
    case UInt8(ascii: "{"):
      // editions of PCRE2 differ in whether {,3} and { 1 } are quantifiers
      if i + 1 < source.count, [0x20, 0x09, UInt8(ascii: ",")].contains(source[i + 1]) || LinearSyntax.isDigit(source[i + 1]) {
        throw Refusal("{ without a backslash")
      }
      return literal()
    default: return literal()
    }
  }

  private mutating func group() throws(Refusal) -> Part? {
    i += 1
    let isCapturing = !starts(with: "?")
    if starts(with: "*") { throw Refusal("verbs such as (*ACCEPT)") }
    let outer = modes
    if !isCapturing {
      for (opening, name) in [
        ("?=", "look-ahead"), ("?!", "look-ahead"), ("?<=", "look-behind"), ("?<!", "look-behind"), ("?>", "atomic groups"),
        ("?|", "(?|…)"),
        ("?(", "conditions"), ("?#", "comments"),
      ] where starts(with: opening) { throw Refusal(name) }
      if accept("?<") || accept("?P<") || accept("?'") {
        guard let close = source[i...].firstIndex(where: { !LinearSyntax.isWord($0) }) else { throw Refusal("names of groups") }
        i = close + 1
        return try closed(opening: "(", hasGroups: true)
      }
      i += 1
      var isOn = true
      while i < source.count, source[i] != UInt8(ascii: ":"), source[i] != UInt8(ascii: ")") {
        switch source[i] {
        case UInt8(ascii: "-"): isOn = false
        case UInt8(ascii: "i"): modes.ignoresCase = isOn
        case UInt8(ascii: "m"): modes.isMultiline = isOn
        case UInt8(ascii: "s"): modes.dotIsAnything = isOn
        default: throw Refusal("recursion, and flags other than i, m and s")
        }
        i += 1
      }
      // for the rest of the group around it
      if accept(")") { return nil }
      if !accept(":") { throw Refusal("its parentheses") }
    }
    defer { modes = outer }
    return try closed(opening: isCapturing ? "(" : "(?:", hasGroups: isCapturing)
  }

  private mutating func closed(opening: String, hasGroups: Bool) throws(Refusal) -> Part {
    var part = try alternatives()
    if !accept(")") { throw Refusal("its parentheses") }
    part.tree = .group(opening: Array(opening.utf8), part.tree)
    part.hasGroups = part.hasGroups || hasGroups
    return part
  }

  // MARK: Characters

  private mutating func assertion(_ length: Int, _ text: String) throws(Refusal) -> Part {
    i += length
    if try bounds() != nil { throw Refusal("repeated assertions") }
    return Part(tree: .assertion(Array(text.utf8)))
  }

  private mutating func escape() throws(Refusal) -> Part {
    guard i + 1 < source.count else { throw Refusal("a backslash at its end") }
    let c = source[i + 1]
    switch c {
    case UInt8(ascii: "b"): return try assertion(2, "\\b")
    case UInt8(ascii: "B"): return try assertion(2, "\\B")
    case UInt8(ascii: "A"): return try assertion(2, "\\A")
    case UInt8(ascii: "z"): return try assertion(2, "\\z")
    case UInt8(ascii: "Z"):
      mindsFinalNewline = true
      return try assertion(2, "\\z")
    case UInt8(ascii: "p"), UInt8(ascii: "P"):
      guard i + 2 < source.count, source[i + 2] == UInt8(ascii: "{") else { return try characters(i + 3) }
      return try characters((source[i...].firstIndex(of: UInt8(ascii: "}")) ?? source.endIndex) + 1)
    case UInt8(ascii: "x"):
      guard i + 2 < source.count, source[i + 2] == UInt8(ascii: "{") else {
        // as many as two digits, of which one is as good as none
        guard source[(i + 2)...].prefix(2).count(where: LinearSyntax.isHex) == 2 else { throw Refusal("\\x without two digits") }
        return try characters(i + 4)
      }
      return try characters((source[i...].firstIndex(of: UInt8(ascii: "}")) ?? source.endIndex) + 1)
    case _ where "dDwWsShHvVtnrfae".utf8.contains(c): return try characters(i + 2)
    case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "k"), UInt8(ascii: "g"): throw Refusal("back-references")
    case _ where LinearSyntax.isDigit(c) || LinearSyntax.isLetter(c): throw Refusal("\\\(Character(Unicode.Scalar(c)))")
    default:
      i += 1
      return literal()
    }
  }

  /// One character that stands for itself.
  private mutating func literal() -> Part {
    let c = source[i]
    var end = i + 1
    while end < source.count && source[end] & 0xC0 == 0x80 { end += 1 }
    defer { i = end }
    let hasCase = modes.ignoresCase && (LinearSyntax.isLetter(c) || c >= 0x80)
    let plain = c >= 0x80 || LinearSyntax.isDigit(c) || LinearSyntax.isLetter(c)
    let text = plain ? Array(source[i..<end]) : Array("\\x{\(String(c, radix: 16))}".utf8)
    return Part(tree: .character(hasCase ? Array("(?i:".utf8) + text + [UInt8(ascii: ")")] : text), canBeEmpty: false)
  }

  /// One character of those that the source up to `end` stands for.
  private mutating func characters(_ end: Int) throws(Refusal) -> Part {
    guard end <= source.count else { throw Refusal("an escape at its end") }
    defer { i = end }
    return Part(tree: .characters(Array(source[i..<end]), ignoresCase: modes.ignoresCase), canBeEmpty: false)
  }
}
