import CPostgres
import Federation
import RemoteSQL
import Synchronization
import Values
import Vectors

/// One write: a transaction on one connection that all sinks stream into. Nothing is visible before it commits.
///
/// Columns whose server type has another binary form than ours (enumerations, inet, money …) go through a temporary table of our own types,
/// which the server casts from at the end.
final class PostgresWrite: TableWrite {
  private let pool: ConnectionPool
  private let encoder: CopyEncoder
  /// Run after the last row: moves staged rows. nil: nothing is staged.
  private let finishing: String?
  /// nil: over.
  private let connection: Mutex<PostgresConnection?>

  /// Blocks. `preparing` runs first within the transaction, then the COPY starts.
  private init(
    _ pool: ConnectionPool, encoder: CopyEncoder, preparing: [String], copy: String, finishing: String?, connection: PostgresConnection
  ) throws {
    self.pool = pool
    self.encoder = encoder
    self.finishing = finishing
    do {
      try connection.run("BEGIN")
      for statement in preparing { try connection.run(statement) }
      try connection.startCopy(copy, PGRES_COPY_IN)
      try CopyEncoder.header.withUnsafeBytes { try connection.send($0) }
    } catch {
      pool.giveBack(connection)
      throw error
    }
    self.connection = Mutex(connection)
  }

  deinit {
    if let left = connection.withLock({ $0 }) {
      try? left.endSending(failure: "abandoned")
      pool.giveBack(left)
    }
  }

  static func creating(
    _ name: TableName, _ fields: [DataType.Field], properties: [String: String], _ pool: ConnectionPool, _ metadata: PostgresMetadata
  ) async throws -> PostgresWrite {
    if let key = properties.keys.sorted().first {
      throw PrestoError(.invalidTableProperty, "Catalog '\(pool.catalog)' table property '\(key)' does not exist")
    }
    let dialect = PostgresDialect()
    let columns = try fields.enumerated().map { index, field -> String in
      guard let type = field.type == .unknown ? "text" : field.type.postgresName else {
        throw PrestoError(.notSupported, "PostgreSQL has no type for column '\(field.name ?? "")' of type \(field.type)")
      }
      return "\(dialect.quoted(field.name ?? "_col\(index)")) \(type)"
    }
    let target = TableName(schema: try await metadata.schemaName(name.schema), table: name.table)
    let encoder = CopyEncoder(types: fields.map(\.type), versioned: fields.map { $0.type == .json })
    return try await BlockingThread.value {
      try PostgresWrite(
        pool, encoder: encoder, preparing: ["CREATE TABLE \(dialect.name(of: target)) (\(columns.joined(separator: ", ")))"],
        copy: "COPY \(dialect.name(of: target)) FROM STDIN (FORMAT binary)", finishing: nil, connection: try pool.takeToWrite())
    }
  }

  static func inserting(into name: TableName, _ columns: [RemoteColumn], _ pool: ConnectionPool, _ metadata: PostgresMetadata) async throws
    -> PostgresWrite
  {
    let dialect = PostgresDialect()
    let target = dialect.name(of: name)
    let list = columns.map { dialect.quoted($0.name) }.joined(separator: ", ")
    let isDirect = columns.allSatisfy { CopyEncoder.isDirect($0.type, $0.remoteType) }
    let encoder = CopyEncoder(types: columns.map(\.type), versioned: columns.map { $0.remoteType == "jsonb" && isDirect })
    if isDirect {
      return try await BlockingThread.value {
        try PostgresWrite(
          pool, encoder: encoder, preparing: [], copy: "COPY \(target) (\(list)) FROM STDIN (FORMAT binary)", finishing: nil,
          connection: try pool.takeToWrite())
      }
    }
    return try await BlockingThread.value {
      let connection = try pool.takeToWrite()
      let stage = "minipresto_stage"
      let declared: [String]
      let casts: [String]
      do {
        let types = try connection.rows(CatalogQuery.columnTypes, [name.schema, name.table])
        let byName = Dictionary(types.map { ($0[0] ?? "", $0[1] ?? "text") }, uniquingKeysWith: { first, _ in first })
        declared = try columns.enumerated().map { index, column in
          // Staged as text where ours is text; json is staged as json.
          guard let type = column.type == .json ? "json" : column.type.postgresName else {
            throw PrestoError(.notSupported, "Column '\(column.label)' of type \(column.type) cannot be written to PostgreSQL")
          }
          return "c\(index) \(type)"
        }
        casts = columns.enumerated().map { index, column in "c\(index)::\(byName[column.name] ?? "text")" }
      } catch {
        pool.giveBack(connection)
        throw error
      }
      return try PostgresWrite(
        pool, encoder: encoder, preparing: ["CREATE TEMPORARY TABLE \(stage) (\(declared.joined(separator: ", "))) ON COMMIT DROP"],
        copy: "COPY pg_temp.\(stage) FROM STDIN (FORMAT binary)",
        finishing: "INSERT INTO \(target) (\(list)) SELECT \(casts.joined(separator: ", ")) FROM pg_temp.\(stage)", connection: connection)
    }
  }

  func sink() async throws -> sending any BatchSink { Sink(self) }

  func commit() async throws {
    try await BlockingThread.value { [self] in
      try connection.withLock { slot in
        guard let connection = slot else { throw PrestoError(.genericInternalError, "The write is over already") }
        defer {
          slot = nil
          pool.giveBack(connection)
        }
        try CopyEncoder.trailer.withUnsafeBytes { try connection.send($0) }
        try connection.endSending()
        if let finishing { try connection.run(finishing) }
        try connection.run("COMMIT")
      }
    }
  }

  func abort() async {
    try? await BlockingThread.value { [self] in
      connection.withLock { slot in
        guard let connection = slot else { return }
        try? connection.endSending(failure: "aborted")
        pool.giveBack(connection)
        slot = nil
      }
    }
  }

  private func send(_ bytes: [UInt8]) throws {
    try connection.withLock { slot in
      guard let connection = slot else { throw PrestoError(.genericInternalError, "The write is over already") }
      try bytes.withUnsafeBytes { try connection.send($0) }
    }
  }

  /// Encodes on the caller's thread and sends on another: rows of several sinks interleave by whole batches.
  private final class Sink: BatchSink {
    private let write: PostgresWrite
    init(_ write: PostgresWrite) { self.write = write }

    func append(_ batch: Batch) async throws {
      let bytes = try write.encoder.encode(batch)
      let write = write
      try await BlockingThread.value { try write.send(bytes) }
    }

    func finish() async throws {}
  }
}

extension PostgresMetadata {
  /// The schema as the server spells it; as given where there is none like it.
  func schemaName(_ name: String) async throws -> String {
    let matching = try await matchingSchemas(name)
    return matching.first { $0 == name } ?? matching.first ?? name
  }
}
