import Expressions
import Values
import Vectors

extension Function {
  static let bitwise: [Function] =
    [
      .scalar("bitwise_and", "Bitwise AND") { (x: Int64, y: Int64) in x & y },
      .scalar("bitwise_or", "Bitwise OR") { (x: Int64, y: Int64) in x | y },
      .scalar("bitwise_xor", "Bitwise XOR") { (x: Int64, y: Int64) in x ^ y },
      .scalar("bitwise_not", "Bitwise NOT") { (x: Int64) in ~x },
      .scalar("bit_count", "Bits set in a two's-complement number of so many bits") { (x: Int64, bits: Int64) -> Int64 in
        if bits < 2 || bits > 64 { throw invalidArgument("Bits specified in bit_count must be between 2 and 64, got \(bits)") }
        if bits == 64 { return Int64(x.nonzeroBitCount) }
        let low = -(Int64(1) << (bits - 1)), high = (Int64(1) << (bits - 1)) - 1
        if x < low || x > high {
          throw invalidArgument("Number must be representable with the bits specified. \(x) cannot be represented with \(bits) bits")
        }
        return Int64((x & ((1 << bits) - 1)).nonzeroBitCount)
      },
      .scalar("bitwise_arithmetic_shift_right", "Shifted right, with its sign") { (x: Int64, shift: Int64) -> Int64 in
        if shift < 0 { throw invalidArgument("Specified shift must be positive") }
        return shift >= 64 ? (x >= 0 ? 0 : -1) : x >> shift
      },
      .scalar("bitwise_logical_shift_right", "Shifted right within so many bits") { (x: Int64, shift: Int64, bits: Int64) -> Int64 in
        if shift < 0 { throw invalidArgument("Specified shift must be positive") }
        if bits == 64 { return shift >= 64 ? 0 : Int64(bitPattern: UInt64(bitPattern: x) >> UInt64(shift)) }
        if bits <= 1 || bits >= 65 {
          throw invalidArgument("Bits specified in bitwise_logical_shift_right must be between 2 and 64, got \(bits)")
        }
        return shift >= 64 ? 0 : (x & ((1 << bits) - 1)) >> shift
      },
      .scalar("bitwise_shift_left", "Shifted left within so many bits") { (x: Int64, shift: Int64, bits: Int64) -> Int64 in
        if shift < 0 { throw invalidArgument("Specified shift must be positive") }
        if bits <= 1 || bits >= 65 { throw invalidArgument("Bits specified in bitwise_left_shift must be between 2 and 64, got \(bits)") }
        if shift >= 64 { return 0 }
        return bits == 64 ? x << shift : (x << shift) & ((1 << bits) - 1)
      },
    ] + [shifts(Int8.self), shifts(Int16.self), shifts(Int32.self), shifts(Int64.self)].flatMap { $0 }

  private static func shifts<T: FixedWidthInteger & SignedInteger & Storable>(_: T.Type) -> [Function] {
    [
      .scalar("bitwise_left_shift", "Shifted left") { (x: T, shift: Int64) -> T in shift < 0 || shift >= T.bitWidth ? 0 : x &<< T(shift) },
      .scalar("bitwise_right_shift", "Shifted right, zeros coming in") { (x: T, shift: Int64) -> T in
        if shift < 0 || shift >= T.bitWidth { return 0 }
        let mask: UInt64 = T.bitWidth == 64 ? ~0 : (1 << UInt64(T.bitWidth)) - 1
        return T(truncatingIfNeeded: (UInt64(truncatingIfNeeded: x) & mask) >> UInt64(shift))
      },
      .scalar("bitwise_right_shift_arithmetic", "Shifted right, the sign coming in") { (x: T, shift: Int64) -> T in
        if shift < 0 || shift >= T.bitWidth { return x < 0 ? -1 : 0 }
        return x >> T(shift)
      },
    ]
  }
}
