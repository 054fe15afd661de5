import Values

/// How the protocol spells a type: `type` for people, `typeSignature` for programs.
struct TypeSignature {
  let type: DataType
  let dialect: ClientDialect
  let isParametric: Bool

  /// `timestamp(3)`; `timestamp` for clients that know no precisions.
  var text: String { isParametric ? type.description : TypeSignature.withoutPrecision(type) }

  private static func withoutPrecision(_ type: DataType) -> String {
    switch type {
    case .time: "time"
    case .timeWithTimeZone: "time with time zone"
    case .timestamp: "timestamp"
    case .timestampWithTimeZone: "timestamp with time zone"
    case .array(let element): "array(\(withoutPrecision(element)))"
    case .map(let key, let value): "map(\(withoutPrecision(key)), \(withoutPrecision(value)))"
    case .row(let fields):
      // the field's own text says how its name is quoted
      "row("
        + fields.map { field in
          let whole = DataType.row([field]).description.dropFirst(4).dropLast()
          return whole.dropLast(field.type.description.count) + withoutPrecision(field.type)
        }.joined(separator: ", ") + ")"
    default: type.description
    }
  }

  func write(_ json: inout JSONWriter) {
    json.object { json in
      json.field("rawType", rawType)
      json.array("arguments") { json in
        switch type {
        case .decimal(let precision, let scale):
          long(precision, &json)
          long(scale, &json)
        case .varchar(let length): long(length ?? Int(Int32.max), &json)
        case .char(let length): long(length, &json)
        case .time(let precision), .timeWithTimeZone(let precision), .timestamp(let precision), .timestampWithTimeZone(let precision):
          if isParametric { long(precision, &json) }
        case .array(let element), .qdigest(let element), .kllSketch(let element): argument(element, &json)
        case .map(let key, let value):
          argument(key, &json)
          argument(value, &json)
        case .row(let fields): for field in fields { argument(field, &json) }
        case .function(let arguments, let result): for type in arguments + [result] { argument(type, &json) }
        case .unknown, .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .varbinary, .json, .uuid, .ipaddress, .ipprefix,
          .date,
          .intervalDayToSecond, .intervalYearToMonth, .hyperLogLog, .tdigest, .setDigest:
          break
        }
      }
    }
  }

  private var rawType: String {
    switch type {
    case .decimal: "decimal"
    case .varchar: "varchar"
    case .char: "char"
    case .time: "time"
    case .timeWithTimeZone: "time with time zone"
    case .timestamp: "timestamp"
    case .timestampWithTimeZone: "timestamp with time zone"
    case .array: "array"
    case .map: "map"
    case .row: "row"
    case .qdigest: "qdigest"
    case .kllSketch: "kllsketch"
    case .function: "function"
    case .unknown, .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .varbinary, .json, .uuid, .ipaddress, .ipprefix, .date,
      .intervalDayToSecond, .intervalYearToMonth, .hyperLogLog, .tdigest, .setDigest:
      type.description
    }
  }

  private func nested(_ type: DataType) -> TypeSignature { TypeSignature(type: type, dialect: dialect, isParametric: isParametric) }

  private func long(_ value: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.field("kind", dialect == .trino ? "LONG" : "LONG_LITERAL")
      json.field("value", value)
    }
  }

  private func argument(_ type: DataType, _ json: inout JSONWriter) {
    json.object { json in
      json.field("kind", dialect == .trino ? "TYPE" : "TYPE_SIGNATURE")
      json.key("value")
      nested(type).write(&json)
    }
  }

  private func argument(_ field: DataType.Field, _ json: inout JSONWriter) {
    json.object { json in
      json.field("kind", dialect == .trino ? "NAMED_TYPE" : "NAMED_TYPE_SIGNATURE")
      json.object("value") { json in
        if let name = field.name {
          json.object("fieldName") { json in
            json.field("name", name)
            if dialect == .presto { json.field("delimited", false) }
          }
        }
        json.key("typeSignature")
        nested(field.type).write(&json)
      }
    }
  }
}
