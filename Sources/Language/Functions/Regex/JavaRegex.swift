import Vectors

/// What Java's (and Joni's) regular expressions write otherwise than PCRE2.
enum JavaRegex {
  /// ASCII classes of Java's `\p{…}` that PCRE2 does not know, as the inside of a character class.
  private static let classes: [String: String] = [
    "Lower": "a-z", "Upper": "A-Z", "ASCII": "\\x00-\\x7F", "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9",
    "Punct": "!-\\/:-@\\[-`{-~", "Graph": "!-~", "Print": " -~", "Blank": " \\t", "Cntrl": "\\x00-\\x1F\\x7F", "XDigit": "0-9a-fA-F",
    "Space": " \\t\\n\\x0B\\f\\r",
  ]

  /// `\uFFFF` becomes `\x{FFFF}`, `\p{Alpha}` a class, `\p{IsLatin}` and `\p{InGreek}` lose their prefix. `\W` becomes `[^\w]`: the compiler of PCRE2
  /// before 10.43 finds no character beyond ASCII with it in texts that may be invalid (its issue 224).
  static func translated(_ source: [UInt8]) -> [UInt8] {
    guard source.contains(0x5C) else { return source }
    var out: [UInt8] = []
    var i = 0, classEnd = 0, isQuoted = false
    while i < source.count {
      let c = source[i]
      if c != 0x5C || i + 1 >= source.count {
        if c == 0x5B && !isQuoted && i >= classEnd { classEnd = JavaRegex.classEnd(source[...], i) ?? source.count }
        out.append(c)
        i += 1
        continue
      }
      let next = source[i + 1]
      if isQuoted {
        if next == UInt8(ascii: "E") { isQuoted = false }
        out += [c, next]
        i += 2
        continue
      }
      let isInClass = i < classEnd
      switch next {
      case UInt8(ascii: "Q"):
        isQuoted = true
        out += [c, next]
        i += 2
      case UInt8(ascii: "u") where i + 6 <= source.count && source[(i + 2)..<(i + 6)].allSatisfy(isHex):
        out += Array("\\x{".utf8) + source[(i + 2)..<(i + 6)] + [0x7D]
        i += 6
      case UInt8(ascii: "p"), UInt8(ascii: "P"):
        guard i + 2 < source.count, source[i + 2] == 0x7B, let close = source[i...].firstIndex(of: 0x7D) else {
          out += [c, next]
          i += 2
          continue
        }
        var name = String(decoding: source[(i + 3)..<close], as: UTF8.self)
        let isNegated = next == UInt8(ascii: "P")
        if let inside = classes[name], !(isNegated && isInClass) {
          out += Array((isInClass ? inside : (isNegated ? "[^" : "[") + inside + "]").utf8)
        } else {
          if name == "IsAlphabetic" { name = "L" }
          if name.hasPrefix("Is") || name.hasPrefix("In") { name = String(name.dropFirst(2)) }
          out += [c, next, 0x7B] + Array(name.utf8) + [0x7D]
        }
        i = close + 1
      case UInt8(ascii: "D"), UInt8(ascii: "W"), UInt8(ascii: "S"):
        out += isInClass ? [c, next] : Array("[^\\".utf8) + [next | 32, 0x5D]
        i += 2
      default:
        out += [c, next]
        i += 2
      }
    }
    return out
  }

  private static func isHex(_ c: UInt8) -> Bool { (c >= 48 && c <= 57) || (c | 32 >= 97 && c | 32 <= 102) }

  /// Literals of which every match contains at least one, the longest to be found without understanding much of the pattern: runs of plain
  /// characters, or one of each branch of an alternation; empty where there are none. The flag: a text matches wherever one of them occurs.
  static func requiredLiterals(_ source: ArraySlice<UInt8>) -> (literals: [[UInt8]], isWhole: Bool) {
    guard let branches = branches(source) else { return ([], false) }
    var literals: [[UInt8]] = [], isWhole = true
    for branch in branches {
      let found = literalsOfBranch(branch)
      if found.literals.isEmpty || literals.count + found.literals.count > LiteralSet.most { return ([], false) }
      literals += found.literals
      isWhole = isWhole && found.isWhole
    }
    return (literals, isWhole)
  }

  /// What stands between the `|` of the outermost level; nil where the pattern is not plain enough to tell.
  private static func branches(_ source: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    var branches: [ArraySlice<UInt8>] = [], start = source.startIndex, i = start
    while i < source.endIndex {
      switch source[i] {
      case UInt8(ascii: "|"):
        branches.append(source[start..<i])
        i += 1
        start = i
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "\\"):
        guard let end = skipped(source, i) else { return nil }
        i = end
      default: i += 1
      }
    }
    return branches + [source[start...]]
  }

  private static func literalsOfBranch(_ source: ArraySlice<UInt8>) -> (literals: [[UInt8]], isWhole: Bool) {
    var best: [[UInt8]] = [], run: [UInt8] = []
    var i = source.startIndex, isWhole = true
    func isQuantifier(_ at: Int) -> Bool { at < source.endIndex && [0x3F, 0x2A, 0x2B, 0x7B].contains(source[at]) }
    // the longer the shortest of them is, the rarer they are
    func offer(_ literals: [[UInt8]]) {
      let length = literals.map(\.count).min() ?? 0
      if length > best.map(\.count).min() ?? 0 { best = literals }
    }
    func endRun() {
      if !run.isEmpty { offer([run]) }
      run = []
    }
    while i < source.endIndex {
      let c = source[i]
      switch c {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "\\"):
        // classes and escapes are skipped whole; flags such as (?i) end the search
        isWhole = false
        endRun()
        let isFlagged = source[i...].starts(with: "(?".utf8), isUncaptured = source[i...].starts(with: "(?:".utf8)
        if isFlagged && !isUncaptured { return ([], false) }
        guard let end = skipped(source, i) else { return ([], false) }
        // what is in a group that occurs exactly once is required
        if c == UInt8(ascii: "(") && !isQuantifier(end) {
          offer(requiredLiterals(source[(i + (isUncaptured ? 3 : 1))..<(end - 1)]).literals)
        }
        i = end
        while isQuantifier(i) { i = quantifierEnd(source, i) }
      case UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "$"):
        isWhole = false
        endRun()
        i += 1
        while isQuantifier(i) { i = quantifierEnd(source, i) }
      case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"), UInt8(ascii: ")"): return ([], false)
      default:
        var length = 1
        while i + length < source.endIndex && CodePoints.isContinuation(source[i + length]) { length += 1 }
        if isQuantifier(i + length) {
          isWhole = false
          // once or more often still contains it
          if source[i + length] == UInt8(ascii: "+") { run += source[i..<(i + length)] }
          endRun()
          i = quantifierEnd(source, i + length)
          while isQuantifier(i) { i = quantifierEnd(source, i) }
        } else {
          run += source[i..<(i + length)]
          i += length
        }
      }
    }
    endRun()
    return (best, isWhole && !best.isEmpty)
  }

  private static func quantifierEnd(_ source: ArraySlice<UInt8>, _ at: Int) -> Int {
    if source[at] == UInt8(ascii: "{"), let close = source[at...].firstIndex(of: UInt8(ascii: "}")) { return close + 1 }
    return at + 1
  }

  /// The end of the group, class or escape that begins at `at`; nil where that is not plain.
  private static func skipped(_ source: ArraySlice<UInt8>, _ at: Int) -> Int? {
    switch source[at] {
    case UInt8(ascii: "\\"):
      guard at + 1 < source.endIndex else { return nil }
      // \Q…\E, \p{…}, \x…, \u…, \k<…>: leave those to the engine
      let simple = Array("dDwWsSbBAzZ.*+?()[]{}|^$\\/-_ tnrf".utf8)
      return simple.contains(source[at + 1]) ? at + 2 : nil
    case UInt8(ascii: "["): return classEnd(source, at)
    default:
      var depth = 0, i = at
      while i < source.endIndex {
        switch source[i] {
        case UInt8(ascii: "\\"): i += 1
        case UInt8(ascii: "["):
          guard let end = skipped(source, i) else { return nil }
          i = end - 1
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"):
          depth -= 1
          if depth == 0 { return i + 1 }
        default: break
        }
        i += 1
      }
      return nil
    }
  }

  /// The end of the class that begins with the `[` at `at`; nil where that is not plain.
  static func classEnd(_ source: ArraySlice<UInt8>, _ at: Int) -> Int? {
    var i = at + 1
    if i < source.endIndex && source[i] == UInt8(ascii: "^") { i += 1 }
    if i < source.endIndex && source[i] == UInt8(ascii: "]") { i += 1 }
    while i < source.endIndex {
      switch source[i] {
      case UInt8(ascii: "]"): return i + 1
      case UInt8(ascii: "\\"):
        // \c] and \Q]\E would end further on
        if i + 1 < source.endIndex && "cQ".utf8.contains(source[i + 1]) { return nil }
        i += 2
      case UInt8(ascii: "[") where source[i...].starts(with: "[:".utf8):
        let end = source[(i + 2)...].firstIndex { !($0 | 32 >= 97 && $0 | 32 <= 122) && $0 != UInt8(ascii: "^") } ?? source.endIndex
        i = source[end...].starts(with: ":]".utf8) ? end + 2 : i + 1
      default: i += 1
      }
    }
    return nil
  }
}
