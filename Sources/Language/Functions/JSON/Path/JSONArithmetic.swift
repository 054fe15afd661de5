import Glibc
import Values
import Vectors

/// Numbers of the path language: exact where SQL's are exact, double where one side is. Throws PATH_EVALUATION_ERROR.
enum JSONArithmetic {
  static func apply(_ sign: SQLJSONPath.Operator, _ a: JSONNumber, _ b: JSONNumber) throws -> JSONNumber {
    if case .integer(let x) = a, case .integer(let y) = b {
      let (value, overflow): (Int64, Bool) =
        switch sign {
        case .add: x.addingReportingOverflow(y)
        case .subtract: x.subtractingReportingOverflow(y)
        case .multiply: x.multipliedReportingOverflow(by: y)
        case .divide: x.dividedReportingOverflow(by: y)
        case .modulus: y == -1 ? (0, false) : x.remainderReportingOverflow(dividingBy: y)
        }
      if overflow { throw failure(sign, y == 0 ? "division by zero" : "value out of range") }
      return .integer(value)
    }
    guard let x = a.scaled, let y = b.scaled else {
      let p = a.double, q = b.double
      switch sign {
      case .add: return .double(p + q)
      case .subtract: return .double(p - q)
      case .multiply: return .double(p * q)
      case .divide: return .double(p / q)
      case .modulus: return .double(fmod(p, q))
      }
    }
    return try scaled(sign, x, y)
  }

  private static func scaled(_ sign: SQLJSONPath.Operator, _ x: (value: Int128, scale: Int), _ y: (value: Int128, scale: Int)) throws
    -> JSONNumber
  {
    let scale = max(x.scale, y.scale)
    func aligned(_ number: (value: Int128, scale: Int)) throws -> Int128 {
      guard let value = Decimal.rescaled(number.value, from: number.scale, to: scale) else { throw failure(sign, "value out of range") }
      return value
    }
    func checked(_ result: (Int128, Bool), _ scale: Int) throws -> JSONNumber {
      if result.1 || !Decimal.fits(result.0, precision: 38) { throw failure(sign, "value out of range") }
      return .decimal(result.0, scale: scale)
    }
    switch sign {
    case .add: return try checked(try aligned(x).addingReportingOverflow(try aligned(y)), scale)
    case .subtract: return try checked(try aligned(x).subtractingReportingOverflow(try aligned(y)), scale)
    case .multiply: return try checked(x.value.multipliedReportingOverflow(by: y.value), x.scale + y.scale)
    case .modulus:
      let divisor = try aligned(y)
      if divisor == 0 { throw failure(sign, "division by zero") }
      return try checked(try aligned(x).remainderReportingOverflow(dividingBy: divisor), scale)
    case .divide:
      if y.value == 0 { throw failure(sign, "division by zero") }
      // x/10^a : y/10^b at max(6, a + b + 1) places
      let places = min(37, max(6, x.scale + y.scale + 1))
      guard let raised = Decimal.rescaled(x.value, from: x.scale, to: places + y.scale) else {
        return .double(NumberText.double(x.value, scale: x.scale) / NumberText.double(y.value, scale: y.scale))
      }
      return try checked((Decimal.dividedRounding(raised, by: y.value), false), places)
    }
  }

  private static func failure(_ sign: SQLJSONPath.Operator, _ reason: String) -> PrestoError {
    SQLJSONPathEvaluation.failure("cannot apply operator '\(Unicode.Scalar(sign.rawValue))': \(reason)")
  }

  static func negated(_ number: JSONNumber) throws -> JSONNumber {
    switch number {
    case .integer(let value):
      let (result, overflow) = Int64(0).subtractingReportingOverflow(value)
      if overflow { throw SQLJSONPathEvaluation.failure("value out of range") }
      return .integer(result)
    case .decimal(let value, let scale): return .decimal(-value, scale: scale)
    case .double(let value): return .double(-value)
    }
  }

  /// nil: one is not a number.
  static func compared(_ a: JSONNumber, _ b: JSONNumber) -> Int? {
    if let x = a.scaled, let y = b.scaled {
      let scale = max(x.scale, y.scale)
      if let p = Decimal.rescaled(x.value, from: x.scale, to: scale), let q = Decimal.rescaled(y.value, from: y.scale, to: scale) {
        return p < q ? -1 : p > q ? 1 : 0
      }
    }
    let x = a.double, y = b.double
    if x.isNaN || y.isNaN { return nil }
    return x < y ? -1 : x > y ? 1 : 0
  }

  /// Without the fraction; nil: too large.
  static func whole(_ number: JSONNumber) -> Int? {
    switch number {
    case .integer(let value): return Int(value)
    case .decimal(let value, let scale):
      guard let power = Decimal.power(scale) else { return nil }
      return Int(exactly: value / power)
    case .double(let value): return Int(exactly: value.rounded(.towardZero))
    }
  }

  /// The next whole number above or below.
  static func rounded(_ number: JSONNumber, up: Bool) -> JSONNumber {
    switch number {
    case .integer: return number
    case .double(let value): return .double(value.rounded(up ? .up : .down))
    case .decimal(let value, let scale):
      guard let power = Decimal.power(scale), power > 0 else { return number }
      let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
      let moved = remainder == 0 ? 0 : up ? (remainder > 0 ? 1 : 0) : (remainder < 0 ? -1 : 0)
      return .decimal(quotient + Int128(moved), scale: 0)
    }
  }

  static func magnitude(_ number: JSONNumber) throws -> JSONNumber {
    switch number {
    case .integer(let value): value < 0 ? try negated(number) : number
    case .decimal(let value, let scale): .decimal(value < 0 ? -value : value, scale: scale)
    case .double(let value): .double(abs(value))
    }
  }
}
