import Expressions
import Plans
import Values

extension Rule {
  /// A filter that keeps everything goes; one that keeps nothing is an empty table.
  static let removeTrivialFilter = Rule("remove_trivial_filter") { plan, _ in
    guard case .filter(let node) = plan.node, case .constant(let value, _) = node.predicate else { return nil }
    if value == .boolean(true) { return node.input }
    return Plan(.values(.init(outputs: plan.outputs, rows: [])))
  }

  ///     Filter a
  ///       Filter b      →      Filter b AND a
  static let mergeFilters = Rule("merge_filters") { plan, _ in
    guard case .filter(let outer) = plan.node, case .filter(let inner) = outer.input.node else { return nil }
    return Plan(.filter(.init(input: inner.input, predicate: .all(inner.predicate.conjuncts + outer.predicate.conjuncts))))
  }
}
