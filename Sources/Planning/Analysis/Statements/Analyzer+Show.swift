import Expressions
import Federation
import Plans
import SQL
import Settings
import Values

extension Analyzer {
  /// SHOW and DESCRIBE: rows made from the catalogs' answers, as a plan of values.
  func plan(_ show: Syntax.Show, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    switch show.subject {
    case .catalogs: return try answer(["Catalog"], access.visible(catalogs: context.catalogs.keys.sorted()).map { [$0] }, show)
    case .schemas(let catalog): return try answer(["Schema"], try await schemas(catalog, at: show.location).map { [$0] }, show)
    case .tables(let schema): return try answer(["Table"], try await tables(schema, at: show.location).map { [$0] }, show)
    case .columns(let table): return try await columns(of: table, show)
    case .functions: return try functions(show)
    case .session: return try session(show)
    case .create(let kind, let name): return try await created(kind, name, show)
    case .stats(let table): return try await statistics(of: table, at: show.location)
    case .queryStats(let query):
      guard let table = query.wholeTable else {
        throw PrestoError.at(show.location, .notSupported, "SHOW STATS is only supported for tables and SELECT * FROM table")
      }
      return try await statistics(of: table, at: show.location)
    case .grants(let object):
      let names = ["Grantor", "Grantor Type", "Grantee", "Grantee Type", "Catalog", "Schema", "Table", "Privilege", "Grantable"]
      return try answer(names, try await grants(on: object, at: show.location), show)
    case .roles: return try answer(["Role"], [], show)
    case .roleGrants: return try answer(["Role Grants"], [], show)
    case .branches: throw PrestoError.at(show.location, .notSupported, "This connector does not support branches")
    }
  }

  /// What access rules let the user do with a table, or with all of the session's catalog.
  private func grants(on object: Syntax.GrantObject?, at location: SourceLocation) async throws -> [[String?]] {
    var filter = MetadataFilter()
    let catalog: String?
    if let object {
      let name = try defaults.complete(object.name)
      try access.check(.showColumns(name))
      filter = MetadataFilter(schemas: [name.schema], tables: [name.name])
      catalog = name.catalog
    } else {
      catalog = defaults.catalog
    }
    guard let catalog else {
      throw PrestoError.at(location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
    }
    return try await located(location) {
      let information = InformationSchema(catalog: try reader.catalog(catalog), views: views, filter: filter, access: access)
      return try await information.privileges().map { row in row.dropLast().map(\.text) }
    }
  }

  /// Rows of texts under these names, those whose first column matches the pattern.
  func answer(_ names: [String], _ rows: [[String?]], _ show: Syntax.Show? = nil) throws -> AnalyzedQuery {
    var rows = rows
    if let pattern = show?.pattern {
      let matcher = try LikePattern(pattern, escape: show?.escape)
      rows = rows.filter { $0.first.flatMap { $0 }.map(matcher.matches) ?? false }
    }
    return answer(
      names.map { ($0, DataType.varchar(length: nil)) }, rows.map { $0.map { $0.map(Constant.text) ?? .null } })
  }

  func answer(_ columns: [(name: String, type: DataType)], _ rows: [[Constant]]) -> AnalyzedQuery {
    let analyzer = QueryAnalyzer(context: context, metadata: Metadata(), parameters: [], access: access)
    return AnalyzedQuery(analyzer.values(MetadataRows(columns: columns, rows: rows)), warnings: [])
  }

  /// Throws the error with the place before it.
  func located<R>(_ location: SourceLocation, _ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let error as PrestoError where error.code.kind == .userError && error.location == nil {
      throw PrestoError.at(location, error.code, error.message, hint: error.hint)
    }
  }

  // MARK: What there is

  private func schemas(_ name: Syntax.Identifier?, at location: SourceLocation) async throws -> [String] {
    guard let catalog = name?.canonical ?? defaults.catalog else {
      throw PrestoError.at(location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
    }
    try access.check(.seeCatalog(catalog))
    return try await located(location) {
      try await InformationSchema(catalog: try reader.catalog(catalog), views: views, filter: MetadataFilter(), access: access).schemas()
    }
  }

  private func tables(_ name: Syntax.QualifiedName?, at location: SourceLocation) async throws -> [String] {
    let (catalogName, schema) = try defaults.completeSchema(name, at: location)
    try access.check(.seeSchema(catalog: catalogName, schema: schema))
    return try await located(location) {
      let catalog = try reader.catalog(catalogName)
      let information = InformationSchema(catalog: catalog, views: views, filter: MetadataFilter(schemas: [schema]), access: access)
      guard try await !information.schemas().isEmpty else { throw PrestoError(.schemaNotFound, "Schema '\(schema)' does not exist") }
      return try await information.relations().map(\.name.table)
    }
  }

  /// The relation behind a name, as FROM would have it.
  private func described(_ name: Syntax.QualifiedName) async throws -> (source: RelationSource, relation: RelationPlan) {
    let complete = try defaults.complete(name)
    var requests = MetadataRequests(parameters: [])
    requests.add(.table(complete))
    let analyzer = QueryAnalyzer(context: context, metadata: await reader.read(requests), parameters: [], access: access)
    analyzer.isDescribing = true
    try access.check(.showColumns(complete))
    let source = try analyzer.metadata.relation(.table(complete), at: name.location)
    let relation = try analyzer.table(named: name, surroundings)
    return (source, relation)
  }

  private func columns(of name: Syntax.QualifiedName, _ show: Syntax.Show) async throws -> AnalyzedQuery {
    let (source, relation) = try await described(name)
    var comments: [String: String] = [:]
    var extras: [String: String] = [:]
    if case .table(let table) = source {
      for column in table.columns {
        comments[column.name] = column.comment
        if !column.isNullable { extras[column.name] = "not null" }
      }
    }
    if case .view(let view, _) = source { comments = view.columnComments }
    let rows: [[String?]] = relation.visible.map { field in
      let name = field.name ?? ""
      return [field.name, "\(field.type)", extras[name] ?? "", comments[name] ?? ""]
    }
    return try answer(["Column", "Type", "Extra", "Comment"], rows, show)
  }

  // MARK: Functions and properties

  private func functions(_ show: Syntax.Show) throws -> AnalyzedQuery {
    let all = context.functions.functions.values.flatMap { $0 }.filter { !$0.isHidden }
    let rows: [[String?]] = all.sorted { ($0.name, $0.signature.description) < ($1.name, $1.signature.description) }.map { function in
      [
        function.name, function.signature.resultText,
        function.signature.arguments.map(\.description).joined(separator: ", ") + (function.signature.isVariadic ? "..." : ""),
        function.kind.rawValue, function.isDeterministic ? "true" : "false", function.summary,
      ]
    }
    return try answer(["Function", "Return Type", "Argument Types", "Function Type", "Deterministic", "Description"], rows, show)
  }

  private func session(_ show: Syntax.Show) throws -> AnalyzedQuery {
    let values = context.session.overriddenTexts
    let rows: [[String?]] = sessionProperties.sorted { $0.name < $1.name }.map { property in
      [property.name, values[property.name] ?? property.standardText, property.standardText, "\(property.type)", property.summary]
    }
    return try answer(["Name", "Value", "Default", "Type", "Description"], rows, show)
  }

  // MARK: SHOW CREATE

  private func created(_ kind: Syntax.Show.CreatedObject, _ name: Syntax.QualifiedName, _ show: Syntax.Show) async throws -> AnalyzedQuery {
    switch kind {
    case .schema:
      let (catalogName, schema) = try defaults.completeSchema(name, at: name.location)
      return try await located(name.location) {
        let schemas = try await reader.catalog(catalogName).schemas()
        guard schemas.contains(where: { $0.lowercased() == schema }) else {
          throw PrestoError(.schemaNotFound, "Schema '\(catalogName).\(schema)' does not exist")
        }
        return try answer(["Create Schema"], [["CREATE SCHEMA \(quoted([catalogName, schema]))"]])
      }
    case .table, .view, .materializedView:
      let (source, relation) = try await described(name)
      let full = try defaults.complete(name)
      try access.check(.showCreate(full))
      let shown = quoted([full.catalog, full.schema, full.name])
      switch (source, kind) {
      case (.view(let view, _), .view): return try answer(["Create View"], [["CREATE VIEW \(shown) AS\n\(view.text)"]])
      case (.view, _):
        throw PrestoError.at(name.location, .notSupported, "Relation '\(full)' is a view, not a \(kind.rawValue.lowercased())")
      case (.table(let table), .table):
        let lines = table.columns.filter { !$0.isHidden }.map { column in
          "   \(quoted([column.name])) \(column.type)" + (column.isNullable ? "" : " NOT NULL")
            + (column.comment.map {
              " COMMENT '" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            } ?? "")
        }
        let comment = try await reader.catalog(full.catalog).comment(of: table.handle).map {
          "\nCOMMENT '" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        }
        return try answer(["Create Table"], [["CREATE TABLE \(shown) (\n" + lines.joined(separator: ",\n") + "\n)" + (comment ?? "")]])
      case (.rows, .table):
        let lines = relation.visible.map { "   \(quoted([$0.name ?? ""])) \($0.type)" }
        return try answer(["Create Table"], [["CREATE TABLE \(shown) (\n" + lines.joined(separator: ",\n") + "\n)"]])
      case (.table, _), (.rows, _):
        throw PrestoError.at(name.location, .notSupported, "Relation '\(full)' is a table, not a \(kind.rawValue.lowercased())")
      }
    case .function: throw PrestoError.at(show.location, .notSupported, "SHOW CREATE FUNCTION is not supported")
    }
  }

  private func quoted(_ parts: [String]) -> String { Formatter.format(Syntax.QualifiedName(parts.map { Syntax.Identifier($0) })) }
}

extension Syntax.Query {
  /// The table of a bare `SELECT * FROM table`.
  fileprivate var wholeTable: Syntax.QualifiedName? {
    guard with == nil, orderBy.isEmpty, offset == nil, limit == nil, case .select(let select) = body, select.items.count == 1,
      case .all(let all) = select.items[0], all.base == nil, all.excluded.isEmpty, select.quantifier == .all, select.from.count == 1,
      case .table(let table) = select.from[0], select.where == nil, select.groupBy == nil, select.having == nil, select.qualify == nil
    else { return nil }
    return table.name
  }
}
