import Expressions
import Plans
import Values

/// Checks that every symbol a node uses is produced below it. Debug builds run it after every phase.
enum PlanValidation {
  static func check(_ plan: Plan, after phase: String) throws { try visit(plan, outer: [], phase) }

  private static func visit(_ plan: Plan, outer: Set<Symbol>, _ phase: String) throws {
    var available = outer
    for input in plan.inputs { available.formUnion(input.outputs) }
    let used = plan.node.usedSymbols
    if let missing = used.first(where: { !available.contains($0) }) {
      throw PrestoError(
        .genericInternalError, "After \(phase): \(plan.node.label) uses \(missing.name)#\(missing.id), which nothing below it produces")
    }
    if case .apply(let node) = plan.node {
      try visit(node.left, outer: outer, phase)
      try visit(node.right, outer: outer.union(node.left.outputs), phase)
    } else {
      for input in plan.inputs { try visit(input, outer: outer, phase) }
    }
  }
}

extension Plan.Node {
  /// Short name, for messages and EXPLAIN.
  var label: String {
    switch self {
    case .scan: "TableScan"
    case .values: "Values"
    case .filter: "Filter"
    case .project: "Project"
    case .aggregate: "Aggregate"
    case .groupingSets: "GroupId"
    case .markDistinct: "MarkDistinct"
    case .join: "Join"
    case .semiJoin: "SemiJoin"
    case .apply: "Apply"
    case .sort: "Sort"
    case .topN: "TopN"
    case .limit: "Limit"
    case .window: "Window"
    case .unnest: "Unnest"
    case .union: "Union"
    case .uniqueID: "AssignUniqueId"
    case .singleRow: "EnforceSingleRow"
    case .sample: "Sample"
    case .sharedQueries: "SharedQueries"
    case .sharedQueryScan: "SharedQueryScan"
    case .exchange: "Exchange"
    case .write: "TableWriter"
    case .delete: "Delete"
    case .output: "Output"
    }
  }

  /// Symbols of its inputs that the node itself reads.
  var usedSymbols: Set<Symbol> {
    func of(_ expressions: [Expression]) -> Set<Symbol> { expressions.reduce(into: []) { $0.formUnion($1.references) } }
    switch self {
    case .scan, .values, .delete, .limit, .uniqueID, .singleRow, .sample, .sharedQueryScan: return []
    case .sharedQueries(let node): return Set(node.tables.flatMap(\.columns))
    case .filter(let node): return node.predicate.references
    case .project(let node): return of(node.assignments.map(\.value))
    case .aggregate(let node):
      var used = Set(node.keys)
      for call in node.calls {
        used.formUnion(of(call.arguments))
        if let filter = call.filter { used.insert(filter) }
        used.formUnion(call.order.map(\.symbol))
      }
      return used
    case .groupingSets(let node): return Set(node.keys.map(\.input) + node.passed)
    case .markDistinct(let node): return Set(node.keys)
    case .join(let node): return Set(node.equalities.flatMap { [$0.left, $0.right] }).union(node.residual?.references ?? [])
    case .semiJoin(let node): return Set(node.equalities.flatMap { [$0.left, $0.right] }).union(node.residual?.references ?? [])
    case .apply(let node): return Set(node.correlation)
    case .sort(let node): return Set(node.order.map(\.symbol))
    case .topN(let node): return Set(node.order.map(\.symbol))
    case .window(let node):
      var used = Set(node.partition + node.order.map(\.symbol))
      for call in node.calls {
        used.formUnion(of(call.arguments))
        if let filter = call.filter { used.insert(filter) }
        used.formUnion(call.frame.symbols)
      }
      return used
    case .unnest(let node): return Set(node.kept + node.items.map(\.value))
    case .union(let node): return Set(node.columns.flatMap { $0 })
    case .exchange: return []
    case .write(let node): return Set(node.columns.map(\.symbol) + (node.marks.map { [$0.isKept, $0.isChanged] } ?? []))
    case .output(let node): return Set(node.columns.map(\.symbol))
    }
  }
}

extension Plan.Window.Frame {
  var symbols: [Symbol] {
    [start, end].compactMap { bound in
      switch bound {
      case .preceding(let symbol), .following(let symbol): symbol
      case .unboundedPreceding, .currentRow, .unboundedFollowing: nil
      }
    }
  }
}
