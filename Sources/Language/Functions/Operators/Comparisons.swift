import Expressions
import Values
import Vectors

extension Function {
  /// `= <> < <= > >=` of two values of one type, and IS DISTINCT FROM. The evaluator has faster forms of these for filters.
  static let comparisons: [Function] = ComparisonOperator.allCases.map { comparison($0) } + [distinction]

  private static func comparison(_ op: ComparisonOperator) -> Function {
    let isEquality = op == .equal || op == .notEqual
    let signature = isEquality ? "(T, T) -> boolean where T: comparable" : "(T, T) -> boolean where T: orderable"
    return bound(op.rawValue, signature, "Comparison") { _, _ in
      { v, rows, _ in try Comparison.vector(op, v[0], v[1], rows) }
    }.infallible { types, _ in isEquality || types[0].layout.width > 0 }
  }

  private static let distinction: Function =
    bound(Operator.isDistinctFrom, "(T, T) -> boolean where T: comparable", "Whether two values differ, null being a value") { _, _ in
      { v, rows, _ in NestedComparison.isDistinct(v[0], v[1], rows) }
    }.infallible()
}
