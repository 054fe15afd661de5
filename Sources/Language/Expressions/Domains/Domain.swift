import Values

/// The values an expression may have: intervals of an ordered type, ascending and disjoint, and perhaps null. What pruning, statistics and
/// dynamic filters ask of a predicate. It may allow more than the predicate does, never less.
public struct Domain: Hashable, Sendable {
  public let type: DataType
  public private(set) var intervals: [Interval]
  public var allowsNull: Bool

  /// A bound that is nil is open to that side. NaN lies in no interval but the one without bounds.
  public struct Interval: Hashable, Sendable {
    public var low: Constant?
    public var isLowIncluded: Bool
    public var high: Constant?
    public var isHighIncluded: Bool

    public init(low: Constant?, isLowIncluded: Bool = true, high: Constant?, isHighIncluded: Bool = true) {
      self.low = low
      self.isLowIncluded = isLowIncluded
      self.high = high
      self.isHighIncluded = isHighIncluded
    }

    public static let all = Interval(low: nil, high: nil)
    public static func only(_ value: Constant) -> Interval { Interval(low: value, high: value) }

    /// The one value it holds.
    public var single: Constant? { low != nil && low == high && isLowIncluded && isHighIncluded ? low : nil }
  }

  init(_ type: DataType, _ intervals: [Interval], allowsNull: Bool) {
    self.type = type
    self.intervals = intervals
    self.allowsNull = allowsNull
  }

  public static func all(_ type: DataType) -> Domain { Domain(type, [.all], allowsNull: true) }
  public static func none(_ type: DataType) -> Domain { Domain(type, [], allowsNull: false) }
  public static func notNull(_ type: DataType) -> Domain { Domain(type, [.all], allowsNull: false) }
  public static func onlyNull(_ type: DataType) -> Domain { Domain(type, [], allowsNull: true) }

  /// Any of the values; nulls and NaN among them count for nothing.
  public static func values(_ values: [Constant], _ type: DataType) -> Domain {
    let known = values.filter { !$0.isNull && !$0.isNaN }
    let sorted = known.sorted { ConstantOrder.compare($0, $1, type) < 0 }
    var intervals: [Interval] = []
    for value in sorted where intervals.last?.low.map({ ConstantOrder.compare($0, value, type) != 0 }) ?? true {
      intervals.append(.only(value))
    }
    return Domain(type, intervals, allowsNull: false)
  }

  public static func interval(_ interval: Interval, _ type: DataType) -> Domain { Domain(type, [interval], allowsNull: false) }

  public var isAll: Bool { allowsNull && intervals == [.all] }
  public var isNone: Bool { !allowsNull && intervals.isEmpty }

  /// The values, if there are finitely many: one each.
  public var discreteValues: [Constant]? {
    let values = intervals.compactMap(\.single)
    return values.count == intervals.count ? values : nil
  }

  /// From the lowest to the highest bound; nil where nothing but null is allowed.
  public var span: Interval? {
    guard let first = intervals.first, let last = intervals.last else { return nil }
    return Interval(low: first.low, isLowIncluded: first.isLowIncluded, high: last.high, isHighIncluded: last.isHighIncluded)
  }

  public func contains(_ value: Constant) -> Bool {
    if value.isNull { return allowsNull }
    if value.isNaN { return intervals == [.all] }
    return overlaps(low: value, high: value)
  }

  /// Whether a value between the bounds (inclusive; nil: unknown) may be in the domain. What a row group's statistics are asked.
  public func overlaps(low: Constant?, high: Constant?) -> Bool {
    let other = Interval(low: low, high: high)
    // the first interval that does not end before the bounds begin
    var first = 0, last = intervals.count
    while first < last {
      let middle = (first + last) / 2
      if ConstantOrder.endsBefore(intervals[middle], other, type) { first = middle + 1 } else { last = middle }
    }
    return first < intervals.count && !ConstantOrder.endsBefore(other, intervals[first], type)
  }

  // MARK: Sets

  public func intersection(_ other: Domain) -> Domain {
    var result: [Interval] = []
    var i = 0, j = 0
    while i < intervals.count && j < other.intervals.count {
      let a = intervals[i], b = other.intervals[j]
      if let both = ConstantOrder.intersection(a, b, type) { result.append(both) }
      if ConstantOrder.compareHighs(a, b, type) <= 0 { i += 1 } else { j += 1 }
    }
    return Domain(type, result, allowsNull: allowsNull && other.allowsNull)
  }

  public func union(_ other: Domain) -> Domain {
    let sorted = (intervals + other.intervals).sorted { ConstantOrder.compareLows($0, $1, type) < 0 }
    var result: [Interval] = []
    for interval in sorted {
      if let last = result.last, ConstantOrder.touches(last, interval, type) {
        if ConstantOrder.compareHighs(last, interval, type) < 0 {
          result[result.count - 1].high = interval.high
          result[result.count - 1].isHighIncluded = interval.isHighIncluded
        }
      } else {
        result.append(interval)
      }
    }
    return Domain(type, result, allowsNull: allowsNull || other.allowsNull)
  }

  /// Every value that is not in the domain; null if it is not.
  public var complement: Domain {
    var result: [Interval] = []
    var low: Constant?, isLowIncluded = true
    for interval in intervals {
      if let end = interval.low {
        result.append(Interval(low: low, isLowIncluded: isLowIncluded, high: end, isHighIncluded: !interval.isLowIncluded))
      }
      guard let next = interval.high else { return Domain(type, result, allowsNull: !allowsNull) }
      low = next
      isLowIncluded = !interval.isHighIncluded
    }
    result.append(Interval(low: low, isLowIncluded: isLowIncluded, high: nil))
    return Domain(type, result, allowsNull: !allowsNull)
  }
}

extension Constant {
  var isNaN: Bool {
    switch self {
    case .double(let value): value.isNaN
    case .real(let value): value.isNaN
    case .null, .boolean, .integer, .wide, .bytes, .sequence: false
    }
  }
}
