/// Hashes that are no digests.
enum Hash {
  /// CRC-32 of IEEE 802.3, reflected.
  static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes { crc = crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
    return ~crc
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
  }

  /// MurmurHash3 x64 128, seed 0; 16 bytes, little-endian halves.
  static func murmur3(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let (low, high) = murmur3Halves(bytes)
    return [low, high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
  }

  /// MurmurHash3 x64 128 of Austin Appleby.
  static func murmur3Halves(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> (low: UInt64, high: UInt64) {
    let c1: UInt64 = 0x87c3_7b91_1142_53d5, c2: UInt64 = 0x4cf5_ad43_2745_937f
    func rotated(_ x: UInt64, _ n: UInt64) -> UInt64 { x << n | x >> (64 - n) }
    func final(_ x: UInt64) -> UInt64 {
      var k = x
      k ^= k >> 33
      k = k &* 0xff51_afd7_ed55_8ccd
      k ^= k >> 33
      k = k &* 0xc4ce_b9fe_1a85_ec53
      return k ^ k >> 33
    }
    var h1 = seed, h2 = seed
    let blocks = bytes.count / 16
    for i in 0..<blocks {
      let k1 = bytes.loadUnaligned(fromByteOffset: 16 * i, as: UInt64.self),
        k2 = bytes.loadUnaligned(fromByteOffset: 16 * i + 8, as: UInt64.self)
      h1 ^= rotated(k1 &* c1, 31) &* c2
      h1 = (rotated(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
      h2 ^= rotated(k2 &* c2, 33) &* c1
      h2 = (rotated(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
    }
    var k1: UInt64 = 0, k2: UInt64 = 0
    for i in blocks * 16..<bytes.count {
      let place = UInt64(i - blocks * 16)
      if place < 8 { k1 |= UInt64(bytes[i]) << (8 * place) } else { k2 |= UInt64(bytes[i]) << (8 * (place - 8)) }
    }
    h2 ^= rotated(k2 &* c2, 33) &* c1
    h1 ^= rotated(k1 &* c1, 31) &* c2
    h1 ^= UInt64(bytes.count)
    h2 ^= UInt64(bytes.count)
    h1 = h1 &+ h2
    h2 = h2 &+ h1
    h1 = final(h1)
    h2 = final(h2)
    h1 = h1 &+ h2
    h2 = h2 &+ h1
    return (h1, h2)
  }

  /// FNV (Fowler, Noll, Vo) in its two orders and widths.
  static func fnv32(_ bytes: [UInt8], xorFirst: Bool) -> Int32 {
    Int32(bitPattern: bytes.reduce(0x811C_9DC5) { xorFirst ? ($0 ^ UInt32($1)) &* 0x0100_0193 : ($0 &* 0x0100_0193) ^ UInt32($1) })
  }

  static func fnv64(_ bytes: [UInt8], xorFirst: Bool) -> Int64 {
    Int64(
      bitPattern: bytes.reduce(0xCBF2_9CE4_8422_2325) {
        xorFirst ? ($0 ^ UInt64($1)) &* 0x100_0000_01B3 : ($0 &* 0x100_0000_01B3) ^ UInt64($1)
      })
  }
}
