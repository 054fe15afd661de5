import Analysis
import Federation
import SQL
import Values

/// ALTER TABLE and ALTER VIEW.
extension StatementRunner {
  func rename(_ node: Syntax.Rename) async throws -> QueryResult {
    let source = try objectName(node.source)
    let target = try renamed(source, node.target)
    switch node.kind {
    case .table:
      try access.check(.renameTable(source, to: target))
      guard let (catalog, table) = try await altered(source, at: node.source.location, isConditional: node.isConditional) else {
        return done("RENAME TABLE")
      }
      if try await engine.views.view(target) != nil {
        throw PrestoError.at(node.target.location, .tableAlreadyExists, "View '\(target.name)' already exists")
      }
      try await catalog.alter(table, .rename(to: TableName(schema: target.schema, table: target.name)))
      return done("RENAME TABLE")
    case .view:
      try access.check(.dropView(source))
      try access.check(.createView(target))
      guard var view = try await engine.views.view(source) else {
        if node.isConditional { return done("RENAME VIEW") }
        throw missing(source, "View", at: node.source.location)
      }
      view.name = target
      try engine.views.create(view, replaces: false, isConditional: false)
      _ = try engine.views.drop(source)
      return done("RENAME VIEW")
    default: throw PrestoError.at(node.location, .notSupported, "Renaming this kind of object is not supported")
    }
  }

  /// The target of a rename: in the source's schema unless it says otherwise, and never in another catalog.
  private func renamed(_ source: ObjectName, _ target: Syntax.QualifiedName) throws -> ObjectName {
    let parts = target.canonicalParts
    let name = ObjectName(
      catalog: parts.count > 2 ? parts[0] : source.catalog, schema: parts.count > 1 ? parts[parts.count - 2] : source.schema,
      name: target.canonicalLast)
    if name.catalog != source.catalog {
      throw PrestoError.at(target.location, .notSupported, "Table rename across catalogs is not supported")
    }
    return name
  }

  func addColumn(_ node: Syntax.AddColumn) async throws -> QueryResult {
    if let position = node.position, position != .last {
      throw PrestoError.at(node.location, .notSupported, "This connector does not support adding columns with FIRST or AFTER clause")
    }
    let field = DataType.Field(node.column.name.canonicalLast, try TypeResolution.type(node.column.type))
    return try await alter(node.table, isConditional: node.isTableConditional, "ADD COLUMN") { columns in
      node.isColumnConditional && columns.contains(node.column.name.canonicalLast) ? nil : .addColumn(field)
    }
  }

  func dropColumn(_ node: Syntax.DropColumn) async throws -> QueryResult {
    try await alter(node.table, isConditional: node.isTableConditional, "DROP COLUMN") { columns in
      node.isColumnConditional && !columns.contains(node.column.canonicalLast) ? nil : .dropColumn(node.column.canonicalLast)
    }
  }

  func renameColumn(_ node: Syntax.RenameColumn) async throws -> QueryResult {
    try await alter(node.table, isConditional: node.isTableConditional, "RENAME COLUMN") { columns in
      node.isColumnConditional && !columns.contains(node.source.canonicalLast)
        ? nil : .renameColumn(node.source.canonicalLast, to: node.target.canonical)
    }
  }

  func alterColumn(_ node: Syntax.AlterColumn) async throws -> QueryResult {
    guard case .setType(let written) = node.change else {
      throw PrestoError.at(node.location, .notSupported, "This connector does not support defaults and constraints of columns")
    }
    guard node.column.parts.count == 1 else {
      throw PrestoError.at(node.column.location, .notSupported, "This connector does not support setting the type of a field")
    }
    let type = try TypeResolution.type(written)
    return try await alter(node.table, isConditional: node.isTableConditional, "SET COLUMN TYPE") { _ in
      .setType(of: node.column.canonicalLast, type)
    }
  }

  func comment(_ node: Syntax.Comment) async throws -> QueryResult {
    switch node.kind {
    case .table: return try await alter(node.name, isConditional: false, "COMMENT") { _ in .comment(node.text) }
    case .view:
      let name = try objectName(node.name)
      guard var view = try await engine.views.view(name) else { throw missing(name, "View", at: node.name.location) }
      try access.check(.createView(name))
      view.comment = node.text
      try engine.views.create(view, replaces: true, isConditional: false)
      return done("COMMENT")
    case .column:
      guard node.name.parts.count > 1, let column = node.name.parts.last else {
        throw PrestoError.at(node.name.location, .missingTable, "Table must be specified")
      }
      let table = Syntax.QualifiedName(Array(node.name.parts.dropLast()), place: node.name.place)
      if var view = try await engine.views.view(try objectName(table)) {
        try access.check(.createView(view.name))
        guard view.columns?.contains(where: { $0.name?.lowercased() == column.canonical }) ?? true else {
          throw PrestoError.at(column.location, .columnNotFound, "Column does not exist: \(column.canonical)")
        }
        view.columnComments[column.canonical] = node.text
        try engine.views.create(view, replaces: true, isConditional: false)
        return done("COMMENT")
      }
      return try await alter(table, isConditional: false, "COMMENT") { _ in .commentColumn(column.canonical, node.text) }
    }
  }

  /// `change` gets the table's columns; nil: nothing is to be done.
  private func alter(
    _ written: Syntax.QualifiedName, isConditional: Bool, _ updateType: String, _ change: ([String]) -> TableChange?
  ) async throws -> QueryResult {
    let name = try objectName(written)
    try access.check(.alterTable(name))
    guard let (catalog, table) = try await altered(name, at: written.location, isConditional: isConditional) else {
      return done(updateType)
    }
    let columns = try await catalog.columns(of: table).map { $0.name.lowercased() }
    if let change = change(columns) {
      do { try await catalog.alter(table, change) } catch let error as PrestoError
        where error.code.kind == .userError && error.location == nil
      {
        throw PrestoError.at(written.location, error.code, error.message, hint: error.hint)
      }
    }
    return done(updateType)
  }

  private func altered(_ name: ObjectName, at location: SourceLocation, isConditional: Bool) async throws -> (Catalog, TableHandle)? {
    let catalog = try engine.catalog(name.catalog)
    if let table = try await catalog.table(TableName(schema: name.schema, table: name.name)) { return (catalog, table) }
    if isConditional { return nil }
    throw missing(name, "Table", at: location)
  }

  private func missing(_ name: ObjectName, _ kind: String, at location: SourceLocation) -> PrestoError {
    .at(location, .tableNotFound, "\(kind) '\(name.catalog).\(name.schema).\(name.name)' does not exist")
  }
}
