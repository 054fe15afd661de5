import Expressions
import Federation
import Values

extension RemoteConnector {
  /// Inner joins on equal columns, where statistics say that much fewer rows come back than the two sides have: the server joins on one connection
  /// what several could read side by side.
  public func apply(join: JoinOffer<RemoteTable, RemoteColumn>) throws -> JoinAnswer<RemoteTable, RemoteColumn>? {
    guard dialect.capabilities.contains(.join), join.kind == .inner, !join.equalities.isEmpty else { return nil }
    guard let rows = estimatedRows(join), let left = join.left.rows, let right = join.right.rows else { return nil }
    // tables that one connection reads anyway are asked for with one statement rather than two
    let isSmall = left + right <= 100_000
    guard rows <= (isSmall ? 0.3 : 0.1) * (left + right) else { return nil }
    var names = UniqueNames(longest: dialect.longestName)
    let leftSide = side(join.left, join.leftColumns + join.equalities.map(\.0), &names)
    let rightSide = side(join.right, join.rightColumns + join.equalities.map(\.1), &names)
    let renderer = Renderer(dialect)
    var conditions: [RemoteText] = []
    for (a, b) in join.equalities {
      guard let x = leftSide.columns[a], let y = rightSide.columns[b],
        let text = renderer.text(.comparison(FunctionID.Operator.equal, .reference(x, x.type), .reference(y, y.type)))
      else { return nil }
      conditions.append(text)
    }
    let table = RemoteTable(
      query: .join(.inner, leftSide.query, rightSide.query, on: conditions), columns: leftSide.order + rightSide.order, rows: max(1, rows))
    return JoinAnswer(table: table, left: leftSide.columns, right: rightSide.columns)
  }

  /// |L| · |R| / max(distinct keys), each key thinning independently.
  private func estimatedRows(_ join: JoinOffer<RemoteTable, RemoteColumn>) -> Double? {
    guard var rows = join.left.rows, let right = join.right.rows else { return nil }
    rows *= right
    for (a, b) in join.equalities {
      guard a.type == b.type else { return nil }
      let known = [a.estimate?.distinct, b.estimate?.distinct].compactMap(\.self)
      guard let distinct = known.max() else { return nil }
      rows /= max(1, distinct)
    }
    return rows
  }

  /// One side as a select whose item names are unlike any other in the join.
  private func side(_ table: RemoteTable, _ needed: [RemoteColumn], _ names: inout UniqueNames) -> (
    query: RemoteQuery, columns: [RemoteColumn: RemoteColumn], order: [RemoteColumn]
  ) {
    var select = table.query.plainSelect
    var columns: [RemoteColumn: RemoteColumn] = [:]
    var order: [RemoteColumn] = []
    for column in needed where columns[column] == nil {
      let renamed = column.renamed(names.claim(column.name))
      columns[column] = renamed
      order.append(renamed)
      select.items.append(.init(name: renamed.name, text: dialect.reference(column)))
    }
    return (.select(select), columns, order)
  }
}
