import Expressions
import Glibc
import Values
import Vectors

extension Function {
  /// Distribution functions and their inverses. Inverses of continuous ones are found by bisection, which never diverges.
  static let distributions: [Function] = [
    .scalar("beta_cdf", "Share of a beta distribution up to a value") { (a: Double, b: Double, x: Double) -> Double in
      try demand(a > 0 && b > 0, "beta_cdf parameters must be > 0")
      try demand(x >= 0 && x <= 1, "beta_cdf value v must be in the interval [0, 1]")
      return incompleteBeta(a, b, x)
    },
    .scalar("inverse_beta_cdf", "The value below which a share of a beta distribution lies") {
      (a: Double, b: Double, p: Double) -> Double in
      try demand(a > 0 && b > 0, "inverse_beta_cdf parameters must be > 0")
      try demand(p >= 0 && p <= 1, "inverse_beta_cdf p must be in the interval [0, 1]")
      return inverse(p, 0, 1) { incompleteBeta(a, b, $0) }
    },
    .scalar("t_cdf", "Share of Student's distribution up to a value") { (x: Double, freedom: Double) -> Double in
      try demand(freedom > 0, "df must be greater than 0")
      let tail = incompleteBeta(freedom / 2, 0.5, freedom / (freedom + x * x)) / 2
      return x > 0 ? 1 - tail : tail
    },
    .scalar("t_pdf", "Density of Student's distribution") { (x: Double, freedom: Double) -> Double in
      try demand(freedom > 0, "df must be greater than 0")
      let scale = exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / (freedom * Double.pi).squareRoot()
      return scale * pow(1 + x * x / freedom, -(freedom + 1) / 2)
    },
    .scalar("inverse_t_cdf", "The value below which a share of Student's distribution lies") { (freedom: Double, p: Double) -> Double in
      try demand(freedom > 0, "df must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return inverse(p, -1e8, 1e8) { x in
        let tail = incompleteBeta(freedom / 2, 0.5, freedom / (freedom + x * x)) / 2
        return x > 0 ? 1 - tail : tail
      }
    },
    .scalar("chi_squared_cdf", "Share of a chi-squared distribution up to a value") { (freedom: Double, x: Double) -> Double in
      try demand(freedom > 0, "df must be greater than 0")
      try demand(x >= 0, "value must non-negative")
      return incompleteGamma(freedom / 2, x / 2)
    },
    .scalar("inverse_chi_squared_cdf", "The value below which a share of a chi-squared distribution lies") {
      (freedom: Double, p: Double) -> Double in
      try demand(freedom > 0, "df must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return inverse(p, 0, .infinity) { incompleteGamma(freedom / 2, $0 / 2) }
    },
    .scalar("gamma_cdf", "Share of a gamma distribution up to a value") { (shape: Double, scale: Double, x: Double) -> Double in
      try demand(shape > 0 && scale > 0, "shape and scale must be greater than 0")
      try demand(x >= 0, "value must be greater than, or equal to, 0")
      return incompleteGamma(shape, x / scale)
    },
    .scalar("inverse_gamma_cdf", "The value below which a share of a gamma distribution lies") {
      (shape: Double, scale: Double, p: Double) -> Double in
      try demand(shape > 0 && scale > 0, "shape and scale must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return inverse(p, 0, .infinity) { incompleteGamma(shape, $0 / scale) }
    },
    .scalar("f_cdf", "Share of an F distribution up to a value") { (d1: Double, d2: Double, x: Double) -> Double in
      try demand(d1 > 0 && d2 > 0, "numerator df and denominator df must be greater than 0")
      try demand(x >= 0, "value must non-negative")
      return incompleteBeta(d1 / 2, d2 / 2, d1 * x / (d1 * x + d2))
    },
    .scalar("inverse_f_cdf", "The value below which a share of an F distribution lies") { (d1: Double, d2: Double, p: Double) -> Double in
      try demand(d1 > 0 && d2 > 0, "numerator df and denominator df must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return inverse(p, 0, .infinity) { incompleteBeta(d1 / 2, d2 / 2, d1 * $0 / (d1 * $0 + d2)) }
    },
    .scalar("cauchy_cdf", "Share of a Cauchy distribution up to a value") { (median: Double, scale: Double, x: Double) -> Double in
      try demand(scale > 0, "scale must be greater than 0")
      return atan((x - median) / scale) / Double.pi + 0.5
    },
    .scalar("inverse_cauchy_cdf", "The value below which a share of a Cauchy distribution lies") {
      (median: Double, scale: Double, p: Double) -> Double in
      try demand(scale > 0, "scale must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return median + scale * tan(Double.pi * (p - 0.5))
    },
    .scalar("laplace_cdf", "Share of a Laplace distribution up to a value") { (mean: Double, scale: Double, x: Double) -> Double in
      try demand(scale > 0, "scale must be greater than 0")
      return x < mean ? 0.5 * exp((x - mean) / scale) : 1 - 0.5 * exp((mean - x) / scale)
    },
    .scalar("inverse_laplace_cdf", "The value below which a share of a Laplace distribution lies") {
      (mean: Double, scale: Double, p: Double) -> Double in
      try demand(scale > 0, "scale must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return p < 0.5 ? mean + scale * log(2 * p) : mean - scale * log(2 * (1 - p))
    },
    .scalar("weibull_cdf", "Share of a Weibull distribution up to a value") { (a: Double, b: Double, x: Double) -> Double in
      try demand(a > 0 && b > 0, "a and b must be greater than 0")
      return x < 0 ? 0 : 1 - exp(-pow(x / b, a))
    },
    .scalar("inverse_weibull_cdf", "The value below which a share of a Weibull distribution lies") {
      (a: Double, b: Double, p: Double) -> Double in
      try demand(a > 0 && b > 0, "a and b must be greater than 0")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return b * pow(-log(1 - p), 1 / a)
    },
    .scalar("poisson_cdf", "Share of a Poisson distribution up to a number") { (lambda: Double, x: Int32) -> Double in
      try demand(lambda > 0, "lambda must be greater than 0")
      try demand(x >= 0, "value must be a non-negative integer")
      return 1 - incompleteGamma(Double(x) + 1, lambda)
    },
    .scalar("inverse_poisson_cdf", "The number below which a share of a Poisson distribution lies") {
      (lambda: Double, p: Double) -> Int32 in
      try demand(lambda > 0, "lambda must be greater than 0")
      try demand(p >= 0 && p < 1, "p must be in the interval [0, 1)")
      return smallest(p, Int32.max) { 1 - incompleteGamma(Double($0) + 1, lambda) }
    },
    .scalar("binomial_cdf", "Share of a binomial distribution up to a number") { (trials: Int32, probability: Double, x: Int32) -> Double in
      try demand(trials > 0, "numberOfTrials must be greater than 0")
      try demand(probability >= 0 && probability <= 1, "successProbability must be in the interval [0, 1]")
      return binomial(trials, probability, x)
    },
    .scalar("inverse_binomial_cdf", "The number below which a share of a binomial distribution lies") {
      (trials: Int32, probability: Double, p: Double) -> Int32 in
      try demand(trials > 0, "numberOfTrials must be greater than 0")
      try demand(probability >= 0 && probability <= 1, "successProbability must be in the interval [0, 1]")
      try demand(p >= 0 && p <= 1, "p must be in the interval [0, 1]")
      return smallest(p, trials) { binomial(trials, probability, $0) }
    },
  ]
}

private func demand(_ holds: Bool, _ message: String) throws { if !holds { throw invalidArgument(message) } }

private func binomial(_ trials: Int32, _ p: Double, _ x: Int32) -> Double {
  x < 0 ? 0 : x >= trials ? 1 : 1 - incompleteBeta(Double(x) + 1, Double(trials - x), p)
}

/// Where a rising function passes `p`. `high` may be infinite.
private func inverse(_ p: Double, _ low: Double, _ high: Double, _ cdf: (Double) -> Double) -> Double {
  var low = low, high = high
  if high == .infinity {
    if p == 1 { return .infinity }
    high = 1
    while cdf(high) < p && high < 1e300 { high *= 2 }
  }
  for _ in 0..<200 {
    let middle = low + (high - low) / 2
    if middle == low || middle == high { break }
    if cdf(middle) < p { low = middle } else { high = middle }
  }
  return high - (high - low) / 2
}

private func smallest(_ p: Double, _ limit: Int32, _ cdf: (Int32) -> Double) -> Int32 {
  var low: Int32 = 0, high = limit
  while low < high {
    let middle = low + (high - low) / 2
    if cdf(middle) < p { low = middle + 1 } else { high = middle }
  }
  return low
}

/// Lanczos' approximation with nine terms: fifteen digits for positive arguments.
private func logGamma(_ x: Double) -> Double {
  let terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - logGamma(1 - x) }
  let z = x - 1, t = z + 7.5
  let sum = terms.indices.dropFirst().reduce(terms[0]) { $0 + terms[$1] / (z + Double($1)) }
  return 0.5 * log(2 * Double.pi) + (z + 0.5) * log(t) - t + log(sum)
}

/// The regularised incomplete beta function by its continued fraction (Lentz's method).
private func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, 1 - x) }
  let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x)) / a
  let tiny = 1e-300
  var c = 1.0, d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var f = d
  for m in 1...500 {
    let n = Double(m)
    for numerator in [n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)), -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))] {
      d = 1 + numerator * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      if abs(c) < tiny { c = tiny }
      f *= c * d
    }
    if abs(c * d - 1) < 1e-16 { break }
  }
  return front * f
}

/// The regularised lower incomplete gamma function: series below a + 1, continued fraction above.
private func incompleteGamma(_ a: Double, _ x: Double) -> Double {
  if x <= 0 { return 0 }
  let front = exp(a * log(x) - x - logGamma(a))
  if x < a + 1 {
    var term = 1 / a, sum = term, n = a
    for _ in 0..<10_000 {
      n += 1
      term *= x / n
      sum += term
      if abs(term) < abs(sum) * 1e-17 { break }
    }
    return min(1, sum * front)
  }
  let tiny = 1e-300
  var b = x + 1 - a, c = 1 / tiny, d = 1 / b, h = d
  for i in 1...10_000 {
    let n = -Double(i) * (Double(i) - a)
    b += 2
    d = 1 / (abs(n * d + b) < tiny ? tiny : n * d + b)
    c = b + n / c
    if abs(c) < tiny { c = tiny }
    h *= d * c
    if abs(d * c - 1) < 1e-16 { break }
  }
  return max(0, 1 - front * h)
}
