import Expressions
import Federation
import Values

extension RemoteConnector {
  /// Pushes aggregates whose every call has a template, where statistics say that few groups come back: a source that groups millions of
  /// rows into almost as many groups is slower than sending the rows.
  public func apply(aggregation: Aggregation<RemoteColumn>, to table: RemoteTable) throws -> ProjectionAnswer<RemoteTable, RemoteColumn>? {
    guard dialect.capabilities.contains(aggregation.keys.isEmpty ? .aggregation : .groupedAggregation) else { return nil }
    let groups = estimatedGroups(aggregation.keys, of: table)
    guard let groups, aggregation.keys.isEmpty || isWorthGrouping(groups: groups, rows: table.rows) else { return nil }
    let renderer = Renderer(dialect)
    var names = UniqueNames(longest: dialect.longestName)
    var columns: [RemoteColumn] = []
    var items: [RemoteQuery.Item] = []
    for key in aggregation.keys {
      guard dialect.canGroup(key.type), let text = renderer.text(key), let remoteType = dialect.name(of: key.type) else { return nil }
      var column = RemoteColumn(name: "key", type: key.type, remoteType: remoteType)
      if case .reference(let source, _) = key {
        column = source
      } else if key.references.isEmpty {
        return nil
      }
      column = column.renamed(names.claim(column.name))
      columns.append(column)
      items.append(.init(name: column.name, text: text))
    }
    for call in aggregation.calls {
      guard let text = aggregate(call, renderer), let remoteType = dialect.name(of: call.type) else { return nil }
      let column = RemoteColumn(name: names.claim(call.function.name), type: call.type, remoteType: remoteType)
      columns.append(column)
      items.append(.init(name: column.name, text: text))
    }
    var select = table.query.plainSelect
    select.items = items
    select.keyCount = aggregation.keys.count
    return ProjectionAnswer(
      table: RemoteTable(query: .select(select), columns: columns, rows: groups), outputs: columns.map { .reference($0, $0.type) })
  }

  private func aggregate(_ call: Aggregation<RemoteColumn>.Call, _ renderer: Renderer<Dialect>) -> RemoteText? {
    let shape = SQLCall(arguments: call.arguments, type: call.type)
    guard
      let template = dialect.aggregates[call.function.name]?.first(where: {
        $0.fits(shape) && (!call.isDistinct || $0.text.contains("$distinct")) && (call.filter == nil || $0.text.contains("$filter"))
          && $0.text.contains("$1") == !call.arguments.isEmpty
      })
    else { return nil }
    var arguments: [RemoteText] = []
    for argument in call.arguments {
      guard let text = renderer.text(argument) else { return nil }
      arguments.append(text)
    }
    var filter: RemoteText?
    if let condition = call.filter {
      guard dialect.capabilities.contains(.aggregateFilter), let text = renderer.text(condition) else { return nil }
      filter = text
    }
    return template.applied(to: arguments, type: call.type, isDistinct: call.isDistinct, filter: filter)
  }

  /// nil: unknown.
  private func estimatedGroups(_ keys: [Expr<RemoteColumn>], of table: RemoteTable) -> Double? {
    var groups = 1.0
    for key in keys {
      guard case .reference(let column, _) = key else { return nil }
      if column.type == .boolean {
        groups *= 3
        continue
      }
      guard let distinct = column.estimate?.distinct else { return nil }
      groups *= max(1, distinct) + ((column.estimate?.nullFraction ?? 0) > 0 ? 1 : 0)
    }
    return min(groups, table.rows ?? groups)
  }

  /// At most a thousand groups, or a hundredth of the rows.
  private func isWorthGrouping(groups: Double, rows: Double?) -> Bool { groups <= max(1000, (rows ?? 0) / 100) }
}

extension SQLDialect {
  /// Whether the source's GROUP BY makes the same groups as ours: where its `=` is ours.
  func canGroup(_ type: DataType) -> Bool {
    functions[FunctionID.Operator.equal]?.contains { template in
      !template.isSuperset && template.requires == nil && template.accepts.contains(TypeFamily(type))
    } ?? false
  }
}
