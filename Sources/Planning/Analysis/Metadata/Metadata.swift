import Expressions
import Federation
import SQL
import Values

/// What a relation in FROM is asked for by.
enum RelationKey: Hashable, Sendable {
  case table(ObjectName)
  case file(String)
  /// `TABLE(catalog.system.query(query => 'text'))`
  case remoteQuery(catalog: String, text: String)
}

/// What is behind a key.
enum RelationSource: Sendable {
  case table(SourceTable)
  case view(ViewDefinition, TablePolicy)
  case rows(MetadataRows)
}

/// A table of a catalog with its columns.
struct SourceTable: Sendable {
  var catalog: String
  var handle: TableHandle
  var columns: [ColumnDescription<ColumnHandle>]
  /// What of it the user is shown.
  var policy = TablePolicy.none
}

/// A table whose rows are already here: `information_schema`.
struct MetadataRows: Sendable {
  var columns: [(name: String, type: DataType)]
  var rows: [[Constant]]
  /// Tables left out because the source could not describe them.
  var omissions: [String] = []
}

/// Every answer the sources gave, errors included: an error counts only when analysis reaches the name, and is reported there.
struct Metadata: Sendable {
  var relations: [RelationKey: Result<RelationSource, PrestoError>] = [:]

  /// The sources' tables among them.
  var tables: [AnalyzedQuery.Table] {
    relations.compactMap { key, result in
      guard case .success(.table(let table)) = result else { return nil }
      let name: ObjectName =
        switch key {
        case .table(let name): name
        case .file(let path): ObjectName(catalog: table.catalog, schema: "files", name: path)
        case .remoteQuery(let catalog, let text): ObjectName(catalog: catalog, schema: "system", name: text)
        }
      return AnalyzedQuery.Table(name: name, handle: table.handle, columns: table.columns)
    }
  }

  /// The relation, or the source's error; user errors get the place of the name.
  func relation(_ key: RelationKey, at location: SourceLocation) throws -> RelationSource {
    switch relations[key] {
    case .success(let source): return source
    case .failure(let error) where error.code.kind == .userError && error.location == nil:
      throw PrestoError.at(location, error.code, error.message, hint: error.hint)
    case .failure(let error): throw error
    case nil: throw PrestoError(.genericInternalError, "No metadata was read for \(key)")
    }
  }
}

/// A condition on `information_schema` that spares the sources from listing everything. nil: any.
struct MetadataFilter: Hashable, Sendable {
  var schemas: Set<String>?
  var tables: Set<String>?

  /// Whether few enough tables are named that asking for each is less than asking for all.
  var isNarrow: Bool { (tables?.count ?? .max) <= 4 && (schemas?.count ?? .max) <= 4 }

  func accepts(schema: String) -> Bool { schemas?.contains(schema.lowercased()) ?? true }
  func accepts(table: String) -> Bool { tables?.contains(table.lowercased()) ?? true }

  /// What satisfies either.
  func union(_ other: MetadataFilter) -> MetadataFilter {
    func both(_ a: Set<String>?, _ b: Set<String>?) -> Set<String>? {
      if let a, let b { a.union(b) } else { nil }
    }
    return MetadataFilter(schemas: both(schemas, other.schemas), tables: both(tables, other.tables))
  }
}
