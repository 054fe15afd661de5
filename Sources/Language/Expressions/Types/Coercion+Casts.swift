import Values

extension Coercion {
  /// Whether CAST from one type to the other is defined (it may still fail for a value).
  public static func canCast(_ from: DataType, to: DataType) -> Bool {
    if from == to || canCoerce(from, to: to) { return true }
    switch (from, to) {
    case (.function, _), (_, .function): return false
    case (.array(let x), .array(let y)): return canCast(x, to: y)
    case (.map(let k, let v), .map(let l, let w)): return canCast(k, to: l) && canCast(v, to: w)
    case (.row(let x), .row(let y)): return x.count == y.count && zip(x, y).allSatisfy { canCast($0.type, to: $1.type) }
    case (.json, _): return canCastFromJSON(to)
    case (_, .json): return canCastToJSON(from)
    case (.array, _), (.map, _), (.row, _), (_, .array), (_, .map), (_, .row): return false
    case (.varchar, .varchar), (.varchar, .char), (.char, .char), (.char, .varchar): return true
    case (_, .varchar), (_, .char):
      return from.isNumeric || from.isTemporal || from == .boolean || from == .uuid || from == .ipaddress || from == .ipprefix
        || from == .intervalDayToSecond
        || from == .intervalYearToMonth
    case (.varchar, _), (.char, _):
      return to.isNumeric || to.isTemporal || to == .boolean || to == .uuid || to == .ipaddress || to == .ipprefix || to == .varbinary
    case (.ipaddress, .ipprefix), (.ipprefix, .ipaddress): return true
    case (.boolean, _): return to.isNumeric
    case (_, .boolean): return from.isNumeric
    case (.varbinary, _): return to == .uuid || to == .ipaddress || isSketch(to)
    case (_, .varbinary): return from == .uuid || from == .ipaddress || isSketch(from)
    default:
      if from.isNumeric && to.isNumeric { return true }
      return canCastTemporal(from, to)
    }
  }

  private static func canCastTemporal(_ from: DataType, _ to: DataType) -> Bool {
    switch (from, to) {
    case (.date, .timestamp), (.date, .timestampWithTimeZone): true
    case (.time, .time), (.time, .timeWithTimeZone), (.time, .timestamp), (.time, .timestampWithTimeZone): true
    case (.timeWithTimeZone, .time), (.timeWithTimeZone, .timeWithTimeZone), (.timeWithTimeZone, .timestamp),
      (.timeWithTimeZone, .timestampWithTimeZone):
      true
    case (.timestamp, .date), (.timestamp, .time), (.timestamp, .timeWithTimeZone), (.timestamp, .timestamp),
      (.timestamp, .timestampWithTimeZone):
      true
    case (.timestampWithTimeZone, .date), (.timestampWithTimeZone, .time), (.timestampWithTimeZone, .timeWithTimeZone),
      (.timestampWithTimeZone, .timestamp), (.timestampWithTimeZone, .timestampWithTimeZone):
      true
    default: false
    }
  }

  private static func isSketch(_ type: DataType) -> Bool {
    switch type {
    case .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch: true
    default: false
    }
  }

  private static func canCastToJSON(_ type: DataType) -> Bool {
    switch type {
    case .unknown, .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal, .varchar, .char, .json, .date, .timestamp,
      .timestampWithTimeZone, .uuid, .ipaddress, .ipprefix, .time, .timeWithTimeZone:
      true
    case .array(let element): canCastToJSON(element)
    case .map(let key, let value): (key.isText || key.isNumeric || key == .boolean || key == .unknown) && canCastToJSON(value)
    case .row(let fields): fields.allSatisfy { canCastToJSON($0.type) }
    case .varbinary, .intervalDayToSecond, .intervalYearToMonth, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function: false
    }
  }

  private static func canCastFromJSON(_ type: DataType) -> Bool {
    switch type {
    case .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal, .varchar, .json, .date, .timestamp: true
    case .array(let element): canCastFromJSON(element)
    case .map(let key, let value): (key.isText || key.isNumeric || key == .boolean) && canCastFromJSON(value)
    case .row(let fields): fields.allSatisfy { canCastFromJSON($0.type) }
    case .unknown, .char, .varbinary, .uuid, .ipaddress, .ipprefix, .time, .timeWithTimeZone, .timestampWithTimeZone, .intervalDayToSecond,
      .intervalYearToMonth, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function:
      false
    }
  }
}
