import Federation
import Synchronization
import Values
import Vectors

/// All schemas and tables of one connector, behind one lock. Batches are immutable, so readers copy the list and go.
final class MemoryStore: Sendable {
  /// What a table holds at one moment.
  struct Content: Sendable {
    let id: Int
    let name: TableName
    let fields: [DataType.Field]
    var batches: [Batch]
    var rows: Int
    var byteCount: Int
    var comment: String?
    /// By lower-cased column.
    var comments: [String: String] = [:]
    var summaries = ColumnSummaries()

    func statistics(of column: Int) -> ColumnStatistics { summaries.statistics(of: column, in: batches) }
  }

  private struct State {
    var schemas: [String: [String: Content]] = ["default": [:]]
    var nextID = 1
    var byteCount = 0
  }

  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var schemas: [String] { state.withLock { $0.schemas.keys.sorted() } }

  func tables(in schema: String) -> [TableName] {
    state.withLock { $0.schemas[schema]?.keys.sorted().map { TableName(schema: schema, table: $0) } ?? [] }
  }

  func table(_ name: TableName) -> MemoryTable? {
    state.withLock { state in
      state.schemas[name.schema]?[name.table].map { MemoryTable(name: $0.name, id: $0.id, fields: $0.fields) }
    }
  }

  /// Throws `TABLE_NOT_FOUND` once the table the query was planned over is gone, whatever bears its name now.
  func content(of table: MemoryTable) throws -> Content {
    let found = state.withLock { $0.schemas[table.name.schema]?[table.name.table] }
    guard let found, found.id == table.id else { throw PrestoError(.tableNotFound, "Table '\(table.name)' was dropped") }
    return found
  }

  func checkAbsent(_ name: TableName) throws {
    try state.withLock { state in
      guard let schema = state.schemas[name.schema] else { throw PrestoError(.schemaNotFound, "Schema '\(name.schema)' does not exist") }
      if schema[name.table] != nil { throw PrestoError(.tableAlreadyExists, "Table '\(name)' already exists") }
    }
  }

  func create(_ name: TableName, _ fields: [DataType.Field], _ batches: [Batch]) throws {
    let size = batches.reduce(0) { $0 + $1.byteCount }
    try state.withLock { state in
      guard state.schemas[name.schema] != nil else { throw PrestoError(.schemaNotFound, "Schema '\(name.schema)' does not exist") }
      guard state.schemas[name.schema]?[name.table] == nil else { throw PrestoError(.tableAlreadyExists, "Table '\(name)' already exists") }
      try take(size, &state)
      let rows = batches.reduce(0) { $0 + $1.count }
      state.schemas[name.schema]?[name.table] = Content(
        id: state.nextID, name: name, fields: fields, batches: batches, rows: rows, byteCount: size)
      state.nextID += 1
    }
  }

  func append(_ batches: [Batch], to table: MemoryTable) throws {
    let size = batches.reduce(0) { $0 + $1.byteCount }
    try state.withLock { state in
      guard var content = state.schemas[table.name.schema]?[table.name.table], content.id == table.id else {
        throw PrestoError(.tableNotFound, "Table '\(table.name)' was dropped")
      }
      try take(size, &state)
      state.schemas[table.name.schema]?[table.name.table] = nil  // so that the list is not copied while it grows
      content.batches += batches
      content.rows += batches.reduce(0) { $0 + $1.count }
      content.byteCount += size
      state.schemas[table.name.schema]?[table.name.table] = content
    }
  }

  /// Throws `TRANSACTION_CONFLICT` when rows came or went since the write began.
  func replace(_ batches: [Batch], of table: MemoryTable, rowsBefore: Int) throws {
    let size = batches.reduce(0) { $0 + $1.byteCount }
    try state.withLock { state in
      guard var content = state.schemas[table.name.schema]?[table.name.table], content.id == table.id else {
        throw PrestoError(.tableNotFound, "Table '\(table.name)' was dropped")
      }
      guard content.rows == rowsBefore else {
        throw PrestoError(.transactionConflict, "Table '\(table.name)' changed while its rows were modified")
      }
      state.byteCount -= content.byteCount
      do { try take(size, &state) } catch {
        state.byteCount += content.byteCount
        throw error
      }
      content.batches = batches
      content.summaries = ColumnSummaries()
      content.rows = batches.reduce(0) { $0 + $1.count }
      content.byteCount = size
      state.schemas[table.name.schema]?[table.name.table] = content
    }
  }

  /// The table under a new identity, since handles know its columns.
  func alter(_ table: MemoryTable, _ change: TableChange) throws {
    try state.withLock { state in
      guard let content = state.schemas[table.name.schema]?[table.name.table], content.id == table.id else {
        throw PrestoError(.tableNotFound, "Table '\(table.name)' was dropped")
      }
      let altered = try content.altered(change, id: state.nextID)
      if altered.name != table.name {
        guard state.schemas[altered.name.schema] != nil else {
          throw PrestoError(.schemaNotFound, "Schema '\(altered.name.schema)' does not exist")
        }
        guard state.schemas[altered.name.schema]?[altered.name.table] == nil else {
          throw PrestoError(.tableAlreadyExists, "Table '\(altered.name)' already exists")
        }
      }
      state.nextID += 1
      state.byteCount += altered.byteCount - content.byteCount
      state.schemas[table.name.schema]?[table.name.table] = nil
      state.schemas[altered.name.schema]?[altered.name.table] = altered
    }
  }

  func drop(_ name: TableName) throws {
    try state.withLock { state in
      guard let gone = state.schemas[name.schema]?.removeValue(forKey: name.table) else {
        throw PrestoError(.tableNotFound, "Table '\(name)' does not exist")
      }
      state.byteCount -= gone.byteCount
    }
  }

  func createSchema(_ name: String) throws {
    try state.withLock { state in
      if state.schemas[name] != nil { throw PrestoError(.schemaAlreadyExists, "Schema '\(name)' already exists") }
      state.schemas[name] = [:]
    }
  }

  func dropSchema(_ name: String) throws {
    try state.withLock { state in
      guard let schema = state.schemas[name] else { throw PrestoError(.schemaNotFound, "Schema '\(name)' does not exist") }
      if !schema.isEmpty { throw PrestoError(.schemaNotEmpty, "Schema not empty: '\(name)'") }
      state.schemas[name] = nil
    }
  }

  private func take(_ size: Int, _ state: inout State) throws {
    guard state.byteCount + size <= limit else {
      throw PrestoError(
        .exceededLocalMemoryLimit, "Memory limit of \(limit >> 20)MB for the memory connector exceeded",
        hint: "Raise 'memory.max-data-per-node' in the catalog's properties.")
    }
    state.byteCount += size
  }
}
