import Values

extension Parser {
  /// `bigint`, `varchar(10)`, `array(bigint)`, `array<bigint>`, `bigint array`, `map(…)`, `row(…)`, `timestamp(3) with time zone`,
  /// `interval day to second`, `double precision`
  mutating func type() throws -> Syntax.TypeName {
    try enter()
    let siblings = height
    height = 0
    let start = position
    var result = try named("<type>") { try $0.simpleType() }
    while accept(.array) {
      try raise()
      if sees(.openBracket) {
        advance()
        _ = try integer()
        try expect(.closeBracket)
      }
      let name = Syntax.Identifier("array", place: place(from: position - 1))
      result = .generic(Syntax.GenericType(name: name, arguments: [.type(result)], place: place(from: start)))
    }
    try raise()
    height = max(siblings, height)
    leave()
    return result
  }

  private mutating func simpleType() throws -> Syntax.TypeName {
    switch current.keyword {
    case .row where sees(.openParenthesis, 1): return try rowType()
    case .interval where Syntax.IntervalField(of: token(1)) != nil: return try intervalType()
    case .time, .timestamp: return try dateTimeType()
    default: return try genericType()
    }
  }

  private mutating func rowType() throws -> Syntax.TypeName {
    let start = position
    advance()
    let fields = try parenthesizedList { try $0.rowTypeField() }
    return .row(Syntax.RowType(fields: fields, place: place(from: start)))
  }

  private mutating func rowTypeField() throws -> Syntax.RowTypeField {
    let start = position
    let name = hasFieldName ? try identifier() : nil
    let type = try type()
    return Syntax.RowTypeField(name: name, type: type, place: place(from: start))
  }

  /// Whether two words stand here that are a name and a type, not a type of two words.
  private var hasFieldName: Bool {
    guard isName(current), isName(token(1)) else { return false }
    switch (current.keyword, token(1).keyword) {
    case (.double, .precision): return false
    case (.interval, _) where Syntax.IntervalField(of: token(1)) != nil: return false
    case (_, .array): return sees(.openParenthesis, 2) || sees(.less, 2)
    default: return true
    }
  }

  private mutating func intervalType() throws -> Syntax.TypeName {
    let start = position
    advance()
    let fieldPosition = position
    let first = try intervalField()
    let end = try intervalEnd(of: first, at: fieldPosition) ?? first
    return .interval(Syntax.IntervalType(start: first, end: end, place: place(from: start)))
  }

  private mutating func dateTimeType() throws -> Syntax.TypeName {
    let start = position
    let kind: Syntax.DateTimeType.Kind = sees(.time) ? .time : .timestamp
    advance()
    var precision: Syntax.TypeArgument?
    if accept(.openParenthesis) {
      precision = try typeArgument()
      try expect(.closeParenthesis)
    }
    let isZoned = at(.with) && sees(.time, 1) && sees(.zone, 2)
    if isZoned || at(.without) && sees(.time, 1) && sees(.zone, 2) {
      advance()
      advance()
      advance()
    }
    return .dateTime(Syntax.DateTimeType(kind: kind, precision: precision, hasTimeZone: isZoned, place: place(from: start)))
  }

  private mutating func genericType() throws -> Syntax.TypeName {
    let start = position
    let name = try identifier()
    if tokens[start].keyword == .double, accept(.precision) {
      let double = Syntax.Identifier("double", place: name.place)
      return .generic(Syntax.GenericType(name: double, arguments: [], place: place(from: start)))
    }
    var arguments: [Syntax.TypeArgument] = []
    let isLegacy = (tokens[start].keyword == .array || tokens[start].keyword == .map) && sees(.less)
    if isLegacy {
      advance()
      arguments = try list { .type(try $0.type()) }
      try expect(.greater)
    } else if accept(.openParenthesis) {
      arguments = try list { try $0.typeArgument() }
      try expect(.closeParenthesis)
    }
    return .generic(Syntax.GenericType(name: name, arguments: arguments, place: place(from: start)))
  }

  private mutating func typeArgument() throws -> Syntax.TypeArgument {
    note("<integer>")
    return current.kind == .integer ? .number(try integer()) : .type(try type())
  }
}

extension Syntax.IntervalField {
  init?(of token: Token) {
    guard let keyword = token.keyword else { return nil }
    self.init(keyword)
  }
}
