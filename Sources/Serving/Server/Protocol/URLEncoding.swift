/// `application/x-www-form-urlencoded` of single values, as Java's and Python's clients write and read them in headers.
enum URLEncoding {
  static func encode(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x2A: bytes.append(byte)
      case 0x20: bytes.append(0x2B)
      default:
        bytes.append(0x25)
        bytes.append(digit(byte >> 4))
        bytes.append(digit(byte & 15))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What is no proper escape stays as it is.
  static func decode(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
    var decoded: [UInt8] = []
    var i = 0
    while i < bytes.count {
      switch bytes[i] {
      case 0x2B: decoded.append(0x20)
      case 0x25:
        if i + 2 < bytes.count, let high = value(bytes[i + 1]), let low = value(bytes[i + 2]) {
          decoded.append(high << 4 | low)
          i += 2
        } else {
          decoded.append(0x25)
        }
      default: decoded.append(bytes[i])
      }
      i += 1
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// `a=b,c=d` with encoded values (and names, where `decodesNames`); nil: an entry without `=`.
  static func pairs(_ text: String, decodesNames: Bool = false) -> [(name: String, value: String)]? {
    var result: [(name: String, value: String)] = []
    for entry in text.split(separator: ",") {
      let trimmed = trim(entry)
      if trimmed.isEmpty { continue }
      guard let equals = trimmed.firstIndex(of: "=") else { return nil }
      let name = trim(trimmed[..<equals])
      result.append((decodesNames ? decode(name) : String(name), decode(trim(trimmed[trimmed.index(after: equals)...]))))
    }
    return result
  }

  static func trim(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    return text
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
