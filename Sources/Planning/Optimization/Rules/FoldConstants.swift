import Expressions
import Plans
import Values

extension Rule {
  /// Constant sub-expressions are evaluated once, by the evaluator itself: there is one semantics.
  ///
  ///     Filter x > 1 + 1      →      Filter x > 2
  static let foldConstants = Rule("fold_constants") { plan, context in
    func folded(_ expression: Expression) -> Expression {
      Simplification.simplified(expression.folded(functions: context.functions, context: context.evaluation))
    }
    switch plan.node {
    case .filter(var node):
      let predicate = folded(node.predicate)
      if predicate == node.predicate { return nil }
      node.predicate = predicate
      return Plan(.filter(node))
    case .project(var node):
      let values = node.assignments.map { folded($0.value) }
      if zip(values, node.assignments).allSatisfy({ $0 == $1.value }) { return nil }
      node.assignments = zip(node.assignments, values).map { ($0.symbol, $1) }
      return Plan(.project(node))
    case .join(var node):
      guard let residual = node.residual else { return nil }
      let new = folded(residual)
      if new == residual { return nil }
      node.residual = new == .true ? nil : new
      return Plan(.join(node))
    case .aggregate(var node):
      let arguments = node.calls.map { $0.arguments.map(folded) }
      if zip(arguments, node.calls).allSatisfy({ $0 == $1.arguments }) { return nil }
      for index in node.calls.indices { node.calls[index].arguments = arguments[index] }
      return Plan(.aggregate(node))
    case .scan, .values, .groupingSets, .markDistinct, .semiJoin, .apply, .sort, .topN, .limit, .window, .unnest, .union, .uniqueID,
      .singleRow, .sample, .sharedQueries, .sharedQueryScan, .exchange, .write, .delete, .output:
      return nil
    }
  }
}

/// Boolean forms in their shortest shape, and what every branch of an OR demands pulled out.
enum Simplification {
  static func simplified(_ expression: Expression) -> Expression {
    expression.rewritten { node in
      switch node {
      case .and(let all):
        var kept: [Expression] = []
        for part in all.flatMap({ $0.conjuncts }) {
          if case .constant(.boolean(false), _) = part { return .false }
          if !kept.contains(part) { kept.append(part) }
        }
        return .all(kept)
      case .or(let branches):
        var kept: [Expression] = []
        for part in branches {
          if case .constant(.boolean(true), _) = part { return .true }
          if case .constant(.boolean(false), _) = part { continue }
          if case .or(let inner) = part {
            kept += inner.filter { !kept.contains($0) }
          } else if !kept.contains(part) {
            kept.append(part)
          }
        }
        if kept.isEmpty { return .false }
        return kept.count == 1 ? kept[0] : commonFactor(kept)
      case .not(.constant(.boolean(let value), let type)):
        return .constant(.boolean(!value), type)
      case .not(.not(let inner)): return inner
      case .if(.constant(.boolean(true), _), let then, _): return then
      case .if(.constant(let value, _), let then, let otherwise) where value == .boolean(false) || value == .null:
        return otherwise ?? .null(then.type)
      default: return node
      }
    }
  }

  /// `(a AND b) OR (a AND c)` → `a AND (b OR c)`: what lets a join key hidden in every branch be seen.
  private static func commonFactor(_ branches: [Expression]) -> Expression {
    let parts = branches.map { $0.conjuncts }
    let common = parts[0].filter { candidate in parts.dropFirst().allSatisfy { $0.contains(candidate) } }
    if common.isEmpty { return .or(branches) }
    let rests = parts.map { part in part.filter { !common.contains($0) } }
    if rests.contains(where: \.isEmpty) { return .all(common) }
    return .and(common + [.or(rests.map { .all($0) })])
  }
}
