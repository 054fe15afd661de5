import Expressions
import Federation
import Plans
import Values

/// Moves every condition as far down as it goes, finds equi-join keys among them, and turns outer joins into inner ones where a condition above
/// rejects their nulls.
enum PredicatePushdown {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan { Pass(context: context).push([], into: plan) }

  struct Pass {
    let context: PlanningContext

    /// The plan filtered by `conditions` (conjuncts over its outputs).
    func push(_ conditions: [Expression], into plan: Plan) -> Plan {
      switch plan.node {
      case .filter(let node): return push(node.predicate.conjuncts + conditions, into: node.input)
      case .project(let node): return pushThroughProject(conditions, node)
      case .join(let node): return pushIntoJoin(conditions, node)
      case .semiJoin(let node): return pushIntoSemiJoin(conditions, node)
      case .aggregate(let node):
        let keys = Set(node.keys)
        let (below, above) = split(conditions) { !node.keys.isEmpty && $0.isSubset(of: keys) }
        var copy = node
        copy.input = push(below, into: node.input)
        return filtered(Plan(.aggregate(copy)), above)
      case .window(let node):
        let keys = Set(node.partition)
        let (below, above) = split(conditions) { !keys.isEmpty && !$0.isEmpty && $0.isSubset(of: keys) }
        var copy = node
        copy.input = push(below, into: node.input)
        return filtered(Plan(.window(copy)), above)
      case .union(let node):
        let (below, above) = split(conditions) { _ in true }
        var copy = node
        copy.inputs = zip(node.inputs, node.columns).map { input, columns in
          let values = Dictionary(zip(node.outputs, columns.map { Expression.symbol($0) }), uniquingKeysWith: { first, _ in first })
          return push(below.map { $0.substituting(values) }, into: input)
        }
        return filtered(Plan(.union(copy)), above)
      case .sort(var node):
        node.input = push(conditions, into: node.input)
        return Plan(.sort(node))
      case .unnest(var node):
        let kept = Set(node.kept)
        let (below, above) = split(conditions) { !$0.isEmpty && $0.isSubset(of: kept) }
        node.input = push(below, into: node.input)
        return filtered(Plan(.unnest(node)), above)
      case .apply(var node):
        let left = Set(node.left.outputs)
        let (below, above) = split(conditions) { !$0.isEmpty && $0.isSubset(of: left) }
        node.left = push(below, into: node.left)
        node.right = push([], into: node.right)
        return filtered(Plan(.apply(node)), above)
      case .scan, .values, .groupingSets, .markDistinct, .topN, .limit, .uniqueID, .singleRow, .sample, .sharedQueries, .sharedQueryScan,
        .exchange, .write, .delete, .output:
        return filtered(plan.mappingInputs { push([], into: $0) }, conditions)
      }
    }

    func filtered(_ plan: Plan, _ conditions: [Expression]) -> Plan {
      let unique = conditions.reduce(into: [Expression]()) { if !$0.contains($1) { $0.append($1) } }
      return unique.isEmpty ? plan : Plan(.filter(.init(input: plan, predicate: .all(unique))))
    }

    /// Deterministic conditions whose symbols pass the test, and all others.
    private func split(_ conditions: [Expression], _ test: (Set<Symbol>) -> Bool) -> ([Expression], [Expression]) {
      var yes: [Expression] = [], no: [Expression] = []
      for condition in conditions {
        if test(condition.references) && condition.isDeterministic(context.functions) {
          yes.append(condition)
        } else {
          no.append(condition)
        }
      }
      return (yes, no)
    }

    private func pushThroughProject(_ conditions: [Expression], _ node: Plan.Project) -> Plan {
      let values = Dictionary(node.assignments.map { ($0.symbol, $0.value) }, uniquingKeysWith: { first, _ in first })
      let (below, above) = split(conditions) { symbols in
        symbols.allSatisfy { values[$0].map { $0.isDeterministic(context.functions) } ?? false }
      }
      var copy = node
      copy.input = push(below.map { $0.substituting(values) }, into: node.input)
      return filtered(Plan(.project(copy)), above)
    }

    private func pushIntoSemiJoin(_ conditions: [Expression], _ node: Plan.SemiJoin) -> Plan {
      var copy = node
      var rest = conditions
      if case .mark(let mark) = node.kind {
        let uses = conditions.filter { $0.references.contains(mark) }
        if uses.count == 1 {
          if uses[0] == .symbol(mark) {
            copy.kind = .semi
            rest.removeAll { $0 == uses[0] }
          } else if uses[0] == .not(.symbol(mark)) {
            copy.kind = .anti
            rest.removeAll { $0 == uses[0] }
          }
        }
      }
      let left = Set(node.left.outputs)
      let (below, above) = split(rest) { !$0.isEmpty && $0.isSubset(of: left) }
      copy.left = push(below, into: node.left)
      copy.right = push([], into: node.right)
      let plan = Plan(.semiJoin(copy))
      // a mark that is gone from the outputs was only asked for by the condition
      if case .mark(let mark) = node.kind, copy.mark == nil {
        let restored = Plan(
          .project(
            .init(
              input: plan,
              assignments: node.left.outputs.map { ($0, .symbol($0)) } + [(mark, .constant(.boolean(isSemi(copy.kind)), .boolean))])))
        return filtered(restored, above)
      }
      return filtered(plan, above)
    }

    private func isSemi(_ kind: Plan.SemiJoin.Kind) -> Bool { if case .semi = kind { true } else { false } }
  }
}
