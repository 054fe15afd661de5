import Values

// query = [WITH …] terms [ORDER BY …] [OFFSET …] [LIMIT … | FETCH …]
// terms = intersection { (UNION | EXCEPT) intersection }
// intersection = body { INTERSECT body }
// body  = SELECT … | VALUES … | TABLE name | ( query )
extension Parser {
  /// A query, without parentheres of its own.
  mutating func query() throws -> Syntax.Query {
    try enter(Parser.queryDepth)
    let siblings = height
    height = 0
    let result = try named("<query>") { try $0.unnamedQuery() }
    try raise(Parser.queryDepth)
    height = max(siblings, height)
    leave(Parser.queryDepth)
    return result
  }

  /// `( query )`
  mutating func subquery() throws -> Syntax.Query {
    try expect(.openParenthesis)
    let result = try query()
    try expect(.closeParenthesis)
    return result
  }

  private mutating func unnamedQuery() throws -> Syntax.Query {
    let start = position
    let session = try sessionAssignments()
    let with = try with()
    let body = try terms()
    let order = try orderBy()
    let offset = try offset()
    let limit = try limit()
    return Syntax.Query(
      session: session, with: with, body: body, orderBy: order, offset: offset, limit: limit, place: place(from: start))
  }

  /// Whether a query begins at a token that follows an opening parenthesis. Several more parentheses may come first: then what follows
  /// the partner of the next one decides, as in `((SELECT 1) UNION …)` and `((SELECT 1) + 1)`.
  func startsQuery(at index: Int) -> Bool {
    var index = index
    for _ in 0..<Parser.depthLimit {
      guard index < tokens.count else { return false }
      switch tokens[index].keyword {
      case .select, .with, .values: return true
      case .table: return tokens[min(index + 1, tokens.count - 1)].symbol != .openParenthesis
      default: break
      }
      guard tokens[index].symbol == .openParenthesis, closing[index] > 0 else { return false }
      let after = tokens[min(Int(closing[index]) + 1, tokens.count - 1)]
      switch after.keyword {
      case .union, .intersect, .except, .order, .limit, .offset, .fetch: break
      default: guard after.symbol == .closeParenthesis else { return false }
      }
      index += 1
    }
    return false
  }

  // MARK: WITH

  /// `WITH SESSION name = value, … `
  private mutating func sessionAssignments() throws -> [Syntax.SessionAssignment] {
    guard sees(.with), sees(.session, 1), isName(token(2)), sees(.equal, 3) || sees(.dot, 3) else { return [] }
    advance()
    advance()
    var assignments = [try sessionAssignment()]
    while accept(.comma) {
      if sees(.session), !sees(.equal, 1) { advance() }
      assignments.append(try sessionAssignment())
    }
    return assignments
  }

  /// `name = value`
  mutating func sessionAssignment() throws -> Syntax.SessionAssignment {
    let start = position
    let name = try qualifiedName()
    try expect(.equal)
    let value = try expression()
    return Syntax.SessionAssignment(name: name, value: value, place: place(from: start))
  }

  private mutating func with() throws -> Syntax.With? {
    let start = position
    guard accept(.with) else { return nil }
    let isRecursive = accept(.recursive)
    let queries = try list { try $0.namedQuery() }
    return Syntax.With(isRecursive: isRecursive, queries: queries, place: place(from: start))
  }

  private mutating func namedQuery() throws -> Syntax.NamedQuery {
    let start = position
    let name = try identifier()
    let columns = at(.openParenthesis) ? try columnAliases() : nil
    try expect(.as)
    // PostgreSQL's hint; every named query is planned on its merits.
    if sees(.not), sees(.materialized, 1) { advance() }
    if sees(.materialized) { advance() }
    let query = try subquery()
    return Syntax.NamedQuery(name: name, columns: columns, query: query, place: place(from: start))
  }

  // MARK: Set operations

  private mutating func terms() throws -> Syntax.QueryBody {
    let start = position
    var result = try intersection()
    while at(.union) || at(.except) {
      result = try run(result, sees(.union) ? .union : .except, from: start) { try $0.intersection() }
    }
    return result
  }

  private mutating func intersection() throws -> Syntax.QueryBody {
    let start = position
    var result = try body()
    while at(.intersect) {
      result = try run(result, .intersect, from: start) { try $0.body() }
    }
    return result
  }

  /// `left` and all that follows with one operator and one quantifier: one node however long. CORRESPONDING ends a run.
  private mutating func run(
    _ left: Syntax.QueryBody, _ operation: Syntax.SetOperation.Operator, from start: Int,
    _ operand: (inout Parser) throws -> Syntax.QueryBody
  ) throws -> Syntax.QueryBody {
    let location = position
    let keyword = current.keyword
    let quantifier = setOperationQuantifier(at: position)
    var operands = [left]
    var corresponding: Syntax.Corresponding?
    repeat {
      advance()
      _ = accept(anyOf: .all, .distinct)
      corresponding = try self.corresponding()
      operands.append(try beside(operand))
    } while corresponding == nil && current.keyword == keyword && setOperationQuantifier(at: position) == quantifier && !isCorresponding
    try raise()
    return .setOperation(
      Syntax.SetOperation(
        operator: operation, quantifier: quantifier, corresponding: corresponding, operands: operands,
        place: place(from: start, at: location)))
  }

  /// The quantifier after the set operator at a token.
  private func setOperationQuantifier(at index: Int) -> Syntax.SetQuantifier {
    tokens[min(index + 1, tokens.count - 1)].keyword == .all ? .all : .distinct
  }

  /// Whether the set operator at the current token has CORRESPONDING.
  private var isCorresponding: Bool {
    sees(.corresponding, 1) || (sees(.all, 1) || sees(.distinct, 1)) && sees(.corresponding, 2)
  }

  private mutating func corresponding() throws -> Syntax.Corresponding? {
    let start = position
    guard accept(.corresponding) else { return nil }
    let columns = accept(.by) ? try columnAliases() : nil
    return Syntax.Corresponding(columns: columns, place: place(from: start))
  }

  private mutating func body() throws -> Syntax.QueryBody {
    let start = position
    if at(.select) { return .select(try select()) }
    if accept(.values) {
      let rows = try list { try $0.expression() }
      return .values(Syntax.ValuesTable(rows: rows, place: place(from: start)))
    }
    if accept(.table) {
      let name = try qualifiedName()
      return .table(Syntax.Table(name: name, version: nil, place: place(from: start)))
    }
    guard at(.openParenthesis) else { throw mismatch() }
    return .subquery(try subquery())
  }

  // MARK: OFFSET, LIMIT, FETCH

  private mutating func offset() throws -> Syntax.Expression? {
    guard accept(.offset) else { return nil }
    let count = try rowCount()
    _ = accept(anyOf: .row, .rows)
    return count
  }

  private mutating func limit() throws -> Syntax.Limit? {
    let start = position
    if accept(.limit) {
      let count = accept(.all) ? nil : try rowCount()
      return Syntax.Limit(count: count, hasTies: false, place: place(from: start))
    }
    guard accept(.fetch) else { return nil }
    _ = try expect(anyOf: .first, .next)
    var count = Syntax.Expression.literal(Syntax.Literal(.integer(1), place: place(from: start)))
    if !(at(.row) || at(.rows)) { count = try rowCount() }
    _ = try expect(anyOf: .row, .rows)
    let hasTies = try expect(anyOf: .only, .with) == .with
    if hasTies { try expect(.ties) }
    return Syntax.Limit(count: count, hasTies: hasTies, place: place(from: start))
  }

  /// A number or `?`.
  private mutating func rowCount() throws -> Syntax.Expression {
    let start = position
    if at(.parameter) {
      advance()
      parameterCount += 1
      return .parameter(Syntax.Parameter(index: parameterCount - 1, place: place(from: start)))
    }
    return literal(.integer(try integer()), from: start)
  }
}
