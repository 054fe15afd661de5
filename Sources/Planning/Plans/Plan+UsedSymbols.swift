import Expressions

extension Plan.Node {
  /// Symbols of its inputs that the node itself reads.
  package var usedSymbols: Set<Symbol> {
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
    case .topN(let node): return Set(node.order.map(\.symbol) + node.partition)
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
  package var symbols: [Symbol] {
    [start, end].compactMap { bound in
      switch bound {
      case .preceding(let symbol), .following(let symbol): symbol
      case .unboundedPreceding, .currentRow, .unboundedFollowing: nil
      }
    }
  }
}
