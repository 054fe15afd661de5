import Expressions
import Federation
import Plans
import Values

/// Finds the cheapest order of a join graph. Sets of relations are bit masks; a plan's cost is the rows it makes, builds and probes.
struct JoinSearch {
  private struct Candidate {
    var plan: Plan
    var estimate: Estimate
    var cost: Double
  }

  private let graph: JoinGraph
  private let estimator: Estimator
  private let owner: [Symbol: Int]

  init(_ graph: JoinGraph, _ estimator: Estimator) {
    self.graph = graph
    self.estimator = estimator
    var owner: [Symbol: Int] = [:]
    for (index, relation) in graph.relations.enumerated() { for symbol in relation.outputs { owner[symbol] = index } }
    self.owner = owner
  }

  func best() -> Plan {
    let result = graph.relations.count <= JoinOrdering.exhaustiveLimit ? exhaustive() : greedy()
    return result.plan
  }

  private func single(_ index: Int) -> Candidate {
    let estimate = estimator.estimate(graph.relations[index])
    return Candidate(plan: graph.relations[index], estimate: estimate, cost: 0)
  }

  private func exhaustive() -> Candidate {
    let n = graph.relations.count
    var best: [Int: Candidate] = [:]
    for index in 0..<n { best[1 << index] = single(index) }
    let all = (1 << n) - 1
    for set in 1...all where set.nonzeroBitCount > 1 {
      // connected splits first; a cross product only where nothing connects the set
      var found: Candidate?
      for allowsCross in [false, true] where found == nil {
        var left = (set - 1) & set
        while left > 0 {
          let right = set & ~left
          if let a = best[left], let b = best[right], allowsCross || isConnected(left, right) {
            let joined = join(a, b, left, right)
            if joined.cost < found?.cost ?? .infinity { found = joined }
          }
          left = (left - 1) & set
        }
        // sets that only cross products could make are made when the whole needs them
        if set != all && !keepsCrossProducts { break }
      }
      if let found { best[set] = found }
    }
    return best[all] ?? greedy()
  }

  /// A cross product of small relations may pay before a large one is joined; only looked for while the graph is small.
  private var keepsCrossProducts: Bool { graph.relations.count <= 6 }

  private func greedy() -> Candidate {
    var parts = graph.relations.indices.map { (set: 1 << $0, candidate: single($0)) }
    while parts.count > 1 {
      var choice: (Int, Int, Candidate)?
      for allowsCross in [false, true] where choice == nil {
        for i in parts.indices {
          for j in parts.indices where i != j && (allowsCross || isConnected(parts[i].set, parts[j].set)) {
            let joined = join(parts[i].candidate, parts[j].candidate, parts[i].set, parts[j].set)
            if joined.estimate.rows < choice?.2.estimate.rows ?? .infinity { choice = (i, j, joined) }
          }
        }
      }
      guard let (i, j, joined) = choice else { break }
      let set = parts[i].set | parts[j].set
      parts = parts.enumerated().filter { $0.offset != i && $0.offset != j }.map(\.element) + [(set, joined)]
    }
    return parts[0].candidate
  }

  private func mask(_ symbols: some Sequence<Symbol>) -> Int { symbols.reduce(0) { $0 | (owner[$1].map { 1 << $0 } ?? 0) } }

  private func isConnected(_ a: Int, _ b: Int) -> Bool {
    graph.equalities.contains { equality in
      let x = mask([equality.left]), y = mask([equality.right])
      return (x & a != 0 && y & b != 0) || (x & b != 0 && y & a != 0)
    }
  }

  /// `left` probes, `right` is built.
  private func join(_ left: Candidate, _ right: Candidate, _ leftSet: Int, _ rightSet: Int) -> Candidate {
    var equalities: [(left: Symbol, right: Symbol)] = []
    for equality in graph.equalities {
      let x = mask([equality.left]), y = mask([equality.right])
      if x & leftSet != 0 && y & rightSet != 0 { equalities.append(equality) }
      if x & rightSet != 0 && y & leftSet != 0 { equalities.append((equality.right, equality.left)) }
    }
    let set = leftSet | rightSet
    let residual = graph.conditions.filter { condition in
      let needed = mask(condition.references)
      return needed & ~set == 0 && needed & ~leftSet != 0 && needed & ~rightSet != 0
        || (needed == 0 && set == (1 << graph.relations.count) - 1)
    }
    let condition: Expression? = residual.isEmpty ? nil : .all(residual)
    let estimate = Estimator.joined(.inner, left.estimate, right.estimate, equalities, condition)
    let plan = Plan(.join(.init(kind: .inner, left: left.plan, right: right.plan, equalities: equalities, residual: condition)))
    let cross = equalities.isEmpty ? left.estimate.rows * right.estimate.rows : 0
    // a built row costs about three probed ones; a row made is written once
    let cost = left.cost + right.cost + estimate.rows + left.estimate.rows + right.estimate.rows * 3 + cross
    return Candidate(plan: plan, estimate: estimate, cost: cost)
  }
}
