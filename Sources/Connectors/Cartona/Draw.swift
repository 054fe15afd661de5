/// Random numbers without a state: the n-th use for the thing of a kind and number is always the same.
///
/// The mixing function is that of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
struct Draw {
  /// What a number counts. Each kind has draws of its own.
  enum Kind: UInt64 {
    case retailer = 1, supplier, product, offer, order, line, session, event, device, priceChange, stockChange, agent, visit, promotion
    case segment, experiment, supplierSession, supplierEvent
  }

  private let key: UInt64

  @inline(__always) init(_ seed: UInt64, _ kind: Kind, _ number: Int) {
    key = Draw.mix(Draw.mix(seed &+ kind.rawValue &* 0xD6E8_FEB8_6659_FD93) ^ UInt64(bitPattern: Int64(number)))
  }

  @inline(__always) private static func mix(_ x: UInt64) -> UInt64 {
    var z = x
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  @inline(__always) func bits(_ use: UInt64) -> UInt64 { Draw.mix(key &+ use &* 0x9E37_79B9_7F4A_7C15) }

  /// 0 ..< 1.
  @inline(__always) func unit(_ use: UInt64) -> Double { Double(bits(use) >> 11) * 0x1p-53 }

  /// 0 ..< count, each as likely. `count` is positive.
  @inline(__always) func below(_ count: Int, _ use: UInt64) -> Int {
    Int(bits(use).multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)
  }

  @inline(__always) func chance(_ probability: Double, _ use: UInt64) -> Bool { unit(use) < probability }

  /// 0 ..< count, small numbers far more often: the k-th has a density that falls as k^(-2/3), much as Zipf's law has it.
  @inline(__always) func skewed(_ count: Int, _ use: UInt64) -> Int {
    let u = unit(use)
    return min(Int(u * u * u * Double(count)), count - 1)
  }

  /// One of some.
  @inline(__always) func one<T>(of all: [T], _ use: UInt64) -> T { all[below(all.count, use)] }

  /// One of some, the first ones more often.
  @inline(__always) func skewedOne<T>(of all: [T], _ use: UInt64) -> T {
    let u = unit(use)
    return all[min(Int(u * u * Double(all.count)), all.count - 1)]
  }
}
