import Expressions
import Plans
import Values

/// Turns window calls into nodes: their expressions become columns, then one node for each combination of partition and order.
struct WindowPlanner {
  let queries: QueryAnalyzer
  let names: GroupedNames

  init(_ queries: QueryAnalyzer, _ names: GroupedNames) {
    self.queries = queries
    self.names = names
  }

  func plan(_ windows: [(symbol: Symbol, call: WindowCall)], over source: Plan, at location: SourceLocation) throws -> Plan {
    var builder = queries.columns(over: source)
    func column(_ expression: Expression, _ name: String) throws -> Symbol {
      builder.symbol(for: try names.rewrite(expression, name, at: location), named: name)
    }
    func bound(_ bound: WindowCall.Frame.Bound) throws -> Plan.Window.Frame.Bound {
      switch bound {
      case .unboundedPreceding: .unboundedPreceding
      case .preceding(let value): .preceding(try column(value, "frame"))
      case .currentRow: .currentRow
      case .following(let value): .following(try column(value, "frame"))
      case .unboundedFollowing: .unboundedFollowing
      }
    }
    var groups: [(partition: [Symbol], order: [Ordering], calls: [Plan.Window.Call])] = []
    for (symbol, call) in windows {
      let partition = try call.partition.map { try column($0, "partition") }
      let order = try call.order.map {
        Ordering(try column($0.value, "order"), isAscending: $0.isAscending, nullsFirst: $0.nullsFirst)
      }
      let planned = Plan.Window.Call(
        symbol: symbol, function: call.function,
        arguments: try call.arguments.map { $0.isInline ? $0 : .symbol(try column($0, "argument")) },
        frame: .init(call.frame.unit, try bound(call.frame.start), try bound(call.frame.end), exclusion: call.frame.exclusion),
        ignoresNulls: call.ignoresNulls, isDistinct: call.isDistinct, filter: try call.filter.map { try column($0, "filter") })
      if let index = groups.firstIndex(where: { $0.partition == partition && $0.order == order }) {
        groups[index].calls.append(planned)
      } else {
        groups.append((partition, order, [planned]))
      }
    }
    return groups.reduce(builder.extended) { input, group in
      Plan(.window(.init(input: input, partition: group.partition, order: group.order, calls: group.calls)))
    }
  }
}
