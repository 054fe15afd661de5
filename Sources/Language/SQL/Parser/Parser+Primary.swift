import Values

// primary = atom { [ index ] | . field | :: type }
extension Parser {
  /// Literals, names, calls, parentheses, and what may follow them directly. Every form has a function of its own, which keeps the stack
  /// frames on the way to a nested expression small.
  mutating func primary() throws -> Syntax.Expression {
    let start = position
    var result = try atom()
    while true {
      if at(.openBracket) {
        result = try subscripted(result, from: start)
      } else if at(.dot), !sees(.asterisk, 1) {
        result = try dereferenced(result, from: start)
      } else if sees(.doubleColon) {
        result = try casted(result, from: start)
      } else {
        lastPrimary = start..<position
        return result
      }
      try raise()
    }
  }

  private mutating func subscripted(_ base: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    advance()
    if accept(.asterisk) {
      try expect(.closeBracket)
      return .access(Syntax.Access(base: base, step: .everyElement, place: place(from: start)))
    }
    try enter()
    let index = try named("<expression>") { try $0.valueExpression() }
    leave()
    try expect(.closeBracket)
    return .subscript(Syntax.Subscript(base: base, index: index, place: place(from: start)))
  }

  private mutating func dereferenced(_ base: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    advance()
    if expectations != nil { note("'*'") }
    if case .string = current.kind {
      let name = try string()
      return .access(Syntax.Access(base: base, step: .member(name), place: place(from: start)))
    }
    if sees(.openParenthesis, 1), isName(current) {
      let name = try identifier()
      try expect(.openParenthesis)
      let arguments = at(.closeParenthesis) ? [] : try list { try $0.argument() }
      try expect(.closeParenthesis)
      return .access(Syntax.Access(base: base, step: .method(name, arguments), place: place(from: start)))
    }
    let field = try identifier()
    return .dereference(Syntax.Dereference(base: base, field: field, place: place(from: start)))
  }

  /// `base::type`
  private mutating func casted(_ base: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    advance()
    let type = try type()
    return .cast(Syntax.Cast(value: base, type: type, isSafe: false, place: place(from: start)))
  }

  private mutating func atom() throws -> Syntax.Expression {
    switch current.kind {
    case .integer, .decimal, .double: return try number(isNegative: false)
    case .string, .unicodeString:
      let start = position
      return literal(.string(try string()), from: start)
    case .binaryString: return try binaryLiteral()
    case .word: return try wordAtom()
    case .quotedWord, .backquotedWord, .digitWord: return try nameAtom()
    case .symbol: return try symbolAtom()
    case .unrecognized, .unterminated, .comment, .end: break
    }
    throw mismatch()
  }

  private mutating func symbolAtom() throws -> Syntax.Expression {
    switch current.symbol {
    case .openParenthesis: return try parenthesized()
    case .openBracket: return try arrayConstructor()
    case .minus where isNumber(token(1)):
      advance()
      return try number(isNegative: true)
    case .parameter:
      let start = position
      advance()
      parameterCount += 1
      return .parameter(Syntax.Parameter(index: parameterCount - 1, place: place(from: start)))
    default: throw mismatch()
    }
  }

  /// What a word begins: a form of its own, a literal, a call or a name.
  private mutating func wordAtom() throws -> Syntax.Expression {
    if let keyword = current.keyword, let form = try keyword.isReserved ? reservedForm(keyword) : unreservedForm(keyword) { return form }
    if let length = typedLiteralLength { return try typedLiteral(length) }
    return try nameAtom()
  }

  /// What a reserved word begins; nil when it begins no expression.
  private mutating func reservedForm(_ keyword: Keyword) throws -> Syntax.Expression? {
    switch keyword {
    case .null: keywordLiteral(.null)
    case .true: keywordLiteral(.boolean(true))
    case .false: keywordLiteral(.boolean(false))
    case .case: try caseExpression()
    case .cast: try cast(isSafe: false)
    case .exists: try exists()
    case .extract: try extract()
    case .normalize: try normalize()
    case .grouping: try grouping()
    case .currentDate, .currentTime, .currentTimestamp, .currentUser, .localTime, .localTimestamp: try currentValue()
    default: nil
    }
  }

  /// What a word begins that is a keyword only in some places; nil when it is a name here.
  private mutating func unreservedForm(_ keyword: Keyword) throws -> Syntax.Expression? {
    switch keyword {
    case .currentCatalog, .currentSchema, .currentPath:
      sees(.dot, 1) || sees(.openParenthesis, 1) || sees(.arrow, 1) ? nil : try currentValue()
    case .interval: startsInterval ? try intervalLiteral() : nil
    case .array: sees(.openBracket, 1) ? try arrayConstructor() : nil
    default: sees(.openParenthesis, 1) ? try keywordCall(keyword) : nil
    }
  }

  private var startsInterval: Bool { isString(token(1)) || (sees(.plus, 1) || sees(.minus, 1)) && isString(token(2)) }

  /// Calls with a syntax of their own, whose names are not reserved; nil when the word is none of them.
  private mutating func keywordCall(_ keyword: Keyword) throws -> Syntax.Expression? {
    switch keyword {
    case .tryCast: try cast(isSafe: true)
    case .unique: startsQuery(at: position + 2) ? try exists() : nil
    case .row: try rowConstructor()
    case .position: try positionCall()
    case .substring: try substringCall()
    case .trim: try trimCall()
    case .overlay: try overlayCall()
    case .listagg: try listaggCall()
    case .jsonExists: try jsonExists()
    case .jsonValue: try jsonValue()
    case .jsonQuery: try jsonQuery()
    case .jsonObject: try jsonObject()
    case .jsonArray: try jsonArray()
    default: nil
    }
  }

  /// A name, a lambda of one parameter, or a call.
  private mutating func nameAtom() throws -> Syntax.Expression {
    guard isName(current) else { throw mismatch() }
    if sees(.arrow, 1) { return try lambda() }
    if isCall { return try functionCall() }
    let name = try identifier()
    if sees(.openParenthesis) { note("'('") }
    return .identifier(name)
  }

  /// Whether a parenthesis follows the dotted name here.
  private var isCall: Bool {
    var length = 0
    while sees(.dot, length + 1), isName(token(length + 2)) { length += 2 }
    return sees(.openParenthesis, length + 1)
  }

  // MARK: Parentheses

  /// `(a)`, `(a, b)`, `(SELECT …)`, `(a, b) -> …`, `() -> …`
  private mutating func parenthesized() throws -> Syntax.Expression {
    if isLambda { return try lambda() }
    if startsQuery(at: position + 1) { return try scalarSubquery() }
    let start = position
    advance()
    note("<query>")
    let first = try expression()
    if accept(.closeParenthesis) { return first }
    return try tuple(first, from: start)
  }

  private mutating func tuple(_ first: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    var fields = [Syntax.RowField(name: nil, value: first, place: first.place)]
    while accept(.comma) {
      let value = try expression()
      fields.append(Syntax.RowField(name: nil, value: value, place: value.place))
    }
    try expect(.closeParenthesis)
    return .row(Syntax.RowConstructor(fields: fields, place: place(from: start)))
  }

  private mutating func scalarSubquery() throws -> Syntax.Expression {
    let start = position
    let query = try subquery()
    return .subquery(Syntax.ScalarSubquery(query: query, place: place(from: start)))
  }

  /// Whether a parenthesis opens a lambda's parameters: its partner is followed by an arrow.
  private var isLambda: Bool {
    let close = Int(closing[position])
    return close > position && tokens[min(close + 1, tokens.count - 1)].symbol == .arrow
  }

  private mutating func lambda() throws -> Syntax.Expression {
    let start = position
    var parameters: [Syntax.Identifier] = []
    if accept(.openParenthesis) {
      if !accept(.closeParenthesis) {
        parameters = try list { try $0.identifier() }
        try expect(.closeParenthesis)
      }
    } else {
      parameters = [try identifier()]
    }
    try expect(.arrow)
    let body = try expression()
    return .lambda(Syntax.Lambda(parameters: parameters, body: body, place: place(from: start)))
  }
}
