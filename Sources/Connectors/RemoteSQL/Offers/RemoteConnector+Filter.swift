import Expressions
import Federation
import Values

extension RemoteConnector {
  /// Takes the conjuncts the dialect can say and leaves the rest.
  public func apply(filter: Expr<RemoteColumn>, to table: RemoteTable) throws -> FilterAnswer<RemoteTable, RemoteColumn>? {
    guard dialect.capabilities.contains(.filter) else { return nil }
    let renderer = Renderer(dialect)
    var pushed: [RemoteText] = []
    var residual: [Expr<RemoteColumn>] = []
    var fresh: [Expr<RemoteColumn>] = []
    let absorbed = Set(table.query.plainSelect.filter)
    for conjunct in filter.conjuncts {
      guard let (text, isExact) = renderer.predicate(conjunct) else {
        residual.append(conjunct)
        continue
      }
      if !isExact { residual.append(conjunct) }
      // A superset stays in the residual, so it comes again; what is absorbed already is no progress.
      if !absorbed.contains(text) {
        pushed.append(text)
        fresh.append(conjunct)
      }
    }
    // With nothing new to absorb there is still an answer to give if everything is guaranteed already, but then the handle would equal the
    // question, which counts as no: the engine evaluates such a filter itself.
    if pushed.isEmpty { return nil }
    var answer = table
    answer.query = table.query.filtered(by: pushed)
    answer.rows = table.rows.map { max(1, $0 * Selectivity.of(fresh)) }
    return FilterAnswer(table: answer, residual: residual.isEmpty ? nil : .all(residual))
  }
}
