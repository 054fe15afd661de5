/// The text of a type taken apart, before anybody decides what the names mean: `decimal(p,s)` in a function's signature and
/// `decimal(15,2)` in a column's declaration have the same shape.
package struct TypeText: Hashable, Sendable {
  /// As written; several words are joined by single spaces (`timestamp with time zone`, `interval day to second`).
  package var name: String
  package var parameters: [Parameter] = []
  package var hasParameters = false

  package indirect enum Parameter: Hashable, Sendable {
    case number(Int)
    /// `name` only inside rows.
    case type(name: String?, TypeText)
  }

  /// Reads a whole text. nil: it is not a type.
  package init?(_ text: String) {
    var scanner = TypeScanner(text)
    guard let type = scanner.type(), scanner.isAtEnd else { return nil }
    self = type
  }

  init(name: String) { self.name = name }
}

/// Reads types off a byte string. Also used for signatures, which are types with arrows between them.
package struct TypeScanner {
  private let bytes: [UInt8]
  private var at = 0
  private var depth = 0

  package init(_ text: String) { bytes = Array(text.utf8) }

  package var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return at == bytes.count
    }
  }

  package mutating func skipBlanks() { while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x09 { at += 1 } }

  /// Whether the literal stands next; it is then consumed.
  package mutating func take(_ literal: StaticString) -> Bool {
    skipBlanks()
    let count = literal.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    let text = Array("\(literal)".utf8)
    for i in 0..<count where bytes[at + i] != text[i] { return false }
    at += count
    return true
  }

  package mutating func number() -> Int? {
    skipBlanks()
    let start = at
    var value = 0
    while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39 {
      value = min(value * 10 + Int(bytes[at] - 0x30), 1 << 40)
      at += 1
    }
    return start == at ? nil : value
  }

  /// A bare or a double-quoted word.
  package mutating func word() -> (text: String, isQuoted: Bool)? {
    skipBlanks()
    guard at < bytes.count else { return nil }
    if bytes[at] == 0x22 {
      var text: [UInt8] = []
      var i = at + 1
      while i < bytes.count {
        if bytes[i] == 0x22 {
          if i + 1 < bytes.count, bytes[i + 1] == 0x22 {
            text.append(0x22)
            i += 2
            continue
          }
          at = i + 1
          return (String(decoding: text, as: UTF8.self), true)
        }
        text.append(bytes[i])
        i += 1
      }
      return nil
    }
    let start = at
    while at < bytes.count, Self.isWordByte(bytes[at], first: at == start) { at += 1 }
    return at == start ? nil : (String(decoding: bytes[start..<at], as: UTF8.self), false)
  }

  private static func isWordByte(_ b: UInt8, first: Bool) -> Bool {
    (b >= 0x61 && b <= 0x7A) || (b >= 0x41 && b <= 0x5A) || b == 0x5F || (!first && b >= 0x30 && b <= 0x39)
  }

  /// The words given, in any case, if all of them stand next.
  private mutating func takeWords(_ words: String...) -> Bool {
    let start = at
    for expected in words {
      guard let next = word(), !next.isQuoted, next.text.lowercased() == expected else {
        at = start
        return false
      }
    }
    return true
  }

  package mutating func type() -> TypeText? {
    depth += 1
    defer { depth -= 1 }
    guard depth < 100, let first = word(), !first.isQuoted else { return nil }
    return typeNamed(first.text)
  }

  private mutating func typeNamed(_ name: String) -> TypeText? {
    var type = TypeText(name: name)
    switch name.lowercased() {
    case "interval":
      if takeWords("day", "to", "second") {
        type.name = "interval day to second"
      } else if takeWords("year", "to", "month") {
        type.name = "interval year to month"
      } else {
        return nil
      }
      return type
    case "double":
      _ = takeWords("precision")
      return type
    default: break
    }
    if take("(") {
      guard parameters(until: ")", of: &type) else { return nil }
    } else if take("<") {
      guard parameters(until: ">", of: &type) else { return nil }
    }
    let lowered = name.lowercased()
    if lowered == "time" || lowered == "timestamp" {
      if takeWords("with", "time", "zone") { type.name = lowered + " with time zone" } else { _ = takeWords("without", "time", "zone") }
    }
    return type
  }

  private mutating func parameters(until close: StaticString, of type: inout TypeText) -> Bool {
    type.hasParameters = true
    if take(close) { return true }
    let isRow = type.name.lowercased() == "row"
    repeat {
      if let value = number() {
        type.parameters.append(.number(value))
      } else if isRow {
        guard let field = field() else { return false }
        type.parameters.append(field)
      } else {
        guard let inner = self.type() else { return false }
        type.parameters.append(.type(name: nil, inner))
      }
    } while take(",")
    return take(close)
  }

  /// `name type` or `type` alone: a bare word directly followed by another word or a quoted one is a name.
  private mutating func field() -> TypeText.Parameter? {
    let start = at
    guard let first = word() else { return nil }
    if first.isQuoted { return self.type().map { .type(name: first.text, $0) } }
    let afterFirst = at
    at = start
    if let alone = self.type(), isFieldEnd { return .type(name: nil, alone) }
    at = afterFirst
    return self.type().map { .type(name: first.text, $0) }
  }

  private var isFieldEnd: Bool {
    var i = at
    while i < bytes.count, bytes[i] == 0x20 { i += 1 }
    return i == bytes.count || bytes[i] == 0x2C || bytes[i] == 0x29 || bytes[i] == 0x3E
  }
}
