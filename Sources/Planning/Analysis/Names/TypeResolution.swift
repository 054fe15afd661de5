import SQL
import Values

/// Types as written → types. Knows Presto's names and the commonest of PostgreSQL's.
package enum TypeResolution {
  /// Throws TYPE_NOT_FOUND, INVALID_FUNCTION_ARGUMENT for parameters out of range.
  package static func type(_ name: Syntax.TypeName) throws -> DataType {
    switch name {
    case .generic(let generic): return try self.generic(generic)
    case .row(let row): return .row(try row.fields.map { DataType.Field($0.name?.text, try type($0.type)) })
    case .dateTime(let node):
      let precision = try node.precision.map { try number($0, 0...12, "Precision", node.place) } ?? 3
      switch (node.kind, node.hasTimeZone) {
      case (.time, false): return .time(precision: precision)
      case (.time, true): return .timeWithTimeZone(precision: precision)
      case (.timestamp, false): return .timestamp(precision: precision)
      case (.timestamp, true): return .timestampWithTimeZone(precision: precision)
      }
    case .interval(let interval):
      switch interval.start {
      case .year, .quarter, .month: return .intervalYearToMonth
      case .week, .day, .hour, .minute, .second, .millisecond: return .intervalDayToSecond
      }
    }
  }

  private static func generic(_ node: Syntax.GenericType) throws -> DataType {
    let arguments = node.arguments
    if let simple = simple[node.name.canonical], arguments.isEmpty || node.name.canonical != "tdigest" {
      guard arguments.isEmpty else { throw unknown(node) }
      return simple
    }
    func typeArgument(_ index: Int) throws -> DataType {
      if case .type(let inner) = arguments[index] { return try type(inner) }
      throw unknown(node)
    }
    switch (node.name.canonical, arguments.count) {
    case ("decimal", 0), ("numeric", 0), ("dec", 0): return .decimal(precision: 38, scale: 0)
    case ("decimal", 1...2), ("numeric", 1...2), ("dec", 1...2):
      let precision = try number(arguments[0], 1...38, "DECIMAL precision", node.place)
      let scale = arguments.count == 2 ? try number(arguments[1], 0...precision, "DECIMAL scale", node.place) : 0
      return .decimal(precision: precision, scale: scale)
    case ("varchar", 0), ("text", 0), ("string", 0): return .varchar
    case ("varchar", 1): return .varchar(length: try number(arguments[0], 0...2_147_483_646, "VARCHAR length", node.place))
    case ("char", 0): return .char(length: 1)
    case ("char", 1): return .char(length: try number(arguments[0], 0...65_536, "CHAR length", node.place))
    case ("varbinary", 1): return .varbinary
    case ("array", 1): return .array(try typeArgument(0))
    case ("map", 2): return .map(key: try typeArgument(0), value: try typeArgument(1))
    case ("tdigest", 1): if try typeArgument(0) == .double { return .tdigest } else { throw unknown(node) }
    case ("qdigest", 1): return .qdigest(try typeArgument(0))
    case ("kllsketch", 1): return .kllSketch(try typeArgument(0))
    case ("timestamp", 1): return .timestamp(precision: try number(arguments[0], 0...12, "TIMESTAMP precision", node.place))
    case ("time", 1): return .time(precision: try number(arguments[0], 0...12, "TIME precision", node.place))
    default: throw unknown(node)
    }
  }

  private static let simple: [String: DataType] = [
    "boolean": .boolean, "bool": .boolean, "tinyint": .tinyint, "smallint": .smallint, "int2": .smallint, "integer": .integer,
    "int": .integer, "int4": .integer, "bigint": .bigint, "int8": .bigint, "real": .real, "float4": .real, "double": .double,
    "float8": .double, "float": .double, "varbinary": .varbinary, "bytea": .varbinary, "json": .json, "uuid": .uuid,
    "ipaddress": .ipaddress, "ipprefix": .ipprefix, "date": .date, "time": .time(precision: 3), "timestamp": .timestamp(precision: 3),
    "timestamptz": .timestampWithTimeZone(precision: 3), "hyperloglog": .hyperLogLog, "tdigest": .tdigest, "setdigest": .setDigest,
    "unknown": .unknown,
  ]

  private static func number(_ argument: Syntax.TypeArgument, _ range: ClosedRange<Int>, _ what: String, _ place: Syntax.Place) throws
    -> Int
  {
    guard case .number(let value) = argument, let number = Int(exactly: value), range.contains(number) else {
      throw PrestoError.at(
        place.location, .invalidFunctionArgument, "\(what) must be in range [\(range.lowerBound), \(range.upperBound)]")
    }
    return number
  }

  private static func unknown(_ node: Syntax.GenericType) -> PrestoError {
    .at(
      node.location, .typeNotFound, "Unknown type: \(Formatter.format(.generic(node) as Syntax.TypeName))",
      hint: NearestName.find(node.name.text, among: simple.keys.sorted() + ["varchar", "char", "decimal", "array", "map", "row"])
        .map { "Did you mean '\($0)'?" })
  }

  static func text(_ name: Syntax.TypeName) -> String { Formatter.format(name) }
}
