import Analysis
import Federation
import SQL
import Settings
import Values

/// CALL and KILL QUERY.
extension StatementRunner {
  func kill(_ id: String, _ message: String?) throws -> QueryResult {
    if let owner = engine.query(id: id)?.session.user { try access.check(.killQuery(owner: owner)) }
    if !engine.kill(id, message) { throw PrestoError(.notFound, "Target query not found: \(id)") }
    return done("CALL")
  }

  func call(_ node: Syntax.Call) async throws -> QueryResult {
    let parts = node.name.canonicalParts
    let values = node.arguments.map { literalText($0.value) }
    switch parts.suffix(2) {
    case ["runtime", "kill_query"]:
      guard let id = argument("query_id", 0, node) else {
        throw PrestoError.at(node.location, .invalidProcedureArgument, "Required procedure argument 'QUERY_ID' is missing")
      }
      return try kill(id, argument("message", 1, node))
    case ["system", "execute"]:
      guard parts.count == 3, let text = values.first else {
        throw PrestoError.at(node.location, .invalidProcedureArgument, "Use CALL catalog.system.execute(query => '…')")
      }
      try access.check(.executeProcedure(catalog: parts[0], schema: parts[1], name: parts[2]))
      try await engine.catalog(parts[0]).execute(text)
      return done("CALL")
    default: throw PrestoError.at(node.location, .procedureNotFound, "Procedure not registered: \(node.name)")
    }
  }

  /// The text of an argument by its name, or by its place where it is given without one.
  private func argument(_ name: String, _ place: Int, _ node: Syntax.Call) -> String? {
    let named = node.arguments.first { $0.name?.canonical == name }
    let placed = node.arguments.indices.contains(place) && node.arguments[place].name == nil ? node.arguments[place] : nil
    return (named ?? placed).map { literalText($0.value) }
  }
}
