import Values

extension Parser {
  func literal(_ value: Syntax.Literal.Value, from start: Int) -> Syntax.Expression {
    .literal(Syntax.Literal(value, place: place(from: start)))
  }

  mutating func keywordLiteral(_ value: Syntax.Literal.Value) -> Syntax.Expression {
    advance()
    return literal(value, from: position - 1)
  }

  /// A number; its minus, if any, is the token before.
  mutating func number(isNegative: Bool) throws -> Syntax.Expression {
    let token = current
    let index = position
    let start = isNegative ? position - 1 : position
    advance()
    let sign = isNegative ? "-" : ""
    let digits = text(of: token).filter { $0 != "_" }
    switch token.kind {
    case .integer: return literal(.integer(try integerValue(token, isNegative: isNegative, at: index)), from: start)
    case .decimal: return literal(.decimal(sign + digits), from: start)
    default:
      // `1.e5` and `.5e5` are numbers here, not to Swift.
      let normal = (digits.hasPrefix(".") ? "0" + digits : digits).split(separator: ".", omittingEmptySubsequences: false)
      let text = normal.count == 2 && normal[1].first?.isNumber != true ? normal[0] + ".0" + normal[1] : normal.joined(separator: ".")
      guard let value = Double(sign + text) else { throw error("Invalid numeric literal: \(sign)\(digits)", at: index) }
      return literal(.double(value), from: start)
    }
  }

  /// `X'6F'`; blanks between the digits are allowed.
  mutating func binaryLiteral() throws -> Syntax.Expression {
    let digits = bytes[(Int(current.start) + 2)..<max(Int(current.start) + 2, Int(current.end) - 1)].filter {
      ![0x20, 0x09, 0x0a, 0x0c, 0x0d].contains($0)
    }
    let values = digits.compactMap(hexadecimalDigit)
    guard values.count == digits.count else { throw error("Binary literal can only contain hexadecimal digits") }
    guard values.count % 2 == 0 else { throw error("Binary literal must contain an even number of digits") }
    advance()
    let octets = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    return literal(.binary(octets), from: position - 1)
  }

  // MARK: Typed literals

  /// The number of tokens before the string in `DATE '…'`, `DOUBLE PRECISION '…'`, `decimal(10, 2) '…'`, `timestamp(3) with time zone '…'`;
  /// nil when no string ends a type here. Looks only as far as such a type can reach.
  var typedLiteralLength: Int? {
    guard current.keyword?.isReserved != true else { return nil }
    if isString(token(1)) { return 1 }
    var length = 1
    if sees(.double), sees(.precision, 1) {
      length = 2
    } else if sees(.openParenthesis, 1), token(2).kind == .integer {
      length = 3
      if sees(.comma, 3), token(4).kind == .integer { length = 5 }
      guard sees(.closeParenthesis, length) else { return nil }
      length += 1
    }
    let isDateTime = sees(.time) || sees(.timestamp)
    if isDateTime, sees(.with, length) || sees(.without, length), sees(.time, length + 1), sees(.zone, length + 2) { length += 3 }
    return length > 1 && isString(token(length)) ? length : nil
  }

  mutating func typedLiteral(_ length: Int) throws -> Syntax.Expression {
    let start = position
    let name = text(of: current)
    if length == 1, name == "X" || name == "x" {
      throw error("Spaces are not allowed between 'X' and the starting quote of a binary literal")
    }
    let type = try type()
    let text = try string()
    return literal(.typed(type, text), from: start)
  }

  // MARK: Intervals

  mutating func intervalLiteral() throws -> Syntax.Expression {
    let start = position
    return literal(.interval(try interval()), from: start)
  }

  /// `INTERVAL [+ | -] 'text' field [(precision)] [TO field]`
  mutating func interval() throws -> Syntax.Interval {
    try expect(.interval)
    let isNegative = at(.minus)
    if isNegative || at(.plus) { advance() }
    let text = try string()
    let fieldPosition = position
    let first = try intervalField()
    var interval = Syntax.Interval(
      isNegative: isNegative, text: text, start: first, precision: nil, end: nil, fractionalPrecision: nil)
    if accept(.openParenthesis) {
      interval.precision = try integer()
      if first == .second, accept(.comma) { interval.fractionalPrecision = try integer() }
      try expect(.closeParenthesis)
    }
    interval.end = try intervalEnd(of: first, at: fieldPosition)
    if interval.end == .second, accept(.openParenthesis) {
      interval.fractionalPrecision = try integer()
      try expect(.closeParenthesis)
    }
    return interval
  }

  /// `TO field` when the field may end an interval that begins with `first`. Another word after TO leaves TO alone: it may be an alias.
  mutating func intervalEnd(of first: Syntax.IntervalField, at fieldPosition: Int) throws -> Syntax.IntervalField? {
    let ends: [Keyword] =
      switch first {
      case .year: [.month]
      case .day, .hour, .minute: [.hour, .minute, .second]
      case .quarter, .month, .week, .second, .millisecond: []
      }
    guard !ends.isEmpty, at(.to) else { return nil }
    for end in ends { expectations?.note("'\(end.rawValue)'", at: position + 1) }
    guard let keyword = token(1).keyword, ends.contains(keyword), let end = Syntax.IntervalField(keyword) else { return nil }
    guard end.rank > first.rank else {
      throw error("Invalid interval qualifier: \(first.rawValue.uppercased()) TO \(keyword.rawValue)", at: fieldPosition)
    }
    advance()
    advance()
    return end
  }

  mutating func intervalField() throws -> Syntax.IntervalField {
    for keyword in [Keyword.year, .quarter, .month, .week, .day, .hour, .minute, .second, .millisecond] where accept(keyword) {
      if let field = Syntax.IntervalField(keyword) { return field }
    }
    throw mismatch()
  }
}

extension Syntax.IntervalField {
  init?(_ keyword: Keyword) {
    self.init(rawValue: keyword.rawValue.lowercased())
  }

  /// From coarse to fine.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
