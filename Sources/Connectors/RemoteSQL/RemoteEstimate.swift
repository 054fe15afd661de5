import Values

/// What is known of a column's values, all of it estimates.
public struct RemoteEstimate: Hashable, Sendable, Codable {
  public var distinct: Double?
  /// 0...1.
  public var nullFraction: Double?
  public var low: Constant?
  public var high: Constant?
  /// Average bytes of a value.
  public var width: Double?
  /// The most frequent values, each with its share of the rows.
  public var common: [Constant: Double]
  /// Ascending bounds between which equally many of the other rows lie, from the least value to the greatest; empty: unknown.
  public var histogram: [Constant]

  public init(
    distinct: Double? = nil, nullFraction: Double? = nil, low: Constant? = nil, high: Constant? = nil, width: Double? = nil,
    common: [Constant: Double] = [:], histogram: [Constant] = []
  ) {
    self.distinct = distinct
    self.nullFraction = nullFraction
    self.low = low
    self.high = high
    self.width = width
    self.common = common
    self.histogram = histogram
  }

  /// The share of rows that hold the value; nil: nothing is known.
  func share(of value: Constant) -> Double? {
    if let share = common[value] { return share }
    guard let distinct else { return nil }
    // What the frequent values leave, spread evenly over the others.
    let left = max(0, 1 - common.values.reduce(nullFraction ?? 0, +))
    let others = distinct - Double(common.count)
    return others >= 1 ? left / others : min(left, 1 / max(distinct, 1))
  }

  /// The share of rows that hold less than `x` on the line where values of `type` lie; nil: nothing is known.
  func share(below x: Double, _ type: DataType) -> Double? {
    var frequent = 0.0, frequentBelow = 0.0
    for (value, share) in common {
      frequent += share
      if let place = value.magnitude(type), place < x { frequentBelow += share }
    }
    let others = max(0, 1 - (nullFraction ?? 0) - frequent)
    let bounds = histogram.count > 1 ? histogram : [low, high].compactMap(\.self)
    let places = bounds.compactMap { $0.magnitude(type) }
    guard places.count > 1, let least = places.first, let greatest = places.last, greatest > least else {
      return frequent > 0.99 * (1 - (nullFraction ?? 0)) ? frequentBelow : nil
    }
    if x <= least { return frequentBelow }
    if x >= greatest { return frequentBelow + others }
    let next = places.firstIndex { $0 >= x } ?? places.count - 1
    let from = places[max(0, next - 1)], to = places[next]
    let within = to > from ? (x - from) / (to - from) : 1
    return frequentBelow + others * (Double(next - 1) + within) / Double(places.count - 1)
  }
}
