/// The little XML that object stores answer with: elements with text, no attributes that matter. Anything unexpected ends the reading; nothing a
/// server can say traps.
struct XMLElement {
  let name: String
  private(set) var text = ""
  private(set) var children: [XMLElement] = []

  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// nil: not well formed.
  static func parse(_ bytes: [UInt8]) -> XMLElement? {
    var place = 0
    var open: [XMLElement] = []
    while let start = bytes[place...].firstIndex(of: 60) {
      if !open.isEmpty { open[open.count - 1].text += decoded(bytes[place..<start]) }
      guard let end = bytes[start...].firstIndex(of: 62), end > start + 1 else { return nil }
      let tag = bytes[(start + 1)..<end]
      place = end + 1
      switch tag.first {
      case 63, 33: continue
      case 47:
        guard let done = open.popLast(), Array(done.name.utf8) == Array(tag.dropFirst().prefix { $0 > 32 }) else { return nil }
        if open.isEmpty { return done }
        open[open.count - 1].children.append(done)
      default:
        let isEmpty = tag.last == 47
        let element = XMLElement(name: String(decoding: tag.prefix { $0 > 32 && $0 != 47 }, as: UTF8.self))
        if isEmpty {
          if open.isEmpty { return element }
          open[open.count - 1].children.append(element)
        } else {
          guard open.count < 32 else { return nil }
          open.append(element)
        }
      }
    }
    return nil
  }

  private init(name: String) { self.name = name }

  /// With `&amp;`, `&#38;` and the like as the characters they stand for.
  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(38) else { return String(decoding: bytes, as: UTF8.self) }
    var result = ""
    var rest = bytes
    while let start = rest.firstIndex(of: 38) {
      result += String(decoding: rest[..<start], as: UTF8.self)
      guard let end = rest[start...].prefix(12).firstIndex(of: 59) else {
        result += "&"
        rest = rest[(start + 1)...]
        continue
      }
      let name = String(decoding: rest[(start + 1)..<end], as: UTF8.self)
      let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][name]
      let scalar =
        name.hasPrefix("#x")
        ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
      result += named ?? scalar.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? ""
      rest = rest[(end + 1)...]
    }
    return result + String(decoding: rest, as: UTF8.self)
  }
}
