import Expressions
import MiniPresto
import SQL
import Settings
import Values
import Vectors

/// What the prompt completes: keywords, functions, catalogs, and the schemas, tables and columns of where the session is.
enum CompletionWords {
  static let keywords = [
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN",
    "CROSS JOIN",
    "INNER JOIN", "ON", "USING", "UNION ALL", "INTERSECT", "EXCEPT", "WITH", "AS", "DISTINCT", "CASE", "WHEN", "THEN", "ELSE", "END",
    "CAST", "TRY_CAST",
    "BETWEEN", "LIKE", "ILIKE", "IN", "EXISTS", "IS NULL", "IS NOT NULL", "AND", "OR", "NOT", "INTERVAL", "DATE", "TIMESTAMP", "OVER",
    "PARTITION BY",
    "ROWS BETWEEN", "UNBOUNDED PRECEDING", "CURRENT ROW", "UNNEST", "VALUES", "SHOW CATALOGS", "SHOW SCHEMAS", "SHOW TABLES",
    "SHOW COLUMNS FROM",
    "SHOW FUNCTIONS", "SHOW SESSION", "DESCRIBE", "EXPLAIN", "EXPLAIN ANALYZE", "USE", "SET SESSION", "RESET SESSION", "PREPARE", "EXECUTE",
    "CREATE TABLE", "CREATE VIEW", "INSERT INTO", "DROP TABLE", "DROP VIEW", "NULLS FIRST", "NULLS LAST", "ASC", "DESC",
  ]

  static func collect(_ engine: Engine, _ session: Session) async -> [String] {
    var words = keywords + engine.functions.functions.keys.filter { !$0.hasPrefix("$") }.sorted() + engine.catalogNames
    if let catalog = session.catalog {
      words += await column("SHOW SCHEMAS FROM \"\(catalog)\"", engine, session)
      if session.schema != nil {
        words += await column("SHOW TABLES", engine, session)
        words += await column(
          "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = '\(session.schema ?? "")' LIMIT 2000", engine,
          session)
      }
    }
    return words
  }

  /// First column of an answer; nothing if the source is down: completion is not worth an error.
  private static func column(_ text: String, _ engine: Engine, _ session: Session) async -> [String] {
    guard let result = try? await engine.query(text, session) else { return [] }
    var words: [String] = []
    do {
      for try await batch in result {
        guard let column = batch.columns.first else { break }
        for row in 0..<batch.count { if let word = column.constant(at: row).text { words.append(word) } }
      }
    } catch { return words }
    return words
  }
}
