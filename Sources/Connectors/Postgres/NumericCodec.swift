/// The server's binary numeric: base-10000 digits.
///
///     0        2        4        6        8
///     ├ count  ┼ weight ┼ sign   ┼ dscale ┼ digit … (count times, each 0…9999, big-endian)
///
/// The value is Σ digit[i] · 10000^(weight − i). Signs: 0x0000 plus, 0x4000 minus, 0xC000 NaN, 0xD000 and 0xF000 the infinities.
enum NumericCodec {
  enum Failure: Error { case malformed, notANumber, infinite, tooLarge }

  /// value · 10^scale, rounded half away from zero, below 10^precision in magnitude.
  @inline(__always)
  static func scaled(_ p: UnsafePointer<UInt8>, _ length: Int, scale: Int, precision: Int) throws -> Int128 {
    guard length >= 8 else { throw Failure.malformed }
    let count = word(p), weight = word(p + 2), sign = UInt16(truncatingIfNeeded: word(p + 4))
    guard count >= 0, length == 8 + 2 * count else { throw Failure.malformed }
    guard sign == 0 || sign == 0x4000 else { throw sign == 0xC000 ? Failure.notANumber : Failure.infinite }
    if count == 0 { return 0 }
    let digits = p + 8
    // Up to 18 digits in all, and nothing below the scale: 64-bit arithmetic does.
    if precision <= 18 && weight >= -1 && (weight + 1) * 4 + scale <= 18, let value = short(digits, count, weight, scale) {
      if value < powers[precision] { return Int128(sign == 0 ? value : -value) }
      throw Failure.tooLarge
    }
    let value = try long(digits, count, weight, scale)
    guard value < widePower(precision) else { throw Failure.tooLarge }
    return sign == 0 ? value : -value
  }

  /// Columns of up to 18 digits of which up to four are below the point, as most amounts are: what takes one digit of base 10000 below the point
  /// and one or two above it needs no loop.
  struct Amounts {
    private let limit: Int64
    /// 10^scale and 10^(4 − scale), the latter also as ⌈2^26 / it⌉: a digit times that, shifted, is the quotient.
    private let above: Int64, below: Int64, reciprocal: Int64

    /// nil: no such column.
    init?(precision: Int, scale: Int) {
      guard precision <= 18, (0...4).contains(scale) else { return nil }
      limit = powers[precision]
      above = powers[scale]
      below = powers[4 - scale]
      reciprocal = (1 << 26 + below - 1) / below
    }

    /// value · 10^scale; nil: the general way has to say.
    @inline(__always)
    func scaled(_ p: UnsafePointer<UInt8>, _ length: Int) -> Int64? {
      guard length >= 8 else { return nil }
      let count = word(p), weight = word(p + 2), sign = word(p + 4)
      // a weight of −1, 0 or 1: the digit below the point has index 0, 1 or 2 and is the last
      guard length == 8 &+ 2 &* count, sign & ~0x4000 == 0, weight >= -1, weight <= 1, count <= weight &+ 2 else { return nil }
      if count == 0 { return 0 }
      var value: Int64 = 0
      if weight >= 0 { value = Int64(word(p + 8)) }
      if weight == 1 { value = value &* 10_000 &+ (count > 1 ? Int64(word(p + 10)) : 0) }
      value = value &* above
      if count == weight &+ 2 {
        let digit = Int64(word(p + 6 + 2 * count))
        let part = (digit &* reciprocal) &>> 26
        if part &* below != digit { return nil }
        value = value &+ part
      }
      if value < 0 || value >= limit { return nil }
      return sign == 0 ? value : -value
    }
  }

  /// nil: there are digits below the scale, which need rounding.
  @inline(__always)
  private static func short(_ digits: UnsafePointer<UInt8>, _ count: Int, _ weight: Int, _ scale: Int) -> Int64? {
    var value: Int64 = 0
    var i = 0
    while i <= weight {
      value = value &* 10_000
      if i < count { value = value &+ Int64(word(digits + 2 * i)) }
      i &+= 1
    }
    var left = scale
    while left >= 4 {
      value = value &* 10_000
      if i < count { value = value &+ Int64(word(digits + 2 * i)) }
      i &+= 1
      left &-= 4
    }
    if left > 0 {
      let digit = i < count ? Int64(word(digits + 2 * i)) : 0
      let below = powers[4 &- left]
      if digit % below != 0 { return nil }
      value = value &* powers[left] &+ digit / below
      i &+= 1
    }
    return i < count ? nil : value
  }

  private static func long(_ digits: UnsafePointer<UInt8>, _ count: Int, _ weight: Int, _ scale: Int) throws -> Int128 {
    // Leading and trailing digits may be anything; past 44 decimal places above or below it is an error or nothing.
    guard weight <= 12 else { throw Failure.tooLarge }
    var value: Int128 = 0
    func digit(_ i: Int) -> Int { i >= 0 && i < count ? word(digits + 2 * i) : 0 }
    func push(_ factor: Int128, _ addend: Int) throws {
      let (product, overflow) = value.multipliedReportingOverflow(by: factor)
      let (sum, carry) = product.addingReportingOverflow(Int128(addend))
      if overflow || carry { throw Failure.tooLarge }
      value = sum
    }
    if weight >= 0 { for i in 0...weight { try push(10_000, digit(i)) } }
    // The first fraction digit has index weight + 1; those before index 0 are zeros.
    let place = weight + 1
    var left = scale
    var group = 0
    while left > 0 {
      let current = digit(place + group)
      let take = min(left, 4)
      let below = Int(powers[4 - take])
      try push(Int128(powers[take]), current / below)
      left -= take
      if take < 4 {
        if current % below * 2 >= below { try push(1, 1) }
        return value
      }
      group += 1
    }
    if digit(place + group) >= 5000 { try push(1, 1) }
    return value
  }

  /// Appends the field of value · 10^-scale: length, then the layout above.
  static func append(_ value: Int128, scale: Int, to bytes: inout [UInt8]) {
    var magnitude = value.magnitude
    // Fraction digits come in fours: pad the scale up to a multiple.
    let padding = (4 - scale % 4) % 4
    var groups: [UInt16] = []
    if padding > 0 {
      let below = UInt128(powers[4 - padding])
      groups.append(UInt16(truncatingIfNeeded: magnitude % below * UInt128(powers[padding])))
      magnitude /= below
    }
    while magnitude > 0 {
      groups.append(UInt16(truncatingIfNeeded: magnitude % 10_000))
      magnitude /= 10_000
    }
    let fractionGroups = (scale + 3) / 4
    var weight = groups.count - fractionGroups - 1
    groups.reverse()
    while let first = groups.first, first == 0 {
      groups.removeFirst()
      weight -= 1
    }
    while let last = groups.last, last == 0 { groups.removeLast() }
    if groups.isEmpty { weight = 0 }
    bytes.appendBigEndian(Int32(truncatingIfNeeded: 8 + 2 * groups.count))
    bytes.appendBigEndian(Int16(truncatingIfNeeded: groups.count))
    bytes.appendBigEndian(Int16(truncatingIfNeeded: weight))
    bytes.appendBigEndian(UInt16(value < 0 && !groups.isEmpty ? 0x4000 : 0))
    bytes.appendBigEndian(Int16(truncatingIfNeeded: scale))
    for group in groups { bytes.appendBigEndian(group) }
  }

  @inline(__always) private static func word(_ p: UnsafePointer<UInt8>) -> Int {
    Int(Int16(bigEndian: UnsafeRawPointer(p).loadUnaligned(as: Int16.self)))
  }

  static let powers: [Int64] = (0...18).map { (0..<$0).reduce(Int64(1)) { power, _ in power * 10 } }
  static func widePower(_ exponent: Int) -> Int128 { (0..<min(max(exponent, 0), 38)).reduce(Int128(1)) { power, _ in power * 10 } }
}

extension [UInt8] {
  mutating func appendBigEndian<T: FixedWidthInteger>(_ value: T) { Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) } }
}
