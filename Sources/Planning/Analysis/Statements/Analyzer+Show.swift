import SQL
import Values

extension Analyzer {
  func plan(_ show: Syntax.Show, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    throw PrestoError.at(show.location, .notSupported, "SHOW")
  }
}
