import Expressions
import Values
import Vectors

/// Dates, times and timestamps plus and minus intervals, and intervals among themselves.
enum TemporalArithmetic {
  static let dayMillis: Int64 = 86_400_000

  static func overflow() -> PrestoError { PrestoError(.numericValueOutOfRange, "Date or time out of range") }

  /// Months later, the day cut to the month's last.
  static func addMonths(_ months: Int64, toDays days: Int64) throws -> Int64 {
    let (year, month, day) = Calendar.civil(days: Int(days))
    let (total, overflow) = (Int64(year) * 12 + Int64(month - 1)).addingReportingOverflow(months)
    if overflow || total > 12 * 5_000_000 || total < -12 * 5_000_000 { throw Self.overflow() }
    let newYear = Int((total >= 0 ? total : total - 11) / 12)
    let newMonth = Int(total - Int64(newYear) * 12) + 1
    return Int64(Calendar.days(year: newYear, month: newMonth, day: min(day, Calendar.daysIn(month: newMonth, of: newYear))))
  }

  static func date(_ days: Int64) throws -> Date {
    guard let narrow = Int32(exactly: days) else { throw overflow() }
    return Date(days: narrow)
  }

  static func add(_ date: Date, _ interval: DayInterval, _ sign: Int64) throws -> Date {
    if interval.millis % dayMillis != 0 {
      throw PrestoError(
        .invalidFunctionArgument,
        sign > 0 ? "Cannot add hour, minutes or seconds to a date" : "Cannot subtract hour, minutes or seconds from a date")
    }
    return try self.date(Int64(date.days) + interval.millis / dayMillis * sign)
  }

  static func add(_ date: Date, _ interval: MonthInterval, _ sign: Int64) throws -> Date {
    try self.date(try addMonths(Int64(interval.months) * sign, toDays: Int64(date.days)))
  }

  /// `scale`: units a millisecond.
  static func plus(_ value: Int64, _ millis: Int64, _ scale: Int64, _ sign: Int64) throws -> Int64 {
    let (change, a) = millis.multipliedReportingOverflow(by: scale * sign)
    let (result, b) = value.addingReportingOverflow(change)
    if a || b { throw overflow() }
    return result
  }

  static func months(_ value: Int64, _ months: Int32, perDay: Int64, _ sign: Int64) throws -> Int64 {
    let days = value >= 0 ? value / perDay : (value - perDay + 1) / perDay
    return try plus(value - days * perDay, 0, 1, 1) + addMonths(Int64(months) * sign, toDays: days) * perDay
  }

  static func wideMonths(_ value: Int128, _ months: Int32, perDay: Int128, _ sign: Int64) throws -> Int128 {
    let days = value >= 0 ? value / perDay : (value - perDay + 1) / perDay
    return value - days * perDay + Int128(try addMonths(Int64(months) * sign, toDays: Int64(days))) * perDay
  }

  /// Picoseconds as milliseconds, half away from zero.
  static func millis(picoseconds: Int128) -> Int64 {
    let half: Int128 = picoseconds < 0 ? -500_000_000 : 500_000_000
    return Int64(truncatingIfNeeded: (picoseconds + half) / 1_000_000_000)
  }

  static let perDayMicros: Int64 = 86_400_000_000
  static let perDayPicos: Int128 = 86_400_000_000_000_000
}

extension Function {
  private typealias T = TemporalArithmetic

  static let temporalArithmetic: [Function] =
    dateArithmetic + intervalArithmetic
    + [(Operator.add, Int64(1)), (Operator.subtract, Int64(-1))].flatMap { name, sign in timestampArithmetic(name, sign) }

  private static let dateArithmetic: [Function] = [
    .scalar(Operator.add, "") { (a: Date, b: DayInterval) in try T.add(a, b, 1) },
    .scalar(Operator.add, "") { (a: DayInterval, b: Date) in try T.add(b, a, 1) },
    .scalar(Operator.subtract, "") { (a: Date, b: DayInterval) in try T.add(a, b, -1) },
    .scalar(Operator.add, "") { (a: Date, b: MonthInterval) in try T.add(a, b, 1) },
    .scalar(Operator.add, "") { (a: MonthInterval, b: Date) in try T.add(b, a, 1) },
    .scalar(Operator.subtract, "") { (a: Date, b: MonthInterval) in try T.add(a, b, -1) },
    .scalar(Operator.subtract, "") { (a: Date, b: Date) in DayInterval(millis: (Int64(a.days) - Int64(b.days)) * T.dayMillis) },
  ]

  private static let intervalArithmetic: [Function] = [
    .scalar(Operator.add, "") { (a: DayInterval, b: DayInterval) in DayInterval(millis: try Checked<Int64>.Add.call(a.millis, b.millis)) },
    .scalar(Operator.subtract, "") { (a: DayInterval, b: DayInterval) in
      DayInterval(millis: try Checked<Int64>.Subtract.call(a.millis, b.millis))
    },
    .scalar(Operator.multiply, "") { (a: DayInterval, b: Int64) in DayInterval(millis: try Checked<Int64>.Multiply.call(a.millis, b)) },
    .scalar(Operator.multiply, "") { (a: Int64, b: DayInterval) in DayInterval(millis: try Checked<Int64>.Multiply.call(b.millis, a)) },
    .scalar(Operator.multiply, "") { (a: DayInterval, b: Double) in DayInterval(millis: try scaled(a.millis, b)) },
    .scalar(Operator.multiply, "") { (a: Double, b: DayInterval) in DayInterval(millis: try scaled(b.millis, a)) },
    .scalar(Operator.divide, "") { (a: DayInterval, b: Double) in
      if b == 0 { throw PrestoError(.divisionByZero, "Division by zero") }
      return DayInterval(millis: try scaled(a.millis, 1 / b))
    },
    .scalar(Operator.negate, "") { (a: DayInterval) in DayInterval(millis: try Checked<Int64>.Negate.call(a.millis)) },
    .scalar(Operator.add, "") { (a: MonthInterval, b: MonthInterval) in
      MonthInterval(months: try Checked<Int32>.Add.call(a.months, b.months))
    },
    .scalar(Operator.subtract, "") { (a: MonthInterval, b: MonthInterval) in
      MonthInterval(months: try Checked<Int32>.Subtract.call(a.months, b.months))
    },
    .scalar(Operator.multiply, "") { (a: MonthInterval, b: Int32) in MonthInterval(months: try Checked<Int32>.Multiply.call(a.months, b)) },
    .scalar(Operator.multiply, "") { (a: Int32, b: MonthInterval) in MonthInterval(months: try Checked<Int32>.Multiply.call(b.months, a)) },
    .scalar(Operator.multiply, "") { (a: MonthInterval, b: Double) in MonthInterval(months: try scaled(a.months, b)) },
    .scalar(Operator.multiply, "") { (a: Double, b: MonthInterval) in MonthInterval(months: try scaled(b.months, a)) },
    .scalar(Operator.divide, "") { (a: MonthInterval, b: Double) in
      if b == 0 { throw PrestoError(.divisionByZero, "Division by zero") }
      return MonthInterval(months: try scaled(a.months, 1 / b))
    },
    .scalar(Operator.negate, "") { (a: MonthInterval) in MonthInterval(months: try Checked<Int32>.Negate.call(a.months)) },
  ]

  private static func scaled(_ value: Int64, _ factor: Double) throws -> Int64 {
    guard let result = Int64(exactly: (Double(value) * factor).rounded(.towardZero)) else { throw T.overflow() }
    return result
  }

  private static func scaled(_ value: Int32, _ factor: Double) throws -> Int32 {
    guard let result = Int32(exactly: (Double(value) * factor).rounded(.towardZero)) else { throw T.overflow() }
    return result
  }

  /// timestamp(p), timestamp(p) with time zone and time(p) with intervals, and differences of timestamps.
  private static func timestampArithmetic(_ name: String, _ sign: Int64) -> [Function] {
    @Sendable func member(_ types: [DataType], _ value: Int, _ interval: Int, _ type: DataType) -> ScalarKernel? {
      switch (types[value], types[interval]) {
      case (.timestamp, .intervalDayToSecond):
        if type.layout == .int64 {
          return { v, n, _ in
            try ScalarLoop.binary(v[value], v[interval], n, type) { (a: Int64, b: Int64) in try T.plus(a, b, 1000, sign) }
          }
        }
        return { v, n, _ in
          try ScalarLoop.binary(v[value], v[interval], n, type) { (a: Int128, b: Int64) in a + Int128(b) * 1_000_000_000 * Int128(sign) }
        }
      case (.timestamp, .intervalYearToMonth):
        if type.layout == .int64 {
          return { v, n, _ in
            try ScalarLoop.binary(v[value], v[interval], n, type) { (a: Int64, b: Int32) in try T.months(a, b, perDay: T.perDayMicros, sign)
            }
          }
        }
        return { v, n, _ in
          try ScalarLoop.binary(v[value], v[interval], n, type) { (a: Int128, b: Int32) in
            try T.wideMonths(a, b, perDay: T.perDayPicos, sign)
          }
        }
      case (.timestampWithTimeZone, .intervalDayToSecond):
        return { v, n, _ in
          try ScalarLoop.binary(v[value], v[interval], n, type) { (a: ZonedTimestamp, b: Int64) in
            ZonedTimestamp(picoseconds: a.picoseconds + Int128(b) * 1_000_000_000 * Int128(sign), zone: a.zone)
          }
        }
      case (.timestampWithTimeZone, .intervalYearToMonth):
        return { v, n, _ in
          try ScalarLoop.binary(v[value], v[interval], n, type) { (a: ZonedTimestamp, b: Int32) in
            ZonedTimestamp(picoseconds: try T.wideMonths(a.picoseconds, b, perDay: T.perDayPicos, sign), zone: a.zone)
          }
        }
      case (.time, .intervalDayToSecond):
        let day = Int64(T.perDayPicos)
        return { v, n, _ in
          try ScalarLoop.binary(v[value], v[interval], n, type) { (a: Int64, b: Int64) in
            let sum = (a + (b % T.dayMillis) * 1_000_000_000 * sign) % day
            return sum < 0 ? sum + day : sum
          }
        }
      case (.timeWithTimeZone, .intervalDayToSecond):
        return { v, n, _ in
          try ScalarLoop.binary(v[value], v[interval], n, type) { (a: Int128, b: Int64) in
            let time = ZonedTime(bits: a)
            return ZonedTime(
              picoseconds: time.picoseconds + (b % T.dayMillis) * 1_000_000_000 * sign, offsetMinutes: time.offsetMinutes
            ).bits
          }
        }
      default: return nil
      }
    }
    var all: [Function] = []
    for family in ["timestamp(p)", "timestamp(p) with time zone", "time(p)", "time(p) with time zone"] {
      for interval in ["interval day to second", "interval year to month"] {
        if family.hasPrefix("time(") && interval == "interval year to month" { continue }
        all.append(
          Function.bound(name, "(\(family), \(interval)) -> \(family)", "") { types, result in member(types, 0, 1, result) }
            .withMilliseconds(0))
        if sign > 0 {
          all.append(
            Function.bound(name, "(\(interval), \(family)) -> \(family)", "") { types, result in member(types, 1, 0, result) }
              .withMilliseconds(1))
        }
      }
    }
    if sign < 0 {
      all.append(
        .bound(name, "(timestamp(p), timestamp(p)) -> interval day to second", "") { types, result in
          if types[0].layout == .int64 {
            return { v, n, _ in
              try ScalarLoop.binary(v[0], v[1], n, result) { (a: Int64, b: Int64) in T.millis(picoseconds: Int128(a - b) * 1_000_000) }
            }
          }
          return { v, n, _ in
            try ScalarLoop.binary(v[0], v[1], n, result) { (a: Int128, b: Int128) in T.millis(picoseconds: a - b) }
          }
        })
      all.append(
        .bound(name, "(timestamp(p) with time zone, timestamp(p) with time zone) -> interval day to second", "") { _, result in
          { v, n, _ in
            try ScalarLoop.binary(v[0], v[1], n, result) { (a: ZonedTimestamp, b: ZonedTimestamp) in
              T.millis(picoseconds: a.picoseconds - b.picoseconds)
            }
          }
        })
    }
    return all
  }
}

extension Function {
  /// An interval of days to seconds counts milliseconds: what it is added to shows them, too.
  fileprivate func withMilliseconds(_ value: Int) -> Function {
    var shape = signature
    shape.result = { types in
      guard types.contains(.intervalDayToSecond) else { return types[value] }
      switch types[value] {
      case .time(let precision): return .time(precision: max(3, precision))
      case .timeWithTimeZone(let precision): return .timeWithTimeZone(precision: max(3, precision))
      case .timestamp(let precision): return .timestamp(precision: max(3, precision))
      case .timestampWithTimeZone(let precision): return .timestampWithTimeZone(precision: max(3, precision))
      default: return types[value]
      }
    }
    return Function(name, kind, shape, summary, isDeterministic: isDeterministic, isHidden: isHidden, implementation)
  }
}
