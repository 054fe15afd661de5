import Expressions
import Plans
import SQL
import Values

extension QueryAnalyzer {
  /// OFFSET, LIMIT and FETCH FIRST over sorted rows.
  func cut(_ plan: Plan, _ order: [Ordering], _ query: Syntax.Query, _ surroundings: Surroundings) throws -> Plan {
    let offset = try query.offset.map { try rowCount($0, "OFFSET", surroundings) } ?? 0
    let count = try query.limit?.count.map { try rowCount($0, query.limit?.hasTies == true ? "FETCH FIRST" : "LIMIT", surroundings) }
    guard let limit = query.limit, let count, limit.hasTies else {
      if count == nil, offset == 0 { return plan }
      return Plan(.limit(.init(input: plan, count: count, offset: offset)))
    }
    if order.isEmpty {
      throw PrestoError.at(limit.location, .missingOrderBy, "FETCH FIRST WITH TIES clause requires ORDER BY")
    }
    if count == 0 { throw PrestoError.at(limit.location, .invalidLimitClause, "FETCH FIRST row count must be positive (actual value: 0)") }
    return withTies(offset == 0 ? plan : Plan(.limit(.init(input: plan, count: nil, offset: offset))), order, count)
  }

  /// All rows that are no worse than the `count`-th: those with a rank up to it.
  private func withTies(_ plan: Plan, _ order: [Ordering], _ count: Int) -> Plan {
    let rank = symbols.fresh("rank", .bigint)
    let call = Plan.Window.Call(symbol: rank, function: FunctionID("rank", []), arguments: [], frame: .standard)
    let ranked = Plan(.window(.init(input: plan, partition: [], order: order, calls: [call])))
    let kept = ranked.filtered(
      .comparison(FunctionID.Operator.lessThanOrEqual, .symbol(rank), .constant(.integer(Int64(count)), .bigint)))
    return Plan(.sort(.init(input: kept.keeping(plan.outputs), order: order)))
  }

  /// A number or a parameter that is one.
  private func rowCount(_ expression: Syntax.Expression, _ clause: String, _ surroundings: Surroundings) throws -> Int {
    let analyzer = ExpressionAnalyzer(self, surroundings, scope: Scope([]), clause: .limit(clause))
    let value = try analyzer.constant(expression)
    guard value.type.isInteger, case .constant(.integer(let number), _) = value else {
      throw PrestoError.at(
        expression.location, .typeMismatch, "\(clause) row count must be a constant integer (actual type: \(value.type))")
    }
    guard number >= 0 else {
      throw PrestoError.at(
        expression.location, .invalidLimitClause, "\(clause) row count must be greater or equal to 0 (actual value: \(number))")
    }
    return Int(clamping: number)
  }
}
