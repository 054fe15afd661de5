import Expressions
import Federation
import RemoteSQL
import Values

/// How SQLite is written. Its comparisons follow the stored value's kind and not the column's type, so templates that mean the same for every
/// input are few; `SQLiteConnector`'s own offers know the columns and push what indexes answer.
public struct SQLiteDialect: SQLDialect {
  public init() {}

  /// The connector answers every offer itself.
  public var capabilities: Set<RemoteCapability> { [] }
  public func name(of table: TableName) -> String { quoted(table.table) }
  public var longestName: Int { 1000 }
  public func placeholder(_ index: Int, _ type: DataType) -> String {
    // decimals are bound as their texts, and compare as numbers
    if case .decimal = type { return "CAST(?\(index) AS NUMERIC)" }
    return "?\(index)"
  }

  public func name(of type: DataType) -> String? {
    switch type {
    case .boolean: "BOOLEAN"
    case .tinyint: "TINYINT"
    case .smallint: "SMALLINT"
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .real: "REAL"
    case .double: "DOUBLE"
    // as numbers SQLite keeps fifteen digits; the name's TEXT makes it keep them all
    case .decimal(let precision, let scale): "DECIMAL\(precision > 15 ? "_TEXT" : "")(\(precision),\(scale))"
    case .varchar(let length): length.map { "VARCHAR(\($0))" } ?? "VARCHAR"
    case .char(let length): "CHAR(\(length))"
    case .varbinary: "BLOB"
    case .date: "DATE"
    case .timestamp(let precision): precision <= 6 ? "TIMESTAMP(\(precision))" : nil
    default: nil
    }
  }

  public func accepts(_ value: Constant, _ type: DataType) -> Bool {
    switch value {
    // SQLite has no NaN: it would bind null
    case .double(let number): !number.isNaN
    case .real(let number): !number.isNaN
    case .bytes(let bytes): type == .varbinary || !bytes.contains(0)
    case .null, .boolean, .integer, .wide: true
    case .sequence: false
    }
  }

  public func literal(_ value: Constant, _ type: DataType) -> String? {
    switch value {
    case .null: "NULL"
    case .boolean(let value): value ? "1" : "0"
    case .integer, .wide, .real, .double, .bytes, .sequence: nil
    }
  }

  public var functions: [String: [SQLTemplate]] { [:] }
  public var aggregates: [String: [SQLTemplate]] { [:] }
  public func cast(from: DataType, to: DataType) -> SQLTemplate? { nil }
}
