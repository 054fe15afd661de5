import Synchronization
import Values

/// Everything a source has at one moment, as lists of tables and columns show it: what tools ask for when a person opens them.
public struct Inventory: Sendable {
  public struct Column: Sendable {
    public var name: String
    public var type: DataType
    public var isNullable: Bool
    public var comment: String?

    public init(name: String, type: DataType, isNullable: Bool = true, comment: String? = nil) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
      self.comment = comment
    }
  }

  public struct Table: Sendable {
    public var name: TableName
    public var comment: String?
    /// Without hidden ones; nil: the source cannot describe the table.
    public var columns: [Column]?

    public init(name: TableName, comment: String? = nil, columns: [Column]?) {
      self.name = name
      self.comment = comment
      self.columns = columns
    }
  }

  public var schemas: [String]
  public var tables: [Table]

  public init(schemas: [String], tables: [Table]) {
    self.schemas = schemas
    self.tables = tables
  }
}

extension Connector {
  /// Table by table, a few at once, for sources that have no better way.
  public func inventory() async throws -> Inventory {
    var names: [TableName] = []
    let schemas = try await schemas()
    for schema in schemas { names += try await tables(in: schema) }
    var tables: [(Int, Inventory.Table)] = []
    await withTaskGroup(of: (Int, Inventory.Table).self) { group in
      for (index, name) in names.enumerated() {
        if index >= 8, let answer = await group.next() { tables.append(answer) }
        group.addTask { (index, await self.listed(name)) }
      }
      for await answer in group { tables.append(answer) }
    }
    return Inventory(schemas: schemas, tables: tables.sorted { $0.0 < $1.0 }.map(\.1))
  }

  private func listed(_ name: TableName) async -> Inventory.Table {
    guard let table = try? await table(name), let columns = try? await columns(of: table) else {
      return Inventory.Table(name: name, columns: nil)
    }
    return Inventory.Table(
      name: name, comment: (try? await comment(of: table)) ?? nil,
      columns: columns.filter { !$0.isHidden }.map {
        Inventory.Column(name: $0.name, type: $0.type, isNullable: $0.isNullable, comment: $0.comment)
      })
  }

  public var inventoryLifetime: Duration { .seconds(5) }
}

/// The inventory of one catalog, asked for once however many ask, and again when it is old or the catalog was changed through this engine.
final class InventoryCache: Sendable {
  private struct State {
    var known: (inventory: Inventory, since: ContinuousClock.Instant)?
    var loading: Task<Inventory, any Error>?
    /// Counts changes: what was asked for before one is not kept.
    var changes = 0
  }

  private let state = Mutex(State())

  func forget() {
    state.withLock { state in
      state.known = nil
      state.loading = nil
      state.changes += 1
    }
  }

  func inventory(of connector: any Connector) async throws -> Inventory {
    let lifetime = connector.inventoryLifetime
    let (known, loading, changes) = state.withLock { state -> (Inventory?, Task<Inventory, any Error>?, Int) in
      if let known = state.known, ContinuousClock.now - known.since < lifetime { return (known.inventory, nil, state.changes) }
      let task = state.loading ?? Task { try await connector.inventory() }
      state.loading = task
      return (nil, task, state.changes)
    }
    if let known { return known }
    guard let loading else { return try await connector.inventory() }
    let began = ContinuousClock.now
    let result = await loading.result
    state.withLock { state in
      guard state.changes == changes, state.loading == loading else { return }
      state.loading = nil
      if case .success(let inventory) = result, lifetime > .zero { state.known = (inventory, began) }
    }
    return try result.get()
  }
}
