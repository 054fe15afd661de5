import Values

extension Parser {
  /// `CREATE [OR REPLACE] [TEMPORARY] FUNCTION name (parameters) RETURNS type characteristics RETURN expression`, from the name on.
  mutating func createFunction(_ mode: Syntax.CreateMode, isTemporary: Bool, from start: Int) throws -> Syntax.Statement {
    let name = try qualifiedName()
    var parameters: [Syntax.CreateFunction.Parameter] = []
    try expect(.openParenthesis)
    if !at(.closeParenthesis) { parameters = try list { try $0.functionParameter() } }
    try expect(.closeParenthesis)
    try expect(.returns)
    let returns = try type()
    var function = Syntax.CreateFunction(
      name: name, mode: mode, isTemporary: isTemporary, parameters: parameters, returns: returns, comment: nil, language: nil,
      isDeterministic: nil, isCalledOnNull: nil, body: nil, externalName: nil, place: .nowhere)
    while try characteristic(&function) {}
    if try expect(anyOf: .return, .external) == .return {
      function.body = try expression()
    } else if accept(.name) {
      function.externalName = try identifier()
    }
    function.place = place(from: start)
    return .createFunction(function)
  }

  private mutating func functionParameter() throws -> Syntax.CreateFunction.Parameter {
    let start = position
    let name = try identifier()
    let type = try type()
    return Syntax.CreateFunction.Parameter(name: name, type: type, place: place(from: start))
  }

  /// One of `COMMENT 'text'`, `LANGUAGE name`, `[NOT] DETERMINISTIC`, `RETURNS NULL ON NULL INPUT`, `CALLED ON NULL INPUT`.
  private mutating func characteristic(_ function: inout Syntax.CreateFunction) throws -> Bool {
    if function.comment == nil, let comment = try commentClause() {
      function.comment = comment
    } else if function.language == nil, accept(.language) {
      function.language = try identifier()
    } else if function.isDeterministic == nil, at(.deterministic) || at(.not) {
      function.isDeterministic = !accept(.not)
      try expect(.deterministic)
    } else if function.isCalledOnNull == nil, at(.returns) || at(.called) {
      function.isCalledOnNull = try nullCall()
    } else {
      return false
    }
    return true
  }

  /// `CALLED ON NULL INPUT` (true), `RETURNS NULL ON NULL INPUT` (false)
  private mutating func nullCall() throws -> Bool {
    if try expect(anyOf: .called, .returns) == .called {
      try expect(.on, .null, .input)
      return true
    }
    try expect(.null, .on, .null, .input)
    return false
  }

  /// `(bigint, double)`; nil when not written.
  private mutating func parameterTypes() throws -> [Syntax.TypeName]? {
    guard accept(.openParenthesis) else { return nil }
    if accept(.closeParenthesis) { return [] }
    let types = try list { try $0.type() }
    try expect(.closeParenthesis)
    return types
  }

  /// `DROP [TEMPORARY] FUNCTION [IF EXISTS] name [(types)]`, from IF on.
  mutating func dropFunction(isTemporary: Bool, from start: Int) throws -> Syntax.Statement {
    let isConditional = try acceptIfExists()
    let name = try qualifiedName()
    let types = try parameterTypes()
    return .dropFunction(
      Syntax.DropFunction(
        name: name, isTemporary: isTemporary, isConditional: isConditional, parameterTypes: types, place: place(from: start)))
  }

  /// `ALTER FUNCTION name [(types)] CALLED ON NULL INPUT | RETURNS NULL ON NULL INPUT`, from the name on.
  mutating func alterFunction(from start: Int) throws -> Syntax.Statement {
    let name = try qualifiedName()
    let types = try parameterTypes()
    let isCalledOnNull = try nullCall()
    return .alterFunction(
      Syntax.AlterFunction(name: name, parameterTypes: types, isCalledOnNull: isCalledOnNull, place: place(from: start)))
  }
}
