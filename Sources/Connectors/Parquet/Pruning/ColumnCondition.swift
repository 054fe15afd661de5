import Values

/// What is asked of one top-level column, as pruning needs it: the value lies in one of some ranges, or is null where that is allowed.
/// Several conditions mean all of them.
package struct ColumnCondition: Sendable {
  package var column: Int
  /// Constants of the column's own type; empty: no value will do.
  package var ranges: [ConstantRange]
  package var allowsNull: Bool

  package init(column: Int, ranges: [ConstantRange], allowsNull: Bool = false) {
    self.column = column
    self.ranges = ranges
    self.allowsNull = allowsNull
  }

  package init(column: Int, values: [Constant], allowsNull: Bool = false) {
    self.init(column: column, ranges: values.map { ConstantRange(point: $0) }, allowsNull: allowsNull)
  }
}

/// Values between two bounds; a nil bound is none.
package struct ConstantRange: Sendable {
  package var low: Constant?
  package var high: Constant?
  package var includesLow: Bool
  package var includesHigh: Bool

  package init(low: Constant?, includesLow: Bool = true, high: Constant?, includesHigh: Bool = true) {
    self.low = low
    self.high = high
    self.includesLow = includesLow
    self.includesHigh = includesHigh
  }

  package init(point: Constant) { self.init(low: point, high: point) }

  /// The one value, if it is only one.
  package var point: Constant? { includesLow && includesHigh && low == high ? low : nil }

  /// Whether some value between `minimum` and `maximum` (both included) may lie in the range. Bounds that cannot be compared might.
  func overlaps(_ minimum: Constant, _ maximum: Constant) -> Bool {
    if let low, let order = Constant.order(maximum, low) {
      // NaN is in no statistics, and counts as the largest value where it counts at all
      let isOpenToNaN = high == nil && maximum.isFloating
      if !isOpenToNaN && (order < 0 || (order == 0 && !includesLow)) { return false }
    }
    if let high, let order = Constant.order(minimum, high), order > 0 || (order == 0 && !includesHigh) { return false }
    return true
  }
}

extension Constant {
  /// Negative, zero or positive; nil for NaN and for constants of different kinds.
  static func order(_ a: Constant, _ b: Constant) -> Int? {
    switch (a, b) {
    case (.boolean(let x), .boolean(let y)): return (x ? 1 : 0) - (y ? 1 : 0)
    case (.real(let x), .real(let y)): return order(Double(x), Double(y))
    case (.double(let x), .double(let y)): return order(x, y)
    case (.bytes(let x), .bytes(let y)):
      if x.lexicographicallyPrecedes(y) { return -1 }
      return x == y ? 0 : 1
    case (.integer, _), (.wide, _):
      guard let x = a.wideValue, let y = b.wideValue else { return nil }
      return x < y ? -1 : x == y ? 0 : 1
    default: return nil
    }
  }

  private static func order(_ x: Double, _ y: Double) -> Int? { x < y ? -1 : x > y ? 1 : x == y ? 0 : nil }

  var isFloating: Bool {
    switch self {
    case .real, .double: true
    case .null, .boolean, .integer, .wide, .bytes, .sequence: false
    }
  }
}
