import Expressions
import Values

/// Guesses of how many rows a filter leaves: from distinct counts, null fractions and bounds where they are known.
///
/// The constants for the unknown are the customary ones (equality 1/10, range 1/3, pattern 1/10).
enum Selectivity {
  static func of(_ predicate: Expr<RemoteColumn>) -> Double {
    switch predicate {
    case .and(let all): return all.reduce(1) { $0 * of($1) }
    case .or(let any): return 1 - any.reduce(1) { $0 * (1 - of($1)) }
    case .not(let inner): return 1 - of(inner)
    case .constant(.boolean(let value), _): return value ? 1 : 0
    case .isNull(let inner): return estimate(inner)?.nullFraction ?? 0.05
    case .among(let value, let list): return min(1, list.reduce(0) { $0 + equality(value, $1) })
    case .call(let id, let arguments, _) where arguments.count >= 2: return comparison(id.name, arguments[0], arguments[1])
    default: return 0.5
    }
  }

  private static func comparison(_ name: String, _ left: Expr<RemoteColumn>, _ right: Expr<RemoteColumn>) -> Double {
    typealias Operator = FunctionID.Operator
    switch name {
    case Operator.equal: return equality(left, right)
    case Operator.notEqual: return 1 - equality(left, right)
    case Operator.lessThan, Operator.lessThanOrEqual: return fraction(below: right, of: left) ?? fraction(above: left, of: right) ?? 1 / 3
    case Operator.greaterThan, Operator.greaterThanOrEqual:
      return fraction(above: right, of: left) ?? fraction(below: left, of: right) ?? 1 / 3
    case Operator.like, Operator.ilike: return 0.1
    default: return 0.5
    }
  }

  private static func equality(_ left: Expr<RemoteColumn>, _ right: Expr<RemoteColumn>) -> Double {
    let known = estimate(left) ?? estimate(right)
    if case .reference = left, case .constant(let value, _) = right, let share = known?.share(of: value) { return share }
    if case .constant(let value, _) = left, case .reference = right, let share = known?.share(of: value) { return share }
    return known?.distinct.map { 1 / max($0, 1) } ?? 0.1
  }

  private static func estimate(_ expression: Expr<RemoteColumn>) -> RemoteEstimate? {
    switch expression {
    case .reference(let column, _): column.estimate
    case .cast(let inner, _, _): estimate(inner)
    default: nil
    }
  }

  private static func fraction(below bound: Expr<RemoteColumn>, of column: Expr<RemoteColumn>) -> Double? {
    guard case .constant(let value, let type) = bound, case .reference(let reference, let columnType) = column,
      let known = reference.estimate, let x = value.magnitude(type), let low = known.low?.magnitude(columnType),
      let high = known.high?.magnitude(columnType), high > low
    else { return nil }
    return min(1, max(0.001, (x - low) / (high - low)))
  }

  private static func fraction(above bound: Expr<RemoteColumn>, of column: Expr<RemoteColumn>) -> Double? {
    fraction(below: bound, of: column).map { max(0.001, 1 - $0) }
  }
}

extension Constant {
  /// The place of a number or an instant on a line, for interpolation only.
  func magnitude(_ type: DataType) -> Double? {
    switch self {
    case .integer, .wide:
      guard let value = wideValue else { return nil }
      guard case .decimal(_, let scale) = type else { return Double(value) }
      return (0..<max(0, scale)).reduce(Double(value)) { number, _ in number / 10 }
    case .real(let value): return value.isFinite ? Double(value) : nil
    case .double(let value): return value.isFinite ? value : nil
    case .null, .boolean, .bytes, .sequence: return nil
    }
  }
}
