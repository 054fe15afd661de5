import Expressions
import Federation
import Plans
import Values

/// Every node yields only what somebody above reads.
enum ColumnPruning {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan { prune(plan, Set(plan.outputs)) }

  static func prune(_ plan: Plan, _ needed: Set<Symbol>) -> Plan {
    let below = needed.union(plan.node.usedSymbols)
    switch plan.node {
    case .scan(var node):
      node.columns.removeAll { !needed.contains($0.symbol) }
      return Plan(.scan(node))
    case .values(var node):
      let kept = node.outputs.indices.filter { needed.contains(node.outputs[$0]) }
      if kept.count == node.outputs.count { return plan }
      node.outputs = kept.map { node.outputs[$0] }
      node.rows = node.rows.map { row in kept.map { row[$0] } }
      return Plan(.values(node))
    case .project(var node):
      node.assignments.removeAll { !needed.contains($0.symbol) }
      node.input = prune(node.input, node.assignments.reduce(into: []) { $0.formUnion($1.value.references) })
      if node.isIdentity && node.input.outputs == node.assignments.map(\.symbol) { return node.input }
      return Plan(.project(node))
    case .aggregate(var node):
      node.calls.removeAll { !needed.contains($0.symbol) }
      node.input = prune(node.input, Plan.Node.aggregate(node).usedSymbols)
      return Plan(.aggregate(node))
    case .groupingSets(var node):
      node.passed.removeAll { !needed.contains($0) }
      node.input = prune(node.input, Plan.Node.groupingSets(node).usedSymbols)
      return Plan(.groupingSets(node))
    case .join(var node):
      let left = Set(node.left.outputs), right = Set(node.right.outputs)
      node.left = prune(node.left, below.intersection(left))
      node.right = prune(node.right, below.intersection(right))
      node.columns = (node.left.outputs + node.right.outputs).filter { needed.contains($0) }
      return Plan(.join(node))
    case .semiJoin(var node):
      let left = Set(node.left.outputs), right = Set(node.right.outputs)
      node.left = prune(node.left, below.intersection(left))
      node.right = prune(node.right, node.rightSymbols.intersection(right))
      return Plan(.semiJoin(node))
    case .apply(var node):
      node.left = prune(node.left, below.union(node.correlation).union(node.kindSymbols))
      return Plan(.apply(node))
    case .union(var node):
      let kept = node.outputs.indices.filter { needed.contains(node.outputs[$0]) }
      node.outputs = kept.map { node.outputs[$0] }
      node.columns = node.columns.map { columns in kept.map { columns[$0] } }
      node.inputs = zip(node.inputs, node.columns).map { prune($0, Set($1)) }
      return Plan(.union(node))
    case .window(var node):
      node.calls.removeAll { !needed.contains($0.symbol) }
      if node.calls.isEmpty { return prune(node.input, needed) }
      var below = needed.union(Plan.Node.window(node).usedSymbols)
      for call in node.calls { below.remove(call.symbol) }
      node.input = prune(node.input, below)
      return Plan(.window(node))
    case .unnest(var node):
      node.kept.removeAll { !needed.contains($0) }
      node.input = prune(node.input, Set(node.kept + node.items.map(\.value)))
      return Plan(.unnest(node))
    case .markDistinct(let node):
      return needed.contains(node.marker) ? pruned(plan, below.subtracting([node.marker])) : prune(node.input, needed)
    case .uniqueID(let node):
      return needed.contains(node.symbol) ? pruned(plan, below.subtracting([node.symbol])) : prune(node.input, needed)
    case .filter, .sort, .topN, .limit, .singleRow, .sample, .write, .output: return pruned(plan, below)
    case .sharedQueries(var node):
      node.body = prune(node.body, needed)
      // later tables read earlier ones: what is left of all readers decides
      var scans = node.body.sharedQueryScans()
      for index in node.tables.indices.reversed() {
        let id = node.tables[index].id
        let read = Set(scans.filter { $0.table == id }.flatMap { $0.columns.map(\.column) })
        if !scans.contains(where: { $0.table == id }) {
          node.tables.remove(at: index)
          continue
        }
        node.tables[index].columns.removeAll { !read.contains($0) }
        node.tables[index].plan = prune(node.tables[index].plan, read)
        scans += node.tables[index].plan.sharedQueryScans()
      }
      return node.tables.isEmpty ? node.body : Plan(.sharedQueries(node))
    case .sharedQueryScan(var node):
      node.columns.removeAll { !needed.contains($0.symbol) }
      return Plan(.sharedQueryScan(node))
    case .exchange, .delete: return plan
    }
  }

  private static func pruned(_ plan: Plan, _ below: Set<Symbol>) -> Plan {
    plan.mappingInputs { prune($0, below.intersection($0.outputs)) }
  }
}

extension Plan.SemiJoin {
  /// What is read of the right side.
  var rightSymbols: Set<Symbol> { Set(equalities.map(\.right)).union(residual?.references ?? []) }
}

extension Plan.Apply {
  /// Symbols of the left that the kind itself reads.
  var kindSymbols: Set<Symbol> {
    switch kind {
    case .scalar, .exists: []
    case .among(_, let value, _): [value]
    case .quantified(_, let value, _, _, _): [value]
    case .lateral(_, let on): on?.references ?? []
    }
  }
}
