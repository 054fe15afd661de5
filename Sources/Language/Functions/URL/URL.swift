import Expressions
import Values
import Vectors

extension Function {
  static let urls: [Function] = [
    part("url_extract_protocol", "The protocol of a URL") { $0.scheme ?? 0..<0 },
    part("url_extract_host", "The host of a URL") { $0.host ?? 0..<0 },
    part("url_extract_path", "The path of a URL") { $0.path }, part("url_extract_query", "The query of a URL") { $0.query ?? 0..<0 },
    part("url_extract_fragment", "The fragment of a URL") { $0.fragment ?? 0..<0 },
    .scalar("url_extract_port", "The port of a URL") { (x: Text) -> Int64? in x.withBytes { URLParts($0)?.port.map { Int64($0) } } },
    .vector("url_extract_parameter", "(varchar(x), varchar) -> varchar(x)", "The value of a parameter in a URL's query") {
      arguments, rows, context in
      let urls = arguments[0].reader(as: Bytes.self), names = arguments[1].reader(as: Bytes.self)
      let validity = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, validity, context.result) { row, out in
          let url = urls[row], name = names[row].array
          guard let query = url.withBytes({ URLParts($0)?.query }) else { return out.writeNull() }
          let bytes = url.array
          for pair in bytes[query].split(separator: 0x26, omittingEmptySubsequences: true) {
            let mark = pair.firstIndex(of: 0x3D) ?? pair.endIndex
            if percentDecoded(pair[..<mark], plusIsSpace: false) ?? Array(pair[..<mark]) == name {
              let value = mark < pair.endIndex ? pair[(mark + 1)...] : []
              return (percentDecoded(value, plusIsSpace: false) ?? Array(value)).withUnsafeBytes { out.write($0) }
            }
          }
          out.writeNull()
        }
      }
    },
    .scalar("url_encode", "Escaped for use in a URL") { (x: Text, out: inout TextWriter) in
      let digits = Array("0123456789ABCDEF".utf8)
      for byte in x.array {
        switch byte {
        case 48...57, 65...90, 97...122, 0x2A, 0x2D, 0x2E, 0x5F: out.write(byte)
        case 0x20: out.write(0x2B)
        default:
          out.write(0x25)
          out.write(digits[Int(byte >> 4)])
          out.write(digits[Int(byte & 15)])
        }
      }
    }.sized("(varchar(x)) -> varchar") { 12 * $0[0] },
    .scalar("url_decode", "Escapes of a URL resolved") { (x: Text, out: inout TextWriter) in
      guard let bytes = percentDecoded(x.array[...], plusIsSpace: true) else {
        throw invalidArgument("Illegal hex characters in escape (%) pattern")
      }
      bytes.withUnsafeBytes { out.write($0) }
    }.signed("(varchar(x)) -> varchar(x)"),
  ]

  private static func part(_ name: String, _ summary: String, _ choose: @escaping @Sendable (URLParts) -> Range<Int>) -> Function {
    .scalar(name, summary) { (x: Text) -> Text? in
      guard let parts = x.withBytes({ URLParts($0) }) else { return nil }
      return x.part(choose(parts))
    }.signed("(varchar(x)) -> varchar(x)")
  }
}

/// nil: a percent sign without two hexadecimal digits after it.
private func percentDecoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
  var out: [UInt8] = []
  var i = bytes.startIndex
  func digit(_ at: Int) -> UInt8? {
    guard at < bytes.endIndex else { return nil }
    switch bytes[at] {
    case 48...57: return bytes[at] - 48
    case 65...70: return bytes[at] - 55
    case 97...102: return bytes[at] - 87
    default: return nil
    }
  }
  while i < bytes.endIndex {
    if bytes[i] == 0x25 {
      guard let high = digit(i + 1), let low = digit(i + 2) else { return nil }
      out.append(high << 4 | low)
      i += 3
    } else {
      out.append(plusIsSpace && bytes[i] == 0x2B ? 0x20 : bytes[i])
      i += 1
    }
  }
  return out
}
