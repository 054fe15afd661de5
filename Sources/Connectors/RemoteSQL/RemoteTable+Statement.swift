import Federation
import Values

extension RemoteTable {
  /// The statement that yields exactly `columns` in that order; none: one constant column, so that rows can be counted.
  ///
  /// `conditions` narrow the result (over this table's columns); `piece` narrows what is scanned: see `RemoteQuery.narrowingScan`.
  public func statement(
    _ columns: [RemoteColumn], _ dialect: some SQLDialect, where conditions: [RemoteText] = [],
    piece: (table: TableName?, conditions: [RemoteText]) = (nil, [])
  ) -> RemoteText {
    let narrowed = piece.table == nil && piece.conditions.isEmpty ? query : query.narrowingScan(to: piece.table, where: piece.conditions)
    return StatementWriter(dialect: dialect).statement(narrowed.filtered(by: conditions), columns)
  }

  /// The statement that removes this table's rows. Throws `NOT_SUPPORTED` unless they are those of one table that conditions keep.
  public func deletion(_ dialect: some SQLDialect) throws -> RemoteText {
    let select = query.plainSelect
    guard case .table = select.from else { throw PrestoError(.notSupported, "Only rows of tables can be deleted, not of \(self)") }
    var text = RemoteText("DELETE")
    text.append(StatementWriter(dialect: dialect).clauses(select))
    return text
  }
}

/// Writes a relational tree as one SELECT.
struct StatementWriter<Dialect: SQLDialect> {
  let dialect: Dialect

  func statement(_ query: RemoteQuery, _ columns: [RemoteColumn]) -> RemoteText {
    guard case .select(let select) = query else { return write(.init(from: query), columns) }
    if select.items.isEmpty { return write(select, columns) }
    // Items that nobody reads are not computed; keys stay, since they make the groups.
    let byName = Dictionary(select.items.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = columns.compactMap { byName[$0.name] }
    if select.keyCount == nil && !columns.isEmpty && wanted.count == columns.count {
      var pruned = select
      pruned.items = wanted
      return write(pruned, columns)
    }
    if select.items.map(\.name) == columns.map(\.name) { return write(select, columns) }
    return write(.init(from: query), columns)
  }

  private func write(_ select: RemoteQuery.Select, _ columns: [RemoteColumn]) -> RemoteText {
    var text = RemoteText("SELECT ")
    if select.items.isEmpty {
      text.append(columns.isEmpty ? RemoteText("1") : .joined(columns.map { dialect.reference($0) }, by: ", "))
    } else {
      text.append(items(select.items))
    }
    text.append(clauses(select))
    return text
  }

  private func items(_ items: [RemoteQuery.Item]) -> RemoteText {
    .joined(
      items.map { item in
        let name = dialect.quoted(item.name)
        if item.text.parts == [.sql(name)] { return item.text }
        var text = item.text
        text.append(" AS " + name)
        return text
      }, by: ", ")
  }

  /// Everything after the select list.
  fileprivate func clauses(_ select: RemoteQuery.Select) -> RemoteText {
    var text = RemoteText(" FROM ")
    text.append(source(select.from, as: "q"))
    if !select.filter.isEmpty {
      text.append(" WHERE ")
      text.append(select.filter.count == 1 ? select.filter[0] : .joined(select.filter.map(\.parenthesised), by: " AND "))
    }
    if let keys = select.keyCount, keys > 0 { text.append(" GROUP BY " + (1...keys).map(String.init).joined(separator: ", ")) }
    if !select.order.isEmpty {
      text.append(" ORDER BY ")
      text.append(.joined(select.order, by: ", "))
    }
    if let limit = select.limit { text.append(" " + dialect.limit(limit)) }
    return text
  }

  /// What stands after FROM.
  private func source(_ query: RemoteQuery, as alias: String) -> RemoteText {
    switch query {
    case .table(let name): return RemoteText(dialect.name(of: name))
    case .text(let given):
      // A comment at the end of a person's text must not swallow the parenthesis.
      return RemoteText("(\(given)\n) AS \(dialect.quoted(alias))")
    case .select(let select):
      var text = RemoteText("(SELECT ")
      text.append(select.items.isEmpty ? RemoteText("*") : items(select.items))
      text.append(clauses(select))
      text.append(") AS \(dialect.quoted(alias))")
      return text
    case .join(let kind, let left, let right, let on):
      var text = source(left, as: "l")
      switch kind {
      case .inner: text.append(" INNER JOIN ")
      case .left: text.append(" LEFT JOIN ")
      case .right: text.append(" RIGHT JOIN ")
      case .full: text.append(" FULL JOIN ")
      }
      text.append(source(right, as: "r"))
      text.append(" ON ")
      text.append(on.count == 1 ? on[0] : .joined(on.map(\.parenthesised), by: " AND "))
      return text
    }
  }
}
