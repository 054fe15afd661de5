import Expressions
import Federation
import RemoteSQL
import Values

/// PostgreSQL's SQL. The tables of templates are in `PostgresDialect+Functions` and `+Aggregates`.
public struct PostgresDialect: SQLDialect {
  public let functions: [String: [SQLTemplate]]
  public let aggregates: [String: [SQLTemplate]]

  public init() {
    functions = PostgresDialect.functionTemplates
    aggregates = PostgresDialect.aggregateTemplates
  }

  public func placeholder(_ index: Int, _ type: DataType) -> String { "$\(index)" + (type.postgresName.map { "::" + $0 } ?? "") }

  public func name(of type: DataType) -> String? { type.postgresName }

  public func accepts(_ value: Constant, _ type: DataType) -> Bool { PostgresLiteral.text(value, type) != nil }

  /// Texts by their bytes; char(n) not at all, whose padded order no collation of the server's has.
  public func order(_ text: RemoteText, isAscending: Bool, nullsFirst: Bool) -> RemoteText? {
    var entry: RemoteText
    switch TypeFamily(text.type) {
    case .boolean, .integer, .exact, .approximate, .binary, .date, .time, .timestamp, .zonedTimestamp: entry = text
    case .text:
      entry = text.parenthesised
      entry.append(" COLLATE \"C\"")
    case .character, .interval, .uuid, .other: return nil
    }
    entry.append(isAscending ? " ASC" : " DESC")
    entry.append(nullsFirst ? " NULLS FIRST" : " NULLS LAST")
    return entry
  }

  /// Widening casts, which cannot fail.
  public func cast(from: DataType, to: DataType) -> SQLTemplate? {
    let any = Set(TypeFamily.allCases)
    switch (from, to) {
    case (.tinyint, .smallint), (.tinyint, .integer), (.smallint, .integer): return SQLTemplate("$1::int4", accepting: any)
    case (.tinyint, .bigint), (.smallint, .bigint), (.integer, .bigint): return SQLTemplate("$1::int8", accepting: any)
    case (.tinyint, .double), (.smallint, .double), (.integer, .double), (.bigint, .double), (.real, .double):
      return SQLTemplate("$1::float8", accepting: any)
    case (.tinyint, .decimal(let precision, let scale)), (.smallint, .decimal(let precision, let scale)):
      return precision - scale >= 5 ? SQLTemplate("$1::numeric", accepting: any) : nil
    case (.integer, .decimal(let precision, let scale)): return precision - scale >= 10 ? SQLTemplate("$1::numeric", accepting: any) : nil
    case (.bigint, .decimal(let precision, let scale)): return precision - scale >= 19 ? SQLTemplate("$1::numeric", accepting: any) : nil
    case (.decimal(let p, let s), .decimal(let precision, let scale)):
      return scale >= s && precision - scale >= p - s ? SQLTemplate("$1", accepting: any) : nil
    case (.varchar, .varchar(nil)): return SQLTemplate("$1", accepting: any)
    case (.varchar(let m?), .varchar(let n?)): return n >= m ? SQLTemplate("$1", accepting: any) : nil
    case (.date, .timestamp(let precision)): return precision <= 6 ? SQLTemplate("$1::timestamp", accepting: any) : nil
    case (.timestamp(let p), .timestamp(let precision)), (.timestampWithTimeZone(let p), .timestampWithTimeZone(let precision)):
      return precision >= p && precision <= 6 ? SQLTemplate("$1", accepting: any) : nil
    default: return nil
    }
  }
}
