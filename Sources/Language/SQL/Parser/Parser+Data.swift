import Values

extension Parser {
  /// `INSERT INTO table [@ branch] [(columns)] query`
  mutating func insert() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.into)
    let table = try qualifiedName()
    let branch = try branch()
    let columns = at(.openParenthesis) && !startsQuery(at: position + 1) ? try columnAliases() : nil
    let query = try query()
    return .insert(Syntax.Insert(table: table, branch: branch, columns: columns, query: query, place: place(from: start)))
  }

  /// `DELETE FROM table [@ branch] [WHERE …]`
  mutating func delete() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.from)
    let table = try qualifiedName()
    let branch = try branch()
    let condition = accept(.where) ? try expression() : nil
    return .delete(Syntax.Delete(table: table, branch: branch, where: condition, place: place(from: start)))
  }

  /// `UPDATE table [@ branch] SET … [WHERE …]`
  mutating func update() throws -> Syntax.Statement {
    let start = position
    advance()
    let table = try qualifiedName()
    let branch = try branch()
    try expect(.set)
    let assignments = try list { try $0.assignment() }
    let condition = accept(.where) ? try expression() : nil
    return .update(
      Syntax.Update(table: table, branch: branch, assignments: assignments, where: condition, place: place(from: start)))
  }

  private mutating func assignment() throws -> Syntax.Assignment {
    let start = position
    let column = try identifier()
    try expect(.equal)
    let value = try expression()
    return Syntax.Assignment(column: column, value: value, place: place(from: start))
  }

  /// `TRUNCATE TABLE name`
  mutating func truncate() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.table)
    let table = try qualifiedName()
    return .truncate(Syntax.Truncate(table: table, place: place(from: start)))
  }

  /// `ANALYZE table [WITH (…)]`
  mutating func analyze() throws -> Syntax.Statement {
    let start = position
    advance()
    let table = try qualifiedName()
    let properties = try propertiesClause()
    return .analyze(Syntax.Analyze(table: table, properties: properties, place: place(from: start)))
  }

  // MARK: MERGE

  /// `MERGE INTO target [@ branch] [[AS] alias] USING source ON condition WHEN …`
  mutating func merge() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.into)
    let target = try qualifiedName()
    let branch = try branch()
    let alias = try alias()
    try expect(.using)
    let source = try relation()
    try expect(.on)
    let condition = try expression()
    var clauses = [try mergeClause()]
    while at(.when) { clauses.append(try mergeClause()) }
    return .merge(
      Syntax.Merge(
        target: target, branch: branch, alias: alias, source: source, condition: condition, clauses: clauses, place: place(from: start)))
  }

  private mutating func mergeClause() throws -> Syntax.MergeClause {
    let start = position
    try expect(.when)
    let isMatched = !accept(.not)
    try expect(.matched)
    let condition = accept(.and) ? try expression() : nil
    try expect(.then)
    let action = try isMatched ? matchedAction() : unmatchedAction()
    return Syntax.MergeClause(isMatched: isMatched, condition: condition, action: action, place: place(from: start))
  }

  private mutating func matchedAction() throws -> Syntax.MergeClause.Action {
    if try expect(anyOf: .update, .delete) == .delete { return .delete }
    try expect(.set)
    return .update(try list { try $0.assignment() })
  }

  private mutating func unmatchedAction() throws -> Syntax.MergeClause.Action {
    try expect(.insert)
    let columns = at(.openParenthesis) ? try columnAliases() : []
    try expect(.values)
    let values = try parenthesizedList { try $0.expression() }
    return .insert(columns: columns, values: values)
  }
}
