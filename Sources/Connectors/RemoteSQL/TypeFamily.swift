import Values

/// Groups of types that a template treats alike.
public enum TypeFamily: Hashable, Sendable, CaseIterable {
  case boolean, integer, exact, approximate
  case text
  /// char(n): trailing blanks do not count.
  case character
  case binary
  case date, time, timestamp, zonedTimestamp, interval
  case uuid
  /// Everything else: json, arrays, rows, zoned times, addresses …
  case other

  public init(_ type: DataType) {
    self =
      switch type {
      case .boolean: .boolean
      case .tinyint, .smallint, .integer, .bigint: .integer
      case .decimal: .exact
      case .real, .double: .approximate
      case .varchar: .text
      case .char: .character
      case .varbinary: .binary
      case .date: .date
      case .time: .time
      case .timestamp: .timestamp
      case .timestampWithTimeZone: .zonedTimestamp
      case .intervalDayToSecond, .intervalYearToMonth: .interval
      case .uuid: .uuid
      case .unknown, .json, .ipaddress, .ipprefix, .timeWithTimeZone, .array, .map, .row, .hyperLogLog, .tdigest, .qdigest,
        .setDigest, .kllSketch, .function:
        .other
      }
  }
}

extension Set<TypeFamily> {
  public static let numbers: Set<TypeFamily> = [.integer, .exact]
  public static let temporal: Set<TypeFamily> = [.date, .time, .timestamp, .zonedTimestamp]
}
