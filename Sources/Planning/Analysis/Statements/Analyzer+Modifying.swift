import Expressions
import Federation
import Plans
import SQL
import Values

/// UPDATE, DELETE, MERGE and TRUNCATE of tables whose rows are replaced as a whole: a query computes what the table holds afterwards, and marks
/// which rows stay and which have changed.
extension Analyzer {
  func plan(_ update: Syntax.Update, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    let name = try defaults.complete(update.table)
    try access.check(.update(name, columns: update.assignments.map(\.column.canonical)))
    var requests = MetadataRequests(parameters: parameters)
    requests.add(.table(name))
    for expression in update.assignments.map(\.value) + (update.where.map { [$0] } ?? []) { requests.collect(expression, defaults, []) }
    let modification = try await modification(name, update.table, requests, parameters)
    return try modify(modification, .update(update.assignments, update.where, update.place))
  }

  func plan(_ truncate: Syntax.Truncate) async throws -> AnalyzedQuery {
    let name = try defaults.complete(truncate.table)
    try access.check(.truncate(name))
    var requests = MetadataRequests(parameters: [])
    requests.add(.table(name))
    let modification = try await modification(name, truncate.table, requests, [])
    var answer = try modify(modification, .delete(nil))
    answer.updateType = "TRUNCATE TABLE"
    return answer
  }

  /// Throws NOT_SUPPORTED for views and for sources that cannot replace rows.
  func modification(
    _ name: ObjectName, _ written: Syntax.QualifiedName, _ requests: MetadataRequests, _ parameters: [Syntax.Expression],
    alias: String? = nil
  ) async throws -> Modification {
    let analyzer = QueryAnalyzer(context: context, metadata: await reader.read(requests), parameters: parameters, access: access)
    guard case .table(let target) = try analyzer.metadata.relation(.table(name), at: written.location) else {
      throw PrestoError.at(written.location, .notSupported, "Modifying views is not supported")
    }
    if !target.policy.isEmpty {
      throw PrestoError.at(written.location, .notSupported, "Modifying a table with row filters or column masks is not supported")
    }
    guard context.catalogs[name.catalog]?.replacesRows == true else {
      throw PrestoError.at(written.location, .notSupported, "This connector does not support modifying table rows")
    }
    return Modification(analyzer, name, target, surroundings, alias: alias)
  }

  enum RowChange {
    case delete(Syntax.Expression?)
    case update([Syntax.Assignment], Syntax.Expression?, Syntax.Place)
  }

  func modify(_ target: Modification, _ change: RowChange) throws -> AnalyzedQuery {
    let subqueries = SubqueryList()
    let inner = ExpressionAnalyzer(
      target.analyzer, surroundings, scope: Scope(target.relation.fields), clause: .where, subqueries: subqueries)
    func condition(_ expression: Syntax.Expression?) throws -> Expression {
      try expression.map { .coalesce([try inner.predicate($0, "WHERE clause"), .false]) } ?? .true
    }
    var values = target.values
    let isKept: Expression, isChanged: Expression, updateType: String
    switch change {
    case .delete(let expression):
      isChanged = try condition(expression)
      isKept = .not(isChanged)
      updateType = "DELETE"
    case .update(let assignments, let expression, let place):
      isChanged = try condition(expression)
      isKept = .true
      updateType = "UPDATE"
      for (index, value) in try target.assigned(assignments, inner, at: place) {
        values[index] = .if(isChanged, then: value, else: values[index])
      }
    }
    return try target.replaced(
      subqueries.attach(to: target.relation.plan, target.analyzer), values, isKept: isKept, isChanged: isChanged, updateType)
  }
}

/// The table that a statement modifies.
struct Modification {
  let analyzer: QueryAnalyzer
  let name: ObjectName
  let target: SourceTable
  let relation: RelationPlan

  init(_ analyzer: QueryAnalyzer, _ name: ObjectName, _ target: SourceTable, _ surroundings: Surroundings, alias: String? = nil) {
    self.analyzer = analyzer
    self.name = name
    self.target = target
    relation = analyzer.scan(target, alias.map { [$0] } ?? [name.catalog, name.schema, name.name])
  }

  /// The columns as they are.
  var values: [Expression] { relation.visible.map(\.value) }

  /// `SET a = 1, b = 2` as values of the columns at these places.
  func assigned(_ assignments: [Syntax.Assignment], _ inner: ExpressionAnalyzer, at place: Syntax.Place) throws -> [(Int, Expression)] {
    var found: [(Int, Expression)] = []
    for assignment in assignments {
      let index = try index(of: assignment.column, "UPDATE SET")
      if found.contains(where: { $0.0 == index }) {
        throw PrestoError.at(assignment.location, .syntaxError, "Multiple assignments for column: \(assignment.column)")
      }
      found.append((index, try value(assignment.value, at: index, inner, "UPDATE")))
    }
    return found
  }

  func index(of column: Syntax.Identifier, _ what: String) throws -> Int {
    let names = relation.visible.compactMap(\.name)
    guard let index = relation.visible.firstIndex(where: { $0.canonical == column.canonical }) else {
      throw PrestoError.at(
        column.location, .columnNotFound, "The \(what) target column \(column) doesn't exist",
        hint: NearestName.find(column.text, among: names).map { "Did you mean '\($0)'?" })
    }
    return index
  }

  /// A value for a column. Throws TYPE_MISMATCH.
  func value(_ expression: Syntax.Expression, at index: Int, _ inner: ExpressionAnalyzer, _ statement: String) throws -> Expression {
    let value = try inner.analyze(expression)
    let type = relation.visible[index].type
    guard let assigned = try inner.assigned(value, to: type, readsTexts: false) else {
      throw PrestoError.at(
        expression.location, .typeMismatch,
        "\(statement) table column types don't match expressions: Table: [\(type)], Expressions: [\(value.type)]")
    }
    return assigned
  }

  /// The table with these values in its columns, row by row.
  func replaced(_ plan: Plan, _ values: [Expression], isKept: Expression, isChanged: Expression, _ updateType: String) throws
    -> AnalyzedQuery
  {
    let symbols = analyzer.symbols
    var builder = analyzer.columns(over: plan)
    let columns = zip(relation.visible, values).map { field, value in
      (name: field.name ?? "", symbol: builder.symbol(for: value, named: field.name ?? "column"))
    }
    let marks = Plan.Write.Marks(
      isKept: builder.symbol(for: isKept, named: "kept"), isChanged: builder.symbol(for: isChanged, named: "changed"))
    let rows = symbols.fresh("rows", .bigint)
    let tables = analyzer.sharedQueries
    let input = tables.isEmpty ? builder.replaced : Plan(.sharedQueries(.init(tables: tables, body: builder.replaced)))
    try analyzer.checkColumns(RelationPlan(plan: input, fields: []))
    let write = Plan(
      .write(
        .init(
          input: input, catalog: name.catalog, target: .replace(target.handle), columns: columns, rowCount: rows, marks: marks)))
    return AnalyzedQuery(
      RelationPlan(plan: write, fields: [Field(name: "rows", value: .symbol(rows))]), warnings: analyzer.warnings, updateType: updateType)
  }
}
