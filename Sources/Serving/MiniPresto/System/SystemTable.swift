import Federation
import Values

/// One table of the `system` catalog: its columns, and how its rows are made when they are asked for.
struct SystemTable: Sendable {
  typealias Rows = @Sendable (_ engine: EngineView, _ handle: SystemTableHandle) async throws -> [[Constant]]

  var name: TableName
  var columns: [(name: String, type: DataType)]
  var rows: Rows

  init(_ schema: String, _ table: String, _ columns: [(name: String, type: DataType)], _ rows: @escaping Rows) {
    name = TableName(schema: schema, table: table)
    self.columns = columns
    self.rows = rows
  }

  /// A table that Presto has and that is always empty here: clients look, and find nothing.
  static func empty(_ schema: String, _ table: String, _ columns: [(name: String, type: DataType)]) -> SystemTable {
    SystemTable(schema, table, columns) { _, _ in [] }
  }

  static let all: [TableName: SystemTable] = Dictionary(
    (runtime + metadata + jdbc).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Columns of one type.
  static func columns(_ type: DataType, _ names: String...) -> [(name: String, type: DataType)] { names.map { ($0, type) } }

  static func text(_ value: String?) -> Constant { value.map(Constant.text) ?? .null }
  static func number(_ value: Int?) -> Constant { value.map { .integer(Int64($0)) } ?? .null }

  /// `timestamp(3) with time zone`, UTC.
  static func instant(_ micros: Int64?) -> Constant {
    micros.map { .wide(ZonedTimestamp(picoseconds: Int128($0 / 1000) * 1_000_000_000, zone: .utc).bits) } ?? .null
  }
}
