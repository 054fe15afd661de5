import Expressions
import MiniPresto
import SQL
import Settings
import Values
import Vectors

/// Finds what completes a word: keywords and functions, catalogs, and the schemas, tables and columns that the sources say they have.
///
/// A source is asked when somebody presses Tab there, and its answers are kept until a statement changes something.
package actor CompletionWords {
  private let engine: Engine
  private var answers: [String: [String]] = [:]

  package init(_ engine: Engine) { self.engine = engine }

  /// Forgets what sources said.
  package func forget() { answers = [:] }

  /// Whole words, sorted, that may stand in place of the one asked about.
  package func find(_ request: CompletionRequest, _ session: Session) async -> [String] {
    let candidates: [String]
    switch request.qualifier.count {
    case 0: candidates = await unqualified(request, session)
    case 1: candidates = await qualified(request, session)
    case 2:
      let tables = await tables(request.qualifier[0], request.qualifier[1], session)
      var columns: [String] = []
      if let catalog = session.catalog, request.wanted == .anything {
        columns = await self.columns([catalog] + request.qualifier, session)
      }
      candidates = tables + columns
    case 3: candidates = await columns(request.qualifier, session)
    default: candidates = []
    }
    let wanted = request.prefix.lowercased()
    let qualifier = request.qualifier.map { Self.quoted($0) + "." }.joined()
    var seen = Set<String>()
    return candidates.filter { Self.bare($0).hasPrefix(wanted) && seen.insert($0).inserted }.sorted().map { qualifier + $0 }
  }

  private func unqualified(_ request: CompletionRequest, _ session: Session) async -> [String] {
    var words: [String] = []
    switch request.wanted {
    case .property: return engine.sessionProperties.map(\.name)
    case .catalog: return engine.catalogNames
    case .schema:
      words = engine.catalogNames.map { $0 + "." }
      if let catalog = session.catalog { words += await schemas(catalog, session) }
      return words
    case .relation: words += request.namedQueries
    case .anything:
      // in the case that the person writes
      let isLower = request.prefix.last.map { $0.isLowercase } ?? false
      words += Self.keywords.map { isLower ? $0.lowercased() : $0 }
      words += engine.functions.functions.keys.filter { !$0.hasPrefix("$") }.map { $0 + "(" }
      for relation in request.relations {
        words += await columns(complete(relation.name, session), session)
        if let alias = relation.alias { words.append(alias + ".") }
      }
    }
    words += engine.catalogNames.map { Self.quoted($0) + "." }
    if let catalog = session.catalog {
      words += await schemas(catalog, session).map { $0 + "." }
      if let schema = session.schema { words += await tables(catalog, schema, session) }
    }
    return words
  }

  /// After one name and a dot: an alias, a table of the statement, a catalog, or a schema of the session's catalog.
  private func qualified(_ request: CompletionRequest, _ session: Session) async -> [String] {
    let name = request.qualifier[0]
    for relation in request.relations where relation.alias == name || (relation.alias == nil && relation.name.last == name) {
      return await columns(complete(relation.name, session), session)
    }
    var words: [String] = []
    if engine.catalogNames.contains(name) {
      words += await schemas(name, session).map { request.wanted == .schema ? $0 : $0 + "." }
    }
    if let catalog = session.catalog { words += await tables(catalog, name, session) }
    return words
  }

  /// Catalog, schema and table, as far as the session knows what is left out.
  private func complete(_ name: [String], _ session: Session) -> [String] {
    switch name.count {
    case 1: [session.catalog, session.schema].compactMap { $0 } + name
    case 2: [session.catalog].compactMap { $0 } + name
    default: name
    }
  }

  // MARK: Asking the sources

  private func schemas(_ catalog: String, _ session: Session) async -> [String] {
    await firstColumn("SHOW SCHEMAS FROM \(Self.quoted(catalog))", session)
  }

  private func tables(_ catalog: String, _ schema: String, _ session: Session) async -> [String] {
    await firstColumn("SHOW TABLES FROM \(Self.quoted(catalog)).\(Self.quoted(schema))", session)
  }

  private func columns(_ table: [String], _ session: Session) async -> [String] {
    if table.count != 3 { return [] }
    return await firstColumn("DESCRIBE " + table.map(Self.quoted).joined(separator: "."), session)
  }

  /// Names as they must be written; nothing if the source is down: completion is not worth an error.
  private func firstColumn(_ text: String, _ session: Session) async -> [String] {
    if let known = answers[text] { return known }
    var words: [String] = []
    do {
      for try await batch in try await engine.query(text, session) {
        guard let column = batch.columns.first else { break }
        for row in 0..<batch.count { if let word = column.constant(at: row).text { words.append(Self.quoted(word)) } }
      }
    } catch { words = [] }
    answers[text] = words
    return words
  }

  /// A name as it must be written.
  private static func quoted(_ name: String) -> String { Formatter.format(Syntax.QualifiedName([Syntax.Identifier(name)])) }

  /// What is compared with the letters typed: without quotes, in small letters.
  private static func bare(_ word: String) -> String { word.filter { $0 != "\"" }.lowercased() }

  static let keywords = [
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN",
    "CROSS JOIN", "INNER JOIN", "ON", "USING", "UNION ALL", "INTERSECT", "EXCEPT", "WITH", "AS", "DISTINCT", "CASE", "WHEN", "THEN", "ELSE",
    "END", "CAST", "TRY_CAST", "BETWEEN", "LIKE", "ILIKE", "IN", "EXISTS", "IS NULL", "IS NOT NULL", "AND", "OR", "NOT", "NULL", "TRUE",
    "FALSE", "INTERVAL", "DATE", "TIMESTAMP", "OVER", "PARTITION BY", "ROWS BETWEEN", "UNBOUNDED PRECEDING", "CURRENT ROW", "UNNEST",
    "VALUES", "SHOW CATALOGS", "SHOW SCHEMAS", "SHOW TABLES", "SHOW COLUMNS FROM", "SHOW CREATE TABLE", "SHOW CREATE VIEW",
    "SHOW STATS FOR", "SHOW FUNCTIONS", "SHOW SESSION", "DESCRIBE", "EXPLAIN", "EXPLAIN ANALYZE", "USE", "SET SESSION", "RESET SESSION",
    "PREPARE", "EXECUTE", "CREATE TABLE", "CREATE VIEW", "CREATE OR REPLACE VIEW", "INSERT INTO", "DROP TABLE", "DROP VIEW", "NULLS FIRST",
    "NULLS LAST", "ASC", "DESC",
  ]
}
