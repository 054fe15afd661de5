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
}
