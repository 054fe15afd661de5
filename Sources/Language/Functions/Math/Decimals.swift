import Values
import Vectors

/// Loops over decimals of either layout, computed in 128 bits.
enum Decimals {
  /// 10^n for n in 0...38.
  static func power(_ exponent: Int) -> Int128 { powers[min(max(exponent, 0), 38)] }

  private static let powers: [Int128] = {
    var all: [Int128] = [1]
    for _ in 0..<38 { all.append(all[all.count - 1] * 10) }
    return all
  }()

  /// Rounded half away from zero. `divisor` is positive.
  @inline(__always)
  static func dividedHalfUp(_ x: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: divisor)
    let magnitude = remainder < 0 ? -remainder : remainder
    return magnitude >= divisor - magnitude ? quotient + (x < 0 ? -1 : 1) : quotient
  }

  @inline(__always)
  static func unary(_ a: Vector, _ rows: Int, _ type: DataType, _ body: (Int128) throws -> Int128) throws -> Vector {
    switch (a.type.layout, type.layout) {
    case (.int64, .int64): try ScalarLoop.unary(a, rows, type) { (x: Int64) in Int64(truncatingIfNeeded: try body(Int128(x))) }
    case (.int64, _): try ScalarLoop.unary(a, rows, type) { (x: Int64) in try body(Int128(x)) }
    case (_, .int64): try ScalarLoop.unary(a, rows, type) { (x: Int128) in Int64(truncatingIfNeeded: try body(x)) }
    default: try ScalarLoop.unary(a, rows, type) { (x: Int128) in try body(x) }
    }
  }

  @inline(__always)
  static func binary(_ a: Vector, _ b: Vector, _ rows: Int, _ type: DataType, _ body: (Int128, Int128) throws -> Int128) throws -> Vector {
    let left = try widened(a), right = try widened(b)
    if type.layout == .int64 {
      return try ScalarLoop.binary(left, right, rows, type) { (x: Int128, y: Int128) in Int64(truncatingIfNeeded: try body(x, y)) }
    }
    return try ScalarLoop.binary(left, right, rows, type) { (x: Int128, y: Int128) in try body(x, y) }
  }

  private static func widened(_ a: Vector) throws -> Vector {
    if a.type.layout == .int128 { return a }
    return try ScalarLoop.unary(a, a.count, .decimal(precision: 38, scale: 0)) { (x: Int64) in Int128(x) }
  }
}
