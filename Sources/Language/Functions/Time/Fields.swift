import Expressions
import Values
import Vectors

/// A part of a date or time, as EXTRACT names it.
enum MomentField: String, CaseIterable, Sendable {
  case year, quarter, month, week, day, hour, minute, second, millisecond
  case dayOfWeek = "day_of_week"
  case dayOfYear = "day_of_year"
  case yearOfWeek = "year_of_week"

  var names: [String] {
    switch self {
    case .week: ["week", "week_of_year"]
    case .day: ["day", "day_of_month"]
    case .dayOfWeek: ["day_of_week", "dow"]
    case .dayOfYear: ["day_of_year", "doy"]
    case .yearOfWeek: ["year_of_week", "yow"]
    case .year, .quarter, .month, .hour, .minute, .second, .millisecond: [rawValue]
    }
  }

  var isOfDay: Bool {
    switch self {
    case .hour, .minute, .second, .millisecond: true
    case .year, .quarter, .month, .week, .day, .dayOfWeek, .dayOfYear, .yearOfWeek: false
    }
  }
}

extension Function {
  static let timeFields: [Function] =
    MomentField.allCases.flatMap { field in field.names.flatMap { fieldFunctions($0, field) } } + [
      zoneField("timezone_hour") { $0 / 60 }, zoneField("timezone_minute") { $0 % 60 },
      .bound("timezone_hour", "(time(p) with time zone) -> bigint", "Hours of the zone's offset") { _, _ in
        { arguments, rows, _ in try ScalarLoop.unary(arguments[0], rows, .bigint) { (x: ZonedTime) in Int64(x.offsetMinutes / 60) } }
      },
      .bound("timezone_minute", "(time(p) with time zone) -> bigint", "Minutes of the zone's offset") { _, _ in
        { arguments, rows, _ in try ScalarLoop.unary(arguments[0], rows, .bigint) { (x: ZonedTime) in Int64(x.offsetMinutes % 60) } }
      },
    ]

  private static func fieldFunctions(_ name: String, _ field: MomentField) -> [Function] {
    let summary = "\(name.split(separator: "_").joined(separator: " ")) of a date or time"
    var all: [Function] = [
      .bound(name, "(timestamp(p)) -> bigint", summary) { types, _ in
        types[0].layout == .int64 ? kernel(field, MicrosMoment.self) : kernel(field, PicosMoment.self)
      },
      .bound(name, "(timestamp(p) with time zone) -> bigint", summary) { _, _ in kernel(field, ZonedMoment.self) },
    ]
    if field.isOfDay {
      all.append(.bound(name, "(time(p)) -> bigint", summary) { _, _ in kernel(field, TimeMoment.self) })
      all.append(.bound(name, "(time(p) with time zone) -> bigint", summary) { _, _ in kernel(field, ZonedTimeMoment.self) })
    } else {
      all.append(.bound(name, "(date) -> bigint", summary) { _, _ in kernel(field, DateMoment.self) })
    }
    switch field {
    case .day: all.append(.scalar(name, summary) { (x: DayInterval) in x.millis / 86_400_000 })
    case .hour: all.append(.scalar(name, summary) { (x: DayInterval) in x.millis % 86_400_000 / 3_600_000 })
    case .minute: all.append(.scalar(name, summary) { (x: DayInterval) in x.millis % 3_600_000 / 60_000 })
    case .second: all.append(.scalar(name, summary) { (x: DayInterval) in x.millis % 60_000 / 1000 })
    case .millisecond: all.append(.scalar(name, summary) { (x: DayInterval) in x.millis % 1000 })
    case .year: all.append(.scalar(name, summary) { (x: MonthInterval) in Int64(x.months / 12) })
    case .month: all.append(.scalar(name, summary) { (x: MonthInterval) in Int64(x.months % 12) })
    case .quarter, .week, .dayOfWeek, .dayOfYear, .yearOfWeek: break
    }
    return all
  }

  private static func zoneField(_ name: String, _ part: @escaping @Sendable (Int) -> Int) -> Function {
    .bound(name, "(timestamp(p) with time zone) -> bigint", "Part of the zone's offset") { _, _ in
      { arguments, rows, _ in
        var zones = ZoneOffsets()
        return try ScalarLoop.unary(arguments[0], rows, .bigint) { (x: ZonedTimestamp) -> Int64 in
          let seconds = Int64(truncatingIfNeeded: Moments.floor(x.picoseconds, Int128(Moments.second)))
          return Int64(part(zones.zone(x.zone).offset(at: seconds) / 60))
        }
      }
    }
  }

  /// The switch stands outside the loops.
  @inline(__always)
  private static func kernel<L: MomentLayout>(_ field: MomentField, _: L.Type) -> ScalarKernel {
    switch field {
    case .year: return loop(L.self) { Int64(Moments.civil($0.days).year) }
    case .quarter: return loop(L.self) { Int64((Moments.civil($0.days).month + 2) / 3) }
    case .month: return loop(L.self) { Int64(Moments.civil($0.days).month) }
    case .day: return loop(L.self) { Int64(Moments.civil($0.days).day) }
    case .week: return loop(L.self) { Moments.isoWeek($0.days).week }
    case .dayOfWeek: return loop(L.self) { Moments.dayOfWeek($0.days) }
    case .dayOfYear: return loop(L.self) { Moments.dayOfYear($0.days) }
    case .yearOfWeek: return loop(L.self) { Int64(Moments.isoWeek($0.days).year) }
    case .hour: return loop(L.self) { $0.picos / (3600 * Moments.second) }
    case .minute: return loop(L.self) { $0.picos / (60 * Moments.second) % 60 }
    case .second: return loop(L.self) { $0.picos / Moments.second % 60 }
    case .millisecond: return loop(L.self) { $0.picos / Moments.milli % 1000 }
    }
  }

  @inline(__always)
  private static func loop<L: MomentLayout>(_: L.Type, _ body: @escaping @Sendable (Moment) -> Int64) -> ScalarKernel {
    { arguments, rows, _ in
      var zones = ZoneOffsets()
      return try ScalarLoop.unary(arguments[0], rows, .bigint) { (x: L.Slot) in body(L.moment(x, &zones)) }
    }
  }
}
