// Values: what a single SQL value is. Types, constants, calendar and decimal arithmetic, error codes.
//
// Nothing comes in: this is the lowest room and imports nothing. Out go the vocabulary every other room speaks (`DataType`, `Constant`,
// `PrestoError`) and the few pieces of arithmetic that are about one value and not about columns of them.

/// A SQL type. Many types share few shapes in memory: see `Layout`.
public indirect enum DataType: Hashable, Sendable, Codable {
  case unknown
  case boolean, tinyint, smallint, integer, bigint, real, double
  /// Scaled integer: `Int64` up to 18 digits, `Int128` up to 38.
  case decimal(precision: Int, scale: Int)
  /// Length in code points; nil: unbounded.
  case varchar(length: Int?)
  /// Blank-padded. Stored without the trailing blanks, padded when shown.
  case char(length: Int)
  case varbinary, json
  /// 16 bytes, big-endian.
  case uuid
  /// 16 bytes, IPv4 as mapped addresses.
  case ipaddress
  /// A network: 16 bytes of its first address, then how many leading bits are fixed (of 32 for an IPv4 address, else of 128).
  case ipprefix
  /// Days since 1970-01-01.
  case date
  /// Picoseconds of the day.
  case time(precision: Int)
  /// Picoseconds of the day in UTC << 16 | offset minutes + 2^15: see `ZonedTime`.
  case timeWithTimeZone(precision: Int)
  /// Up to precision 6: microseconds since the epoch in 64 bits. Beyond: picoseconds in 128.
  case timestamp(precision: Int)
  /// Picoseconds since the epoch << 16 | zone key: see `ZonedTimestamp`.
  case timestampWithTimeZone(precision: Int)
  /// Milliseconds.
  case intervalDayToSecond
  /// Months.
  case intervalYearToMonth
  case array(DataType)
  case map(key: DataType, value: DataType)
  case row([Field])
  case hyperLogLog, tdigest
  case qdigest(DataType)
  case setDigest
  case kllSketch(DataType)
  /// The type of a lambda argument. No vector has it.
  case function([DataType], DataType)

  public struct Field: Hashable, Sendable, Codable {
    public var name: String?
    public var type: DataType

    public init(_ name: String?, _ type: DataType) {
      self.name = name
      self.type = type
    }
  }

  /// The shape in memory. Kernels switch over this, never over `DataType`.
  public enum Layout: Hashable, Sendable {
    /// One byte a row, 0 or 1.
    case bool
    case int8, int16, int32, int64, int128, float, double
    /// 16-byte views (`Bytes`) into heap buffers.
    case bytes
    case list, map, row

    /// Bytes a row in a flat vector's values; 0 for nested layouts.
    public var width: Int {
      switch self {
      case .bool, .int8: 1
      case .int16: 2
      case .int32, .float: 4
      case .int64, .double: 8
      case .int128, .bytes: 16
      case .list, .map, .row: 0
      }
    }
  }

  public var layout: Layout {
    switch self {
    case .unknown, .boolean: .bool
    case .tinyint: .int8
    case .smallint: .int16
    case .integer, .date, .intervalYearToMonth: .int32
    case .bigint, .time, .intervalDayToSecond: .int64
    case .real: .float
    case .double: .double
    case .decimal(let precision, _): precision <= 18 ? .int64 : .int128
    case .timestamp(let precision): precision <= 6 ? .int64 : .int128
    case .timestampWithTimeZone, .timeWithTimeZone: .int128
    case .varchar, .char, .varbinary, .json, .uuid, .ipaddress, .ipprefix, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch,
      .function:
      .bytes
    case .array: .list
    case .map: .map
    case .row: .row
    }
  }

  public static let varchar = DataType.varchar(length: nil)
}
