import Expressions
import Federation
import Plans
import Values

extension PredicatePushdown.Pass {
  func pushIntoJoin(_ conditions: [Expression], _ node: Plan.Join) -> Plan {
    let left = Set(node.left.outputs), right = Set(node.right.outputs)
    let kind = strengthened(node.kind, conditions, left, right)
    var join = node
    join.kind = kind
    join.columns = nil
    var above: [Expression] = []
    var toLeft: [Expression] = [], toRight: [Expression] = []
    // what the join itself demands, and (inner) what is asked of its result
    var demands = node.residual?.conjuncts ?? []
    switch kind {
    case .inner: demands += conditions
    case .left: place(conditions, left, &toLeft, &above)
    case .right: place(conditions, right, &toRight, &above)
    case .full: above = conditions
    }
    demands = demands.flatMap { Simplification.simplified($0).conjuncts }
    demands += demands.flatMap { derived($0, left, right) }
    var residual: [Expression] = []
    var pairs: [(left: Expression, right: Expression)] = node.equalities.map { (.symbol($0.left), .symbol($0.right)) }
    for condition in demands {
      let symbols = condition.references
      let isStable = condition.isDeterministic(context.functions)
      if isStable && kind != .left && kind != .full && symbols.isSubset(of: left) && !(symbols.isEmpty && kind == .right) {
        toLeft.append(condition)
      } else if isStable && kind != .right && kind != .full && symbols.isSubset(of: right) && !symbols.isEmpty {
        toRight.append(condition)
      } else if isStable, let pair = equality(condition, left, right) {
        if !pairs.contains(where: { $0.left == pair.left && $0.right == pair.right }) { pairs.append(pair) }
      } else if !residual.contains(condition) {
        residual.append(condition)
      }
    }
    infer(kind, pairs, &toLeft, &toRight)
    var leftPlan = push(toLeft, into: node.left), rightPlan = push(toRight, into: node.right)
    join.equalities = []
    for pair in pairs {
      let a = symbol(for: pair.left, &leftPlan), b = symbol(for: pair.right, &rightPlan)
      if !join.equalities.contains(where: { $0.left == a && $0.right == b }) { join.equalities.append((a, b)) }
    }
    join.left = leftPlan
    join.right = rightPlan
    join.residual = residual.isEmpty ? nil : .all(residual)
    let outputs = node.outputs
    var plan = filtered(Plan(.join(join)), above)
    if plan.outputs != outputs { plan = Plan(.project(.init(input: plan, assignments: outputs.map { ($0, .symbol($0)) }))) }
    return plan
  }

  private func place(_ conditions: [Expression], _ side: Set<Symbol>, _ below: inout [Expression], _ above: inout [Expression]) {
    for condition in conditions {
      if condition.references.isSubset(of: side) && condition.isDeterministic(context.functions) {
        below.append(condition)
      } else {
        above.append(condition)
      }
    }
  }

  /// The key of one side: the symbol itself, or a new one computed by a projection on that side.
  private func symbol(for expression: Expression, _ plan: inout Plan) -> Symbol {
    if let symbol = expression.asSymbol { return symbol }
    if case .project(let project) = plan.node, let known = project.assignments.first(where: { $0.value == expression }) {
      return known.symbol
    }
    let symbol = context.symbols.fresh("expr", expression.type)
    plan = Plan(.project(.init(input: plan, assignments: plan.outputs.map { ($0, .symbol($0)) } + [(symbol, expression)])))
    return symbol
  }

  /// `f(left columns) = g(right columns)`.
  private func equality(_ condition: Expression, _ left: Set<Symbol>, _ right: Set<Symbol>) -> (left: Expression, right: Expression)? {
    guard case .call(let id, let arguments, _) = condition, id.name == FunctionID.Operator.equal, arguments.count == 2,
      id.arguments[0] == id.arguments[1], id.arguments[0].isComparable
    else { return nil }
    let a = arguments[0].references, b = arguments[1].references
    if a.isEmpty || b.isEmpty { return nil }
    if a.isSubset(of: left) && b.isSubset(of: right) { return (arguments[0], arguments[1]) }
    if a.isSubset(of: right) && b.isSubset(of: left) { return (arguments[1], arguments[0]) }
    return nil
  }

  /// From an OR over both sides, what each side alone must satisfy: `(l1 AND r1) OR (l2 AND r2)` demands `l1 OR l2` of the left.
  private func derived(_ condition: Expression, _ left: Set<Symbol>, _ right: Set<Symbol>) -> [Expression] {
    guard case .or(let branches) = condition, condition.isDeterministic(context.functions) else { return [] }
    return [left, right].compactMap { side in
      if condition.references.isSubset(of: side) { return nil }
      let parts = branches.map { branch in
        branch.conjuncts.filter { !$0.references.isEmpty && $0.references.isSubset(of: side) }
      }
      return parts.contains(where: \.isEmpty) ? nil : .or(parts.map { .all($0) })
    }
  }

  /// A condition on one side of an equality holds of the other side as well: `a = b AND a > 5` demands `b > 5`.
  private func infer(
    _ kind: JoinKind, _ pairs: [(left: Expression, right: Expression)], _ toLeft: inout [Expression], _ toRight: inout [Expression]
  ) {
    for pair in pairs {
      guard let a = pair.left.asSymbol, let b = pair.right.asSymbol, a.type == b.type else { continue }
      if kind == .inner || kind == .left {
        for condition in toLeft where condition.references == [a] && isSimple(condition) {
          let other = condition.substituting([a: .symbol(b)])
          if !toRight.contains(other) { toRight.append(other) }
        }
      }
      if kind == .inner || kind == .right {
        for condition in toRight where condition.references == [b] && isSimple(condition) {
          let other = condition.substituting([b: .symbol(a)])
          if !toLeft.contains(other) { toLeft.append(other) }
        }
      }
    }
  }

  /// Comparisons with constants: cheap, and of use to sources. (Text and numbers compare alike wherever they stand.)
  private func isSimple(_ condition: Expression) -> Bool {
    switch condition {
    case .call(let id, let arguments, _):
      [
        FunctionID.Operator.equal, FunctionID.Operator.lessThan, FunctionID.Operator.lessThanOrEqual, FunctionID.Operator.greaterThan,
        FunctionID.Operator.greaterThanOrEqual,
      ].contains(id.name) && arguments.allSatisfy { $0.asSymbol != nil || $0.isConstant }
    case .among(let value, let list): value.asSymbol != nil && list.allSatisfy(\.isConstant)
    default: false
    }
  }

  /// An outer join whose null-extended rows some condition above rejects is a stricter join.
  private func strengthened(_ kind: JoinKind, _ conditions: [Expression], _ left: Set<Symbol>, _ right: Set<Symbol>) -> JoinKind {
    func rejectsNulls(of side: Set<Symbol>) -> Bool { conditions.contains { NullRejection.rejects($0, nullsOf: side) } }
    switch kind {
    case .inner: return .inner
    case .left: return rejectsNulls(of: right) ? .inner : .left
    case .right: return rejectsNulls(of: left) ? .inner : .right
    case .full:
      switch (rejectsNulls(of: left), rejectsNulls(of: right)) {
      case (true, true): return .inner
      // rows without a left partner are rejected: what is left keeps all of the left side
      case (true, false): return .left
      case (false, true): return .right
      case (false, false): return .full
      }
    }
  }
}

/// Whether a condition cannot be true when all symbols of a side are null.
enum NullRejection {
  static func rejects(_ condition: Expression, nullsOf side: Set<Symbol>) -> Bool {
    switch condition {
    case .and(let all): return all.contains { rejects($0, nullsOf: side) }
    case .or(let any): return any.allSatisfy { rejects($0, nullsOf: side) }
    case .not(.isNull(let inner)): return isNull(inner, side)
    case .not(let inner): return isNull(inner, side)
    case .among(let value, _): return isNull(value, side)
    case .call, .reference, .cast: return isNull(condition, side)
    case .constant, .isNull, .if, .coalesce, .field, .lambda, .parameter, .attempt: return false
    }
  }

  /// Null for certain when the side's symbols are.
  private static func isNull(_ expression: Expression, _ side: Set<Symbol>) -> Bool {
    switch expression {
    case .reference(let symbol, _): side.contains(symbol)
    case .cast(let inner, _, _): isNull(inner, side)
    case .call(let id, let arguments, _): isStrict(id.name) && arguments.contains { isNull($0, side) }
    case .field(let inner, _, _): isNull(inner, side)
    case .among(let value, _): isNull(value, side)
    case .not(let inner): isNull(inner, side)
    case .constant, .and, .or, .isNull, .if, .coalesce, .lambda, .parameter, .attempt: false
    }
  }

  /// Operators that are null as soon as one argument is.
  private static func isStrict(_ name: String) -> Bool {
    name.hasPrefix("$") && name != FunctionID.Operator.isDistinctFrom && name != FunctionID.Operator.row
      && name != FunctionID.Operator.array
  }
}
