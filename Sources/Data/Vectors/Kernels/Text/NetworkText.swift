/// ipprefix, a network: the 16 bytes of its first address as `IdentifierText` has them, then one byte, how many leading bits are fixed.
/// Those of an IPv4 network count from the start of its four bytes.
///
///     10.1.0.0/16    00 … 00 FF FF 0A 01 00 00 | 10
///     2001:db8::/32  20 01 0D B8 00 … 00       | 20
public enum NetworkText {
  /// Whether 16 bytes are an IPv4 address in the clothes of IPv6.
  public static func isVersion4(_ address: some Collection<UInt8>) -> Bool {
    address.prefix(10).allSatisfy { $0 == 0 } && address.dropFirst(10).prefix(2).allSatisfy { $0 == 0xFF }
  }

  /// How many bits an address of that version has.
  public static func width(_ address: some Collection<UInt8>) -> Int { isVersion4(address) ? 32 : 128 }

  /// The network of `bits` fixed bits that an address lies in; nil: the version has fewer bits.
  public static func network(of address: [UInt8], bits: Int) -> [UInt8]? {
    guard address.count == 16, bits >= 0, bits <= width(address) else { return nil }
    let value = number(address) & ~hostMask(of: address, bits: bits)
    return bytes(value) + [UInt8(bits)]
  }

  /// `address/bits`; nil: anything else.
  public static func network(_ text: Bytes) -> [UInt8]? {
    let all = text.array
    guard let slash = all.firstIndex(of: 0x2F), slash + 1 < all.count, all.count - slash <= 4 else { return nil }
    var bits = 0
    for digit in all[(slash + 1)...] {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      bits = bits * 10 + Int(digit - 0x30)
    }
    guard
      let address = all[..<slash].withUnsafeBytes({ raw in raw.baseAddress.flatMap { IdentifierText.address(Bytes($0, count: slash)) } })
    else { return nil }
    return network(of: address, bits: bits)
  }

  /// Ones where the addresses of a network differ from each other.
  public static func hostMask(of address: some Collection<UInt8>, bits: Int) -> UInt128 {
    let free = width(address) - bits
    return free >= 128 ? .max : free <= 0 ? 0 : (1 << UInt128(free)) - 1
  }

  /// 16 bytes as one number, and back.
  public static func number(_ address: some Sequence<UInt8>) -> UInt128 { address.prefix(16).reduce(0) { $0 << 8 | UInt128($1) } }

  public static func bytes(_ number: UInt128) -> [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: number >> UInt128(8 * (15 - $0))) }
  }

  public static func write(network value: Bytes, _ out: inout TextWriter) {
    value.withBytes { raw in
      guard raw.count == 17, let base = raw.baseAddress else { return }
      IdentifierText.write(address: Bytes(base, count: 16), &out)
      out.write(0x2F)
      out.write(number: Int(raw[16]))
    }
  }
}
