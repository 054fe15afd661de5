extension DataType {
  /// A type as Presto writes it, in any case: `decimal(15, 2)`, `array<row(a bigint)>`, `timestamp(6) with time zone`.
  /// Throws `TYPE_NOT_FOUND` for what is no type and `INVALID_FUNCTION_ARGUMENT`-like limits (`decimal(39,0)`) alike.
  public static func parse(_ text: String) throws -> DataType {
    guard let tree = TypeText(text) else { throw PrestoError(.typeNotFound, "Unknown type: \(text)") }
    return try DataType(tree)
  }

  package init(_ text: TypeText) throws {
    switch text.name.lowercased() {
    case "unknown": self = .unknown
    case "boolean", "bool": self = .boolean
    case "tinyint": self = .tinyint
    case "smallint": self = .smallint
    case "integer", "int": self = .integer
    case "bigint": self = .bigint
    case "real", "float": self = .real
    case "double": self = .double
    case "decimal", "numeric", "dec":
      self = try .decimal(precision: text.number(0) ?? 38, scale: text.number(1) ?? 0).checked()
    case "varchar", "string", "text": self = try DataType.varchar(length: text.number(0)).checked()
    case "char", "character": self = try DataType.char(length: text.number(0) ?? 1).checked()
    case "varbinary", "bytea", "blob": self = .varbinary
    case "json": self = .json
    case "uuid": self = .uuid
    case "ipaddress": self = .ipaddress
    case "ipprefix": self = .ipprefix
    case "date": self = .date
    case "time": self = try DataType.time(precision: text.number(0) ?? 3).checked()
    case "time with time zone", "timetz": self = try DataType.timeWithTimeZone(precision: text.number(0) ?? 3).checked()
    case "timestamp", "datetime": self = try DataType.timestamp(precision: text.number(0) ?? 3).checked()
    case "timestamp with time zone", "timestamptz": self = try DataType.timestampWithTimeZone(precision: text.number(0) ?? 3).checked()
    case "interval day to second": self = .intervalDayToSecond
    case "interval year to month": self = .intervalYearToMonth
    case "hyperloglog": self = .hyperLogLog
    case "tdigest": self = .tdigest
    case "qdigest" where text.parameters.count == 1: self = .qdigest(try text.type(0))
    case "setdigest": self = .setDigest
    case "kllsketch" where text.parameters.count == 1: self = .kllSketch(try text.type(0))
    case "array" where text.parameters.count == 1: self = .array(try text.type(0))
    case "map" where text.parameters.count == 2: self = .map(key: try text.type(0), value: try text.type(1))
    case "row" where !text.parameters.isEmpty:
      self = .row(
        try text.parameters.map { parameter in
          guard case .type(let name, let type) = parameter else { throw PrestoError(.typeNotFound, "Unknown type: row") }
          return DataType.Field(name, try DataType(type))
        })
    case "function" where !text.parameters.isEmpty:
      let all = try text.parameters.indices.map { try text.type($0) }
      self = .function(Array(all.dropLast()), all[all.count - 1])
    default: throw PrestoError(.typeNotFound, "Unknown type: \(text.name)")
    }
  }

  /// Itself, or an error where a parameter is out of the type's range.
  package func checked() throws -> DataType {
    switch self {
    case .decimal(let precision, let scale):
      guard precision >= 1, precision <= 38 else {
        throw PrestoError(.typeNotFound, "DECIMAL precision must be in range [1, 38]: \(precision)")
      }
      guard scale >= 0, scale <= precision else {
        throw PrestoError(.typeNotFound, "DECIMAL scale must be in range [0, precision (\(precision))]: \(scale)")
      }
    case .varchar(let length?):
      guard length <= 2_147_483_646 else { throw PrestoError(.typeNotFound, "Invalid VARCHAR length \(length)") }
    case .char(let length):
      guard length <= 65_536 else { throw PrestoError(.typeNotFound, "CHAR length must be in range [0, 65536], got \(length)") }
    case .time(let precision), .timeWithTimeZone(let precision):
      guard precision >= 0, precision <= 12 else {
        throw PrestoError(.typeNotFound, "TIME precision must be in range [0, 12]: \(precision)")
      }
    case .timestamp(let precision), .timestampWithTimeZone(let precision):
      guard precision >= 0, precision <= 12 else {
        throw PrestoError(.typeNotFound, "TIMESTAMP precision must be in range [0, 12]: \(precision)")
      }
    case .unknown, .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .varchar, .varbinary, .json, .uuid, .ipaddress,
      .ipprefix, .date,
      .intervalDayToSecond, .intervalYearToMonth, .array, .map, .row, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function:
      break
    }
    return self
  }
}

extension TypeText {
  fileprivate func number(_ index: Int) -> Int? {
    if index < parameters.count, case .number(let value) = parameters[index] { value } else { nil }
  }

  fileprivate func type(_ index: Int) throws -> DataType {
    guard index < parameters.count, case .type(_, let type) = parameters[index] else {
      throw PrestoError(.typeNotFound, "Unknown type: \(name)")
    }
    return try DataType(type)
  }
}
