/// A URL taken apart as RFC 2396 has it (`java.net.URI`): places in the bytes.
///
///     scheme : // user @ host : port  path  ? query # fragment
struct URLParts {
  var scheme: Range<Int>?
  var host: Range<Int>?
  var port: Int?
  var path: Range<Int> = 0..<0
  var query: Range<Int>?
  var fragment: Range<Int>?

  /// nil: not a URL.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard URLParts.isLegal(bytes) else { return nil }
    var rest = 0..<bytes.count
    if let hash = bytes.firstIndex(of: 0x23) {
      fragment = hash + 1..<bytes.count
      rest = 0..<hash
    }
    if let colon = bytes[rest].firstIndex(of: 0x3A), bytes[..<colon].allSatisfy({ $0 != 0x2F && $0 != 0x3F }) {
      guard colon > 0, URLParts.isLetter(bytes[0]),
        bytes[..<colon].allSatisfy({ URLParts.isLetter($0) || ($0 >= 48 && $0 <= 57) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E })
      else { return nil }
      scheme = 0..<colon
      rest = colon + 1..<rest.upperBound
      if rest.isEmpty { return nil }
      // an opaque URL has nothing but its scheme and fragment
      if bytes[rest.lowerBound] != 0x2F { return }
    }
    if let mark = bytes[rest].firstIndex(of: 0x3F) {
      query = mark + 1..<rest.upperBound
      rest = rest.lowerBound..<mark
    }
    if rest.count >= 2 && bytes[rest.lowerBound] == 0x2F && bytes[rest.lowerBound + 1] == 0x2F {
      let start = rest.lowerBound + 2
      let end = bytes[start..<rest.upperBound].firstIndex(of: 0x2F) ?? rest.upperBound
      guard authority(bytes, start..<end) else { return nil }
      rest = end..<rest.upperBound
    }
    path = rest
  }

  private mutating func authority(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    var range = range
    if let at = bytes[range].lastIndex(of: 0x40) { range = at + 1..<range.upperBound }
    if range.isEmpty { return true }
    var end = range.upperBound
    if bytes[range.lowerBound] == 0x5B {
      guard let close = bytes[range].firstIndex(of: 0x5D) else { return false }
      end = close + 1
    } else if let colon = bytes[range].lastIndex(of: 0x3A) {
      end = colon
    }
    let digits = end < range.upperBound ? end + 1..<range.upperBound : end..<end
    if bytes[digits].allSatisfy({ $0 >= 48 && $0 <= 57 }) {
      if !digits.isEmpty {
        guard digits.count <= 9 else { return true }
        port = bytes[digits].reduce(0) { $0 * 10 + Int($1 - 48) }
      }
      // names with characters no host may have belong to a registry, not to a server
      if bytes[range.lowerBound..<end].allSatisfy({
        URLParts.isLetter($0) || ($0 >= 48 && $0 <= 57) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5B || $0 == 0x5D || $0 == 0x3A
      }) {
        host = range.lowerBound..<end
      } else {
        port = nil
      }
    }
    return true
  }

  private static func isLetter(_ c: UInt8) -> Bool { (c >= 65 && c <= 90) || (c >= 97 && c <= 122) }

  /// Unreserved, reserved and escaped characters; others than ASCII are taken as they are.
  private static func isLegal(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var i = 0
    while i < bytes.count {
      switch bytes[i] {
      case 0x25:
        func isHex(_ at: Int) -> Bool {
          at < bytes.count && ((bytes[at] >= 48 && bytes[at] <= 57) || (bytes[at] | 32 >= 97 && bytes[at] | 32 <= 102))
        }
        guard isHex(i + 1), isHex(i + 2) else { return false }
        i += 2
      case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D, 0x7F: return false
      default: break
      }
      i += 1
    }
    return true
  }
}
