import Values

extension Parser {
  /// `JSON_TABLE(path call COLUMNS (…) [PLAN …] [ERROR | EMPTY ON ERROR])`
  mutating func jsonTable() throws -> Syntax.JSONTable {
    let start = position
    advance()
    try expect(.openParenthesis)
    let call = try jsonPathCall()
    let columns = try jsonTableColumns()
    let plan = try jsonTablePlan()
    var isErrorOnError: Bool?
    if let keyword = accept(anyOf: .error, .empty) {
      try expect(.on, .error)
      isErrorOnError = keyword == .error
    }
    try expect(.closeParenthesis)
    return Syntax.JSONTable(call: call, columns: columns, plan: plan, isErrorOnError: isErrorOnError, place: place(from: start))
  }

  /// `COLUMNS (column, …)`
  private mutating func jsonTableColumns() throws -> [Syntax.JSONTableColumn] {
    try expect(.columns)
    try enter()
    let columns = try parenthesizedList { try $0.jsonTableColumn() }
    leave()
    return columns
  }

  private mutating func jsonTableColumn() throws -> Syntax.JSONTableColumn {
    if at(.nested), isString(token(1)) || sees(.path, 1) && isString(token(2)) {
      advance()
      _ = accept(.path)
      let path = try string()
      let name = accept(.as) ? try identifier() : nil
      return .nested(path: path, name: name, columns: try jsonTableColumns())
    }
    let name = try identifier()
    if accept(.for) {
      try expect(.ordinality)
      return .ordinality(name)
    }
    let type = try type()
    guard let format = try jsonFormat() else {
      let path = accept(.path) ? try string() : nil
      let (onEmpty, onError) = try jsonValueBehaviors()
      return .value(name, type, path: path, onEmpty: onEmpty, onError: onError)
    }
    let path = accept(.path) ? try string() : nil
    let wrapper = try jsonWrapper()
    let quotes = try jsonQuotes()
    let (onEmpty, onError) = try jsonQueryBehaviors()
    return .query(name, type, format: format, path: path, wrapper: wrapper, quotes: quotes, onEmpty: onEmpty, onError: onError)
  }

  private mutating func jsonTablePlan() throws -> Syntax.JSONTablePlan? {
    guard accept(.plan) else { return nil }
    if accept(.default) { return try defaultPlan() }
    try expect(.openParenthesis)
    let plan = try specificPlan()
    try expect(.closeParenthesis)
    return plan
  }

  /// `(OUTER | INNER [, UNION | CROSS])`, in either order
  private mutating func defaultPlan() throws -> Syntax.JSONTablePlan {
    var parentChild: Syntax.JSONTablePlan.ParentChild?
    var siblings: Syntax.JSONTablePlan.Siblings?
    try expect(.openParenthesis)
    repeat {
      if parentChild == nil, let keyword = accept(anyOf: .outer, .inner) {
        parentChild = keyword == .outer ? .outer : .inner
      } else if siblings == nil, let keyword = accept(anyOf: .union, .cross) {
        siblings = keyword == .union ? .union : .cross
      } else {
        throw mismatch()
      }
    } while accept(.comma)
    try expect(.closeParenthesis)
    return .standard(parentChild: parentChild, siblings: siblings)
  }

  private mutating func specificPlan() throws -> Syntax.JSONTablePlan {
    try enter()
    let first = try planPrimary()
    let result: Syntax.JSONTablePlan
    switch accept(anyOf: .outer, .inner, .union, .cross) {
    case .outer, .inner:
      guard case .leaf(let parent) = first else { throw mismatch() }
      let kind: Syntax.JSONTablePlan.ParentChild = tokens[position - 1].keyword == .outer ? .outer : .inner
      result = .parent(parent, kind, child: try planPrimary())
    case .union: result = .siblings(.union, [first] + (try siblings(.union)))
    case .cross: result = .siblings(.cross, [first] + (try siblings(.cross)))
    default: result = first
    }
    leave()
    return result
  }

  /// The plans after the first of `a UNION b UNION c`; its first separator is consumed.
  private mutating func siblings(_ separator: Keyword) throws -> [Syntax.JSONTablePlan] {
    var plans = [try planPrimary()]
    while accept(separator) { plans.append(try planPrimary()) }
    return plans
  }

  private mutating func planPrimary() throws -> Syntax.JSONTablePlan {
    guard accept(.openParenthesis) else { return .leaf(try identifier()) }
    let plan = try specificPlan()
    try expect(.closeParenthesis)
    return plan
  }
}
