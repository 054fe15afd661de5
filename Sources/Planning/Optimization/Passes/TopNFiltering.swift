import Expressions
import Plans
import Settings
import Values

/// Announces what a top-N has kept so far to the scan that its first key comes from: rows behind the last of them need not be read.
///
///     TopN 10 by a desc       TopN 10 by a desc, publishes df_1
///       Scan a, b        →      Scan a, b, narrowed by df_1 on a
enum TopNFiltering {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    guard context.session[.dynamicFiltering] else { return plan }
    return visit(plan, context)
  }

  private static func visit(_ plan: Plan, _ context: PlanningContext) -> Plan {
    guard case .topN(var node) = plan.node, node.partition.isEmpty, let first = node.order.first, hasBounds(first) else {
      return plan.mappingInputs { visit($0, context) }
    }
    let id = DynamicFilterID(id: context.symbols.freshID())
    if let narrowed = DynamicFiltering.narrow(node.input, first.symbol, id) {
      node.input = narrowed
      node.bound = id
    }
    return Plan(.topN(node)).mappingInputs { visit($0, context) }
  }

  /// Filters drop nulls, so these must come last. Files' bounds say nothing of NaN, which is the largest number.
  private static func hasBounds(_ ordering: Ordering) -> Bool {
    if ordering.nullsFirst { return false }
    switch ordering.symbol.type {
    case .tinyint, .smallint, .integer, .bigint, .decimal, .date, .time, .timestamp, .varchar: return true
    case .real, .double: return ordering.isAscending
    default: return false
    }
  }
}
