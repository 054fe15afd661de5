import Expressions
import Plans
import Values

extension Rule {
  /// Distinct aggregates over one set of arguments group twice: no set of distinct values per group is kept.
  ///
  ///     Aggregate k: count(distinct x)            Aggregate k: count(x)
  ///       input                            →        Aggregate k, x
  ///                                                   input
  static let distinctAggregateAsGroups = Rule("distinct_aggregate_as_groups") { plan, _ in
    guard case .aggregate(let node) = plan.node, node.step == .single, let first = node.calls.first, first.isDistinct else { return nil }
    let arguments = first.arguments
    let alike = node.calls.allSatisfy { call in
      call.isDistinct && call.filter == nil && call.order.isEmpty && call.arguments == arguments
    }
    let symbols = arguments.compactMap(\.asSymbol)
    guard alike, symbols.count == arguments.count, !symbols.isEmpty, symbols.allSatisfy(\.type.isComparable) else { return nil }
    let inner = Plan(.aggregate(.init(input: node.input, keys: node.keys + symbols.filter { !node.keys.contains($0) }, calls: [])))
    var outer = node
    outer.input = inner
    for index in outer.calls.indices { outer.calls[index].isDistinct = false }
    return Plan(.aggregate(outer))
  }
}
