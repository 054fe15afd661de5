// Memory: tables held as batches in this process.
//
// In come batches (CREATE TABLE AS, INSERT, or code: `MemoryConnector(tables:)`); out go the same batches, unchanged and uncopied. For tests, for
// embedding programs that want to join their own data with a source's, and for small intermediate tables. Nothing outlives the process.
//
// A table's batches only ever grow at the end, so a scan is a range of batch numbers fixed when its splits are made: an INSERT … SELECT from the
// same table reads what was there before it.
import Expressions
import Federation
import Settings
import Values
import Vectors

/// A table as a query refers to it. `id` tells a table from another of the same name created after it was dropped.
public struct MemoryTable: Hashable, Sendable, Codable, CustomStringConvertible {
  public let name: TableName
  let id: Int
  let fields: [DataType.Field]

  public var description: String { "memory:\(name)" }
}

public struct MemoryColumn: Hashable, Sendable, Codable, CustomStringConvertible {
  public let name: String
  public let type: DataType
  let index: Int

  public var description: String { name }
}

/// A range of a table's batches.
public struct MemorySplit: Sendable, Codable {
  let batches: Range<Int>
}

public final class MemoryConnector: Connector {
  public typealias Table = MemoryTable
  public typealias Column = MemoryColumn
  public typealias Split = MemorySplit

  let store: MemoryStore

  /// `limit`: bytes that all tables together may hold.
  public init(limit: Int = .max) { store = MemoryStore(limit: limit) }

  /// A connector that begins with tables.
  public convenience init(tables: [MemoryRows], limit: Int = .max) throws {
    self.init(limit: limit)
    for table in tables {
      if !store.schemas.contains(table.name.schema) { try store.createSchema(table.name.schema) }
      try store.create(table.name, table.fields, table.batches)
    }
  }

  public static let factory = ConnectorFactory(name: "memory", knownKeys: ["memory.max-data-per-node"]) { _, properties in
    guard let text = properties["memory.max-data-per-node"] else { return MemoryConnector() }
    guard let limit = MemoryConnector.bytes(text) else {
      throw PrestoError(
        .configurationInvalid, "\(properties.origin): 'memory.max-data-per-node' is not a data size: '\(text)'", hint: "As in 128MB.")
    }
    return MemoryConnector(limit: limit)
  }

  // What is there

  /// Other programs in this process may change the tables, and asking costs nothing.
  public var inventoryLifetime: Duration { .zero }
  public func schemas() async throws -> [String] { store.schemas }
  public func tables(in schema: String) async throws -> [TableName] { store.tables(in: schema) }
  public func table(_ name: TableName) async throws -> MemoryTable? { store.table(name) }

  public func columns(of table: MemoryTable) async throws -> [ColumnDescription<MemoryColumn>] {
    let comments = try store.content(of: table).comments
    return columns(table).map {
      ColumnDescription(name: $0.name, type: $0.type, column: $0, comment: comments[$0.name.lowercased()])
    }
  }

  public func comment(of table: MemoryTable) async throws -> String? { try store.content(of: table).comment }

  public func statistics(of table: MemoryTable) async throws -> TableStatistics<MemoryColumn> {
    let content = try store.content(of: table)
    var statistics = TableStatistics<MemoryColumn>(rows: Double(content.rows))
    for column in columns(table) { statistics.columns[column] = content.statistics(of: column.index) }
    return statistics
  }

  // Reading

  public func splits(of table: MemoryTable, narrowedBy filter: DynamicFilter<MemoryColumn>, _ context: ScanContext) async throws
    -> any SplitSource<MemorySplit>
  {
    let count = try store.content(of: table).batches.count
    // a few splits for each driver, so that none waits long for the slowest
    let share = max(1, count / max(1, context.parallelism * 4))
    return FixedSplits(stride(from: 0, to: count, by: share).map { MemorySplit(batches: $0..<min($0 + share, count)) })
  }

  public func open(
    _ split: MemorySplit, of table: MemoryTable, columns: [MemoryColumn], narrowedBy filter: DynamicFilter<MemoryColumn>,
    _ context: ScanContext
  ) async throws -> sending any BatchSource {
    let content = try store.content(of: table)
    guard split.batches.upperBound <= content.batches.count else {
      throw PrestoError(.transactionConflict, "Table '\(table.name)' changed while it was read")
    }
    return MemorySource(content.batches[split.batches], columns.map(\.index), context.metrics)
  }

  public func explain(_ table: MemoryTable, columns: [MemoryColumn]) -> ScanExplanation { ScanExplanation(table: "memory \(table.name)") }

  // Writing

  public func begin(_ intent: WriteIntent<MemoryTable>) async throws -> any TableWrite {
    switch intent {
    case .create(let name, let fields, let properties):
      if let unknown = properties.keys.sorted().first {
        throw PrestoError(.invalidTableProperty, "Catalog does not support table property '\(unknown)'")
      }
      try store.checkAbsent(name)
      return MemoryWrite(into: store, .create(name, fields))
    case .insert(let table, let columns):
      let order = table.fields.map { field in columns.firstIndex { $0.lowercased() == field.name?.lowercased() } }
      for column in columns where !table.fields.contains(where: { $0.name?.lowercased() == column.lowercased() }) {
        throw PrestoError(.columnNotFound, "Column '\(column)' does not exist in '\(table.name)'")
      }
      return MemoryWrite(into: store, .insert(table, order))
    case .replace(let table): return MemoryWrite(into: store, .replace(table, rows: try store.content(of: table).rows))
    }
  }

  public func alter(_ table: MemoryTable, _ change: TableChange) async throws { try store.alter(table, change) }
  public var replacesRows: Bool { true }
  public func drop(_ table: TableName) async throws { try store.drop(table) }
  public func createSchema(_ name: String) async throws { try store.createSchema(name) }
  public func dropSchema(_ name: String) async throws { try store.dropSchema(name) }

  private func columns(_ table: MemoryTable) -> [MemoryColumn] {
    table.fields.enumerated().map { MemoryColumn(name: $1.name ?? "_col\($0)", type: $1.type, index: $0) }
  }

  /// `128MB`, `1.5GB`, plain bytes. nil: not a size.
  static func bytes(_ text: String) -> Int? {
    let units: [(String, Double)] = [("TB", 0x1p40), ("GB", 0x1p30), ("MB", 0x1p20), ("kB", 0x1p10), ("KB", 0x1p10), ("B", 1)]
    let unit = units.first { text.hasSuffix($0.0) }
    let digits = text.dropLast(unit?.0.count ?? 0).split(separator: " ", omittingEmptySubsequences: true).joined()
    guard let number = Double(digits), number >= 0, number * (unit?.1 ?? 1) < 0x1p62 else { return nil }
    return Int(number * (unit?.1 ?? 1))
  }
}

/// Hands out chosen columns of some batches.
private final class MemorySource: BatchSource {
  private var rest: ArraySlice<Batch>
  private let columns: [Int]
  private let metrics: ScanMetrics

  init(_ batches: ArraySlice<Batch>, _ columns: [Int], _ metrics: ScanMetrics) {
    rest = batches
    self.columns = columns
    self.metrics = metrics
  }

  func next() async throws -> Batch? {
    guard let batch = rest.popFirst() else { return nil }
    let chosen = Batch(columns.map { batch.columns[$0] }, count: batch.count)
    metrics.add(rows: batch.count, bytes: chosen.byteCount)
    return chosen
  }
}
