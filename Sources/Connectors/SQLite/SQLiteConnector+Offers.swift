import Expressions
import Federation
import RemoteSQL
import Values

/// What an index or the b-tree's own order answers at once.
extension SQLiteConnector {
  public func apply(projection: [Expr<RemoteColumn>], to table: RemoteTable) throws -> ProjectionAnswer<RemoteTable, RemoteColumn>? { nil }
  public func apply(join: JoinOffer<RemoteTable, RemoteColumn>) throws -> JoinAnswer<RemoteTable, RemoteColumn>? { nil }

  /// More rows than this come faster from the pages.
  private static let mostRows = 10_000

  public func apply(limit: Int, to table: RemoteTable) throws -> RowsAnswer<RemoteTable>? {
    guard limit >= 0, limit <= SQLiteConnector.mostRows else { return nil }
    var select = RemoteQuery.Select(from: table.query)
    if case .select(let old) = table.query {
      if let known = old.limit, known <= limit { return nil }
      select = old
    }
    select.limit = limit
    return RowsAnswer(table: limited(table, select, limit), isGuaranteed: true)
  }

  /// The first rows by a column that an index (or the row number) orders as we do.
  public func apply(topN: TopN<RemoteColumn>, to table: RemoteTable) throws -> RowsAnswer<RemoteTable>? {
    guard topN.count >= 0, topN.count <= SQLiteConnector.mostRows, let first = topN.order.first, let description = known(table),
      description.kind == .table
    else { return nil }
    var select: RemoteQuery.Select
    switch table.query {
    case .table: select = RemoteQuery.Select(from: table.query)
    case .select(let old) where old.items.isEmpty && old.keyCount == nil && old.order.isEmpty && old.limit == nil: select = old
    case .select, .join, .text: return nil
    }
    var entries: [RemoteText] = []
    for order in topN.order {
      guard let column = StoredCondition.Column(order.column, in: description), ordersAsWeDo(column) else { return nil }
      // SQLite's nulls are the least of all values
      let isNatural = !column.declared.isNullable || order.isAscending == order.nullsFirst
      if order.column == first.column && (!column.isBinaryIndexed || !isNatural) { return nil }
      var text = RemoteText(column.name, type: order.type)
      if column.isPlainText { text.append(" COLLATE BINARY") }
      text.append(order.isAscending ? " ASC" : " DESC")
      if !isNatural { text.append(order.nullsFirst ? " NULLS FIRST" : " NULLS LAST") }
      entries.append(text)
    }
    select.order = entries
    select.limit = topN.count
    return RowsAnswer(table: limited(table, select, topN.count), isGuaranteed: false)
  }

  /// Values that a column's type does not allow would take places among the first, unless they are an error anyway.
  private func ordersAsWeDo(_ column: StoredCondition.Column) -> Bool {
    if column.isExact { return true }
    if policy == .null { return false }
    switch (column.column.type, column.declared.affinity) {
    case (.bigint, .integer), (.double, .real), (.varchar, .text): return true
    default: return false
    }
  }

  private func limited(_ table: RemoteTable, _ select: RemoteQuery.Select, _ count: Int) -> RemoteTable {
    var answer = table
    answer.query = .select(select)
    answer.rows = min(Double(count), table.rows ?? Double(count))
    return answer
  }

  /// count(*), and the least or the greatest value of an indexed column. Other aggregates are faster here than there.
  public func apply(aggregation: Aggregation<RemoteColumn>, to table: RemoteTable) throws -> ProjectionAnswer<RemoteTable, RemoteColumn>? {
    guard aggregation.keys.isEmpty, aggregation.calls.count == 1, let call = aggregation.calls.first, call.filter == nil, !call.isDistinct
    else {
      return nil
    }
    var select: RemoteQuery.Select
    switch table.query {
    case .select(let old) where old.items.isEmpty && old.keyCount == nil && old.order.isEmpty && old.limit == nil: select = old
    case .table, .text: select = RemoteQuery.Select(from: table.query)
    case .select: select = RemoteQuery.Select(from: table.query)
    case .join: return nil
    }
    let text: RemoteText
    switch (call.function.name, call.arguments.first) {
    case ("count", nil): text = RemoteText("count(*)", type: call.type)
    case ("min", .reference(let column, _)), ("max", .reference(let column, _)):
      guard case .table = table.query, let description = known(table), let found = StoredCondition.Column(column, in: description),
        found.isBinaryIndexed, ordersAsWeDo(found), call.arguments.count == 1
      else { return nil }
      // min and max take their argument's collation
      text = RemoteText("\(call.function.name)(\(found.name)\(found.isPlainText ? " COLLATE BINARY" : ""))", type: call.type)
    default: return nil
    }
    let column = RemoteColumn(name: call.function.name, type: call.type, remoteType: "")
    select.items = [.init(name: column.name, text: text)]
    select.keyCount = 0
    return ProjectionAnswer(
      table: RemoteTable(query: .select(select), columns: [column], rows: 1), outputs: [.reference(column, call.type)])
  }
}
