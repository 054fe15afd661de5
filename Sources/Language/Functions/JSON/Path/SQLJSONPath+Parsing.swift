import Values

extension SQLJSONPath {
  /// Throws SYNTAX_ERROR, whose location counts lines and columns within the path, and INVALID_PATH.
  init(_ text: [UInt8]) throws {
    var parser = SQLJSONPathParser(text)
    self = try parser.path()
  }
}

/// Recursive descent over the bytes of a path.
private struct SQLJSONPathParser {
  private let text: [UInt8]
  private var at = 0
  private var depth = 0
  /// The expression may use `last`, `@`.
  private var subscripts = 0
  private var filters = 0

  /// Nesting and chains beyond it are refused: hostile texts must not exhaust the stack.
  private static let deepest = 200

  init(_ text: [UInt8]) { self.text = text }

  mutating func path() throws -> SQLJSONPath {
    guard let mode = word(), mode == "lax" || mode == "strict" else { throw mismatch("{'lax', 'strict'}") }
    advance(mode)
    let root = try expression()
    skipBlanks()
    guard at == text.count else { throw mismatch("<EOF>") }
    return SQLJSONPath(isLax: mode == "lax", root: root)
  }

  // MARK: Tokens

  private mutating func skipBlanks() { while at < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[at]) { at += 1 } }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == 0x5F || (byte >= 48 && byte <= 57) || (byte | 0x20 >= 97 && byte | 0x20 <= 122) || byte >= 0x80
  }

  /// The word that begins here; nothing is consumed.
  private mutating func word() -> String? {
    skipBlanks()
    guard at < text.count, SQLJSONPathParser.isNameByte(text[at]), !(text[at] >= 48 && text[at] <= 57) else { return nil }
    return String(decoding: text[at...].prefix(while: SQLJSONPathParser.isNameByte), as: UTF8.self)
  }

  private mutating func advance(_ word: String) { at += word.utf8.count }

  private mutating func accept(word wanted: String) -> Bool {
    guard word() == wanted else { return false }
    advance(wanted)
    return true
  }

  private mutating func sees(_ sign: StaticString) -> Bool {
    skipBlanks()
    return text[at...].starts(with: UnsafeBufferPointer(start: sign.utf8Start, count: sign.utf8CodeUnitCount))
  }

  private mutating func accept(_ sign: StaticString) -> Bool {
    guard sees(sign) else { return false }
    at += sign.utf8CodeUnitCount
    return true
  }

  private mutating func expect(_ sign: StaticString) throws {
    if !accept(sign) { throw mismatch("'\(sign)'") }
  }

  private func mismatch(_ expected: String) -> PrestoError {
    var line = 1, column = 1
    for byte in text[..<at] where byte & 0xC0 != 0x80 {
      if byte == 0x0A {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    let rest = text[at...]
    let token = rest.prefix(while: SQLJSONPathParser.isNameByte)
    let shown = rest.isEmpty ? "<EOF>" : String(decoding: token.isEmpty ? rest.prefix(1) : token, as: UTF8.self)
    return PrestoError(
      .syntaxError, "mismatched input '\(shown)' expecting \(expected)", at: SourceLocation(line: line, column: column))
  }

  /// `"…"` with a doubled quote for one; JSON's backslash escapes are left to regular expressions and compared as they stand.
  private mutating func string() -> [UInt8]? {
    skipBlanks()
    guard at < text.count, text[at] == 0x22 else { return nil }
    var result: [UInt8] = []
    var place = at + 1
    while place < text.count {
      if text[place] == 0x22 {
        guard place + 1 < text.count, text[place + 1] == 0x22 else {
          at = place + 1
          return result
        }
        place += 1
      }
      result.append(text[place])
      place += 1
    }
    return nil
  }

  private mutating func number() -> JSONNumber? {
    skipBlanks()
    var end = at
    func digits() -> Bool {
      let start = end
      while end < text.count, text[end] >= 48, text[end] <= 57 { end += 1 }
      return end > start
    }
    var hasDigits = digits()
    var scale = 0, isDouble = false
    if end < text.count, text[end] == 0x2E, hasDigits || (end + 1 < text.count && text[end + 1] >= 48 && text[end + 1] <= 57) {
      let point = end
      end += 1
      // `1.type()` is a method of 1
      if digits() || !(end < text.count && SQLJSONPathParser.isNameByte(text[end])) {
        scale = end - point - 1
        hasDigits = true
      } else {
        end = point
      }
    }
    guard hasDigits else { return nil }
    if end < text.count, text[end] | 0x20 == UInt8(ascii: "e") {
      let mark = end
      end += 1
      if end < text.count, text[end] == 0x2B || text[end] == 0x2D { end += 1 }
      isDouble = digits()
      if !isDouble { end = mark }
    }
    let literal = Array(text[at..<end])
    at = end
    if isDouble { return Double(String(decoding: literal, as: UTF8.self)).map { .double($0) } }
    var value: Int128 = 0
    for byte in literal where byte != 0x2E {
      let (times, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = times.addingReportingOverflow(Int128(byte - 48))
      if over || more { return Double(String(decoding: literal, as: UTF8.self)).map { .double($0) } }
      value = sum
    }
    if scale == 0, let small = Int64(exactly: value) { return .integer(small) }
    return .decimal(value, scale: scale)
  }

  // MARK: Expressions

  private mutating func nested<R>(_ body: (inout Self) throws -> R) throws -> R {
    depth += 1
    defer { depth -= 1 }
    guard depth <= SQLJSONPathParser.deepest else { throw PrestoError(.invalidPath, "JSON path is nested too deeply") }
    return try body(&self)
  }

  private mutating func expression() throws -> SQLJSONPath.Step {
    try nested { parser in
      var left = try parser.term()
      var steps = 0
      while true {
        let sign: SQLJSONPath.Operator
        if parser.accept("+") { sign = .add } else if parser.accept("-") { sign = .subtract } else { return left }
        try parser.count(&steps)
        left = .arithmetic(left, sign, try parser.term())
      }
    }
  }

  private func count(_ steps: inout Int) throws {
    steps += 1
    if steps > 500 { throw PrestoError(.invalidPath, "JSON path is too long") }
  }

  private mutating func term() throws -> SQLJSONPath.Step {
    var left = try factor()
    var steps = 0
    while true {
      let sign: SQLJSONPath.Operator
      if accept("*") {
        sign = .multiply
      } else if accept("/") {
        sign = .divide
      } else if accept("%") {
        sign = .modulus
      } else {
        return left
      }
      try count(&steps)
      left = .arithmetic(left, sign, try factor())
    }
  }

  private mutating func factor() throws -> SQLJSONPath.Step {
    if accept("+") { return try nested { .sign(isNegative: false, try $0.factor()) } }
    if accept("-") { return try nested { .sign(isNegative: true, try $0.factor()) } }
    return try accessor()
  }

  private mutating func accessor() throws -> SQLJSONPath.Step {
    var step = try primary()
    var steps = 0
    while true {
      try count(&steps)
      if accept("..") {
        step = .descendants(step, name: try memberName())
      } else if accept(".") {
        if accept("*") { step = .anyMember(step) } else { step = try named(step) }
      } else if accept("[") {
        step = try subscripted(step)
      } else if accept("?") {
        try expect("(")
        filters += 1
        step = .filter(step, try condition())
        filters -= 1
        try expect(")")
      } else {
        return step
      }
    }
  }

  private mutating func memberName() throws -> [UInt8] {
    if let name = string() { return name }
    guard let name = word() else { throw mismatch("{<identifier>, <string>}") }
    advance(name)
    return Array(name.utf8)
  }

  /// A member or a method.
  private mutating func named(_ step: SQLJSONPath.Step) throws -> SQLJSONPath.Step {
    if let name = word() {
      let before = at
      advance(name)
      if sees("("), let method = try method(name) { return .method(step, method) }
      at = before
    }
    return .member(step, name: try memberName())
  }

  /// nil: no method of this name.
  private mutating func method(_ name: String) throws -> SQLJSONPath.Method? {
    func plain(_ method: SQLJSONPath.Method) throws -> SQLJSONPath.Method {
      try expect("(")
      try expect(")")
      return method
    }
    func digits() throws -> Int? {
      guard case .integer(let value)? = number() else { return nil }
      return Int(value)
    }
    func precision() throws -> Int? {
      try expect("(")
      let digits = try digits()
      if let digits, digits > 12 { throw PrestoError(.invalidPath, "Precision of \(name)() must be at most 12") }
      try expect(")")
      return digits
    }
    switch name {
    case "type": return try plain(.type)
    case "size": return try plain(.size)
    case "double": return try plain(.double)
    case "ceiling": return try plain(.ceiling)
    case "floor": return try plain(.floor)
    case "abs": return try plain(.absolute)
    case "keyvalue": return try plain(.keyValue)
    case "bigint": return try plain(.bigint)
    case "integer": return try plain(.integer)
    case "boolean": return try plain(.boolean)
    case "number": return try plain(.number)
    case "string": return try plain(.string)
    case "date": return try plain(.date)
    case "time": return .time(precision: try precision())
    case "timestamp": return .timestamp(precision: try precision())
    case "decimal":
      try expect("(")
      let precision = try digits() ?? 38
      let scale = accept(",") ? try digits() ?? 0 : 0
      try expect(")")
      guard precision >= 1, precision <= 38, scale <= precision else {
        throw PrestoError(.invalidPath, "Invalid precision or scale of decimal(\(precision), \(scale))")
      }
      return .decimal(precision: precision, scale: scale)
    case "datetime":
      try expect("(")
      let template = string()
      try expect(")")
      if let template, JSONMomentTemplate(template) == nil {
        throw PrestoError(.invalidPath, "Invalid datetime template: \(String(decoding: template, as: UTF8.self))")
      }
      return .moment(template: template)
    default: return nil
    }
  }

  private mutating func subscripted(_ step: SQLJSONPath.Step) throws -> SQLJSONPath.Step {
    if accept("*") {
      try expect("]")
      return .anyElement(step)
    }
    subscripts += 1
    defer { subscripts -= 1 }
    var list: [SQLJSONPath.Subscript] = []
    repeat {
      let from = try expression()
      list.append(SQLJSONPath.Subscript(from: from, through: accept(word: "to") ? try expression() : nil))
    } while accept(",")
    try expect("]")
    return .elements(step, list)
  }

  private mutating func primary() throws -> SQLJSONPath.Step {
    if accept("$") {
      guard at < text.count, SQLJSONPathParser.isNameByte(text[at]), let name = word() else { return .context }
      advance(name)
      return .parameter(name)
    }
    if sees("@") {
      guard filters > 0 else { throw PrestoError(.invalidPath, "Current item is only allowed inside a filter") }
      at += 1
      return .current
    }
    if accept("(") {
      let inner = try expression()
      try expect(")")
      return inner
    }
    if let text = string() { return .literal(.text(text)) }
    if let number = number() { return .literal(.number(number)) }
    guard let name = word() else { throw mismatch("{'$', '@', '(', <literal>}") }
    switch name {
    case "null": advance(name); return .literal(.null)
    case "true": advance(name); return .literal(.boolean(true))
    case "false": advance(name); return .literal(.boolean(false))
    case "last":
      guard subscripts > 0 else { throw PrestoError(.invalidPath, "LAST is only allowed inside an array subscript") }
      advance(name)
      return .last
    default: throw mismatch("{'$', '@', '(', <literal>}")
    }
  }

  // MARK: Conditions

  private mutating func condition() throws -> SQLJSONPath.Condition {
    try nested { parser in
      var left = try parser.conjunction()
      var steps = 0
      while parser.accept("||") {
        try parser.count(&steps)
        left = .or(left, try parser.conjunction())
      }
      return left
    }
  }

  private mutating func conjunction() throws -> SQLJSONPath.Condition {
    var left = try negation()
    var steps = 0
    while accept("&&") {
      try count(&steps)
      left = .and(left, try negation())
    }
    return left
  }

  private mutating func negation() throws -> SQLJSONPath.Condition {
    if sees("!"), !sees("!=") {
      at += 1
      return try nested { .not(try $0.negation()) }
    }
    return try predicate()
  }

  private mutating func predicate() throws -> SQLJSONPath.Condition {
    if accept(word: "exists") {
      try expect("(")
      let path = try expression()
      try expect(")")
      return .exists(path)
    }
    // A parenthesis may open a condition or an expression: the one that reads on is meant.
    let start = at
    if accept("(") {
      if let inner = try? condition(), accept(")") {
        if accept(word: "is") {
          guard accept(word: "unknown") else { throw mismatch("'unknown'") }
          return .isUnknown(inner)
        }
        if !startsComparison() { return inner }
      }
      at = start
    }
    let left = try expression()
    if accept(word: "like_regex") { return .like(left, try regex()) }
    if accept(word: "starts") {
      guard accept(word: "with") else { throw mismatch("'with'") }
      return .startsWith(left, try primary())
    }
    let comparison: SQLJSONPath.Comparison
    if accept("==") {
      comparison = .equal
    } else if accept("<>") || accept("!=") {
      comparison = .notEqual
    } else if accept("<=") {
      comparison = .lessOrEqual
    } else if accept(">=") {
      comparison = .greaterOrEqual
    } else if accept("<") {
      comparison = .less
    } else if accept(">") {
      comparison = .greater
    } else {
      throw mismatch("{'==', '<>', '!=', '<', '>', '<=', '>='}")
    }
    return .comparison(left, comparison, try expression())
  }

  private mutating func startsComparison() -> Bool {
    for sign: StaticString in ["==", "<", ">", "!=", "+", "-", "*", "/", "%", ".", "["] where sees(sign) { return true }
    return ["like_regex", "starts"].contains(word())
  }

  /// `"pattern" [flag "ismxq"]`. XQuery's flags are Java's letters; what XQuery does not have is refused.
  private mutating func regex() throws -> RegexPattern {
    guard let pattern = string() else { throw mismatch("<string>") }
    var flags = ""
    if accept(word: "flag") {
      guard let letters = string() else { throw mismatch("<string>") }
      flags = String(decoding: letters, as: UTF8.self)
      guard flags.allSatisfy({ "ismxq".contains($0) }) else { throw PrestoError(.invalidPath, "invalid like_regex flags: \(flags)") }
    }
    if let refused = SQLJSONPathParser.refusal(pattern) { throw PrestoError(.invalidPath, "\(refused) are not supported in like_regex") }
    var source = pattern
    if flags.contains("q") { source = Array("\\Q".utf8) + pattern + Array("\\E".utf8) }
    let modes = flags.filter { $0 != "q" }
    if !modes.isEmpty { source = Array("(?\(modes))".utf8) + source }
    do { return try RegexPattern(source) } catch let error as PrestoError {
      throw PrestoError(.invalidPath, "invalid like_regex pattern: \(error.message)")
    }
  }

  private static func refusal(_ pattern: [UInt8]) -> String? {
    var i = 0, isInClass = false
    while i < pattern.count {
      let byte = pattern[i], next = i + 1 < pattern.count ? pattern[i + 1] : 0
      if byte == 0x5C {
        i += 2
        continue
      }
      if byte == UInt8(ascii: "[") { isInClass = true }
      if byte == UInt8(ascii: "]") { isInClass = false }
      if !isInClass {
        if byte == UInt8(ascii: "("), next == UInt8(ascii: "?"), i + 2 < pattern.count {
          switch pattern[i + 2] {
          case UInt8(ascii: "<") where i + 3 < pattern.count && pattern[i + 3] | 0x20 >= 97 && pattern[i + 3] | 0x20 <= 122:
            return "named groups"
          case UInt8(ascii: ":"): break
          case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"): return "look-around assertions"
          default: return "inline regex flags"
          }
        }
        if next == UInt8(ascii: "+"), [UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "}")].contains(byte) {
          return "possessive quantifiers"
        }
      }
      i += 1
    }
    return nil
  }
}
