import Values

extension Parser {
  /// `SHOW …`
  mutating func show() throws -> Syntax.Statement {
    let start = position
    advance()
    let subject = try showSubject()
    var pattern: String?
    var escape: String?
    if takesPattern(subject), accept(.like) {
      pattern = try string()
      escape = accept(.escape) ? try string() : nil
    }
    return .show(Syntax.Show(subject: subject, pattern: pattern, escape: escape, place: place(from: start)))
  }

  private func takesPattern(_ subject: Syntax.Show.Subject) -> Bool {
    switch subject {
    case .catalogs, .schemas, .tables, .columns, .functions, .session: true
    case .create, .stats, .queryStats, .grants, .roles, .roleGrants, .branches: false
    }
  }

  private mutating func showSubject() throws -> Syntax.Show.Subject {
    switch try expect(
      anyOf: .branches, .catalogs, .columns, .create, .current, .functions, .grants, .role, .roles, .schemas, .session, .stats, .tables)
    {
    case .catalogs: return .catalogs
    case .schemas: return .schemas(catalog: acceptFromOrIn() ? try identifier() : nil)
    case .tables: return .tables(schema: acceptFromOrIn() ? try qualifiedName() : nil)
    case .columns:
      guard acceptFromOrIn() else { throw mismatch() }
      return .columns(table: try qualifiedName())
    case .functions: return .functions(schema: acceptFromOrIn() ? try qualifiedName() : nil)
    case .session: return .session
    case .create: return try showCreate()
    case .stats: return try showStats()
    case .grants: return .grants(accept(.on) ? try grantObject() : nil)
    case .current:
      try expect(.roles)
      return .roles(isCurrent: true, catalog: acceptFromOrIn() ? try identifier() : nil)
    case .roles: return .roles(isCurrent: false, catalog: acceptFromOrIn() ? try identifier() : nil)
    case .role:
      try expect(.grants)
      return .roleGrants(catalog: acceptFromOrIn() ? try identifier() : nil)
    default:
      guard acceptFromOrIn() else { throw mismatch() }
      try expect(.table)
      return .branches(table: try qualifiedName())
    }
  }

  private mutating func acceptFromOrIn() -> Bool { accept(anyOf: .from, .in) != nil }

  private mutating func showCreate() throws -> Syntax.Show.Subject {
    let object: Syntax.Show.CreatedObject
    switch try expect(anyOf: .function, .materialized, .schema, .table, .view) {
    case .function: object = .function
    case .materialized:
      try expect(.view)
      object = .materializedView
    case .schema: object = .schema
    case .table: object = .table
    default: object = .view
    }
    return .create(object, try qualifiedName())
  }

  /// `STATS FOR table`, `STATS FOR (query)`
  private mutating func showStats() throws -> Syntax.Show.Subject {
    try expect(.for)
    return at(.openParenthesis) ? .queryStats(try subquery()) : .stats(table: try qualifiedName())
  }

  /// `DESCRIBE table`, `DESCRIBE INPUT name`, `DESCRIBE OUTPUT name`, `DESCRIBE OUTPUT (query)`
  mutating func describe() throws -> Syntax.Statement {
    let start = position
    let isDescribe = sees(.describe)
    advance()
    if isDescribe, at(.input), isName(token(1)) {
      advance()
      let name = try identifier()
      return .describeInput(Syntax.PreparedName(name: name, place: place(from: start)))
    }
    if isDescribe, at(.output), isName(token(1)) || sees(.openParenthesis, 1) {
      advance()
      let subject: Syntax.DescribeOutput.Subject = at(.openParenthesis) ? .query(try subquery()) : .prepared(try identifier())
      return .describeOutput(Syntax.DescribeOutput(subject: subject, place: place(from: start)))
    }
    let table = try qualifiedName()
    return .show(Syntax.Show(subject: .columns(table: table), pattern: nil, escape: nil, place: place(from: start)))
  }
}
