import Expressions
import Values

/// Guesses of how many rows a filter leaves: from distinct counts, null fractions, frequent values and histograms where they are known.
///
/// The constants for the unknown are the customary ones (equality 1/10, range 1/3, pattern 1/10).
enum Selectivity {
  static func of(_ predicate: Expr<RemoteColumn>) -> Double {
    switch predicate {
    case .and(let all): return of(all)
    case .or(let any): return 1 - any.reduce(1) { $0 * (1 - of($1)) }
    case .not(let inner): return 1 - of(inner)
    case .constant(.boolean(let value), _): return value ? 1 : 0
    case .isNull(let inner): return estimate(inner)?.nullFraction ?? 0.05
    case .among(let value, let list): return min(1, list.reduce(0) { $0 + equality(value, $1) })
    case .call(let id, let arguments, _) where arguments.count >= 2: return comparison(id.name, arguments[0], arguments[1])
    default: return 0.5
    }
  }

  /// Of conditions that must all hold. Two that bound one column are one range; others count as independent.
  static func of(_ conjuncts: [Expr<RemoteColumn>]) -> Double {
    var selectivity = 1.0
    var ranges: [RemoteColumn: Range] = [:]
    for conjunct in conjuncts {
      if let (column, range) = Range.of(conjunct) {
        ranges[column] = ranges[column]?.intersected(range) ?? range
      } else {
        selectivity *= of(conjunct)
      }
    }
    return ranges.values.reduce(selectivity) { $0 * $1.share }
  }

  private static func comparison(_ name: String, _ left: Expr<RemoteColumn>, _ right: Expr<RemoteColumn>) -> Double {
    typealias Operator = FunctionID.Operator
    switch name {
    case Operator.equal: return equality(left, right)
    case Operator.notEqual: return 1 - equality(left, right)
    case Operator.lessThan, Operator.lessThanOrEqual, Operator.greaterThan, Operator.greaterThanOrEqual:
      return Range.of(name, left, right)?.1.share ?? 1 / 3
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

  /// Rows of a column between two places, as shares of all rows below each.
  private struct Range {
    var low: Double?, high: Double?
    /// Shares of the rows that have a value, and that have one of its values on average.
    let present: Double, single: Double

    /// What one comparison with a constant bounds; nil: it does not, or nothing is known of the column.
    static func of(_ conjunct: Expr<RemoteColumn>) -> (RemoteColumn, Range)? {
      guard case .call(let id, let arguments, _) = conjunct, arguments.count == 2 else { return nil }
      return of(id.name, arguments[0], arguments[1])
    }

    static func of(_ name: String, _ left: Expr<RemoteColumn>, _ right: Expr<RemoteColumn>) -> (RemoteColumn, Range)? {
      typealias Operator = FunctionID.Operator
      var isUpper: Bool
      switch name {
      case Operator.lessThan, Operator.lessThanOrEqual: isUpper = true
      case Operator.greaterThan, Operator.greaterThanOrEqual: isUpper = false
      default: return nil
      }
      var sides = (left, right)
      if case .constant = left {
        sides = (right, left)
        isUpper.toggle()
      }
      guard case .reference(let column, let type) = sides.0, case .constant(let value, let valueType) = sides.1,
        let known = column.estimate,
        let place = value.magnitude(valueType), let below = known.share(below: place, type)
      else { return nil }
      let single = known.distinct.map { 1 / max($0, 1) } ?? 0.001
      return (
        column, Range(low: isUpper ? nil : below, high: isUpper ? below : nil, present: 1 - (known.nullFraction ?? 0), single: single)
      )
    }

    func intersected(_ other: Range) -> Range {
      Range(
        low: [low, other.low].compactMap(\.self).max(), high: [high, other.high].compactMap(\.self).min(), present: present, single: single)
    }

    /// Never nothing: values beyond the bounds may have come since the statistics were taken.
    var share: Double {
      let least = low == nil || high == nil ? max(single, 0.001) : single
      return min(1, max(least, (high ?? present) - (low ?? 0)))
    }
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
