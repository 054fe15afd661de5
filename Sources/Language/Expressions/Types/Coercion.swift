import Values

/// Which types turn into which others by themselves, and what two types have in common. The one table of implicit conversions: the resolver,
/// set operations, CASE, IN and comparisons all ask here. What CAST can do is wider: see `canCast`.
public enum Coercion {
  /// Whether a value of `from` may stand where `to` is wanted, without a CAST in the text.
  public static func canCoerce(_ from: DataType, to: DataType) -> Bool { distance(from, to: to) != nil }

  /// The narrowest type both convert to; nil when there is none.
  public static func commonType(_ a: DataType, _ b: DataType) -> DataType? {
    if a == b { return a }
    switch (a, b) {
    case (.unknown, _): return b
    case (_, .unknown): return a
    case (.decimal(let p, let s), .decimal(let q, let t)):
      let scale = max(s, t)
      return .decimal(precision: min(38, max(p - s, q - t) + scale), scale: scale)
    case (.varchar(let n), .varchar(let m)): return .varchar(length: longer(n, m))
    case (.char(let n), .char(let m)): return .char(length: max(n, m))
    case (.char(let n), .varchar(let m)), (.varchar(let m), .char(let n)): return .varchar(length: longer(n, m))
    case (.time(let p), .time(let q)): return .time(precision: max(p, q))
    case (.timeWithTimeZone(let p), .timeWithTimeZone(let q)), (.time(let p), .timeWithTimeZone(let q)),
      (.timeWithTimeZone(let p), .time(let q)):
      return .timeWithTimeZone(precision: max(p, q))
    case (.timestamp(let p), .timestamp(let q)): return .timestamp(precision: max(p, q))
    case (.date, .timestamp), (.date, .timestampWithTimeZone): return b
    case (.timestamp, .date), (.timestampWithTimeZone, .date): return a
    case (.timestampWithTimeZone(let p), .timestampWithTimeZone(let q)), (.timestamp(let p), .timestampWithTimeZone(let q)),
      (.timestampWithTimeZone(let p), .timestamp(let q)):
      return .timestampWithTimeZone(precision: max(p, q))
    case (.array(let x), .array(let y)): return commonType(x, y).map { .array($0) }
    case (.map(let k, let v), .map(let l, let w)):
      guard let key = commonType(k, l), let value = commonType(v, w) else { return nil }
      return .map(key: key, value: value)
    case (.row(let x), .row(let y)):
      guard x.count == y.count else { return nil }
      var fields: [DataType.Field] = []
      for (left, right) in zip(x, y) {
        guard let type = commonType(left.type, right.type) else { return nil }
        fields.append(DataType.Field(left.name == right.name ? left.name : nil, type))
      }
      return .row(fields)
    default:
      guard let left = numericRank(a), let right = numericRank(b) else { return nil }
      let (low, high) = left <= right ? (a, b) : (b, a)
      if case .decimal = high, let whole = digits(of: low) { return commonType(.decimal(precision: whole, scale: 0), high) }
      return high
    }
  }

  /// How far `to` is from `from`: 0 for the same type, small numbers for the same type with other parameters, tens for every step of the
  /// numeric tower; nil when there is no implicit conversion. The resolver adds these up.
  static func distance(_ from: DataType, to: DataType) -> Int? {
    if from == to { return 0 }
    switch (from, to) {
    case (.unknown, .function): return nil
    case (.unknown, _): return 1
    case (.decimal(let p, let s), .decimal(let q, let t)): return t >= s && q - t >= p - s ? 1 : nil
    case (.varchar(let n), .varchar(let m)): return isAtLeast(m, n) ? 1 : nil
    case (.char(let n), .char(let m)): return m >= n ? 1 : nil
    case (.char(let n), .varchar(let m)): return isAtLeast(m, n) ? 2 : nil
    case (.time(let p), .time(let q)), (.timeWithTimeZone(let p), .timeWithTimeZone(let q)): return q >= p ? 1 : nil
    case (.time(let p), .timeWithTimeZone(let q)): return q >= p ? 10 : nil
    case (.timestamp(let p), .timestamp(let q)), (.timestampWithTimeZone(let p), .timestampWithTimeZone(let q)): return q >= p ? 1 : nil
    case (.timestamp(let p), .timestampWithTimeZone(let q)): return q >= p ? 10 : nil
    case (.date, .timestamp): return 10
    case (.date, .timestampWithTimeZone): return 20
    case (.array(let x), .array(let y)): return distance(x, to: y)
    case (.map(let k, let v), .map(let l, let w)):
      guard let keys = distance(k, to: l), let values = distance(v, to: w) else { return nil }
      return keys + values
    case (.row(let x), .row(let y)):
      guard x.count == y.count else { return nil }
      var sum = 1
      for (left, right) in zip(x, y) {
        guard let step = distance(left.type, to: right.type) else { return nil }
        sum += step
      }
      return sum
    default:
      guard let left = numericRank(from), let right = numericRank(to), left < right else { return nil }
      if case .decimal(let precision, let scale) = to, let whole = digits(of: from), precision - scale < whole { return nil }
      return (right - left) * 10
    }
  }

  /// Place in the numeric tower.
  private static func numericRank(_ type: DataType) -> Int? {
    switch type {
    case .tinyint: 0
    case .smallint: 1
    case .integer: 2
    case .bigint: 3
    case .decimal: 4
    case .real: 5
    case .double: 6
    default: nil
    }
  }

  /// Decimal digits that hold every value of an integer type.
  static func digits(of type: DataType) -> Int? {
    switch type {
    case .tinyint: 3
    case .smallint: 5
    case .integer: 10
    case .bigint: 19
    default: nil
    }
  }

  private static func longer(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return nil }
    return max(a, b)
  }

  private static func isAtLeast(_ a: Int?, _ b: Int?) -> Bool {
    guard let a else { return true }
    return b.map { a >= $0 } ?? false
  }
}
