import RemoteSQL
import Values

/// What a statement's result must look like for its rows to be read as planned.
///
/// COPY does not say what types it sends, and many look alike on the wire: a column that became `real` after the query was planned would be read
/// as integers. So the statement goes ahead once with LIMIT 0, in the transaction of the COPY: its result's description is compared with what
/// was planned, and it takes the locks that keep everybody from altering the tables before the COPY ends. The locks matter by themselves too: a
/// COPY that waits for one goes on with a view of the data from before the wait, in which a table just emptied and filled again is empty.
struct ResultShape: Sendable {
  let columns: [RemoteColumn]
  /// Columns as they are stored: what is declared of a type (digits, length) counts too. Expressions declare nothing.
  let areStored: Bool
  /// The statement to send ahead.
  let text: String

  init(of table: RemoteTable, _ columns: [RemoteColumn], statement: String) {
    self.columns = columns
    areStored = ResultShape.isStored(table.query)
    text = "SELECT * FROM (\(statement)) AS shape LIMIT 0"
  }

  private static func isStored(_ query: RemoteQuery) -> Bool {
    switch query {
    case .table, .text: true
    case .select(let select): select.items.isEmpty && select.keyCount == nil && isStored(select.from)
    case .join: false
    }
  }

  /// Whether these are the columns that were planned.
  func matches(_ found: [PostgresConnection.ResultColumn]) -> Bool {
    if columns.isEmpty { return true }
    return found.count == columns.count
      && zip(found, columns).allSatisfy { found, column in
        ResultShape.isSent(found.type, for: column.type)
          && (!areStored || column.form != nil || ResultShape.isDeclared(found, as: column.type))
      }
  }

  /// Whether `ColumnSink` reads values of a type, known by its number in `pg_type`, as what they are.
  private static func isSent(_ number: UInt32, for type: DataType) -> Bool {
    switch type {
    case .boolean: number == 16
    case .smallint, .integer, .bigint: [20, 21, 23].contains(number)
    case .real: number == 700
    case .double: number == 701
    case .decimal: number == 1700
    case .varchar, .char: [25, 1042, 1043].contains(number)
    case .json: [25, 114, 1043].contains(number)
    case .varbinary: number == 17
    case .uuid: number == 2950
    case .date: number == 1082
    case .time: number == 1083
    case .timeWithTimeZone: number == 1266
    case .timestamp: number == 1114
    case .timestampWithTimeZone: number == 1184
    case .array(let element): arrays[number].map { isSent($0, for: element.innermost) } ?? false
    default: false
    }
  }

  /// The elements' types by those of arrays.
  private static let arrays: [UInt32: UInt32] = [
    199: 114, 1000: 16, 1001: 17, 1005: 21, 1007: 23, 1009: 25, 1014: 1042, 1015: 1043, 1016: 20, 1021: 700, 1022: 701, 1115: 1114,
    1182: 1082, 1183: 1083, 1185: 1184, 1231: 1700, 1270: 1266, 2951: 2950,
  ]

  private static let declaring: [UInt32: String] = [
    1042: "bpchar", 1043: "varchar", 1083: "time", 1114: "timestamp", 1184: "timestamptz", 1266: "timetz", 1700: "numeric",
  ]

  private static func isDeclared(_ found: PostgresConnection.ResultColumn, as type: DataType) -> Bool {
    guard let name = declaring[found.type] else { return true }
    return PostgresType(name: name, isBuiltIn: true, modifier: Int(found.modifier)).mapping.type == type
  }
}

extension DataType {
  fileprivate var innermost: DataType { if case .array(let element) = self { element.innermost } else { self } }
}
