import Federation
import Plans
import Values

/// What is believed of a plan's result: rows, and of its symbols distinct values and ranges. Estimates, never used for correctness.
struct Estimate {
  var rows: Double
  /// Whether the number rests on statistics at all.
  var isKnown: Bool
  /// Whether a condition on something without statistics (the result of an aggregate) keeps a part of the rows that is only guessed.
  var isGuess = false
  var columns: [Symbol: ColumnStatistics] = [:]

  func distinct(_ symbol: Symbol) -> Double { min(max(columns[symbol]?.distinct ?? rows, 1), max(rows, 1)) }

  /// The same columns over fewer or more rows.
  func scaled(to rows: Double) -> Estimate {
    var copy = self
    copy.rows = max(rows, 0)
    for (symbol, column) in columns {
      if let distinct = column.distinct { copy.columns[symbol]?.distinct = min(distinct, max(rows, 1)) }
    }
    return copy
  }
}

/// Estimates plans, each node once.
final class Estimator {
  private let context: PlanningContext
  private var known: [ObjectIdentifier: Estimate] = [:]
  private var sharedQueries: [Int32: Estimate] = [:]
  /// Keeps nodes alive, so that identities stay theirs.
  private var seen: [Plan] = []

  /// - Parameter root: the whole plan, whose shared queries are known from anywhere within it.
  init(_ context: PlanningContext, _ root: Plan) {
    self.context = context
    learn(root)
  }

  private func learn(_ plan: Plan) {
    if case .sharedQueries(let node) = plan.node { for table in node.tables { sharedQueries[table.id] = estimate(table.plan) } }
    if plan.inputs.count == 1 { learn(plan.inputs[0]) }
  }

  func estimate(_ plan: Plan) -> Estimate {
    if let estimate = known[ObjectIdentifier(plan)] { return estimate }
    let estimate = compute(plan)
    known[ObjectIdentifier(plan)] = estimate
    seen.append(plan)
    return estimate
  }

  private func compute(_ plan: Plan) -> Estimate {
    switch plan.node {
    case .scan(let node): return scan(node)
    case .values(let node): return Estimate(rows: Double(node.rows.count), isKnown: true)
    case .filter(let node): return Selectivity.filtered(estimate(node.input), node.predicate)
    case .project(let node):
      let input = estimate(node.input)
      var result = Estimate(rows: input.rows, isKnown: input.isKnown, isGuess: input.isGuess)
      for (symbol, value) in node.assignments { if let from = value.asSymbol { result.columns[symbol] = input.columns[from] } }
      return result
    case .aggregate(let node):
      let input = estimate(node.input)
      if node.keys.isEmpty { return Estimate(rows: 1, isKnown: true) }
      // keys are rarely independent: the square root of what each further key adds
      var groups = 1.0
      for distinct in node.keys.map({ input.distinct($0) }).sorted(by: >) {
        groups *= groups == 1 ? distinct : max(distinct.squareRoot(), 1)
      }
      var result = Estimate(rows: min(groups, max(input.rows, 1)), isKnown: input.isKnown, isGuess: input.isGuess)
      for key in node.keys { result.columns[key] = input.columns[key] }
      return result
    case .groupingSets(let node):
      let input = estimate(node.input)
      return Estimate(rows: input.rows * Double(node.sets.count), isKnown: input.isKnown, columns: input.columns)
    case .join(let node): return join(node)
    case .semiJoin(let node):
      let left = estimate(node.left)
      switch node.kind {
      case .mark: return left
      case .semi:
        var fraction = 0.5
        if let key = node.equalities.first {
          fraction = min(1, estimate(node.right).distinct(key.right) / left.distinct(key.left))
        }
        var result = left.scaled(to: left.rows * max(fraction, 0.001))
        result.isGuess = left.isGuess || estimate(node.right).isGuess
        return result
      case .anti: return left.scaled(to: left.rows * 0.5)
      }
    case .topN(let node):
      let input = estimate(node.input)
      let partitions = node.partition.reduce(1.0) { $0 * input.distinct($1) }
      return input.scaled(to: min(input.rows, Double(node.count) * partitions))
    case .limit(let node):
      let input = estimate(node.input)
      return input.scaled(to: min(input.rows, node.count.map(Double.init) ?? input.rows))
    case .union(let node):
      let inputs = node.inputs.map(estimate)
      return Estimate(rows: inputs.reduce(0) { $0 + $1.rows }, isKnown: inputs.allSatisfy(\.isKnown))
    case .singleRow: return Estimate(rows: 1, isKnown: true)
    case .unnest(let node):
      let input = estimate(node.input)
      return Estimate(rows: input.rows * 4, isKnown: false, columns: input.columns)
    case .sample(let node):
      let input = estimate(node.input)
      return input.scaled(to: input.rows * node.fraction)
    case .markDistinct, .sort, .window, .uniqueID, .exchange, .output, .apply:
      return plan.inputs.first.map(estimate) ?? Estimate(rows: 1, isKnown: false)
    case .sharedQueries(let node): return estimate(node.body)
    case .sharedQueryScan(let node):
      guard let table = sharedQueries[node.table] else { return Estimate(rows: 100_000, isKnown: false) }
      var result = Estimate(rows: table.rows, isKnown: table.isKnown)
      for (symbol, column) in node.columns { result.columns[symbol] = table.columns[column] }
      return result
    case .write, .delete: return Estimate(rows: 1, isKnown: true)
    }
  }

  private func scan(_ node: Plan.Scan) -> Estimate {
    guard let statistics = context.statistics[.init(catalog: node.catalog, table: node.table)], let rows = statistics.rows else {
      return Estimate(rows: 100_000, isKnown: false)
    }
    var result = Estimate(rows: max(rows, 1), isKnown: true)
    for (symbol, column) in node.columns { result.columns[symbol] = statistics.columns[column] }
    return result
  }

  private func join(_ node: Plan.Join) -> Estimate {
    Estimator.joined(node.kind, estimate(node.left), estimate(node.right), node.equalities, node.residual)
  }

  /// Rows of an inner join by equalities alone.
  static func joinedRows(_ left: Estimate, _ right: Estimate, _ equalities: [(left: Symbol, right: Symbol)]) -> Double {
    var rows = left.rows * right.rows
    // keys of one join are correlated: the most selective counts whole, each further one by its root
    let factors = equalities.map { max(left.distinct($0.left), right.distinct($0.right)) }.sorted(by: >)
    for (index, factor) in factors.enumerated() { rows /= index == 0 ? factor : max(factor.squareRoot(), 1) }
    return max(rows, 1)
  }

  static func joined(
    _ kind: JoinKind, _ left: Estimate, _ right: Estimate, _ equalities: [(left: Symbol, right: Symbol)], _ residual: Expression?
  ) -> Estimate {
    var result = Estimate(
      rows: joinedRows(left, right, equalities), isKnown: left.isKnown && right.isKnown, isGuess: left.isGuess || right.isGuess)
    result.columns = left.columns.merging(right.columns) { first, _ in first }
    for (a, b) in equalities {
      let distinct = min(left.distinct(a), right.distinct(b))
      result.columns[a, default: ColumnStatistics()].distinct = distinct
      result.columns[b, default: ColumnStatistics()].distinct = distinct
    }
    if let residual { result = Selectivity.filtered(result, residual) }
    switch kind {
    case .inner: break
    case .left: result.rows = max(result.rows, left.rows)
    case .right: result.rows = max(result.rows, right.rows)
    case .full: result.rows = max(result.rows, left.rows + right.rows)
    }
    return result.scaled(to: result.rows)
  }
}
