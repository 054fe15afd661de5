import Federation
import RemoteSQL
import Values

/// A table, view or the like as the server's catalog describes it.
struct PostgresRelation: Sendable {
  enum Kind: String, Sendable {
    case table = "r"
    case view = "v"
    case materializedView = "m"
    case foreignTable = "f"
    case partitionedTable = "p"
  }

  var id: UInt32
  /// Exactly as the server spells it.
  var name: TableName
  var kind: Kind
  /// Blocks of a heap that can be read by ranges of row addresses; 0 for anything else.
  var pages: Int
  /// Rows as last analysed; nil: never.
  var rows: Double?
  var columns: [RemoteColumn] = []

  var handle: RemoteTable { RemoteTable(query: .table(name), columns: columns, rows: rows) }
}
