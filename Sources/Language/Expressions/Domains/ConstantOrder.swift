import Values

/// The order of constants of one type, and of intervals between them.
enum ConstantOrder {
  /// Negative, zero, positive. Constants that have no order are alike.
  static func compare(_ a: Constant, _ b: Constant, _ type: DataType) -> Int {
    switch (a, b) {
    case (.boolean(let x), .boolean(let y)): return (x ? 1 : 0) - (y ? 1 : 0)
    case (.integer(let x), .integer(let y)): return x < y ? -1 : x > y ? 1 : 0
    case (.real(let x), .real(let y)): return x < y ? -1 : x > y ? 1 : 0
    case (.double(let x), .double(let y)): return x < y ? -1 : x > y ? 1 : 0
    case (.bytes(let x), .bytes(let y)):
      if x == y { return 0 }
      return x.lexicographicallyPrecedes(y) ? -1 : 1
    default:
      guard let x = a.wideValue, let y = b.wideValue else { return 0 }
      switch type {
      case .timestampWithTimeZone, .timeWithTimeZone: return x >> 16 < y >> 16 ? -1 : x >> 16 > y >> 16 ? 1 : 0
      default: return x < y ? -1 : x > y ? 1 : 0
      }
    }
  }

  static func compareLows(_ a: Domain.Interval, _ b: Domain.Interval, _ type: DataType) -> Int {
    guard let x = a.low else { return b.low == nil ? 0 : -1 }
    guard let y = b.low else { return 1 }
    let order = compare(x, y, type)
    return order != 0 ? order : (a.isLowIncluded ? 0 : 1) - (b.isLowIncluded ? 0 : 1)
  }

  static func compareHighs(_ a: Domain.Interval, _ b: Domain.Interval, _ type: DataType) -> Int {
    guard let x = a.high else { return b.high == nil ? 0 : 1 }
    guard let y = b.high else { return -1 }
    let order = compare(x, y, type)
    return order != 0 ? order : (a.isHighIncluded ? 1 : 0) - (b.isHighIncluded ? 1 : 0)
  }

  /// No value of `a` is as high as any of `b`.
  static func endsBefore(_ a: Domain.Interval, _ b: Domain.Interval, _ type: DataType) -> Bool {
    guard let end = a.high, let start = b.low else { return false }
    let order = compare(end, start, type)
    return order < 0 || (order == 0 && !(a.isHighIncluded && b.isLowIncluded))
  }

  /// `b` begins inside `a` or right where it ends.
  static func touches(_ a: Domain.Interval, _ b: Domain.Interval, _ type: DataType) -> Bool {
    guard let end = a.high, let start = b.low else { return true }
    let order = compare(end, start, type)
    return order > 0 || (order == 0 && (a.isHighIncluded || b.isLowIncluded))
  }

  static func intersection(_ a: Domain.Interval, _ b: Domain.Interval, _ type: DataType) -> Domain.Interval? {
    if endsBefore(a, b, type) || endsBefore(b, a, type) { return nil }
    let low = compareLows(a, b, type) >= 0 ? a : b, high = compareHighs(a, b, type) <= 0 ? a : b
    return Domain.Interval(low: low.low, isLowIncluded: low.isLowIncluded, high: high.high, isHighIncluded: high.isHighIncluded)
  }
}
