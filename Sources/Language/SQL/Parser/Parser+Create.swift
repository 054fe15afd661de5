import Values

extension Parser {
  /// `CREATE [OR REPLACE] …`
  mutating func create() throws -> Syntax.Statement {
    let start = position
    advance()
    let isReplace = accept(.or)
    if isReplace { try expect(.replace) }
    let mode: Syntax.CreateMode = isReplace ? .replace : .fail
    if isReplace {
      switch try expect(anyOf: .branch, .function, .materialized, .table, .temporary, .view) {
      case .table: return try createTable(mode, from: start)
      case .view: return try createView(mode, from: start)
      case .materialized: return try createMaterializedView(mode, from: start)
      case .branch: return try createBranch(mode, from: start)
      case .temporary:
        try expect(.function)
        return try createFunction(mode, isTemporary: true, from: start)
      default: return try createFunction(mode, isTemporary: false, from: start)
      }
    }
    switch try expect(anyOf: .branch, .catalog, .function, .materialized, .role, .schema, .table, .temporary, .view) {
    case .table: return try createTable(mode, from: start)
    case .view: return try createView(mode, from: start)
    case .materialized: return try createMaterializedView(mode, from: start)
    case .branch: return try createBranch(mode, from: start)
    case .schema: return try createSchema(from: start)
    case .catalog: return try createCatalog(from: start)
    case .role: return try createRole(from: start)
    case .temporary:
      try expect(.function)
      return try createFunction(mode, isTemporary: true, from: start)
    default: return try createFunction(mode, isTemporary: false, from: start)
    }
  }

  // MARK: Tables

  private mutating func createTable(_ mode: Syntax.CreateMode, from start: Int) throws -> Syntax.Statement {
    let mode = try createMode(mode)
    let name = try qualifiedName()
    var columns: [Syntax.Identifier]?
    var elements: [Syntax.TableElement]?
    if at(.openParenthesis) {
      if isName(token(1)), sees(.comma, 2) || sees(.closeParenthesis, 2) {
        columns = try columnAliases()
      } else {
        elements = try parenthesizedList { try $0.tableElement() }
      }
    }
    let comment = try commentClause()
    let properties = try propertiesClause()
    if let elements {
      return .createTable(
        Syntax.CreateTable(
          name: name, mode: mode, elements: elements, comment: comment, properties: properties, place: place(from: start)))
    }
    try expect(.as)
    let query = try query()
    let hasData = try dataClause()
    return .createTableAs(
      Syntax.CreateTableAs(
        name: name, mode: mode, columns: columns, comment: comment, properties: properties, query: query, hasData: hasData,
        place: place(from: start)))
  }

  /// `IF NOT EXISTS`, which OR REPLACE excludes.
  private mutating func createMode(_ mode: Syntax.CreateMode) throws -> Syntax.CreateMode {
    let index = position
    guard try acceptIfNotExists() else { return mode }
    if mode == .replace { throw error("'OR REPLACE' and 'IF NOT EXISTS' clauses can not be used together", at: index) }
    return .ignore
  }

  /// `WITH [NO] DATA`; true when not written.
  private mutating func dataClause() throws -> Bool {
    guard accept(.with) else { return true }
    let hasData = !accept(.no)
    try expect(.data)
    return hasData
  }

  private mutating func tableElement() throws -> Syntax.TableElement {
    guard accept(.like) else { return .column(try columnDefinition()) }
    let table = try qualifiedName()
    var isIncluding: Bool?
    if let keyword = accept(anyOf: .including, .excluding) {
      try expect(.properties)
      isIncluding = keyword == .including
    }
    return .like(table, isIncludingProperties: isIncluding)
  }

  /// `name type [DEFAULT literal] [NOT NULL] [COMMENT 'text'] [WITH (…)]`
  mutating func columnDefinition() throws -> Syntax.ColumnDefinition {
    let start = position
    let name = try qualifiedName()
    let type = try type()
    var column = Syntax.ColumnDefinition(
      name: name, type: type, standard: nil, isNullable: true, comment: nil, properties: [], place: .nowhere)
    while true {
      if column.standard == nil, accept(.default) {
        column.standard = try defaultValue()
      } else if column.isNullable, accept(.not) {
        try expect(.null)
        column.isNullable = false
      } else {
        break
      }
    }
    column.comment = try commentClause()
    column.properties = try propertiesClause()
    column.place = place(from: start)
    return column
  }

  /// A literal: Presto evaluates no expressions here.
  mutating func defaultValue() throws -> Syntax.Expression {
    let index = position
    let value = try named("<literal>") { try $0.nestedValue() }
    guard case .literal = value else {
      position = index
      throw mismatch()
    }
    return value
  }

  // MARK: Views

  private mutating func createView(_ mode: Syntax.CreateMode, from start: Int) throws -> Syntax.Statement {
    let mode = try createMode(mode)
    let name = try qualifiedName()
    let comment = try commentClause()
    let security = try securityClause()
    let properties = try propertiesClause()
    try expect(.as)
    let query = try query()
    return .createView(
      Syntax.CreateView(
        name: name, mode: mode, comment: comment, security: security, properties: properties, query: query, place: place(from: start)))
  }

  /// `SECURITY DEFINER | INVOKER`
  private mutating func securityClause() throws -> Syntax.ViewSecurity? {
    guard accept(.security) else { return nil }
    return try expect(anyOf: .definer, .invoker) == .definer ? .definer : .invoker
  }

  private mutating func createMaterializedView(_ mode: Syntax.CreateMode, from start: Int) throws -> Syntax.Statement {
    try expect(.view)
    let mode = try createMode(mode)
    let name = try qualifiedName()
    var gracePeriod: Syntax.Interval?
    if accept(.grace) {
      try expect(.period)
      gracePeriod = try interval()
    }
    var whenStale: Syntax.CreateMaterializedView.WhenStale?
    if accept(.when) {
      try expect(.stale)
      whenStale = try expect(anyOf: .inline, .fail) == .inline ? .inline : .fail
    }
    let comment = try commentClause()
    let security = try securityClause()
    let properties = try propertiesClause()
    try expect(.as)
    let query = try query()
    return .createMaterializedView(
      Syntax.CreateMaterializedView(
        name: name, mode: mode, gracePeriod: gracePeriod, whenStale: whenStale, comment: comment, security: security,
        properties: properties, query: query, place: place(from: start)))
  }

  /// `REFRESH MATERIALIZED VIEW name [WHERE …]`
  mutating func refresh() throws -> Syntax.Statement {
    let start = position
    advance()
    try expect(.materialized, .view)
    let name = try qualifiedName()
    let condition = accept(.where) ? try expression() : nil
    return .refreshMaterializedView(
      Syntax.RefreshMaterializedView(name: name, where: condition, place: place(from: start)))
  }

  // MARK: Schemas, catalogs, branches

  private mutating func createSchema(from start: Int) throws -> Syntax.Statement {
    let mode = try createMode(.fail)
    let name = try qualifiedName()
    let authorization = accept(.authorization) ? try principal() : nil
    let properties = try propertiesClause()
    return .createSchema(
      Syntax.CreateSchema(
        name: name, mode: mode, authorization: authorization, properties: properties, place: place(from: start)))
  }

  private mutating func createCatalog(from start: Int) throws -> Syntax.Statement {
    let mode = try createMode(.fail)
    let name = try identifier()
    try expect(.using)
    let connector = try identifier()
    let comment = try commentClause()
    let authorization = accept(.authorization) ? try principal() : nil
    let properties = try propertiesClause()
    return .createCatalog(
      Syntax.CreateCatalog(
        name: name, mode: mode, connector: connector, comment: comment, authorization: authorization, properties: properties,
        place: place(from: start)))
  }

  /// `CREATE BRANCH [IF NOT EXISTS] name [WITH (…)] IN TABLE table [FROM source]`
  private mutating func createBranch(_ mode: Syntax.CreateMode, from start: Int) throws -> Syntax.Statement {
    let mode = try createMode(mode)
    let name = try identifier()
    let properties = try propertiesClause()
    try expect(.in, .table)
    let table = try qualifiedName()
    let source = accept(.from) ? try identifier() : nil
    return .createBranch(
      Syntax.CreateBranch(name: name, mode: mode, properties: properties, table: table, source: source, place: place(from: start)))
  }
}
