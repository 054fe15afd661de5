import Expressions
import Values
import Vectors

extension Function {
  static let timeFormats: [Function] = [
    writing("date_format", "(timestamp(p), varchar) -> varchar", "Text of a timestamp in MySQL's format") { try MomentFormat(mysql: $0) },
    writingZoned("date_format", "(timestamp(p) with time zone, varchar) -> varchar", "Text of a timestamp in MySQL's format") {
      try MomentFormat(mysql: $0)
    },
    writing("format_datetime", "(timestamp(p), varchar) -> varchar", "Text of a timestamp in Joda's format") { try MomentFormat(joda: $0) },
    writingZoned("format_datetime", "(timestamp(p) with time zone, varchar) -> varchar", "Text of a timestamp in Joda's format") {
      try MomentFormat(joda: $0)
    },
    .vector("date_parse", "(varchar, varchar) -> timestamp(3)", "The timestamp of a text in MySQL's format") { arguments, rows, context in
      let formats = Formats(arguments[1]) { try MomentFormat(mysql: $0) }
      var zones = ZoneOffsets()
      return try ScalarLoop.binary(arguments[0], arguments[1], rows, context.result) { (text: Bytes, pattern: Bytes) -> Int64 in
        try MicrosMoment.slot(formats.format(pattern).parse(text).moment, like: 0, &zones)
      }
    },
    .vector("parse_datetime", "(varchar, varchar) -> timestamp(3) with time zone", "The timestamp of a text in Joda's format") {
      arguments, rows, context in
      let formats = Formats(arguments[1]) { try MomentFormat(joda: $0) }, session = try TimeZoneKey(context.timeZone)
      var zones = ZoneOffsets()
      return try ScalarLoop.binary(arguments[0], arguments[1], rows, context.result) { (text: Bytes, pattern: Bytes) -> ZonedTimestamp in
        let parsed = try formats.format(pattern).parse(text)
        return try ZonedMoment.slot(parsed.moment, like: ZonedTimestamp(picoseconds: 0, zone: parsed.zone ?? session), &zones)
      }
    },
    .scalar("to_iso8601", "Text of a date as ISO 8601 writes it") { (x: Date, out: inout TextWriter) in
      CalendarText.write(date: Int(x.days), &out)
    }
    .signed("(date) -> varchar(16)"),
    Function.bound("to_iso8601", "(timestamp(p)) -> varchar", "Text of a timestamp as ISO 8601 writes it") { types, result in
      guard case .timestamp(let precision) = types[0] else { return nil }
      if types[0].layout == .int64 {
        return { arguments, rows, _ in
          let values = arguments[0].reader(as: Int64.self)
          return try ScalarLoop.written(rows, arguments[0].rowValidity, result) { row, out in
            writeISO(Int128(values[row]) * 1_000_000, precision, &out)
          }
        }
      }
      return { arguments, rows, _ in
        let values = arguments[0].reader(as: Int128.self)
        return try ScalarLoop.written(rows, arguments[0].rowValidity, result) { row, out in writeISO(values[row], precision, &out) }
      }
    }.sized("(timestamp(p)) -> varchar") { 22 + $0[0] + ($0[0] > 0 ? 1 : 0) },
    Function.bound("to_iso8601", "(timestamp(p) with time zone) -> varchar", "Text of a timestamp as ISO 8601 writes it") { types, result in
      guard case .timestampWithTimeZone(let precision) = types[0] else { return nil }
      return { arguments, rows, _ in
        let values = arguments[0].reader(as: ZonedTimestamp.self)
        return try ScalarLoop.written(rows, arguments[0].rowValidity, result) { row, out in
          let local = CalendarText.local(values[row]), minutes = Int((local - values[row].picoseconds) / Int128(60 * Moments.second))
          writeISO(local, precision, &out)
          if minutes == 0 { out.write(UInt8(ascii: "Z")) } else { out.write(TimeZoneKey.offsetText(minutes)) }
        }
      }
    }.sized("(timestamp(p) with time zone) -> varchar") { 28 + $0[0] + ($0[0] > 0 ? 1 : 0) },
    .scalar("from_iso8601_date", "The date of an ISO 8601 text") { (x: Text) -> Date in
      guard let days = ISO8601.date(x), let narrow = Int32(exactly: days) else { throw invalidArgument("Invalid format: \"\(x.string)\"") }
      return Date(days: narrow)
    },
    fromISO("from_iso8601_timestamp", "(varchar) -> timestamp(3) with time zone", digits: 3),
    fromISO("from_iso8601_timestamp_nanos", "(varchar) -> timestamp(9) with time zone", digits: 9),
  ]

  private static func fromISO(_ name: String, _ signature: String, digits: Int) -> Function {
    .vector(name, signature, "The timestamp of an ISO 8601 text") { arguments, rows, context in
      let session = try TimeZoneKey(context.timeZone)
      var zones = ZoneOffsets()
      let unit = Moments.second / Int64(Decimals.power(digits))
      return try ScalarLoop.unary(arguments[0], rows, context.result) { (x: Bytes) -> ZonedTimestamp in
        guard var parsed = ISO8601.timestamp(x) else { throw invalidArgument("Invalid format: \"\(x.string)\"") }
        parsed.moment.picos = parsed.moment.picos / unit * unit
        return try ZonedMoment.slot(parsed.moment, like: ZonedTimestamp(picoseconds: 0, zone: parsed.zone ?? session), &zones)
      }
    }
  }

  private static func writing(
    _ name: String, _ signature: String, _ summary: String, _ compile: @escaping @Sendable (Bytes) throws -> MomentFormat
  ) -> Function {
    .bound(name, signature, summary) { types, result in
      { arguments, rows, _ in
        let formats = Formats(arguments[1], compile), patterns = arguments[1].reader(as: Bytes.self)
        let gate = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
        let micros = types[0].layout == .int64 ? arguments[0].reader(as: Int64.self) : nil
        let picos = types[0].layout == .int64 ? nil : arguments[0].reader(as: Int128.self)
        return try withExtendedLifetime(arguments) {
          try ScalarLoop.written(rows, gate, result) { row, out in
            let value = micros.map { Int128($0[row]) * 1_000_000 } ?? picos.map { $0[row] } ?? 0
            try formats.format(patterns[row]).write(roundedToMillis(value), zone: nil, offset: 0, &out)
          }
        }
      }
    }
  }

  private static func writingZoned(
    _ name: String, _ signature: String, _ summary: String, _ compile: @escaping @Sendable (Bytes) throws -> MomentFormat
  ) -> Function {
    .bound(name, signature, summary) { _, result in
      { arguments, rows, _ in
        let formats = Formats(arguments[1], compile), patterns = arguments[1].reader(as: Bytes.self)
        let values = arguments[0].reader(as: ZonedTimestamp.self)
        let gate = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
        return try withExtendedLifetime(arguments) {
          try ScalarLoop.written(rows, gate, result) { row, out in
            let value = values[row], local = CalendarText.local(value)
            let offset = Int((local - value.picoseconds) / Int128(Moments.second))
            try formats.format(patterns[row]).write(roundedToMillis(local), zone: value.zone, offset: offset, &out)
          }
        }
      }
    }
  }
}

/// Formats of a batch; a constant pattern is compiled once.
private final class Formats {
  private let compile: (Bytes) throws -> MomentFormat
  private let isConstant: Bool
  private var compiled: MomentFormat?

  init(_ patterns: Vector, _ compile: @escaping (Bytes) throws -> MomentFormat) {
    self.compile = compile
    isConstant = patterns.constantValue != nil
  }

  func format(_ pattern: Bytes) throws -> MomentFormat {
    if isConstant, let compiled { return compiled }
    let fresh = try compile(pattern)
    compiled = fresh
    return fresh
  }
}

private func roundedToMillis(_ picos: Int128) -> Moment {
  let millis = Moments.floor(picos + Int128(Moments.milli) / 2, Int128(Moments.milli))
  var none = ZoneOffsets()
  return PicosMoment.moment(millis * Int128(Moments.milli), &none)
}

private func writeISO(_ picos: Int128, _ precision: Int, _ out: inout TextWriter) {
  let start = out.count
  CalendarText.write(timestamp: picos, precision: precision, &out)
  // the blank between date and time
  let written = out.written
  for i in start..<written.count where written[i] == 0x20 { written[i] = UInt8(ascii: "T") }
}
