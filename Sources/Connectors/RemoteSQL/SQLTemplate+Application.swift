import Values

extension SQLTemplate {
  /// The text with its arguments in place. `distinct` and `filter` are for aggregates.
  func applied(to arguments: [RemoteText], type: DataType, isDistinct: Bool = false, filter: RemoteText? = nil) -> RemoteText {
    if text == "$1", var only = arguments.first {
      only.type = type
      return only
    }
    var result = RemoteText(type: type)
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result.append(String(rest[..<dollar]))
      rest = rest[rest.index(after: dollar)...]
      if take("distinct", from: &rest) {
        if isDistinct { result.append("DISTINCT ") }
      } else if take("filter", from: &rest) {
        if let filter {
          result.append(" FILTER (WHERE ")
          result.append(filter)
          result.append(")")
        }
      } else if take("unit", from: &rest) {
        if case .decimal(_, let scale) = type { result.append(Decimals.unit(scale: scale)) } else { result.append("1") }
      } else if take("*", from: &rest) {
        result.append(.joined(arguments, by: ", "))
      } else if let digit = rest.first?.wholeNumberValue, digit >= 1, digit <= arguments.count {
        rest = rest.dropFirst()
        result.append(arguments[digit - 1].parenthesised)
      } else {
        result.append("$")
      }
    }
    result.append(String(rest))
    result.isAtomic = isCall
    return result
  }

  private func take(_ word: String, from rest: inout Substring) -> Bool {
    guard rest.hasPrefix(word) else { return false }
    rest = rest.dropFirst(word.count)
    return true
  }

  /// `name(…)` from the first byte to the last.
  private var isCall: Bool {
    var depth = 0
    var isName = true
    var index = 0
    let last = text.utf8.count - 1
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "("):
        if depth == 0 && (!isName || index == 0) { return false }
        depth += 1
        isName = false
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return index == last }
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        break
      default: if depth == 0 { return false }
      }
      index += 1
    }
    return false
  }
}
