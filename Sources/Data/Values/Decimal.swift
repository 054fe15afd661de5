/// Arithmetic of scaled integers: a decimal(p,s) value is a whole number of 10^-s.
public enum Decimal {
  /// 10^0 … 10^38.
  public static let powers: [Int128] = {
    var all: [Int128] = [1]
    for _ in 0..<38 { all.append(all[all.count - 1] * 10) }
    return all
  }()

  /// 10^exponent; nil beyond 38.
  @inlinable public static func power(_ exponent: Int) -> Int128? { exponent >= 0 && exponent <= 38 ? powers[exponent] : nil }

  /// Whether the value has at most `precision` digits.
  @inlinable public static func fits(_ value: Int128, precision: Int) -> Bool {
    value.magnitude < powers[min(precision, 38)].magnitude
  }

  /// The value at another scale, rounded half away from zero; nil where it leaves 128 bits.
  public static func rescaled(_ value: Int128, from scale: Int, to target: Int) -> Int128? {
    if target >= scale {
      guard let factor = power(target - scale) else { return value == 0 ? 0 : nil }
      let (result, overflow) = value.multipliedReportingOverflow(by: factor)
      return overflow ? nil : result
    }
    guard let divisor = power(scale - target) else { return 0 }
    return dividedRounding(value, by: divisor)
  }

  /// `value / divisor` rounded half away from zero. `divisor` is not 0 (nor is the quotient -2^127).
  @inlinable public static func dividedRounding(_ value: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude &* 2
    // |remainder| < |divisor| <= 10^38 < 2^127
    guard twice >= divisor.magnitude else { return quotient }
    return (value < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
  }

  /// `a * b / divisor` rounded half away from zero, through 256 bits; nil where the result leaves 128 bits.
  public static func multiplied(_ a: Int128, _ b: Int128, dividedBy divisor: Int128) -> Int128? {
    let (high, low) = a.magnitude.multipliedFullWidth(by: b.magnitude)
    let isNegative = ((a < 0) != (b < 0)) != (divisor < 0)
    let d = divisor.magnitude
    guard high < d else { return nil }
    let (whole, remainder) = high == 0 ? low.quotientAndRemainder(dividingBy: d) : d.dividingFullWidth((high, low))
    var quotient = whole
    if remainder >= d - remainder {
      let (next, overflow) = quotient.addingReportingOverflow(1)
      if overflow { return nil }
      quotient = next
    }
    guard quotient <= UInt128(Int128.max) else { return nil }
    return isNegative ? -Int128(quotient) : Int128(quotient)
  }

  // MARK: Result types

  /// How decimal arithmetic chooses precision and scale. `current` keeps as many digits as 38 allow (Trino 2026, SQL Server's rules);
  /// `legacy` is Presto's and older Trino's.
  public enum Rules: Sendable { case current, legacy }

  public static func sum(_ p: Int, _ s: Int, _ q: Int, _ t: Int, _ rules: Rules = .current) -> DataType {
    let scale = max(s, t), whole = max(p - s, q - t)
    if rules == .legacy || whole + scale < 38 { return .decimal(precision: min(38, whole + scale + 1), scale: scale) }
    // no place is kept for the carry: sum(a) - sum(b) of decimal(38, 2) has two digits after the point
    return .decimal(precision: 38, scale: min(scale, 38 - whole))
  }

  public static func product(_ p: Int, _ s: Int, _ q: Int, _ t: Int, _ rules: Rules = .current) -> DataType? {
    if rules == .legacy { return s + t <= 38 ? .decimal(precision: min(38, p + q), scale: s + t) : nil }
    return capped(whole: p + q - s - t, scale: s + t)
  }

  public static func quotient(_ p: Int, _ s: Int, _ q: Int, _ t: Int, _ rules: Rules = .current) -> DataType {
    if rules == .legacy { return .decimal(precision: min(38, p + t + max(t - s, 0)), scale: max(s, t)) }
    return capped(whole: p - s + t, scale: max(6, s + q + 1))
  }

  public static func remainder(_ p: Int, _ s: Int, _ q: Int, _ t: Int) -> DataType {
    .decimal(precision: min(p - s, q - t) + max(s, t), scale: max(s, t))
  }

  private static func capped(whole: Int, scale: Int) -> DataType {
    if whole + scale <= 38 { return .decimal(precision: max(1, whole + scale), scale: scale) }
    return .decimal(precision: 38, scale: min(scale, whole > 32 ? 6 : 38 - whole))
  }
}
