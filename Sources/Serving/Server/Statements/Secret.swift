/// What nobody can guess.
enum Secret {
  /// 128 random bits in hexadecimal digits.
  static func token() -> String {
    var generator = SystemRandomNumberGenerator()
    return hex(generator.next()) + hex(generator.next())
  }

  /// A random UUID, version 4.
  static func uuid() -> String {
    var generator = SystemRandomNumberGenerator()
    let high = hex((generator.next() as UInt64) & ~0xF000 | 0x4000)
    let low = hex((generator.next() as UInt64) & ~(3 << 62) | 1 << 63)
    return [high.prefix(8), high.dropFirst(8).prefix(4), high.suffix(4), low.prefix(4), low.suffix(12)].joined(separator: "-")
  }

  /// Whether two texts are the same, in a time that does not tell how much of them is.
  static func isEqual(_ a: some StringProtocol, _ b: some StringProtocol) -> Bool {
    let x = Array(a.utf8), y = Array(b.utf8)
    var difference = UInt8(x.count == y.count ? 0 : 1)
    for i in 0..<min(x.count, y.count) { difference |= x[i] ^ y[i] }
    return difference == 0
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
