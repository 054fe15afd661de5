import Expressions
import Plans
import Settings

extension SessionProperty where Value == Bool {
  package static let sharesQueries = SessionProperty(
    "share_queries", true, "Compute a WITH query once when it is read several times and aggregates, cuts or is not repeatable")
}

extension Analyzer {
  /// What SHOW SESSION lists of this room.
  package static let properties: [AnySessionProperty] = [AnySessionProperty(.sharesQueries), AnySessionProperty(.maxRecursionDepth)]
}

extension Plan {
  /// Whether a WITH query read several times should be computed once: because its work is more than to stream rows through (an aggregation, a sort, a
  /// window), or because a second computation may give other rows (random values, LIMIT, samples, sums of floating numbers in another order).
  /// Joins and filters alone are better repeated, since each reader's conditions then reach the sources.
  func isBetterComputedOnce(_ context: PlanningContext) -> Bool {
    let isHere =
      switch node {
      case .aggregate, .groupingSets, .markDistinct, .window, .topN, .limit, .sample, .uniqueID: true
      case .filter(let node): !context.isDeterministic(node.predicate)
      case .project(let node): node.assignments.contains { !context.isDeterministic($0.value) }
      case .scan, .values, .join, .semiJoin, .apply, .sort, .unnest, .union, .singleRow, .sharedQueries, .sharedQueryScan, .exchange,
        .write,
        .delete, .output:
        false
      }
    return isHere || inputs.contains { $0.isBetterComputedOnce(context) }
  }
}
