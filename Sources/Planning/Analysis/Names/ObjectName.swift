import SQL
import Settings
import Values

/// `catalog.schema.name`, lower-cased and complete.
package struct ObjectName: Hashable, Sendable, CustomStringConvertible {
  package var catalog: String
  package var schema: String
  package var name: String

  package init(catalog: String, schema: String, name: String) {
    self.catalog = catalog
    self.schema = schema
    self.name = name
  }

  package var description: String { "\(catalog).\(schema).\(name)" }
}

/// Where names of one or two parts are looked up: the session's catalog and schema, or those a view was made with.
struct NameDefaults: Hashable {
  var catalog: String?
  var schema: String?

  init(catalog: String?, schema: String?) {
    self.catalog = catalog?.lowercased()
    self.schema = schema?.lowercased()
  }

  init(_ session: Session) { self.init(catalog: session.catalog, schema: session.schema) }

  /// Completes a table's name. Throws MISSING_CATALOG_NAME, MISSING_SCHEMA_NAME, SYNTAX_ERROR for more than three parts.
  func complete(_ name: Syntax.QualifiedName) throws -> ObjectName {
    let parts = name.canonicalParts
    switch parts.count {
    case 3: return ObjectName(catalog: parts[0], schema: parts[1], name: parts[2])
    case 2: return ObjectName(catalog: try requiredCatalog(at: name), schema: parts[0], name: parts[1])
    case 1:
      let catalog = try requiredCatalog(at: name)
      guard let schema else {
        throw PrestoError.at(name.location, .missingSchemaName, "Schema must be specified when session schema is not set")
      }
      return ObjectName(catalog: catalog, schema: schema, name: parts[0])
    default: throw PrestoError.at(name.location, .syntaxError, "Too many dots in table name: \(name)")
    }
  }

  /// Completes a schema's name, nil being the session's schema.
  func completeSchema(_ name: Syntax.QualifiedName?, at location: SourceLocation) throws -> (catalog: String, schema: String) {
    guard let name else {
      guard let catalog else {
        throw PrestoError.at(location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
      }
      guard let schema else {
        throw PrestoError.at(location, .missingSchemaName, "Schema must be specified when session schema is not set")
      }
      return (catalog, schema)
    }
    let parts = name.canonicalParts
    switch parts.count {
    case 2: return (parts[0], parts[1])
    case 1: return (try requiredCatalog(at: name), parts[0])
    default: throw PrestoError.at(name.location, .syntaxError, "Too many parts in schema name: \(name)")
    }
  }

  private func requiredCatalog(at name: Syntax.QualifiedName) throws -> String {
    if let catalog { return catalog }
    throw PrestoError.at(
      name.location, .missingCatalogName, "Catalog must be specified when session catalog is not set",
      hint: "Write catalog.schema.\(name.canonicalLast), or choose a schema with USE catalog.schema")
  }
}
