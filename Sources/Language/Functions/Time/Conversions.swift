import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let timeConversions: [Function] = [
    .vector("now", "() -> timestamp(3) with time zone", "When the query started") { _, rows, context in
      let zone = try TimeZoneKey(context.timeZone)
      let millis = Moments.floor(context.startMicros, 1000)
      return zoned(Int128(millis) * Int128(Moments.milli), zone, context.result, rows)
    },
    .bound("at_timezone", "(timestamp(p) with time zone, varchar) -> timestamp(p) with time zone", "The same instant in another zone") {
      _, result in
      { arguments, rows, _ in
        let names = try ZoneNames(arguments[1])
        return try ScalarLoop.binary(arguments[0], arguments[1], rows, result) { (x: ZonedTimestamp, name: Bytes) in
          ZonedTimestamp(picoseconds: x.picoseconds, zone: try names.key(name))
        }
      }
    },
    .bound(
      "at_timezone", "(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone",
      "The same instant at another offset"
    ) { _, result in
      { arguments, rows, _ in
        try ScalarLoop.binary(arguments[0], arguments[1], rows, result) { (x: ZonedTimestamp, offset: DayInterval) in
          ZonedTimestamp(picoseconds: x.picoseconds, zone: try zoneKey(offset))
        }
      }
    },
    .bound("at_timezone", "(time(p) with time zone, varchar) -> time(p) with time zone", "The same time in another zone") { _, result in
      { arguments, rows, context in
        let names = try ZoneNames(arguments[1])
        let seconds = Moments.floor(context.startMicros, 1_000_000)
        return try ScalarLoop.binary(arguments[0], arguments[1], rows, result) { (x: ZonedTime, name: Bytes) in
          ZonedTime(picoseconds: x.picoseconds, offsetMinutes: try names.key(name).offset(at: seconds) / 60)
        }
      }
    },
    .bound("at_timezone", "(time(p) with time zone, interval day to second) -> time(p) with time zone", "The same time at another offset") {
      _, result in
      { arguments, rows, _ in
        try ScalarLoop.binary(arguments[0], arguments[1], rows, result) { (x: ZonedTime, offset: DayInterval) in
          ZonedTime(picoseconds: x.picoseconds, offsetMinutes: try offsetMinutes(offset))
        }
      }
    },
    .bound("with_timezone", "(timestamp(p), varchar) -> timestamp(p) with time zone", "A local time in a zone") { types, result in
      { arguments, rows, _ in
        let names = try ZoneNames(arguments[1])
        var zones = ZoneOffsets()
        if types[0].layout == .int64 {
          return try ScalarLoop.binary(arguments[0], arguments[1], rows, result) { (x: Int64, name: Bytes) in
            try ZonedMoment.slot(MicrosMoment.moment(x, &zones), like: ZonedTimestamp(picoseconds: 0, zone: try names.key(name)), &zones)
          }
        }
        return try ScalarLoop.binary(arguments[0], arguments[1], rows, result) { (x: Int128, name: Bytes) in
          try ZonedMoment.slot(PicosMoment.moment(x, &zones), like: ZonedTimestamp(picoseconds: 0, zone: try names.key(name)), &zones)
        }
      }
    },
    .bound("timezone", "(timestamp(p) with time zone) -> varchar", "The zone's name") { _, result in
      { arguments, rows, _ in
        let values = arguments[0].reader(as: ZonedTimestamp.self)
        return try ScalarLoop.written(rows, arguments[0].rowValidity, result) { row, out in out.write(values[row].zone.name) }
      }
    },
    .bound("timezone", "(time(p) with time zone) -> varchar", "The offset") { _, result in
      { arguments, rows, _ in
        let values = arguments[0].reader(as: ZonedTime.self)
        return try ScalarLoop.written(rows, arguments[0].rowValidity, result) { row, out in
          out.write(TimeZoneKey.offsetText(values[row].offsetMinutes))
        }
      }
    },
    .vector("from_unixtime", "(double) -> timestamp(3) with time zone", "The instant so many seconds after 1970-01-01") {
      arguments, rows, context in
      let zone = try TimeZoneKey(context.timeZone)
      return try ScalarLoop.unary(arguments[0], rows, context.result) { (x: Double) in try instant(x, zone) }
    },
    .vector("from_unixtime", "(double, varchar) -> timestamp(3) with time zone", "The same in a zone") { arguments, rows, context in
      let names = try ZoneNames(arguments[1])
      return try ScalarLoop.binary(arguments[0], arguments[1], rows, context.result) { (x: Double, name: Bytes) in
        try instant(x, names.key(name))
      }
    },
    .vector("from_unixtime", "(double, bigint, bigint) -> timestamp(3) with time zone", "The same at an offset of hours and minutes") {
      arguments, rows, context in
      try ScalarLoop.ternary(arguments[0], arguments[1], arguments[2], rows, context.result) {
        (x: Double, hours: Int64, minutes: Int64) -> ZonedTimestamp in
        guard hours.magnitude <= 14, minutes.magnitude < 60, let zone = TimeZoneKey(offsetMinutes: Int(hours * 60 + minutes)) else {
          throw invalidArgument("Invalid offset: \(hours):\(minutes)")
        }
        return try instant(x, zone)
      }
    },
    .vector("from_unixtime_nanos", "(bigint) -> timestamp(9) with time zone", "The instant so many nanoseconds after 1970-01-01") {
      arguments, rows, context in
      let zone = try TimeZoneKey(context.timeZone)
      return try ScalarLoop.unary(arguments[0], rows, context.result) { (x: Int64) in
        ZonedTimestamp(picoseconds: Int128(x) * 1000, zone: zone)
      }
    },
    .bound("from_unixtime_nanos", "(decimal(p,s)) -> timestamp(9) with time zone", "The instant so many nanoseconds after 1970-01-01") {
      types, result in
      guard case .decimal(_, let scale) = types[0] else { return nil }
      return { arguments, rows, context in
        let zone = try TimeZoneKey(context.timeZone), unit = Decimals.power(scale)
        let whole = try Decimals.unary(arguments[0], rows, .decimal(precision: 38, scale: 0)) { Decimals.dividedHalfUp($0, by: unit) }
        return try ScalarLoop.unary(whole, rows, result) { (x: Int128) in
          guard x.magnitude < 1 << 90 else { throw outOfRange("long overflow") }
          return ZonedTimestamp(picoseconds: x * 1000, zone: zone)
        }
      }
    },
    .bound("to_unixtime", "(timestamp(p) with time zone) -> double", "Seconds since 1970-01-01") { _, _ in
      { arguments, rows, _ in
        try ScalarLoop.unary(arguments[0], rows, .double) { (x: ZonedTimestamp) -> Double in
          // picoseconds since 1970 are more than a double holds; microseconds are not, and the quotient is rounded once
          let (micros, rest) = x.picoseconds.quotientAndRemainder(dividingBy: 1_000_000)
          return Double(Int64(truncatingIfNeeded: micros)) / 1e6 + Double(Int64(truncatingIfNeeded: rest)) / 1e12
        }
      }
    },
    .bound("date", "(timestamp(p)) -> date", "The date of a timestamp") { _, _ in { try cast($0[0], to: .date, $2) } },
    .bound("date", "(timestamp(p) with time zone) -> date", "The date of a timestamp") { _, _ in { try cast($0[0], to: .date, $2) } },
    .bound("date", "(varchar) -> date", "The date a text stands for") { _, _ in { try cast($0[0], to: .date, $2) } },
    .scalar("date", "The date itself") { (x: Date) in x },
    .bound("last_day_of_month", "(date) -> date", "The last day of the month") { _, _ in lastDay(DateMoment.self) },
    .bound("last_day_of_month", "(timestamp(p)) -> date", "The last day of the month") { types, _ in
      types[0].layout == .int64 ? lastDay(MicrosMoment.self) : lastDay(PicosMoment.self)
    },
    .bound("last_day_of_month", "(timestamp(p) with time zone) -> date", "The last day of the month") { _, _ in lastDay(ZonedMoment.self) },
    .scalar("to_milliseconds", "Milliseconds of an interval") { (x: DayInterval) in x.millis },
    .scalar("parse_duration", "The interval of a text such as 1.5h") { (x: Text) in DayInterval(millis: try duration(x.string)) },
  ]

  @inline(__always)
  private static func lastDay<L: MomentLayout>(_: L.Type) -> ScalarKernel {
    { arguments, rows, _ in
      var zones = ZoneOffsets()
      return try ScalarLoop.unary(arguments[0], rows, .date) { (x: L.Slot) -> Int32 in
        let (year, month, _) = Moments.civil(L.moment(x, &zones).days)
        return Int32(truncatingIfNeeded: Moments.days(year, month, Calendar.daysIn(month: month, of: year)))
      }
    }
  }
}

/// Zone names of a batch; a constant is looked up once.
struct ZoneNames {
  private let constant: TimeZoneKey?

  init(_ vector: Vector) throws {
    let reader = vector.reader(as: Bytes.self)
    constant = reader.isConstant && reader.isValid(0) ? try TimeZoneKey(reader[0].string) : nil
  }

  func key(_ name: Bytes) throws -> TimeZoneKey { try constant ?? TimeZoneKey(name.string) }
}

private func zoned(_ picos: Int128, _ zone: TimeZoneKey, _ type: DataType, _ rows: Int) -> Vector {
  .constant(.wide(ZonedTimestamp(picoseconds: picos, zone: zone).bits), type, count: rows)
}

private func offsetMinutes(_ interval: DayInterval) throws -> Int {
  if interval.millis % 60_000 != 0 { throw invalidArgument("Invalid time zone offset interval: interval contains seconds") }
  guard interval.millis.magnitude <= 840 * 60_000 else { throw invalidArgument("Invalid offset minutes \(interval.millis / 60_000)") }
  return Int(interval.millis / 60_000)
}

private func zoneKey(_ interval: DayInterval) throws -> TimeZoneKey {
  guard let key = TimeZoneKey(offsetMinutes: try offsetMinutes(interval)) else { throw invalidArgument("Invalid offset minutes") }
  return key
}

private func instant(_ seconds: Double, _ zone: TimeZoneKey) throws -> ZonedTimestamp {
  let millis = (seconds * 1000 + 0.5).rounded(.down)
  // the range of 52 bits that Presto packs with a zone
  guard millis.magnitude < 2_251_799_813_685_248 else {
    throw invalidArgument("Millis overflow: \(Int64(exactly: millis) ?? (millis < 0 ? .min : .max))")
  }
  return ZonedTimestamp(picoseconds: Int128(millis) * Int128(Moments.milli), zone: zone)
}

private func duration(_ text: String) throws -> Int64 {
  if text.isEmpty { throw invalidArgument("duration is empty") }
  let units: [String: Double] = ["ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
  let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
  let unit = String(text.dropFirst(number.count).drop { $0 == " " })
  guard let value = Double(String(number)), !unit.isEmpty, unit.allSatisfy({ $0.isLetter }) else {
    throw invalidArgument("duration is not a valid data duration string: \(text)")
  }
  guard let factor = units[unit] else { throw invalidArgument("Unknown time unit: \(unit)") }
  let millis = (value * factor).rounded(.toNearestOrAwayFromZero)
  guard millis < 9e18 else { throw invalidArgument("duration is too large: \(text)") }
  return Int64(millis)
}
