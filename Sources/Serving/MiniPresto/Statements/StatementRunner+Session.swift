import Analysis
import Federation
import SQL
import Settings
import Values

/// USE, SET SESSION, SET TIME ZONE, prepared statements.
extension StatementRunner {
  func use(_ node: Syntax.Use) async throws -> QueryResult {
    let catalog = node.catalog?.canonical ?? session.catalog
    guard let catalog else {
      throw PrestoError.at(node.location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
    }
    try access.check(.seeCatalog(catalog))
    let found: Bool
    do { found = try await engine.catalog(catalog).schemas().contains { $0.lowercased() == node.schema.canonical } } catch let error
      as PrestoError
    {
      throw error.location == nil && error.code.kind == .userError
        ? PrestoError.at(node.location, error.code, error.message, hint: error.hint) : error
    }
    if !found && node.schema.canonical != "information_schema" {
      throw PrestoError.at(node.location, .schemaNotFound, "Schema does not exist: \(catalog).\(node.schema.canonical)")
    }
    return done("USE", [.use(catalog: node.catalog?.canonical, schema: node.schema.canonical)])
  }

  private func property(_ name: Syntax.QualifiedName) throws -> AnySessionProperty {
    let wanted = name.canonicalLast
    guard let property = engine.sessionProperties.first(where: { $0.name == wanted }) else {
      throw PrestoError.at(
        name.location, .invalidSessionProperty, "Session property '\(name)' does not exist", hint: "SHOW SESSION lists them all")
    }
    return property
  }

  func setSession(_ node: Syntax.SessionAssignment) async throws -> QueryResult {
    let property = try property(node.name)
    try access.check(.setSessionProperty(property.name))
    let value = literalText(node.value)
    var copy = session
    try copy.set(property, to: value)
    return done("SET SESSION", [.set(name: property.name, value: value)])
  }

  func resetSession(_ node: Syntax.ResetSession) throws -> QueryResult {
    done("RESET SESSION", [.reset(name: try property(node.name).name)])
  }

  func setTimeZone(_ node: Syntax.SetTimeZone) async throws -> QueryResult {
    done("SET TIME ZONE", [.timeZone(node.zone.map(literalText))])
  }

  private func prepared(_ name: Syntax.Identifier) throws -> String {
    guard let text = session.prepared[name.canonical] else {
      throw PrestoError.at(name.location, .notFound, "Prepared statement not found: \(name.canonical)")
    }
    return text
  }

  func deallocate(_ node: Syntax.PreparedName) throws -> QueryResult {
    _ = try prepared(node.name)
    return done("DEALLOCATE", [.deallocated(name: node.name.canonical)])
  }

  func execute(_ node: Syntax.Execute) async throws -> QueryResult {
    var runner = self
    runner.parameters = node.parameters
    runner.text = try prepared(node.name)
    return try await runner.run(try Parser.statement(runner.text))
  }

  func executeImmediate(_ node: Syntax.ExecuteImmediate) async throws -> QueryResult {
    var runner = self
    runner.parameters = node.parameters
    runner.text = node.text
    return try await runner.run(try Parser.statement(node.text))
  }

  func describeInput(_ node: Syntax.PreparedName) async throws -> QueryResult {
    immediate(
      [ResultColumn("Position", .bigint), ResultColumn("Type", .varchar)],
      rows: standIns(try prepared(node.name)).indices.map { [.integer(Int64($0)), .text("unknown")] })
  }

  /// Something for each `?` of a statement whose values are not known yet: NULL, which every type takes, and a number where only that will do.
  private func standIns(_ text: String) -> [Syntax.Expression] {
    let bytes = Array(text.utf8), tokens = Lexer.tokens(bytes)
    return zip(tokens, tokens.dropFirst()).filter { $1.symbol == .parameter }.map { before, _ in
      let word = String(decoding: bytes[before.range], as: UTF8.self).lowercased()
      return .literal(Syntax.Literal(["limit", "offset", "first", "next"].contains(word) ? .integer(1) : .null))
    }
  }

  func describeOutput(_ node: Syntax.DescribeOutput) async throws -> QueryResult {
    let statement: Syntax.Statement
    var runner = self
    switch node.subject {
    case .prepared(let name):
      let text = try prepared(name)
      statement = try Parser.statement(text)
      // drivers ask before they have the values
      runner.parameters = standIns(text)
    case .query(let query): statement = .query(query)
    }
    let analyzed = try await runner.analyze(statement)
    return immediate(
      [
        ResultColumn("Column Name", .varchar), ResultColumn("Catalog", .varchar), ResultColumn("Schema", .varchar),
        ResultColumn("Table", .varchar),
        ResultColumn("Type", .varchar), ResultColumn("Type Size", .bigint), ResultColumn("Aliased", .boolean),
      ],
      rows: analyzed.columns.map {
        [
          .text($0.name), .text(""), .text(""), .text(""), .text($0.type.description), .integer(Int64($0.type.layout.width)),
          .boolean(false),
        ]
      })
  }
}
