import Expressions
import Values
import Vectors

/// A connector's table as the engine holds it. Opened by `Catalog` alone.
public struct TableHandle: Hashable, @unchecked Sendable, CustomStringConvertible {
  let value: AnyHashable
  public var description: String { "\(value.base)" }
}

/// A connector's column as the engine holds it.
public struct ColumnHandle: Hashable, @unchecked Sendable, CustomStringConvertible {
  let value: AnyHashable
  public var description: String { "\(value.base)" }
}

/// A split as the engine holds it.
public struct SplitHandle: Sendable {
  let value: any Sendable
}

/// A named connector: the only type in which erased handles are opened. The casts cannot fail: a handle only ever comes back to the catalog
/// that made it.
public struct Catalog: Sendable {
  public let name: String
  let connector: any Connector
  private let inventories = InventoryCache()

  public init(_ name: String, _ connector: any Connector) {
    self.name = name
    self.connector = connector
  }

  /// Throws the source's errors with the catalog named, so that a person knows which of many sources is meant.
  private func naming<R>(_ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let error as PrestoError where error.code.kind == .external && !error.message.contains(name) {
      var named = error
      named.message = "Catalog '\(name)': \(error.message)"
      throw named
    }
  }

  // What is there

  public func schemas() async throws -> [String] { try await naming { try await connector.schemas() } }
  public func tables(in schema: String) async throws -> [TableName] { try await naming { try await connector.tables(in: schema) } }

  public func table(_ name: TableName) async throws -> TableHandle? { try await naming { try await opened(connector, name) } }
  private func opened<C: Connector>(_ connector: C, _ name: TableName) async throws -> TableHandle? {
    try await connector.table(name).map { TableHandle(value: AnyHashable($0)) }
  }

  public func table(forQuery text: String) async throws -> TableHandle? {
    func open<C: Connector>(_ connector: C) async throws -> TableHandle? {
      try await connector.table(forQuery: text).map { TableHandle(value: AnyHashable($0)) }
    }
    return try await naming { try await open(connector) }
  }

  public func table(forPath path: String) async throws -> TableHandle? {
    func open<C: Connector>(_ connector: C) async throws -> TableHandle? {
      try await connector.table(forPath: path).map { TableHandle(value: AnyHashable($0)) }
    }
    return try await naming { try await open(connector) }
  }

  public func columns(of table: TableHandle) async throws -> [ColumnDescription<ColumnHandle>] {
    func open<C: Connector>(_ connector: C) async throws -> [ColumnDescription<ColumnHandle>] {
      try await connector.columns(of: handle(table, connector)).map {
        ColumnDescription(
          name: $0.name, type: $0.type, column: erased($0.column, connector), isHidden: $0.isHidden, comment: $0.comment,
          isNullable: $0.isNullable)
      }
    }
    return try await naming { try await open(connector) }
  }

  public func comment(of table: TableHandle) async throws -> String? {
    func open<C: Connector>(_ connector: C) async throws -> String? { try await connector.comment(of: handle(table, connector)) }
    return try await naming { try await open(connector) }
  }

  public func statistics(of table: TableHandle) async throws -> TableStatistics<ColumnHandle> {
    func open<C: Connector>(_ connector: C) async throws -> TableStatistics<ColumnHandle> {
      let answer = try await connector.statistics(of: handle(table, connector))
      return TableStatistics(
        rows: answer.rows,
        columns: Dictionary(answer.columns.map { (erased($0.key, connector), $0.value) }, uniquingKeysWith: { first, _ in first }))
    }
    return try await naming { try await open(connector) }
  }

  /// Everything there is, at most `inventoryLifetime` old and never older than a change made through this catalog.
  public func inventory() async throws -> Inventory { try await naming { try await inventories.inventory(of: connector) } }

  // Offers: an answer equal to its question counts as no, so rules that offer again and again end.

  public func apply(filter: Expr<ColumnHandle>, to table: TableHandle) throws -> (table: TableHandle, residual: Expr<ColumnHandle>?)? {
    func open<C: Connector>(_ connector: C) throws -> (table: TableHandle, residual: Expr<ColumnHandle>?)? {
      let old = handle(table, connector)
      guard let answer = try connector.apply(filter: filter.rebased { column($0, connector) }, to: old), answer.table != old else {
        return nil
      }
      return (TableHandle(value: AnyHashable(answer.table)), answer.residual?.rebased { erased($0, connector) })
    }
    return try open(connector)
  }

  public func apply(deletion filter: Expr<ColumnHandle>, to table: TableHandle) throws -> TableHandle? {
    func open<C: Connector>(_ connector: C) throws -> TableHandle? {
      try connector.apply(deletion: filter.rebased { column($0, connector) }, to: handle(table, connector)).map {
        TableHandle(value: AnyHashable($0))
      }
    }
    return try open(connector)
  }

  public func apply(projection: [Expr<ColumnHandle>], to table: TableHandle) throws -> (table: TableHandle, outputs: [Expr<ColumnHandle>])?
  {
    func open<C: Connector>(_ connector: C) throws -> (table: TableHandle, outputs: [Expr<ColumnHandle>])? {
      let old = handle(table, connector)
      let offer = projection.map { $0.rebased { column($0, connector) } }
      guard let answer = try connector.apply(projection: offer, to: old), answer.table != old else { return nil }
      return (TableHandle(value: AnyHashable(answer.table)), answer.outputs.map { $0.rebased { erased($0, connector) } })
    }
    return try open(connector)
  }

  public func apply(aggregation: Aggregation<ColumnHandle>, to table: TableHandle) throws -> (
    table: TableHandle, outputs: [Expr<ColumnHandle>]
  )? {
    func open<C: Connector>(_ connector: C) throws -> (table: TableHandle, outputs: [Expr<ColumnHandle>])? {
      let old = handle(table, connector)
      func native(_ e: Expr<ColumnHandle>) -> Expr<C.Column> { e.rebased { column($0, connector) } }
      let offer = Aggregation<C.Column>(
        keys: aggregation.keys.map(native),
        calls: aggregation.calls.map {
          .init(
            function: $0.function, arguments: $0.arguments.map(native), filter: $0.filter.map(native), isDistinct: $0.isDistinct,
            type: $0.type)
        })
      guard let answer = try connector.apply(aggregation: offer, to: old), answer.table != old else { return nil }
      return (TableHandle(value: AnyHashable(answer.table)), answer.outputs.map { $0.rebased { erased($0, connector) } })
    }
    return try open(connector)
  }

  public func apply(topN: TopN<ColumnHandle>, to table: TableHandle) throws -> (table: TableHandle, isGuaranteed: Bool)? {
    func open<C: Connector>(_ connector: C) throws -> (table: TableHandle, isGuaranteed: Bool)? {
      let old = handle(table, connector)
      let order = topN.order.map {
        TopN<C.Column>.Order(column: column($0.column, connector), type: $0.type, isAscending: $0.isAscending, nullsFirst: $0.nullsFirst)
      }
      guard let answer = try connector.apply(topN: TopN(count: topN.count, order: order), to: old), answer.table != old else { return nil }
      return (TableHandle(value: AnyHashable(answer.table)), answer.isGuaranteed)
    }
    return try open(connector)
  }

  public func apply(limit: Int, to table: TableHandle) throws -> (table: TableHandle, isGuaranteed: Bool)? {
    func open<C: Connector>(_ connector: C) throws -> (table: TableHandle, isGuaranteed: Bool)? {
      let old = handle(table, connector)
      guard let answer = try connector.apply(limit: limit, to: old), answer.table != old else { return nil }
      return (TableHandle(value: AnyHashable(answer.table)), answer.isGuaranteed)
    }
    return try open(connector)
  }

  public func apply(join: JoinOffer<TableHandle, ColumnHandle>) throws -> JoinAnswer<TableHandle, ColumnHandle>? {
    func open<C: Connector>(_ connector: C) throws -> JoinAnswer<TableHandle, ColumnHandle>? {
      let offer = JoinOffer<C.Table, C.Column>(
        kind: join.kind, left: handle(join.left, connector), right: handle(join.right, connector),
        equalities: join.equalities.map { (column($0.0, connector), column($0.1, connector)) },
        leftColumns: join.leftColumns.map { column($0, connector) }, rightColumns: join.rightColumns.map { column($0, connector) })
      guard let answer = try connector.apply(join: offer) else { return nil }
      func erase(_ map: [C.Column: C.Column]) -> [ColumnHandle: ColumnHandle] {
        Dictionary(map.map { (erased($0.key, connector), erased($0.value, connector)) }, uniquingKeysWith: { first, _ in first })
      }
      return JoinAnswer(table: TableHandle(value: AnyHashable(answer.table)), left: erase(answer.left), right: erase(answer.right))
    }
    return try open(connector)
  }

  // Reading

  public func splits(of table: TableHandle, narrowedBy filter: DynamicFilter<ColumnHandle>, _ context: ScanContext) async throws
    -> any SplitSource<SplitHandle>
  {
    func open<C: Connector>(_ connector: C) async throws -> any SplitSource<SplitHandle> {
      ErasedSplits(
        try await connector.splits(of: handle(table, connector), narrowedBy: filter.mapColumns { column($0, connector) }, context))
    }
    return try await naming { try await open(connector) }
  }

  public func open(
    _ split: SplitHandle, of table: TableHandle, columns: [ColumnHandle], narrowedBy filter: DynamicFilter<ColumnHandle>,
    _ context: ScanContext
  ) async throws -> sending any BatchSource {
    func open<C: Connector>(_ connector: C) async throws -> sending any BatchSource {
      try await connector.open(
        split.value as! C.Split, of: handle(table, connector), columns: columns.map { column($0, connector) },
        narrowedBy: filter.mapColumns { column($0, connector) }, context)
    }
    return try await open(connector)
  }

  public func isBrief(_ table: TableHandle) -> Bool {
    func open<C: Connector>(_ connector: C) -> Bool { connector.isBrief(handle(table, connector)) }
    return open(connector)
  }

  public func explain(_ table: TableHandle, columns: [ColumnHandle]) -> ScanExplanation {
    func open<C: Connector>(_ connector: C) -> ScanExplanation {
      connector.explain(handle(table, connector), columns: columns.map { column($0, connector) })
    }
    return open(connector)
  }

  // Writing

  /// - Parameter comments: what is said about the table and its columns, once it is there.
  public func create(
    _ name: TableName, _ fields: [DataType.Field], properties: [String: String] = [:], comments: TableComments = TableComments()
  ) async throws -> any TableWrite {
    func open<C: Connector>(_ connector: C) async throws -> any TableWrite {
      try await connector.begin(.create(name, fields, properties: properties))
    }
    let write = try await naming { try await open(connector) }
    return CatalogWrite(write, self, name, comments) { inventories.forget() }
  }

  public func insert(into table: TableHandle, columns: [String]) async throws -> any TableWrite {
    func open<C: Connector>(_ connector: C) async throws -> any TableWrite {
      try await connector.begin(.insert(handle(table, connector), columns: columns))
    }
    return try await naming { try await open(connector) }
  }

  /// Whether the source's rows can be changed: UPDATE, DELETE, MERGE.
  public var replacesRows: Bool { connector.replacesRows }

  public func replace(_ table: TableHandle) async throws -> any TableWrite {
    func open<C: Connector>(_ connector: C) async throws -> any TableWrite {
      try await connector.begin(.replace(handle(table, connector)))
    }
    return try await naming { try await open(connector) }
  }

  public func delete(_ table: TableHandle, _ context: ScanContext) async throws -> sending any BatchSource {
    func open<C: Connector>(_ connector: C) async throws -> sending any BatchSource {
      try await connector.delete(handle(table, connector), context)
    }
    return try await open(connector)
  }

  public func alter(_ table: TableHandle, _ change: TableChange) async throws {
    func open<C: Connector>(_ connector: C) async throws { try await connector.alter(handle(table, connector), change) }
    try await changing { try await open(connector) }
  }

  public func drop(_ table: TableName) async throws { try await changing { try await connector.drop(table) } }
  public func createSchema(_ name: String) async throws { try await changing { try await connector.createSchema(name) } }
  public func dropSchema(_ name: String) async throws { try await changing { try await connector.dropSchema(name) } }
  public func execute(_ text: String) async throws { try await changing { try await connector.execute(text) } }

  /// What lists show is another thing afterwards.
  private func changing(_ body: () async throws -> Void) async throws {
    defer { inventories.forget() }
    try await naming(body)
  }

  // The only casts from erased handles

  private func handle<C: Connector>(_ table: TableHandle, _: C) -> C.Table { table.value as! C.Table }
  private func column<C: Connector>(_ column: ColumnHandle, _: C) -> C.Column { column.value as! C.Column }
  private func erased<C: Connector>(_ column: C.Column, _: C) -> ColumnHandle { ColumnHandle(value: AnyHashable(column)) }
}

/// A connector's split source with its splits wrapped.
private final class ErasedSplits<Split: Sendable>: SplitSource {
  private let source: any SplitSource<Split>
  init(_ source: any SplitSource<Split>) { self.source = source }
  func next() async throws -> [SplitHandle]? { try await source.next()?.map { SplitHandle(value: $0) } }
}
