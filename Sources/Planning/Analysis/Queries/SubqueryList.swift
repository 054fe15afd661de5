import Expressions
import Plans
import SQL
import Values

/// A sub-query found inside an expression. The expression refers to `result`; an Apply computes it before the expression is evaluated.
struct PendingSubquery {
  enum Kind {
    case scalar
    case exists
    case among(column: Symbol)
    case quantified(comparison: String, isAll: Bool, column: Symbol)
  }

  var kind: Kind
  /// What is looked up in the sub-query, over the enclosing scope: the left side of IN and of quantified comparisons.
  var value: Expression?
  /// Yields one column (EXISTS: any).
  var plan: Plan
  /// Symbols of outer scopes the plan uses; those of the plan it is attached to become the Apply's correlation.
  var correlation: [Symbol]
  var result: Symbol
  var location: SourceLocation?

  /// Outer symbols it needs.
  var needed: Set<Symbol> { (value?.references ?? []).union(correlation) }

  func attach(to plan: Plan, _ analyzer: QueryAnalyzer) -> Plan {
    var builder = analyzer.columns(over: plan)
    let symbol = value.map { builder.symbol(for: $0, named: "value") }
    let left = builder.extended
    let local = Set(left.outputs)
    func apply(_ kind: Plan.Apply.Kind) -> Plan {
      Plan(.apply(.init(left: left, right: self.plan, correlation: correlation.filter(local.contains), kind: kind, location: location)))
    }
    switch (kind, symbol) {
    case (.scalar, _): return apply(.scalar)
    case (.exists, _): return apply(.exists(result))
    case (.among(let column), let symbol?): return apply(.among(result, value: symbol, column: column))
    case (.quantified(let comparison, let isAll, let column), let symbol?):
      return apply(.quantified(result, value: symbol, comparison: comparison, isAll: isAll, column: column))
    case (.among, nil), (.quantified, nil): return left
    }
  }
}

/// The sub-queries of one clause, in the order in which they must be computed. Equal ones are computed once.
final class SubqueryList {
  var pending: [PendingSubquery] = []
  private var known: [Key: Expression] = [:]

  /// What was written, apart from NOT.
  enum Key: Hashable {
    case expression(Syntax.Expression)
    case among(Syntax.Expression, Syntax.Query)
  }

  func known(_ key: Key) -> Expression? { known[key] }

  func add(_ subquery: PendingSubquery, for key: Key) -> Expression {
    pending.append(subquery)
    known[key] = .symbol(subquery.result)
    return .symbol(subquery.result)
  }

  func attach(to plan: Plan, _ analyzer: QueryAnalyzer) -> Plan { pending.reduce(plan) { $1.attach(to: $0, analyzer) } }

  /// Hands over the sub-queries an expression needs, to be computed there before that list's own.
  func move(neededBy expression: Expression, to other: SubqueryList) {
    let needed = expression.references
    let moved = pending.filter { needed.contains($0.result) }
    if moved.isEmpty { return }
    pending.removeAll { needed.contains($0.result) }
    other.pending = moved + other.pending
  }
}
