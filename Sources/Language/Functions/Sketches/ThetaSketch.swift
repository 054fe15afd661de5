import Glibc
import Values
import Vectors

/// Theta sketches of Apache DataSketches: the least 4,096 of 63-bit hashes, and the next one, theta, below which all that were seen are known.
struct ThetaSketch {
  static let limit = 4096
  static let seed: UInt64 = 9001
  /// What the seed hashes to: a sketch made with another cannot be read.
  static let seedHash: UInt16 = 0x93CC

  /// Some twice until settled.
  private(set) var hashes: [UInt64] = []
  private(set) var theta = UInt64(Int64.max)
  private(set) var isEmpty = true

  init() {}

  var byteCount: Int { 32 + hashes.capacity * 8 }

  mutating func add(_ hash: UInt64) {
    isEmpty = false
    let hash = hash >> 1
    if hash == 0 || hash >= theta { return }
    hashes.append(hash)
    if hashes.count > 2 * ThetaSketch.limit { settle() }
  }

  mutating func merge(_ other: ThetaSketch) {
    if other.isEmpty { return }
    isEmpty = false
    theta = min(theta, other.theta)
    hashes += other.hashes
    settle()
  }

  /// Sorts, and lets go what is double or too large.
  mutating func settle() {
    hashes.sort()
    var kept: [UInt64] = []
    kept.reserveCapacity(hashes.count)
    for hash in hashes where hash < theta && hash != kept.last { kept.append(hash) }
    if kept.count > ThetaSketch.limit {
      theta = kept[ThetaSketch.limit]
      kept.removeLast(kept.count - ThetaSketch.limit)
    }
    hashes = kept
  }

  // MARK: what it says. All of settled sketches

  var share: Double { Double(theta) / Double(Int64.max) }
  var estimate: Double { Double(hashes.count) * (Double(Int64.max) / Double(theta)) }
  private var isExact: Bool { isEmpty || theta == UInt64(Int64.max) }

  /// One standard deviation below or above the estimate, as the binomial distribution has it.
  func bound(isUpper: Bool) -> Double {
    let count = Double(hashes.count), p = share
    if isExact { return count }
    let delta = 0.1586553191586026479
    let bound: Double
    switch (hashes.count, isUpper) {
    case (0, false): bound = 0
    case (0, true): bound = (log(delta) / log(1 - p)).rounded(.up)
    case (1, false): bound = (log(1 - delta) / log(1 - p)).rounded(.down)
    default:
      let center = (count + (isUpper ? 0.5 : -0.5)) / p, b = ((1 - p) / p).squareRoot()
      let spread = 0.5 * b * (b * b + 4 * center).squareRoot(), middle = center + 0.5 * b * b
      bound = isUpper ? middle + spread + 0.5 : middle - spread - 0.5
    }
    return isUpper ? max(estimate, bound) : min(estimate, max(count, bound))
  }

  // MARK: as bytes

  /// DataSketches' compact form, hashes ascending.
  ///
  ///     longs before the hashes | 3 | 3 | 0 | 0 | flags | seed hash, 16 bits || n, 32 bits | 1 as a float || theta || n hashes
  func bytes() -> [UInt8] {
    if isEmpty { return [1, 3, 3, 0, 0, 0x1E, 0, 0] }
    let isSingle = isExact && hashes.count == 1
    var out: [UInt8] = [isSingle ? 1 : isExact ? 2 : 3, 3, 3, 0, 0, isSingle ? 0x3A : 0x1A]
    out.put(ThetaSketch.seedHash)
    if !isSingle {
      out.put(UInt32(truncatingIfNeeded: hashes.count))
      out.put(Float(1).bitPattern)
    }
    if !isExact { out.put(theta) }
    for hash in hashes { out.put(hash) }
    return out
  }

  /// Throws `INVALID_FUNCTION_ARGUMENT` for bytes that are no compact sketch.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    let broken = invalidArgument("Cannot deserialize theta sketch")
    var input = SketchBytes(bytes)
    guard bytes.count >= 8, let longs = input.number(UInt8.self).map({ Int($0 & 63) }), (1...3).contains(longs),
      input.number(UInt8.self) == 3, input.number(UInt8.self) == 3
    else { throw broken }
    input.skip(to: 5)
    let flags = input.number(UInt8.self) ?? 0, seed = input.number(UInt16.self)
    // big-endian ones are none of ours
    if flags & 1 != 0 { throw broken }
    if flags & 4 != 0 {
      guard longs == 1 || longs == 2 else { throw broken }
      return
    }
    guard seed == ThetaSketch.seedHash else { throw broken }
    var count = 1
    if longs > 1 {
      guard let n = input.number(Int32.self), input.number(UInt32.self) != nil, n >= 0 else { throw broken }
      count = Int(n)
    }
    if longs > 2 {
      guard let stored = input.number(Int64.self), stored > 0 else { throw broken }
      theta = UInt64(stored)
    }
    guard input.left == 8 * count else { throw broken }
    while let hash = input.number(UInt64.self) {
      guard hash > 0, hash < theta else { throw broken }
      hashes.append(hash)
    }
    isEmpty = false
    settle()
  }
}
