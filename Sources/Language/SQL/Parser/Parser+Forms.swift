import Values

// Expressions that begin with a keyword.
extension Parser {
  /// `CASE [operand] WHEN … THEN … [ELSE …] END`
  ///
  /// A simple CASE whose branches hold predicates, `CASE x WHEN > 5 … WHEN IN (1, 2) … WHEN 3 …`, becomes the searched CASE over `x > 5`,
  /// `x IN (1, 2)`, `x = 3`. The operand must be a name then: repeated, anything else could be costly or differ from time to time.
  mutating func caseExpression() throws -> Syntax.Expression {
    let start = position
    advance()
    var operand = at(.when) ? nil : try expression()
    var branches: [Syntax.CaseBranch] = []
    var plain: [Int] = []
    repeat {
      let branchStart = position
      try expect(.when)
      let condition: Syntax.Expression
      if let operand, isColumn(operand), startsPredicate {
        condition = try predicate(of: operand, from: position)
      } else {
        plain.append(branches.count)
        condition = try expression()
      }
      try expect(.then)
      let result = try expression()
      branches.append(Syntax.CaseBranch(condition: condition, result: result, place: place(from: branchStart)))
    } while at(.when)
    let otherwise = accept(.else) ? try expression() : nil
    try expect(.end)
    if let value = operand, plain.count < branches.count {
      for index in plain {
        let condition = branches[index].condition
        branches[index].condition = .comparison(
          Syntax.Comparison(operator: .equal, left: value, right: condition, place: condition.place))
      }
      operand = nil
    }
    return .case(Syntax.Case(operand: operand, branches: branches, otherwise: otherwise, place: place(from: start)))
  }

  private func isColumn(_ expression: Syntax.Expression) -> Bool {
    switch expression {
    case .identifier: true
    case .dereference(let node): isColumn(node.base)
    default: false
    }
  }

  /// Whether a predicate without its value stands here.
  private var startsPredicate: Bool {
    switch current.symbol {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return true
    default: break
    }
    switch token(sees(.not) ? 1 : 0).keyword {
    case .in, .between, .like: return true
    case .is: return !sees(.not)
    default: return false
    }
  }

  /// `CAST(value AS type)`, `TRY_CAST(value AS type)`
  mutating func cast(isSafe: Bool) throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    let value = try expression()
    try expect(.as)
    let type = try type()
    try expect(.closeParenthesis)
    return .cast(Syntax.Cast(value: value, type: type, isSafe: isSafe, place: place(from: start)))
  }

  mutating func exists() throws -> Syntax.Expression {
    let start = position
    let isUnique = at(.unique)
    advance()
    let query = try subquery()
    return .exists(Syntax.Exists(isUnique: isUnique, query: query, place: place(from: start)))
  }

  mutating func extract() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    let field = try identifier()
    try expect(.from)
    let source = try nestedValue()
    try expect(.closeParenthesis)
    guard Syntax.Extract.fields.contains(field.canonical) else {
      let valid = Syntax.Extract.fields.map { $0.uppercased() }.joined(separator: ", ")
      throw error("Invalid EXTRACT field \(field.text), valid fields are: \(valid)", at: start)
    }
    return .extract(Syntax.Extract(field: field, source: source, place: place(from: start)))
  }

  /// `GROUPING(a, t.b)`: only names.
  mutating func grouping() throws -> Syntax.Expression {
    let start = position
    advance()
    try expect(.openParenthesis)
    var columns: [Syntax.Expression] = []
    if !at(.closeParenthesis) { columns = try list { try $0.columnReference() } }
    try expect(.closeParenthesis)
    return .grouping(Syntax.GroupingCall(columns: columns, place: place(from: start)))
  }

  private mutating func columnReference() throws -> Syntax.Expression {
    let start = position
    var result = Syntax.Expression.identifier(try identifier())
    while accept(.dot) {
      try raise()
      let field = try identifier()
      result = .dereference(Syntax.Dereference(base: result, field: field, place: place(from: start)))
    }
    return result
  }

  mutating func currentValue() throws -> Syntax.Expression {
    let start = position
    let kind = current.keyword.flatMap { Syntax.CurrentValue.Kind(rawValue: $0.rawValue) } ?? .date
    advance()
    var precision: Int64?
    switch kind {
    case .time, .timestamp, .localTime, .localTimestamp:
      if accept(.openParenthesis) {
        precision = try integer()
        try expect(.closeParenthesis)
      }
    case .date, .user, .catalog, .schema, .path: break
    }
    return .current(Syntax.CurrentValue(kind: kind, precision: precision, place: place(from: start)))
  }

  /// `ARRAY[a, b]`, `[a, b]`
  mutating func arrayConstructor() throws -> Syntax.Expression {
    let start = position
    if sees(.array) { advance() }
    try expect(.openBracket)
    var elements: [Syntax.Expression] = []
    if !at(.closeBracket) { elements = try list { try $0.expression() } }
    try expect(.closeBracket)
    return .array(Syntax.ArrayConstructor(elements: elements, place: place(from: start)))
  }

  /// `ROW(1, 2 AS b, 3 c)`
  mutating func rowConstructor() throws -> Syntax.Expression {
    let start = position
    advance()
    let fields = try parenthesizedList { try $0.rowField() }
    return .row(Syntax.RowConstructor(fields: fields, place: place(from: start)))
  }

  private mutating func rowField() throws -> Syntax.RowField {
    let start = position
    let value = try expression()
    // AS may be left out, but neither shows in messages: names in rows are rare.
    var name: Syntax.Identifier?
    if sees(.as) {
      advance()
      name = try identifier()
    } else if isName(current) {
      name = try identifier()
    }
    return Syntax.RowField(name: name, value: value, place: place(from: start))
  }
}
