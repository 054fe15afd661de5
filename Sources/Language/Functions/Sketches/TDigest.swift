import Glibc
import Values

/// Dunning and Ertl's merging t-digest ("Computing extremely accurate quantiles using t-digests", 2019), scale function k1: clusters are small
/// at both ends of the distribution. Values wait in a buffer and are merged when it is full, so few values are kept exactly.
final class TDigest {
  static let standardCompression = 100.0

  private(set) var compression: Double
  private(set) var means: [Double] = []
  private(set) var weights: [Double] = []
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity
  /// Total weight of the centroids, without the buffer.
  private var merged = 0.0
  private var pendingValues: [Double] = []
  private var pendingWeights: [Double] = []
  private var pendingWeight = 0.0

  init(compression: Double = TDigest.standardCompression) { self.compression = TDigest.bounded(compression) }

  /// 10 to 1,000, and 10 for what is no number.
  private static func bounded(_ compression: Double) -> Double { compression > 10 ? min(compression, 1000) : 10 }

  var totalWeight: Double { merged + pendingWeight }
  var isEmpty: Bool { totalWeight == 0 }
  var byteCount: Int { 96 + (means.capacity + pendingValues.capacity) * 16 }

  private var bufferLimit: Int { Int(compression) * 8 }

  @inline(__always)
  func add(_ value: Double, weight: Double = 1) {
    pendingValues.append(value)
    pendingWeights.append(weight)
    pendingWeight += weight
    if pendingValues.count >= bufferLimit { settle() }
  }

  /// All of these, each of weight 1 where no weights are given.
  func add(_ values: [Double], weights: [Double]?) {
    var start = 0
    while start < values.count {
      let end = min(values.count, start + max(bufferLimit - pendingValues.count, 1))
      pendingValues.append(contentsOf: values[start..<end])
      if let weights {
        pendingWeights.append(contentsOf: weights[start..<end])
        for weight in weights[start..<end] { pendingWeight += weight }
      } else {
        pendingWeights.append(contentsOf: repeatElement(1, count: end - start))
        pendingWeight += Double(end - start)
      }
      if pendingValues.count >= bufferLimit { settle() }
      start = end
    }
  }

  func merge(_ other: TDigest) {
    other.settle()
    for (mean, weight) in zip(other.means, other.weights) {
      pendingValues.append(mean)
      pendingWeights.append(weight)
      pendingWeight += weight
    }
    low = min(low, other.low)
    high = max(high, other.high)
    if pendingValues.count >= bufferLimit { settle() }
  }

  /// Merges the buffer into the centroids.
  func settle() {
    if pendingValues.isEmpty { return }
    for value in pendingValues {
      low = min(low, value)
      high = max(high, value)
    }
    let values = means + pendingValues, weight = weights + pendingWeights
    let order = TDigest.order(of: values)
    let total = merged + pendingWeight
    pendingValues.removeAll(keepingCapacity: true)
    pendingWeights.removeAll(keepingCapacity: true)
    pendingWeight = 0
    merged = total
    means.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    // a cluster may grow while k(q) rises by at most one over it: k(q) = c / 2π · asin(2q - 1)
    let normalizer = compression / (2 * Double.pi)
    func limit(after q: Double) -> Double {
      let k = normalizer * asin(2 * min(max(q, 0), 1) - 1) + 1
      return k >= normalizer * Double.pi / 2 ? 1 : (sin(k / normalizer) + 1) / 2
    }
    var before = 0.0
    var bound = total * limit(after: 0)
    for index in order {
      let (x, w) = (values[Int(index)], weight[Int(index)])
      if let last = weights.last, before + last + w <= bound, order.count > Int(compression) / 2 {
        weights[weights.count - 1] = last + w
        means[means.count - 1] += (x - means[means.count - 1]) * w / (last + w)
      } else {
        if let last = weights.last {
          before += last
          bound = total * limit(after: before / total)
        }
        means.append(x)
        weights.append(w)
      }
    }
  }

  /// Ascending. Long buffers by radix: eight passes over bytes of the order-preserving bit pattern, less those where all bytes agree.
  private static func order(of values: [Double]) -> [UInt32] {
    var order = (0..<UInt32(truncatingIfNeeded: values.count)).map { $0 }
    if values.count < 128 {
      order.sort { values[Int($0)] < values[Int($1)] }
      return order
    }
    let keys = values.map { x -> UInt64 in
      let bits = x.bitPattern
      return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
    var other = order
    for pass in 0..<8 {
      let shift = UInt64(pass * 8)
      var counts = [Int](repeating: 0, count: 257)
      for key in keys { counts[Int(key >> shift & 255) + 1] += 1 }
      if counts.contains(values.count) { continue }
      for i in 0..<256 { counts[i + 1] += counts[i] }
      for index in order {
        let byte = Int(keys[Int(index)] >> shift & 255)
        other[counts[byte]] = index
        counts[byte] += 1
      }
      swap(&order, &other)
    }
    return order
  }

  /// The value at quantile `q` (0...1): exact while every value is a centroid of its own, interpolated between centroids otherwise.
  /// NaN when empty.
  func value(at q: Double) -> Double {
    settle()
    let n = means.count
    if n == 0 { return .nan }
    if n == 1 { return means[0] }
    let offset = q * merged
    if offset < 1 { return low }
    if offset > merged - 1 { return high }
    if weights[0] > 1 && offset < weights[0] / 2 { return low + (offset - 1) / (weights[0] / 2 - 1) * (means[0] - low) }
    let last = weights[n - 1]
    if last > 1 && merged - offset <= last / 2 { return high - (merged - offset - 1) / (last / 2 - 1) * (high - means[n - 1]) }
    var soFar = weights[0] / 2
    for i in 0..<n - 1 {
      let step = (weights[i] + weights[i + 1]) / 2
      if soFar + step > offset {
        var left = 0.0, right = 0.0
        if weights[i] == 1 {
          if offset - soFar < 0.5 { return means[i] }
          left = 0.5
        }
        if weights[i + 1] == 1 {
          if soFar + step - offset <= 0.5 { return means[i + 1] }
          right = 0.5
        }
        let a = offset - soFar - left, b = soFar + step - offset - right
        return (means[i] * b + means[i + 1] * a) / (a + b)
      }
      soFar += step
    }
    let a = offset - merged - last / 2, b = last / 2 - a
    return (means[n - 1] * a + high * b) / (a + b)
  }

  /// The share of the weight at or below `x`. NaN when empty.
  func quantile(of x: Double) -> Double {
    settle()
    let n = means.count
    if n == 0 { return .nan }
    if x < low { return 0 }
    if x > high { return 1 }
    if low == high { return 0.5 }
    var before = 0.0
    for i in 0..<n {
      let left = i == 0 ? low : (means[i - 1] + means[i]) / 2, right = i == n - 1 ? high : (means[i] + means[i + 1]) / 2
      if x < right || i == n - 1 {
        let share = right > left ? (x - left) / (right - left) : 0.5
        return min(1, (before + max(0, share) * weights[i]) / merged)
      }
      before += weights[i]
    }
    return 1
  }

  /// The mean of what lies between two quantiles; nil when empty.
  func trimmedMean(_ from: Double, _ to: Double) -> Double? {
    settle()
    if means.isEmpty || !(from >= 0 && from <= to && to <= 1) { return nil }
    if from == to { return value(at: from) }
    let low = from * merged, high = to * merged
    var before = 0.0, sum = 0.0, weight = 0.0
    for (mean, size) in zip(means, weights) {
      let share = min(before + size, high) - max(before, low)
      if share > 0 {
        sum += share * mean
        weight += share
      }
      before += size
    }
    return weight > 0 ? sum / weight : nil
  }

  func scale(by factor: Double) {
    settle()
    weights = weights.map { $0 * factor }
    merged *= factor
  }

  var sum: Double {
    settle()
    return zip(means, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  // MARK: as bytes

  /// Presto's own form: format 1, numeric type double, min, max, sum, compression, total weight, number of centroids, weights, means.
  ///
  ///     1 | 0 | min | max | sum | compression | weight | n, 32 bits | n weights | n means
  func bytes() -> [UInt8] {
    settle()
    var out: [UInt8] = [1, 0]
    func put(_ x: Double) { withUnsafeBytes(of: x.bitPattern.littleEndian) { out.append(contentsOf: $0) } }
    for x in [low, high, sum, compression, merged] { put(x) }
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: means.count).littleEndian) { out.append(contentsOf: $0) }
    for weight in weights { put(weight) }
    for mean in means { put(mean) }
    return out
  }

  /// Throws `INVALID_FUNCTION_ARGUMENT` for bytes that are no digest.
  convenience init(bytes: UnsafeRawBufferPointer) throws {
    let broken = PrestoError(.invalidFunctionArgument, "Cannot deserialize t-digest")
    guard bytes.count >= 46, bytes[0] == 1, bytes[1] == 0 else { throw broken }
    func double(_ at: Int) -> Double { Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))) }
    let n = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 42, as: UInt32.self)))
    guard bytes.count == 46 + 16 * n else { throw broken }
    try self.init(
      means: (0..<n).map { double(46 + 8 * (n + $0)) }, weights: (0..<n).map { double(46 + 8 * $0) }, low: double(2), high: double(10),
      compression: double(26), broken)
  }

  /// Throws `error` unless the centroids ascend between the bounds and have weights.
  init(means: [Double], weights: [Double], low: Double, high: Double, compression: Double, _ error: PrestoError) throws {
    self.compression = TDigest.bounded(compression)
    let total = weights.reduce(0, +)
    guard means.count == weights.count, weights.allSatisfy({ $0 > 0 }), total.isFinite else { throw error }
    if let first = means.first, let last = means.last {
      guard low <= first, last <= high, zip(means, means.dropFirst()).allSatisfy({ $0 <= $1 }) else { throw error }
      (self.low, self.high) = (low, high)
    }
    merged = total
    self.means = means
    self.weights = weights
  }
}
