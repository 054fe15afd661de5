import Values

extension Parser {
  /// Any statement. The first word decides, sometimes the second.
  mutating func statement() throws -> Syntax.Statement {
    try enter(Parser.queryDepth)
    defer { leave(Parser.queryDepth) }
    note("<query>")
    switch current.keyword {
    case .select, .with, .values, .table: return .query(try query())
    case .explain: return try explain()
    case .show: return try show()
    case .describe, .desc: return try describe()
    case .use: return try use()
    case .set: return try set()
    case .reset: return try reset()
    case .prepare: return try prepare()
    case .execute: return try execute()
    case .deallocate: return try deallocate()
    case .insert: return try insert()
    case .delete: return try delete()
    case .update: return try update()
    case .merge: return try merge()
    case .truncate: return try truncate()
    case .create: return try create()
    case .drop: return try drop()
    case .alter: return try alter()
    case .refresh: return try refresh()
    case .comment: return try comment()
    case .call: return try call()
    case .analyze: return try analyze()
    case .kill: return try kill()
    case .start: return try startTransaction()
    case .commit, .rollback: return try endTransaction()
    case .grant, .revoke, .deny: return try changePrivileges()
    default: break
    }
    if sees(.openParenthesis) { return .query(try query()) }
    for keyword in Parser.statementStarts { note("'\(keyword.rawValue)'") }
    throw mismatch()
  }

  /// The words a statement other than a query begins with.
  static let statementStarts: [Keyword] = [
    .alter, .analyze, .call, .comment, .commit, .create, .deallocate, .delete, .deny, .desc, .describe, .drop, .execute, .explain, .grant,
    .insert, .kill, .merge, .prepare, .refresh, .reset, .revoke, .rollback, .set, .show, .start, .truncate, .update, .use,
  ]

  /// Whether a statement can begin with a token; tells `EXPLAIN ANALYZE SELECT …` from `EXPLAIN ANALYZE t`.
  private func canStartStatement(_ token: Token) -> Bool {
    if token.symbol == .openParenthesis { return true }
    guard let keyword = token.keyword else { return false }
    return [.select, .with, .values, .table].contains(keyword) || Parser.statementStarts.contains(keyword)
  }

  // MARK: EXPLAIN

  /// `EXPLAIN [ANALYZE] [VERBOSE] [(options)] statement`
  private mutating func explain() throws -> Syntax.Statement {
    let start = position
    advance()
    let isAnalyze = at(.analyze) && (sees(.verbose, 1) || canStartStatement(token(1)))
    if isAnalyze { advance() }
    let isVerbose = accept(.verbose)
    var explain = Syntax.Explain(
      isAnalyze: isAnalyze, isVerbose: isVerbose, kind: nil, format: nil, statement: .commit(.nowhere), place: .nowhere)
    if sees(.openParenthesis), sees(.type, 1) || sees(.format, 1) {
      advance()
      repeat { try explainOption(&explain) } while accept(.comma)
      try expect(.closeParenthesis)
    }
    explain.statement = try statement()
    explain.place = place(from: start)
    return .explain(explain)
  }

  private mutating func explainOption(_ explain: inout Syntax.Explain) throws {
    let isType = try expect(anyOf: .type, .format) == .type
    let word = text(of: current).uppercased()
    if isType {
      for kind in Syntax.Explain.Kind.allCases { note("'\(kind.rawValue)'") }
      guard let kind = Syntax.Explain.Kind(rawValue: word) else { throw mismatch() }
      explain.kind = kind
    } else {
      for format in Syntax.Explain.Format.allCases { note("'\(format.rawValue)'") }
      guard let format = Syntax.Explain.Format(rawValue: word) else { throw mismatch() }
      explain.format = format
    }
    advance()
  }

  // MARK: Transactions

  /// `START TRANSACTION [mode, …]`
  private mutating func startTransaction() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.transaction)
    var transaction = Syntax.StartTransaction(isolation: nil, isReadOnly: nil, place: .nowhere)
    if at(.isolation) || at(.read) {
      repeat { try transactionMode(&transaction) } while accept(.comma)
    }
    transaction.place = place(from: start)
    return .startTransaction(transaction)
  }

  private mutating func transactionMode(_ transaction: inout Syntax.StartTransaction) throws {
    let index = position
    if accept(.isolation) {
      try expect(.level)
      guard transaction.isolation == nil else { throw error("Duplicate isolation level", at: index) }
      switch try expect(anyOf: .read, .repeatable, .serializable) {
      case .read: transaction.isolation = try expect(anyOf: .committed, .uncommitted) == .committed ? .readCommitted : .readUncommitted
      case .repeatable:
        try expect(.read)
        transaction.isolation = .repeatableRead
      default: transaction.isolation = .serializable
      }
      return
    }
    try expect(.read)
    guard transaction.isReadOnly == nil else { throw error("Duplicate transaction access mode", at: index) }
    transaction.isReadOnly = try expect(anyOf: .only, .write) == .only
  }

  /// `COMMIT [WORK]`, `ROLLBACK [WORK]`
  private mutating func endTransaction() throws -> Syntax.Statement {
    let start = position
    let isCommit = sees(.commit)
    advance()
    _ = accept(.work)
    return isCommit ? .commit(place(from: start)) : .rollback(place(from: start))
  }

  // MARK: Parts that many statements share

  /// `IF NOT EXISTS`
  mutating func acceptIfNotExists() throws -> Bool {
    guard at(.if), sees(.not, 1) else { return false }
    advance()
    try expect(.not, .exists)
    return true
  }

  /// `IF EXISTS`
  mutating func acceptIfExists() throws -> Bool { accept(.if, .exists) }

  /// `COMMENT 'text'`
  mutating func commentClause() throws -> String? { accept(.comment) ? try string() : nil }

  /// `WITH (a = 1, b = 2)`; empty when there is none.
  mutating func propertiesClause() throws -> [Syntax.Property] {
    guard at(.with), sees(.openParenthesis, 1) || !(sees(.no, 1) || sees(.data, 1)) else { return [] }
    advance()
    return try parenthesizedList { try $0.property() }
  }

  /// `name = value`, `name = DEFAULT`
  mutating func property() throws -> Syntax.Property {
    let start = position
    let name = try identifier()
    try expect(.equal)
    var value: Syntax.Expression?
    let next = token(1)
    if at(.default), next.kind == .end || next.symbol == .comma || next.symbol == .closeParenthesis || next.symbol == .semicolon {
      advance()
    } else {
      value = try expression()
    }
    return Syntax.Property(name: name, value: value, place: place(from: start))
  }

  /// `@ branch`
  mutating func branch() throws -> Syntax.Identifier? { accept(.commercialAt) ? try identifier() : nil }
}
