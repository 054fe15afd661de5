import Values

/// Arithmetic of decimals. `Int64` while the precisions of operands and result prove that nothing overflows, `Int128` where they prove it for
/// 38 digits, and a checked path through 256 bits for the rest.
public enum DecimalArithmetic {
  /// The kernel of `op` for operands and result of these types; nil where one is no decimal.
  public static func kernel(_ op: ArithmeticOperator, _ a: DataType, _ b: DataType, _ result: DataType) -> VectorOperation? {
    guard case .decimal(let p, let s) = a, case .decimal(let q, let t) = b, case .decimal(let precision, let scale) = result else {
      return nil
    }
    let shape = Shape(p: p, s: s, q: q, t: t, precision: precision, scale: scale)
    switch (a.layout, b.layout, result.layout) {
    case (.int64, .int64, .int64): return kernel(op, shape, Int64.self, Int64.self, Int64.self)
    case (.int64, .int64, _): return kernel(op, shape, Int64.self, Int64.self, Int128.self)
    case (.int64, _, .int64): return kernel(op, shape, Int64.self, Int128.self, Int64.self)
    case (.int64, _, _): return kernel(op, shape, Int64.self, Int128.self, Int128.self)
    case (_, .int64, .int64): return kernel(op, shape, Int128.self, Int64.self, Int64.self)
    case (_, .int64, _): return kernel(op, shape, Int128.self, Int64.self, Int128.self)
    case (_, _, .int64): return kernel(op, shape, Int128.self, Int128.self, Int64.self)
    default: return kernel(op, shape, Int128.self, Int128.self, Int128.self)
    }
  }

  /// Whether no operands can overflow the result.
  public static func isInfallible(_ op: ArithmeticOperator, _ a: DataType, _ b: DataType, _ result: DataType) -> Bool {
    guard case .decimal(let p, let s) = a, case .decimal(let q, let t) = b, case .decimal(let precision, let scale) = result else {
      return false
    }
    return Shape(p: p, s: s, q: q, t: t, precision: precision, scale: scale).isExact(op)
  }

  struct Shape {
    /// Operands decimal(p,s) and decimal(q,t).
    let p, s, q, t, precision, scale: Int

    /// The result type holds every sum, difference or product digit for digit.
    func isExact(_ op: ArithmeticOperator) -> Bool {
      switch op {
      case .add, .subtract: scale == max(s, t) && precision >= max(p - s, q - t) + scale + 1
      case .multiply: scale == s + t && precision >= p + q
      case .divide, .modulus: false
      }
    }
  }

  @inline(__always)
  private static func kernel<A: FixedWidthInteger & SignedInteger & Storable, B: FixedWidthInteger & SignedInteger & Storable, R>(
    _ op: ArithmeticOperator, _ shape: Shape, _: A.Type, _: B.Type, _: R.Type
  ) -> VectorOperation where R: FixedWidthInteger & SignedInteger & Storable {
    switch op {
    case .add, .subtract:
      let isAdd = op == .add
      if shape.isExact(op), let left = R(exactly: Decimal.powers[shape.scale - shape.s]),
        let right = R(exactly: Decimal.powers[shape.scale - shape.t])
      {
        if left == 1 && right == 1 {
          if isAdd {
            return { a, b, rows, type in
              Arithmetic.plain(a, b, rows, type) { (x: A, y: B) in R(truncatingIfNeeded: x) &+ R(truncatingIfNeeded: y) }
            }
          }
          return { a, b, rows, type in
            Arithmetic.plain(a, b, rows, type) { (x: A, y: B) in R(truncatingIfNeeded: x) &- R(truncatingIfNeeded: y) }
          }
        }
        if isAdd {
          return { a, b, rows, type in
            Arithmetic.plain(a, b, rows, type) { (x: A, y: B) in R(truncatingIfNeeded: x) &* left &+ R(truncatingIfNeeded: y) &* right }
          }
        }
        return { a, b, rows, type in
          Arithmetic.plain(a, b, rows, type) { (x: A, y: B) in R(truncatingIfNeeded: x) &* left &- R(truncatingIfNeeded: y) &* right }
        }
      }
      return { a, b, rows, type in
        try ScalarLoop.binary(a, b, rows, type) { (x: A, y: B) throws -> R in try sum(Int128(x), isAdd ? Int128(y) : -Int128(y), shape) }
      }
    case .multiply:
      if shape.isExact(op) {
        return { a, b, rows, type in
          Arithmetic.plain(a, b, rows, type) { (x: A, y: B) in R(truncatingIfNeeded: x) &* R(truncatingIfNeeded: y) }
        }
      }
      let excess = shape.s + shape.t - shape.scale
      return { a, b, rows, type in
        if excess == 0, let product = bounded(a, b, rows, type, A.self, B.self, R.self) { return product }
        return try ScalarLoop.binary(a, b, rows, type) { (x: A, y: B) throws -> R in
          try fitted(Decimal.multiplied(Int128(x), Int128(y), dividedBy: Decimal.powers[max(0, excess)]), shape)
        }
      }
    case .divide:
      let shift = shape.scale - shape.s + shape.t
      // the dividend, shifted, in 64 or 128 bits
      if shift >= 0 && shape.p + shift <= 18 && B.bitWidth == 64, let factor = Int64(exactly: Decimal.powers[shift]) {
        return { a, b, rows, type in
          try ScalarLoop.binary(a, b, rows, type) { (x: A, y: B) throws -> R in
            if y == 0 { throw Arithmetic.divisionByZero }
            let divisor = Int64(truncatingIfNeeded: y), dividend = Int64(truncatingIfNeeded: x) &* factor
            let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
            let rounded = remainder.magnitude &* 2 >= divisor.magnitude ? quotient + ((dividend < 0) == (divisor < 0) ? 1 : -1) : quotient
            return R(truncatingIfNeeded: rounded)
          }
        }
      }
      return { a, b, rows, type in
        try ScalarLoop.binary(a, b, rows, type) { (x: A, y: B) throws -> R in
          if y == 0 { throw Arithmetic.divisionByZero }
          if shift >= 0 { return try fitted(Decimal.multiplied(Int128(x), Decimal.powers[min(shift, 38)], dividedBy: Int128(y)), shape) }
          let (divisor, overflow) = Int128(y).multipliedReportingOverflow(by: Decimal.powers[min(-shift, 38)])
          return try fitted(overflow ? 0 : Decimal.dividedRounding(Int128(x), by: divisor), shape)
        }
      }
    case .modulus:
      let left = Decimal.powers[max(0, shape.t - shape.s)], right = Decimal.powers[max(0, shape.s - shape.t)]
      return { a, b, rows, type in
        try ScalarLoop.binary(a, b, rows, type) { (x: A, y: B) throws -> R in
          if y == 0 { throw Arithmetic.divisionByZero }
          let (dividend, over) = Int128(x).multipliedReportingOverflow(by: left)
          let (divisor, under) = Int128(y).multipliedReportingOverflow(by: right)
          // a divisor beyond 128 bits is larger than any dividend
          if under { return try fitted(dividend, shape) }
          if over { throw overflow }
          return try fitted(dividend % divisor, shape)
        }
      }
    }
  }

  /// Products without a check per row, where the largest magnitudes of the batch prove there is no overflow; nil where they do not.
  @inline(__always)
  private static func bounded<A, B, R>(
    _ first: Vector, _ second: Vector, _ rows: Int, _ type: DataType, _: A.Type, _: B.Type, _: R.Type
  ) -> Vector? where A: FixedWidthInteger & Storable, B: FixedWidthInteger & Storable, R: FixedWidthInteger & Storable {
    let a = first.dense(), b = second.dense()
    if a.nullConstant != nil || b.nullConstant != nil { return Vector.nulls(type, count: rows) }
    let left = width(a, rows, A.self), right = width(b, rows, B.self)
    // 2^126 < 10^38
    guard left + right <= (R.bitWidth == 64 ? 59 : 126) else { return nil }
    return Arithmetic.plain(a, b, rows, type) { (x: A, y: B) in R(truncatingIfNeeded: x) &* R(truncatingIfNeeded: y) }
  }

  /// Bits that the magnitudes of a vector's slots need.
  @inline(__always)
  private static func width<T: FixedWidthInteger & Storable>(_ vector: Vector, _ rows: Int, _: T.Type) -> Int {
    let x = vector.reader(as: T.self), p = x.base
    var all: T = 0
    if x.isConstant {
      all = p[0] ^ (p[0] &>> T(truncatingIfNeeded: T.bitWidth - 1))
    } else {
      for i in 0..<rows { all |= p[i] ^ (p[i] &>> T(truncatingIfNeeded: T.bitWidth - 1)) }
    }
    return withExtendedLifetime(vector) { T.bitWidth - all.leadingZeroBitCount + 1 }
  }

  private static func sum<R: FixedWidthInteger>(_ x: Int128, _ y: Int128, _ shape: Shape) throws -> R {
    let raw = max(shape.s, shape.t)
    guard let left = Decimal.rescaled(x, from: shape.s, to: raw), let right = Decimal.rescaled(y, from: shape.t, to: raw) else {
      throw overflow
    }
    let (total, overflowed) = left.addingReportingOverflow(right)
    if overflowed { throw overflow }
    return try fitted(Decimal.rescaled(total, from: raw, to: shape.scale), shape)
  }

  @inline(__always)
  private static func fitted<R: FixedWidthInteger>(_ value: Int128?, _ shape: Shape) throws -> R {
    guard let value, Decimal.fits(value, precision: shape.precision) else { throw overflow }
    return R(truncatingIfNeeded: value)
  }

  private static var overflow: PrestoError { PrestoError(.numericValueOutOfRange, "Decimal overflow") }
}
