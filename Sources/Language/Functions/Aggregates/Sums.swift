import Expressions
import Values
import Vectors

extension Function {
  static let sums: [Function] = [
    .aggregate("sum", [.bigint], .bigint, "Sum of all values") { _, result in flat(SumBigint.self, result) },
    .aggregate("sum", [.double], .double, "Sum of all values") { _, result in flat(SumDouble.self, result) },
    .aggregate("sum", [.real], .real, "Sum of all values") { _, result in flat(SumReal.self, result) },
    .aggregate(
      "sum", [.decimal], text: "decimal(38,s)", "Sum of all values",
      result: { types in if case .decimal(_, let scale) = types[0] { .decimal(precision: 38, scale: scale) } else { nil } }
    ) { arguments, result in
      arguments[0].layout == .int128 ? flat(SumLongDecimal.self, result) : flat(SumShortDecimal.self, result)
    },
    .aggregate("sum", [.dayToSecond], .dayToSecond, "Sum of all values") { _, result in flat(SumDayToSecond.self, result) },
    .aggregate("sum", [.yearToMonth], .yearToMonth, "Sum of all values") { _, result in flat(SumYearToMonth.self, result) },
    .aggregate("count_if", [.boolean], .bigint, "Number of TRUE values") { _, result in flat(CountTrue.self, result) },
  ]
}

/// A sum of 64-bit integers that cannot overflow, and how many they were: 24 bytes. Shared by `sum` and `avg`.
struct WideSum: BitwiseCopyable {
  /// The sum's lower and upper 64 bits.
  var low: UInt64 = 0
  var high: Int64 = 0
  var count: Int64 = 0

  @inline(__always)
  mutating func add(_ x: Int64) {
    let (sum, carry) = low.addingReportingOverflow(UInt64(bitPattern: x))
    low = sum
    high = high &+ (x &>> 63) &+ Int64(carry.bit)
    count &+= 1
  }

  @inline(__always)
  mutating func add(_ other: WideSum) {
    add(total: other.total)
    count &+= other.count
  }

  @inline(__always)
  mutating func add(total x: Int128) {
    let sum = total &+ x
    low = UInt64(truncatingIfNeeded: sum)
    high = Int64(truncatingIfNeeded: sum &>> 64)
  }

  var total: Int128 { Int128(high) << 64 | Int128(low) }

  /// Halves are summed apart: neither of the two 64-bit sums can overflow within 2^31 rows, and both loops vectorise.
  @inline(__always)
  mutating func add(_ values: UnsafePointer<Int64>, _ n: Int) {
    var done = 0
    while done < n {
      let end = min(n, done + (1 << 30))
      var lower: UInt64 = 0, upper: Int64 = 0
      var i = done
      while i < end {
        lower &+= UInt64(bitPattern: values[i]) & 0xFFFF_FFFF
        upper &+= values[i] &>> 32
        i &+= 1
      }
      add(total: Int128(lower) &+ Int128(upper) << 32)
      done = end
    }
    count &+= Int64(n)
  }

  @inline(__always)
  mutating func add(_ values: UnsafePointer<Int64>, where word: UInt64) {
    var lower: UInt64 = 0, upper: Int64 = 0
    var i = 0
    while i < 64 {
      let keep = 0 &- ((word &>> UInt64(i)) & 1)
      let x = UInt64(bitPattern: values[i]) & keep
      lower &+= x & 0xFFFF_FFFF
      upper &+= Int64(bitPattern: x) &>> 32
      i &+= 1
    }
    add(total: Int128(lower) &+ Int128(upper) << 32)
    count &+= Int64(word.nonzeroBitCount)
  }
}

/// What every accumulator over a `WideSum` has in common.
protocol WideSumming: Accumulator where Input == Int64, State == WideSum {}

extension WideSumming {
  static var initial: WideSum { WideSum() }
  @inline(__always) static func add(_ x: Int64, to state: inout WideSum) { state.add(x) }
  @inline(__always) static func merge(_ other: WideSum, into state: inout WideSum) { state.add(other) }
  @inline(__always) static func add(_ inputs: UnsafePointer<Int64>, count: Int, to state: inout WideSum) { state.add(inputs, count) }
  @inline(__always) static func add(_ inputs: UnsafePointer<Int64>, where word: UInt64, to state: inout WideSum) {
    state.add(inputs, where: word)
  }
  @inline(__always) static func add(_ x: Int64, times: Int, to state: inout WideSum) {
    state.add(total: Int128(x) &* Int128(times))
    state.count &+= Int64(times)
  }
}

enum SumBigint: WideSumming {
  static func result(_ state: WideSum) throws -> Int64? {
    if state.count == 0 { return nil }
    guard let sum = Int64(exactly: state.total) else {
      throw PrestoError(.numericValueOutOfRange, "bigint addition overflow: \(state.total)")
    }
    return sum
  }
}

enum SumDayToSecond: WideSumming {
  static func result(_ state: WideSum) throws -> Int64? {
    if state.count == 0 { return nil }
    guard let sum = Int64(exactly: state.total) else {
      throw PrestoError(.numericValueOutOfRange, "interval day to second overflow: \(state.total) ms")
    }
    return sum
  }
}

enum SumShortDecimal: WideSumming {
  static func result(_ state: WideSum) throws -> Int128? { state.count == 0 ? nil : try decimal38(state.total) }
}

/// The largest magnitude a decimal holds, 10^38 - 1, as SQL sees it.
func decimal38(_ unscaled: Int128) throws -> Int128 {
  if unscaled.magnitude > 99_999_999_999_999_999_999_999_999_999_999_999_999 {
    throw PrestoError(.numericValueOutOfRange, "Decimal overflow")
  }
  return unscaled
}

/// A sum of 128-bit decimals in 192 bits: an intermediate sum may leave the range that the final one is in.
struct LongDecimalSum: BitwiseCopyable {
  var sum: Int128 = 0
  /// Times the sum wrapped upwards, less the times it wrapped downwards.
  var wraps: Int64 = 0
  var count: Int64 = 0

  @inline(__always)
  mutating func add(_ x: Int128) {
    let (next, overflow) = sum.addingReportingOverflow(x)
    if overflow { wraps &+= x < 0 ? -1 : 1 }
    sum = next
  }

  /// The whole as a 256-bit number.
  var wide: (high: Int128, low: UInt128) { (Int128(wraps) + (sum < 0 ? -1 : 0), UInt128(truncatingIfNeeded: sum)) }
}

enum SumLongDecimal: Accumulator {
  static var initial: LongDecimalSum { LongDecimalSum() }
  @inline(__always) static func add(_ x: Int128, to state: inout LongDecimalSum) {
    state.add(x)
    state.count &+= 1
  }
  @inline(__always) static func merge(_ other: LongDecimalSum, into state: inout LongDecimalSum) {
    state.add(other.sum)
    state.wraps &+= other.wraps
    state.count &+= other.count
  }
  static func result(_ state: LongDecimalSum) throws -> Int128? {
    if state.count == 0 { return nil }
    if state.wraps != 0 { throw PrestoError(.numericValueOutOfRange, "Decimal overflow") }
    return try decimal38(state.sum)
  }
}

/// Months are few: 64 bits hold any sum of them.
enum SumYearToMonth: Accumulator {
  struct State: BitwiseCopyable { var sum: Int64 = 0, count: Int64 = 0 }
  static var initial: State { State() }
  @inline(__always) static func add(_ x: Int32, to state: inout State) {
    state.sum &+= Int64(x)
    state.count &+= 1
  }
  @inline(__always) static func merge(_ other: State, into state: inout State) {
    state.sum &+= other.sum
    state.count &+= other.count
  }
  static func result(_ state: State) throws -> Int32? {
    if state.count == 0 { return nil }
    guard let sum = Int32(exactly: state.sum) else {
      throw PrestoError(.numericValueOutOfRange, "interval year to month overflow: \(state.sum) months")
    }
    return sum
  }
}

struct DoubleSum: BitwiseCopyable {
  var sum = 0.0
  var count: Int64 = 0
}

/// Sums of doubles. Additions of floating-point numbers are not reordered by the compiler, so dense runs use sixteen lanes explicitly.
protocol DoubleSumming: Accumulator where State == DoubleSum, Input: BinaryFloatingPoint {
  static func widen(_ x: Input) -> Double
}

extension DoubleSumming {
  static var initial: DoubleSum { DoubleSum() }
  @inline(__always) static func add(_ x: Input, to state: inout DoubleSum) {
    state.sum += widen(x)
    state.count &+= 1
  }
  @inline(__always) static func merge(_ other: DoubleSum, into state: inout DoubleSum) {
    state.sum += other.sum
    state.count &+= other.count
  }
  @inline(__always) static func add(_ inputs: UnsafePointer<Input>, count: Int, to state: inout DoubleSum) {
    var a = SIMD8<Double>(repeating: 0), b = SIMD8<Double>(repeating: 0)
    var i = 0
    while i &+ 16 <= count {
      for lane in 0..<8 { a[lane] += widen(inputs[i &+ lane]) }
      for lane in 0..<8 { b[lane] += widen(inputs[i &+ 8 &+ lane]) }
      i &+= 16
    }
    var rest = 0.0
    while i < count {
      rest += widen(inputs[i])
      i &+= 1
    }
    state.sum += (a + b).sum() + rest
    state.count &+= Int64(count)
  }
}

enum SumDouble: DoubleSumming {
  typealias Input = Double
  @inline(__always) static func widen(_ x: Double) -> Double { x }
  static func result(_ state: DoubleSum) -> Double? { state.count == 0 ? nil : state.sum }
}

enum SumReal: DoubleSumming {
  typealias Input = Float
  @inline(__always) static func widen(_ x: Float) -> Double { Double(x) }
  static func result(_ state: DoubleSum) -> Float? { state.count == 0 ? nil : Float(state.sum) }
}

enum CountTrue: Accumulator {
  static var initial: Int64 { 0 }
  @inline(__always) static func add(_ x: Bool, to state: inout Int64) { state &+= Int64(x.bit) }
  @inline(__always) static func merge(_ other: Int64, into state: inout Int64) { state &+= other }
  static func result(_ state: Int64) -> Int64? { state }
  @inline(__always) static func add(_ x: Bool, times: Int, to state: inout Int64) { state &+= Int64(x.bit &* times) }
}
