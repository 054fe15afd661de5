import Analysis
import Settings
import Values

/// For whom a rule is: all patterns that are there must match.
struct Subject: Sendable, Equatable {
  var user: TextPattern?
  var role: TextPattern?
  var group: TextPattern?

  static let keys = ["user", "role", "group"]

  init() {}

  init(_ object: ConfigurationObject) throws {
    user = try object.pattern("user")
    role = try object.pattern("role")
    group = try object.pattern("group")
  }

  func matches(_ identity: Identity) throws -> Bool {
    if let user, try !user.matches(identity.user) { return false }
    if let role, try !identity.roles.contains(where: { try role.matches($0) }) { return false }
    if let group, try !identity.groups.contains(where: { try group.matches($0) }) { return false }
    return true
  }
}

extension TextPattern? {
  /// No pattern matches everything.
  func accepts(_ text: String) throws -> Bool {
    guard let pattern = self else { return true }
    return try pattern.matches(text)
  }
}

/// What a rule of a catalog allows; each includes those before it.
enum CatalogMode: Int, Sendable, Comparable {
  case none, readOnly, all

  static func < (a: CatalogMode, b: CatalogMode) -> Bool { a.rawValue < b.rawValue }

  /// `all`, `owner`, `read-only`, `none`, or true and false as in older files.
  init(_ object: ConfigurationObject) throws {
    switch object["allow"] {
    case .boolean(let allowed): self = allowed ? .all : .none
    case .string("all"), .string("owner"): self = .all
    case .string("read-only"): self = .readOnly
    case .string("none"): self = .none
    default: throw object.failure("'allow' must be all, owner, read-only, none, true or false")
    }
  }
}

struct CatalogRule: Sendable {
  var subject = Subject()
  var catalog: TextPattern?
  var mode = CatalogMode.all

  init() {}

  init(_ object: ConfigurationObject) throws {
    try object.check(keys: Subject.keys + ["catalog", "allow"])
    subject = try Subject(object)
    catalog = try object.pattern("catalog")
    mode = try CatalogMode(object)
  }
}

struct SchemaRule: Sendable {
  var subject = Subject()
  var catalog: TextPattern?
  var schema: TextPattern?
  var isOwner = true

  init() {}

  init(_ object: ConfigurationObject) throws {
    try object.check(keys: Subject.keys + ["catalog", "schema", "owner"])
    subject = try Subject(object)
    catalog = try object.pattern("catalog")
    schema = try object.pattern("schema")
    guard let owner = try object.boolean("owner") else { throw object.failure("'owner' is missing") }
    isOwner = owner
  }
}

enum TablePrivilege: String, Sendable, CaseIterable {
  case select, insert, delete, update, ownership
  case grantSelect = "grant_select"
}

struct TableRule: Sendable {
  struct Column: Sendable, Equatable {
    var isAllowed: Bool
    var mask: String?
  }

  var subject = Subject()
  var catalog: TextPattern?
  var schema: TextPattern?
  var table: TextPattern?
  var privileges = Set(TablePrivilege.allCases)
  /// By name, lower-cased.
  var columns: [String: Column] = [:]
  var filter: String?

  init() {}

  init(_ object: ConfigurationObject) throws {
    try object.check(
      keys: Subject.keys + ["catalog", "schema", "table", "privileges", "columns", "filter", "filter_environment"])
    subject = try Subject(object)
    catalog = try object.pattern("catalog")
    schema = try object.pattern("schema")
    table = try object.pattern("table")
    guard let names = try object.texts("privileges") else { throw object.failure("'privileges' is missing") }
    privileges = Set(
      try names.map { name in
        guard let privilege = TablePrivilege(rawValue: name.lowercased()) else {
          let possible = TablePrivilege.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", ")
          throw object.failure("'privileges' cannot have '\(name)'; possible are \(possible)")
        }
        return privilege
      })
    for column in try object.objects("columns") ?? [] {
      try column.check(keys: ["name", "allow", "mask", "mask_environment"])
      guard let name = try column.text("name") else { throw column.failure("'name' is missing") }
      try TableRule.refuseEnvironment(column, "mask_environment")
      let rule = Column(isAllowed: try column.boolean("allow") ?? true, mask: try column.text("mask"))
      try TableRule.checkExpression(rule.mask, column, "mask")
      if columns.updateValue(rule, forKey: name.lowercased()) != nil { throw column.failure("there are two columns '\(name)'") }
    }
    filter = try object.text("filter")
    try TableRule.refuseEnvironment(object, "filter_environment")
    try TableRule.checkExpression(filter, object, "filter")
  }

  /// Conditions are computed as the user who asks; a file that wants another user must not be read as if it did not.
  private static func refuseEnvironment(_ object: ConfigurationObject, _ key: String) throws {
    if object.has(key) { throw object.failure("'\(key)' is not supported") }
  }

  /// A text that does not parse is found when the file is read, not by the first query.
  private static func checkExpression(_ text: String?, _ object: ConfigurationObject, _ key: String) throws {
    guard let text else { return }
    if let reason = TableAccess.parseFailure(text) { throw object.failure("'\(key)' is no expression: \(reason)") }
  }

  func matches(_ table: ObjectName, _ identity: Identity) throws -> Bool {
    try catalog.accepts(table.catalog) && schema.accepts(table.schema) && self.table.accepts(table.name) && subject.matches(identity)
  }
}

/// A rule about names of session properties, functions or procedures.
struct NameRule: Sendable {
  var subject = Subject()
  var catalog: TextPattern?
  var schema: TextPattern?
  var name: TextPattern?
  var isAllowed = true

  init() {}

  /// - Parameters:
  ///   - nameKey: `property`, `function`, `procedure`.
  ///   - privilege: that `privileges` must have; nil: the rule says `allow`.
  init(_ object: ConfigurationObject, nameKey: String, hasCatalog: Bool, privilege: String?) throws {
    let keys = [nameKey] + (hasCatalog ? ["catalog"] : []) + (privilege == nil ? ["allow"] : ["schema", "privileges"])
    try object.check(keys: Subject.keys + keys)
    subject = try Subject(object)
    catalog = try object.pattern("catalog")
    schema = try object.pattern("schema")
    name = try object.pattern(nameKey)
    if let privilege {
      guard let privileges = try object.texts("privileges") else { throw object.failure("'privileges' is missing") }
      isAllowed = privileges.contains { $0.uppercased() == privilege || $0.uppercased() == "GRANT_" + privilege }
    } else {
      guard let allowed = try object.boolean("allow") else { throw object.failure("'allow' is missing") }
      isAllowed = allowed
    }
  }

  func matches(catalog: String = "", schema: String = "", name: String, _ identity: Identity) throws -> Bool {
    try self.catalog.accepts(catalog) && self.schema.accepts(schema) && self.name.accepts(name) && subject.matches(identity)
  }
}

/// A rule that allows some of several words: `execute`, `view`, `kill`; `read`, `write`.
struct WordRule: Sendable {
  var subject = Subject()
  var queryOwner: TextPattern?
  var words: Set<String>

  init(_ object: ConfigurationObject, words: [String], hasOwner: Bool) throws {
    try object.check(keys: Subject.keys + ["allow"] + (hasOwner ? ["queryOwner"] : []))
    subject = try Subject(object)
    queryOwner = try object.pattern("queryOwner")
    guard let allowed = try object.texts("allow") else { throw object.failure("'allow' is missing") }
    for word in allowed where !words.contains(word) {
      throw object.failure("'allow' cannot have '\(word)'; possible are \(words.joined(separator: ", "))")
    }
    self.words = Set(allowed)
    if queryOwner != nil, self.words.contains("execute") { throw object.failure("'execute' cannot be combined with 'queryOwner'") }
  }
}

/// `original_user` may (or may not) act as `new_user`, which may use what `original_user` caught as `$1`.
struct ImpersonationRule: Sendable {
  var originalUser: TextPattern
  var originalRole: TextPattern?
  var newUser: String
  var isAllowed: Bool

  init(_ object: ConfigurationObject) throws {
    try object.check(keys: ["original_user", "original_role", "new_user", "allow"])
    originalUser = try object.pattern("original_user") ?? TextPattern(".*")
    originalRole = try object.pattern("original_role")
    guard let newUser = try object.text("new_user") else { throw object.failure("'new_user' is missing") }
    self.newUser = newUser
    if !newUser.contains("$") { _ = try object.pattern("new_user") }
    isAllowed = try object.boolean("allow") ?? true
  }

  func matches(_ identity: Identity, _ user: String) throws -> Bool {
    guard let match = try originalUser.match(identity.user) else { return false }
    if let originalRole, try !identity.roles.contains(where: { try originalRole.matches($0) }) { return false }
    return try PrincipalRule.matches(newUser, user, match)
  }
}

/// A principal that may (or may not) become a user, by a pattern of both, or by a user made of the principal.
struct PrincipalRule: Sendable {
  var principal: TextPattern
  var user: TextPattern?
  var template: String?
  var isAllowed: Bool

  init(_ object: ConfigurationObject) throws {
    try object.check(keys: ["principal", "user", "principal_to_user", "allow"])
    guard let principal = try object.pattern("principal") else { throw object.failure("'principal' is missing") }
    self.principal = principal
    user = try object.pattern("user")
    template = try object.text("principal_to_user")
    if user == nil && template == nil { throw object.failure("'user' or 'principal_to_user' must be there") }
    guard let allowed = try object.boolean("allow") else { throw object.failure("'allow' is missing") }
    isAllowed = allowed
  }

  func matches(principal text: String, user name: String) throws -> Bool {
    guard let match = try principal.match(text) else { return false }
    if let user, try user.matches(name) { return true }
    guard let template else { return false }
    return Template.expand(template, match) == name
  }

  /// A pattern in which `$1` stands for a text that is caught, which is compared as it is.
  static func matches(_ pattern: String, _ text: String, _ match: TextPattern.Match) throws -> Bool {
    guard pattern.contains("$") else { return try TextPattern(pattern).matches(text) }
    var quoted = match
    quoted.quoteGroups()
    guard let expanded = Template.expand(pattern, quoted) else { return false }
    return try TextPattern(expanded).matches(text)
  }
}
