import Values

// The SQL/JSON functions, after ISO/IEC 9075-2 as Trino has them.
extension Parser {
  /// `input [FORMAT JSON], 'path' [AS name] [PASSING …]`
  mutating func jsonPathCall() throws -> Syntax.JSONPathCall {
    let start = position
    let input = try expression()
    let format = try jsonFormat()
    try expect(.comma)
    let pathStart = position
    let path = try string()
    let pathPlace = place(from: pathStart)
    let name = accept(.as) ? try identifier() : nil
    var passing: [Syntax.JSONPathParameter] = []
    if accept(.passing) { passing = try list { try $0.jsonPathParameter() } }
    return Syntax.JSONPathCall(
      input: input, inputFormat: format, path: path, pathPlace: pathPlace, pathName: name, passing: passing, place: place(from: start))
  }

  private mutating func jsonPathParameter() throws -> Syntax.JSONPathParameter {
    let start = position
    let value = try expression()
    let format = try jsonFormat()
    try expect(.as)
    let name = try identifier()
    return Syntax.JSONPathParameter(name: name, value: value, format: format, place: place(from: start))
  }

  /// `FORMAT JSON [ENCODING UTF8 | UTF16 | UTF32]`
  mutating func jsonFormat() throws -> Syntax.JSONFormat? {
    guard accept(.format) else { return nil }
    try expect(.json)
    guard accept(.encoding) else { return .json }
    switch try expect(anyOf: .utf8, .utf16, .utf32) {
    case .utf8: return .utf8
    case .utf16: return .utf16
    default: return .utf32
    }
  }

  /// `RETURNING type [FORMAT JSON]`
  private mutating func jsonReturning() throws -> (Syntax.TypeName?, Syntax.JSONFormat?) {
    guard accept(.returning) else { return (nil, nil) }
    let type = try type()
    return (type, try jsonFormat())
  }

  mutating func jsonExists() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    let call = try jsonPathCall()
    var onError: Syntax.JSONExists.OnError?
    if let keyword = accept(anyOf: .true, .false, .unknown, .error) {
      onError = Syntax.JSONExists.OnError(rawValue: keyword.rawValue)
      try expect(.on, .error)
    }
    try expect(.closeParenthesis)
    return .jsonExists(Syntax.JSONExists(call: call, onError: onError, place: place(from: start)))
  }

  mutating func jsonValue() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    let call = try jsonPathCall()
    let returning = accept(.returning) ? try type() : nil
    let (onEmpty, onError) = try jsonValueBehaviors()
    try expect(.closeParenthesis)
    return .jsonValue(
      Syntax.JSONValue(call: call, returning: returning, onEmpty: onEmpty, onError: onError, place: place(from: start)))
  }

  /// `[… ON EMPTY] [… ON ERROR]`
  mutating func jsonValueBehaviors() throws -> (onEmpty: Syntax.JSONValueBehavior?, onError: Syntax.JSONValueBehavior?) {
    var onEmpty: Syntax.JSONValueBehavior?
    while let behavior = try jsonValueBehavior() {
      try expect(.on)
      if onEmpty == nil, accept(.empty) {
        onEmpty = behavior
        continue
      }
      try expect(.error)
      return (onEmpty, behavior)
    }
    return (onEmpty, nil)
  }

  private mutating func jsonValueBehavior() throws -> Syntax.JSONValueBehavior? {
    switch accept(anyOf: .null, .error, .default) {
    case .null: .null
    case .error: .error
    case .default: .default(try expression())
    default: nil
    }
  }

  mutating func jsonQuery() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    let call = try jsonPathCall()
    let (returning, format) = try jsonReturning()
    let wrapper = try jsonWrapper()
    let quotes = try jsonQuotes()
    let (onEmpty, onError) = try jsonQueryBehaviors()
    try expect(.closeParenthesis)
    return .jsonQuery(
      Syntax.JSONQuery(
        call: call, returning: returning, returningFormat: format, wrapper: wrapper, quotes: quotes, onEmpty: onEmpty, onError: onError,
        place: place(from: start)))
  }

  /// `WITHOUT [ARRAY] WRAPPER`, `WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER`
  mutating func jsonWrapper() throws -> Syntax.JSONQuery.Wrapper? {
    guard let keyword = accept(anyOf: .with, .without) else { return nil }
    var wrapper = Syntax.JSONQuery.Wrapper.without
    if keyword == .with { wrapper = accept(anyOf: .conditional, .unconditional) == .conditional ? .conditional : .unconditional }
    _ = accept(.array)
    try expect(.wrapper)
    return wrapper
  }

  /// `KEEP | OMIT QUOTES [ON SCALAR STRING]`
  mutating func jsonQuotes() throws -> Syntax.JSONQuery.Quotes? {
    guard let keyword = accept(anyOf: .keep, .omit) else { return nil }
    try expect(.quotes)
    if accept(.on) { try expect(.scalar, .string) }
    return keyword == .keep ? .keep : .omit
  }

  /// `[… ON EMPTY] [… ON ERROR]`
  mutating func jsonQueryBehaviors() throws -> (onEmpty: Syntax.JSONQuery.Behavior?, onError: Syntax.JSONQuery.Behavior?) {
    var onEmpty: Syntax.JSONQuery.Behavior?
    while let keyword = accept(anyOf: .null, .error, .empty) {
      var behavior: Syntax.JSONQuery.Behavior = keyword == .null ? .null : .error
      if keyword == .empty { behavior = try expect(anyOf: .array, .object) == .array ? .emptyArray : .emptyObject }
      try expect(.on)
      if onEmpty == nil, accept(.empty) {
        onEmpty = behavior
        continue
      }
      try expect(.error)
      return (onEmpty, behavior)
    }
    return (onEmpty, nil)
  }

  mutating func jsonObject() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    var object = Syntax.JSONObject(
      members: [], isNullAbsent: false, hasUniqueKeys: false, returning: nil, returningFormat: nil, place: .nowhere)
    if !at(.closeParenthesis), !sees(.returning) {
      object.members = try list { try $0.jsonMember() }
      object.isNullAbsent = try jsonNullBehavior() == .absent
      if let keyword = accept(anyOf: .with, .without) {
        try expect(.unique)
        _ = accept(.keys)
        object.hasUniqueKeys = keyword == .with
      }
    }
    (object.returning, object.returningFormat) = try jsonReturning()
    try expect(.closeParenthesis)
    object.place = place(from: start)
    return .jsonObject(object)
  }

  /// `NULL ON NULL`, `ABSENT ON NULL`
  private mutating func jsonNullBehavior() throws -> Keyword? {
    guard let keyword = accept(anyOf: .null, .absent) else { return nil }
    try expect(.on, .null)
    return keyword
  }

  /// `[KEY] key VALUE value`, `key : value`
  private mutating func jsonMember() throws -> Syntax.JSONMember {
    let start = position
    if at(.key), canStartExpression(token(1)), !sees(.value, 1) || sees(.value, 2) { advance() }
    let key = try expression()
    if !accept(.colon) { try expect(.value) }
    let value = try expression()
    return Syntax.JSONMember(key: key, value: value, format: try jsonFormat(), place: place(from: start))
  }

  mutating func jsonArray() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    var array = Syntax.JSONArray(elements: [], isNullAbsent: true, returning: nil, returningFormat: nil, place: .nowhere)
    if !at(.closeParenthesis), !sees(.returning) {
      array.elements = try list { try $0.jsonElement() }
      array.isNullAbsent = try jsonNullBehavior() != .null
    }
    (array.returning, array.returningFormat) = try jsonReturning()
    try expect(.closeParenthesis)
    array.place = place(from: start)
    return .jsonArray(array)
  }

  private mutating func jsonElement() throws -> Syntax.JSONElement {
    let start = position
    let value = try expression()
    return Syntax.JSONElement(value: value, format: try jsonFormat(), place: place(from: start))
  }
}
