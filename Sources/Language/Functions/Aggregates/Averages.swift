import Expressions
import Values
import Vectors

extension Function {
  static let averages: [Function] = [
    .aggregate("avg", [.bigint], .double, "Average of all values") { _, result in flat(AverageBigint.self, result) },
    .aggregate("avg", [.double], .double, "Average of all values") { _, result in flat(AverageDouble.self, result) },
    .aggregate("avg", [.real], .real, "Average of all values") { _, result in flat(AverageReal.self, result) },
    .aggregate("avg", [.decimal], text: "decimal(p,s)", "Average of all values, rounded half up", result: { $0[0] }) { arguments, result in
      arguments[0].layout == .int128 ? flat(AverageLongDecimal.self, result) : flat(AverageShortDecimal.self, result)
    },
    .aggregate("avg", [.dayToSecond], .dayToSecond, "Average of all values") { _, result in flat(AverageDayToSecond.self, result) },
    .aggregate("avg", [.yearToMonth], .yearToMonth, "Average of all values") { _, result in flat(AverageYearToMonth.self, result) },
    .aggregate("geometric_mean", [.bigint], .double, "Geometric mean of all values") { _, result in flat(GeometricMean<Int64>.self, result)
    },
    .aggregate("geometric_mean", [.double], .double, "Geometric mean of all values") { _, result in flat(GeometricMean<Double>.self, result)
    },
    .aggregate("geometric_mean", [.real], .real, "Geometric mean of all values") { _, result in flat(GeometricMeanReal.self, result) },
  ]
}

enum AverageBigint: WideSumming {
  static func result(_ state: WideSum) -> Double? { state.count == 0 ? nil : Double(wide: state.total) / Double(state.count) }
}

enum AverageDouble: DoubleSumming {
  typealias Input = Double
  @inline(__always) static func widen(_ x: Double) -> Double { x }
  static func result(_ state: DoubleSum) -> Double? { state.count == 0 ? nil : state.sum / Double(state.count) }
}

enum AverageReal: DoubleSumming {
  typealias Input = Float
  @inline(__always) static func widen(_ x: Float) -> Double { Double(x) }
  static func result(_ state: DoubleSum) -> Float? { state.count == 0 ? nil : Float(state.sum / Double(state.count)) }
}

/// A quotient rounded half away from zero, as SQL rounds decimals.
func dividedHalfUp(_ total: Int128, by count: Int64) -> Int128 {
  let (quotient, remainder) = total.quotientAndRemainder(dividingBy: Int128(count))
  if remainder.magnitude >= Int128(count).magnitude - remainder.magnitude { return quotient + (total < 0 ? -1 : 1) }
  return quotient
}

/// The average of a decimal fits the decimal: it lies between two values that do.
enum AverageShortDecimal: WideSumming {
  static func result(_ state: WideSum) -> Int64? {
    state.count == 0 ? nil : Int64(truncatingIfNeeded: dividedHalfUp(state.total, by: state.count))
  }
}

enum AverageDayToSecond: WideSumming {
  static func result(_ state: WideSum) -> Int64? {
    state.count == 0 ? nil : Int64(truncatingIfNeeded: dividedHalfUp(state.total, by: state.count))
  }
}

enum AverageLongDecimal: Accumulator {
  static var initial: LongDecimalSum { LongDecimalSum() }
  @inline(__always) static func add(_ x: Int128, to state: inout LongDecimalSum) { SumLongDecimal.add(x, to: &state) }
  @inline(__always) static func merge(_ other: LongDecimalSum, into state: inout LongDecimalSum) {
    SumLongDecimal.merge(other, into: &state)
  }

  static func result(_ state: LongDecimalSum) -> Int128? {
    if state.count == 0 { return nil }
    if state.wraps == 0 { return dividedHalfUp(state.sum, by: state.count) }
    // 256 by 64 bits; the quotient fits 127 bits because every value did
    var (high, low) = state.wide
    let isNegative = high < 0
    if isNegative {
      low = ~low &+ 1
      high = ~high &+ (low == 0 ? 1 : 0)
    }
    let divisor = UInt128(state.count)
    let (quotient, remainder) = divisor.dividingFullWidth((UInt128(truncatingIfNeeded: high), low))
    let rounded = Int128(truncatingIfNeeded: quotient) + (remainder >= divisor - remainder ? 1 : 0)
    return isNegative ? -rounded : rounded
  }
}

enum AverageYearToMonth: Accumulator {
  static var initial: SumYearToMonth.State { SumYearToMonth.State() }
  @inline(__always) static func add(_ x: Int32, to state: inout SumYearToMonth.State) { SumYearToMonth.add(x, to: &state) }
  @inline(__always) static func merge(_ other: SumYearToMonth.State, into state: inout SumYearToMonth.State) {
    SumYearToMonth.merge(other, into: &state)
  }
  static func result(_ state: SumYearToMonth.State) -> Int32? {
    state.count == 0 ? nil : Int32(truncatingIfNeeded: dividedHalfUp(Int128(state.sum), by: state.count))
  }
}

/// A number that statistics take as a double.
protocol Measurable: BitwiseCopyable {
  var measure: Double { get }
}
extension Int64: Measurable { @inline(__always) var measure: Double { Double(self) } }
extension Double: Measurable { @inline(__always) var measure: Double { self } }
extension Float: Measurable { @inline(__always) var measure: Double { Double(self) } }

extension Double {
  /// The nearest double. The library's own conversion asks a witness table for every digit.
  @inline(__always)
  init(wide value: Int128) {
    let narrow = Int64(truncatingIfNeeded: value)
    self = Int128(narrow) == value ? Double(narrow) : Double(value)
  }
}
