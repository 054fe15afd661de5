import Values

extension Parser {
  /// `name([DISTINCT | ALL] arguments [ORDER BY …])`, `name(*)`, and what may follow a call.
  mutating func functionCall() throws -> Syntax.Expression {
    let start = position
    let name = try qualifiedName()
    var call = Syntax.FunctionCall(name)
    try expect(.openParenthesis)
    if !(try star(&call)) { try callArguments(&call) }
    return try finished(&call, from: start)
  }

  /// `*)` or `t.*)`; consumes nothing else.
  private mutating func star(_ call: inout Syntax.FunctionCall) throws -> Bool {
    if at(.asterisk) {
      advance()
    } else {
      var length = 0
      while isName(token(length)), sees(.dot, length + 1), isName(token(length + 2)) { length += 2 }
      guard isName(token(length)), sees(.dot, length + 1), sees(.asterisk, length + 2) else { return false }
      let start = position
      var parts = [try identifier()]
      while accept(.dot), !sees(.asterisk) { parts.append(try identifier()) }
      call.starQualifier = Syntax.QualifiedName(parts, place: place(from: start))
      advance()
    }
    call.isStar = true
    try expect(.closeParenthesis)
    return true
  }

  private mutating func callArguments(_ call: inout Syntax.FunctionCall) throws {
    if !at(.closeParenthesis) {
      let hasOrder = at(.order)
      if !hasOrder {
        call.isDistinct = setQuantifier() == .distinct
        call.arguments = try list { try $0.argument() }
      }
      call.orderBy = try orderBy()
    }
    try expect(.closeParenthesis)
  }

  /// `DISTINCT`, or `ALL` when it is no name here.
  mutating func setQuantifier() -> Syntax.SetQuantifier? {
    if accept(.distinct) { return .distinct }
    if at(.all), canStartExpression(token(1)) || sees(.asterisk, 1) {
      advance()
      return .all
    }
    return nil
  }

  /// `value`, `name => value`
  mutating func argument() throws -> Syntax.Argument {
    let start = position
    guard isName(current), sees(.doubleArrow, 1) else {
      let value = try expression()
      return Syntax.Argument(value, place: place(from: start))
    }
    let name = try identifier()
    advance()
    let value = try expression()
    return Syntax.Argument(value, name: name, place: place(from: start))
  }

  /// A call with the clauses that follow its parentheses, checked.
  mutating func finished(_ call: inout Syntax.FunctionCall, from start: Int) throws -> Syntax.Expression {
    if at(.within), sees(.group, 1) {
      advance()
      advance()
      try expect(.openParenthesis)
      guard at(.order) else { throw mismatch() }
      call.orderBy = try orderBy()
      call.isWithinGroup = true
      try expect(.closeParenthesis)
    }
    if at(.filter), sees(.openParenthesis, 1) {
      advance()
      advance()
      try expect(.where)
      call.filter = try expression()
      try expect(.closeParenthesis)
    }
    if at(.ignore), sees(.nulls, 1) {
      call.nullTreatment = .ignore
    } else if at(.respect), sees(.nulls, 1) {
      call.nullTreatment = .respect
    }
    if call.nullTreatment != nil {
      advance()
      advance()
    }
    if at(.over), sees(.openParenthesis, 1) || isName(token(1)) {
      advance()
      call.window = try window()
    }
    call.place = place(from: start)
    try check(call, at: start)
    return .functionCall(call)
  }

  /// A call made of keyword syntax.
  func plainCall(_ name: String, _ arguments: [Syntax.Expression], from start: Int) -> Syntax.Expression {
    let name = Syntax.Identifier(name, place: place(from: start, at: start))
    return .functionCall(
      Syntax.FunctionCall(
        Syntax.QualifiedName([name], place: name.place), arguments.map { Syntax.Argument($0) }, place: place(from: start)))
  }

  /// The functions that Presto's grammar knows by name take a fixed number of arguments and none of the clauses.
  private func check(_ call: Syntax.FunctionCall, at start: Int) throws {
    guard call.name.parts.count == 1 else { return }
    let name = call.name.canonicalLast
    let count = call.arguments.count
    let complaint: String? =
      switch name {
      case "if": (2...3).contains(count) ? nil : "Invalid number of arguments for 'if' function"
      case "nullif": count == 2 ? nil : "Invalid number of arguments for 'nullif' function"
      case "coalesce": count >= 2 ? nil : "The 'coalesce' function must have at least two arguments"
      case "try": count == 1 ? nil : "The 'try' function must have exactly one argument"
      case "format": count >= 2 ? nil : "The 'format' function must have at least two arguments"
      default: ""
      }
    guard complaint != "" else { return }
    if let complaint { throw error(complaint, at: start) }
    if call.window != nil { throw error("OVER clause not valid for '\(name)' function", at: start) }
    if call.isDistinct { throw error("DISTINCT not valid for '\(name)' function", at: start) }
    if call.nullTreatment != nil { throw error("Null treatment clause not valid for '\(name)' function", at: start) }
    if call.filter != nil { throw error("FILTER not valid for '\(name)' function", at: start) }
    if !call.orderBy.isEmpty { throw error("ORDER BY not valid for '\(name)' function", at: start) }
    if call.arguments.contains(where: { $0.name != nil }) {
      throw error("Named arguments are not supported for '\(name)' function", at: start)
    }
  }

  // MARK: LISTAGG

  /// `LISTAGG([DISTINCT] value [, 'separator'] [ON OVERFLOW …]) WITHIN GROUP (ORDER BY …)`
  mutating func listaggCall() throws -> Syntax.Expression {
    let start = position
    var call = Syntax.FunctionCall(try qualifiedName())
    try expect(.openParenthesis)
    call.isDistinct = setQuantifier() == .distinct
    call.arguments = [try argument()]
    if accept(.comma) {
      let separatorStart = position
      let separator = try string()
      call.arguments.append(Syntax.Argument(literal(.string(separator), from: separatorStart)))
    }
    if accept(.on) { call.listaggOverflow = try listaggOverflow() }
    try expect(.closeParenthesis)
    guard at(.within), sees(.group, 1) else { throw mismatch() }
    return try finished(&call, from: start)
  }

  private mutating func listaggOverflow() throws -> Syntax.ListaggOverflow {
    try expect(.overflow)
    if try expect(anyOf: .error, .truncate) == .error { return .error }
    let filler = atString() ? try string() : nil
    let withCount = try expect(anyOf: .with, .without) == .with
    try expect(.count)
    return .truncate(filler: filler, withCount: withCount)
  }

  // MARK: Calls with keywords between their arguments

  /// `POSITION(a IN b)` is `strpos(b, a)`.
  mutating func positionCall() throws -> Syntax.Expression {
    guard let close = closingIndex(1), contains(.in, upTo: close) else { return try functionCall() }
    let start = position
    advance()
    try expect(.openParenthesis)
    let needle = try valueExpression()
    try expect(.in)
    let text = try valueExpression()
    try expect(.closeParenthesis)
    return plainCall("strpos", [text, needle], from: start)
  }

  /// `SUBSTRING(s FROM i [FOR n])`
  mutating func substringCall() throws -> Syntax.Expression {
    guard let close = closingIndex(1), contains(.from, upTo: close) else { return try functionCall() }
    let start = position
    advance()
    try expect(.openParenthesis)
    var arguments = [try nestedValue()]
    try expect(.from)
    arguments.append(try nestedValue())
    if accept(.for) { arguments.append(try nestedValue()) }
    try expect(.closeParenthesis)
    return plainCall("substring", arguments, from: start)
  }

  /// `TRIM([LEADING | TRAILING | BOTH] [characters] FROM s)`
  mutating func trimCall() throws -> Syntax.Expression {
    guard let close = closingIndex(1), contains(.from, upTo: close) else { return try functionCall() }
    let start = position
    advance()
    try expect(.openParenthesis)
    var name = "trim"
    if sees(.leading) || sees(.trailing) || sees(.both), canStartExpression(token(1)) || sees(.from, 1) {
      name = sees(.leading) ? "ltrim" : sees(.trailing) ? "rtrim" : "trim"
      advance()
    }
    var characters: Syntax.Expression?
    if !accept(.from) {
      characters = try nestedValue()
      try expect(.from)
    }
    let text = try nestedValue()
    try expect(.closeParenthesis)
    return plainCall(name, [text] + (characters.map { [$0] } ?? []), from: start)
  }

  /// `OVERLAY(a PLACING b FROM i [FOR n])`
  mutating func overlayCall() throws -> Syntax.Expression {
    guard let close = closingIndex(1), contains(.placing, upTo: close) else { return try functionCall() }
    let start = position
    advance()
    try expect(.openParenthesis)
    var arguments = [try nestedValue()]
    try expect(.placing)
    arguments.append(try nestedValue())
    try expect(.from)
    arguments.append(try nestedValue())
    if accept(.for) { arguments.append(try nestedValue()) }
    try expect(.closeParenthesis)
    return plainCall("overlay", arguments, from: start)
  }

  /// `NORMALIZE(s [, NFC | NFD | NFKC | NFKD])`
  mutating func normalize() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    let text = try nestedValue()
    var form = Keyword.nfc
    var formStart = start
    if accept(.comma) {
      formStart = position
      form = try expect(anyOf: .nfd, .nfc, .nfkd, .nfkc)
    }
    let formLiteral = literal(.string(form.rawValue), from: formStart)
    try expect(.closeParenthesis)
    return plainCall("normalize", [text, formLiteral], from: start)
  }

  /// A value expression one level deeper.
  mutating func nestedValue() throws -> Syntax.Expression {
    try enter()
    let value = try named("<expression>") { try $0.valueExpression() }
    leave()
    return value
  }

  private func closingIndex(_ distance: Int) -> Int? {
    let close = Int(closing[min(position + distance, closing.count - 1)])
    return close > position ? close : nil
  }

  /// Whether a keyword stands directly between the parentheses after the current token, not in deeper ones. The FROM of IS DISTINCT FROM
  /// does not count.
  private func contains(_ keyword: Keyword, upTo close: Int) -> Bool {
    var index = position + 2
    while index < close {
      if tokens[index].keyword == keyword, tokens[index - 1].keyword != .distinct { return true }
      index = closing[index] > Int32(index) ? Int(closing[index]) + 1 : index + 1
    }
    return false
  }
}
