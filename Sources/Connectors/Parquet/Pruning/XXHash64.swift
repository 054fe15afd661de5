/// xxHash64 with seed 0, as bloom filters use it. Source: Yann Collet, xxHash specification.
func xxHash64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  let p1: UInt64 = 0x9E37_79B1_85EB_CA87, p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F, p3: UInt64 = 0x1656_67B1_9E37_79F9
  let p4: UInt64 = 0x85EB_CA77_C2B2_AE63, p5: UInt64 = 0x27D4_EB2F_1656_67C5
  func rotated(_ x: UInt64, _ n: UInt64) -> UInt64 { x << n | x >> (64 - n) }
  func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 { rotated(accumulator &+ lane &* p2, 31) &* p1 }
  func merge(_ hash: UInt64, _ accumulator: UInt64) -> UInt64 { (hash ^ round(0, accumulator)) &* p1 &+ p4 }

  var at = 0
  var hash: UInt64
  if bytes.count >= 32 {
    var a = p1 &+ p2, b = p2, c: UInt64 = 0, d = 0 &- p1
    while bytes.count - at >= 32 {
      a = round(a, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      b = round(b, bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
      c = round(c, bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self))
      d = round(d, bytes.loadUnaligned(fromByteOffset: at + 24, as: UInt64.self))
      at += 32
    }
    hash = rotated(a, 1) &+ rotated(b, 7) &+ rotated(c, 12) &+ rotated(d, 18)
    for accumulator in [a, b, c, d] { hash = merge(hash, accumulator) }
  } else {
    hash = p5
  }
  hash = hash &+ UInt64(bytes.count)
  while bytes.count - at >= 8 {
    hash = rotated(hash ^ round(0, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)), 27) &* p1 &+ p4
    at += 8
  }
  if bytes.count - at >= 4 {
    hash = rotated(hash ^ UInt64(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)) &* p1, 23) &* p2 &+ p3
    at += 4
  }
  while at < bytes.count {
    hash = rotated(hash ^ UInt64(bytes[at]) &* p5, 11) &* p1
    at += 1
  }
  hash = (hash ^ hash >> 33) &* p2
  hash = (hash ^ hash >> 29) &* p3
  return hash ^ hash >> 32
}

/// The hash that bloom filters are asked with.
package enum BloomHash {
  package static func text(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBytes { xxHash64($0) } }
}
