// Postgres: a PostgreSQL server as a catalog.
//
// In come offers and table handles of RemoteSQL; out go COPY statements, and batches decoded straight from the server's binary rows. libpq
// blocks, so everything that talks to a server runs on a thread of its own: readers in `BlockingSource`, everything else in `BlockingThread`.
//
//     PostgresConnector ── what is there ──▶ PostgresMetadata ─┐
//                       ── pieces ─────────▶ SplitPlanner ─────┼─▶ ConnectionPool ─▶ PostgresConnection ─▶ libpq
//                       ── rows ───────────▶ PostgresReader ───┤         └ Snapshot: one view of the data for all pieces of a scan
//                       ── writing ────────▶ PostgresWrite ────┘
//
// What the server may compute is listed in `PostgresDialect`; how its types are seen, in `PostgresTypes`; `PostgresLiteral` is the only place
// where a value becomes part of a text.
import CPostgres
import Expressions
import Federation
import RemoteSQL
import Settings
import Values
import Vectors

public final class PostgresConnector: RemoteConnector {
  public typealias Split = PostgresSplit
  public let dialect = PostgresDialect()
  let pool: ConnectionPool
  let metadata: PostgresMetadata
  private let snapshots = SnapshotBook()

  /// The connector named `postgresql` in a catalog's properties.
  public static let factory = ConnectorFactory(name: "postgresql", knownKeys: PostgresConfiguration.knownKeys) { catalog, properties in
    try PostgresConnector(catalog: catalog, properties)
  }

  /// Connects to nothing yet: a source that is down is an error of the queries that need it.
  public init(catalog: String, _ properties: Properties) throws {
    let configuration = try PostgresConfiguration(catalog: catalog, properties)
    pool = ConnectionPool(configuration)
    metadata = PostgresMetadata(pool, trusted: configuration.metadataLifetime)
  }

  // What is there

  public var inventoryLifetime: Duration { .seconds(10) }
  public func inventory() async throws -> Inventory { try await metadata.inventory() }
  public func schemas() async throws -> [String] { try await metadata.schemas() }
  public func tables(in schema: String) async throws -> [TableName] { try await metadata.tables(in: schema) }
  public func table(_ name: TableName) async throws -> RemoteTable? { try await metadata.relation(name)?.handle }
  public func table(forQuery text: String) async throws -> RemoteTable? { try await metadata.table(forQuery: text) }

  // Reading

  public func splits(of table: RemoteTable, narrowedBy filter: DynamicFilter<RemoteColumn>, _ context: ScanContext) async throws
    -> any SplitSource<PostgresSplit>
  {
    let planner = SplitPlanner(pool: pool, metadata: metadata, snapshots: snapshots)
    return FixedSplits(try await planner.splits(of: table, narrowedBy: filter, parallelism: context.parallelism, queryID: context.queryID))
  }

  public func isBrief(_ table: RemoteTable) -> Bool {
    table.hasFewRows && SplitPlanner(pool: pool, metadata: metadata, snapshots: snapshots).isWhole(table)
  }

  public func open(
    _ split: PostgresSplit, of table: RemoteTable, columns: [RemoteColumn], narrowedBy filter: DynamicFilter<RemoteColumn>,
    _ context: ScanContext
  ) async throws -> sending any BatchSource {
    var conditions: [RemoteText] = []
    for (column, keys) in filter.current {
      if keys.isEmpty { return NoRows() }
      if let condition = KeyCondition(dialect, rows: table.rows).text(column, keys) { conditions.append(condition) }
    }
    let text = try copyText(table.statement(columns, dialect, where: conditions, piece: (split.table, split.conditions)))
    let shape = ResultShape(of: table, columns, statement: try written(table.statement(columns, dialect, piece: (split.table, []))))
    // a piece of a snapshot may be of a partition, everything else is of the table itself
    var split = split
    if split.snapshotID != nil { split.table = split.table ?? table.query.scannedTable }
    let pool = pool
    return BlockingSource { [split] in
      PostgresReader(pool, text: text, shape: shape, of: "\(table)", split: split, context)
    }
  }

  /// What is sent for a statement.
  func copyText(_ statement: RemoteText) throws -> String { "COPY (\(try written(statement))) TO STDOUT (FORMAT binary)" }

  private func written(_ statement: RemoteText) throws -> String {
    try statement.written { _, value, type in
      guard let literal = PostgresLiteral.text(value, type) else {
        throw PrestoError(.genericInternalError, "A value of type \(type) was pushed to PostgreSQL, which cannot write it")
      }
      return literal
    }
  }

  public func sentText(for statement: RemoteText) -> String { (try? copyText(statement)) ?? statement.description }

  public func explain(_ table: RemoteTable, columns: [RemoteColumn]) -> ScanExplanation {
    var explanation = ScanExplanation(table: "\(table)", remoteText: sentText(for: table.statement(columns, dialect)))
    if let name = table.query.scannedTable, let relation = metadata.lastSeen(name) {
      switch relation.kind {
      case .table, .materializedView:
        if relation.pages >= 2 * SplitPlanner.smallestPiece {
          explanation.notes.append("\(relation.pages) pages, read in ranges of row addresses (ctid) under one snapshot")
        }
      case .partitionedTable: explanation.notes.append("partitioned, read by partition under one snapshot")
      case .view, .foreignTable: break
      }
    }
    return explanation
  }

  // Writing

  public func begin(_ intent: WriteIntent<RemoteTable>) async throws -> any TableWrite {
    defer { metadata.forget() }
    switch intent {
    case .create(let name, let fields, let properties):
      return try await PostgresWrite.creating(name, fields, properties: properties, pool, metadata)
    case .insert(let table, let columns):
      guard case .table(let name) = table.query else { throw PrestoError(.notSupported, "Only tables can be written to") }
      let targets = try columns.map { label in
        guard let column = table.columns.first(where: { $0.label == label.lowercased() || $0.name == label }) else {
          throw PrestoError(.columnNotFound, "Column '\(label)' does not exist in \(name)")
        }
        return column
      }
      return try await PostgresWrite.inserting(into: name, targets, pool, metadata)
    case .replace: throw PrestoError(.notSupported, "This connector does not support modifying table rows")
    }
  }

  public func delete(_ table: RemoteTable, _ context: ScanContext) async throws -> sending any BatchSource {
    let text = try written(table.deletion(dialect))
    context.metrics.add(sent: text)
    let statement = PostgresReader.comment(context.queryID) + text
    return BlockingSource { [pool] in PostgresDeletion(pool, text: statement) }
  }

  public func drop(_ table: TableName) async throws {
    guard let relation = try await metadata.relation(table) else { throw PrestoError(.tableNotFound, "Table '\(table)' does not exist") }
    let kind: String
    switch relation.kind {
    case .table, .partitionedTable: kind = "TABLE"
    case .view: kind = "VIEW"
    case .materializedView: kind = "MATERIALIZED VIEW"
    case .foreignTable: kind = "FOREIGN TABLE"
    }
    try await run("DROP \(kind) \(dialect.name(of: relation.name))")
  }

  public func createSchema(_ name: String) async throws { try await run("CREATE SCHEMA \(dialect.quoted(name))") }
  public func dropSchema(_ name: String) async throws { try await run("DROP SCHEMA \(dialect.quoted(name))") }

  /// One or more statements of the server's own, as they are.
  public func execute(_ text: String) async throws { try await run(text) }

  private func run(_ text: String) async throws {
    defer { metadata.forget() }
    try await pool.perform { try $0.run(text) }
  }
}

/// A scan whose join found no keys at all.
private final class NoRows: BatchSource {
  func next() async throws -> Batch? { nil }
}
