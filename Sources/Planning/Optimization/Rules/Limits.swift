import Expressions
import Plans
import Values

extension Rule {
  /// No rows of anything is an empty table; no source is asked.
  static let removeEmptyLimit = Rule("remove_empty_limit") { plan, _ in
    guard case .limit(let limit) = plan.node, limit.count == 0 else { return nil }
    return Plan(.values(.init(outputs: plan.outputs, rows: [])))
  }

  /// Two limits are as strict as the stricter one.
  static let mergeLimits = Rule("merge_limits") { plan, _ in
    guard case .limit(let outer) = plan.node, case .limit(let inner) = outer.input.node, outer.offset == 0, inner.offset == 0,
      let a = outer.count, let b = inner.count
    else { return nil }
    return Plan(.limit(.init(input: inner.input, count: min(a, b))))
  }

  ///     Limit 10 offset 5               Limit all offset 5
  ///       Sort                →           TopN 15
  static let limitAsTopN = Rule("limit_as_top_n") { plan, _ in
    guard case .limit(let limit) = plan.node, let count = limit.count, case .sort(let sort) = limit.input.node else { return nil }
    let (total, overflow) = count.addingReportingOverflow(limit.offset)
    if overflow || total > 10_000_000 { return nil }
    let top = Plan(.topN(.init(input: sort.input, count: total, order: sort.order)))
    return limit.offset == 0 ? top : Plan(.limit(.init(input: top, count: nil, offset: limit.offset)))
  }

  ///     Filter place <= 3                                   Filter place <= 3
  ///       Window place := row_number() by p, order by o  →    Window place := row_number() by p, order by o
  ///                                                             TopN 3 by o for each p
  static let topNOfPartitions = Rule("top_n_of_partitions") { plan, _ in
    guard case .filter(var filter) = plan.node, case .window(var window) = filter.input.node, !window.partition.isEmpty,
      !window.order.isEmpty
    else { return nil }
    if case .topN = window.input.node { return nil }
    // what else the window computes must not see the rows that go
    let own: Set = ["row_number", "rank", "dense_rank"]
    guard window.calls.allSatisfy({ own.contains($0.function.name) && $0.filter == nil }) else { return nil }
    let domains = filter.predicate.domains
    var least: Int?
    for call in window.calls where call.function.name == "row_number" {
      guard let span = domains[call.symbol]?.span, case .integer(let bound)? = span.high, bound > 0 else { continue }
      let last = Int(bound) - (span.isHighIncluded ? 0 : 1)
      least = min(least ?? last, last)
    }
    guard let count = least, count > 0, count <= 10_000 else { return nil }
    window.input = Plan(.topN(.init(input: window.input, count: count, order: window.order, partition: window.partition)))
    filter.input = Plan(.window(window))
    return Plan(.filter(filter))
  }

  /// A limit moves below a projection, towards the source.
  static let pushLimit = Rule("push_limit") { plan, _ in
    guard case .limit(let limit) = plan.node, case .project(var project) = limit.input.node else { return nil }
    if case .limit = project.input.node { return nil }
    project.input = Plan(.limit(.init(input: project.input, count: limit.count, offset: limit.offset)))
    return Plan(.project(project))
  }
}
