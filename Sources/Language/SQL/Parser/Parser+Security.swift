import Values

extension Parser {
  /// `USER alice`, `ROLE admin`, `alice`
  mutating func principal() throws -> Syntax.Principal {
    let start = position
    var kind = Syntax.Principal.Kind.unspecified
    if at(.user) || at(.role), isName(token(1)), !sees(.granted, 1) {
      kind = sees(.user) ? .user : .role
      advance()
    }
    let name = try identifier()
    return Syntax.Principal(kind: kind, name: name, place: place(from: start))
  }

  /// `CURRENT_USER`, `CURRENT_ROLE`, a principal
  private mutating func grantor() throws -> Syntax.Grantor {
    if accept(.currentUser) { return .currentUser }
    if accept(.currentRole) { return .currentRole }
    return .principal(try principal())
  }

  /// `CREATE ROLE name [WITH ADMIN grantor] [IN catalog]`; CREATE ROLE is consumed.
  mutating func createRole(from start: Int) throws -> Syntax.Statement {
    let name = try identifier()
    var admin: Syntax.Grantor?
    if accept(.with) {
      try expect(.admin)
      admin = try grantor()
    }
    let catalog = accept(.in) ? try identifier() : nil
    return .createRole(Syntax.CreateRole(name: name, admin: admin, catalog: catalog, place: place(from: start)))
  }

  /// `DROP ROLE [IF EXISTS] name [IN catalog]`; DROP ROLE is consumed.
  mutating func dropRole(from start: Int) throws -> Syntax.Statement {
    let isConditional = try acceptIfExists()
    let name = try identifier()
    let catalog = accept(.in) ? try identifier() : nil
    return .dropRole(Syntax.DropRole(name: name, isConditional: isConditional, catalog: catalog, place: place(from: start)))
  }

  /// `[kind] name`, `BRANCH b IN [kind] name`
  mutating func grantObject() throws -> Syntax.GrantObject {
    let start = position
    var branch: Syntax.Identifier?
    if at(.branch), isName(token(1)), sees(.in, 2) {
      advance()
      branch = try identifier()
      advance()
    }
    var kind: String?
    if at(.table) || isName(current) && isName(token(1)) && !sees(.to, 1) {
      kind = text(of: current).lowercased()
      advance()
    }
    let name = try qualifiedName()
    return Syntax.GrantObject(kind: kind, branch: branch, name: name, place: place(from: start))
  }

  /// `GRANT …`, `REVOKE …`, `DENY …`: of privileges when ON follows the list, else of roles.
  mutating func changePrivileges() throws -> Syntax.Statement {
    let start = position
    let action: Syntax.ChangePrivileges.Action = sees(.grant) ? .grant : sees(.revoke) ? .revoke : .deny
    advance()
    var hasGrantOption = false
    if action == .revoke, at(.grant), sees(.option, 1) {
      advance()
      try expect(.option, .for)
      hasGrantOption = true
    } else if action == .revoke, at(.admin), sees(.option, 1) {
      advance()
      try expect(.option, .for)
      return try changeRoles(try list { try $0.identifier() }, isGrant: false, hasAdminOption: true, from: start)
    }
    let listStart = position
    let privileges = try privileges()
    guard accept(.on) else {
      guard action != .deny, !hasGrantOption else { throw mismatch() }
      note(action == .grant ? "'TO'" : "'FROM'")
      position = listStart
      return try changeRoles(try list { try $0.identifier() }, isGrant: action == .grant, hasAdminOption: false, from: start)
    }
    let object = try grantObject()
    try expect(action == .revoke ? .from : .to)
    let principal = try principal()
    if action == .grant, accept(.with) {
      try expect(.grant, .option)
      hasGrantOption = true
    }
    return .privileges(
      Syntax.ChangePrivileges(
        action: action, privileges: privileges, hasGrantOption: hasGrantOption, object: object, principal: principal,
        place: place(from: start)))
  }

  /// `SELECT, INSERT`, `CREATE BRANCH`, `ALL PRIVILEGES` (nil)
  private mutating func privileges() throws -> [String]? {
    if accept(.all, .privileges) { return nil }
    return try list { parser in
      let token = parser.current
      let isPrivilege =
        switch token.keyword {
        case .select, .insert, .delete, .create, .execute: true
        default: parser.atIdentifier()
        }
      guard isPrivilege else { throw parser.mismatch() }
      if token.keyword == .create, parser.sees(.branch, 1) {
        parser.advance()
        parser.advance()
        return "create branch"
      }
      if [.select, .insert, .delete, .create, .execute].contains(token.keyword) {
        parser.advance()
        return parser.text(of: token).lowercased()
      }
      return try parser.identifier().canonical
    }
  }

  private mutating func changeRoles(
    _ roles: [Syntax.Identifier], isGrant: Bool, hasAdminOption: Bool, from start: Int
  ) throws -> Syntax.Statement {
    try expect(isGrant ? .to : .from)
    let principals = try list { try $0.principal() }
    var hasAdminOption = hasAdminOption
    if isGrant, accept(.with) {
      try expect(.admin, .option)
      hasAdminOption = true
    }
    var grantor: Syntax.Grantor?
    if accept(.granted) {
      try expect(.by)
      grantor = try self.grantor()
    }
    let catalog = accept(.in) ? try identifier() : nil
    return .roles(
      Syntax.ChangeRoles(
        isGrant: isGrant, roles: roles, principals: principals, hasAdminOption: hasAdminOption, grantor: grantor, catalog: catalog,
        place: place(from: start)))
  }
}
