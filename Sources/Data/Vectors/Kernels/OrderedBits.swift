extension Double {
  /// Bits whose unsigned order is the order of numbers: NaN last, -0 as 0.
  @inlinable public var orderedBits: UInt64 {
    if isNaN { return ~0 }
    let bits = (self == 0 ? 0 : self).bitPattern
    return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
  }

  /// The number with these ordered bits.
  @inlinable public init(orderedBits bits: UInt64) {
    self = bits == ~0 ? .nan : Double(bitPattern: bits >> 63 == 1 ? bits & ~(1 << 63) : ~bits)
  }
}
