import Federation

/// A remote relation: what a table handle has absorbed so far.
public indirect enum RemoteQuery: Hashable, Sendable, Codable {
  case table(TableName)
  /// The source's own query text, given by a person.
  case text(String)
  case select(Select)
  /// Both sides are selects whose item names differ from each other, so that names alone refer.
  case join(JoinKind, RemoteQuery, RemoteQuery, on: [RemoteText])

  public struct Select: Hashable, Sendable, Codable {
    public var from: RemoteQuery
    /// Empty: the columns of `from` as they are.
    public var items: [Item]
    public var filter: [RemoteText]
    /// nil: no grouping; n: the first n items are the keys (0: one group over everything).
    public var keyCount: Int?
    /// Whole ORDER BY entries, direction and null order included.
    public var order: [RemoteText]
    public var limit: Int?

    public init(
      from: RemoteQuery, items: [Item] = [], filter: [RemoteText] = [], keyCount: Int? = nil, order: [RemoteText] = [], limit: Int? = nil
    ) {
      self.from = from
      self.items = items
      self.filter = filter
      self.keyCount = keyCount
      self.order = order
      self.limit = limit
    }

    /// Only filters what it reads: more can be absorbed without a sub-query.
    var isPlain: Bool { items.isEmpty && keyCount == nil && order.isEmpty && limit == nil }
  }

  public struct Item: Hashable, Sendable, Codable {
    public var name: String
    public var text: RemoteText

    public init(name: String, text: RemoteText) {
      self.name = name
      self.text = text
    }
  }
}

extension RemoteQuery {
  /// This query as a select that can absorb anything more: itself where it only filters, a new one around it otherwise.
  var plainSelect: Select {
    if case .select(let select) = self, select.isPlain { return select }
    return Select(from: self)
  }

  /// The rows that also satisfy the conditions (over the names this query yields).
  public func filtered(by conditions: [RemoteText]) -> RemoteQuery {
    if conditions.isEmpty { return self }
    var select = plainSelect
    select.filter += conditions
    return .select(select)
  }

  /// The one table this query reads, if its rows come from that table row by row, so that it may be read in pieces.
  public var scannedTable: TableName? {
    switch self {
    case .table(let name): name
    case .select(let select):
      select.keyCount == nil && select.order.isEmpty && select.limit == nil ? select.from.scannedTable : nil
    case .text, .join: nil
    }
  }

  /// The same query over a piece of its scanned table: another table in its place (a partition), and conditions on that table's own rows.
  /// Unchanged where nothing is scanned row by row.
  public func narrowingScan(to table: TableName? = nil, where conditions: [RemoteText]) -> RemoteQuery {
    guard scannedTable != nil else { return self }
    switch self {
    case .table(let name): return RemoteQuery.table(table ?? name).filtered(by: conditions)
    case .select(var select):
      if case .table(let name) = select.from {
        select.from = .table(table ?? name)
        select.filter += conditions
      } else {
        select.from = select.from.narrowingScan(to: table, where: conditions)
      }
      return .select(select)
    case .text, .join: return self
    }
  }
}

extension RemoteQuery: CustomStringConvertible {
  /// One line for EXPLAIN: what is read, and what the source does itself.
  public var description: String {
    switch self {
    case .table(let name): return "\(name)"
    case .text: return "query"
    case .join(let kind, let left, let right, let on):
      return "(\(left) \(kind.rawValue) join \(right) on \(on.map(\.description).joined(separator: " and ")))"
    case .select(let select):
      var text = "\(select.from)"
      if !select.filter.isEmpty { text += " where " + select.filter.map(\.description).joined(separator: " and ") }
      if let keys = select.keyCount {
        text += " aggregate " + select.items.dropFirst(keys).map(\.text.description).joined(separator: ", ")
        if keys > 0 { text += " by " + select.items.prefix(keys).map(\.text.description).joined(separator: ", ") }
      }
      if !select.order.isEmpty { text += " order by " + select.order.map(\.description).joined(separator: ", ") }
      if let limit = select.limit { text += " limit \(limit)" }
      return text
    }
  }
}
