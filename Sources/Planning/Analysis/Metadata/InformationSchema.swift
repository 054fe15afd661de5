import Federation
import Values

/// The schema `information_schema` every catalog has: made from the connector's answers when it is asked for, with as few questions as the
/// query's conditions on schema and table allow.
struct InformationSchema: Sendable {
  static let name = "information_schema"

  let catalog: Catalog
  let views: any ViewResolver
  let filter: MetadataFilter
  let access: Access

  private static let text: DataType = .varchar(length: nil)

  static let tables: [String: [(name: String, type: DataType)]] = [
    "schemata": [("catalog_name", text), ("schema_name", text)],
    "tables": [("table_catalog", text), ("table_schema", text), ("table_name", text), ("table_type", text)],
    "columns": [
      ("table_catalog", text), ("table_schema", text), ("table_name", text), ("column_name", text), ("ordinal_position", .bigint),
      ("column_default", text), ("is_nullable", text), ("data_type", text), ("comment", text),
    ],
    "table_privileges": [
      ("grantor", text), ("grantor_type", text), ("grantee", text), ("grantee_type", text), ("table_catalog", text), ("table_schema", text),
      ("table_name", text), ("privilege_type", text), ("is_grantable", text), ("with_hierarchy", .boolean),
    ],
    "roles": [("role_name", text)], "enabled_roles": [("role_name", text)],
    "applicable_roles": [("grantee", text), ("grantee_type", text), ("role_name", text), ("is_grantable", text)],
    "views": [("table_catalog", text), ("table_schema", text), ("table_name", text), ("view_definition", text)],
  ]

  func rows(of name: ObjectName) async throws -> MetadataRows {
    guard let columns = InformationSchema.tables[name.name] else {
      throw PrestoError(
        .tableNotFound, "Table '\(name)' does not exist",
        hint: "information_schema has " + InformationSchema.tables.keys.sorted().joined(separator: ", "))
    }
    var answer = MetadataRows(columns: columns, rows: [])
    switch name.name {
    case "schemata": answer.rows = try await schemas().map { row($0) }
    case "tables":
      answer.rows = try await relations().map { row($0.name.schema, $0.name.table) + [.text($0.isView ? "VIEW" : "BASE TABLE")] }
    case "views": answer.rows = try await definitions().map { row($0.name.schema, $0.name.name) + [.text($0.text)] }
    case "table_privileges": answer.rows = try await privileges()
    // access rules know roles only by what a session says of itself
    case "roles", "applicable_roles", "enabled_roles": break
    default: try await describeColumns(into: &answer)
    }
    return answer
  }

  private func row(_ texts: String...) -> [Constant] { ([catalog.name] + texts).map(Constant.text) }

  /// All that the catalog has; nil: so little is asked for that the catalog is asked for just that.
  private func inventory() async throws -> Inventory? { filter.isNarrow ? nil : try await catalog.inventory() }

  func schemas() async throws -> [String] {
    if let inventory = try await inventory() { return schemas(inventory.schemas) }
    return schemas(try await catalog.schemas())
  }

  private func tables(in schema: String) async throws -> [TableName] {
    if let inventory = try await inventory() { return inventory.tables.map(\.name).filter { $0.schema == schema } }
    return try await catalog.tables(in: schema)
  }

  private func schemas(_ known: [String]) -> [String] {
    let all = known.contains(InformationSchema.name) ? known : known + [InformationSchema.name]
    return access.visible(schemas: all.filter(filter.accepts(schema:)), in: catalog.name).sorted()
  }

  /// Tables and views of the accepted schemas.
  func relations() async throws -> [(name: TableName, isView: Bool)] {
    var all: [(name: TableName, isView: Bool)] = []
    let definitions = try await definitions()
    for schema in try await schemas() {
      if schema == InformationSchema.name {
        all += InformationSchema.tables.keys.sorted().map { (TableName(schema: schema, table: $0), false) }
      } else {
        let own = definitions.filter { $0.name.schema == schema.lowercased() }
        let names = Set(own.map(\.name.name))
        all += try await tables(in: schema).filter { !names.contains($0.table.lowercased()) }.map { ($0, false) }
        all += own.map { (TableName(schema: $0.name.schema, table: $0.name.name), true) }
      }
    }
    all = all.filter { filter.accepts(table: $0.name.table) && access.allows(.seeTable(name($0.name))) }
    return all.sorted { ($0.name.schema, $0.name.table) < ($1.name.schema, $1.name.table) }
  }

  /// What the user may do with each table, where access rules say so; nobody has granted it.
  func privileges() async throws -> [[Constant]] {
    if !access.control.isRestricting { return [] }
    var rows: [[Constant]] = []
    for relation in try await relations() where relation.name.schema != InformationSchema.name {
      let name = name(relation.name)
      let possible: [(String, AccessRequest)] = [
        ("SELECT", .select(name)), ("INSERT", .insert(name)), ("DELETE", .delete(name)), ("UPDATE", .update(name, columns: [])),
      ]
      for (privilege, request) in possible where access.allows(request) {
        rows.append(
          [.null, .null, .text(access.identity.user), .text("USER")] + row(relation.name.schema, relation.name.table)
            + [.text(privilege), .text("NO"), .null])
      }
    }
    return rows
  }

  private func name(_ table: TableName) -> ObjectName {
    ObjectName(catalog: catalog.name, schema: table.schema.lowercased(), name: table.table.lowercased())
  }

  private func definitions() async throws -> [ViewDefinition] {
    try await views.views(in: catalog.name).filter {
      filter.accepts(schema: $0.name.schema) && filter.accepts(table: $0.name.name) && access.allows(.seeTable($0.name))
    }
  }

  /// A table that cannot be described is left out and named, so that one broken table does not hide all others.
  private func describeColumns(into answer: inout MetadataRows) async throws {
    let definitions = try await definitions()
    let inventory = try await inventory()
    let known = inventory.map { Dictionary($0.tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) }
    for relation in try await relations() {
      let fields: [(name: String, type: DataType, isNullable: Bool, comment: String?)]
      if relation.name.schema == InformationSchema.name {
        fields = (InformationSchema.tables[relation.name.table] ?? []).map { ($0.name, $0.type, true, nil) }
      } else if relation.isView {
        let view = definitions.first { $0.name.schema == relation.name.schema && $0.name.name == relation.name.table }
        let comments = view?.columnComments ?? [:]
        fields = (view?.columns ?? []).map { ($0.name ?? "", $0.type, true, comments[$0.name?.lowercased() ?? ""]) }
      } else if let known {
        guard let columns = known[relation.name]?.columns else {
          answer.omissions.append("\(catalog.name).\(relation.name)")
          continue
        }
        fields = columns.map { ($0.name, $0.type, $0.isNullable, $0.comment) }
      } else {
        do {
          guard let handle = try await catalog.table(relation.name) else { continue }
          fields = try await catalog.columns(of: handle).filter { !$0.isHidden }.map { ($0.name, $0.type, $0.isNullable, $0.comment) }
        } catch {
          answer.omissions.append("\(catalog.name).\(relation.name)")
          continue
        }
      }
      let refused = access.view(of: name(relation.name)).refusedColumns
      for (position, field) in fields.enumerated() where !refused.contains(field.name.lowercased()) {
        answer.rows.append(
          row(relation.name.schema, relation.name.table, field.name) + [
            .integer(Int64(position + 1)), .null, .text(field.isNullable ? "YES" : "NO"), .text("\(field.type)"),
            field.comment.map(Constant.text) ?? .null,
          ])
      }
    }
  }
}
