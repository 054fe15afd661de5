import Values

extension Parser {
  var current: Token { tokens[position] }

  /// The token `distance` further, or the end.
  func token(_ distance: Int) -> Token { tokens[min(position + distance, tokens.count - 1)] }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  // MARK: Looking

  /// Whether the current token is the keyword; a wish that goes into the error message.
  func at(_ keyword: Keyword) -> Bool {
    if expectations != nil { note("'\(keyword.rawValue)'") }
    return current.keyword == keyword
  }

  func at(_ symbol: Symbol) -> Bool {
    if expectations != nil { note("'\(symbol.rawValue)'") }
    return current.symbol == symbol
  }

  /// Whether a token some way on is the keyword; says nothing in the error message.
  func sees(_ keyword: Keyword, _ distance: Int = 0) -> Bool { token(distance).keyword == keyword }
  func sees(_ symbol: Symbol, _ distance: Int = 0) -> Bool { token(distance).symbol == symbol }

  // MARK: Consuming

  /// Moves over the keyword when it is there.
  mutating func accept(_ keyword: Keyword) -> Bool {
    guard at(keyword) else { return false }
    advance()
    return true
  }

  mutating func accept(_ symbol: Symbol) -> Bool {
    guard at(symbol) else { return false }
    advance()
    return true
  }

  /// Moves over both keywords when both are there; otherwise over none.
  mutating func accept(_ first: Keyword, _ second: Keyword) -> Bool {
    guard at(first), sees(second, 1) else { return false }
    advance()
    advance()
    return true
  }

  /// Moves over the first of the keywords that is there.
  mutating func accept(anyOf keywords: Keyword...) -> Keyword? {
    for keyword in keywords where accept(keyword) { return keyword }
    return nil
  }

  mutating func expect(_ keywords: Keyword...) throws {
    for keyword in keywords {
      guard accept(keyword) else { throw mismatch() }
    }
  }

  mutating func expect(_ symbol: Symbol) throws {
    guard accept(symbol) else { throw mismatch() }
  }

  mutating func expect(anyOf keywords: Keyword...) throws -> Keyword {
    for keyword in keywords where accept(keyword) { return keyword }
    throw mismatch()
  }

  /// `rule, rule, rule`
  mutating func list<Element>(_ rule: (inout Parser) throws -> Element) throws -> [Element] {
    var elements = [try rule(&self)]
    while accept(.comma) { elements.append(try rule(&self)) }
    return elements
  }

  /// `(rule, rule, rule)`
  mutating func parenthesizedList<Element>(_ rule: (inout Parser) throws -> Element) throws -> [Element] {
    try expect(.openParenthesis)
    let elements = try list(rule)
    try expect(.closeParenthesis)
    return elements
  }

  // MARK: Places

  /// The place from a token to the last consumed one.
  func place(from start: Int) -> Syntax.Place { place(from: start, at: start) }

  /// The place from a token to the last consumed one, reported at the `location` token.
  func place(from start: Int, at location: Int) -> Syntax.Place {
    let reported = tokens[location]
    let end = tokens[max(start, min(position, tokens.count) - 1)].end
    return Syntax.Place(line: Int(reported.line), column: Int(reported.column), start: Int(tokens[start].start), end: Int(end))
  }

  func text(of token: Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

  // MARK: Depth

  mutating func enter(_ levels: Int = 1) throws {
    depth += levels
    guard depth <= Parser.depthLimit else { throw tooDeep() }
  }

  mutating func leave(_ levels: Int = 1) { depth -= levels }

  /// Counts one more storey on the tree under construction.
  mutating func raise(_ levels: Int = 1) throws {
    height += levels
    guard height <= Parser.heightLimit else { throw tooDeep() }
  }

  /// Runs a rule for one operand of several: its height counts from the ground, and the highest operand counts.
  mutating func beside<Result>(_ rule: (inout Parser) throws -> Result) rethrows -> Result {
    let siblings = height
    height = 0
    let result = try rule(&self)
    height = max(siblings, height)
    return result
  }

  // MARK: Errors

  private func tooDeep() -> PrestoError {
    error("statement is too large (nested more than \(Parser.depthLimit) levels deep)")
  }

  /// A syntax error at a token, the current one unless told.
  func error(_ message: String, at index: Int? = nil, hint: String? = nil) -> PrestoError {
    PrestoError.at(tokens[index ?? position].location, .syntaxError, message, hint: hint)
  }

  /// `mismatched input 'x'. Expecting: 'A', 'B', <expression>`
  func mismatch() -> PrestoError {
    let token = current
    let (found, remedy): (String, String?) =
      switch token.kind {
      case .end: ("<EOF>", nil)
      case .unterminated: unterminated(token)
      default: (text(of: token), nil)
      }
    let wanted = expectations?.sorted(at: position) ?? []
    let hint = remedy ?? suggestion(at: position) ?? (position > 0 ? suggestion(at: position - 1) : nil)
    return error("mismatched input '\(found)'" + (wanted.isEmpty ? "" : ". Expecting: \(wanted.joined(separator: ", "))"), hint: hint)
  }

  private func unterminated(_ token: Token) -> (String, String?) {
    let rest = bytes[token.range]
    if rest.starts(with: "/*".utf8) { return ("/*", "The comment that begins here is not closed") }
    if rest.first == UInt8(ascii: "\"") { return ("\"", "The quoted identifier that begins here is not closed") }
    if rest.first == UInt8(ascii: "`") { return ("`", "The quoted identifier that begins here is not closed") }
    return ("'", "The string that begins here is not closed")
  }
}
