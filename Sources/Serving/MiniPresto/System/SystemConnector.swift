import Expressions
import Federation
import Settings
import Values
import Vectors

/// A table of the `system` catalog as a query refers to it: with what the query's conditions on text columns allow, so that a question about one
/// source does not ask all of them.
struct SystemTableHandle: Hashable, Sendable, Codable, CustomStringConvertible {
  var name: TableName
  /// Column name to the values it may have; columns not named may have any.
  var accepted: [String: Set<String>] = [:]

  var description: String { "system:\(name)" }

  func accepts(_ column: String, _ value: String) -> Bool { accepted[column]?.contains(value) ?? true }
}

struct SystemColumn: Hashable, Sendable, Codable, CustomStringConvertible {
  var name: String
  var index: Int

  var description: String { name }
}

/// The `system` catalog every engine has: its queries, its nodes, and what all other catalogs hold, as JDBC and SQLAlchemy ask for it.
final class SystemConnector: Connector {
  typealias Table = SystemTableHandle
  typealias Column = SystemColumn
  typealias Split = Int

  private weak let engine: Engine?

  init(_ engine: Engine) { self.engine = engine }

  private func definition(_ name: TableName) throws -> SystemTable {
    guard let table = SystemTable.all[name] else { throw PrestoError(.tableNotFound, "Table 'system.\(name)' does not exist") }
    return table
  }

  func schemas() async throws -> [String] { Set(SystemTable.all.keys.map(\.schema)).sorted() }

  func tables(in schema: String) async throws -> [TableName] {
    SystemTable.all.keys.filter { $0.schema == schema }.sorted { $0.table < $1.table }
  }

  func table(_ name: TableName) async throws -> SystemTableHandle? { SystemTable.all[name].map { _ in SystemTableHandle(name: name) } }

  func columns(of table: SystemTableHandle) async throws -> [ColumnDescription<SystemColumn>] {
    try definition(table.name).columns.enumerated().map { index, column in
      ColumnDescription(name: column.name, type: column.type, column: SystemColumn(name: column.name, index: index))
    }
  }

  /// Takes note of what the filter allows, and promises nothing.
  func apply(filter: Expr<SystemColumn>, to table: SystemTableHandle) throws -> FilterAnswer<SystemTableHandle, SystemColumn>? {
    var narrowed = table
    let domains = filter.domains
    for (column, domain) in domains.byReference where domain.type.isText && !domain.allowsNull {
      guard let values = domain.discreteValues else { continue }
      let texts = Set(values.compactMap(\.text))
      narrowed.accepted[column.name] = narrowed.accepted[column.name].map { $0.intersection(texts) } ?? texts
    }
    return narrowed == table ? nil : FilterAnswer(table: narrowed, residual: filter)
  }

  func splits(of table: SystemTableHandle, narrowedBy filter: DynamicFilter<SystemColumn>, _ context: ScanContext) async throws
    -> any SplitSource<Int>
  { FixedSplits([0]) }

  func open(
    _ split: Int, of table: SystemTableHandle, columns: [SystemColumn], narrowedBy filter: DynamicFilter<SystemColumn>,
    _ context: ScanContext
  ) async throws -> sending any BatchSource {
    guard let engine else { throw PrestoError(.serverShuttingDown, "The engine has ended") }
    let definition = try definition(table.name)
    // as the user of the query sees it
    let access = engine.access(for: engine.query(id: context.queryID)?.session ?? Session(user: context.evaluation.user))
    let rows = try await definition.rows(EngineView(engine, access), table)
    return SystemRows(rows, columns.map { ($0.index, definition.columns[$0.index].type) }, context.metrics)
  }

  func explain(_ table: SystemTableHandle, columns: [SystemColumn]) -> ScanExplanation {
    ScanExplanation(
      table: "system \(table.name)",
      notes: table.accepted.sorted { $0.key < $1.key }.map { "asks only for \($0.key) \($0.value.sorted().joined(separator: ", "))" })
  }
}

/// Rows of constants as batches.
private final class SystemRows: BatchSource {
  private var rest: ArraySlice<[Constant]>
  private let columns: [(index: Int, type: DataType)]
  private let metrics: ScanMetrics

  init(_ rows: [[Constant]], _ columns: [(index: Int, type: DataType)], _ metrics: ScanMetrics) {
    rest = rows[...]
    self.columns = columns
    self.metrics = metrics
  }

  func next() async throws -> Batch? {
    let part = rest.prefix(Batch.habitualCount)
    if part.isEmpty { return nil }
    rest = rest.dropFirst(part.count)
    let batch = Batch(
      columns.map { column in
        let builder = VectorBuilder(column.type, capacity: part.count)
        for row in part { builder.append(row[column.index]) }
        return builder.finish()
      }, count: part.count)
    metrics.add(rows: batch.count, bytes: batch.byteCount)
    return batch
  }
}
