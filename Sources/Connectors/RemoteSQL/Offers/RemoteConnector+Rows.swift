import Federation
import Values

extension RemoteConnector {
  /// The first rows in order. Not guaranteed, since what reads them promises no order: the engine sorts these few again.
  public func apply(topN: TopN<RemoteColumn>, to table: RemoteTable) throws -> RowsAnswer<RemoteTable>? {
    guard dialect.capabilities.contains(.topN), topN.count >= 0, !topN.order.isEmpty else { return nil }
    var entries: [RemoteText] = []
    for order in topN.order {
      var text = dialect.reference(order.column)
      text.type = order.type
      guard let entry = dialect.order(text, isAscending: order.isAscending, nullsFirst: order.nullsFirst) else { return nil }
      entries.append(entry)
    }
    var select = table.query.plainSelect
    if case .select(let old) = table.query, old.limit == topN.count, old.order == entries { return nil }
    select.order = entries
    select.limit = topN.count
    return RowsAnswer(table: limited(table, select, topN.count), isGuaranteed: false)
  }

  public func apply(limit: Int, to table: RemoteTable) throws -> RowsAnswer<RemoteTable>? {
    guard dialect.capabilities.contains(.limit), limit >= 0 else { return nil }
    var select: RemoteQuery.Select
    if case .select(let old) = table.query {
      // Ordered or not, the first rows of the first rows are the first rows.
      if let known = old.limit, known <= limit { return nil }
      select = old
    } else {
      select = table.query.plainSelect
    }
    select.limit = limit
    return RowsAnswer(table: limited(table, select, limit), isGuaranteed: true)
  }

  private func limited(_ table: RemoteTable, _ select: RemoteQuery.Select, _ count: Int) -> RemoteTable {
    var answer = table
    answer.query = .select(select)
    answer.rows = min(Double(count), table.rows ?? Double(count))
    return answer
  }
}
