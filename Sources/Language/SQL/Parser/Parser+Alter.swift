import Values

extension Parser {
  /// `DROP …`
  mutating func drop() throws -> Syntax.Statement {
    let start = position
    advance()
    let kind: Syntax.ObjectKind
    switch try expect(anyOf: .branch, .catalog, .function, .materialized, .role, .schema, .table, .temporary, .view) {
    case .role: return try dropRole(from: start)
    case .function: return try dropFunction(isTemporary: false, from: start)
    case .temporary:
      try expect(.function)
      return try dropFunction(isTemporary: true, from: start)
    case .branch:
      let isConditional = try acceptIfExists()
      let name = try identifier()
      try expect(.in, .table)
      let table = try qualifiedName()
      return .dropBranch(Syntax.DropBranch(name: name, isConditional: isConditional, table: table, place: place(from: start)))
    case .materialized:
      try expect(.view)
      kind = .materializedView
    case .catalog: kind = .catalog
    case .schema: kind = .schema
    case .table: kind = .table
    default: kind = .view
    }
    let isConditional = try acceptIfExists()
    let name = kind == .catalog ? Syntax.QualifiedName([try identifier()], place: place(from: position - 1)) : try qualifiedName()
    var behavior: Syntax.Drop.Behavior?
    if kind == .schema || kind == .catalog, let keyword = accept(anyOf: .cascade, .restrict) {
      behavior = keyword == .cascade ? .cascade : .restrict
    }
    return .drop(Syntax.Drop(kind: kind, name: name, isConditional: isConditional, behavior: behavior, place: place(from: start)))
  }

  /// `ALTER …`
  mutating func alter() throws -> Syntax.Statement {
    let start = position
    advance()
    for keyword in [Keyword.branch, .function, .materialized, .schema, .table, .view] { note("'\(keyword.rawValue)'") }
    switch current.keyword {
    case .table:
      advance()
      return try alterTable(from: start)
    case .function:
      advance()
      return try alterFunction(from: start)
    case .branch:
      advance()
      return try fastForward(from: start)
    case .materialized:
      advance()
      try expect(.view)
      return try alterObject(.materializedView, from: start)
    case .view:
      advance()
      return try alterObject(.view, from: start)
    case .schema:
      advance()
      return try alterObject(.schema, from: start)
    default:
      // Connectors may own kinds of objects of their own: only SET AUTHORIZATION knows them.
      guard isName(current), isName(token(1)) else { throw mismatch() }
      let kind = Syntax.ObjectKind.other(try identifier().canonical)
      let name = try qualifiedName()
      try expect(.set, .authorization)
      return try setAuthorization(kind, name, from: start)
    }
  }

  private mutating func setAuthorization(
    _ kind: Syntax.ObjectKind, _ name: Syntax.QualifiedName, from start: Int
  ) throws -> Syntax.Statement {
    let principal = try principal()
    return .setAuthorization(Syntax.SetAuthorization(kind: kind, name: name, principal: principal, place: place(from: start)))
  }

  /// `ALTER VIEW | MATERIALIZED VIEW | SCHEMA name RENAME TO … | SET AUTHORIZATION … | SET PROPERTIES … | EXECUTE …`
  private mutating func alterObject(_ kind: Syntax.ObjectKind, from start: Int) throws -> Syntax.Statement {
    let isConditional = try acceptIfExists()
    let name = try qualifiedName()
    if accept(.rename) {
      try expect(.to)
      let target = kind == .schema ? Syntax.QualifiedName([try identifier()], place: place(from: position - 1)) : try qualifiedName()
      return .rename(
        Syntax.Rename(kind: kind, source: name, target: target, isConditional: isConditional, place: place(from: start)))
    }
    if kind == .materializedView, at(.execute) { return try executeProcedure(kind, name, from: start) }
    try expect(.set)
    if kind == .materializedView, accept(.properties) { return try setProperties(kind, name, from: start) }
    try expect(.authorization)
    return try setAuthorization(kind, name, from: start)
  }

  private mutating func setProperties(
    _ kind: Syntax.ObjectKind, _ name: Syntax.QualifiedName, from start: Int
  ) throws -> Syntax.Statement {
    let properties = try list { try $0.property() }
    return .setProperties(Syntax.SetProperties(kind: kind, name: name, properties: properties, place: place(from: start)))
  }

  /// `EXECUTE procedure [(arguments)] [WHERE …]`
  private mutating func executeProcedure(
    _ kind: Syntax.ObjectKind, _ name: Syntax.QualifiedName, from start: Int
  ) throws -> Syntax.Statement {
    advance()
    let procedure = try identifier()
    let arguments = at(.openParenthesis) ? try callArgumentList() : []
    let condition = accept(.where) ? try expression() : nil
    return .executeProcedure(
      Syntax.ExecuteProcedure(
        kind: kind, name: name, procedure: procedure, arguments: arguments, where: condition, place: place(from: start)))
  }

  /// `ALTER BRANCH source IN TABLE table FAST FORWARD TO target`, from the source on.
  private mutating func fastForward(from start: Int) throws -> Syntax.Statement {
    let source = try identifier()
    try expect(.in, .table)
    let table = try qualifiedName()
    try expect(.fast, .forward, .to)
    let target = try identifier()
    return .fastForwardBranch(Syntax.FastForwardBranch(source: source, table: table, target: target, place: place(from: start)))
  }

  /// `COMMENT ON TABLE | VIEW | COLUMN name IS 'text' | NULL`
  mutating func comment() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.on)
    let kind: Syntax.Comment.Kind =
      switch try expect(anyOf: .column, .table, .view) {
      case .column: .column
      case .table: .table
      default: .view
      }
    let name = try qualifiedName()
    try expect(.is)
    let text = accept(.null) ? nil : try string()
    return .comment(Syntax.Comment(kind: kind, name: name, text: text, place: place(from: start)))
  }

  // MARK: ALTER TABLE

  private mutating func alterTable(from start: Int) throws -> Syntax.Statement {
    let isConditional = try acceptIfExists()
    let table = try qualifiedName()
    switch try expect(anyOf: .add, .alter, .drop, .execute, .rename, .set) {
    case .add: return try addColumn(table, isConditional, from: start)
    case .alter: return try alterColumn(table, isConditional, from: start)
    case .drop:
      try expect(.column)
      let isColumnConditional = try acceptIfExists()
      let column = try qualifiedName()
      return .dropColumn(
        Syntax.DropColumn(
          table: table, isTableConditional: isConditional, isColumnConditional: isColumnConditional, column: column,
          place: place(from: start)))
    case .execute:
      position -= 1
      return try executeProcedure(.table, table, from: start)
    case .rename: return try rename(table, isConditional, from: start)
    default:
      if try expect(anyOf: .authorization, .properties) == .authorization { return try setAuthorization(.table, table, from: start) }
      return try setProperties(.table, table, from: start)
    }
  }

  /// `RENAME TO target`, `RENAME COLUMN [IF EXISTS] a TO b`
  private mutating func rename(_ table: Syntax.QualifiedName, _ isConditional: Bool, from start: Int) throws -> Syntax.Statement {
    if try expect(anyOf: .column, .to) == .to {
      let target = try qualifiedName()
      return .rename(
        Syntax.Rename(kind: .table, source: table, target: target, isConditional: isConditional, place: place(from: start)))
    }
    let isColumnConditional = try acceptIfExists()
    let source = try qualifiedName()
    try expect(.to)
    let target = try identifier()
    return .renameColumn(
      Syntax.RenameColumn(
        table: table, isTableConditional: isConditional, isColumnConditional: isColumnConditional, source: source, target: target,
        place: place(from: start)))
  }

  /// `ADD COLUMN [IF NOT EXISTS] definition [FIRST | LAST | AFTER column]`
  private mutating func addColumn(_ table: Syntax.QualifiedName, _ isConditional: Bool, from start: Int) throws -> Syntax.Statement {
    try expect(.column)
    let isColumnConditional = try acceptIfNotExists()
    let column = try columnDefinition()
    var position: Syntax.AddColumn.Position?
    switch accept(anyOf: .after, .first, .last) {
    case .after: position = .after(try identifier())
    case .first: position = .first
    case .last: position = .last
    default: break
    }
    return .addColumn(
      Syntax.AddColumn(
        table: table, isTableConditional: isConditional, isColumnConditional: isColumnConditional, column: column, position: position,
        place: place(from: start)))
  }

  /// `ALTER COLUMN column SET DATA TYPE … | SET DEFAULT … | DROP DEFAULT | SET NOT NULL | DROP NOT NULL`
  private mutating func alterColumn(_ table: Syntax.QualifiedName, _ isConditional: Bool, from start: Int) throws -> Syntax.Statement {
    try expect(.column)
    let column = try qualifiedName()
    let change: Syntax.AlterColumn.Change
    if try expect(anyOf: .drop, .set) == .drop {
      if try expect(anyOf: .default, .not) == .default {
        change = .dropDefault
      } else {
        try expect(.null)
        change = .dropNotNull
      }
    } else {
      switch try expect(anyOf: .data, .default, .not) {
      case .data:
        try expect(.type)
        change = .setType(try type())
      case .default: change = .setDefault(try defaultValue())
      default:
        try expect(.null)
        change = .setNotNull
      }
    }
    return .alterColumn(
      Syntax.AlterColumn(
        table: table, isTableConditional: isConditional, column: column, change: change, place: place(from: start)))
  }
}
