/// uuid and ipaddress as text: 16 bytes each, the latter IPv6 with IPv4 mapped into it.
public enum IdentifierText {
  /// `8-4-4-4-12` hexadecimal digits; nil: anything else.
  public static func uuid(_ text: Bytes) -> [UInt8]? {
    text.withBytes { raw in
      guard raw.count == 36 else { return nil }
      var bytes: [UInt8] = []
      var i = 0
      while i < 36 {
        if i == 8 || i == 13 || i == 18 || i == 23 {
          guard raw[i] == 0x2D else { return nil }
          i += 1
        }
        guard let high = nibble(raw[i]), let low = nibble(raw[i + 1]) else { return nil }
        bytes.append(high << 4 | low)
        i += 2
      }
      return bytes
    }
  }

  public static func write(uuid value: Bytes, _ out: inout TextWriter) {
    value.withBytes { raw in
      for (i, byte) in raw.enumerated() {
        if i == 4 || i == 6 || i == 8 || i == 10 { out.write(0x2D) }
        writeHex(byte, &out)
      }
    }
  }

  public static func writeHex(_ byte: UInt8, _ out: inout TextWriter) {
    for digit in [byte >> 4, byte & 15] { out.write(digit < 10 ? 0x30 + digit : 0x57 + digit) }
  }

  static func nibble(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x57
    case 0x41...0x46: byte - 0x37
    default: nil
    }
  }

  /// The 16 bytes of an IPv4 or IPv6 address; nil: neither.
  public static func address(_ text: Bytes) -> [UInt8]? {
    let parts = text.string
    if !parts.contains(":") { return v4(parts[...]).map { [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + $0 } }
    var groups: [[UInt8]] = [], gap: Int?
    var fields = parts.split(separator: ":", omittingEmptySubsequences: false)
    if fields.count < 3 || fields.count > 9 { return nil }
    // `::` at an end leaves one empty field too many
    if fields[0].isEmpty {
      guard fields[1].isEmpty else { return nil }
      fields.removeFirst()
    }
    if fields.count > 1, fields[fields.count - 1].isEmpty {
      guard fields[fields.count - 2].isEmpty else { return nil }
      fields.removeLast()
    }
    for (index, field) in fields.enumerated() {
      if field.isEmpty {
        guard gap == nil else { return nil }
        gap = groups.count
      } else if field.contains(".") {
        guard index == fields.count - 1, let four = v4(field) else { return nil }
        groups.append(Array(four[0..<2]))
        groups.append(Array(four[2..<4]))
      } else {
        guard field.utf8.count <= 4, let value = UInt16(field, radix: 16) else { return nil }
        groups.append([UInt8(value >> 8), UInt8(value & 255)])
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: Array(repeating: [0, 0], count: 8 - groups.count), at: gap)
    }
    return groups.count == 8 ? groups.flatMap { $0 } : nil
  }

  private static func v4(_ text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let bytes = parts.compactMap { $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? UInt8($0) : nil }
    return bytes.count == 4 ? bytes : nil
  }

  /// Dotted for mapped IPv4, else RFC 5952: lower case, the longest run of zero groups as `::`.
  public static func write(address value: Bytes, _ out: inout TextWriter) {
    value.withBytes { raw in
      guard raw.count == 16 else { return }
      if raw[0..<10].allSatisfy({ $0 == 0 }) && raw[10] == 0xFF && raw[11] == 0xFF {
        for i in 12..<16 {
          if i > 12 { out.write(0x2E) }
          out.write(number: Int(raw[i]))
        }
        return
      }
      let groups = (0..<8).map { Int(raw[$0 * 2]) << 8 | Int(raw[$0 * 2 + 1]) }
      var best = 0..<0
      var i = 0
      while i < 8 {
        var end = i
        while end < 8 && groups[end] == 0 { end += 1 }
        if end - i > max(best.count, 1) { best = i..<end }
        i = max(end, i + 1)
      }
      for i in 0..<8 {
        if best.contains(i) {
          if i == best.lowerBound { out.write("::") }
          continue
        }
        if i > 0 && i != best.upperBound { out.write(0x3A) }
        out.write(String(groups[i], radix: 16))
      }
    }
  }
}
