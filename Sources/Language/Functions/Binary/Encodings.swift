import Values

/// Bytes as text: base 16, 32 and 64 (RFC 4648).
enum Encoding {
  private static let hexDigits = Array("0123456789ABCDEF".utf8)
  private static let alphabet32 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
  private static let alphabet64 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let alphabetURL = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func hex(_ bytes: UnsafeRawBufferPointer) -> [UInt8] { bytes.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] } }

  static func fromHex(_ text: [UInt8]) throws -> [UInt8] {
    if text.count % 2 != 0 { throw invalidArgument("Invalid input length \(text.count)") }
    func digit(_ c: UInt8) throws -> UInt8 {
      switch c {
      case 48...57: c - 48
      case 65...70: c - 55
      case 97...102: c - 87
      default: throw invalidArgument("Unrecognized character: \(Character(Unicode.Scalar(c)))")
      }
    }
    return try stride(from: 0, to: text.count, by: 2).map { try digit(text[$0]) << 4 | digit(text[$0 + 1]) }
  }

  static func base64(_ bytes: [UInt8], isURL: Bool) -> [UInt8] { encoded(bytes, isURL ? alphabetURL : alphabet64, bits: 6, group: 4) }
  static func base32(_ bytes: [UInt8]) -> [UInt8] { encoded(bytes, alphabet32, bits: 5, group: 8) }

  private static func encoded(_ bytes: [UInt8], _ alphabet: [UInt8], bits: Int, group: Int) -> [UInt8] {
    var out: [UInt8] = []
    var held: UInt32 = 0, count = 0
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      count += 8
      while count >= bits {
        out.append(alphabet[Int(held >> UInt32(count - bits)) & ((1 << bits) - 1)])
        count -= bits
      }
    }
    if count > 0 { out.append(alphabet[Int(held << UInt32(bits - count)) & ((1 << bits) - 1)]) }
    while out.count % group != 0 { out.append(61) }
    return out
  }

  static func fromBase64(_ text: [UInt8], isURL: Bool) throws -> [UInt8] {
    let body = unpadded(text)
    if body.count % 4 == 1 || (body.count < text.count && text.count % 4 != 0) {
      throw invalidArgument("Input byte array has incorrect ending byte at \(text.count)")
    }
    return try decoded(body, isURL ? alphabetURL : alphabet64, bits: 6)
  }

  static func fromBase32(_ text: [UInt8]) throws -> [UInt8] {
    let body = unpadded(text)
    if [1, 3, 6].contains(body.count % 8) { throw invalidArgument("Invalid input length \(body.count)") }
    return try decoded(body, alphabet32, bits: 5)
  }

  private static func unpadded(_ text: [UInt8]) -> ArraySlice<UInt8> {
    var end = text.count
    while end > 0 && text[end - 1] == 61 { end -= 1 }
    return text[..<end]
  }

  private static func decoded(_ body: ArraySlice<UInt8>, _ alphabet: [UInt8], bits: Int) throws -> [UInt8] {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, c) in alphabet.enumerated() { values[Int(c)] = UInt8(value) }
    var out: [UInt8] = []
    var held: UInt32 = 0, count = 0
    for c in body {
      if values[Int(c)] == 255 {
        throw invalidArgument(
          bits == 5 ? "Unrecognized character: \(Character(Unicode.Scalar(c)))" : "Illegal base64 character \(String(c, radix: 16))")
      }
      held = held << UInt32(bits) | UInt32(values[Int(c)])
      count += bits
      if count >= 8 {
        out.append(UInt8(truncatingIfNeeded: held >> UInt32(count - 8)))
        count -= 8
      }
    }
    return out
  }
}
