extension Formatter {
  mutating func write(_ statement: Syntax.Statement) {
    switch statement {
    case .query(let query): write(query)
    case .explain(let node): write(node)
    case .show(let node): write(node)
    case .describeInput(let node): write("DESCRIBE INPUT ", node.name)
    case .describeOutput(let node):
      switch node.subject {
      case .prepared(let name): write("DESCRIBE OUTPUT ", name)
      case .query(let query):
        write("DESCRIBE OUTPUT ")
        parenthesized(query)
      }
    case .use(let node): write("USE ", Syntax.QualifiedName([node.catalog, node.schema].compactMap { $0 }))
    case .setSession(let node):
      write("SET SESSION ")
      write(node)
    case .resetSession(let node): write("RESET SESSION ", node.name)
    case .sessionAuthorization(let node):
      guard let user = node.user else { return write("RESET SESSION AUTHORIZATION") }
      write("SET SESSION AUTHORIZATION ")
      write(string: user)
    case .setTimeZone(let node):
      write("SET TIME ZONE ")
      if let zone = node.zone { write(zone) } else { write("LOCAL") }
    case .setRole(let node): write(node)
    case .setPath(let node):
      write("SET PATH ")
      list(node.elements) { $0.write($1) }
    case .prepare(let node):
      write("PREPARE ", node.name)
      write(" FROM ")
      write(node.statement)
    case .execute(let node):
      write("EXECUTE ", node.name)
      write(using: node.parameters)
    case .executeImmediate(let node):
      write("EXECUTE IMMEDIATE ")
      write(string: node.text)
      write(using: node.parameters)
    case .deallocate(let node): write("DEALLOCATE PREPARE ", node.name)
    case .insert(let node): write(node)
    case .delete(let node): write(node)
    case .update(let node): write(node)
    case .merge(let node): write(node)
    case .truncate(let node): write("TRUNCATE TABLE ", node.table)
    case .createTable(let node): write(node)
    case .createTableAs(let node): write(node)
    case .createView(let node): write(node)
    case .createMaterializedView(let node): write(node)
    case .refreshMaterializedView(let node):
      write("REFRESH MATERIALIZED VIEW ", node.name)
      write(where: node.where)
    case .createSchema(let node): write(node)
    case .createCatalog(let node): write(node)
    case .createFunction(let node): write(node)
    case .alterFunction(let node): write(node)
    case .dropFunction(let node): write(node)
    case .createBranch(let node): write(node)
    case .dropBranch(let node):
      write(node.isConditional ? "DROP BRANCH IF EXISTS " : "DROP BRANCH ", node.name)
      write(" IN TABLE ", node.table)
    case .fastForwardBranch(let node):
      write("ALTER BRANCH ", node.source)
      write(" IN TABLE ", node.table)
      write(" FAST FORWARD TO ", node.target)
    case .drop(let node):
      write("DROP \(node.kind.keywords) " + (node.isConditional ? "IF EXISTS " : ""), node.name)
      if let behavior = node.behavior { write(" " + behavior.rawValue) }
    case .rename(let node):
      write("ALTER \(node.kind.keywords) " + (node.isConditional ? "IF EXISTS " : ""), node.source)
      write(" RENAME TO ", node.target)
    case .setAuthorization(let node):
      write("ALTER \(node.kind.keywords) ", node.name)
      write(" SET AUTHORIZATION ")
      write(node.principal)
    case .setProperties(let node):
      write("ALTER \(node.kind.keywords) ", node.name)
      write(" SET PROPERTIES ")
      list(node.properties) { $0.write($1) }
    case .addColumn(let node): write(node)
    case .dropColumn(let node):
      writeAlterTable(node.table, node.isTableConditional)
      write(node.isColumnConditional ? "DROP COLUMN IF EXISTS " : "DROP COLUMN ", node.column)
    case .renameColumn(let node):
      writeAlterTable(node.table, node.isTableConditional)
      write(node.isColumnConditional ? "RENAME COLUMN IF EXISTS " : "RENAME COLUMN ", node.source)
      write(" TO ", node.target)
    case .alterColumn(let node): write(node)
    case .executeProcedure(let node): write(node)
    case .comment(let node):
      write("COMMENT ON \(node.kind.rawValue) ", node.name)
      write(" IS ")
      if let text = node.text { write(string: text) } else { write("NULL") }
    case .call(let node):
      write("CALL ", node.name)
      parenthesized(node.arguments) { $0.write($1) }
    case .analyze(let node):
      write("ANALYZE ", node.table)
      write(properties: node.properties)
    case .killQuery(let node):
      write("KILL QUERY ")
      write(string: node.id)
      if let message = node.message {
        write(" MESSAGE ")
        write(string: message)
      }
    case .startTransaction(let node): write(node)
    case .commit: write("COMMIT")
    case .rollback: write("ROLLBACK")
    case .createRole(let node): write(node)
    case .dropRole(let node):
      write(node.isConditional ? "DROP ROLE IF EXISTS " : "DROP ROLE ", node.name)
      if let catalog = node.catalog { write(" IN ", catalog) }
    case .privileges(let node): write(node)
    case .roles(let node): write(node)
    }
  }

  // MARK: Shared parts

  mutating func write(_ words: String, _ name: Syntax.Identifier) {
    write(words)
    write(name)
  }

  mutating func write(_ words: String, _ name: Syntax.QualifiedName) {
    write(words)
    write(name)
  }

  private mutating func write(using parameters: [Syntax.Expression]) {
    guard !parameters.isEmpty else { return }
    write(" USING ")
    list(parameters) { $0.write($1) }
  }

  mutating func write(where condition: Syntax.Expression?) {
    guard let condition else { return }
    write(" WHERE ")
    write(condition)
  }

  mutating func write(_ property: Syntax.Property) {
    write(property.name)
    write(" = ")
    if let value = property.value { write(value) } else { write("DEFAULT") }
  }

  mutating func write(properties: [Syntax.Property]) {
    guard !properties.isEmpty else { return }
    write(" WITH ")
    parenthesized(properties) { $0.write($1) }
  }

  mutating func write(comment: String?) {
    guard let comment else { return }
    write(" COMMENT ")
    write(string: comment)
  }

  mutating func writeAlterTable(_ table: Syntax.QualifiedName, _ isConditional: Bool) {
    write(isConditional ? "ALTER TABLE IF EXISTS " : "ALTER TABLE ", table)
    write(" ")
  }

  // MARK: Session

  private mutating func write(_ node: Syntax.Explain) {
    write("EXPLAIN ")
    if node.isAnalyze { write("ANALYZE ") }
    if node.isVerbose { write("VERBOSE ") }
    let options = [node.kind.map { "TYPE " + $0.rawValue }, node.format.map { "FORMAT " + $0.rawValue }].compactMap { $0 }
    if !options.isEmpty { write("(\(options.joined(separator: ", "))) ") }
    write(node.statement)
  }

  private mutating func write(_ node: Syntax.Show) {
    write("SHOW ")
    switch node.subject {
    case .catalogs: write("CATALOGS")
    case .schemas(let catalog):
      write("SCHEMAS")
      if let catalog { write(" FROM ", catalog) }
    case .tables(let schema):
      write("TABLES")
      if let schema { write(" FROM ", schema) }
    case .columns(let table): write("COLUMNS FROM ", table)
    case .functions(let schema):
      write("FUNCTIONS")
      if let schema { write(" FROM ", schema) }
    case .session: write("SESSION")
    case .create(let object, let name): write("CREATE \(object.rawValue) ", name)
    case .stats(let table): write("STATS FOR ", table)
    case .queryStats(let query):
      write("STATS FOR ")
      parenthesized(query)
    case .grants(let object):
      write("GRANTS")
      if let object {
        write(" ON ")
        write(object)
      }
    case .roles(let isCurrent, let catalog):
      write(isCurrent ? "CURRENT ROLES" : "ROLES")
      if let catalog { write(" FROM ", catalog) }
    case .roleGrants(let catalog):
      write("ROLE GRANTS")
      if let catalog { write(" FROM ", catalog) }
    case .branches(let table): write("BRANCHES FROM TABLE ", table)
    }
    guard let pattern = node.pattern else { return }
    write(" LIKE ")
    write(string: pattern)
    guard let escape = node.escape else { return }
    write(" ESCAPE ")
    write(string: escape)
  }

  private mutating func write(_ node: Syntax.SetRole) {
    write("SET ROLE ")
    switch node.role {
    case .all: write("ALL")
    case .none: write("NONE")
    case .named(let name):
      // ALL and NONE are no reserved words.
      if name.canonical == "all" || name.canonical == "none" { quote(name) } else { write(name) }
    }
    if let catalog = node.catalog { write(" IN ", catalog) }
  }

  private mutating func write(_ node: Syntax.StartTransaction) {
    write("START TRANSACTION")
    var modes: [String] = []
    if let isolation = node.isolation { modes.append("ISOLATION LEVEL " + isolation.rawValue) }
    if let isReadOnly = node.isReadOnly { modes.append(isReadOnly ? "READ ONLY" : "READ WRITE") }
    if !modes.isEmpty { write(" " + modes.joined(separator: ", ")) }
  }
}
