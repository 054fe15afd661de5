import Expressions
import Values
import Vectors

extension Function {
  static let textForms: [Function] = [
    .scalar("overlay", "With the part from a character on replaced") { (x: Text, part: Text, start: Int64, out: inout TextWriter) in
      try writeOverlaid(x, part, start, Int64(part.withBytes { CodePoints.count($0) }), &out)
    }.sized("(varchar(x), varchar(y), bigint) -> varchar") { $0[0] + $0[1] },
    .scalar("overlay", "With so many characters from one on replaced") {
      (x: Text, part: Text, start: Int64, length: Int64, out: inout TextWriter) in
      try writeOverlaid(x, part, start, length, &out)
    }.sized("(varchar(x), varchar(y), bigint, bigint) -> varchar") { $0[0] + $0[1] },
    .scalar("normalize", "In Unicode normalization form C") { (x: Text, out: inout TextWriter) in try writeNormalized(x, "NFC", &out) },
    .scalar("normalize", "In a Unicode normalization form") { (x: Text, form: Text, out: inout TextWriter) in
      try writeNormalized(x, form.string.uppercased(), &out)
    },
    .vector("contains", "(varchar, ipaddress) -> boolean", "Whether an address lies in a network such as 10.0.0.0/8") {
      arguments, rows, _ in
      let networks = arguments[0].reader(as: Bytes.self), addresses = arguments[1].reader(as: Bytes.self)
      var known: (text: Bytes, network: Network)?
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Bool.self) { row in
          if known == nil || !(known.map { $0.text == networks[row] } ?? false) { known = (networks[row], try Network(networks[row])) }
          return known?.network.contains(addresses[row].array) ?? false
        }.vector(.boolean, rows: rows, heap: [])
      }
    },
  ]
}

private func writeOverlaid(_ x: Bytes, _ part: Bytes, _ start: Int64, _ length: Int64, _ out: inout TextWriter) throws {
  if start < 1 { throw invalidArgument("Start position must be greater than 0") }
  if length < 0 { throw invalidArgument("Length must not be negative") }
  x.withBytes { bytes in
    let low = CodePoints.offset(bytes, Int(clamping: start) - 1) ?? bytes.count
    let rest = UnsafeRawBufferPointer(rebasing: bytes[low...])
    let dropped = CodePoints.offset(rest, Int(clamping: length)) ?? rest.count
    out.write(UnsafeRawBufferPointer(rebasing: bytes[..<low]))
    out.write(part)
    out.write(UnsafeRawBufferPointer(rebasing: rest[dropped...]))
  }
}

private func writeNormalized(_ x: Bytes, _ form: String, _ out: inout TextWriter) throws {
  guard ["NFC", "NFD", "NFKC", "NFKD"].contains(form) else {
    throw invalidArgument("Normalization form must be one of [NFD, NFC, NFKD, NFKC]")
  }
  if x.withBytes({ CodePoints.isASCII($0) }) { return out.write(x) }
  try Normalization.write(x.string, form, &out)
}

/// An address with so many leading bits that count.
private struct Network {
  private let address: [UInt8]
  private let bits: Int

  /// Throws INVALID_FUNCTION_ARGUMENT for what is no `address/bits`.
  init(_ text: Bytes) throws {
    let bytes = text.array
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { throw invalidArgument("Invalid CIDR") }
    guard let address = IdentifierText.address(text.part(0..<slash)) else { throw invalidArgument("Invalid network IP address") }
    let digits = String(decoding: bytes[(slash + 1)...], as: UTF8.self)
    let isMapped = address.prefix(10).allSatisfy { $0 == 0 } && address[10] == 0xFF && address[11] == 0xFF
    // an IPv4 address in IPv6 clothes is one of IPv4 again, unless its length says otherwise
    let isLong = bytes[..<slash].contains(UInt8(ascii: ":"))
    guard let length = Int(digits), length >= 0, length <= (isMapped && !isLong ? 32 : 128) else {
      throw invalidArgument(isLong ? "Invalid CIDR" : "Invalid prefix length")
    }
    self.address = address
    bits = isMapped && length <= 32 ? 96 + length : length
    for i in 0..<16 {
      let mask: UInt8 = bits - i * 8 >= 8 ? 0xFF : bits - i * 8 <= 0 ? 0 : ~(0xFF >> UInt8(bits - i * 8))
      if !isLong, address[i] & ~mask != 0 { throw invalidArgument("Invalid CIDR") }
    }
  }

  func contains(_ other: [UInt8]) -> Bool {
    guard other.count == 16 else { return false }
    for i in 0..<16 where i * 8 < bits {
      let mask: UInt8 = bits - i * 8 >= 8 ? 0xFF : ~(0xFF >> UInt8(bits - i * 8))
      if (address[i] ^ other[i]) & mask != 0 { return false }
    }
    return true
  }
}
