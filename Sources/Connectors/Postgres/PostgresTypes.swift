import RemoteSQL
import Values

/// A column's type as the server's catalog describes it, domains resolved to what they are made of.
struct PostgresType: Hashable, Sendable {
  /// `pg_type.typname`; for arrays the name of the element type.
  var name: String
  /// Whether `name` is one of the server's own types: an extension may define another `money`.
  var isBuiltIn: Bool
  /// `atttypmod`; -1 for none.
  var modifier: Int
  /// 0 for scalars.
  var dimensions = 0
  /// Its collation may call different texts equal.
  var hasLooseCollation = false

  /// How we see a column of this type.
  struct Mapping {
    var type: DataType
    /// How an expression writes the column so that it means that type: see `RemoteColumn.form`.
    var form: String?
  }

  /// Every type has a mapping: what we cannot represent comes as the server's own text.
  ///
  /// - numeric without precision, or with more than 38 digits, becomes decimal(38, s) with s at most 18 unless declared: values are rounded
  ///   half up to that scale, remotely and in `CopyDecoder` alike, and those that do not fit are errors when read.
  /// - interval is text: months, days and microseconds are three numbers that no single type of ours holds.
  /// - Arrays of simple types are arrays; of any other, arrays of text.
  var mapping: Mapping {
    if dimensions > 0 { return arrayMapping }
    guard isBuiltIn else { return Mapping(type: .varchar, form: "$1::text") }
    switch name {
    case "bool": return Mapping(type: .boolean)
    case "int2": return Mapping(type: .smallint)
    case "int4": return Mapping(type: .integer)
    case "int8": return Mapping(type: .bigint)
    case "float4": return Mapping(type: .real)
    case "float8": return Mapping(type: .double)
    case "numeric": return numericMapping
    case "money": return Mapping(type: .decimal(precision: 19, scale: 2), form: "$1::numeric(19,2)")
    case "text": return Mapping(type: .varchar, form: textForm)
    case "varchar": return Mapping(type: modifier >= 4 ? .varchar(length: modifier - 4) : .varchar, form: textForm)
    case "bpchar":
      return modifier >= 4 ? Mapping(type: .char(length: modifier - 4), form: textForm) : Mapping(type: .varchar, form: "$1::text")
    case "bytea": return Mapping(type: .varbinary)
    case "date": return Mapping(type: .date)
    case "time": return Mapping(type: .time(precision: precision))
    case "timetz": return Mapping(type: .timeWithTimeZone(precision: precision))
    case "timestamp": return Mapping(type: .timestamp(precision: precision))
    case "timestamptz": return Mapping(type: .timestampWithTimeZone(precision: precision))
    case "uuid": return Mapping(type: .uuid)
    case "json": return Mapping(type: .json)
    case "jsonb": return Mapping(type: .json, form: "$1::text")
    case "oid": return Mapping(type: .bigint, form: "$1::int8")
    // The cast of inet adds /32 to single addresses; the output function does not.
    case "inet": return Mapping(type: .varchar, form: "textin(inet_out($1))")
    default: return Mapping(type: .varchar, form: "$1::text")
    }
  }

  private var arrayMapping: Mapping {
    let element = PostgresType(name: name, isBuiltIn: isBuiltIn, modifier: modifier).mapping
    let isDirect = element.form == nil || (name == "numeric" && isBuiltIn)
    let inner = isDirect ? element.type : .varchar
    let type = (0..<dimensions).reduce(inner) { type, _ in DataType.array(type) }
    return Mapping(type: type, form: isDirect ? nil : "$1::text[]")
  }

  private var textForm: String? { hasLooseCollation ? "$1 COLLATE \"C\"" : nil }

  /// Digits of seconds; six unless declared.
  private var precision: Int { (0...6).contains(modifier) ? modifier : 6 }

  private var numericMapping: Mapping {
    guard modifier >= 4 else { return Mapping(type: .decimal(precision: 38, scale: 18), form: "round($1, 18)") }
    let digits = ((modifier - 4) >> 16) & 0xFFFF
    // Eleven bits, signed: servers from 15 on allow scales from -1000 to 1000.
    let scale = (((modifier - 4) & 0x7FF) ^ 1024) - 1024
    if scale < 0 { return Mapping(type: .decimal(precision: min(38, digits - scale), scale: 0)) }
    if max(digits, scale) <= 38 { return Mapping(type: .decimal(precision: max(digits, scale), scale: scale)) }
    let kept = min(scale, 18)
    return Mapping(type: .decimal(precision: 38, scale: kept), form: kept < scale ? "round($1, \(kept))" : nil)
  }
}

extension DataType {
  /// The server's type for a column or value of ours; nil: it has none.
  var postgresName: String? {
    switch self {
    case .boolean: "boolean"
    case .tinyint, .smallint: "smallint"
    case .integer: "integer"
    case .bigint: "bigint"
    case .real: "real"
    case .double: "double precision"
    case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
    case .varchar(let length): length.map { $0 >= 1 && $0 <= 10_485_760 ? "varchar(\($0))" : "text" } ?? "text"
    case .char(let length): length >= 1 && length <= 10_485_760 ? "char(\(length))" : "text"
    case .varbinary: "bytea"
    case .json: "jsonb"
    case .uuid: "uuid"
    case .date: "date"
    case .time(let precision): "time(\(min(precision, 6)))"
    case .timeWithTimeZone(let precision): "time(\(min(precision, 6))) with time zone"
    case .timestamp(let precision): "timestamp(\(min(precision, 6)))"
    case .timestampWithTimeZone(let precision): "timestamp(\(min(precision, 6))) with time zone"
    case .array(let element): element.postgresName.map { $0 + "[]" }
    case .unknown, .ipaddress, .ipprefix, .intervalDayToSecond, .intervalYearToMonth, .map, .row, .hyperLogLog, .tdigest, .qdigest,
      .setDigest, .kllSketch,
      .function:
      nil
    }
  }
}
