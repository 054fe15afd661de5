import Admission
import Analysis
import Execution
import Expressions
import Federation
import Optimization
import Plans
import SQL
import Settings
import Values
import Vectors

/// Runs one statement of one session: parses it, sends it to its family, and wraps the answer.
struct StatementRunner {
  let engine: Engine
  let record: QueryRecord
  var session: Session
  /// What the query may take.
  let limits: QueryLimits
  var text = ""
  /// Values of `?`, in order.
  var parameters: [Syntax.Expression] = []

  init(engine: Engine, record: QueryRecord, limits: QueryLimits) {
    self.engine = engine
    self.limits = limits
    self.record = record
    session = record.session
  }

  /// What the user may do.
  var access: Access { engine.access(for: session) }

  func run(_ text: String) async throws -> QueryResult {
    var runner = self
    runner.text = text
    return try await runner.run(try Parser.statement(text))
  }

  func run(_ statement: Syntax.Statement) async throws -> QueryResult {
    switch statement {
    case .query, .show, .insert, .delete, .update, .merge, .truncate: return try await select(statement)
    case .createTableAs(let node): return try await createTableAs(node)
    case .createTable(let node): return try await createTable(node)
    case .createSchema(let node): return try await createSchema(node)
    case .createView(let node): return try await createView(node)
    case .drop(let node): return try await drop(node)
    case .rename(let node): return try await rename(node)
    case .addColumn(let node): return try await addColumn(node)
    case .dropColumn(let node): return try await dropColumn(node)
    case .renameColumn(let node): return try await renameColumn(node)
    case .alterColumn(let node): return try await alterColumn(node)
    case .comment(let node): return try await comment(node)
    case .explain(let node): return try await explain(node)
    case .use(let node): return try await use(node)
    case .setSession(let node): return try await setSession(node)
    case .resetSession(let node): return try resetSession(node)
    case .setTimeZone(let node): return try await setTimeZone(node)
    case .prepare(let node): return done("PREPARE", [.prepared(name: node.name.canonical, text: Formatter.format(node.statement))])
    case .deallocate(let node): return try deallocate(node)
    case .execute(let node): return try await execute(node)
    case .executeImmediate(let node): return try await executeImmediate(node)
    case .describeInput(let node): return try await describeInput(node)
    case .describeOutput(let node): return try await describeOutput(node)
    case .call(let node): return try await call(node)
    case .killQuery(let node): return try kill(node.id, node.message)
    case .startTransaction: return done("START TRANSACTION", [.transactionStarted])
    case .commit: return done("COMMIT", [.transactionEnded])
    case .rollback: return done("ROLLBACK", [.transactionEnded])
    case .createMaterializedView, .refreshMaterializedView, .createCatalog, .createFunction,
      .alterFunction,
      .dropFunction, .createBranch, .dropBranch, .fastForwardBranch, .setAuthorization, .setProperties, .executeProcedure,
      .analyze, .createRole, .dropRole, .privileges, .roles,
      .sessionAuthorization,
      .setRole, .setPath:
      throw PrestoError.at(statement.place.location, .notSupported, "This statement is not supported yet")
    }
  }

  /// An answer that is no rows.
  func done(_ updateType: String, _ changes: [SessionChange] = []) -> QueryResult {
    QueryResult(columns: [], updateType: updateType, changes: changes, warnings: [], query: immediate([]))
  }

  /// An answer known at once.
  func immediate(_ columns: [ResultColumn], rows: [[Constant]]) -> QueryResult {
    let vectors = columns.indices.map { index -> Vector in
      let builder = VectorBuilder(columns[index].type, capacity: max(rows.count, 1))
      for row in rows { builder.append(row[index]) }
      return builder.finish()
    }
    let batches = rows.isEmpty ? [] : [Batch(vectors, count: rows.count)]
    return QueryResult(columns: columns, updateType: nil, changes: [], warnings: [], query: immediate(batches))
  }

  private func immediate(_ batches: [Batch]) -> RunningQuery {
    RunningQuery(record, .batches(Mutexed(batches)), memory: MemoryPool("answer", limit: 0), isResult: true)
  }

  /// `name` of a WITH property or argument as text.
  func literalText(_ expression: Syntax.Expression) -> String {
    let formatted = Formatter.format(expression)
    guard formatted.count >= 2, formatted.hasPrefix("'"), formatted.hasSuffix("'") else { return formatted }
    return formatted.dropFirst().dropLast().split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'")
  }

  func properties(_ properties: [Syntax.Property]) -> [String: String] {
    Dictionary(
      properties.compactMap { property in property.value.map { (property.name.canonical, literalText($0)) } },
      uniquingKeysWith: { _, last in last })
  }

  /// Catalog, schema and name of an object, the session filling in what is missing.
  func objectName(_ name: Syntax.QualifiedName) throws -> ObjectName {
    let parts = name.canonicalParts
    switch parts.count {
    case 3: return ObjectName(catalog: parts[0], schema: parts[1], name: parts[2])
    case 2:
      guard let catalog = session.catalog else {
        throw PrestoError.at(name.location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
      }
      return ObjectName(catalog: catalog, schema: parts[0], name: parts[1])
    case 1:
      guard let catalog = session.catalog else {
        throw PrestoError.at(name.location, .missingCatalogName, "Catalog must be specified when session catalog is not set")
      }
      guard let schema = session.schema else {
        throw PrestoError.at(name.location, .missingSchemaName, "Schema must be specified when session schema is not set")
      }
      return ObjectName(catalog: catalog, schema: schema, name: parts[0])
    default: throw PrestoError.at(name.location, .syntaxError, "Too many dots in table name: \(name)")
    }
  }
}
