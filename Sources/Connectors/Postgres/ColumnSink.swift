import Glibc
import RemoteSQL
import Values
import Vectors

/// Decodes the fields of one column into a vector under construction. A value in a table of its own, so that the loop over rows touches no
/// reference counts but the arena's.
struct ColumnSink {
  /// How a field's bytes become a slot.
  enum Kind {
    case boolean, int16, int32, int64, float, double
    case shortDecimal, longDecimal
    case bytes
    /// Trailing blanks are dropped.
    case padded
    case date, time, zonedTime, timestamp, zonedTimestamp
    case nested
  }

  let kind: Kind
  let type: DataType
  let name: String
  let width: Int
  /// Texts from a server without an encoding must be checked.
  let checksText: Bool
  private(set) var heapBytes = 0
  private var values: Buffer
  private var slots: UnsafeMutableRawPointer
  private var validity: Buffer?
  private var arena = Arena()
  private let builder: VectorBuilder?
  private let amounts: NumericCodec.Amounts?

  static let capacity = Batch.habitualCount

  init(_ column: RemoteColumn, checksText: Bool) throws {
    type = column.type
    name = column.name
    self.checksText = checksText && (column.type.isText || column.type == .json)
    kind = try ColumnSink.kind(of: column.type, column.name)
    width = type.layout.width
    values = Buffer(byteCount: ColumnSink.capacity * width)
    slots = values.base
    builder = kind == .nested ? VectorBuilder(column.type) : nil
    if case .decimal(let precision, let scale) = type { amounts = .init(precision: precision, scale: scale) } else { amounts = nil }
  }

  private static func kind(of type: DataType, _ name: String) throws -> Kind {
    switch type {
    case .boolean: return .boolean
    case .smallint: return .int16
    case .integer: return .int32
    case .bigint: return .int64
    case .real: return .float
    case .double: return .double
    case .decimal(let precision, _): return precision <= 18 ? .shortDecimal : .longDecimal
    case .varchar, .varbinary, .json, .uuid: return .bytes
    case .char: return .padded
    case .date: return .date
    case .time: return .time
    case .timeWithTimeZone: return .zonedTime
    case .timestamp(let precision) where precision <= 6: return .timestamp
    case .timestampWithTimeZone: return .zonedTimestamp
    case .array: return .nested
    case .timestamp, .tinyint, .unknown, .ipaddress, .ipprefix, .intervalDayToSecond, .intervalYearToMonth, .map, .row, .hyperLogLog,
      .tdigest,
      .qdigest, .setDigest, .kllSketch,
      .function:
      throw PrestoError(.notSupported, "Column '\(name)' of type \(type) cannot be read from PostgreSQL")
    }
  }

  mutating func appendNull(at row: Int) {
    if kind == .nested {
      builder?.appendNull()
      return
    }
    let words: UnsafeMutablePointer<UInt64>
    if let validity {
      words = validity.pointer(as: UInt64.self)
    } else {
      let made = Buffer(byteCount: Bitmap.wordCount(ColumnSink.capacity) * 8)
      memset(made.base, 0xFF, made.byteCount)
      validity = made
      words = made.pointer(as: UInt64.self)
    }
    words[row >> 6] &= ~(1 << UInt64(row & 63))
    memset(slots + row * width, 0, width)
  }

  /// The field of `length` bytes at `p` becomes row `row`.
  @inline(__always)
  mutating func append(_ p: UnsafePointer<UInt8>, _ length: Int, at row: Int) throws {
    switch kind {
    case .boolean:
      guard length == 1 else { throw malformed(length) }
      (slots + row).storeBytes(of: p[0] != 0 ? 1 : 0, as: UInt8.self)
    case .int16: try storeExactly(Int16(exactly: try integer(p, length)), at: row)
    case .int32: try storeExactly(Int32(exactly: try integer(p, length)), at: row)
    case .int64: store(try integer(p, length), at: row)
    case .float:
      guard length == 4 else { throw malformed(length) }
      store(Float(bitPattern: UInt32(bitPattern: Wire.int32(p))), at: row)
    case .double:
      guard length == 8 else { throw malformed(length) }
      store(Double(bitPattern: UInt64(bitPattern: Wire.int64(p))), at: row)
    case .shortDecimal:
      if let value = amounts?.scaled(p, length) {
        store(value, at: row)
      } else {
        store(Int64(truncatingIfNeeded: try decimal(p, length)), at: row)
      }
    case .longDecimal: store(try decimal(p, length), at: row)
    case .bytes: try storeBytes(p, length, at: row)
    case .padded:
      var end = length
      while end > 0 && p[end - 1] == 0x20 { end &-= 1 }
      try storeBytes(p, end, at: row)
    case .date: store(try Wire.date(p, length, self), at: row)
    case .time:
      guard length == 8 else { throw malformed(length) }
      store(Wire.int64(p) &* 1_000_000, at: row)
    case .zonedTime: store(try Wire.zonedTime(p, length, self), at: row)
    case .timestamp: store(try Wire.timestamp(p, length, self), at: row)
    case .zonedTimestamp: store(Int128(try Wire.timestamp(p, length, self)) * 1_000_000 << 16, at: row)
    case .nested: if let builder { try Wire.array(p, length, into: builder, self) }
    }
  }

  @inline(__always) private func store<T: BitwiseCopyable>(_ value: T, at row: Int) {
    slots.assumingMemoryBound(to: T.self)[row] = value
  }

  @inline(__always) private func storeExactly<T: BitwiseCopyable>(_ value: T?, at row: Int) throws {
    guard let value else { throw PrestoError(.numericValueOutOfRange, "Column '\(name)': a value does not fit \(type)") }
    slots.assumingMemoryBound(to: T.self)[row] = value
  }

  @inline(__always) private mutating func storeBytes(_ p: UnsafePointer<UInt8>, _ length: Int, at row: Int) throws {
    let bytes = UnsafeRawBufferPointer(start: p, count: length)
    if checksText && String(validating: bytes, as: UTF8.self) == nil {
      throw PrestoError(.jdbcNonTransientError, "Column '\(name)': a text is not valid UTF-8, and the database declares no encoding")
    }
    if length > Bytes.inlineCapacity { heapBytes &+= length }
    slots.assumingMemoryBound(to: Bytes.self)[row] = arena.store(bytes)
  }

  /// Widths vary: an expression may yield a wider integer than the column's type.
  @inline(__always) private func integer(_ p: UnsafePointer<UInt8>, _ length: Int) throws -> Int64 {
    switch length {
    case 4: return Int64(Wire.int32(p))
    case 8: return Wire.int64(p)
    case 2: return Int64(Wire.int16(p))
    default: throw malformed(length)
    }
  }

  private func decimal(_ p: UnsafePointer<UInt8>, _ length: Int) throws -> Int128 {
    guard case .decimal(let precision, let scale) = type else { throw malformed(length) }
    do { return try NumericCodec.scaled(p, length, scale: scale, precision: precision) } catch let failure as NumericCodec.Failure {
      throw error(failure, length, type)
    }
  }

  func error(_ failure: NumericCodec.Failure, _ length: Int, _ type: DataType) -> PrestoError {
    switch failure {
    case .malformed: malformed(length)
    case .notANumber: PrestoError(.numericValueOutOfRange, "Column '\(name)': NaN cannot be represented as \(type)")
    case .infinite: PrestoError(.numericValueOutOfRange, "Column '\(name)': infinity cannot be represented as \(type)")
    case .tooLarge: PrestoError(.numericValueOutOfRange, "Column '\(name)': a value is too large for \(type)")
    }
  }

  func malformed(_ length: Int) -> PrestoError {
    PrestoError(.jdbcNonTransientError, "Column '\(name)': the server sent \(length) bytes that are not a value of type \(type)")
  }

  /// The first `rows` rows; the sink starts again empty.
  mutating func finish(rows: Int) -> Vector {
    if let builder { return builder.finish() }
    let vector = Vector.flat(
      type, count: rows, values: values, heap: arena.buffers, validity: validity.map { Bitmap(words: $0, count: rows) })
    values = Buffer(byteCount: ColumnSink.capacity * width)
    slots = values.base
    validity = nil
    arena = Arena()
    heapBytes = 0
    return vector
  }
}
