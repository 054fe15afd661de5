import Expressions
import Plans

extension Rule {
  /// A projection over a projection becomes one, where no costly expression would be computed twice.
  ///
  ///     Project c = a + 1
  ///       Project a = x          →      Project c = x + 1
  static let mergeProjections = Rule("merge_projections") { plan, context in
    guard case .project(let outer) = plan.node, case .project(let inner) = outer.input.node else { return nil }
    var uses: [Symbol: Int] = [:]
    for assignment in outer.assignments { countUses(assignment.value, &uses) }
    // TRY must not catch what was computed before it
    let tried = outer.assignments.reduce(into: Set<Symbol>()) { tried, assignment in collectTried(assignment.value, &tried) }
    for assignment in inner.assignments {
      if assignment.value.asSymbol != nil { continue }
      if case .constant = assignment.value { continue }
      if case .cast(_, _, true) = assignment.value {} else if tried.contains(assignment.symbol) { return nil }
      if uses[assignment.symbol, default: 0] > 1 || !assignment.value.isDeterministic(context.functions) { return nil }
    }
    let values = Dictionary(inner.assignments.map { ($0.symbol, $0.value) }, uniquingKeysWith: { first, _ in first })
    return Plan(
      .project(.init(input: inner.input, assignments: outer.assignments.map { ($0.symbol, $0.value.substituting(values)) })))
  }

  private static func collectTried(_ expression: Expression, _ tried: inout Set<Symbol>) {
    if case .attempt(let inner) = expression { tried.formUnion(inner.references) }
    for child in expression.children { collectTried(child, &tried) }
  }

  private static func countUses(_ expression: Expression, _ uses: inout [Symbol: Int]) {
    if case .reference(let symbol, _) = expression { uses[symbol, default: 0] += 1 }
    for child in expression.children { countUses(child, &uses) }
  }
}

extension Expr {
  /// No `random()` and the like inside.
  func isDeterministic(_ functions: FunctionRegistry) -> Bool {
    !contains { node in
      if case .call(let id, _, _) = node { return functions.functions[id.name]?.contains { !$0.isDeterministic } ?? false }
      return false
    }
  }

  /// Nothing that may throw for some rows: such conditions must not run on rows another condition removes.
  var isConstant: Bool { if case .constant = self { true } else { false } }
}
