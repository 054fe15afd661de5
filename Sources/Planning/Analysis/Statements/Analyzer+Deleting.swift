import Expressions
import Federation
import Plans
import SQL
import Values

extension Analyzer {
  /// `DELETE FROM t WHERE …`: only where the source takes over the whole condition.
  func plan(_ delete: Syntax.Delete, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    let name = try defaults.complete(delete.table)
    try access.check(.delete(name))
    var requests = MetadataRequests(parameters: parameters)
    requests.add(.table(name))
    if let condition = delete.where { requests.collect(condition, defaults, []) }
    let analyzer = QueryAnalyzer(context: context, metadata: await reader.read(requests), parameters: parameters, access: access)
    guard case .table(let target) = try analyzer.metadata.relation(.table(name), at: delete.table.location) else {
      throw PrestoError.at(delete.table.location, .notSupported, "Deleting from views is not supported")
    }
    if !target.policy.isEmpty {
      throw PrestoError.at(delete.table.location, .notSupported, "Deleting from a table with row filters or column masks is not supported")
    }
    if context.catalogs[name.catalog]?.replacesRows == true {
      return try modify(Modification(analyzer, name, target, surroundings), .delete(delete.where))
    }
    let table = try delete.where.map { try narrowed(target, name, $0, analyzer) } ?? target.handle
    let rows = context.symbols.fresh("rows", .bigint)
    let plan = Plan(.delete(.init(catalog: name.catalog, table: table, rowCount: rows)))
    return AnalyzedQuery(
      RelationPlan(plan: plan, fields: [Field(name: "rows", value: .symbol(rows))]), warnings: analyzer.warnings, updateType: "DELETE")
  }

  /// The table handle that has absorbed the condition. Throws NOT_SUPPORTED where the source leaves a rest.
  private func narrowed(_ target: SourceTable, _ name: ObjectName, _ condition: Syntax.Expression, _ analyzer: QueryAnalyzer) throws
    -> TableHandle
  {
    let relation = analyzer.scan(target, [name.catalog, name.schema, name.name])
    let subqueries = SubqueryList()
    let inner = ExpressionAnalyzer(analyzer, surroundings, scope: Scope(relation.fields), clause: .where, subqueries: subqueries)
    let predicate = try inner.predicate(condition, "WHERE clause").folded(functions: context.functions, context: context.evaluation)
    if predicate == .true { return target.handle }
    let unsupported = PrestoError.at(
      condition.location, .notSupported, "This connector cannot delete by this condition",
      hint: "Conditions that the source cannot evaluate itself are not supported in DELETE")
    guard subqueries.pending.isEmpty, case .scan(let scan) = relation.plan.node, let catalog = context.catalogs[name.catalog] else {
      throw unsupported
    }
    var handles: [Symbol: ColumnHandle] = [:]
    for column in scan.columns { handles[column.symbol] = column.column }
    let offer = try predicate.rebased { symbol in
      guard let handle = handles[symbol] else { throw unsupported }
      return handle
    }
    guard let answer = try catalog.apply(deletion: offer, to: target.handle) else { throw unsupported }
    return answer
  }
}
