import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let numbers: [Function] =
    [
      .scalar("random", "A number in [0, 1)", isDeterministic: false) { Double.random(in: 0..<1) },
      .scalar("rand", "A number in [0, 1)", isDeterministic: false) { Double.random(in: 0..<1) },
      .scalar("secure_random", "A number in [0, 1)", isDeterministic: false) { Double.random(in: 0..<1) },
      .scalar("secure_rand", "A number in [0, 1)", isDeterministic: false) { Double.random(in: 0..<1) },
      .scalar("secure_random", "A number between bounds", isDeterministic: false) { (low: Double, high: Double) -> Double in
        if !(low < high) { throw invalidArgument("upper bound must be greater than lower bound") }
        return Double.random(in: low..<high)
      },
      .scalar("factorial", "n!") { (n: Int64) -> Int64 in
        guard n >= 0, n <= 20 else {
          throw n < 0 ? invalidArgument("factorial argument must not be negative: \(n)") : outOfRange("factorial(\(n)) is out of range")
        }
        return n < 2 ? 1 : (2...n).reduce(1, &*)
      },
      .scalar("to_base", "Digits of a number in a base") { (x: Int64, radix: Int64, out: inout TextWriter) in
        try checkRadix(radix)
        out.write(String(x, radix: Int(radix)))
      }.signed("(bigint, bigint) -> varchar(64)"),
      .scalar("from_base", "The number that digits in a base stand for") { (text: Text, radix: Int64) -> Int64 in
        try checkRadix(radix)
        guard let value = Int64(text.string, radix: Int(radix)) else {
          throw invalidArgument("Not a valid base-\(radix) number: \(text.string)")
        }
        return value
      },
      .scalar("width_bucket", "Bucket of an equi-width histogram") { (x: Double, low: Double, high: Double, count: Int64) -> Int64 in
        if count <= 0 { throw invalidArgument("bucketCount must be greater than 0") }
        if x.isNaN { throw invalidArgument("operand must not be NaN") }
        if !low.isFinite { throw invalidArgument("first bound must be finite") }
        if !high.isFinite { throw invalidArgument("second bound must be finite") }
        if low == high { throw invalidArgument("bounds cannot equal each other") }
        let (first, last) = (min(low, high), max(low, high))
        var bucket: Int64
        if x < first {
          bucket = 0
        } else if x >= last {
          let (next, overflow) = count.addingReportingOverflow(1)
          if overflow { throw outOfRange("Bucket for value \(spelled(x)) is out of range") }
          bucket = next
        } else {
          bucket = Int64(Double(count) * (x - first) / (last - first) + 1)
        }
        if low > high { bucket = count - bucket + 1 }
        return bucket
      },
      .vector("width_bucket", "(double, array(double)) -> bigint", "Bucket among ascending bins") { arguments, rows, _ in
        guard let bins = ListReader(arguments[1]) else { return Vector.nulls(.bigint, count: rows) }
        let edges = bins.elements.reader(as: Double.self), values = arguments[0].reader(as: Double.self)
        let gate = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
        return try withExtendedLifetime(arguments) {
          try ScalarLoop.gated(rows, gate, Int64.self) { row -> Int64 in
            let range = bins.range(row), x = values[row]
            if range.isEmpty { throw invalidArgument("Bins cannot be an empty array") }
            if x.isNaN { throw invalidArgument("Operand cannot be NaN") }
            var low = range.lowerBound, high = range.upperBound
            while low < high {
              let middle = (low + high) / 2
              if bins.elements.isNull(at: middle) { throw invalidArgument("Bin values cannot be null") }
              if !edges[range.lowerBound].isFinite || !edges[middle].isFinite || !edges[range.upperBound - 1].isFinite {
                throw invalidArgument("Bin value must be finite, got \(edges[middle])")
              }
              if edges[range.lowerBound] > edges[range.upperBound - 1] {
                throw invalidArgument("Bin values are not sorted in ascending order")
              }
              if x < edges[middle] { high = middle } else { low = middle + 1 }
            }
            return Int64(low - range.lowerBound)
          }.vector(.bigint, rows: rows, heap: [])
        }
      },
      .scalar("normal_cdf", "Share of a normal distribution up to a value") { (mean: Double, deviation: Double, x: Double) -> Double in
        if !(deviation > 0) { throw invalidArgument("standardDeviation must be > 0") }
        return 0.5 * (1 + erf((x - mean) / (deviation * 2.0.squareRoot())))
      },
      .scalar("inverse_normal_cdf", "The value below which a share of a normal distribution lies") {
        (mean: Double, deviation: Double, p: Double) -> Double in
        if !(p > 0 && p < 1) { throw invalidArgument("p must be 0 > p > 1") }
        if !(deviation > 0) { throw invalidArgument("standardDeviation must be > 0") }
        return mean + deviation * normalQuantile(p)
      },
      .scalar("wilson_interval_lower", "Lower bound of Wilson's score interval") { (successes: Int64, trials: Int64, z: Double) -> Double in
        try wilson(successes, trials, z, -1)
      },
      .scalar("wilson_interval_upper", "Upper bound of Wilson's score interval") { (successes: Int64, trials: Int64, z: Double) -> Double in
        try wilson(successes, trials, z, 1)
      },
    ] + [randoms(Int8.self), randoms(Int16.self), randoms(Int32.self), randoms(Int64.self)].flatMap { $0 }

  private static func randoms<T: FixedWidthInteger & SignedInteger & Storable>(_: T.Type) -> [Function] {
    ["random", "rand"].flatMap { (name: String) -> [Function] in
      [
        .scalar(name, "A whole number in [0, n)", isDeterministic: false) { (n: T) -> T in
          if n <= 0 { throw invalidArgument("bound must be positive") }
          return T.random(in: 0..<n)
        },
        .scalar(name, "A whole number in [m, n)", isDeterministic: false) { (m: T, n: T) -> T in
          if m >= n { throw invalidArgument("start value must be less than stop value") }
          return T.random(in: m..<n)
        },
      ]
    }
  }
}

private func checkRadix(_ radix: Int64) throws {
  if radix < 2 || radix > 36 { throw invalidArgument("Radix must be between 2 and 36") }
}

/// Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
private func wilson(_ successes: Int64, _ trials: Int64, _ z: Double, _ sign: Double) throws -> Double {
  if successes < 0 { throw invalidArgument("number of successes must not be negative") }
  if trials <= 0 { throw invalidArgument("number of trials must be positive") }
  if successes > trials { throw invalidArgument("number of successes must not be larger than number of trials") }
  if !(z >= 0) { throw invalidArgument("z-score must not be negative") }
  let s = Double(successes), n = Double(trials), p = s / n
  if !z.isFinite || z > 1e154 { return sign < 0 ? 0 : 1 }
  let center = p + z * z / (2 * n), spread = z * ((p * (1 - p) / n) + z * z / (4 * n * n)).squareRoot()
  return (center + sign * spread) / (1 + z * z / n)
}

/// Acklam's rational approximation of the normal quantile, sharpened by one step of Halley's method to full precision.
func normalQuantile(_ p: Double) -> Double {
  let a = [
    -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01,
    2.506628277459239e+00,
  ]
  let b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01]
  let c = [
    -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00,
    2.938163982698783e+00,
  ]
  let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00]
  func horner(_ k: [Double], _ x: Double) -> Double { k.reduce(0) { $0 * x + $1 } }
  var x: Double
  if p < 0.02425 {
    let q = (-2 * log(p)).squareRoot()
    x = horner(c, q) / (horner(d, q) * q + 1)
  } else if p <= 1 - 0.02425 {
    let q = p - 0.5, r = q * q
    x = horner(a, r) * q / (horner(b, r) * r + 1)
  } else {
    let q = (-2 * log(1 - p)).squareRoot()
    x = -horner(c, q) / (horner(d, q) * q + 1)
  }
  for _ in 0..<2 {
    let e = 0.5 * erfc(-x / 2.0.squareRoot()) - p
    let u = e * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    x -= u / (1 + x * u / 2)
  }
  return x
}
