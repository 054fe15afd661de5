import Values

/// One token of a SQL text: what it is and where its bytes are. The text itself stays with whoever had it lexed.
public struct Token: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// `orders`, `SELECT`: keyword or identifier
    case word
    /// `"Order Date"`
    case quotedWord
    /// `` `orders` ``, which Presto refuses
    case backquotedWord
    /// `1x`, which Presto refuses
    case digitWord
    /// `42`, `1_000`, `0xFF`
    case integer
    /// `1.5`
    case decimal
    /// `1e0`
    case double
    /// `'text'`
    case string
    /// `U&'\2603'`
    case unicodeString
    /// `X'65'`
    case binaryString
    /// `(`, `<=` …
    case symbol
    /// A byte that begins nothing.
    case unrecognized
    /// A string, quoted identifier or comment that the text ends within. Spans the rest of the text.
    case unterminated
    /// `-- …`, `/* … */`; only on request
    case comment
    /// The end of the text; of no length.
    case end
  }

  public var kind: Kind
  /// Of a word that the grammar knows.
  public var keyword: Keyword?
  public var symbol: Symbol?
  /// One-based.
  public var line: Int32
  /// One-based, in Unicode scalars.
  public var column: Int32
  /// UTF-8 offset of the first byte.
  public var start: Int32
  /// UTF-8 offset after the last byte.
  public var end: Int32

  public var range: Range<Int> { Int(start)..<Int(end) }
  public var location: SourceLocation { SourceLocation(line: Int(line), column: Int(column)) }
}

/// Operators and punctuation.
public enum Symbol: String, Hashable, Sendable, CaseIterable {
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
  case comma = ","
  case dot = "."
  case semicolon = ";"
  case colon = ":"
  case doubleColon = "::"
  case parameter = "?"
  case commercialAt = "@"
  case plus = "+"
  case minus = "-"
  case asterisk = "*"
  case slash = "/"
  case percent = "%"
  case concatenation = "||"
  case bar = "|"
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case arrow = "->"
  case doubleArrow = "=>"
}
