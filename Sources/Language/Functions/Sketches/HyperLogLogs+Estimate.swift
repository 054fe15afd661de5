import Glibc
import Values

extension HyperLogLogs {
  /// The estimated number of distinct hashes.
  ///
  /// Sparse: linear counting over the 2^26 prefixes. Dense: linear counting while more than 40 % of the registers are empty, as Presto has it;
  /// above five times the number of registers the classic estimate; between them Ertl's ("New cardinality estimation algorithms for
  /// HyperLogLog sketches", 2017), which needs no tables of bias.
  func estimate(_ group: Int) -> Int64 {
    let counter = self[group]
    settle(counter)
    if let registers = counter.pointee.registers { return HyperLogLogs.estimate(registers, precision) }
    return HyperLogLogs.linear(empty: Double(1 << 26) - Double(counter.pointee.used), of: Double(1 << 26))
  }

  private static func linear(empty: Double, of total: Double) -> Int64 { count(total * log(total / empty)) }

  /// Registers that came as bytes may stand for any number.
  private static func count(_ estimate: Double) -> Int64 { estimate < 9.2e18 ? Int64(estimate.rounded()) : .max }

  static func estimate(_ registers: UnsafePointer<UInt8>, _ precision: Int) -> Int64 {
    let m = 1 << precision, size = Double(m), empty = Double(emptyRegisters(registers, m))
    if empty > 0.4 * size { return linear(empty: empty, of: size) }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256 * 2) { histogram in
      // two, so that equal neighbours do not wait for each other
      histogram.update(repeating: 0)
      for i in stride(from: 0, to: m, by: 2) {
        histogram[Int(registers[i])] &+= 1
        histogram[256 &+ Int(registers[i &+ 1])] &+= 1
      }
      for value in 0..<256 { histogram[value] &+= histogram[256 + value] }
      // what came as bytes may say anything
      for value in 66..<256 { histogram[65] &+= histogram[value] }
      return estimate(UnsafeBufferPointer(rebasing: histogram[..<66]), size, precision)
    }
  }

  /// How many are zero; eight at a time.
  static func emptyRegisters(_ registers: UnsafePointer<UInt8>, _ m: Int) -> Int {
    if m < 8 { return (0..<m).count { registers[$0] == 0 } }
    let words = UnsafeRawPointer(registers), low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var empty = m
    for at in stride(from: 0, to: m, by: 8) {
      let word = words.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      empty &-= ((word & low &+ low | word) & ~low).nonzeroBitCount
    }
    return empty
  }

  /// From how many registers have each value.
  private static func estimate(_ histogram: UnsafeBufferPointer<UInt32>, _ size: Double, _ precision: Int) -> Int64 {
    var sum = 0.0, weight = 1.0
    for registers in histogram {
      sum += Double(registers) * weight
      weight *= 0.5
    }
    let alpha: Double =
      switch precision {
      case ...4: 0.673
      case 5: 0.697
      case 6: 0.709
      default: 0.7213 / (1 + 1.079 / size)
      }
    let classic = alpha * size * size / sum
    if classic > 5 * size { return count(classic) }
    let top = 64 - precision
    var z = size * tau(1 - Double(histogram[min(top + 1, 65)]) / size)
    for k in stride(from: top, through: 1, by: -1) { z = 0.5 * (z + Double(histogram[k])) }
    z += size * sigma(Double(histogram[0]) / size)
    return count(size * size / (2 * log(2)) / z)
  }

  private static func sigma(_ start: Double) -> Double {
    if start == 1 { return .infinity }
    var x = start, y = 1.0, z = start, before = -1.0
    while z != before {
      x *= x
      before = z
      z += x * y
      y += y
    }
    return z
  }

  private static func tau(_ start: Double) -> Double {
    if start == 0 || start == 1 { return 0 }
    var x = start, y = 1.0, z = 1 - start, before = -1.0
    while z != before {
      x = x.squareRoot()
      before = z
      y *= 0.5
      z -= (1 - x) * (1 - x) * y
    }
    return z / 3
  }

  /// Buckets for a standard error of 1.04 / sqrt(buckets), as a power of two.
  static func precision(standardError: Double) throws -> Int {
    guard standardError >= 0.0040625, standardError <= 0.26 else {
      throw PrestoError(
        .invalidFunctionArgument, "Max standard error must be in [0.0040625, 0.26]: \(standardError)")
    }
    return Int(log2(1.0816 / (standardError * standardError)).rounded(.up))
  }

  /// 2,048 buckets: 2.3 %.
  static let standardPrecision = 11
  /// What `approx_set` has without an argument: 4,096 buckets, 1.6 %.
  static let standardSetPrecision = 12
}
