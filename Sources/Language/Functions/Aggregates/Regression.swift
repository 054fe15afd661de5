import Expressions
import Values
import Vectors

extension Function {
  /// Over two doubles, and over two reals with a real result, as Presto has them.
  private static func paired(_ name: String, _ summary: String, _ make: @escaping @Sendable (Bool, DataType) -> AggregateMaker)
    -> [Function]
  {
    [
      .aggregate(name, [.double, .double], .double, summary) { _, result in make(false, result) },
      .aggregate(name, [.real, .real], .real, summary) { _, result in make(true, result) },
    ]
  }

  private static func paired<S: PairStatistic>(_ name: String, _ summary: String, _: S.Type) -> [Function] {
    paired(name, summary) { $0 ? flat(pair: PairedReals<S>.self, $1) : flat(pair: PairedDoubles<S>.self, $1) }
  }

  static let regression: [Function] = [
    paired("corr", "Pearson's correlation coefficient", Correlation.self),
    paired("covar_pop", "Population covariance", CovariancePopulation.self),
    paired("covar_samp", "Sample covariance", CovarianceSample.self),
    paired("regr_slope", "Slope of the least-squares line", RegressionSlope.self),
    paired("regr_intercept", "Intercept of the least-squares line", RegressionIntercept.self),
    paired("regr_avgx", "Average of the independent variable", RegressionAverageX.self),
    paired("regr_avgy", "Average of the dependent variable", RegressionAverageY.self),
    paired("regr_count", "Number of pairs", RegressionCount.self),
    paired("regr_r2", "Coefficient of determination", RegressionR2.self),
    paired("regr_sxx", "Sum of squares of the independent variable", RegressionSXX.self),
    paired("regr_syy", "Sum of squares of the dependent variable", RegressionSYY.self),
    paired("regr_sxy", "Sum of products of the two variables", RegressionSXY.self),
  ].flatMap { $0 }
}

/// Count, means, squared deviations and their products. Arguments come as (y, x), as SQL orders them.
struct JointSpread: BitwiseCopyable {
  var n = 0.0
  var meanX = 0.0
  var meanY = 0.0
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0

  @inline(__always)
  mutating func add(y: Double, x: Double) {
    n += 1
    let dx = x - meanX, dy = y - meanY
    meanX += dx / n
    meanY += dy / n
    xx += dx * (x - meanX)
    yy += dy * (y - meanY)
    xy += dx * (y - meanY)
  }

  mutating func add(_ o: JointSpread) {
    if o.n == 0 { return }
    if n == 0 {
      self = o
      return
    }
    let total = n + o.n, dx = o.meanX - meanX, dy = o.meanY - meanY, weight = n * o.n / total
    xx += o.xx + dx * dx * weight
    yy += o.yy + dy * dy * weight
    xy += o.xy + dx * dy * weight
    meanX += dx * o.n / total
    meanY += dy * o.n / total
    n = total
  }
}

/// What is read off a `JointSpread` at the end. NaN and infinity stand for null where a divisor vanished.
protocol PairStatistic: SendableMetatype {
  static func result(_ s: JointSpread) -> Double?
}

enum PairedDoubles<Statistic: PairStatistic>: PairAccumulator {
  static var initial: JointSpread { JointSpread() }
  @inline(__always) static func add(_ y: Double, _ x: Double, to state: inout JointSpread) { state.add(y: y, x: x) }
  static func merge(_ other: JointSpread, into state: inout JointSpread) { state.add(other) }
  static func result(_ state: JointSpread) -> Double? { Statistic.result(state) }
}

enum PairedReals<Statistic: PairStatistic>: PairAccumulator {
  static var initial: JointSpread { JointSpread() }
  @inline(__always) static func add(_ y: Float, _ x: Float, to state: inout JointSpread) { state.add(y: Double(y), x: Double(x)) }
  static func merge(_ other: JointSpread, into state: inout JointSpread) { state.add(other) }
  static func result(_ state: JointSpread) -> Float? { Statistic.result(state).map { Float($0) } }
}

private func finite(_ x: Double) -> Double? { x.isFinite ? x : nil }

enum Correlation: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { finite(s.xy / s.xx.squareRoot() / s.yy.squareRoot()) }
}
enum CovariancePopulation: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.xy / s.n }
}
enum CovarianceSample: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n < 2 ? nil : s.xy / (s.n - 1) }
}
enum RegressionSlope: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { finite(s.xy / s.xx) }
}
enum RegressionIntercept: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { finite(s.meanY - s.xy / s.xx * s.meanX) }
}
enum RegressionAverageX: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.meanX }
}
enum RegressionAverageY: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.meanY }
}
enum RegressionCount: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.n }
}
enum RegressionR2: PairStatistic {
  /// 1 where y does not vary, null where x does not.
  static func result(_ s: JointSpread) -> Double? {
    if s.n == 0 || s.xx == 0 { return nil }
    return s.yy == 0 ? 1 : finite(s.xy * s.xy / (s.xx * s.yy))
  }
}
enum RegressionSXX: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.xx }
}
enum RegressionSYY: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.yy }
}
enum RegressionSXY: PairStatistic {
  static func result(_ s: JointSpread) -> Double? { s.n == 0 ? nil : s.xy }
}
