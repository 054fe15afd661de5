import Values

// expression  = conjunction { OR conjunction }
// conjunction = negation { AND negation }
// negation    = { NOT } predicate
// predicate   = value [ comparison | BETWEEN … | IN … | LIKE … | IS … | OVERLAPS … ]
// value       = see Parser+Operators
extension Parser {
  /// Any expression.
  mutating func expression() throws -> Syntax.Expression {
    try enter()
    let siblings = height
    height = 0
    let result = try named("<expression>") { try $0.disjunction() }
    try raise()
    height = max(siblings, height)
    leave()
    return result
  }

  /// Operands of OR in a loop: however many there are, they cost no stack.
  private mutating func disjunction() throws -> Syntax.Expression {
    let start = position
    let first = try conjunction()
    guard at(.or) else { return first }
    let location = position
    var operands = [first]
    while accept(.or) { operands.append(try beside { try $0.conjunction() }) }
    try raise()
    return .logical(Syntax.Logical(operator: .or, operands: operands, place: place(from: start, at: location)))
  }

  private mutating func conjunction() throws -> Syntax.Expression {
    let start = position
    let first = try negation()
    guard at(.and) else { return first }
    let location = position
    var operands = [first]
    while accept(.and) { operands.append(try beside { try $0.negation() }) }
    try raise()
    return .logical(Syntax.Logical(operator: .and, operands: operands, place: place(from: start, at: location)))
  }

  private mutating func negation() throws -> Syntax.Expression {
    let start = position
    while accept(.not) {}
    var result = try predicate()
    for index in stride(from: negations(from: start), to: 0, by: -1) {
      try raise()
      result = .not(Syntax.Not(operand: result, place: place(from: start + index - 1)))
    }
    return result
  }

  /// How many NOTs stand in a row at a token.
  private func negations(from start: Int) -> Int {
    var end = start
    while end < position, tokens[end].keyword == .not { end += 1 }
    return end - start
  }

  private mutating func predicate() throws -> Syntax.Expression {
    let start = position
    let value = try valueExpression()
    note("<predicate>")
    return try continuesAsPredicate ? predicate(of: value, from: start) : value
  }

  /// Whether a comparison or predicate follows a value.
  private var continuesAsPredicate: Bool {
    switch current.keyword {
    case .not, .between, .in, .like, .is: true
    case .ilike, .overlaps: canStartExpression(token(1))
    default: comparisonOperator != nil
    }
  }

  /// The predicate that follows a value; reported at its operator.
  mutating func predicate(of value: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    try raise()
    if let operation = comparisonOperator { return try comparison(value, operation, from: start) }
    let isNegated = sees(.not)
    switch token(isNegated ? 1 : 0).keyword {
    case .between: return try between(value, isNegated, from: start)
    case .in: return try inPredicate(value, isNegated, from: start)
    case .like, .ilike: return try like(value, isNegated, from: start)
    case .is where !isNegated: return try isPredicate(value, from: start)
    case .overlaps where !isNegated: return try overlaps(value, from: start)
    default: break
    }
    advance()
    for keyword in [Keyword.between, .in, .like, .ilike] { note("'\(keyword.rawValue)'") }
    throw mismatch()
  }

  private var comparisonOperator: Syntax.ComparisonOperator? {
    switch current.symbol {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  /// `value = right`, `value = ALL (query)`
  private mutating func comparison(
    _ value: Syntax.Expression, _ operation: Syntax.ComparisonOperator, from start: Int
  ) throws -> Syntax.Expression {
    let location = position
    advance()
    let isQuantified = (sees(.all) || sees(.any) || sees(.some)) && sees(.openParenthesis, 1) && startsQuery(at: position + 2)
    if isQuantified {
      let quantifier: Syntax.Quantified.Quantifier = sees(.all) ? .all : .any
      advance()
      let query = try subquery()
      return .quantified(
        Syntax.Quantified(
          operator: operation, quantifier: quantifier, value: value, query: query, place: place(from: start, at: location)))
    }
    let right = try named("<expression>") { try $0.valueExpression() }
    return .comparison(Syntax.Comparison(operator: operation, left: value, right: right, place: place(from: start, at: location)))
  }

  private mutating func between(_ value: Syntax.Expression, _ isNegated: Bool, from start: Int) throws -> Syntax.Expression {
    let location = position
    if isNegated { advance() }
    advance()
    let isSymmetric = sees(.symmetric) && canStartExpression(token(1))
    if isSymmetric || sees(.asymmetric) && canStartExpression(token(1)) { advance() }
    let lower = try named("<expression>") { try $0.valueExpression() }
    try expect(.and)
    let upper = try named("<expression>") { try $0.valueExpression() }
    return .between(
      Syntax.Between(
        value: value, lower: lower, upper: upper, isSymmetric: isSymmetric, isNegated: isNegated, place: place(from: start, at: location)))
  }

  private mutating func inPredicate(_ value: Syntax.Expression, _ isNegated: Bool, from start: Int) throws -> Syntax.Expression {
    let location = position
    if isNegated { advance() }
    advance()
    if sees(.openParenthesis), startsQuery(at: position + 1) {
      let query = try subquery()
      return .inSubquery(Syntax.InSubquery(value: value, query: query, isNegated: isNegated, place: place(from: start, at: location)))
    }
    try expect(.openParenthesis)
    note("<query>")
    let items = try list { try $0.expression() }
    try expect(.closeParenthesis)
    return .inList(Syntax.InList(value: value, items: items, isNegated: isNegated, place: place(from: start, at: location)))
  }

  private mutating func like(_ value: Syntax.Expression, _ isNegated: Bool, from start: Int) throws -> Syntax.Expression {
    let location = position
    if isNegated { advance() }
    let isCaseInsensitive = sees(.ilike)
    advance()
    let pattern = try named("<expression>") { try $0.valueExpression() }
    let escape = accept(.escape) ? try named("<expression>") { try $0.valueExpression() } : nil
    return .like(
      Syntax.Like(
        value: value, pattern: pattern, escape: escape, isCaseInsensitive: isCaseInsensitive, isNegated: isNegated,
        place: place(from: start, at: location)))
  }

  /// `IS [NOT] NULL | DISTINCT FROM … | TRUE | FALSE | UNKNOWN`
  private mutating func isPredicate(_ value: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    let location = position
    advance()
    let isNegated = accept(.not)
    if accept(.null) {
      return .isNull(Syntax.IsNull(value: value, isNegated: isNegated, place: place(from: start, at: location)))
    }
    if accept(.distinct) {
      try expect(.from)
      let right = try named("<expression>") { try $0.valueExpression() }
      return .distinctFrom(
        Syntax.DistinctFrom(left: value, right: right, isNegated: isNegated, place: place(from: start, at: location)))
    }
    let truth: Syntax.IsTruth.Truth =
      switch try expect(anyOf: .true, .false, .unknown) {
      case .true: .true
      case .false: .false
      default: .unknown
      }
    return .isTruth(Syntax.IsTruth(value: value, truth: truth, isNegated: isNegated, place: place(from: start, at: location)))
  }

  private mutating func overlaps(_ value: Syntax.Expression, from start: Int) throws -> Syntax.Expression {
    let location = position
    advance()
    let right = try named("<expression>") { try $0.valueExpression() }
    return .overlaps(Syntax.Overlaps(left: value, right: right, place: place(from: start, at: location)))
  }

  /// Whether an expression can begin with a token. Used to tell a keyword from a name: `a ILIKE b` from `a ilike FROM t`.
  func canStartExpression(_ token: Token) -> Bool {
    switch token.kind {
    case .integer, .decimal, .double, .string, .unicodeString, .binaryString, .quotedWord: true
    case .symbol: [.openParenthesis, .minus, .plus, .parameter].contains(token.symbol)
    case .word:
      switch token.keyword {
      case .null, .true, .false, .case, .cast, .exists, .not, .extract, .normalize, .grouping, .currentDate, .currentTime,
        .currentTimestamp,
        .currentUser, .localTime, .localTimestamp:
        true
      case let keyword: keyword?.isReserved != true
      }
    default: false
    }
  }
}
