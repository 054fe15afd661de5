import Expressions
import Values
import Vectors

/// The unit that `date_trunc`, `date_add` and `date_diff` count in.
enum MomentUnit: String, Sendable {
  case millisecond, second, minute, hour, day, week, month, quarter, year

  /// Picoseconds of the units that are always equally long; nil for the others.
  var picos: Int128? {
    switch self {
    case .millisecond: Int128(Moments.milli)
    case .second: Int128(Moments.second)
    case .minute: 60 * Int128(Moments.second)
    case .hour: 3600 * Int128(Moments.second)
    case .day, .week, .month, .quarter, .year: nil
    }
  }

  var months: Int64? {
    switch self {
    case .month: 1
    case .quarter: 3
    case .year: 12
    case .millisecond, .second, .minute, .hour, .day, .week: nil
    }
  }

  /// Throws INVALID_FUNCTION_ARGUMENT for a word that is no unit, or none of the type's.
  init(_ word: Bytes, of family: Family) throws {
    guard let unit = MomentUnit(rawValue: word.string.lowercased()), family.has(unit) else {
      throw invalidArgument("'\(word.string)' is not a valid \(family.rawValue) field")
    }
    self = unit
  }

  enum Family: String {
    case date = "DATE"
    case time = "TIME"
    case timestamp = "TIMESTAMP"

    func has(_ unit: MomentUnit) -> Bool {
      switch self {
      case .date: unit.picos == nil
      case .time: unit.picos != nil
      case .timestamp: true
      }
    }
  }

  /// The start of the unit that the moment lies in.
  func truncated(_ moment: Moment) -> Moment {
    switch self {
    case .millisecond, .second, .minute, .hour:
      let size = Int64(truncatingIfNeeded: picos ?? 1)
      return Moment(days: moment.days, picos: moment.picos / size * size)
    case .day: return Moment(days: moment.days, picos: 0)
    case .week: return Moment(days: moment.days - Moments.dayOfWeek(moment.days) + 1, picos: 0)
    case .month, .quarter, .year:
      let (year, month, _) = Moments.civil(moment.days)
      let first = self == .month ? month : self == .quarter ? (month - 1) / 3 * 3 + 1 : 1
      return Moment(days: Moments.days(year, first, 1), picos: 0)
    }
  }

  /// `count` units later on the calendar: for day and longer units.
  func added(_ count: Int64, to moment: Moment) throws -> Moment {
    var result = moment
    if let size = months {
      let (total, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { throw invalidArgument("Value cannot fit in an int: \(count)") }
      result.days = try Moments.adding(months: total, toDays: moment.days)
      return result
    }
    let (change, a) = count.multipliedReportingOverflow(by: self == .week ? 7 : 1)
    let (days, b) = moment.days.addingReportingOverflow(change)
    if a || b || days.magnitude > 2_200_000_000 { throw invalidArgument("Value cannot fit in an int: \(count)") }
    result.days = days
    return result
  }

  /// Whole units from one local moment to another, for day and longer units; negative backwards.
  func between(_ from: Moment, _ to: Moment) -> Int64 {
    if (to.days, to.picos) < (from.days, from.picos) { return -between(to, from) }
    guard let size = months else {
      let days = to.days - from.days - (to.picos < from.picos ? 1 : 0)
      return self == .week ? days / 7 : days
    }
    let (startYear, startMonth, startDay) = Moments.civil(from.days), (endYear, endMonth, endDay) = Moments.civil(to.days)
    var count = Int64(endYear - startYear) * 12 + Int64(endMonth - startMonth)
    // the last day of a month is as good as any later day
    let day = endDay == Calendar.daysIn(month: endMonth, of: endYear) ? min(startDay, endDay) : startDay
    if (endDay, to.picos) < (day, from.picos) { count -= 1 }
    return count / size
  }
}

extension Function {
  static let timeUnits: [Function] = [
    unit("date_trunc", "(varchar, date) -> date", .date, DateMoment.self),
    unit("date_trunc", "(varchar, time(p)) -> time(p)", .time, TimeMoment.self),
    unit("date_trunc", "(varchar, time(p) with time zone) -> time(p) with time zone", .time, ZonedTimeMoment.self),
    unit("date_trunc", "(varchar, timestamp(p) with time zone) -> timestamp(p) with time zone", .timestamp, ZonedMoment.self),
    .bound("date_trunc", "(varchar, timestamp(p)) -> timestamp(p)", "The start of the unit a moment lies in") { types, result in
      result.layout == .int64 ? truncation(.timestamp, MicrosMoment.self) : truncation(.timestamp, PicosMoment.self)
    },
    .bound("date_add", "(varchar, bigint, date) -> date", "So many units later") { _, _ in addition(.date, DateMoment.self) },
    .bound("date_add", "(varchar, bigint, time(p)) -> time(p)", "So many units later") { types, _ in
      addition(.time, TimeMoment.self, precision(types[2]))
    },
    .bound("date_add", "(varchar, bigint, time(p) with time zone) -> time(p) with time zone", "So many units later") { types, _ in
      addition(.time, ZonedTimeMoment.self, precision(types[2]))
    },
    .bound("date_add", "(varchar, bigint, timestamp(p)) -> timestamp(p)", "So many units later") { types, _ in
      types[2].layout == .int64
        ? addition(.timestamp, MicrosMoment.self, precision(types[2])) : addition(.timestamp, PicosMoment.self, precision(types[2]))
    },
    .bound("date_add", "(varchar, bigint, timestamp(p) with time zone) -> timestamp(p) with time zone", "So many units later") { types, _ in
      addition(.timestamp, ZonedMoment.self, precision(types[2]))
    },
    .bound("date_diff", "(varchar, date, date) -> bigint", "Whole units between two dates") { _, _ in difference(.date, DateMoment.self) },
    .bound("date_diff", "(varchar, time(p), time(p)) -> bigint", "Whole units between two times") { _, _ in
      difference(.time, TimeMoment.self)
    },
    .bound("date_diff", "(varchar, time(p) with time zone, time(p) with time zone) -> bigint", "Whole units between two times") { _, _ in
      difference(.time, ZonedTimeMoment.self)
    },
    .bound("date_diff", "(varchar, timestamp(p), timestamp(p)) -> bigint", "Whole units between two timestamps") { types, _ in
      types[1].layout == .int64 ? difference(.timestamp, MicrosMoment.self) : difference(.timestamp, PicosMoment.self)
    },
    .bound(
      "date_diff", "(varchar, timestamp(p) with time zone, timestamp(p) with time zone) -> bigint", "Whole units between two timestamps"
    ) {
      _, _ in difference(.timestamp, ZonedMoment.self)
    },
  ]

  private static func unit<L: MomentLayout>(_ name: String, _ signature: String, _ family: MomentUnit.Family, _: L.Type) -> Function {
    .bound(name, signature, "The start of the unit a moment lies in") { _, _ in truncation(family, L.self) }
  }

  private static func precision(_ type: DataType) -> Int {
    switch type {
    case .time(let p), .timeWithTimeZone(let p), .timestamp(let p), .timestampWithTimeZone(let p): p
    default: 0
    }
  }

  /// The units of a batch: a constant word is looked up once.
  private struct Units {
    private let words: Reader<Bytes>
    private let family: MomentUnit.Family
    private let constant: MomentUnit?

    init(_ vector: Vector, _ family: MomentUnit.Family) throws {
      words = vector.reader(as: Bytes.self)
      self.family = family
      constant = words.isConstant && words.isValid(0) ? try MomentUnit(words[0], of: family) : nil
    }

    @inline(__always) func callAsFunction(_ word: Bytes) throws -> MomentUnit { try constant ?? MomentUnit(word, of: family) }
  }

  @inline(__always)
  private static func truncation<L: MomentLayout>(_ family: MomentUnit.Family, _: L.Type) -> ScalarKernel {
    { arguments, rows, _ in
      let units = try Units(arguments[0], family)
      var zones = ZoneOffsets()
      return try ScalarLoop.binary(arguments[0], arguments[1], rows, arguments[1].type) { (word: Bytes, x: L.Slot) in
        try L.slot(units(word).truncated(L.moment(x, &zones)), like: x, &zones)
      }
    }
  }

  @inline(__always)
  private static func addition<L: MomentLayout>(_ family: MomentUnit.Family, _: L.Type, _ precision: Int = 0) -> ScalarKernel {
    { arguments, rows, _ in
      let units = try Units(arguments[0], family)
      var zones = ZoneOffsets()
      return try ScalarLoop.ternary(arguments[0], arguments[1], arguments[2], rows, arguments[2].type) {
        (word: Bytes, count: Int64, x: L.Slot) -> L.Slot in
        let unit = try units(word)
        if let size = unit.picos {
          var change = Int128(count) * size
          // milliseconds on a coarser type are rounded to its digits
          if precision < 3 && unit == .millisecond {
            let step = Int128(Moments.second) / Decimals.power(precision)
            change = Decimals.dividedHalfUp(change, by: step) * step
          }
          return try L.adding(picos: change, to: x)
        }
        return try L.slot(unit.added(count, to: L.moment(x, &zones)), like: x, &zones)
      }
    }
  }

  @inline(__always)
  private static func difference<L: MomentLayout>(_ family: MomentUnit.Family, _: L.Type) -> ScalarKernel {
    { arguments, rows, _ in
      let units = try Units(arguments[0], family)
      var zones = ZoneOffsets()
      return try ScalarLoop.ternary(arguments[0], arguments[1], arguments[2], rows, .bigint) {
        (word: Bytes, x: L.Slot, y: L.Slot) -> Int64 in
        let unit = try units(word)
        if let size = unit.picos {
          let (millis, overflow) = L.millis(y).subtractingReportingOverflow(L.millis(x))
          if overflow { throw outOfRange("Difference of dates is out of range") }
          return millis / Int64(truncatingIfNeeded: size / Int128(Moments.milli))
        }
        return unit.between(L.moment(x, &zones), L.moment(y, &zones))
      }
    }
  }
}
