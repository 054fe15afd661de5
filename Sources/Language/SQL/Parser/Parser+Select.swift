import Values

extension Parser {
  mutating func select() throws -> Syntax.Select {
    let start = position
    try expect(.select)
    let quantifier = setQuantifier() ?? .all
    let items = try list { try $0.selectItem() }
    let from = accept(.from) ? try list { try $0.relation() } : []
    let condition = accept(.where) ? try expression() : nil
    let groupBy = try groupBy()
    let having = accept(.having) ? try expression() : nil
    let windows = try windowClause()
    let qualify = at(.qualify) && startsClause ? try qualification() : nil
    return Syntax.Select(
      quantifier: quantifier, items: items, from: from, where: condition, groupBy: groupBy, having: having, windows: windows,
      qualify: qualify, place: place(from: start))
  }

  private mutating func qualification() throws -> Syntax.Expression {
    advance()
    return try expression()
  }

  private mutating func windowClause() throws -> [Syntax.WindowDefinition] {
    guard at(.window), startsClause else { return [] }
    advance()
    return try list { parser in
      let start = parser.position
      let name = try parser.identifier()
      try parser.expect(.as)
      let specification = try parser.windowSpecification()
      return Syntax.WindowDefinition(name: name, specification: specification, place: parser.place(from: start))
    }
  }

  // MARK: Items

  /// `*`, `t.*`, `row.* AS (a, b)`, `* EXCEPT (a)`, `expression [[AS] alias]`
  private mutating func selectItem() throws -> Syntax.SelectItem {
    let start = position
    if accept(.asterisk) { return .all(try allColumns(base: nil, from: start)) }
    let value = try expression()
    if at(.dot), sees(.asterisk, 1), lastPrimary == start..<position {
      advance()
      advance()
      return .all(try allColumns(base: value, from: start))
    }
    let alias = try alias()
    return .expression(Syntax.SelectExpression(value: value, alias: alias, place: place(from: start)))
  }

  private mutating func allColumns(base: Syntax.Expression?, from start: Int) throws -> Syntax.AllColumns {
    var aliases: [Syntax.Identifier] = []
    if base != nil, accept(.as) { aliases = try columnAliases() }
    // `EXCEPT (SELECT …)` is a set operation.
    var excluded: [Syntax.Identifier] = []
    if sees(.exclude) || sees(.except), isName(token(1)) && sees(.exclude) || sees(.openParenthesis, 1), !startsQuery(at: position + 2) {
      advance()
      excluded = sees(.openParenthesis) ? try columnAliases() : [try identifier()]
    }
    return Syntax.AllColumns(base: base, aliases: aliases, excluded: excluded, place: place(from: start))
  }

  /// `[AS] name` behind an expression or a relation, unless the word begins a clause.
  mutating func alias() throws -> Syntax.Identifier? {
    if accept(.as) { return try identifier() }
    guard !startsClause, atIdentifier() else { return nil }
    return try identifier()
  }

  /// Whether the current word, though no reserved one, begins a clause here and is no alias. What follows it decides.
  var startsClause: Bool {
    let next = token(1)
    switch current.keyword {
    case .limit: return next.kind == .integer || next.symbol == .parameter || next.keyword == .all || !endsAlias(next)
    case .offset: return next.kind == .integer || next.symbol == .parameter || !endsAlias(next)
    case .fetch: return next.keyword == .first || next.keyword == .next
    case .window: return isName(next) && sees(.as, 2)
    case .qualify: return canStartExpression(next)
    case .tablesample: return next.keyword == .bernoulli || next.keyword == .system
    default: return false
    }
  }

  /// Whether a token can stand behind an alias.
  private func endsAlias(_ token: Token) -> Bool {
    switch token.kind {
    case .end: true
    case .symbol: [.comma, .closeParenthesis, .openParenthesis, .semicolon].contains(token.symbol)
    case .word: token.keyword != nil
    default: false
    }
  }

  // MARK: GROUP BY

  private mutating func groupBy() throws -> Syntax.GroupBy? {
    let start = position
    guard accept(.group) else { return nil }
    try expect(.by)
    if sees(.all) || sees(.auto), endsGrouping(token(1)) {
      advance()
      return Syntax.GroupBy(quantifier: .all, isAutomatic: true, elements: [], place: place(from: start))
    }
    let isAllSets = sees(.all) && (sees(.cube, 1) || sees(.rollup, 1) || sees(.auto, 1))
    let quantifier = isAllSets ? .all : setQuantifier()
    if isAllSets { advance() }
    let elements = try list { try $0.groupingElement() }
    return Syntax.GroupBy(quantifier: quantifier ?? .all, isAutomatic: false, elements: elements, place: place(from: start))
  }

  /// Whether a token ends the GROUP BY clause.
  private func endsGrouping(_ token: Token) -> Bool {
    switch token.kind {
    case .end: true
    case .symbol: token.symbol == .closeParenthesis || token.symbol == .semicolon
    default:
      switch token.keyword {
      case .having, .window, .qualify, .order, .limit, .offset, .fetch, .union, .intersect, .except, .with: true
      default: false
      }
    }
  }

  private mutating func groupingElement() throws -> Syntax.GroupingElement {
    if at(.rollup) || at(.cube) {
      let isCube = sees(.cube)
      advance()
      try expect(.openParenthesis)
      var sets: [[Syntax.Expression]] = []
      if !at(.closeParenthesis) { sets = try list { try $0.groupingSet() } }
      try expect(.closeParenthesis)
      return isCube ? .cube(sets) : .rollup(sets)
    }
    if at(.grouping), sees(.sets, 1) {
      try enter()
      advance()
      advance()
      let sets = try parenthesizedList { try $0.groupingElement() }
      leave()
      return .sets(sets)
    }
    if sees(.auto), token(1).symbol == .comma || endsGrouping(token(1)) {
      advance()
      return .automatic
    }
    return .set(try groupingSet())
  }

  /// `(a, b)`, `()`, `a`. Parentheses that an operator follows belong to an expression.
  private mutating func groupingSet() throws -> [Syntax.Expression] {
    guard at(.openParenthesis), isGroupingSet else { return [try expression()] }
    advance()
    var expressions: [Syntax.Expression] = []
    if !at(.closeParenthesis) { expressions = try list { try $0.expression() } }
    try expect(.closeParenthesis)
    return expressions
  }

  private var isGroupingSet: Bool {
    let close = Int(closing[position])
    guard close > position, !startsQuery(at: position + 1) else { return false }
    let next = tokens[min(close + 1, tokens.count - 1)]
    return next.symbol == .comma || endsGrouping(next)
  }
}
