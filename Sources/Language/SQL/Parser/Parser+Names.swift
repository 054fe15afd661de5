import Values

extension Parser {
  /// Whether a token may be a name: an unreserved word, or a quoted one (whose faults are told on consumption).
  func isName(_ token: Token) -> Bool {
    switch token.kind {
    case .word: token.keyword?.isReserved != true
    case .quotedWord, .backquotedWord, .digitWord: true
    default: false
    }
  }

  /// Whether a name stands here; a wish that goes into the error message.
  func atIdentifier() -> Bool {
    note("<identifier>")
    return isName(current)
  }

  mutating func identifier() throws -> Syntax.Identifier {
    guard atIdentifier() else { throw mismatch() }
    let token = current
    switch token.kind {
    case .backquotedWord: throw error("backquoted identifiers are not supported; use double quotes to quote identifiers")
    case .digitWord: throw error("identifiers must not start with a digit; surround the identifier with double quotes")
    case .quotedWord:
      let name = unquoted(token, prefix: 0)
      if name.isEmpty { throw error("Zero-length delimited identifier not allowed") }
      advance()
      return Syntax.Identifier(name, isQuoted: true, place: place(from: position - 1))
    default:
      advance()
      return Syntax.Identifier(text(of: token), place: place(from: position - 1))
    }
  }

  /// `a`, `a.b`, `a.b.c`
  mutating func qualifiedName() throws -> Syntax.QualifiedName {
    let start = position
    var parts = [try identifier()]
    while accept(.dot) { parts.append(try identifier()) }
    return Syntax.QualifiedName(parts, place: place(from: start))
  }

  /// `(a, b, c)`
  mutating func columnAliases() throws -> [Syntax.Identifier] {
    try parenthesizedList { try $0.identifier() }
  }

  // MARK: Strings and numbers

  /// The text between a token's quotes, doubled quotes made single.
  func unquoted(_ token: Token, prefix: Int) -> String {
    let inner = bytes[(Int(token.start) + prefix + 1)..<max(Int(token.start) + prefix + 1, Int(token.end) - 1)]
    let quote = bytes[Int(token.start) + prefix]
    guard inner.contains(quote) else { return String(decoding: inner, as: UTF8.self) }
    var plain: [UInt8] = []
    plain.reserveCapacity(inner.count)
    var isSecond = false
    for byte in inner {
      isSecond = byte == quote && !isSecond
      if !isSecond { plain.append(byte) }
    }
    return String(decoding: plain, as: UTF8.self)
  }

  func isString(_ token: Token) -> Bool { token.kind == .string || token.kind == .unicodeString }

  func atString() -> Bool {
    note("<string>")
    return isString(current)
  }

  /// `'text'`, `U&'\2603' [UESCAPE '\']`
  mutating func string() throws -> String {
    guard atString() else { throw mismatch() }
    let token = current
    advance()
    guard token.kind == .unicodeString else { return unquoted(token, prefix: 0) }
    let index = position - 1
    var escape: Unicode.Scalar = "\\"
    if accept(.uescape) {
      note("<string>")
      guard current.kind == .string else { throw mismatch() }
      escape = try unicodeEscape(unquoted(current, prefix: 0), at: index)
      advance()
    }
    return try decoded(unquoted(token, prefix: 2), escape: escape, at: index)
  }

  private func unicodeEscape(_ text: String, at index: Int) throws -> Unicode.Scalar {
    guard let scalar = text.unicodeScalars.first else { throw error("Empty Unicode escape character", at: index) }
    let isAllowed =
      scalar.value > 0x20 && scalar.value < 0x7f && !scalar.properties.isASCIIHexDigit && !"\"'+".unicodeScalars.contains(scalar)
    guard text.unicodeScalars.count == 1, isAllowed else { throw error("Invalid Unicode escape character: \(text)", at: index) }
    return scalar
  }

  /// `\XXXX` and `\+XXXXXX` become the character, `\\` the escape character itself.
  private func decoded(_ text: String, escape: Unicode.Scalar, at index: Int) throws -> String {
    var result = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == escape else {
        result.append(scalar)
        continue
      }
      guard var next = scalars.next() else { throw error("Incomplete escape sequence: ", at: index) }
      if next == escape {
        result.append(escape)
        continue
      }
      var missing = 4
      if next == "+" {
        missing = 6
        guard let digit = scalars.next() else { throw error("Incomplete escape sequence: ", at: index) }
        next = digit
      }
      var digits = ""
      while true {
        guard next.properties.isASCIIHexDigit else { throw error("Invalid hexadecimal digit: \(next)", at: index) }
        digits.unicodeScalars.append(next)
        missing -= 1
        if missing == 0 { break }
        guard let digit = scalars.next() else { throw error("Incomplete escape sequence: \(digits)", at: index) }
        next = digit
      }
      let code = UInt32(digits, radix: 16) ?? .max
      guard let decoded = Unicode.Scalar(code) else {
        let isSurrogate = (0xd800...0xdfff).contains(code)
        let advice = isSurrogate ? ". Escaped character is a surrogate. Use '\\+123456' instead." : ""
        throw error("Invalid escaped character: \(digits)\(advice)", at: index)
      }
      result.append(decoded)
    }
    return String(result)
  }

  /// The value of an integer token; `negative` when a minus belongs to it.
  func integerValue(_ token: Token, isNegative: Bool, at index: Int) throws -> Int64 {
    let digits = text(of: token).filter { $0 != "_" }
    let (radix, skipped) =
      switch digits.dropFirst().first {
      case "x", "X": (16, 2)
      case "o", "O": (8, 2)
      case "b", "B": (2, 2)
      default: (10, 0)
      }
    guard let value = Int64((isNegative ? "-" : "") + digits.dropFirst(skipped), radix: radix) else {
      throw error("Invalid numeric literal: \(isNegative ? "-" : "")\(digits)", at: index)
    }
    return value
  }

  /// An unsigned integer, as in `varchar(10)`.
  mutating func integer() throws -> Int64 {
    note("<integer>")
    guard current.kind == .integer else { throw mismatch() }
    let value = try integerValue(current, isNegative: false, at: position)
    advance()
    return value
  }
}
