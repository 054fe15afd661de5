import Values

extension Parser {
  /// `USE schema`, `USE catalog.schema`
  mutating func use() throws -> Syntax.Statement {
    let start = position
    advance()
    let first = try identifier()
    let second = accept(.dot) ? try identifier() : nil
    return .use(Syntax.Use(catalog: second == nil ? nil : first, schema: second ?? first, place: place(from: start)))
  }

  /// `SET SESSION | TIME ZONE | ROLE | PATH …`
  mutating func set() throws -> Syntax.Statement {
    let start = position
    advance()
    switch try expect(anyOf: .path, .role, .session, .time) {
    case .session:
      if at(.authorization), !sees(.equal, 1), !sees(.dot, 1) {
        advance()
        let user = atString() ? try string() : try identifier().text
        return .sessionAuthorization(Syntax.SessionAuthorization(user: user, place: place(from: start)))
      }
      var assignment = try sessionAssignment()
      assignment.place = place(from: start)
      return .setSession(assignment)
    case .time:
      try expect(.zone)
      let isLocal = at(.local) && (token(1).kind == .end || sees(.semicolon, 1))
      if isLocal { advance() }
      let zone = isLocal ? nil : try expression()
      return .setTimeZone(Syntax.SetTimeZone(zone: zone, place: place(from: start)))
    case .role:
      let role: Syntax.SetRole.Role
      if accept(.all) {
        role = .all
      } else if accept(.none) {
        role = .none
      } else {
        role = .named(try identifier())
      }
      let catalog = accept(.in) ? try identifier() : nil
      return .setRole(Syntax.SetRole(role: role, catalog: catalog, place: place(from: start)))
    default:
      let elements = try list { try $0.pathElement() }
      return .setPath(Syntax.SetPath(elements: elements, place: place(from: start)))
    }
  }

  /// `schema`, `catalog.schema`
  private mutating func pathElement() throws -> Syntax.QualifiedName {
    let start = position
    var parts = [try identifier()]
    if accept(.dot) { parts.append(try identifier()) }
    return Syntax.QualifiedName(parts, place: place(from: start))
  }

  /// `RESET SESSION name`, `RESET SESSION AUTHORIZATION`
  mutating func reset() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.session)
    if at(.authorization), !sees(.dot, 1) {
      advance()
      return .sessionAuthorization(Syntax.SessionAuthorization(user: nil, place: place(from: start)))
    }
    let name = try qualifiedName()
    return .resetSession(Syntax.ResetSession(name: name, place: place(from: start)))
  }

  // MARK: Prepared statements

  /// `PREPARE name FROM statement`
  mutating func prepare() throws -> Syntax.Statement {
    let start = position
    advance()
    let name = try identifier()
    try expect(.from)
    let statement = try statement()
    return .prepare(Syntax.Prepare(name: name, statement: statement, place: place(from: start)))
  }

  /// `EXECUTE name [USING …]`, `EXECUTE IMMEDIATE 'text' [USING …]`
  mutating func execute() throws -> Syntax.Statement {
    let start = position
    advance()
    if at(.immediate), isString(token(1)) {
      advance()
      let text = try string()
      let parameters = try usingClause()
      return .executeImmediate(Syntax.ExecuteImmediate(text: text, parameters: parameters, place: place(from: start)))
    }
    let name = try identifier()
    let parameters = try usingClause()
    return .execute(Syntax.Execute(name: name, parameters: parameters, place: place(from: start)))
  }

  private mutating func usingClause() throws -> [Syntax.Expression] {
    accept(.using) ? try list { try $0.expression() } : []
  }

  /// `DEALLOCATE PREPARE name`
  mutating func deallocate() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.prepare)
    let name = try identifier()
    return .deallocate(Syntax.PreparedName(name: name, place: place(from: start)))
  }

  // MARK: Procedures

  /// `CALL name(1, b => 2)`
  mutating func call() throws -> Syntax.Statement {
    let start = position
    advance()
    let name = try qualifiedName()
    let arguments = try callArgumentList()
    return .call(Syntax.Call(name: name, arguments: arguments, place: place(from: start)))
  }

  /// `(1, b => 2)`, `()`
  mutating func callArgumentList() throws -> [Syntax.Argument] {
    try expect(.openParenthesis)
    var arguments: [Syntax.Argument] = []
    if !at(.closeParenthesis) { arguments = try list { try $0.argument() } }
    try expect(.closeParenthesis)
    return arguments
  }

  /// `KILL QUERY 'id' [MESSAGE 'why']`
  mutating func kill() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.query)
    let id = try string()
    let message = accept(.message) ? try string() : nil
    return .killQuery(Syntax.KillQuery(id: id, message: message, place: place(from: start)))
  }
}
