import SQL
import Values

/// Where views are kept. The engine has one store for all catalogs, since most sources cannot keep a view in our language.
package protocol ViewResolver: Sendable {
  func view(_ name: ObjectName) async throws -> ViewDefinition?
  func views(in catalog: String) async throws -> [ViewDefinition]
}

/// A stored query under a name.
package struct ViewDefinition: Sendable {
  package var name: ObjectName
  /// The query as SHOW CREATE VIEW prints it.
  package var text: String
  package var query: Syntax.Query
  /// Where names of one or two parts inside it are looked up: the session's when the view was made.
  package var catalog: String?
  package var schema: String?
  /// Names and types when the view was made; nil: whatever the query yields.
  package var columns: [DataType.Field]?
  package var comment: String?
  /// What is said about its columns, by their names in lower case.
  package var columnComments: [String: String] = [:]

  package init(
    name: ObjectName, text: String, query: Syntax.Query, catalog: String?, schema: String?, columns: [DataType.Field]? = nil,
    comment: String? = nil
  ) {
    self.name = name
    self.text = text
    self.query = query
    self.catalog = catalog
    self.schema = schema
    self.columns = columns
    self.comment = comment
  }
}

/// An engine without views.
package struct NoViews: ViewResolver {
  package init() {}
  package func view(_ name: ObjectName) async throws -> ViewDefinition? { nil }
  package func views(in catalog: String) async throws -> [ViewDefinition] { [] }
}
