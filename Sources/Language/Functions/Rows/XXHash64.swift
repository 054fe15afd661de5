import Glibc
import Values
import Vectors

/// xxHash64, by Yann Collet's specification ("XXH64 algorithm description"). Presto's sketches and `checksum` are defined over it.
enum XXHash64 {
  static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  @inline(__always) static func rotated(_ x: UInt64, _ bits: UInt64) -> UInt64 { x &<< bits | x &>> (64 &- bits) }

  @inline(__always) static func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
    rotated(accumulator &+ input &* prime2, 31) &* prime1
  }

  @inline(__always) static func avalanche(_ hash: UInt64) -> UInt64 {
    var h = hash
    h ^= h &>> 33
    h = h &* prime2
    h ^= h &>> 29
    h = h &* prime3
    return h ^ h &>> 32
  }

  /// Of eight bytes, little-endian, with seed 0.
  @inline(__always) static func hash(_ value: Int64) -> UInt64 {
    let h = (prime5 &+ 8) ^ round(0, UInt64(bitPattern: value))
    return avalanche(rotated(h, 27) &* prime1 &+ prime4)
  }

  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    let n = bytes.count
    var h = seed &+ prime5
    guard var p = bytes.baseAddress else { return avalanche(h) }
    let end = p + n
    if n >= 32 {
      var a = seed &+ prime1 &+ prime2, b = seed &+ prime2, c = seed, d = seed &- prime1
      while p + 32 <= end {
        a = round(a, p.loadUnaligned(as: UInt64.self))
        b = round(b, p.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        c = round(c, p.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        d = round(d, p.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        p += 32
      }
      h = rotated(a, 1) &+ rotated(b, 7) &+ rotated(c, 12) &+ rotated(d, 18)
      for lane in [a, b, c, d] { h = (h ^ round(0, lane)) &* prime1 &+ prime4 }
    }
    h = h &+ UInt64(truncatingIfNeeded: n)
    while p + 8 <= end {
      h = rotated(h ^ round(0, p.loadUnaligned(as: UInt64.self)), 27) &* prime1 &+ prime4
      p += 8
    }
    if p + 4 <= end {
      h = rotated(h ^ UInt64(p.loadUnaligned(as: UInt32.self)) &* prime1, 23) &* prime2 &+ prime3
      p += 4
    }
    while p < end {
      h = rotated(h ^ UInt64(p.load(as: UInt8.self)) &* prime5, 11) &* prime1
      p += 1
    }
    return avalanche(h)
  }
}
