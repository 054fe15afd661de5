extension DataType: CustomStringConvertible {
  /// As Presto prints it: `decimal(15,2)`, `array(row(a bigint))`.
  public var description: String {
    switch self {
    case .unknown: "unknown"
    case .boolean: "boolean"
    case .tinyint: "tinyint"
    case .smallint: "smallint"
    case .integer: "integer"
    case .bigint: "bigint"
    case .real: "real"
    case .double: "double"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .varchar(let length): length.map { "varchar(\($0))" } ?? "varchar"
    case .char(let length): "char(\(length))"
    case .varbinary: "varbinary"
    case .json: "json"
    case .uuid: "uuid"
    case .ipaddress: "ipaddress"
    case .ipprefix: "ipprefix"
    case .date: "date"
    case .time(let precision): "time(\(precision))"
    case .timeWithTimeZone(let precision): "time(\(precision)) with time zone"
    case .timestamp(let precision): "timestamp(\(precision))"
    case .timestampWithTimeZone(let precision): "timestamp(\(precision)) with time zone"
    case .intervalDayToSecond: "interval day to second"
    case .intervalYearToMonth: "interval year to month"
    case .array(let element): "array(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .row(let fields):
      "row(" + fields.map { field in field.name.map { "\(DataType.quoted($0)) \(field.type)" } ?? "\(field.type)" }.joined(separator: ", ")
        + ")"
    case .hyperLogLog: "HyperLogLog"
    case .tdigest: "tdigest"
    case .qdigest(let element): "qdigest(\(element))"
    case .setDigest: "SetDigest"
    case .kllSketch(let element): "kllsketch(\(element))"
    case .function(let arguments, let result): "function(" + (arguments + [result]).map(\.description).joined(separator: ",") + ")"
    }
  }

  /// Field names stand bare while they are plain lower-case words.
  private static func quoted(_ name: String) -> String {
    let isPlain =
      !name.isEmpty
      && name.utf8.enumerated().allSatisfy { index, byte in
        (byte >= 97 && byte <= 122) || byte == 95 || (byte >= 65 && byte <= 90) || (index > 0 && byte >= 48 && byte <= 57)
      }
    return isPlain ? name : "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

extension DataType {
  public var isInteger: Bool {
    switch self {
    case .tinyint, .smallint, .integer, .bigint: true
    default: false
    }
  }

  public var isNumeric: Bool {
    switch self {
    case .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal: true
    default: false
    }
  }

  public var isText: Bool {
    switch self {
    case .varchar, .char: true
    default: false
    }
  }

  public var isTemporal: Bool {
    switch self {
    case .date, .time, .timeWithTimeZone, .timestamp, .timestampWithTimeZone: true
    default: false
    }
  }

  /// The types inside: elements, keys and values, fields.
  public var components: [DataType] {
    switch self {
    case .array(let element): [element]
    case .map(let key, let value): [key, value]
    case .row(let fields): fields.map(\.type)
    default: []
    }
  }

  /// Whether `=` is defined (GROUP BY, DISTINCT, joins).
  public var isComparable: Bool {
    switch self {
    case .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function: false
    default: components.allSatisfy(\.isComparable)
    }
  }

  /// Whether `<` is defined (ORDER BY, min, max).
  public var isOrderable: Bool {
    switch self {
    case .map, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function, .json: false
    default: components.allSatisfy(\.isOrderable)
    }
  }
}
