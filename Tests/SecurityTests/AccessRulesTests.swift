import Analysis
import Settings
import Testing
import Values

@testable import Security

@Suite struct AccessRulesTests {
  private static let rules = #"""
    {
      "catalogs": [
        {"user": "admin", "catalog": ".*", "allow": "all"},
        {"group": "finance", "catalog": "bank", "allow": "read-only"},
        {"catalog": "shop|logs", "allow": "all"},
        {"catalog": "bank", "allow": "none"}
      ],
      "schemas": [{"user": "admin", "owner": true}, {"catalog": "shop", "schema": "scratch", "owner": true}],
      "tables": [
        {"user": "admin", "privileges": ["SELECT", "INSERT", "DELETE", "UPDATE", "OWNERSHIP"]},
        {"catalog": "shop", "schema": "scratch", "privileges": ["OWNERSHIP", "SELECT", "INSERT"]},
        {"catalog": "shop", "table": "secrets", "privileges": []},
        {
          "catalog": "shop", "schema": "public", "table": "customers", "privileges": ["SELECT"],
          "columns": [{"name": "Card", "allow": false}, {"name": "phone", "mask": "'***' || substr(phone, -2)"}],
          "filter": "country = current_user"
        },
        {"catalog": "shop", "schema": "public", "privileges": ["SELECT"]},
        {"group": "finance", "catalog": "bank", "privileges": ["SELECT"]}
      ],
      "system_session_properties": [{"property": "query_max_.*", "allow": false}, {"allow": true}],
      "catalog_session_properties": [{"catalog": "shop", "property": "fetch", "allow": true}],
      "functions": [{"user": "admin", "function": ".*", "privileges": ["EXECUTE"]}],
      "procedures": [{"catalog": "shop", "schema": "system", "procedure": "flush", "privileges": ["EXECUTE"]}],
      "queries": [
        {"user": "admin", "allow": ["execute", "view", "kill"]},
        {"group": "finance", "queryOwner": "ben", "allow": ["view"]},
        {"user": "banned", "allow": []},
        {"allow": ["execute"]}
      ],
      "impersonation": [
        {"original_user": "dash", "new_user": "root", "allow": false},
        {"original_user": "dash", "new_user": ".*"},
        {"original_user": "(.*)_bot", "new_user": "$1"}
      ],
      "principals": [{"principal": "(.*)@x", "principal_to_user": "$1", "allow": true}],
      "system_information": [{"user": "admin", "allow": ["read", "write"]}, {"user": "monitor", "allow": ["read"]}]
    }
    """#

  private static func table(_ path: String) -> ObjectName {
    let parts = path.split(separator: ".").map(String.init)
    return ObjectName(catalog: parts[0], schema: parts[1], name: parts[2])
  }

  private static let ana = Identity(user: "ana")
  private static let fay = Identity(user: "fay", groups: ["finance"])
  private static let admin = Identity(user: "admin")

  @Test(arguments: [
    (ana, "shop.public.orders", true), (ana, "shop.public.secrets", false), (ana, "shop.other.t", false),
    (ana, "bank.public.accounts", false),
    (fay, "bank.public.accounts", true), (ana, "bank.information_schema.tables", false), (fay, "bank.information_schema.tables", true),
    (ana, "unknown.a.b", false), (admin, "unknown.a.b", true), (ana, "shop.scratch.mine", true), (ana, "system.runtime.queries", false),
    (admin, "shop.public.secrets", true), (ana, "logs.x.y", false), (ana, "shopping.public.orders", false),
  ])
  func selects(_ identity: Identity, _ name: String, _ expected: Bool) throws {
    #expect(try AccessRules(parsing: Self.rules, origin: "f").allows(.select(Self.table(name)), for: identity) == expected)
  }

  @Test(arguments: [
    (ana, AccessRequest.insert(table("shop.public.orders")), false), (ana, .insert(table("shop.scratch.mine")), true),
    (ana, .delete(table("shop.scratch.mine")), false), (ana, .createTable(table("shop.scratch.mine")), true),
    (ana, .dropTable(table("shop.public.orders")), false), (fay, .insert(table("bank.a.b")), false),
    (ana, .createSchema(catalog: "shop", schema: "scratch"), true), (ana, .createSchema(catalog: "shop", schema: "new"), false),
    (admin, .dropSchema(catalog: "bank", schema: "x"), true), (fay, .createSchema(catalog: "bank", schema: "x"), false),
    (ana, .seeCatalog("bank"), false), (fay, .seeCatalog("bank"), true), (ana, .seeCatalog("shop"), true),
    (ana, .seeCatalog("system"), true),
    (ana, .seeSchema(catalog: "shop", schema: "public"), true), (ana, .seeSchema(catalog: "shop", schema: "hidden"), false),
    (ana, .seeTable(table("shop.public.secrets")), false), (ana, .seeTable(table("shop.public.orders")), true),
    (ana, .setSessionProperty("query_max_run_time"), false), (ana, .setSessionProperty("join_order"), true),
    (ana, .setCatalogSessionProperty(catalog: "shop", name: "fetch"), true),
    (ana, .setCatalogSessionProperty(catalog: "shop", name: "x"), false),
    (ana, .passThrough(catalog: "shop"), false), (admin, .passThrough(catalog: "shop"), true), (ana, .executeFunction("lower"), true),
    (ana, .executeProcedure(catalog: "shop", schema: "system", name: "flush"), true),
    (fay, .executeProcedure(catalog: "bank", schema: "system", name: "flush"), false),
    (ana, .executeQuery, true), (Identity(user: "banned"), .executeQuery, false), (ana, .viewQuery(owner: "ben"), false),
    (ana, .viewQuery(owner: "ana"), true), (fay, .viewQuery(owner: "ben"), true), (fay, .killQuery(owner: "ben"), false),
    (fay, .viewQuery(owner: "cyd"), false), (admin, .killQuery(owner: "ben"), true),
    (Identity(user: "dash"), .impersonate("ana"), true), (Identity(user: "dash"), .impersonate("root"), false),
    (Identity(user: "ana_bot"), .impersonate("ana"), true), (Identity(user: "ana_bot"), .impersonate("ben"), false),
    (Identity(user: ".*_bot"), .impersonate("ben"), false), (ana, .impersonate("ana"), true), (ana, .impersonate("ben"), false),
    (ana, .setUser(principal: "ana@x", user: "ana"), true), (ana, .setUser(principal: "ana@x", user: "ben"), false),
    (ana, .setUser(principal: "ana@y", user: "ana"), false),
    (ana, .readSystemInformation, false), (Identity(user: "monitor"), .readSystemInformation, true),
    (Identity(user: "monitor"), .writeSystemInformation, false), (admin, .writeSystemInformation, true),
    (ana, .readFile("/etc/x.parquet"), false), (admin, .readFile("/etc/x.parquet"), true),
  ])
  func requests(_ identity: Identity, _ request: AccessRequest, _ expected: Bool) throws {
    #expect(try AccessRules(parsing: Self.rules, origin: "f").allows(request, for: identity) == expected)
  }

  @Test func views() throws {
    let rules = try AccessRules(parsing: Self.rules, origin: "f")
    #expect(
      rules.view(of: Self.table("shop.public.customers"), for: Self.ana)
        == TableAccess(filter: "country = current_user", masks: ["phone": "'***' || substr(phone, -2)"], refusedColumns: ["card"]))
    #expect(rules.view(of: Self.table("shop.public.customers"), for: Self.admin) == .everything)
    #expect(rules.view(of: Self.table("nowhere.a.b"), for: Self.ana) == TableAccess(filter: "FALSE"))
  }

  @Test func absentSections() throws {
    let rules = try AccessRules(parsing: "{}", origin: "f")
    for request: AccessRequest in [
      .select(Self.table("a.b.c")), .dropTable(Self.table("a.b.c")), .createSchema(catalog: "a", schema: "b"), .seeCatalog("a"),
      .setSessionProperty("x"), .executeQuery, .killQuery(owner: "ben"), .setUser(principal: "p", user: "u"),
    ] { #expect(rules.allows(request, for: Self.ana), "\(request)") }
    for request: AccessRequest in [
      .impersonate("ben"), .readSystemInformation, .passThrough(catalog: "a"), .executeProcedure(catalog: "a", schema: "b", name: "c"),
    ] { #expect(!rules.allows(request, for: Self.ana), "\(request)") }
  }

  @Test func emptySectionsRefuse() throws {
    let rules = try AccessRules(
      parsing: #"{"catalogs": [], "schemas": [], "tables": [], "system_session_properties": [], "queries": []}"#, origin: "f")
    for request: AccessRequest in [
      .select(Self.table("a.b.c")), .seeCatalog("a"), .setSessionProperty("x"), .executeQuery, .killQuery(owner: "ben"),
      .createSchema(catalog: "a", schema: "b"),
    ] { #expect(!rules.allows(request, for: Self.ana), "\(request)") }
  }

  @Test func patternThatTakesTooLongIsARefusal() throws {
    let rules = try AccessRules(parsing: #"{"tables": [{"table": "(a+)+b", "privileges": []}, {"privileges": ["SELECT"]}]}"#, origin: "f")
    #expect(rules.allows(.select(Self.table("c.s.aaa")), for: Self.ana))
    #expect(!rules.allows(.select(Self.table("c.s.\(String(repeating: "a", count: 60))cb")), for: Self.ana))
  }

  @Test(arguments: [
    (#"{"tabels": []}"#, "f: unknown key 'tabels'; possible are catalogs, "),
    (#"{"tables": [{}]}"#, "f: tables[1]: 'privileges' is missing"),
    (
      #"{"tables": [{"privileges": ["READ"]}]}"#,
      "f: tables[1]: 'privileges' cannot have 'READ'; possible are SELECT, INSERT, DELETE, UPDATE, OWNERSHIP, GRANT_SELECT"
    ),
    (#"{"tables": [{"privileges": [], "filter": "a = "}]}"#, "f: tables[1]: 'filter' is no expression: "),
    (#"{"tables": [{"privileges": [], "columns": [{"name": "a", "mask": "("}]}]}"#, "f: tables[1]: columns[1]: 'mask' is no expression: "),
    (#"{"tables": [{"privileges": [], "filter_environment": {"user": "x"}}]}"#, "f: tables[1]: 'filter_environment' is not supported"),
    (#"{"catalogs": [{"catalog": "a", "allow": "some"}]}"#, "f: catalogs[1]: 'allow' must be all, owner, read-only, none, true or false"),
    (#"{"schemas": [{"schema": "a"}]}"#, "f: schemas[1]: 'owner' is missing"),
    (#"{"catalogs": [{"usr": "a", "allow": true}]}"#, "f: catalogs[1]: unknown key 'usr'; possible are user, role, group, catalog, allow"),
    (#"{"queries": [{"allow": ["see"]}]}"#, "f: queries[1]: 'allow' cannot have 'see'; possible are execute, view, kill"),
    (#"{"queries": [{"queryOwner": "a", "allow": ["execute"]}]}"#, "f: queries[1]: 'execute' cannot be combined with 'queryOwner'"),
    (#"{"impersonation": [{"original_user": "a"}]}"#, "f: impersonation[1]: 'new_user' is missing"),
  ])
  func errors(_ text: String, _ expected: String) {
    #expect(message { _ = try AccessRules(parsing: text, origin: "f") }.hasPrefix(expected))
  }

  @Test func wording() {
    func text(_ request: AccessRequest) -> String { request.denial(for: Self.ana).description }
    #expect(text(.select(Self.table("a.b.c"))) == "PERMISSION_DENIED: Access Denied: Cannot select from table a.b.c")
    #expect(
      text(.selectColumns(Self.table("a.b.c"), ["x", "y"]))
        == "PERMISSION_DENIED: Access Denied: Cannot select from columns [x, y] in table or view a.b.c")
    #expect(text(.impersonate("ben")) == "PERMISSION_DENIED: Access Denied: User ana cannot impersonate user ben")
    #expect(text(.setSessionProperty("x")) == "PERMISSION_DENIED: Access Denied: Cannot set system session property x")
  }
}
