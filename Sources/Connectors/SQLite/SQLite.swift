// SQLite: one database file as a catalog with the schema `main`.
//
// In come offers and splits over `RemoteTable`s; out go batches, by one of two ways:
//
//     filter an index answers, LIMIT, first rows of an index, count(*), views …
//         RemoteTable ── SQLiteDialect ──▶ statement ── sqlite3_step on a thread of its own (Reading/) ──┐
//     everything else: a whole table                                                                  ColumnSink (Conversion/) ──▶ Batch
//         Snapshot (a read transaction) ── leaf pages ── RecordDecoder on the drivers (Pages/) ──────────┘
//
// The second way reads the b-tree of the file directly and is several times faster than the library's own; its safety rules stand at `Snapshot`
// and `DirectScan`, and whatever they do not cover is read by statements. Both ways share `ColumnSink`, so they give equal values.
//
// SQLite lets any column hold any kind of value. A column's type here follows its declared type (`DeclaredType`); values of other kinds are
// converted where nothing is lost and are an error naming table, column and row otherwise (or null: `sqlite.invalid-values=null`).
import Expressions
import Federation
import Glibc
import RemoteSQL
import Settings
import Synchronization
import Values
import Vectors

public final class SQLiteConnector: RemoteConnector {
  public typealias Table = RemoteTable
  public typealias Column = RemoteColumn
  public typealias Split = SQLiteSplit

  public let dialect = SQLiteDialect()
  let pool: ConnectionPool
  let policy: UnfitPolicy
  /// false: read by statements alone; for comparing the two ways.
  let readsPages: Bool
  private let known = Mutex<[String: KnownTable]>([:])
  private let snapshots = Mutex<[String: WeakSnapshot]>([:])

  struct KnownTable: Sendable {
    var cookie: Int64
    var state: FileState
    /// When the file was in this state, in seconds since the epoch.
    var seen: Int
    var description: TableDescription
    var estimates: TableEstimates
  }

  private struct WeakSnapshot: Sendable { weak var snapshot: Snapshot? }

  /// `busyTimeout`: milliseconds to wait for another program's lock.
  public init(path: String, busyTimeout: Int = 5000, nullsInvalidValues: Bool = false, readsPages: Bool = true) {
    pool = ConnectionPool(path: path, busyTimeout: busyTimeout)
    policy = nullsInvalidValues ? .null : .error
    self.readsPages = readsPages
  }

  public static let factory = ConnectorFactory(
    name: "sqlite", knownKeys: ["sqlite.path", "connection-url", "sqlite.invalid-values", "sqlite.busy-timeout", "sqlite.direct-pages"]
  ) { _, properties in
    let prefix = "jdbc:sqlite:"
    var path = properties["sqlite.path"]
    if path == nil, let url = properties["connection-url"] {
      guard url.hasPrefix(prefix) else {
        throw PrestoError(.configurationInvalid, "\(properties.origin): 'connection-url' must begin with \(prefix)")
      }
      path = String(url.dropFirst(prefix.count))
    }
    guard let path, !path.isEmpty else { throw PrestoError(.configurationInvalid, "\(properties.origin): 'sqlite.path' is missing") }
    let policyText = properties["sqlite.invalid-values"] ?? "error"
    guard let policy = UnfitPolicy(rawValue: policyText) else {
      throw PrestoError(.configurationInvalid, "\(properties.origin): 'sqlite.invalid-values' is error or null, not '\(policyText)'")
    }
    return SQLiteConnector(
      path: path, busyTimeout: try properties.value("sqlite.busy-timeout", default: 5000), nullsInvalidValues: policy == .null,
      readsPages: try properties.value("sqlite.direct-pages", default: true))
  }

  // What is there

  public static let schema = "main"

  /// Asking a file costs next to nothing.
  public var inventoryLifetime: Duration { .zero }
  public func schemas() async throws -> [String] {
    // a file that is not there, or is none of SQLite's, is said so at once
    try await BlockingThread.value { [pool] in _ = try pool.with { try $0.rows("PRAGMA schema_version") { $0.integer(0) } } }
    return [SQLiteConnector.schema]
  }

  public func tables(in schema: String) async throws -> [TableName] {
    guard schema.lowercased() == SQLiteConnector.schema else { return [] }
    return try await BlockingThread.value { [pool] in try pool.with { try $0.tableNames() } }.map {
      TableName(schema: SQLiteConnector.schema, table: $0.lowercased())
    }
  }

  public func table(_ name: TableName) async throws -> RemoteTable? {
    guard name.schema.lowercased() == SQLiteConnector.schema else { return nil }
    if let known = unchanged(name.table) { return handle(known) }
    return try await BlockingThread.value { [self] in
      try pool.with { try know(name.table, $0) }.map { handle($0) }
    }
  }

  public func table(forQuery text: String) async throws -> RemoteTable? {
    try await BlockingThread.value { [pool] in
      let columns = try pool.with { try $0.selectedColumns(text) }
      if columns.isEmpty { throw PrestoError(.notSupported, "The query returns no columns: \(text)") }
      return RemoteTable(query: .text(text), columns: columns.map { SQLiteConnector.column($0, nil) })
    }
  }

  private func handle(_ known: KnownTable) -> RemoteTable {
    let table = known.description
    return RemoteTable(
      query: .table(TableName(schema: SQLiteConnector.schema, table: table.name)),
      columns: table.columns.map { SQLiteConnector.column($0, known.estimates.columns[$0.name]) }, rows: known.estimates.rows)
  }

  private static func column(_ column: TableDescription.Column, _ estimate: RemoteEstimate?) -> RemoteColumn {
    RemoteColumn(
      name: column.name, type: column.type, remoteType: column.declared, label: column.name.lowercased(), isNullable: column.isNullable,
      estimate: estimate)
  }

  /// What is known of a table whose file nobody has written to since. Not where it had just been written to when it was looked at: files of one moment
  /// show the same time.
  private func unchanged(_ name: String) -> KnownTable? {
    guard let found = known.withLock({ $0[name.lowercased()] }), found.seen - found.state.lastChange > 2 else { return nil }
    return FileState(pool.path) == found.state ? found : nil
  }

  /// The table as it is now; estimated again when the file has changed.
  func know(_ name: String, _ connection: SQLiteConnection) throws -> KnownTable? {
    let key = name.lowercased(), seen = time(nil), state = FileState(connection.path)
    let cookie = try connection.rows("PRAGMA schema_version") { $0.integer(0) }.first ?? 0
    if var found = known.withLock({ $0[key] }), found.cookie == cookie, found.state == state {
      found.seen = seen
      known.withLock { [found] in $0[key] = found }
      return found
    }
    guard let description = try connection.describe(name) else { return nil }
    let found = KnownTable(
      cookie: cookie, state: state, seen: seen, description: description, estimates: try connection.estimates(of: description))
    known.withLock { $0[key] = found }
    return found
  }

  /// What was last known, for offers, which may not wait.
  func known(_ table: RemoteTable) -> TableDescription? {
    guard let name = table.query.scannedTable else { return nil }
    return known.withLock { $0[name.table.lowercased()]?.description }
  }

  // Reading

  public func splits(of table: RemoteTable, narrowedBy filter: DynamicFilter<RemoteColumn>, _ context: ScanContext) async throws
    -> any SplitSource<SQLiteSplit>
  {
    guard readsPages, case .table(let name) = table.query, keyLookup(table, filter) == nil else { return FixedSplits([SQLiteSplit.whole]) }
    let scan = try await BlockingThread.value { [self] in
      try DirectScan(snapshot(context.queryID), table: name.table, columns: table.columns, policy: policy)
    }
    guard let scan else { return FixedSplits([SQLiteSplit.whole]) }
    return try DirectSplits(scan, parallelism: context.parallelism)
  }

  public func isBrief(_ table: RemoteTable) -> Bool { if case .table = table.query { false } else { table.hasFewRows } }

  public func open(
    _ split: SQLiteSplit, of table: RemoteTable, columns: [RemoteColumn], narrowedBy filter: DynamicFilter<RemoteColumn>,
    _ context: ScanContext
  ) async throws -> sending any BatchSource {
    if let scan = split.scan { return try PageSource(scan, split.leaves, columns: columns, filter: filter, context.metrics) }
    var conditions: [RemoteText] = []
    if let lookup = keyLookup(table, filter) { conditions.append(lookup) }
    var piece: [RemoteText] = []
    if let range = split.range {
      piece.append(rowCondition("> ", range.lower, table))
      piece.append(rowCondition("<= ", range.upper, table))
    }
    let text = table.statement(columns, dialect, where: conditions, piece: (nil, piece))
    context.metrics.add(sent: text.description)
    let name = table.query.scannedTable?.table ?? "query"
    let pool = pool
    let read = { @Sendable [dialect, policy, metrics = context.metrics] (connection: SQLiteConnection) in
      try StatementReader(connection, of: pool, text, columns: columns, table: name, dialect: dialect, policy: policy, metrics)
    }
    if LookupSource.suits(table) { return LookupSource(pool, read) }
    return BlockingSource { try read(pool.take()) }
  }

  /// Scans of one query that overlap in time read one state of the database.
  private func snapshot(_ query: String) throws -> Snapshot {
    if !query.isEmpty, let found = snapshots.withLock({ $0[query]?.snapshot }) { return found }
    let made = try Snapshot(pool)
    if query.isEmpty { return made }
    return snapshots.withLock { snapshots in
      if let found = snapshots[query]?.snapshot { return found }
      snapshots = snapshots.filter { $0.value.snapshot != nil }
      snapshots[query] = WeakSnapshot(snapshot: made)
      return made
    }
  }

  private func rowCondition(_ comparison: String, _ row: Int64, _ table: RemoteTable) -> RemoteText {
    let taken = Set(table.columns.map { $0.name.lowercased() })
    let name = ["rowid", "_rowid_", "oid"].first { !taken.contains($0) } ?? "rowid"
    var text = RemoteText(name + " " + comparison, type: .boolean)
    text.append(RemoteText(argument: .integer(row), .bigint))
    return text
  }

  public func explain(_ table: RemoteTable, columns: [RemoteColumn]) -> ScanExplanation {
    var explanation = ScanExplanation(table: "\(table)", remoteText: sentText(for: table.statement(columns, dialect)))
    if readsPages, case .table = table.query, let known = known(table), known.kind == .table, !known.isWithoutRowID {
      explanation.notes.append("reads the table's pages directly; sends the statement where the file does not allow it")
    }
    return explanation
  }
}
