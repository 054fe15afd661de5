// Analysis: from what was written to what it means.
//
// In comes a syntax tree, with the session, the catalogs and the functions; out goes a typed plan, the names and types of its columns, and
// warnings. Errors carry the place of the token and Presto's wording.
//
// Three steps. First every relation the statement names is asked for, all at once (`MetadataRequests`, `MetadataReader`): the only part that
// suspends. Then the queries are planned (`QueryAnalyzer` for relations, joins and set operations, `SelectAnalyzer` for SELECT,
// `ExpressionAnalyzer` for expressions), names being looked up in nested `Scope`s. Sub-queries become `Apply` nodes, correlated or not;
// turning those into joins is Optimization's work. SHOW and DESCRIBE become plans over rows read from the catalogs (`Metadata…`).
import Federation
import Plans
import SQL
import Settings
import Values

/// The plan's symbols; the lexer has symbols, too.
typealias Symbol = Plans.Symbol

/// Turns statements into plans. A value without state: one serves any number of statements.
package struct Analyzer: Sendable {
  package let context: PlanningContext
  package let views: any ViewResolver
  /// What SHOW SESSION lists.
  package let sessionProperties: [AnySessionProperty]
  /// What the session's user may do.
  let access: Access

  package init(
    context: PlanningContext, views: any ViewResolver = NoViews(), sessionProperties: [AnySessionProperty] = [],
    access: any AccessControl = AllowAll()
  ) {
    self.context = context
    self.views = views
    self.sessionProperties = sessionProperties
    self.access = Access(control: access, identity: Identity(context.session))
  }

  /// Plans a query.
  /// - Parameter parameters: what each `?` stands for, in order.
  package func plan(_ query: Syntax.Query, parameters: [Syntax.Expression] = []) async throws -> AnalyzedQuery {
    var requests = MetadataRequests(parameters: parameters)
    requests.collect(query, defaults)
    let analyzer = QueryAnalyzer(context: context, metadata: await reader.read(requests), parameters: parameters, access: access)
    let relation = try analyzer.statement(query, in: surroundings)
    return AnalyzedQuery(relation, warnings: analyzer.warnings, tables: analyzer.metadata.tables)
  }

  /// Plans a statement that yields rows or writes them: queries, SHOW, INSERT, DELETE, CREATE TABLE AS. Throws NOT_SUPPORTED for others, which are the
  /// engine's own.
  package func plan(_ statement: Syntax.Statement, parameters: [Syntax.Expression] = []) async throws -> AnalyzedQuery {
    switch statement {
    case .query(let query): return try await plan(query, parameters: parameters)
    case .show(let show): return try await plan(show, parameters: parameters)
    case .insert(let insert): return try await plan(insert, parameters: parameters)
    case .delete(let delete): return try await plan(delete, parameters: parameters)
    case .update(let update): return try await plan(update, parameters: parameters)
    case .merge(let merge): return try await plan(merge, parameters: parameters)
    case .truncate(let truncate): return try await plan(truncate)
    case .createTableAs(let create): return try await plan(create, parameters: parameters)
    default: throw PrestoError.at(statement.location, .notSupported, "This statement has no plan")
    }
  }

  var defaults: NameDefaults { NameDefaults(context.session) }
  var surroundings: Surroundings { Surroundings(scope: nil, named: nil, defaults: defaults) }
  var reader: MetadataReader { MetadataReader(catalogs: context.catalogs, views: views, access: access) }
}

/// A planned statement.
package struct AnalyzedQuery: Sendable {
  /// Rooted at an `Output` with these columns.
  package var plan: Plan
  package var columns: [Column]
  package var warnings: [AnalysisWarning]
  /// `INSERT`, `DELETE`, `CREATE TABLE`: what clients see beside the number of rows; nil for queries.
  package var updateType: String?

  /// Tables of sources that the statement names, or that views among them do.
  package var tables: [Table]

  package struct Table: Sendable {
    package var name: ObjectName
    package var handle: TableHandle
    package var columns: [ColumnDescription<ColumnHandle>]
  }

  package struct Column: Sendable, Hashable {
    package var name: String
    package var type: DataType
  }

  /// Columns without a name are called `_col0`, `_col1` … by their position.
  init(_ relation: RelationPlan, warnings: [AnalysisWarning], updateType: String? = nil, tables: [Table] = []) {
    var columns: [(name: String, symbol: Symbol)] = []
    for (index, field) in relation.visible.enumerated() {
      if let symbol = field.value.asSymbol { columns.append((field.name ?? "_col\(index)", symbol)) }
    }
    plan = Plan(.output(.init(input: relation.plan, columns: columns)))
    self.columns = columns.map { Column(name: $0.name, type: $0.symbol.type) }
    self.warnings = warnings
    self.updateType = updateType
    self.tables = tables
  }
}

/// Something worth saying that is no error.
package struct AnalysisWarning: Sendable, Hashable {
  package enum Code: String, Sendable {
    /// Presto's REDUNDANT_ORDER_BY.
    case redundantOrderBy = "REDUNDANT_ORDER_BY"
    case metadata = "SEMANTIC_WARNING"
  }
  package var code: Code
  package var message: String
}
