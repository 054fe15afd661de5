/// Cuts a SQL text into tokens, byte by byte.
///
/// The lexer never fails: what Presto would refuse becomes a token of a kind that no rule of the grammar accepts, so that the parser can say
/// what it wanted in its place. It is also the whole of what query fingerprints, the prompt's highlighting and the splitting of scripts need.
///
///     text   select x -- why
///     bytes  0     67 8 9
///     tokens word  word     end           (the comment only with `includesComments`)
public struct Lexer {
  let bytes: [UInt8]
  let includesComments: Bool
  private var offset = 0
  private var line: Int32 = 1
  private var lineStart = 0
  /// UTF-8 continuation bytes seen in this line: they do not count as columns.
  private var continuations = 0

  public init(_ bytes: [UInt8], includesComments: Bool = false) {
    self.bytes = bytes
    self.includesComments = includesComments
  }

  /// All tokens of a text; the last is of kind `end`. Texts beyond 2 GB are cut there.
  public static func tokens(_ bytes: [UInt8], includesComments: Bool = false) -> [Token] {
    var lexer = Lexer(bytes.count <= Int(Int32.max) ? bytes : Array(bytes[..<Int(Int32.max)]), includesComments: includesComments)
    var tokens: [Token] = []
    tokens.reserveCapacity(bytes.count / 5 + 2)
    while true {
      let token = lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  /// All tokens of a text; the last is of kind `end`.
  public static func tokens(_ text: String, includesComments: Bool = false) -> [Token] {
    tokens(Array(text.utf8), includesComments: includesComments)
  }

  /// The next token; `end` again and again at the end.
  public mutating func next() -> Token {
    while offset < bytes.count {
      let byte = bytes[offset]
      if skipBlank(byte) { continue }
      if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
        let comment = lineComment()
        if includesComments { return comment }
        continue
      }
      if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        let comment = blockComment()
        if includesComments || comment.kind == .unterminated { return comment }
        continue
      }
      return token(byte)
    }
    return Mark(self).token(.end, to: offset)
  }

  private func peek(_ distance: Int) -> UInt8 { offset + distance < bytes.count ? bytes[offset + distance] : 0 }

  /// Where a token began.
  private struct Mark {
    let line: Int32
    let column: Int32
    let start: Int

    init(_ lexer: Lexer) {
      line = lexer.line
      column = Int32(clamping: lexer.offset - lexer.lineStart - lexer.continuations + 1)
      start = lexer.offset
    }

    func token(_ kind: Token.Kind, to end: Int, keyword: Keyword? = nil, symbol: Symbol? = nil) -> Token {
      Token(
        kind: kind, keyword: keyword, symbol: symbol, line: line, column: column, start: Int32(clamping: start), end: Int32(clamping: end))
    }
  }

  /// Moves over one byte inside a token or blank, counting lines and columns.
  private mutating func step() {
    let byte = bytes[offset]
    offset += 1
    if byte == 0x0a {
      line &+= 1
      lineStart = offset
      continuations = 0
    } else if byte & 0xc0 == 0x80 {
      continuations += 1
    }
  }

  /// Blanks: Presto's space, tab and line ends; besides, what copying from documents leaves: form feed, vertical tab, the no-break
  /// space (C2 A0), the ideographic space (E3 80 80) and the byte order mark (EF BB BF).
  private mutating func skipBlank(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d: skip(1)
    case 0xc2 where peek(1) == 0xa0: skip(2)
    case 0xe3 where peek(1) == 0x80 && peek(2) == 0x80: skip(3)
    case 0xef where peek(1) == 0xbb && peek(2) == 0xbf: skip(3)
    default: return false
    }
    return true
  }

  private mutating func skip(_ count: Int) {
    for _ in 0..<count { step() }
  }

  private mutating func lineComment() -> Token {
    let mark = Mark(self)
    while offset < bytes.count, bytes[offset] != 0x0a { step() }
    return mark.token(.comment, to: offset)
  }

  private mutating func blockComment() -> Token {
    let mark = Mark(self)
    skip(2)
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        skip(2)
        return mark.token(.comment, to: offset)
      }
      step()
    }
    return mark.token(.unterminated, to: offset)
  }

  private mutating func token(_ byte: UInt8) -> Token {
    switch byte {
    case UInt8(ascii: "'"): return quoted(.string, quote: byte, prefix: 0)
    case UInt8(ascii: "\""): return quoted(.quotedWord, quote: byte, prefix: 0)
    case UInt8(ascii: "`"): return quoted(.backquotedWord, quote: byte, prefix: 0)
    case UInt8(ascii: "X"), UInt8(ascii: "x"):
      return peek(1) == UInt8(ascii: "'") ? quoted(.binaryString, quote: UInt8(ascii: "'"), prefix: 1) : word()
    case UInt8(ascii: "U"), UInt8(ascii: "u"):
      let isUnicode = peek(1) == UInt8(ascii: "&") && peek(2) == UInt8(ascii: "'")
      return isUnicode ? quoted(.unicodeString, quote: UInt8(ascii: "'"), prefix: 2) : word()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case UInt8(ascii: ".") where isDigit(peek(1)): return number()
    default: return isWordStart(byte) ? word() : symbol(byte)
    }
  }

  /// `'it''s'`, `"a ""b"" c"`: the quote doubled stands for itself.
  private mutating func quoted(_ kind: Token.Kind, quote: UInt8, prefix: Int) -> Token {
    let mark = Mark(self)
    skip(prefix + 1)
    while offset < bytes.count {
      if bytes[offset] == quote {
        // Doubling is no escape in a binary string, but nothing valid follows one directly either.
        if peek(1) != quote {
          skip(1)
          return mark.token(kind, to: offset)
        }
        skip(2)
      } else {
        step()
      }
    }
    return mark.token(.unterminated, to: offset)
  }

  private mutating func word() -> Token {
    let mark = Mark(self)
    while offset < bytes.count, isWordPart(bytes[offset]) { offset += 1 }
    return mark.token(.word, to: offset, keyword: Keyword.find(bytes[mark.start..<offset]))
  }

  private mutating func symbol(_ byte: UInt8) -> Token {
    let mark = Mark(self)
    let (symbol, length) = Lexer.symbol(byte, peek(1))
    guard let symbol else {
      // One whole scalar, so that messages show a character.
      step()
      while offset < bytes.count, bytes[offset] & 0xc0 == 0x80 { step() }
      return mark.token(.unrecognized, to: offset)
    }
    offset += length
    return mark.token(.symbol, to: offset, symbol: symbol)
  }

  private static func symbol(_ byte: UInt8, _ next: UInt8) -> (Symbol?, Int) {
    switch (Character(UnicodeScalar(byte)), Character(UnicodeScalar(next))) {
    case ("(", _): (.openParenthesis, 1)
    case (")", _): (.closeParenthesis, 1)
    case ("[", _): (.openBracket, 1)
    case ("]", _): (.closeBracket, 1)
    case ("{", _): (.openBrace, 1)
    case ("}", _): (.closeBrace, 1)
    case (",", _): (.comma, 1)
    case (".", _): (.dot, 1)
    case (";", _): (.semicolon, 1)
    case (":", ":"): (.doubleColon, 2)
    case (":", _): (.colon, 1)
    case ("?", _): (.parameter, 1)
    case ("@", _): (.commercialAt, 1)
    case ("+", _): (.plus, 1)
    case ("-", ">"): (.arrow, 2)
    case ("-", _): (.minus, 1)
    case ("*", _): (.asterisk, 1)
    case ("/", _): (.slash, 1)
    case ("%", _): (.percent, 1)
    case ("|", "|"): (.concatenation, 2)
    case ("|", _): (.bar, 1)
    case ("=", ">"): (.doubleArrow, 2)
    case ("=", _): (.equal, 1)
    case ("!", "="): (.notEqual, 2)
    case ("<", ">"): (.notEqual, 2)
    case ("<", "="): (.lessOrEqual, 2)
    case ("<", _): (.less, 1)
    case (">", "="): (.greaterOrEqual, 2)
    case (">", _): (.greater, 1)
    default: (nil, 0)
    }
  }

  /// The longest of `1_000`, `0xFF`, `0o17`, `0b11`, `1.5`, `.5`, `1.`, `1e5`, `1.5e-5`, and `1x`, which is no number.
  private mutating func number() -> Token {
    let mark = Mark(self)
    // What a word rule would take, to tell `1x` from `1`.
    var wordEnd = offset
    while wordEnd < bytes.count, isWordPart(bytes[wordEnd]) { wordEnd += 1 }

    if let end = radixEnd(), end >= wordEnd {
      offset = end
      return mark.token(.integer, to: end)
    }
    var kind = Token.Kind.integer
    var end = digitsEnd(offset)
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      kind = .decimal
      end = digitsEnd(end + 1)
    }
    if let exponent = exponentEnd(end) {
      kind = .double
      end = exponent
    }
    if end < wordEnd {
      offset = wordEnd
      return mark.token(.digitWord, to: wordEnd)
    }
    offset = end
    return mark.token(kind, to: end)
  }

  /// The end of `12`, `1_000`; the start itself when there is no digit.
  private func digitsEnd(_ start: Int) -> Int {
    var end = start
    while end < bytes.count {
      if isDigit(bytes[end]) {
        end += 1
      } else if bytes[end] == UInt8(ascii: "_"), end > start, end + 1 < bytes.count, isDigit(bytes[end + 1]) {
        end += 2
      } else {
        break
      }
    }
    return end
  }

  private func exponentEnd(_ start: Int) -> Int? {
    guard start < bytes.count, bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
    var digits = start + 1
    if digits < bytes.count, bytes[digits] == UInt8(ascii: "+") || bytes[digits] == UInt8(ascii: "-") { digits += 1 }
    var end = digits
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return end > digits ? end : nil
  }

  /// The end of `0xFF`, `0o17`, `0b11` with single underscores before digits; nil when this is none.
  private func radixEnd() -> Int? {
    guard bytes[offset] == UInt8(ascii: "0") else { return nil }
    let radix: Int
    switch peek(1) | 0x20 {
    case UInt8(ascii: "x"): radix = 16
    case UInt8(ascii: "o"): radix = 8
    case UInt8(ascii: "b"): radix = 2
    default: return nil
    }
    var end = offset + 2
    while end < bytes.count {
      if let digit = hexadecimalDigit(bytes[end]), digit < radix {
        end += 1
      } else if bytes[end] == UInt8(ascii: "_"), end + 1 < bytes.count, let digit = hexadecimalDigit(bytes[end + 1]), digit < radix {
        end += 2
      } else {
        break
      }
    }
    return end > offset + 2 ? end : nil
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
func isWordStart(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") }
func isWordPart(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) }

/// The value of a hexadecimal digit.
func hexadecimalDigit(_ byte: UInt8) -> Int? {
  switch byte {
  case 0x30...0x39: Int(byte) - 0x30
  case 0x41...0x46: Int(byte) - 0x37
  case 0x61...0x66: Int(byte) - 0x57
  default: nil
  }
}
