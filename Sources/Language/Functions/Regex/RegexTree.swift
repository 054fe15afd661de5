/// A pattern taken apart: what both RE2's syntax and an automaton's table are made from.
indirect enum RegexTree: Sendable {
  /// One character, in the syntax that both libraries have.
  case character([UInt8])
  /// One of a class (`[a-c]`, `\w`, `\p{Greek}`), as PCRE2 spells it.
  case characters([UInt8], ignoresCase: Bool)
  /// A place, in RE2's syntax.
  case assertion([UInt8])
  case group(opening: [UInt8], RegexTree)
  case sequence([RegexTree])
  case alternatives([RegexTree])
  /// `most` is nil where there is no bound.
  case repeated(RegexTree, quantifier: [UInt8], least: Int, most: Int?)

  /// RE2's syntax. Classes are written out as PCRE2 sees them, since the libraries follow different editions of Unicode.
  func linear(_ classes: inout CharacterClasses) throws(LinearSyntax.Refusal) -> [UInt8] {
    switch self {
    case .character(let text), .assertion(let text): return text
    case .characters(let source, let ignoresCase): return try classes.written(source, ignoresCase)
    case .group(let opening, let inner): return opening + (try inner.linear(&classes)) + [UInt8(ascii: ")")]
    case .sequence(let parts):
      var text: [UInt8] = []
      for part in parts { text += try part.linear(&classes) }
      return text
    case .alternatives(let branches):
      var text: [UInt8] = []
      for (i, branch) in branches.enumerated() { text += (i > 0 ? [UInt8(ascii: "|")] : []) + (try branch.linear(&classes)) }
      return text
    case .repeated(let inner, let quantifier, _, _):
      return Array("(?:".utf8) + (try inner.linear(&classes)) + [UInt8(ascii: ")")] + quantifier
    }
  }
}
