import Expressions
import Values
import Vectors

/// Exact decimal arithmetic. Operands and results lie in 64 bits while their precision proves that they fit, else in 128; an operation whose
/// exact result might need more than 38 digits is checked.
///
/// Result types follow Trino (2026): where precision is capped at 38, scale gives way to the digits before the point.
enum DecimalArithmetic {
  static func sum(_ a: DataType, _ b: DataType) -> DataType? {
    guard case .decimal(let p, let s) = a, case .decimal(let q, let r) = b else { return nil }
    let scale = max(s, r), whole = max(p - s, q - r) + 1
    return capped(whole + scale, scale, whole: whole)
  }

  static func product(_ a: DataType, _ b: DataType) -> DataType? {
    guard case .decimal(let p, let s) = a, case .decimal(let q, let r) = b else { return nil }
    return capped(p + q, s + r, whole: (p - s) + (q - r))
  }

  static func quotient(_ a: DataType, _ b: DataType) -> DataType? {
    guard case .decimal(let p, let s) = a, case .decimal(let q, let r) = b else { return nil }
    let scale = max(6, s + q + 1)
    return capped(p - s + r + scale, scale, whole: p - s + r)
  }

  static func remainder(_ a: DataType, _ b: DataType) -> DataType? {
    guard case .decimal(let p, let s) = a, case .decimal(let q, let r) = b else { return nil }
    let scale = max(s, r)
    return .decimal(precision: min(38, min(p - s, q - r) + scale), scale: scale)
  }

  private static func capped(_ precision: Int, _ scale: Int, whole: Int) -> DataType {
    if precision <= 38 { return .decimal(precision: max(precision, 1), scale: scale) }
    return .decimal(precision: 38, scale: min(scale, whole > 32 ? 6 : 38 - whole))
  }

  /// 10 to the n, 0...38.
  static func power(_ n: Int) -> Int128 {
    var result: Int128 = 1
    for _ in 0..<min(max(n, 0), 38) { result *= 10 }
    return result
  }

  static let limit = power(38)

  static func overflow() -> PrestoError { PrestoError(.numericValueOutOfRange, "Decimal overflow") }

  @inline(__always) static func checked(_ x: Int128) throws -> Int128 {
    if x >= limit || x <= -limit { throw overflow() }
    return x
  }

  @inline(__always) static func times(_ a: Int128, _ b: Int128) throws -> Int128 {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { throw Self.overflow() }
    return result
  }

  /// Half away from zero.
  static func rounded(_ x: Int128, dividedBy divisor: Int128) -> Int128 {
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude &* 2
    if twice >= divisor.magnitude { return (x < 0) == (divisor < 0) ? quotient + 1 : quotient - 1 }
    return quotient
  }

  /// `a * factor / divisor` rounded half away from zero, exact though the product may need 256 bits.
  static func scaledQuotient(_ a: Int128, _ factor: Int128, _ divisor: Int128) throws -> Int128 {
    if divisor == 0 { throw PrestoError(.divisionByZero, "Division by zero") }
    let (high, low) = a.magnitude.multipliedFullWidth(by: factor.magnitude)
    let d = divisor.magnitude
    if high >= d { throw overflow() }
    var (quotient, remainder) = d.dividingFullWidth((high, low))
    if remainder >= d - remainder { quotient += 1 }
    if quotient >= UInt128(limit) { throw overflow() }
    return (a < 0) == (divisor < 0) ? Int128(quotient) : -Int128(quotient)
  }
}

extension Function {
  private static func decimalOperator(
    _ name: String, _ summary: String, _ type: @escaping @Sendable (DataType, DataType) -> DataType?,
    _ make: @escaping @Sendable (_ a: DataType, _ b: DataType, _ result: DataType) -> ScalarKernel?
  ) -> Function {
    var signature = Signature("(decimal(p,s), decimal(q,r)) -> decimal(38,0)")
    signature.result = { types in types.count == 2 ? type(types[0], types[1]) : nil }
    signature.resultText = "decimal"
    return Function(name, .scalar, signature, summary, .scalar { types, result in make(types[0], types[1], result) })
  }

  static let decimalArithmetic: [Function] = [
    decimalOperator(Operator.add, "Sum", DecimalArithmetic.sum) { a, b, result in sumKernel(a, b, result, sign: 1) },
    decimalOperator(Operator.subtract, "Difference", DecimalArithmetic.sum) { a, b, result in sumKernel(a, b, result, sign: -1) },
    decimalOperator(Operator.multiply, "Product", DecimalArithmetic.product, productKernel),
    decimalOperator(Operator.divide, "Quotient", DecimalArithmetic.quotient, quotientKernel),
    decimalOperator(Operator.modulus, "Remainder", DecimalArithmetic.remainder, remainderKernel),
    .family(Operator.negate, "(decimal(p,s)) -> decimal(p,s)", "Negation") { types in
      types[0].layout == .int64
        ? .scalar("negate", "") { (x: Int64) in 0 &- x }.returning(types[0]) : .scalar("negate", "") { (x: Int128) in 0 &- x }.returning(types[0])
    },
  ]

  /// How both operands come to the result's scale; a capped scale drops digits after the exact sum.
  private static func sumKernel(_ a: DataType, _ b: DataType, _ result: DataType, sign: Int64) -> ScalarKernel? {
    guard case .decimal(_, let s) = a, case .decimal(_, let r) = b, case .decimal(let precision, let scale) = result else { return nil }
    let common = max(s, r)
    if a.layout == .int64 && b.layout == .int64 && result.layout == .int64 {
      // results of at most 18 digits: nothing can overflow
      let x = Int64(DecimalArithmetic.power(common - s)), y = Int64(DecimalArithmetic.power(common - r)) * sign
      if x == 1 && y == 1 { return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (a: Int64, b: Int64) in a &+ b } } }
      if x == 1 && y == -1 { return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (a: Int64, b: Int64) in a &- b } } }
      return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (a: Int64, b: Int64) in a &* x &+ b &* y } }
    }
    let x = DecimalArithmetic.power(common - s), y = DecimalArithmetic.power(common - r) * Int128(sign)
    if precision < 38 {
      // at most 37 digits before the cap: exact in 128 bits
      return mixed(a, b, result) { p, q in p &* x &+ q &* y }
    }
    let drop = DecimalArithmetic.power(common - scale)
    return mixed(a, b, result) { p, q in
      let left = try DecimalArithmetic.times(p, x), right = try DecimalArithmetic.times(q, y)
      let (sum, overflow) = left.addingReportingOverflow(right)
      if overflow { throw DecimalArithmetic.overflow() }
      return try DecimalArithmetic.checked(drop == 1 ? sum : DecimalArithmetic.rounded(sum, dividedBy: drop))
    }
  }

  private static func productKernel(_ a: DataType, _ b: DataType, _ result: DataType) -> ScalarKernel? {
    guard case .decimal(_, let s) = a, case .decimal(_, let r) = b, case .decimal(let precision, let scale) = result else { return nil }
    if a.layout == .int64 && b.layout == .int64 {
      if result.layout == .int64 {
        return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (a: Int64, b: Int64) in a &* b } }
      }
      if scale == s + r {
        return { v, rows, _ in
          try ScalarLoop.binary(v[0], v[1], rows, result) { (a: Int64, b: Int64) -> Int128 in
            let (high, low) = a.multipliedFullWidth(by: b)
            return Int128(high) &<< 64 | Int128(low)
          }
        }
      }
    }
    if precision < 38 { return mixed(a, b, result) { p, q in p &* q } }
    let drop = DecimalArithmetic.power(s + r - scale)
    if drop == 1 { return mixed(a, b, result) { p, q in try DecimalArithmetic.checked(try DecimalArithmetic.times(p, q)) } }
    return mixed(a, b, result) { p, q in try DecimalArithmetic.scaledQuotient(p, q, drop) }
  }

  private static func quotientKernel(_ a: DataType, _ b: DataType, _ result: DataType) -> ScalarKernel? {
    guard case .decimal(_, let s) = a, case .decimal(_, let r) = b, case .decimal(_, let scale) = result else { return nil }
    let shift = scale - s + r
    if shift < 0 {
      let divisor = DecimalArithmetic.power(-shift)
      return mixed(a, b, result) { p, q in try DecimalArithmetic.scaledQuotient(p, 1, try DecimalArithmetic.times(q, divisor)) }
    }
    if shift <= 38 {
      let factor = DecimalArithmetic.power(shift)
      return mixed(a, b, result) { p, q in try DecimalArithmetic.scaledQuotient(p, factor, q) }
    }
    let factor = DecimalArithmetic.power(38), rest = DecimalArithmetic.power(shift - 38)
    return mixed(a, b, result) { p, q in try DecimalArithmetic.scaledQuotient(try DecimalArithmetic.times(p, rest), factor, q) }
  }

  private static func remainderKernel(_ a: DataType, _ b: DataType, _ result: DataType) -> ScalarKernel? {
    guard case .decimal(_, let s) = a, case .decimal(_, let r) = b else { return nil }
    let common = max(s, r)
    let x = DecimalArithmetic.power(common - s), y = DecimalArithmetic.power(common - r)
    return mixed(a, b, result) { p, q in
      if q == 0 { throw PrestoError(.divisionByZero, "Division by zero") }
      return try DecimalArithmetic.times(p, x) % (try DecimalArithmetic.times(q, y))
    }
  }

  /// A kernel over 128-bit values, whatever the operands' and the result's widths.
  private static func mixed(
    _ a: DataType, _ b: DataType, _ result: DataType, _ body: @escaping @Sendable (Int128, Int128) throws -> Int128
  ) -> ScalarKernel {
    let isNarrow = result.layout == .int64
    switch (a.layout == .int64, b.layout == .int64) {
    case (true, true):
      if isNarrow {
        return { v, rows, _ in
          try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int64, q: Int64) in Int64(truncatingIfNeeded: try body(Int128(p), Int128(q))) }
        }
      }
      return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int64, q: Int64) in try body(Int128(p), Int128(q)) } }
    case (true, false):
      if isNarrow {
        return { v, rows, _ in
          try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int64, q: Int128) in Int64(truncatingIfNeeded: try body(Int128(p), q)) }
        }
      }
      return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int64, q: Int128) in try body(Int128(p), q) } }
    case (false, true):
      if isNarrow {
        return { v, rows, _ in
          try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int128, q: Int64) in Int64(truncatingIfNeeded: try body(p, Int128(q))) }
        }
      }
      return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int128, q: Int64) in try body(p, Int128(q)) } }
    case (false, false):
      if isNarrow {
        return { v, rows, _ in
          try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int128, q: Int128) in Int64(truncatingIfNeeded: try body(p, q)) }
        }
      }
      return { v, rows, _ in try ScalarLoop.binary(v[0], v[1], rows, result) { (p: Int128, q: Int128) in try body(p, q) } }
    }
  }
}
