extension Formatter {
  /// `CREATE [OR REPLACE] kind [IF NOT EXISTS] `
  private mutating func writeCreate(_ mode: Syntax.CreateMode, _ kind: String) {
    switch mode {
    case .fail: write("CREATE \(kind) ")
    case .ignore: write("CREATE \(kind) IF NOT EXISTS ")
    case .replace: write("CREATE OR REPLACE \(kind) ")
    }
  }

  mutating func write(_ node: Syntax.CreateTable) {
    writeCreate(node.mode, "TABLE")
    write(node.name)
    write(" (")
    indent()
    for (index, element) in node.elements.enumerated() {
      if index > 0 { write(",") }
      if index > 0 { breakLine() } else { softBreak() }
      write(element)
    }
    outdent()
    softBreak()
    write(")")
    write(comment: node.comment)
    write(properties: node.properties)
  }

  private mutating func write(_ element: Syntax.TableElement) {
    switch element {
    case .column(let column): write(column)
    case .like(let table, let isIncluding):
      write("LIKE ", table)
      if let isIncluding { write(isIncluding ? " INCLUDING PROPERTIES" : " EXCLUDING PROPERTIES") }
    }
  }

  private mutating func write(_ column: Syntax.ColumnDefinition) {
    write(column.name)
    write(" ")
    write(column.type)
    if let standard = column.standard {
      write(" DEFAULT ")
      write(standard)
    }
    if !column.isNullable { write(" NOT NULL") }
    write(comment: column.comment)
    write(properties: column.properties)
  }

  mutating func write(_ node: Syntax.CreateTableAs) {
    writeCreate(node.mode, "TABLE")
    write(node.name)
    if let columns = node.columns {
      write(" ")
      write(columns: columns)
    }
    write(comment: node.comment)
    write(properties: node.properties)
    write(" AS")
    breakLine()
    write(node.query)
    if !node.hasData {
      breakLine()
      write("WITH NO DATA")
    }
  }

  mutating func write(_ node: Syntax.CreateView) {
    writeCreate(node.mode, "VIEW")
    write(node.name)
    write(comment: node.comment)
    if let security = node.security { write(" SECURITY " + security.rawValue) }
    write(properties: node.properties)
    write(" AS")
    breakLine()
    write(node.query)
  }

  mutating func write(_ node: Syntax.CreateMaterializedView) {
    writeCreate(node.mode, "MATERIALIZED VIEW")
    write(node.name)
    if let gracePeriod = node.gracePeriod {
      write(" GRACE PERIOD ")
      write(gracePeriod)
    }
    if let whenStale = node.whenStale { write(" WHEN STALE " + whenStale.rawValue) }
    write(comment: node.comment)
    if let security = node.security { write(" SECURITY " + security.rawValue) }
    write(properties: node.properties)
    write(" AS")
    breakLine()
    write(node.query)
  }

  mutating func write(_ node: Syntax.CreateSchema) {
    writeCreate(node.mode, "SCHEMA")
    write(node.name)
    write(authorization: node.authorization)
    write(properties: node.properties)
  }

  mutating func write(_ node: Syntax.CreateCatalog) {
    writeCreate(node.mode, "CATALOG")
    write(node.name)
    write(" USING ", node.connector)
    write(comment: node.comment)
    write(authorization: node.authorization)
    write(properties: node.properties)
  }

  mutating func write(_ node: Syntax.CreateBranch) {
    writeCreate(node.mode, "BRANCH")
    write(node.name)
    write(properties: node.properties)
    write(" IN TABLE ", node.table)
    if let source = node.source { write(" FROM ", source) }
  }

  // MARK: Functions

  mutating func write(_ node: Syntax.CreateFunction) {
    writeCreate(node.mode, node.isTemporary ? "TEMPORARY FUNCTION" : "FUNCTION")
    write(node.name)
    parenthesized(node.parameters) { formatter, parameter in
      formatter.write(parameter.name)
      formatter.write(" ")
      formatter.write(parameter.type)
    }
    write(" RETURNS ")
    write(node.returns)
    write(comment: node.comment)
    if let language = node.language { write(" LANGUAGE ", language) }
    if let isDeterministic = node.isDeterministic { write(isDeterministic ? " DETERMINISTIC" : " NOT DETERMINISTIC") }
    if let isCalledOnNull = node.isCalledOnNull { write(nullCall: isCalledOnNull) }
    if let body = node.body {
      write(" RETURN ")
      write(body)
    } else {
      write(" EXTERNAL")
      if let name = node.externalName { write(" NAME ", name) }
    }
  }

  private mutating func write(nullCall isCalled: Bool) {
    write(isCalled ? " CALLED ON NULL INPUT" : " RETURNS NULL ON NULL INPUT")
  }

  mutating func write(_ node: Syntax.AlterFunction) {
    write("ALTER FUNCTION ", node.name)
    if let types = node.parameterTypes { parenthesized(types) { $0.write($1) } }
    write(nullCall: node.isCalledOnNull)
  }

  mutating func write(_ node: Syntax.DropFunction) {
    write(node.isTemporary ? "DROP TEMPORARY FUNCTION " : "DROP FUNCTION ")
    write(node.isConditional ? "IF EXISTS " : "", node.name)
    if let types = node.parameterTypes { parenthesized(types) { $0.write($1) } }
  }

  // MARK: Columns

  mutating func write(_ node: Syntax.AddColumn) {
    writeAlterTable(node.table, node.isTableConditional)
    write(node.isColumnConditional ? "ADD COLUMN IF NOT EXISTS " : "ADD COLUMN ")
    write(node.column)
    switch node.position {
    case .first: write(" FIRST")
    case .last: write(" LAST")
    case .after(let column): write(" AFTER ", column)
    case nil: break
    }
  }

  mutating func write(_ node: Syntax.AlterColumn) {
    writeAlterTable(node.table, node.isTableConditional)
    write("ALTER COLUMN ", node.column)
    switch node.change {
    case .setType(let type):
      write(" SET DATA TYPE ")
      write(type)
    case .setDefault(let value):
      write(" SET DEFAULT ")
      write(value)
    case .dropDefault: write(" DROP DEFAULT")
    case .setNotNull: write(" SET NOT NULL")
    case .dropNotNull: write(" DROP NOT NULL")
    }
  }
}
