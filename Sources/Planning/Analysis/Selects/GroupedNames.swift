import Expressions
import Plans
import SQL
import Values

/// How expressions over FROM read after grouping: keys have become columns, and nothing else of FROM is left. Without grouping nothing changes.
struct GroupedNames {
  /// Key expressions (and GROUPING calls) and what stands for them.
  var replacements: [Expression: Expression] = [:]
  /// Columns that are gone.
  var hidden: Set<Symbol> = []

  /// Throws EXPRESSION_NOT_AGGREGATE.
  func rewrite(_ expression: Expression, _ text: @autoclosure () -> String, at location: SourceLocation) throws -> Expression {
    if replacements.isEmpty, hidden.isEmpty { return expression }
    let rewritten = expression.replacing { $0.isConstant ? nil : replacements[$0] }
    if rewritten.contains(where: { if case .reference(let symbol, _) = $0 { hidden.contains(symbol) } else { false } }) {
      throw PrestoError.at(
        location, .expressionNotAggregate, "'\(text())' must be an aggregate expression or appear in GROUP BY clause",
        hint: "Group by it too, or take any_value(…)")
    }
    return rewritten
  }

  /// Computes sub-queries that were analyzed over FROM.
  func attach(_ list: SubqueryList, to plan: Plan, _ queries: QueryAnalyzer, at location: SourceLocation) throws -> Plan {
    var plan = plan
    for var pending in list.pending {
      pending.value = try pending.value.map { try rewrite($0, "sub-query", at: location) }
      for symbol in pending.correlation where hidden.contains(symbol) {
        guard let key = replacements[.symbol(symbol)] else {
          throw PrestoError.at(
            location, .expressionNotAggregate, "Subquery uses '\(symbol.name)' which must appear in GROUP BY clause")
        }
        // The sub-query knows the key by the name it had in FROM.
        if !plan.outputs.contains(symbol) { plan = plan.adding([(symbol, key)]) }
      }
      plan = pending.attach(to: plan, queries)
    }
    return plan
  }
}
