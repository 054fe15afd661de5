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

  /// One way to make a set of relations: of two smaller sets, of which `left` probes and `right` is built.
  private struct Split {
    let left: Int
    let right: Int
    let rows: Double
    let cost: Double
  }

  private let graph: JoinGraph
  private let estimator: Estimator
  /// The relations that each equality's sides come from, and each condition's symbols.
  private let equalityMasks: [(left: Int, right: Int)]
  private let conditionMasks: [Int]
  /// Symbols whose statistics matter for the order.
  private let compared: Set<Symbol>

  init(_ graph: JoinGraph, _ estimator: Estimator) {
    self.graph = graph
    self.estimator = estimator
    var owner: [Symbol: Int] = [:]
    for (index, relation) in graph.relations.enumerated() { for symbol in relation.outputs { owner[symbol] = 1 << index } }
    equalityMasks = graph.equalities.map { (owner[$0.left] ?? 0, owner[$0.right] ?? 0) }
    conditionMasks = graph.conditions.map { $0.references.reduce(0) { $0 | owner[$1, default: 0] } }
    compared = Set(graph.equalities.flatMap { [$0.left, $0.right] }).union(graph.conditions.flatMap { $0.references })
  }

  func best() -> Plan {
    let result = graph.relations.count <= JoinOrdering.exhaustiveLimit ? exhaustive() : greedy()
    return result.plan
  }

  private func single(_ index: Int) -> Candidate {
    var estimate = estimator.estimate(graph.relations[index])
    estimate.columns = estimate.columns.filter { compared.contains($0.key) }
    return Candidate(plan: graph.relations[index], estimate: estimate, cost: 0)
  }

  private func exhaustive() -> Candidate {
    let n = graph.relations.count
    var best = [Candidate?](repeating: nil, count: 1 << n)
    for index in 0..<n { best[1 << index] = single(index) }
    let all = (1 << n) - 1
    for set in 1...all where set.nonzeroBitCount > 1 {
      // connected splits first; a cross product only where nothing connects the set
      var found: Split?
      for allowsCross in [false, true] where found == nil {
        var left = (set - 1) & set
        while left > 0 {
          let right = set & ~left
          if allowsCross || isConnected(left, right), let a = best[left], let b = best[right],
            let split = split(a, b, left, right, cheaperThan: found?.cost)
          {
            found = split
          }
          left = (left - 1) & set
        }
        // sets that only cross products could make are made when the whole needs them
        if set != all && !keepsCrossProducts { break }
      }
      if let found, let a = best[found.left], let b = best[found.right] { best[set] = join(a, b, found) }
    }
    return best[all] ?? greedy()
  }

  /// A cross product of small relations may pay before a large one is joined; only looked for while the graph is small.
  private var keepsCrossProducts: Bool { graph.relations.count <= 6 }

  private func greedy() -> Candidate {
    var parts = graph.relations.indices.map { (set: 1 << $0, candidate: single($0)) }
    while parts.count > 1 {
      var choice: (Int, Int, Split)?
      for allowsCross in [false, true] where choice == nil {
        for i in parts.indices {
          for j in parts.indices where i != j && (allowsCross || isConnected(parts[i].set, parts[j].set)) {
            guard let split = split(parts[i].candidate, parts[j].candidate, parts[i].set, parts[j].set) else { continue }
            // estimates may be infinite: some pair is taken all the same
            if choice.map({ split.rows < $0.2.rows }) ?? true { choice = (i, j, split) }
          }
        }
      }
      guard let (i, j, split) = choice else { break }
      let joined = join(parts[i].candidate, parts[j].candidate, split)
      let set = parts[i].set | parts[j].set
      parts = parts.enumerated().filter { $0.offset != i && $0.offset != j }.map(\.element) + [(set, joined)]
    }
    return parts[0].candidate
  }

  private func isConnected(_ a: Int, _ b: Int) -> Bool {
    equalityMasks.contains { ($0.left & a != 0 && $0.right & b != 0) || ($0.left & b != 0 && $0.right & a != 0) }
  }

  private func equalities(_ left: Int, _ right: Int) -> [(left: Symbol, right: Symbol)] {
    var found: [(left: Symbol, right: Symbol)] = []
    for (equality, masks) in zip(graph.equalities, equalityMasks) {
      if masks.left & left != 0 && masks.right & right != 0 { found.append(equality) }
      if masks.left & right != 0 && masks.right & left != 0 { found.append((equality.right, equality.left)) }
    }
    return found
  }

  private func residual(_ left: Int, _ right: Int) -> Expression? {
    let set = left | right
    let chosen = conditionMasks.indices.filter { index in
      let needed = conditionMasks[index]
      return needed & ~set == 0 && needed & ~left != 0 && needed & ~right != 0 || (needed == 0 && set == (1 << graph.relations.count) - 1)
    }
    return chosen.isEmpty ? nil : .all(chosen.map { graph.conditions[$0] })
  }

  /// nil where it costs as much as the limit or more, which its inputs alone often tell.
  private func split(_ a: Candidate, _ b: Candidate, _ left: Int, _ right: Int, cheaperThan limit: Double? = nil) -> Split? {
    // a built row costs about three probed ones; a row made is written once
    let inputs = a.cost + b.cost + a.estimate.rows + b.estimate.rows * 3
    if let limit, inputs >= limit { return nil }
    let equalities = equalities(left, right)
    let cross = equalities.isEmpty ? a.estimate.rows * b.estimate.rows : 0
    if let limit, inputs + cross >= limit { return nil }
    let rows: Double
    if let residual = residual(left, right) {
      rows = Estimator.joined(.inner, a.estimate, b.estimate, equalities, residual).rows
    } else {
      rows = Estimator.joinedRows(a.estimate, b.estimate, equalities)
    }
    let cost = inputs + cross + rows
    if let limit, cost >= limit { return nil }
    return Split(left: left, right: right, rows: rows, cost: cost)
  }

  private func join(_ a: Candidate, _ b: Candidate, _ split: Split) -> Candidate {
    let equalities = equalities(split.left, split.right), residual = residual(split.left, split.right)
    let plan = Plan(.join(.init(kind: .inner, left: a.plan, right: b.plan, equalities: equalities, residual: residual)))
    return Candidate(plan: plan, estimate: Estimator.joined(.inner, a.estimate, b.estimate, equalities, residual), cost: split.cost)
  }
}
