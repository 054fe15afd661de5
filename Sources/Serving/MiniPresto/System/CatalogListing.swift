import Analysis
import Federation
import Values

/// What the catalogs hold, asked for at once. A source that does not answer is left out, so that one that is down does not hide the others;
/// only who asks for it alone is told why.
struct CatalogListing: Sendable {
  /// A table or view of a catalog.
  struct Relation: Sendable {
    var catalog: String
    var name: TableName
    var view: ViewDefinition?
    /// Of a table.
    var listed: Inventory.Table?

    var comment: String? { view == nil ? listed?.comment : view?.comment }
  }

  let engine: EngineView
  let handle: SystemTableHandle
  /// The columns of the asked table that name these.
  let catalog: String
  let schema: String
  let table: String

  init(_ engine: EngineView, _ handle: SystemTableHandle, catalog: String, schema: String, table: String = "") {
    self.engine = engine
    self.handle = handle
    self.catalog = catalog
    self.schema = schema
    self.table = table
  }

  /// The catalogs asked for.
  private var catalogs: [Catalog] {
    engine.catalogs.values.filter { handle.accepts(catalog, $0.name) }.sorted { $0.name < $1.name }
  }

  /// All catalogs' answers, in the order of their names.
  private func each<Answer: Sendable>(_ ask: @escaping @Sendable (Catalog) async throws -> [Answer]) async throws -> [Answer] {
    let asked = catalogs
    if asked.count == 1 { return try await ask(asked[0]) }
    return await withTaskGroup(of: (Int, [Answer]).self) { group in
      for (index, catalog) in asked.enumerated() { group.addTask { (index, (try? await ask(catalog)) ?? []) } }
      var answers: [(Int, [Answer])] = []
      for await answer in group { answers.append(answer) }
      return answers.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  func schemas() async throws -> [(catalog: String, schema: String)] {
    try await each { catalog in try await schemas(of: catalog).map { (catalog.name, $0) } }
  }

  private func schemas(of catalog: Catalog) async throws -> [String] {
    // a schema asked for by name needs no listing
    if let names = handle.accepted[schema], names == ["information_schema"] { return ["information_schema"] }
    return schemas(among: try await catalog.schemas(), of: catalog)
  }

  private func schemas(among known: [String], of catalog: Catalog) -> [String] {
    Set(known).union(["information_schema"]).filter {
      handle.accepts(schema, $0) && engine.access.allows(.seeSchema(catalog: catalog.name, schema: $0.lowercased()))
    }.sorted()
  }

  func relations() async throws -> [Relation] { try await each { try await relations(of: $0) } }

  private func relations(of catalog: Catalog) async throws -> [Relation] {
    var all: [Relation] = []
    let views = try await engine.views.views(in: catalog.name)
    let inventory = try await catalog.inventory()
    let tables = inventory.tables
    for schema in schemas(among: inventory.schemas, of: catalog) where schema != "information_schema" {
      let own = views.filter { $0.name.schema == schema.lowercased() }
      let names = Set(own.map(\.name.name))
      all += tables.filter { $0.name.schema == schema && !names.contains($0.name.table.lowercased()) }.map {
        Relation(catalog: catalog.name, name: $0.name, listed: $0)
      }
      all += own.map { Relation(catalog: catalog.name, name: TableName(schema: $0.name.schema, table: $0.name.name), view: $0) }
    }
    all = all.filter { handle.accepts(table, $0.name.table) && engine.access.allows(.seeTable(name($0))) }
    return all.sorted { ($0.name.schema, $0.name.table) < ($1.name.schema, $1.name.table) }
  }

  private func name(_ relation: Relation) -> ObjectName {
    ObjectName(catalog: relation.catalog, schema: relation.name.schema.lowercased(), name: relation.name.table.lowercased())
  }

  /// The columns of every relation; a table that cannot be described is left out.
  func columns() async throws -> [(relation: Relation, fields: [DataType.Field], nullable: [Bool], comments: [String?])] {
    try await each { catalog in
      var answers: [(relation: Relation, fields: [DataType.Field], nullable: [Bool], comments: [String?])] = []
      for relation in try await relations(of: catalog) {
        if let view = relation.view {
          let hidden = engine.access.view(of: name(relation)).refusedColumns
          let fields = (view.columns ?? []).filter { !hidden.contains($0.name?.lowercased() ?? "") }
          answers.append(
            (relation, fields, fields.map { _ in true }, fields.map { view.columnComments[$0.name?.lowercased() ?? ""] }))
        } else if let listed = relation.listed?.columns {
          let hidden = engine.access.view(of: name(relation)).refusedColumns
          let columns = listed.filter { !hidden.contains($0.name.lowercased()) }
          answers.append(
            (relation, columns.map { DataType.Field($0.name, $0.type) }, columns.map(\.isNullable), columns.map(\.comment)))
        }
      }
      return answers
    }
  }
}
