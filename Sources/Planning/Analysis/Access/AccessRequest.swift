import Values

/// Something that may be refused.
package enum AccessRequest: Sendable, Hashable {
  // tables and views
  case select(ObjectName)
  /// A `SELECT` of columns that are refused; what is allowed is never asked.
  case selectColumns(ObjectName, [String])
  case insert(ObjectName), delete(ObjectName), truncate(ObjectName)
  case update(ObjectName, columns: [String])
  case createTable(ObjectName), dropTable(ObjectName), renameTable(ObjectName, to: ObjectName), alterTable(ObjectName)
  case createView(ObjectName), dropView(ObjectName)
  case showColumns(ObjectName), showCreate(ObjectName)
  // schemas and catalogs
  case createSchema(catalog: String, schema: String), dropSchema(catalog: String, schema: String)
  case seeCatalog(String), seeSchema(catalog: String, schema: String), seeTable(ObjectName)
  // sessions and queries
  case setSessionProperty(String), setCatalogSessionProperty(catalog: String, name: String)
  case executeQuery, viewQuery(owner: String), killQuery(owner: String)
  case impersonate(String)
  case setUser(principal: String, user: String)
  case executeFunction(String)
  case executeProcedure(catalog: String, schema: String, name: String)
  case readSystemInformation, writeSystemInformation
  /// A text handed to a source as it is: no rule about its tables can be checked.
  case passThrough(catalog: String)
  /// A file or folder that is named by its path.
  case readFile(String)

  /// PERMISSION_DENIED in Presto's words.
  package func denial(for identity: Identity) -> PrestoError {
    PrestoError(.permissionDenied, "Access Denied: " + sentence(identity))
  }

  /// Files that are named by their path are tables `files.path."/data/orders.parquet"` to the rules.
  package static func name(ofFile path: String) -> ObjectName { ObjectName(catalog: "files", schema: "path", name: path) }

  private func sentence(_ identity: Identity) -> String {
    switch self {
    case .select(let table): "Cannot select from table \(table)"
    case .selectColumns(let table, let columns): "Cannot select from columns [\(columns.joined(separator: ", "))] in table or view \(table)"
    case .insert(let table): "Cannot insert into table \(table)"
    case .delete(let table): "Cannot delete from table \(table)"
    case .truncate(let table): "Cannot truncate table \(table)"
    case .update(let table, let columns): "Cannot update columns [\(columns.joined(separator: ", "))] in table \(table)"
    case .createTable(let table): "Cannot create table \(table)"
    case .dropTable(let table): "Cannot drop table \(table)"
    case .renameTable(let table, let other): "Cannot rename table from \(table) to \(other)"
    case .alterTable(let table): "Cannot alter table \(table)"
    case .createView(let view): "Cannot create view \(view)"
    case .dropView(let view): "Cannot drop view \(view)"
    case .showColumns(let table), .seeTable(let table): "Cannot show columns of table \(table)"
    case .showCreate(let table): "Cannot show create table for \(table)"
    case .createSchema(let catalog, let schema): "Cannot create schema \(catalog).\(schema)"
    case .dropSchema(let catalog, let schema): "Cannot drop schema \(catalog).\(schema)"
    case .seeCatalog(let catalog): "Cannot access catalog \(catalog)"
    case .seeSchema(let catalog, let schema): "Cannot show tables of schema \(catalog).\(schema)"
    case .setSessionProperty(let name): "Cannot set system session property \(name)"
    case .setCatalogSessionProperty(let catalog, let name): "Cannot set catalog session property \(catalog).\(name)"
    case .executeQuery: "Cannot execute query"
    case .viewQuery: "Cannot view query"
    case .killQuery: "Cannot kill query"
    case .impersonate(let user): "User \(identity.user) cannot impersonate user \(user)"
    case .setUser(let principal, let user): "Principal \(principal) cannot become user \(user)"
    case .executeFunction(let name): "Cannot execute function \(name)"
    case .executeProcedure(let catalog, let schema, let name): "Cannot execute procedure \(catalog).\(schema).\(name)"
    case .readSystemInformation: "Cannot read system information"
    case .writeSystemInformation: "Cannot write system information"
    case .passThrough(let catalog): "Cannot execute function \(catalog).system.query"
    case .readFile(let path): "Cannot select from file '\(path)'"
    }
  }
}
