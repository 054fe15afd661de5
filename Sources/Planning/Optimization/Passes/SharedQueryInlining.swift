import Plans

/// A shared query read once is better part of its reader, where conditions and keys reach it; one that nobody reads is left out.
///
///     SharedQueries(t: Aggregate, body: Filter(SharedQueryScan t))   →   Filter(Aggregate)
enum SharedQueryInlining {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    guard case .sharedQueries(var node) = plan.node else { return try plan.mappingInputs { try run($0, context) } }
    // from the last to the first: a reader that is gone reads nothing
    for index in node.tables.indices.reversed() {
      let table = node.tables[index]
      let later = node.tables[(index + 1)...].map(\.plan) + [node.body]
      let readers = later.reduce(0) { $0 + $1.sharedQueryScans().count { $0.table == table.id } }
      if readers > 1 { continue }
      if readers == 1 {
        for other in node.tables.indices where other > index { node.tables[other].plan = inlined(table, into: node.tables[other].plan) }
        node.body = inlined(table, into: node.body)
      }
      node.tables.remove(at: index)
    }
    return node.tables.isEmpty ? node.body : Plan(.sharedQueries(node))
  }

  private static func inlined(_ table: Plan.SharedQueries.Table, into plan: Plan) -> Plan {
    if case .sharedQueryScan(let scan) = plan.node, scan.table == table.id {
      return Plan(.project(.init(input: table.plan, assignments: scan.columns.map { ($0.symbol, .symbol($0.column)) })))
    }
    return plan.mappingInputs { inlined(table, into: $0) }
  }
}
