/// SpookyHash V2 of Bob Jenkins, seed 0; the first 64 bits.
enum SpookyHash {
  private static let filler: UInt64 = 0xDEAD_BEEF_DEAD_BEEF

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 { bytes.count < 192 ? short(bytes) : long(bytes) }

  @inline(__always)
  private static func rotated(_ x: UInt64, _ n: UInt64) -> UInt64 { x << n | x >> (64 - n) }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// Up to eight bytes, little-endian.
  private static func tail(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
    range.reversed().reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
  }

  // MARK: Up to 191 bytes: four words of state

  private static let shortTurns: [UInt64] = [50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36]
  private static let shortEndTurns: [UInt64] = [15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63]

  private static func short(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var h = [0, 0, filler, filler]
    func mix() {
      for (step, turn) in shortTurns.enumerated() {
        let i = (step + 2) & 3
        h[i] = rotated(h[i], turn) &+ h[(i + 1) & 3]
        h[(i + 2) & 3] ^= h[i]
      }
    }
    var at = 0, left = bytes.count % 32
    while at + 32 <= bytes.count {
      h[2] = h[2] &+ word(bytes, at)
      h[3] = h[3] &+ word(bytes, at + 8)
      mix()
      h[0] = h[0] &+ word(bytes, at + 16)
      h[1] = h[1] &+ word(bytes, at + 24)
      at += 32
    }
    if left >= 16 {
      h[2] = h[2] &+ word(bytes, at)
      h[3] = h[3] &+ word(bytes, at + 8)
      mix()
      at += 16
      left -= 16
    }
    h[3] = h[3] &+ UInt64(bytes.count) << 56
    if left == 0 {
      h[2] = h[2] &+ filler
      h[3] = h[3] &+ filler
    } else {
      h[2] = h[2] &+ tail(bytes, at..<min(at + 8, bytes.count))
      h[3] = h[3] &+ tail(bytes, min(at + 8, bytes.count)..<bytes.count)
    }
    for (step, turn) in shortEndTurns.enumerated() {
      let i = (step + 3) & 3, j = (step + 2) & 3
      h[i] ^= h[j]
      h[j] = rotated(h[j], turn)
      h[i] = h[i] &+ h[j]
    }
    return h[0]
  }

  // MARK: Longer ones: twelve words of state, blocks of 96 bytes

  private static let turns: [UInt64] = [11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46]
  private static let endTurns: [UInt64] = [44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54]

  private static func long(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var s = (0..<12).map { $0 % 3 == 2 ? filler : 0 }
    let whole = bytes.count / 96 * 96
    for block in stride(from: 0, to: whole, by: 96) {
      for i in 0..<12 {
        s[i] = s[i] &+ word(bytes, block + 8 * i)
        s[(i + 2) % 12] ^= s[(i + 10) % 12]
        s[(i + 11) % 12] ^= s[i]
        s[i] = rotated(s[i], turns[i])
        s[(i + 11) % 12] = s[(i + 11) % 12] &+ s[(i + 1) % 12]
      }
    }
    // the rest, filled with zeros, its length in the last byte
    var rest = Array(bytes[whole...])
    let length = UInt8(rest.count)
    rest += [UInt8](repeating: 0, count: 96 - rest.count)
    rest[95] = length
    rest.withUnsafeBytes { rest in for i in 0..<12 { s[i] = s[i] &+ word(rest, 8 * i) } }
    for _ in 0..<3 {
      for i in 0..<12 {
        s[(i + 11) % 12] = s[(i + 11) % 12] &+ s[(i + 1) % 12]
        s[(i + 2) % 12] ^= s[(i + 11) % 12]
        s[(i + 1) % 12] = rotated(s[(i + 1) % 12], endTurns[i])
      }
    }
    return s[0]
  }
}
