import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  /// Chains of operators become towers of calls; higher ones than this would exhaust a stack somewhere.
  static let towerLimit = 2_000
  /// Nodes that one construct may multiply into.
  static let copyLimit = 100_000

  /// BETWEEN, simple CASE, NULLIF and OVERLAPS write an operand several times over. Nested in each other they would grow without bound.
  func checkCopies(of value: Expression, times: Int, at place: Syntax.Place) throws {
    guard value.isLarger(than: ExpressionAnalyzer.copyLimit / max(1, times)) else { return }
    throw PrestoError.at(
      place.location, .queryExceededCompilerLimit, "Expression is too large: an operand is needed \(times) times",
      hint: "Compute the operand in a sub-query first")
  }
}

extension Expr {
  /// Whether there are more nodes than that; counts no further.
  fileprivate func isLarger(than limit: Int) -> Bool {
    var count = 0
    var open = [self]
    while let next = open.popLast() {
      count += 1
      if count > limit { return true }
      open += next.children
    }
    return false
  }
}
