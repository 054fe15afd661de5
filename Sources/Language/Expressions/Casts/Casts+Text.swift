import Values
import Vectors

extension Casts {
  // MARK: Text to text

  /// varchar(n) cuts without a word; char(n) also drops the blanks at the end, which it shows again.
  static func shortened(_ to: DataType) -> ScalarKernel? {
    switch to {
    case .varchar(let length?):
      return { v, n, _ in try ScalarLoop.unary(v[0], n, to) { (x: Bytes) in CodePoints.prefix(x, length) } }
    case .char(let length):
      return { v, n, _ in
        try ScalarLoop.unary(v[0], n, to) { (x: Bytes) in CodePoints.trimmedRight(CodePoints.prefix(x, length)) }
      }
    default: return { v, _, _ in v[0].retyped(to) }
    }
  }

  // MARK: Values to text

  /// A number or a date as text; one that is longer than the type allows is an error.
  static func text(_ from: DataType, _ to: DataType, _ isSafe: Bool) -> ScalarKernel? {
    let limit: Int? =
      switch to {
      case .varchar(let length): length
      case .char(let length): length
      default: nil
      }
    @Sendable @inline(__always) func check(_ out: inout TextWriter) throws {
      if let limit, out.count > limit {
        let value = String(decoding: out.written, as: UTF8.self)
        throw invalid(
          from == .boolean || from.isTemporal ? "Cannot cast '\(value)' to \(to)" : "Value \(value) cannot be represented as \(to)")
      }
    }
    @Sendable @inline(__always) func kernel<A: Storable>(_: A.Type, _ write: @escaping @Sendable (A, inout TextWriter) -> Void)
      -> ScalarKernel
    {
      { v, n, _ in
        try written(isSafe, v[0], n, to) { (x: A, out: inout TextWriter) in
          write(x, &out)
          try check(&out)
        }
      }
    }
    switch from {
    case .boolean: return kernel(Bool.self) { x, out in if x { out.write("true") } else { out.write("false") } }
    case .tinyint: return kernel(Int8.self) { x, out in out.write(number: Int(x)) }
    case .smallint: return kernel(Int16.self) { x, out in out.write(number: Int(x)) }
    case .integer: return kernel(Int32.self) { x, out in out.write(number: Int(x)) }
    case .bigint: return kernel(Int64.self) { x, out in out.write(number: Int(x)) }
    case .real: return kernel(Float.self) { x, out in NumberText.write(cast: x, &out) }
    case .double: return kernel(Double.self) { x, out in NumberText.write(cast: x, &out) }
    case .decimal(let precision, let scale):
      if precision <= 18 { return kernel(Int64.self) { x, out in NumberText.write(decimal: Int128(x), scale: scale, &out) } }
      return kernel(Int128.self) { x, out in NumberText.write(decimal: x, scale: scale, &out) }
    case .date: return kernel(Int32.self) { x, out in CalendarText.write(date: Int(x), &out) }
    case .time(let precision): return kernel(Int64.self) { x, out in CalendarText.write(time: x, precision: precision, &out) }
    case .timeWithTimeZone(let precision):
      return kernel(Int128.self) { x, out in CalendarText.write(ZonedTime(bits: x), precision: precision, &out) }
    case .timestamp(let precision):
      if precision <= 6 {
        return kernel(Int64.self) { x, out in
          CalendarText.write(timestamp: Int128(x) * 1_000_000, precision: precision, hasPlus: true, &out)
        }
      }
      return kernel(Int128.self) { x, out in CalendarText.write(timestamp: x, precision: precision, hasPlus: true, &out) }
    case .timestampWithTimeZone(let precision):
      return kernel(Int128.self) { x, out in CalendarText.write(ZonedTimestamp(bits: x), precision: precision, hasPlus: true, &out) }
    case .intervalDayToSecond: return kernel(Int64.self) { x, out in CalendarText.write(interval: x, &out) }
    case .intervalYearToMonth: return kernel(Int32.self) { x, out in CalendarText.write(months: x, &out) }
    case .uuid: return kernel(Bytes.self) { x, out in IdentifierText.write(uuid: x, &out) }
    case .ipaddress: return kernel(Bytes.self) { x, out in IdentifierText.write(address: x, &out) }
    case .ipprefix: return kernel(Bytes.self) { x, out in NetworkText.write(network: x, &out) }
    case .unknown, .varchar, .char, .varbinary, .json, .array, .map, .row, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch,
      .function:
      return nil
    }
  }

  // MARK: Text to values

  static func parsed(_ to: DataType, _ isSafe: Bool) -> ScalarKernel? {
    switch to {
    case .boolean:
      return { v, n, _ in
        try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Bool in
          switch x.count <= 5 ? x.string.lowercased() : "" {
          case "t", "true", "1": return true
          case "f", "false", "0": return false
          default: throw invalid("Cannot cast '\(x.string)' to BOOLEAN")
          }
        }
      }
    case .tinyint: return integer(Int8.self, to, isSafe)
    case .smallint: return integer(Int16.self, to, isSafe)
    case .integer: return integer(Int32.self, to, isSafe)
    case .bigint: return integer(Int64.self, to, isSafe)
    case .real:
      return { v, n, _ in
        try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Float in
          guard let value = NumberText.double(x) else { throw invalid("Cannot cast '\(x.string)' to REAL") }
          // read again where rounding twice could matter
          return value.isFinite && value != 0 ? Float(x.string.filter { !" fFdD".contains($0) }) ?? Float(value) : Float(value)
        }
      }
    case .double:
      return { v, n, _ in
        try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Double in
          guard let value = NumberText.double(x) else { throw invalid("Cannot cast '\(x.string)' to DOUBLE") }
          return value
        }
      }
    case .decimal(let precision, let scale):
      @Sendable func value(_ x: Bytes) throws -> Int128 {
        guard let value = NumberText.decimal(x, precision: precision, scale: scale) else {
          let reason = NumberText.double(x) == nil ? "Value is not a number." : "Value too large."
          throw invalid("Cannot cast VARCHAR '\(x.string)' to \(decimalName(to)). \(reason)")
        }
        return value
      }
      if precision <= 18 { return { v, n, _ in try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int64 in Int64(try value(x)) } } }
      return { v, n, _ in try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int128 in try value(x) } }
    case .uuid:
      return bytesWritten(isSafe, to) { x in
        guard let bytes = IdentifierText.uuid(x) else { throw invalid("Cannot cast value to UUID: \(x.string)") }
        return bytes
      }
    case .ipaddress:
      return bytesWritten(isSafe, to) { x in
        guard let bytes = IdentifierText.address(x) else { throw invalid("Cannot cast value to IPADDRESS: \(x.string)") }
        return bytes
      }
    case .ipprefix:
      return bytesWritten(isSafe, to) { x in
        guard let bytes = NetworkText.network(x) else { throw invalid("Cannot cast value to IPPREFIX: \(x.string)") }
        return bytes
      }
    case .date, .time, .timeWithTimeZone, .timestamp, .timestampWithTimeZone: return parsedTemporal(to, isSafe)
    case .unknown, .varchar, .char, .varbinary, .json, .intervalDayToSecond, .intervalYearToMonth, .array, .map, .row, .hyperLogLog,
      .tdigest,
      .qdigest, .setDigest, .kllSketch, .function:
      return nil
    }
  }

  @inline(__always)
  private static func integer<R: FixedWidthInteger & Storable>(_: R.Type, _ to: DataType, _ isSafe: Bool) -> ScalarKernel {
    { v, n, _ in
      try run(isSafe, v[0], n, to) { (x: Bytes) throws -> R in
        guard let value = NumberText.integer(trimmed: x), let small = R(exactly: value) else {
          throw invalid("Cannot cast '\(x.string)' to \(to.name)")
        }
        return small
      }
    }
  }

  private static func parsedTemporal(_ to: DataType, _ isSafe: Bool) -> ScalarKernel? {
    switch to {
    case .date:
      return { v, n, _ in
        try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int32 in
          guard let days = CalendarText.date(x), let small = Int32(exactly: days) else {
            throw invalid("Value cannot be cast to date: \(x.string)")
          }
          return small
        }
      }
    case .time(let precision):
      let unit = Int128(CalendarText.unit(precision))
      return { v, n, _ in
        try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int64 in
          guard let (time, offset) = CalendarText.time(x), offset == nil else { throw invalid("Value cannot be cast to time: \(x.string)") }
          return Int64(CalendarText.rounded(Int128(time), to: unit) % Int128(CalendarText.picosecondsPerDay))
        }
      }
    case .timeWithTimeZone(let precision):
      let unit = Int128(CalendarText.unit(precision))
      return { v, n, context in
        let here = sessionOffset(context)
        return try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int128 in
          guard let (time, given) = CalendarText.time(x) else { throw invalid("Value cannot be cast to time with time zone: \(x.string)") }
          let offset = given ?? here
          let local = Int64(CalendarText.rounded(Int128(time), to: unit))
          return ZonedTime(picoseconds: local - Int64(offset) * 60 * CalendarText.picosecondsPerSecond, offsetMinutes: offset).bits
        }
      }
    case .timestamp(let precision):
      @Sendable @inline(__always) func value(_ x: Bytes) throws -> Int128 {
        // a zone that is named says nothing: the date and time are taken as written
        guard let parsed = CalendarText.timestamp(x) else {
          throw invalid("Value cannot be cast to timestamp: \(x.string)")
        }
        return Int128(parsed.days) * Int128(CalendarText.picosecondsPerDay) + Int128(parsed.picoseconds)
      }
      let unit = Int128(CalendarText.unit(precision))
      if precision > 6 {
        return { v, n, _ in try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int128 in CalendarText.rounded(try value(x), to: unit) } }
      }
      return { v, n, _ in
        try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int64 in
          guard let micros = Int64(exactly: CalendarText.rounded(try value(x), to: unit) / 1_000_000) else {
            throw invalid("Value cannot be cast to timestamp: \(x.string)")
          }
          return micros
        }
      }
    case .timestampWithTimeZone(let precision):
      let unit = Int128(CalendarText.unit(precision))
      return { v, n, context in
        let here = try TimeZoneKey(context.timeZone)
        return try run(isSafe, v[0], n, to) { (x: Bytes) throws -> Int128 in
          guard let parsed = CalendarText.timestamp(x) else {
            throw invalid("Value cannot be cast to timestamp: \(x.string)")
          }
          let local = Int128(parsed.days) * Int128(CalendarText.picosecondsPerDay) + Int128(parsed.picoseconds)
          return CalendarText.instant(local: CalendarText.rounded(local, to: unit), parsed.zone ?? here).bits
        }
      }
    default: return nil
    }
  }

  // MARK: Sixteen bytes

  static func bytesWritten(_ isSafe: Bool, _ to: DataType, _ parse: @escaping @Sendable (Bytes) throws -> [UInt8]) -> ScalarKernel {
    { v, n, _ in
      try written(isSafe, v[0], n, to) { (x: Bytes, out: inout TextWriter) in
        let bytes = try parse(x)
        bytes.withUnsafeBytes { out.write($0) }
      }
    }
  }

  static func sixteen(_ to: DataType, _ isSafe: Bool) -> ScalarKernel {
    bytesWritten(isSafe, to) { x in
      let bytes = x.array
      if to == .ipaddress && bytes.count == 4 { return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + bytes }
      guard bytes.count == 16 else { throw invalid("Invalid \(to) binary length: \(bytes.count)") }
      return bytes
    }
  }
}
