import Expressions
import Plans
import SQL
import Values

/// Types one expression: names become symbols, operators and functions become calls with exact argument types, coercions become casts.
///
/// What cannot be part of a scalar expression is put down elsewhere and stands in the result as a symbol: sub-queries in `subqueries`,
/// aggregates and window functions in `selection`. Where a list is missing, such things are errors.
struct ExpressionAnalyzer {
  let queries: QueryAnalyzer
  let surroundings: Surroundings
  var scope: Scope
  var clause: Clause
  var subqueries: SubqueryList?
  var selection: Selection?
  /// Names tried when `scope` has none: output aliases in GROUP BY and HAVING.
  var fallback: Scope?

  init(
    _ queries: QueryAnalyzer, _ surroundings: Surroundings, scope: Scope, clause: Clause, subqueries: SubqueryList? = nil,
    selection: Selection? = nil, fallback: Scope? = nil
  ) {
    self.queries = queries
    self.surroundings = surroundings
    self.scope = scope
    self.clause = clause
    self.subqueries = subqueries
    self.selection = selection
    self.fallback = fallback
  }

  var context: PlanningContext { queries.context }

  func analyze(_ expression: Syntax.Expression) throws -> Expression {
    switch expression {
    case .identifier(let name): return try column([name])
    case .dereference(let node): return try dereference(node, expression)
    case .access(let node): return try access(node)
    case .literal(let literal): return try self.literal(literal)
    case .parameter(let node): return try parameter(node)
    case .logical(let node): return try logical(node)
    case .not(let node): return .not(try boolean(node.operand, "Value of logical NOT expression"))
    case .comparison(let node): return try comparison(node)
    case .distinctFrom(let node): return try distinctFrom(node)
    case .between(let node): return try between(node)
    case .inList(let node): return try inList(node)
    case .inSubquery(let node): return try inSubquery(node)
    case .like(let node): return try like(node)
    case .isNull(let node):
      let test = Expression.isNull(try analyze(node.value))
      return node.isNegated ? .not(test) : test
    case .isTruth(let node): return try isTruth(node)
    case .exists(let node): return try exists(node, expression)
    case .quantified(let node): return try quantified(node, expression)
    case .overlaps(let node): return try overlaps(node)
    case .arithmetic(let node): return try arithmetic(node)
    case .unary(let node): return try unary(node)
    case .concatenation(let node): return try concatenation(node)
    case .atTimeZone(let node): return try atTimeZone(node)
    case .subscript(let node): return try subscripted(node)
    case .cast(let node): return try cast(node)
    case .case(let node): return try caseExpression(node)
    case .functionCall(let node): return try functionCall(node)
    case .lambda(let node):
      throw PrestoError.at(node.location, .typeMismatch, "Lambda expression may only be an argument of a function that takes one")
    case .array(let node): return try array(node)
    case .row(let node): return try row(node)
    case .subquery(let node): return try scalarSubquery(node, expression)
    case .extract(let node): return try extract(node)
    case .current(let node): return try current(node)
    case .grouping(let node): return try grouping(node)
    case .jsonExists(let node): return try jsonExists(node)
    case .jsonValue(let node): return try jsonValue(node)
    case .jsonQuery(let node): return try jsonQuery(node)
    case .jsonObject(let node): return try jsonObject(node)
    case .jsonArray(let node): return try jsonArray(node)
    }
  }

  /// A condition: boolean or of unknown type.
  func predicate(_ expression: Syntax.Expression, _ name: String) throws -> Expression {
    let value = try analyze(expression)
    guard value.type == .boolean || value.type == .unknown else {
      throw PrestoError.at(
        expression.location, .typeMismatch, "\(name) must evaluate to a boolean: actual type \(value.type)")
    }
    return value.coerced(to: .boolean)
  }

  /// `?`: the expression given for it, analyzed where nothing is visible.
  private func parameter(_ node: Syntax.Parameter) throws -> Expression {
    guard queries.parameters.indices.contains(node.index) else {
      throw PrestoError.at(
        node.location, .invalidParameterUsage,
        "Incorrect number of parameters: expected \(node.index + 1) but found \(queries.parameters.count)")
    }
    let outside = ExpressionAnalyzer(queries, surroundings, scope: Scope([]), clause: .parameter)
    return try outside.analyze(queries.parameters[node.index])
  }

  /// An expression whose value is known now. Throws EXPRESSION_NOT_CONSTANT, and what evaluation throws.
  func constant(_ expression: Syntax.Expression) throws -> Expression {
    let value = try analyze(expression)
    guard value.references.isEmpty else {
      throw PrestoError.at(expression.location, .expressionNotConstant, "Constant expression cannot contain column references")
    }
    return .constant(try value.value(functions: context.functions, context: context.evaluation), value.type)
  }

  func text(_ expression: Syntax.Expression) -> String { Formatter.format(expression) }
}
