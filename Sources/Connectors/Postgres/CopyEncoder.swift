import RemoteSQL
import Values
import Vectors

/// Encodes batches as the rows of `COPY … FROM STDIN (FORMAT binary)`: see `CopyDecoder` for the layout.
struct CopyEncoder: Sendable {
  let types: [DataType]
  /// Columns whose server type is jsonb, whose texts have a version before them.
  let versioned: [Bool]

  static let header: [UInt8] = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]
  static let trailer: [UInt8] = [0xFF, 0xFF]

  /// Whether values of our type go into a column of the server's type as they are.
  static func isDirect(_ type: DataType, _ remoteType: String) -> Bool {
    var remote = remoteType[...]
    var element = type
    while remote.hasSuffix("[]"), case .array(let inner) = element {
      remote = remote.dropLast(2)
      element = inner
    }
    switch (element, remote) {
    case (.boolean, "bool"), (.smallint, "int2"), (.integer, "int4"), (.bigint, "int8"), (.real, "float4"), (.double, "float8"),
      (.decimal, "numeric"), (.varchar, "text"), (.varchar, "varchar"), (.varchar, "bpchar"), (.char, "bpchar"), (.varbinary, "bytea"),
      (.date, "date"), (.time, "time"), (.timeWithTimeZone, "timetz"), (.timestamp, "timestamp"), (.timestampWithTimeZone, "timestamptz"),
      (.uuid, "uuid"), (.json, "json"):
      return true
    case (.json, "jsonb"): return element == type
    default: return false
    }
  }

  func encode(_ batch: Batch) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(batch.byteCount)
    let columns = try zip(batch.columns, types).map { vector, type in
      guard vector.type.layout == type.layout else {
        throw PrestoError(.typeMismatch, "A column of type \(vector.type) was written where \(type) is expected")
      }
      return vector
    }
    for row in 0..<batch.count {
      bytes.appendBigEndian(Int16(truncatingIfNeeded: columns.count))
      for (i, vector) in columns.enumerated() {
        if vector.isNull(at: row) {
          bytes.appendBigEndian(Int32(-1))
        } else {
          try append(vector, row, isVersioned: versioned[i], to: &bytes)
        }
      }
    }
    return bytes
  }

  /// Length and bytes of one value that is not null.
  private func append(_ vector: Vector, _ row: Int, isVersioned: Bool, to bytes: inout [UInt8]) throws {
    switch vector.type {
    case .unknown: bytes.appendBigEndian(Int32(-1))
    case .boolean: field(UInt8(vector.reader(as: UInt8.self)[row]), &bytes)
    case .tinyint: field(Int16(vector.reader(as: Int8.self)[row]), &bytes)
    case .smallint: field(vector.reader(as: Int16.self)[row], &bytes)
    case .integer: field(vector.reader(as: Int32.self)[row], &bytes)
    case .bigint: field(vector.reader(as: Int64.self)[row], &bytes)
    case .real: field(vector.reader(as: Float.self)[row].bitPattern, &bytes)
    case .double: field(vector.reader(as: Double.self)[row].bitPattern, &bytes)
    case .decimal(let precision, let scale):
      let value = precision <= 18 ? Int128(vector.reader(as: Int64.self)[row]) : vector.reader(as: Int128.self)[row]
      NumericCodec.append(value, scale: scale, to: &bytes)
    case .varchar, .char, .varbinary, .json, .uuid:
      vector.reader(as: Bytes.self)[row].withBytes { text in
        bytes.appendBigEndian(Int32(truncatingIfNeeded: text.count + (isVersioned ? 1 : 0)))
        if isVersioned { bytes.append(1) }
        bytes.append(contentsOf: text)
      }
    case .date: field(vector.reader(as: Int32.self)[row] &- Wire.epochDays, &bytes)
    case .time: field(rounded(Int128(vector.reader(as: Int64.self)[row])), &bytes)
    case .timeWithTimeZone:
      let value = vector.reader(as: Int128.self)[row]
      let east = Int64(truncatingIfNeeded: value & 0xFFFF) - 32_768
      let day: Int64 = 86_400_000_000
      let local = ((rounded(value >> 16) + east * 60_000_000) % day + day) % day
      bytes.appendBigEndian(Int32(12))
      bytes.appendBigEndian(local)
      bytes.appendBigEndian(Int32(truncatingIfNeeded: -east * 60))
    case .timestamp(let precision):
      field(
        try instant(precision <= 6 ? vector.reader(as: Int64.self)[row] : rounded(vector.reader(as: Int128.self)[row]), vector.type), &bytes
      )
    case .timestampWithTimeZone: field(try instant(rounded(vector.reader(as: Int128.self)[row] >> 16), vector.type), &bytes)
    case .array: try array(vector, row, to: &bytes)
    case .ipaddress, .ipprefix, .intervalDayToSecond, .intervalYearToMonth, .map, .row, .hyperLogLog, .tdigest, .qdigest, .setDigest,
      .kllSketch, .function:
      throw PrestoError(.notSupported, "Values of type \(vector.type) cannot be written to PostgreSQL")
    }
  }

  private func field<T: FixedWidthInteger>(_ value: T, _ bytes: inout [UInt8]) {
    bytes.appendBigEndian(Int32(truncatingIfNeeded: T.bitWidth / 8))
    bytes.appendBigEndian(value)
  }

  /// Picoseconds to microseconds, half up.
  private func rounded(_ picos: Int128) -> Int64 {
    let shifted = picos + 500_000
    return Int64(truncatingIfNeeded: shifted >= 0 ? shifted / 1_000_000 : -((-shifted + 999_999) / 1_000_000))
  }

  private func instant(_ micros: Int64, _ type: DataType) throws -> Int64 {
    let (shifted, overflow) = micros.subtractingReportingOverflow(Wire.epochMicros)
    if overflow { throw PrestoError(.numericValueOutOfRange, "A value of type \(type) is too early for PostgreSQL") }
    return shifted
  }

  private func array(_ vector: Vector, _ row: Int, to bytes: inout [UInt8]) throws {
    guard case .array(let element) = vector.type, let oid = CopyEncoder.identifier(of: element) else {
      throw PrestoError(.notSupported, "Values of type \(vector.type) cannot be written to PostgreSQL")
    }
    let builder = VectorBuilder(vector.type, capacity: 1)
    builder.append(vector, row: row)
    guard case .list(_, let elements, _) = builder.finish().encoding else { return }
    let start = bytes.count
    bytes.appendBigEndian(Int32(0))
    bytes.appendBigEndian(Int32(elements.count == 0 ? 0 : 1))
    bytes.appendBigEndian(Int32(elements.mayHaveNulls ? 1 : 0))
    bytes.appendBigEndian(oid)
    if elements.count > 0 {
      bytes.appendBigEndian(Int32(truncatingIfNeeded: elements.count))
      bytes.appendBigEndian(Int32(1))
    }
    for i in 0..<elements.count {
      if elements.isNull(at: i) {
        bytes.appendBigEndian(Int32(-1))
      } else {
        try append(elements, i, isVersioned: false, to: &bytes)
      }
    }
    var length: [UInt8] = []
    length.appendBigEndian(Int32(truncatingIfNeeded: bytes.count - start - 4))
    bytes.replaceSubrange(start..<start + 4, with: length)
  }

  /// `pg_type.oid` of an element type: fixed numbers of the server's own types.
  private static func identifier(of type: DataType) -> UInt32? {
    switch type {
    case .boolean: 16
    case .tinyint, .smallint: 21
    case .integer: 23
    case .bigint: 20
    case .real: 700
    case .double: 701
    case .decimal: 1700
    case .varchar(nil): 25
    case .varchar: 1043
    case .char: 1042
    case .varbinary: 17
    case .date: 1082
    case .time: 1083
    case .timeWithTimeZone: 1266
    case .timestamp: 1114
    case .timestampWithTimeZone: 1184
    case .uuid: 2950
    case .json: 114
    case .unknown, .ipaddress, .ipprefix, .intervalDayToSecond, .intervalYearToMonth, .array, .map, .row, .hyperLogLog, .tdigest,
      .qdigest, .setDigest, .kllSketch,
      .function:
      nil
    }
  }
}
