extension Syntax {
  /// `alice`, `USER alice`, `ROLE admin`
  public struct Principal: Node {
    public enum Kind: String, Hashable, Sendable { case unspecified = "", user = "USER", role = "ROLE" }
    public var kind: Kind
    public var name: Identifier
    public var place: Place
  }

  /// `GRANTED BY principal | CURRENT_USER | CURRENT_ROLE`
  public enum Grantor: Hashable, Sendable {
    case principal(Principal)
    case currentUser
    case currentRole
  }

  /// `CREATE ROLE name [WITH ADMIN grantor] [IN catalog]`
  public struct CreateRole: Node {
    public var name: Identifier
    public var admin: Grantor?
    public var catalog: Identifier?
    public var place: Place
  }

  /// `DROP ROLE [IF EXISTS] name [IN catalog]`
  public struct DropRole: Node {
    public var name: Identifier
    public var isConditional: Bool
    public var catalog: Identifier?
    public var place: Place
  }

  /// `[kind] name` after ON; the kind is a word such as `table` or `schema`, lower-cased.
  public struct GrantObject: Node {
    public var kind: String?
    public var branch: Identifier?
    public var name: QualifiedName
    public var place: Place
  }

  /// `GRANT privileges ON object TO grantee [WITH GRANT OPTION]`, `REVOKE [GRANT OPTION FOR] …`, `DENY …`
  public struct ChangePrivileges: Node {
    public enum Action: String, Hashable, Sendable { case grant = "GRANT", revoke = "REVOKE", deny = "DENY" }
    public var action: Action
    /// Lower-cased words; nil: ALL PRIVILEGES.
    public var privileges: [String]?
    /// `WITH GRANT OPTION`, `GRANT OPTION FOR`
    public var hasGrantOption: Bool
    public var object: GrantObject
    public var principal: Principal
    public var place: Place
  }

  /// `GRANT roles TO principals [WITH ADMIN OPTION] [GRANTED BY …] [IN catalog]`, `REVOKE [ADMIN OPTION FOR] …`
  public struct ChangeRoles: Node {
    public var isGrant: Bool
    public var roles: [Identifier]
    public var principals: [Principal]
    public var hasAdminOption: Bool
    public var grantor: Grantor?
    public var catalog: Identifier?
    public var place: Place
  }
}
