import Expressions
import Federation
import Values

extension RemoteConnector {
  /// Computes remotely what makes rows narrower: a fixed-width value of texts, say, whose columns nobody else needs. Everything else is
  /// cheaper here, on all cores, than in the source; columns nobody needs are left out when the table is opened, so they need no offer.
  public func apply(projection: [Expr<RemoteColumn>], to table: RemoteTable) throws -> ProjectionAnswer<RemoteTable, RemoteColumn>? {
    guard dialect.capabilities.contains(.projection), !projection.isEmpty else { return nil }
    let renderer = Renderer(dialect)
    var columns: [RemoteColumn] = []
    var items: [RemoteQuery.Item] = []
    var outputs: [Expr<RemoteColumn>] = []
    var names = UniqueNames(longest: dialect.longestName)
    let kept = Set(projection.compactMap { if case .reference(let column, _) = $0 { column } else { nil } })
    var isNarrower = false
    for expression in projection {
      if case .reference(let column, let type) = expression {
        if let place = items.firstIndex(where: { $0.text == dialect.reference(column) }) {
          outputs.append(.reference(columns[place], type))
          continue
        }
        let renamed = column.renamed(names.claim(column.name))
        columns.append(renamed)
        items.append(.init(name: renamed.name, text: dialect.reference(column)))
        outputs.append(.reference(renamed, type))
        continue
      }
      guard let text = renderer.text(expression), let remoteType = dialect.name(of: expression.type) else { return nil }
      let freed = expression.references.subtracting(kept)
      if expression.type.layout != .bytes && freed.contains(where: { $0.type.layout == .bytes }) { isNarrower = true }
      let column = RemoteColumn(name: names.claim("expr"), type: expression.type, remoteType: remoteType)
      columns.append(column)
      items.append(.init(name: column.name, text: text))
      outputs.append(.reference(column, expression.type))
    }
    guard isNarrower else { return nil }
    var select = table.query.plainSelect
    select.items = items
    return ProjectionAnswer(
      table: RemoteTable(query: .select(select), columns: columns, rows: table.rows), outputs: outputs)
  }
}

/// Names for the items of one select.
struct UniqueNames {
  let longest: Int
  private var taken: Set<String> = []

  init(longest: Int) { self.longest = longest }

  /// The wish itself, or the wish with a number. Names that differ in case only are kept apart as well: some sources fold case.
  mutating func claim(_ wish: String) -> String {
    let base = wish.utf8.count + 6 > longest || wish.isEmpty ? "column" : wish
    var name = wish.utf8.count > longest || wish.isEmpty ? base : wish
    var number = 1
    while !taken.insert(name.lowercased()).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }
}
