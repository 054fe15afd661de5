extension Formatter {
  mutating func write(_ principal: Syntax.Principal) {
    switch principal.kind {
    case .unspecified: break
    case .user, .role: write(principal.kind.rawValue + " ")
    }
    write(principal.name)
  }

  mutating func write(authorization principal: Syntax.Principal?) {
    guard let principal else { return }
    write(" AUTHORIZATION ")
    write(principal)
  }

  private mutating func write(_ grantor: Syntax.Grantor) {
    switch grantor {
    case .principal(let principal): write(principal)
    case .currentUser: write("CURRENT_USER")
    case .currentRole: write("CURRENT_ROLE")
    }
  }

  mutating func write(_ object: Syntax.GrantObject) {
    if let branch = object.branch {
      write("BRANCH ", branch)
      write(" IN ")
    }
    if let kind = object.kind { write(kind.uppercased() + " ") }
    write(object.name)
  }

  mutating func write(_ node: Syntax.CreateRole) {
    write("CREATE ROLE ", node.name)
    if let admin = node.admin {
      write(" WITH ADMIN ")
      write(admin)
    }
    if let catalog = node.catalog { write(" IN ", catalog) }
  }

  mutating func write(_ node: Syntax.ChangePrivileges) {
    write(node.action.rawValue + " ")
    if node.action == .revoke, node.hasGrantOption { write("GRANT OPTION FOR ") }
    write(node.privileges.map { $0.map(Formatter.privilege).joined(separator: ", ") } ?? "ALL PRIVILEGES")
    write(" ON ")
    write(node.object)
    write(node.action == .revoke ? " FROM " : " TO ")
    write(node.principal)
    if node.action == .grant, node.hasGrantOption { write(" WITH GRANT OPTION") }
  }

  /// Known privileges are words; anything else may be any name.
  private static func privilege(_ name: String) -> String {
    if name == "create branch" { return "CREATE BRANCH" }
    let isKnown = ["select", "insert", "delete", "create", "execute"].contains(name)
    return isKnown || isPlain(name) ? name.uppercased() : format(Syntax.QualifiedName([Syntax.Identifier(name)]))
  }

  mutating func write(_ node: Syntax.ChangeRoles) {
    write(node.isGrant ? "GRANT " : node.hasAdminOption ? "REVOKE ADMIN OPTION FOR " : "REVOKE ")
    list(node.roles) { $0.write($1) }
    write(node.isGrant ? " TO " : " FROM ")
    list(node.principals) { $0.write($1) }
    if node.isGrant, node.hasAdminOption { write(" WITH ADMIN OPTION") }
    if let grantor = node.grantor {
      write(" GRANTED BY ")
      write(grantor)
    }
    if let catalog = node.catalog { write(" IN ", catalog) }
  }
}
