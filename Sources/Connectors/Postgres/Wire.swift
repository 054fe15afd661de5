import Values
import Vectors

/// Fields of the server's binary format, big-endian throughout. Days and instants count from 2000-01-01.
enum Wire {
  static let epochDays: Int32 = 10_957
  static let epochMicros: Int64 = 946_684_800_000_000

  @inline(__always) static func int16(_ p: UnsafePointer<UInt8>) -> Int16 {
    Int16(bigEndian: UnsafeRawPointer(p).loadUnaligned(as: Int16.self))
  }
  @inline(__always) static func int32(_ p: UnsafePointer<UInt8>) -> Int32 {
    Int32(bigEndian: UnsafeRawPointer(p).loadUnaligned(as: Int32.self))
  }
  @inline(__always) static func int64(_ p: UnsafePointer<UInt8>) -> Int64 {
    Int64(bigEndian: UnsafeRawPointer(p).loadUnaligned(as: Int64.self))
  }

  @inline(__always)
  static func date(_ p: UnsafePointer<UInt8>, _ length: Int, _ sink: ColumnSink) throws -> Int32 {
    guard length == 4 else { throw sink.malformed(length) }
    let days = int32(p)
    guard days != .max && days != .min else { throw infinite(sink) }
    return days &+ epochDays
  }

  /// Microseconds since 1970.
  @inline(__always)
  static func timestamp(_ p: UnsafePointer<UInt8>, _ length: Int, _ sink: ColumnSink) throws -> Int64 {
    guard length == 8 else { throw sink.malformed(length) }
    let micros = int64(p)
    guard micros != .max && micros != .min else { throw infinite(sink) }
    let (shifted, overflow) = micros.addingReportingOverflow(epochMicros)
    guard !overflow else { throw PrestoError(.numericValueOutOfRange, "Column '\(sink.name)': a timestamp is too late for \(sink.type)") }
    return shifted
  }

  /// Microseconds of the day and seconds west of UTC become picoseconds of the UTC day << 16 | minutes east + 2^15.
  static func zonedTime(_ p: UnsafePointer<UInt8>, _ length: Int, _ sink: ColumnSink) throws -> Int128 {
    guard length == 12 else { throw sink.malformed(length) }
    let micros = int64(p), west = Int64(int32(p + 8))
    let day: Int64 = 86_400_000_000
    let utc = ((micros % day + west * 1_000_000) % day + day) % day
    return Int128(utc * 1_000_000) << 16 | Int128(-west / 60 + 32_768)
  }

  private static func infinite(_ sink: ColumnSink) -> PrestoError {
    PrestoError(.numericValueOutOfRange, "Column '\(sink.name)': infinity cannot be represented as \(sink.type)")
  }

  // Arrays
  //
  //     0            4          8            12
  //     ├ dimensions ┼ has null ┼ element id ┼ (count, lower bound) per dimension … ┼ (length or -1, bytes) per element …

  static func array(_ p: UnsafePointer<UInt8>, _ length: Int, into builder: VectorBuilder, _ sink: ColumnSink) throws {
    guard length >= 12 else { throw sink.malformed(length) }
    var depth = 0
    var type = builder.type
    while case .array(let element) = type {
      depth += 1
      type = element
    }
    let dimensions = Int(int32(p))
    if dimensions == 0 { return builder.closeList() }
    guard (1...6).contains(dimensions), length >= 12 + 8 * dimensions else { throw sink.malformed(length) }
    guard dimensions == depth else {
      throw PrestoError(
        .notSupported, "Column '\(sink.name)': an array of \(dimensions) dimensions where the column declares \(depth)",
        hint: "PostgreSQL does not enforce the dimensions a column declares; cast the column to text in a view")
    }
    let counts = (0..<dimensions).map { Int(int32(p + 12 + 8 * $0)) }
    guard counts.allSatisfy({ $0 > 0 }) else { throw sink.malformed(length) }
    var cursor = ArrayCursor(p: p, end: length, place: 12 + 8 * dimensions, counts: counts, type: type)
    try cursor.append(0, to: builder, sink)
  }
}

/// Walks the elements of one array value.
private struct ArrayCursor {
  let p: UnsafePointer<UInt8>
  let end: Int
  var place: Int
  let counts: [Int]
  let type: DataType

  mutating func append(_ level: Int, to builder: VectorBuilder, _ sink: ColumnSink) throws {
    for _ in 0..<counts[level] {
      if level + 1 < counts.count { try append(level + 1, to: builder.children[0], sink) } else { try element(builder.children[0], sink) }
    }
    builder.closeList()
  }

  private mutating func element(_ builder: VectorBuilder, _ sink: ColumnSink) throws {
    guard place + 4 <= end else { throw sink.malformed(end) }
    let length = Int(Wire.int32(p + place))
    place += 4
    if length == -1 { return builder.appendNull() }
    guard length >= 0, place + length <= end else { throw sink.malformed(end) }
    let field = p + place
    place += length
    try scalar(field, length, builder, sink)
  }

  private func scalar(_ field: UnsafePointer<UInt8>, _ length: Int, _ builder: VectorBuilder, _ sink: ColumnSink) throws {
    func integer() throws -> Int64 {
      switch length {
      case 2: return Int64(Wire.int16(field))
      case 4: return Int64(Wire.int32(field))
      case 8: return Wire.int64(field)
      default: throw sink.malformed(length)
      }
    }
    switch type {
    case .boolean:
      guard length == 1 else { throw sink.malformed(length) }
      builder.append(field[0] != 0)
    case .smallint: builder.append(Int16(truncatingIfNeeded: try integer()))
    case .integer: builder.append(Int32(truncatingIfNeeded: try integer()))
    case .bigint: builder.append(try integer())
    case .real:
      guard length == 4 else { throw sink.malformed(length) }
      builder.append(Float(bitPattern: UInt32(bitPattern: Wire.int32(field))))
    case .double:
      guard length == 8 else { throw sink.malformed(length) }
      builder.append(Double(bitPattern: UInt64(bitPattern: Wire.int64(field))))
    case .decimal(let precision, let scale):
      do {
        let value = try NumericCodec.scaled(field, length, scale: scale, precision: precision)
        if precision <= 18 { builder.append(Int64(truncatingIfNeeded: value)) } else { builder.append(value) }
      } catch let failure as NumericCodec.Failure { throw sink.error(failure, length, type) }
    case .varchar, .varbinary, .json, .uuid: builder.append(UnsafeRawBufferPointer(start: field, count: length))
    case .char:
      var end = length
      while end > 0 && field[end - 1] == 0x20 { end -= 1 }
      builder.append(UnsafeRawBufferPointer(start: field, count: end))
    case .date: builder.append(try Wire.date(field, length, sink))
    case .time:
      guard length == 8 else { throw sink.malformed(length) }
      builder.append(Wire.int64(field) &* 1_000_000)
    case .timeWithTimeZone: builder.append(try Wire.zonedTime(field, length, sink))
    case .timestamp: builder.append(try Wire.timestamp(field, length, sink))
    case .timestampWithTimeZone: builder.append(Int128(try Wire.timestamp(field, length, sink)) * 1_000_000 << 16)
    case .unknown, .tinyint, .ipaddress, .ipprefix, .intervalDayToSecond, .intervalYearToMonth, .array, .map, .row, .hyperLogLog, .tdigest,
      .qdigest, .setDigest, .kllSketch,
      .function:
      throw sink.malformed(length)
    }
  }
}
