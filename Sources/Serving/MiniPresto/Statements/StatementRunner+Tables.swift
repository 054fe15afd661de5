import Analysis
import Execution
import Expressions
import Federation
import Plans
import SQL
import Settings
import Values
import Vectors

/// CREATE, INSERT and DROP.
extension StatementRunner {
  private func exists(_ name: ObjectName) async throws -> Bool {
    if try await engine.views.view(name) != nil { return true }
    return try await engine.catalog(name.catalog).table(TableName(schema: name.schema, table: name.name)) != nil
  }

  /// Whether there is something to do: throws when the table is there and the mode does not allow it.
  private func mayCreate(_ name: ObjectName, _ mode: Syntax.CreateMode, at place: Syntax.Place) async throws -> Bool {
    guard try await exists(name) else { return true }
    switch mode {
    case .ignore: return false
    case .replace:
      try await engine.catalog(name.catalog).drop(TableName(schema: name.schema, table: name.name))
      return true
    case .fail:
      throw PrestoError.at(place.location, .tableAlreadyExists, "Table '\(name.catalog).\(name.schema).\(name.name)' already exists")
    }
  }

  func createTableAs(_ node: Syntax.CreateTableAs) async throws -> QueryResult {
    let name = try objectName(node.name)
    try access.check(.createTable(name))
    guard try await mayCreate(name, node.mode, at: node.name.place) else { return count(0, "CREATE TABLE") }
    return try await run(try await analyze(.createTableAs(node)))
  }

  private func count(_ rows: Int64, _ updateType: String) -> QueryResult {
    let answer = immediate([ResultColumn("rows", .bigint)], rows: [[.integer(rows)]])
    return QueryResult(columns: answer.columns, updateType: updateType, changes: [], warnings: [], query: answer.query)
  }

  /// What the statement says about the columns it defines.
  private func comments(_ node: Syntax.CreateTable) -> TableComments {
    TableComments(
      table: node.comment,
      columns: node.elements.compactMap { element in
        guard case .column(let column) = element, let text = column.comment else { return nil }
        return (column.name.canonicalLast, text)
      })
  }

  private func tableFields(_ node: Syntax.CreateTable) async throws -> [DataType.Field] {
    var fields: [DataType.Field] = []
    var seen = Set<String>()
    func add(_ name: String, shown: String, _ type: DataType, at place: SourceLocation) throws {
      guard seen.insert(name.lowercased()).inserted else {
        throw PrestoError.at(place, .duplicateColumnName, "Column name '\(shown)' specified more than once")
      }
      fields.append(DataType.Field(name, type))
    }
    for element in node.elements {
      switch element {
      case .column(let column):
        let shown = column.name.parts.last?.text ?? ""
        try add(column.name.canonicalLast, shown: shown, try TypeResolution.type(column.type), at: column.location)
      case .like(let other, _):
        let name = try objectName(other)
        try access.check(.showColumns(name))
        let catalog = try engine.catalog(name.catalog)
        guard let table = try await catalog.table(TableName(schema: name.schema, table: name.name)) else {
          throw PrestoError.at(other.location, .tableNotFound, "LIKE table '\(name.catalog).\(name.schema).\(name.name)' does not exist")
        }
        for field in try await catalog.columns(of: table) where !field.isHidden {
          try add(field.name, shown: field.name, field.type, at: other.location)
        }
      }
    }
    return fields
  }

  func createTable(_ node: Syntax.CreateTable) async throws -> QueryResult {
    let name = try objectName(node.name)
    try access.check(.createTable(name))
    guard try await mayCreate(name, node.mode, at: node.name.place) else { return done("CREATE TABLE") }
    let fields = try await tableFields(node)
    let write = try await engine.catalog(name.catalog).create(
      TableName(schema: name.schema, table: name.name), fields, properties: properties(node.properties), comments: comments(node))
    do { try await write.commit() } catch {
      await write.abort()
      throw error
    }
    return done("CREATE TABLE")
  }

  func createSchema(_ node: Syntax.CreateSchema) async throws -> QueryResult {
    let parts = node.name.canonicalParts
    let catalog = parts.count > 1 ? parts[0] : session.catalog
    guard let catalog, let schema = parts.last else {
      throw PrestoError.at(node.location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
    }
    try access.check(.createSchema(catalog: catalog, schema: schema))
    if try await engine.catalog(catalog).schemas().contains(schema) {
      if node.mode == .ignore { return done("CREATE SCHEMA") }
      throw PrestoError.at(node.location, .schemaAlreadyExists, "Schema '\(catalog).\(schema)' already exists")
    }
    try await engine.catalog(catalog).createSchema(schema)
    return done("CREATE SCHEMA")
  }

  func createView(_ node: Syntax.CreateView) async throws -> QueryResult {
    let name = try objectName(node.name)
    try access.check(.createView(name))
    // the query must make sense now
    let analyzed = try await analyze(.query(node.query))
    if try await engine.views.view(name) == nil, try await exists(name) {
      throw PrestoError.at(node.name.location, .tableAlreadyExists, "Table '\(name.catalog).\(name.schema).\(name.name)' already exists")
    }
    try engine.views.create(
      ViewDefinition(
        name: name, text: Formatter.format(node.query), query: node.query, catalog: session.catalog, schema: session.schema,
        columns: analyzed.columns.map { DataType.Field($0.name, $0.type) }, comment: node.comment), replaces: node.mode == .replace,
      isConditional: node.mode == .ignore)
    return done("CREATE VIEW")
  }

  func drop(_ node: Syntax.Drop) async throws -> QueryResult {
    switch node.kind {
    case .table:
      let name = try objectName(node.name)
      try access.check(.dropTable(name))
      let catalog = try engine.catalog(name.catalog)
      let table = TableName(schema: name.schema, table: name.name)
      if try await catalog.table(table) == nil {
        if node.isConditional { return done("DROP TABLE") }
        throw PrestoError.at(node.location, .tableNotFound, "Table '\(name.catalog).\(name.schema).\(name.name)' does not exist")
      }
      try await catalog.drop(table)
      return done("DROP TABLE")
    case .view:
      let name = try objectName(node.name)
      try access.check(.dropView(name))
      if try !engine.views.drop(name) && !node.isConditional {
        throw PrestoError.at(node.location, .tableNotFound, "View '\(name.catalog).\(name.schema).\(name.name)' does not exist")
      }
      return done("DROP VIEW")
    case .schema:
      let parts = node.name.canonicalParts
      let catalog = parts.count > 1 ? parts[0] : session.catalog
      guard let catalog, let schema = parts.last else {
        throw PrestoError.at(node.location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
      }
      try access.check(.dropSchema(catalog: catalog, schema: schema))
      if try await !engine.catalog(catalog).schemas().contains(schema) {
        if node.isConditional { return done("DROP SCHEMA") }
        throw PrestoError.at(node.location, .schemaNotFound, "Schema '\(catalog).\(schema)' does not exist")
      }
      try await engine.catalog(catalog).dropSchema(schema)
      return done("DROP SCHEMA")
    default: throw PrestoError.at(node.location, .notSupported, "DROP of this kind of object is not supported yet")
    }
  }
}
