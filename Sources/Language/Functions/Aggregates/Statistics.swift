import Expressions
import Glibc
import Values
import Vectors

extension Function {
  /// `kinds` over every numeric argument type: bigint, double and (as double) everything that coerces.
  private static func moments(_ name: String, _ summary: String, _ make: @escaping @Sendable (Bool, DataType) -> AggregateMaker)
    -> [Function]
  {
    [
      .aggregate(name, [.double], .double, summary) { _, result in make(false, result) },
      .aggregate(name, [.bigint], .double, summary) { _, result in make(true, result) },
    ]
  }

  static let moments: [Function] = [
    moments("var_pop", "Population variance") { $0 ? flat(VariancePopulation<Int64>.self, $1) : flat(VariancePopulation<Double>.self, $1) },
    moments("var_samp", "Sample variance") { $0 ? flat(VarianceSample<Int64>.self, $1) : flat(VarianceSample<Double>.self, $1) },
    moments("variance", "Sample variance") { $0 ? flat(VarianceSample<Int64>.self, $1) : flat(VarianceSample<Double>.self, $1) },
    moments("stddev_pop", "Population standard deviation") {
      $0 ? flat(DeviationPopulation<Int64>.self, $1) : flat(DeviationPopulation<Double>.self, $1)
    },
    moments("stddev_samp", "Sample standard deviation") {
      $0 ? flat(DeviationSample<Int64>.self, $1) : flat(DeviationSample<Double>.self, $1)
    },
    moments("stddev", "Sample standard deviation") { $0 ? flat(DeviationSample<Int64>.self, $1) : flat(DeviationSample<Double>.self, $1) },
    moments("skewness", "Skewness of all values") { $0 ? flat(Skewness<Int64>.self, $1) : flat(Skewness<Double>.self, $1) },
    moments("kurtosis", "Unbiased excess kurtosis of all values") { $0 ? flat(Kurtosis<Int64>.self, $1) : flat(Kurtosis<Double>.self, $1) },
    moments("entropy", "Base-2 entropy of counts") { $0 ? flat(Entropy<Int64>.self, $1) : flat(Entropy<Double>.self, $1) },
  ].flatMap { $0 }
}

/// Count, mean and sum of squared deviations. Welford's update; Chan, Golub and LeVeque's merge.
struct Spread: BitwiseCopyable {
  var count = 0.0
  var mean = 0.0
  var squares = 0.0

  @inline(__always)
  mutating func add(_ x: Double) {
    count += 1
    let delta = x - mean
    mean += delta / count
    squares += delta * (x - mean)
  }

  @inline(__always)
  mutating func add(_ other: Spread) {
    if other.count == 0 { return }
    if count == 0 {
      self = other
      return
    }
    let total = count + other.count, delta = other.mean - mean
    mean += delta * (other.count / total)
    squares += other.squares + delta * delta * (count * other.count / total)
    count = total
  }
}

protocol SpreadAccumulator: Accumulator where State == Spread, Input: Measurable, Output == Double {}

extension SpreadAccumulator {
  static var initial: Spread { Spread() }
  @inline(__always) static func add(_ x: Input, to state: inout Spread) { state.add(x.measure) }
  @inline(__always) static func merge(_ other: Spread, into state: inout Spread) { state.add(other) }

  /// Dense runs in blocks: first the block's mean, then its squares, both over eight lanes; no division per row.
  @inline(__always)
  static func add(_ inputs: UnsafePointer<Input>, count: Int, to state: inout Spread) {
    var done = 0
    while done < count {
      let n = min(count &- done, 512), block = inputs + done
      var sums = SIMD8<Double>(repeating: 0)
      var i = 0
      while i &+ 8 <= n {
        for lane in 0..<8 { sums[lane] += block[i &+ lane].measure }
        i &+= 8
      }
      var sum = sums.sum()
      while i < n {
        sum += block[i].measure
        i &+= 1
      }
      let mean = sum / Double(n)
      var squares = SIMD8<Double>(repeating: 0)
      i = 0
      while i &+ 8 <= n {
        for lane in 0..<8 {
          let delta = block[i &+ lane].measure - mean
          squares[lane] += delta * delta
        }
        i &+= 8
      }
      var square = squares.sum()
      while i < n {
        let delta = block[i].measure - mean
        square += delta * delta
        i &+= 1
      }
      state.add(Spread(count: Double(n), mean: mean, squares: square))
      done &+= n
    }
  }
}

enum VariancePopulation<Input: Measurable>: SpreadAccumulator {
  static func result(_ s: Spread) -> Double? { s.count == 0 ? nil : s.squares / s.count }
}
enum VarianceSample<Input: Measurable>: SpreadAccumulator {
  static func result(_ s: Spread) -> Double? { s.count < 2 ? nil : s.squares / (s.count - 1) }
}
enum DeviationPopulation<Input: Measurable>: SpreadAccumulator {
  static func result(_ s: Spread) -> Double? { s.count == 0 ? nil : (s.squares / s.count).squareRoot() }
}
enum DeviationSample<Input: Measurable>: SpreadAccumulator {
  static func result(_ s: Spread) -> Double? { s.count < 2 ? nil : (s.squares / (s.count - 1)).squareRoot() }
}

/// The first four central moments. Updates and merge: Pébay, "Formulas for Robust, One-Pass Parallel Computation of Covariances and
/// Arbitrary-Order Statistical Moments" (2008).
struct CentralMoments: BitwiseCopyable {
  var n = 0.0
  var mean = 0.0
  var m2 = 0.0
  var m3 = 0.0
  var m4 = 0.0

  mutating func add(_ x: Double) {
    let before = n
    n += 1
    let delta = x - mean, part = delta / n, square = part * part
    let term = delta * part * before
    mean += part
    m4 += term * square * (n * n - 3 * n + 3) + 6 * square * m2 - 4 * part * m3
    m3 += term * part * (n - 2) - 3 * part * m2
    m2 += term
  }

  mutating func add(_ o: CentralMoments) {
    if o.n == 0 { return }
    if n == 0 {
      self = o
      return
    }
    let total = n + o.n, delta = o.mean - mean
    let d2 = delta * delta, d3 = d2 * delta, d4 = d2 * d2
    let fourth =
      m4 + o.m4 + d4 * n * o.n * (n * n - n * o.n + o.n * o.n) / (total * total * total)
      + 6 * d2 * (n * n * o.m2 + o.n * o.n * m2) / (total * total) + 4 * delta * (n * o.m3 - o.n * m3) / total
    let third = m3 + o.m3 + d3 * n * o.n * (n - o.n) / (total * total) + 3 * delta * (n * o.m2 - o.n * m2) / total
    m2 += o.m2 + d2 * n * o.n / total
    m3 = third
    m4 = fourth
    mean += delta * o.n / total
    n = total
  }
}

protocol MomentAccumulator: Accumulator where State == CentralMoments, Input: Measurable, Output == Double {}

extension MomentAccumulator {
  static var initial: CentralMoments { CentralMoments() }
  @inline(__always) static func add(_ x: Input, to state: inout CentralMoments) { state.add(x.measure) }
  @inline(__always) static func merge(_ other: CentralMoments, into state: inout CentralMoments) { state.add(other) }
}

enum Skewness<Input: Measurable>: MomentAccumulator {
  static func result(_ s: CentralMoments) -> Double? { s.n < 3 ? nil : s.n.squareRoot() * s.m3 / pow(s.m2, 1.5) }
}

enum Kurtosis<Input: Measurable>: MomentAccumulator {
  static func result(_ s: CentralMoments) -> Double? {
    if s.n < 4 { return nil }
    let n = s.n, variance = s.m2 / (n - 1)
    return n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * s.m4 / (variance * variance) - 3 * ((n - 1) * (n - 1)) / ((n - 2) * (n - 3))
  }
}

/// Entropy of a distribution given by counts: log2 of their sum, less the mean of log2 count weighted by count.
enum Entropy<Input: Measurable>: Accumulator {
  struct State: BitwiseCopyable { var sum = 0.0, logs = 0.0, hasNegative = false }
  static var initial: State { State() }
  @inline(__always) static func add(_ x: Input, to state: inout State) {
    let count = x.measure
    if count > 0 {
      state.sum += count
      state.logs += count * log(count)
    } else if count < 0 {
      state.hasNegative = true
    }
  }
  static func merge(_ other: State, into state: inout State) {
    state.sum += other.sum
    state.logs += other.logs
    state.hasNegative = state.hasNegative || other.hasNegative
  }
  static func result(_ state: State) throws -> Double? {
    if state.hasNegative { throw PrestoError(.invalidFunctionArgument, "Entropy count argument must be non-negative") }
    return state.sum > 0 ? max(0, (log(state.sum) - state.logs / state.sum) / log(2)) : 0
  }
}

struct LogSum: BitwiseCopyable { var sum = 0.0, count = 0.0 }

protocol LogSumming: Accumulator where State == LogSum, Input: Measurable {}

extension LogSumming {
  static var initial: LogSum { LogSum() }
  @inline(__always) static func add(_ x: Input, to state: inout LogSum) {
    state.sum += log(x.measure)
    state.count += 1
  }
  @inline(__always) static func merge(_ other: LogSum, into state: inout LogSum) {
    state.sum += other.sum
    state.count += other.count
  }
}

enum GeometricMean<Input: Measurable>: LogSumming {
  static func result(_ state: LogSum) -> Double? { state.count == 0 ? nil : exp(state.sum / state.count) }
}

enum GeometricMeanReal: LogSumming {
  typealias Input = Float
  static func result(_ state: LogSum) -> Float? { state.count == 0 ? nil : Float(exp(state.sum / state.count)) }
}
