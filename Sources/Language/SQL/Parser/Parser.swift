import Values

/// # The SQL room
///
/// In comes a text in Presto's (and Trino's) language; out goes a `Syntax` tree, or a `PrestoError` that says where the text went wrong,
/// what stood there and what could have stood there. The room knows grammar alone: no catalog, no type, no function.
///
/// * `Lexer` cuts bytes into `Token`s; it never fails.
/// * `Parser` is one struct that walks the tokens by recursive descent, extended in files named for what they parse. Functions that consume
///   are `mutating`, functions that look are not. Nothing backtracks: where one token does not decide, a bounded look ahead does
///   (`closing` knows the partner of every parenthesis), so parsing is linear in the text.
/// * `Syntax` is the tree.
/// * `Formatter` prints any tree back, so that `parse(format(parse(x))) == parse(x)`.
///
/// **Errors.** The first pass records nothing. When it fails, the text is parsed once more with an `Expectations` notebook: every test of
/// the current token writes down what it tested for, so what stands in the notebook at the failing token is what could have stood there.
/// That is how `line 1:8: mismatched input 'x'. Expecting: …` costs valid queries nothing.
///
/// **Depth.** Recursion is counted (`enter`), and so is the height of towers that loops build (`raise`); both stop at `depthLimit` with an
/// error, so neither parsing nor walking nor destroying a tree can exhaust a stack. Chains of AND, OR, `||`, arithmetic and UNION are flat
/// and have no limit.
public struct Parser {
  /// How deep expressions may nest. A sub-query counts as `queryDepth` levels, since everything that walks it needs more stack.
  public static let depthLimit = 300
  static let queryDepth = 4
  /// How high a tree may grow, counting every operator.
  static let heightLimit = 450

  let bytes: [UInt8]
  let tokens: [Token]
  /// For each `(`, the index of its `)`, or -1.
  let closing: [Int32]
  let expectations: Expectations?
  var position = 0
  var parameterCount = 0
  var depth = 0
  /// The height of the highest tree built since the innermost rule that counts began.
  var height = 0
  /// The tokens of the last complete primary expression.
  var lastPrimary = 0..<0

  init(_ bytes: [UInt8], _ tokens: [Token], _ expectations: Expectations? = nil) {
    self.bytes = bytes
    self.tokens = tokens
    self.expectations = expectations
    self.closing = Parser.partners(tokens)
  }

  /// One statement; semicolons may follow.
  public static func statement(_ text: String) throws -> Syntax.Statement { try statement(Array(text.utf8)) }

  /// One statement in UTF-8; semicolons may follow.
  public static func statement(_ bytes: [UInt8]) throws -> Syntax.Statement {
    try parse(bytes, Lexer.tokens(bytes)) { parser in try parser.whole { try $0.statement() } }
  }

  /// One expression, as in a row filter.
  public static func expression(_ text: String) throws -> Syntax.Expression {
    let bytes = Array(text.utf8)
    return try parse(bytes, Lexer.tokens(bytes)) { parser in try parser.whole { try $0.expression() } }
  }

  /// One type name, e.g. `array(row(a bigint, b varchar(10)))`.
  public static func type(_ text: String) throws -> Syntax.TypeName {
    let bytes = Array(text.utf8)
    return try parse(bytes, Lexer.tokens(bytes)) { parser in try parser.whole { try $0.type() } }
  }

  /// A statement of a script, with its text.
  public struct ScriptStatement: Hashable, Sendable {
    public var fragment: Lexer.Fragment
    public var statement: Syntax.Statement
  }

  /// The statements of a script, separated by semicolons. Locations, in errors too, count from the beginning of the script. To go on
  /// after a faulty statement, use `Lexer.split` and parse the fragments one by one.
  public static func statements(_ script: String) throws -> [ScriptStatement] {
    let bytes = Array(script.utf8)
    let fragments = Lexer.split(script)
    return try zip(fragments, Lexer.statements(Lexer.tokens(bytes))).map { fragment, piece in
      let statement = try parse(bytes, piece.tokens) { parser in try parser.whole { try $0.statement() } }
      return ScriptStatement(fragment: fragment, statement: statement)
    }
  }

  /// Runs a rule; runs it again with a notebook when it fails, for a better message.
  private static func parse<Result>(_ bytes: [UInt8], _ tokens: [Token], _ rule: (inout Parser) throws -> Result) throws -> Result {
    do {
      var parser = Parser(bytes, tokens)
      return try rule(&parser)
    } catch {
      var parser = Parser(bytes, tokens, Expectations())
      return try rule(&parser)
    }
  }

  /// The rule and nothing after it but semicolons.
  private mutating func whole<Result>(_ rule: (inout Parser) throws -> Result) throws -> Result {
    let result = try rule(&self)
    while current.symbol == .semicolon { advance() }
    note("<EOF>")
    guard current.kind == .end else { throw mismatch() }
    return result
  }

  /// The partner of every opening parenthesis, -1 elsewhere and where there is none.
  private static func partners(_ tokens: [Token]) -> [Int32] {
    var partners = [Int32](repeating: -1, count: tokens.count)
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      if token.symbol == .openParenthesis {
        open.append(index)
      } else if token.symbol == .closeParenthesis, let start = open.popLast() {
        partners[start] = Int32(clamping: index)
      }
    }
    return partners
  }
}
