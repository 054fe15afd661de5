import Values
import Vectors

extension Casts {
  /// Between boolean and the numbers.
  static func number(_ from: DataType, _ to: DataType, _ isSafe: Bool) -> ScalarKernel? {
    switch from {
    case .boolean: fromBoolean(to)
    case .tinyint: integer(Int8.self, from, to, isSafe)
    case .smallint: integer(Int16.self, from, to, isSafe)
    case .integer: integer(Int32.self, from, to, isSafe)
    case .bigint: integer(Int64.self, from, to, isSafe)
    case .real: floating(Float.self, from, to, isSafe)
    case .double: floating(Double.self, from, to, isSafe)
    case .decimal(let precision, _):
      precision <= 18 ? decimal(Int64.self, from, to, isSafe) : decimal(Int128.self, from, to, isSafe)
    default: nil
    }
  }

  private static func fromBoolean(_ to: DataType) -> ScalarKernel? {
    switch to {
    case .tinyint: return { v, n, _ in plain(v[0], n, to) { (x: Bool) in Int8(x ? 1 : 0) } }
    case .smallint: return { v, n, _ in plain(v[0], n, to) { (x: Bool) in Int16(x ? 1 : 0) } }
    case .integer: return { v, n, _ in plain(v[0], n, to) { (x: Bool) in Int32(x ? 1 : 0) } }
    case .bigint: return { v, n, _ in plain(v[0], n, to) { (x: Bool) in Int64(x ? 1 : 0) } }
    case .real: return { v, n, _ in plain(v[0], n, to) { (x: Bool) in Float(x ? 1 : 0) } }
    case .double: return { v, n, _ in plain(v[0], n, to) { (x: Bool) in x ? 1.0 : 0.0 } }
    case .decimal(let precision, let scale):
      let one = Decimal.powers[scale]
      guard Decimal.fits(one, precision: precision) else { return nil }
      if precision <= 18 { return { v, n, _ in plain(v[0], n, to) { (x: Bool) in x ? Int64(truncatingIfNeeded: one) : 0 } } }
      return { v, n, _ in plain(v[0], n, to) { (x: Bool) in x ? one : 0 } }
    default: return nil
    }
  }

  // MARK: From integers

  @inline(__always)
  private static func integer<A: FixedWidthInteger & SignedInteger & Storable>(
    _: A.Type, _ from: DataType, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel? {
    switch to {
    case .boolean: return { v, n, _ in plain(v[0], n, to) { (x: A) in x != 0 } }
    case .tinyint: return narrowed(A.self, Int8.self, to, isSafe)
    case .smallint: return narrowed(A.self, Int16.self, to, isSafe)
    case .integer: return narrowed(A.self, Int32.self, to, isSafe)
    case .bigint: return { v, n, _ in plain(v[0], n, to) { (x: A) in Int64(truncatingIfNeeded: x) } }
    case .real: return { v, n, _ in plain(v[0], n, to) { (x: A) in Float(x) } }
    case .double: return { v, n, _ in plain(v[0], n, to) { (x: A) in Double(x) } }
    case .decimal(let precision, let scale):
      let factor = Decimal.powers[scale]
      let isExact = Coercion.canCoerce(from, to: to)
      if precision <= 18 {
        let small = Int64(truncatingIfNeeded: factor)
        if isExact { return { v, n, _ in plain(v[0], n, to) { (x: A) in Int64(truncatingIfNeeded: x) &* small } } }
        return { v, n, _ in
          try run(isSafe, v[0], n, to) { (x: A) throws -> Int64 in Int64(try scaled(Int128(x), factor, precision, from, to)) }
        }
      }
      if isExact { return { v, n, _ in plain(v[0], n, to) { (x: A) in Int128(x) &* factor } } }
      return { v, n, _ in try run(isSafe, v[0], n, to) { (x: A) throws -> Int128 in try scaled(Int128(x), factor, precision, from, to) } }
    default: return nil
    }
  }

  @inline(__always)
  private static func narrowed<A: FixedWidthInteger & Storable, R: FixedWidthInteger & Storable>(
    _: A.Type, _: R.Type, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel {
    if A.bitWidth <= R.bitWidth { return { v, n, _ in plain(v[0], n, to) { (x: A) in R(truncatingIfNeeded: x) } } }
    return { v, n, _ in
      try run(isSafe, v[0], n, to) { (x: A) throws -> R in
        guard let small = R(exactly: x) else { throw outOfRange("Out of range for \(to): \(x)") }
        return small
      }
    }
  }

  private static func scaled(_ value: Int128, _ factor: Int128, _ precision: Int, _ from: DataType, _ to: DataType) throws -> Int128 {
    let (result, overflow) = value.multipliedReportingOverflow(by: factor)
    guard !overflow, Decimal.fits(result, precision: precision) else {
      throw invalid("Cannot cast \(from.name) '\(value)' to \(decimalName(to))")
    }
    return result
  }

  // MARK: From real and double

  @inline(__always)
  private static func floating<A: BinaryFloatingPoint & Storable & CustomStringConvertible>(
    _: A.Type, _ from: DataType, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel? {
    switch to {
    case .boolean: return { v, n, _ in plain(v[0], n, to) { (x: A) in x != 0 } }
    case .tinyint: return whole(A.self, Int8.self, from, to, isSafe)
    case .smallint: return whole(A.self, Int16.self, from, to, isSafe)
    case .integer: return whole(A.self, Int32.self, from, to, isSafe)
    case .bigint: return whole(A.self, Int64.self, from, to, isSafe)
    case .real: return { v, n, _ in plain(v[0], n, to) { (x: A) in Float(x) } }
    case .double: return { v, n, _ in plain(v[0], n, to) { (x: A) in Double(x) } }
    case .decimal(let precision, let scale):
      if precision <= 18 {
        return { v, n, _ in
          try run(isSafe, v[0], n, to) { (x: A) throws -> Int64 in Int64(try decimal(x, precision, scale, from, to)) }
        }
      }
      return { v, n, _ in try run(isSafe, v[0], n, to) { (x: A) throws -> Int128 in try decimal(x, precision, scale, from, to) } }
    default: return nil
    }
  }

  @inline(__always)
  private static func whole<A: BinaryFloatingPoint & Storable, R: FixedWidthInteger & Storable>(
    _: A.Type, _: R.Type, _ from: DataType, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel {
    { v, n, _ in
      try run(isSafe, v[0], n, to) { (x: A) throws -> R in
        // halves go up, as Java's Math.round has it for positive numbers, and away from zero for negative ones
        guard let result = R(exactly: x.rounded(.toNearestOrAwayFromZero)) else {
          if x.isNaN { throw invalid("Cannot cast \(from) NaN to \(to)") }
          if R.bitWidth < 64 { throw outOfRange("Out of range for \(to): \(shown(Double(x)))") }
          let message = "Unable to cast \(shown(Double(x))) to \(to)"
          throw from == .real ? outOfRange(message) : invalid(message)
        }
        return result
      }
    }
  }

  /// By the shortest digits that name the number: 0.145 is 0.145, whatever its bits are.
  private static func decimal<A: BinaryFloatingPoint & CustomStringConvertible>(
    _ value: A, _ precision: Int, _ scale: Int, _ from: DataType, _ to: DataType
  ) throws -> Int128 {
    var writer = TextWriter(capacity: 400)
    writer.write(value.description)
    guard value.isFinite, let view = writer.finishRow(), let result = NumberText.decimal(view, precision: precision, scale: scale) else {
      let message = "Cannot cast \(from.name) '\(shown(value))' to \(decimalName(to))"
      throw value.isNaN ? invalid(message) : outOfRange(message)
    }
    return withExtendedLifetime(writer.heap) { result }
  }

  // MARK: From decimals

  @inline(__always)
  private static func decimal<A: FixedWidthInteger & SignedInteger & Storable>(
    _: A.Type, _ from: DataType, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel? {
    guard case .decimal(_, let scale) = from else { return nil }
    switch to {
    case .boolean: return { v, n, _ in plain(v[0], n, to) { (x: A) in x != 0 } }
    case .tinyint: return integral(A.self, Int8.self, scale, to, isSafe)
    case .smallint: return integral(A.self, Int16.self, scale, to, isSafe)
    case .integer: return integral(A.self, Int32.self, scale, to, isSafe)
    case .bigint: return integral(A.self, Int64.self, scale, to, isSafe)
    case .double:
      if A.bitWidth == 64 && scale <= 22 {
        let divisor = Double(Decimal.powers[scale])
        return { v, n, _ in
          plain(v[0], n, to) { (x: A) in
            x.magnitude < 1 << 53 ? Double(x) / divisor : NumberText.double(Int128(x), scale: scale)
          }
        }
      }
      return { v, n, _ in plain(v[0], n, to) { (x: A) in NumberText.double(Int128(x), scale: scale) } }
    case .real: return { v, n, _ in plain(v[0], n, to) { (x: A) in Float(NumberText.double(Int128(x), scale: scale)) } }
    case .decimal(let precision, let target):
      return to.layout == .int64
        ? rescaled(A.self, Int64.self, from, scale, precision, target, to, isSafe)
        : rescaled(A.self, Int128.self, from, scale, precision, target, to, isSafe)
    default: return nil
    }
  }

  @inline(__always)
  private static func integral<A: FixedWidthInteger & Storable, R: FixedWidthInteger & Storable>(
    _: A.Type, _: R.Type, _ scale: Int, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel {
    let divisor = Decimal.powers[scale]
    return { v, n, _ in
      try run(isSafe, v[0], n, to) { (x: A) throws -> R in
        guard let result = R(exactly: Decimal.dividedRounding(Int128(x), by: divisor)) else {
          throw invalid("Cannot cast '\(shown(Int128(x), scale))' to \(to.name)")
        }
        return result
      }
    }
  }

  @inline(__always)
  private static func rescaled<A: FixedWidthInteger & Storable, R: FixedWidthInteger & Storable>(
    _: A.Type, _: R.Type, _ from: DataType, _ scale: Int, _ precision: Int, _ target: Int, _ to: DataType, _ isSafe: Bool
  ) -> ScalarKernel {
    if isInfallible(from, to), let factor = R(exactly: Decimal.powers[target - scale]) {
      return { v, n, _ in plain(v[0], n, to) { (x: A) in R(truncatingIfNeeded: x) &* factor } }
    }
    return { v, n, _ in
      try run(isSafe, v[0], n, to) { (x: A) throws -> R in
        guard let result = Decimal.rescaled(Int128(x), from: scale, to: target), Decimal.fits(result, precision: precision) else {
          throw invalid("Cannot cast DECIMAL '\(shown(Int128(x), scale))' to \(decimalName(to))")
        }
        return R(truncatingIfNeeded: result)
      }
    }
  }

  // MARK: Texts of messages

  static func decimalName(_ type: DataType) -> String {
    if case .decimal(let precision, let scale) = type { "DECIMAL(\(precision), \(scale))" } else { type.name }
  }

  /// By the fewest digits of its own type.
  private static func shown<A: BinaryFloatingPoint>(_ value: A) -> String {
    var writer = TextWriter(capacity: 64)
    if let single = value as? Float { NumberText.write(shown: single, &writer) } else { NumberText.write(shown: Double(value), &writer) }
    return String(decoding: writer.written, as: UTF8.self)
  }

  static func shown(_ value: Double) -> String {
    var writer = TextWriter(capacity: 64)
    NumberText.write(shown: value, &writer)
    return String(decoding: writer.written, as: UTF8.self)
  }

  static func shown(_ value: Int128, _ scale: Int) -> String {
    var writer = TextWriter(capacity: 64)
    NumberText.write(decimal: value, scale: scale, &writer)
    return String(decoding: writer.written, as: UTF8.self)
  }
}

extension DataType {
  /// As messages of casts name a type: `BIGINT`, `INT`.
  var name: String { self == .integer ? "INT" : description.uppercased() }
}
