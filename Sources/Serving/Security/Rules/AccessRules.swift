import Analysis
import Foundation
import Settings
import Values

/// Trino's and Presto's file of rules. In each section the first rule that matches decides, and where none does the answer is no. A section that is
/// not in the file allows what it is about, but for impersonation, system information, procedures and the functions of catalogs.
package struct AccessRules: AccessControl {
  private var catalogs = [CatalogRule()]
  private var schemas = [SchemaRule()]
  private var tables = [TableRule()]
  private var sessionProperties = [NameRule()]
  private var catalogSessionProperties = [NameRule()]
  private var functions: [NameRule] = []
  private var procedures: [NameRule] = []
  private var queries: [WordRule]?
  private var systemInformation: [WordRule] = []
  private var impersonation: [ImpersonationRule]?
  private var principals: [PrincipalRule]?

  package var isRestricting: Bool { true }

  /// Throws CONFIGURATION_INVALID naming section, rule and key.
  package init(parsing text: String, origin: String) throws {
    let file = try ConfigurationObject(try JSONValue(parsing: text, origin: origin), origin: origin)
    try file.check(keys: [
      "catalogs", "schemas", "tables", "functions", "procedures", "system_session_properties", "catalog_session_properties",
      "sessionProperties", "queries", "system_information", "impersonation", "principals", "authorization",
    ])
    if let rules = try file.objects("catalogs") { catalogs = try rules.map { try CatalogRule($0) } }
    if let rules = try file.objects("schemas") { schemas = try rules.map { try SchemaRule($0) } }
    if let rules = try file.objects("tables") { tables = try rules.map { try TableRule($0) } }
    if let rules = try file.objects("system_session_properties") ?? file.objects("sessionProperties") {
      sessionProperties = try rules.map { try NameRule($0, nameKey: "property", hasCatalog: false, privilege: nil) }
    }
    if let rules = try file.objects("catalog_session_properties") {
      catalogSessionProperties = try rules.map { try NameRule($0, nameKey: "property", hasCatalog: true, privilege: nil) }
    }
    functions = try (file.objects("functions") ?? []).map { try NameRule($0, nameKey: "function", hasCatalog: true, privilege: "EXECUTE") }
    procedures = try (file.objects("procedures") ?? []).map {
      try NameRule($0, nameKey: "procedure", hasCatalog: true, privilege: "EXECUTE")
    }
    queries = try file.objects("queries")?.map { try WordRule($0, words: ["execute", "view", "kill"], hasOwner: true) }
    systemInformation = try (file.objects("system_information") ?? []).map {
      try WordRule($0, words: ["read", "write"], hasOwner: false)
    }
    impersonation = try file.objects("impersonation")?.map { try ImpersonationRule($0) }
    principals = try file.objects("principals")?.map { try PrincipalRule($0) }
  }

  package init(file path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PrestoError(.configurationInvalid, "The file of access rules '\(path)' cannot be read")
    }
    try self.init(parsing: String(decoding: data, as: UTF8.self), origin: path)
  }

  // MARK: Answers

  /// A pattern that takes too long is no permission.
  package func allows(_ request: AccessRequest, for identity: Identity) -> Bool {
    (try? decide(request, identity)) ?? false
  }

  private func decide(_ request: AccessRequest, _ identity: Identity) throws -> Bool {
    switch request {
    case .select(let table): return try mayRead(table, identity)
    case .selectColumns: return false
    case .insert(let table): return try has(.insert, table, identity)
    case .delete(let table), .truncate(let table): return try has(.delete, table, identity)
    case .update(let table, _): return try has(.update, table, identity)
    case .createTable(let table), .dropTable(let table), .alterTable(let table), .createView(let table), .dropView(let table),
      .showCreate(let table):
      return try has(.ownership, table, identity)
    case .renameTable(let table, let other): return try has(.ownership, table, identity) && has(.ownership, other, identity)
    case .showColumns(let table): return try hasAny(table, identity)
    case .seeTable(let table): return try hasAny(table, identity) || owns(table.catalog, table.schema, identity)
    case .createSchema(let catalog, let schema), .dropSchema(let catalog, let schema): return try owns(catalog, schema, identity)
    case .seeCatalog(let catalog): return try seesCatalog(catalog, identity)
    case .seeSchema(let catalog, let schema): return try seesSchema(catalog, schema, identity)
    case .setSessionProperty(let name): return try first(sessionProperties) { try $0.matches(name: name, identity) }?.isAllowed ?? false
    case .setCatalogSessionProperty(let catalog, let name):
      return try mayEnter(catalog, .readOnly, identity)
        && first(catalogSessionProperties) { try $0.matches(catalog: catalog, name: name, identity) }?.isAllowed ?? false
    case .executeQuery: return try mayAccessQuery("execute", owner: nil, identity)
    case .viewQuery(let owner): return try mayAccessQuery("view", owner: owner, identity)
    case .killQuery(let owner): return try mayAccessQuery("kill", owner: owner, identity)
    case .impersonate(let user): return try mayImpersonate(user, identity)
    case .setUser(let principal, let user):
      guard let principals else { return true }
      return try first(principals) { try $0.matches(principal: principal, user: user) }?.isAllowed ?? false
    case .executeFunction: return true  // those of the engine; catalogs have none of their own but for `passThrough`
    case .passThrough(let catalog):
      return try mayEnter(catalog, .readOnly, identity)
        && first(functions) { try $0.matches(catalog: catalog, schema: "system", name: "query", identity) }?.isAllowed ?? false
    case .executeProcedure(let catalog, let schema, let name):
      return try mayEnter(catalog, .all, identity)
        && first(procedures) { try $0.matches(catalog: catalog, schema: schema, name: name, identity) }?.isAllowed ?? false
    case .readSystemInformation: return try maySystem("read", identity)
    case .writeSystemInformation: return try maySystem("write", identity)
    case .readFile(let path): return try mayRead(AccessRequest.name(ofFile: path), identity)
    }
  }

  package func view(of table: ObjectName, for identity: Identity) -> TableAccess {
    if isMetadata(table.schema) { return .everything }
    guard let rule = try? first(tables, where: { try $0.matches(table, identity) }) else { return TableAccess(filter: "FALSE") }
    return TableAccess(
      filter: rule.filter, masks: rule.columns.compactMapValues(\.mask),
      refusedColumns: Set(rule.columns.filter { !$0.value.isAllowed }.keys))
  }

  // MARK: Rules

  private func first<Rule>(_ rules: [Rule], where matches: (Rule) throws -> Bool) rethrows -> Rule? { try rules.first(where: matches) }

  private func isMetadata(_ schema: String) -> Bool { schema == "information_schema" }

  private func mayEnter(_ catalog: String, _ mode: CatalogMode, _ identity: Identity) throws -> Bool {
    let rule = try first(catalogs) { try $0.catalog.accepts(catalog) && $0.subject.matches(identity) }
    // every client reads the engine's own catalog
    if rule == nil && catalog == "system" { return mode <= .readOnly }
    return (rule?.mode ?? .none) >= mode
  }

  private func mayRead(_ table: ObjectName, _ identity: Identity) throws -> Bool { try has(.select, table, identity, .readOnly) }

  private func has(_ privilege: TablePrivilege, _ table: ObjectName, _ identity: Identity, _ mode: CatalogMode = .all) throws -> Bool {
    guard try mayEnter(table.catalog, mode, identity) else { return false }
    if isMetadata(table.schema) { return privilege == .select }
    let privileges = try first(tables) { try $0.matches(table, identity) }?.privileges ?? []
    return privileges.contains(privilege) || privilege == .select && privileges.contains(.grantSelect)
  }

  private func hasAny(_ table: ObjectName, _ identity: Identity) throws -> Bool {
    guard try mayEnter(table.catalog, .readOnly, identity) else { return false }
    if isMetadata(table.schema) { return true }
    return try first(tables) { try $0.matches(table, identity) }?.privileges.isEmpty == false
  }

  private func owns(_ catalog: String, _ schema: String, _ identity: Identity) throws -> Bool {
    guard try mayEnter(catalog, .all, identity) else { return false }
    return try first(schemas) { try $0.catalog.accepts(catalog) && $0.schema.accepts(schema) && $0.subject.matches(identity) }?.isOwner
      ?? false
  }

  /// Something in the catalog may be used.
  private func seesCatalog(_ catalog: String, _ identity: Identity) throws -> Bool {
    if catalog == "system" { return try mayEnter(catalog, .readOnly, identity) }
    guard try mayEnter(catalog, .readOnly, identity) else { return false }
    if try mayEnter(catalog, .all, identity) { return true }
    return try schemas.contains { try $0.isOwner && $0.catalog.accepts(catalog) && $0.subject.matches(identity) }
      || tables.contains { try !$0.privileges.isEmpty && $0.catalog.accepts(catalog) && $0.subject.matches(identity) }
      || functions.contains { try $0.isAllowed && $0.catalog.accepts(catalog) && $0.subject.matches(identity) }
  }

  private func seesSchema(_ catalog: String, _ schema: String, _ identity: Identity) throws -> Bool {
    guard try mayEnter(catalog, .readOnly, identity) else { return false }
    if isMetadata(schema) || catalog == "system" { return true }
    return try schemas.contains {
      try $0.isOwner && $0.catalog.accepts(catalog) && $0.schema.accepts(schema) && $0.subject.matches(identity)
    }
      || tables.contains {
        try !$0.privileges.isEmpty && $0.catalog.accepts(catalog) && $0.schema.accepts(schema) && $0.subject.matches(identity)
      }
  }

  private func mayAccessQuery(_ word: String, owner: String?, _ identity: Identity) throws -> Bool {
    // one's own queries are one's own
    if let owner, owner == identity.user { return true }
    guard let queries else { return true }
    let rule = try first(queries) { rule in
      if rule.queryOwner != nil && owner == nil { return false }
      return try rule.subject.matches(identity) && rule.queryOwner.accepts(owner ?? "")
    }
    return rule?.words.contains(word) ?? false
  }

  private func mayImpersonate(_ user: String, _ identity: Identity) throws -> Bool {
    if user == identity.user { return true }
    // rules about principals say it all, where there are some
    guard let impersonation else { return principals != nil }
    return try first(impersonation) { try $0.matches(identity, user) }?.isAllowed ?? false
  }

  private func maySystem(_ word: String, _ identity: Identity) throws -> Bool {
    try first(systemInformation) { try $0.subject.matches(identity) }?.words.contains(word) ?? false
  }
}
