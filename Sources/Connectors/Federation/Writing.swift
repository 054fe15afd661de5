import Settings
import Values
import Vectors

public enum WriteIntent<Table> {
  /// Column properties and table properties come as texts (`WITH (format = 'PARQUET')`).
  case create(TableName, [DataType.Field], properties: [String: String])
  case insert(Table, columns: [String])
  /// What is written becomes all of the table's rows: how UPDATE, DELETE and MERGE are done. Only for connectors that say `replacesRows`.
  case replace(Table)
}

/// What ALTER TABLE asks for. Names come as written.
public enum TableChange: Sendable {
  case rename(to: TableName)
  case addColumn(DataType.Field)
  case dropColumn(String)
  case renameColumn(String, to: String)
  /// Values are converted as by CAST.
  case setType(of: String, DataType)
  /// nil: none.
  case comment(String?)
  case commentColumn(String, String?)
}

extension WriteIntent: Sendable where Table: Sendable {}

/// One write under way. Nothing is visible before `commit`; after `abort` nothing is left behind.
public protocol TableWrite: Sendable {
  /// One for each writer; batches have exactly the intent's columns.
  func sink() async throws -> sending any BatchSink
  func commit() async throws
  func abort() async
}

/// Makes connectors of one kind: what `connector.name` in a catalog's properties file names.
public struct ConnectorFactory: Sendable {
  public let name: String
  /// Keys understood (an entry ending in `.` is a prefix); any other is an error.
  public let knownKeys: [String]
  public let make: @Sendable (_ catalog: String, _ properties: Properties) throws -> any Connector

  public init(
    name: String, knownKeys: [String], make: @escaping @Sendable (_ catalog: String, _ properties: Properties) throws -> any Connector
  ) {
    self.name = name
    self.knownKeys = knownKeys
    self.make = make
  }

  public func connector(for catalog: String, _ properties: Properties) throws -> any Connector {
    let unknown = properties.unknownKeys(known: knownKeys + ["connector.name"])
    if let first = unknown.first {
      throw PrestoError(
        .configurationInvalid, "\(properties.origin): unknown key '\(first)' for connector '\(name)'",
        hint: "Known keys: " + knownKeys.sorted().joined(separator: ", "))
    }
    return try make(catalog, properties)
  }
}
