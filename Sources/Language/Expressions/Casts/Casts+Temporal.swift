import Values
import Vectors

extension Casts {
  private static let day = Int128(CalendarText.picosecondsPerDay)

  /// Among dates, times and timestamps. Values without a zone are read in the session's.
  static func temporal(_ from: DataType, _ to: DataType, _ isSafe: Bool) -> ScalarKernel? {
    if case .date = from, case .timestamp(let precision) = to, precision <= 6 {
      return { v, n, _ in plain(v[0], n, to) { (x: Int32) in Int64(x) &* 86_400_000_000 } }
    }
    if case .timestamp(let precision) = from, precision <= 6, case .date = to {
      return { v, n, _ in
        plain(v[0], n, to) { (x: Int64) in Int32(truncatingIfNeeded: CalendarText.floorDivide(x, 86_400_000_000).quotient) }
      }
    }
    // everything else goes through one form: local picoseconds and a zone
    guard Coercion.canCast(from, to: to) else { return nil }
    switch from.layout {
    case .int32: return temporal(Int32.self, from, to, isSafe)
    case .int64: return temporal(Int64.self, from, to, isSafe)
    default: return temporal(Int128.self, from, to, isSafe)
    }
  }

  private static func temporal<A: FixedWidthInteger & Storable>(_: A.Type, _ from: DataType, _ to: DataType, _ isSafe: Bool)
    -> ScalarKernel?
  {
    switch to.layout {
    case .int32:
      return { v, n, context in
        let cast = try TemporalCast(from, to, context)
        return try run(isSafe, v[0], n, to) { (x: A) throws -> Int32 in try fitted(try cast.convert(Int128(x)), to) }
      }
    case .int64:
      return { v, n, context in
        let cast = try TemporalCast(from, to, context)
        return try run(isSafe, v[0], n, to) { (x: A) throws -> Int64 in try fitted(try cast.convert(Int128(x)), to) }
      }
    default:
      return { v, n, context in
        let cast = try TemporalCast(from, to, context)
        return try run(isSafe, v[0], n, to) { (x: A) throws -> Int128 in try cast.convert(Int128(x)) }
      }
    }
  }

  private static func fitted<R: FixedWidthInteger>(_ value: Int128, _ to: DataType) throws -> R {
    guard let small = R(exactly: value) else { throw outOfRange("Value is out of range for \(to)") }
    return small
  }

  /// The session zone's offset now, in minutes.
  static func sessionOffset(_ context: EvaluationContext) -> Int {
    guard let zone = TimeZoneKey(known: context.timeZone) else { return 0 }
    return zone.offset(at: CalendarText.floorDivide(context.startMicros, 1_000_000).quotient) / 60
  }

  /// One conversion between temporal types, with what the session adds to it.
  private struct TemporalCast {
    let from: DataType
    let to: DataType
    let zone: TimeZoneKey
    let offsetMinutes: Int
    /// Local picoseconds at the start of the session's current day.
    let today: Int128

    init(_ from: DataType, _ to: DataType, _ context: EvaluationContext) throws {
      self.from = from
      self.to = to
      zone = try TimeZoneKey(context.timeZone)
      let seconds = CalendarText.floorDivide(context.startMicros, 1_000_000).quotient
      let offset = zone.offset(at: seconds)
      offsetMinutes = offset / 60
      today = Int128(CalendarText.floorDivide(seconds + Int64(offset), 86_400).quotient) * Casts.day
    }

    func convert(_ x: Int128) throws -> Int128 {
      switch from {
      case .date: return result(local: x * Casts.day, time: nil)
      case .time: return result(local: today + x, time: x)
      case .timeWithTimeZone:
        let value = ZonedTime(bits: x)
        if case .timeWithTimeZone(let precision) = to {
          let rounded = CalendarText.rounded(Int128(value.picoseconds), to: Int128(CalendarText.unit(precision)))
          return ZonedTime(picoseconds: Int64(rounded), offsetMinutes: value.offsetMinutes).bits
        }
        let local = CalendarText.floorDivide(
          value.picoseconds + Int64(value.offsetMinutes) * 60 * CalendarText.picosecondsPerSecond, CalendarText.picosecondsPerDay
        ).remainder
        if case .timestampWithTimeZone(let precision) = to, let key = TimeZoneKey(offsetMinutes: value.offsetMinutes) {
          return CalendarText.instant(local: rounded(today + Int128(local), precision), key).bits
        }
        return result(local: today + Int128(local), time: Int128(local))
      case .timestamp(let precision):
        let local = precision <= 6 ? x * 1_000_000 : x
        return result(local: local, time: nil)
      case .timestampWithTimeZone:
        let value = ZonedTimestamp(bits: x)
        if case .timestampWithTimeZone(let precision) = to {
          return ZonedTimestamp(picoseconds: rounded(value.picoseconds, precision), zone: value.zone).bits
        }
        let local = CalendarText.local(value)
        if case .timeWithTimeZone(let precision) = to {
          let offset = Int((local - value.picoseconds) / (60 * Int128(CalendarText.picosecondsPerSecond)))
          let time = CalendarText.floorDivide(rounded(value.picoseconds, precision), Casts.day).remainder
          return ZonedTime(picoseconds: Int64(time), offsetMinutes: offset).bits
        }
        return result(local: local, time: nil)
      default: return 0
      }
    }

    private func rounded(_ value: Int128, _ precision: Int) -> Int128 {
      CalendarText.rounded(value, to: Int128(CalendarText.unit(precision)))
    }

    /// A local date and time in the target type's form.
    private func result(local: Int128, time: Int128?) -> Int128 {
      switch to {
      case .date: return CalendarText.floorDivide(local, Casts.day).quotient
      case .time(let precision):
        return CalendarText.floorDivide(rounded(time ?? CalendarText.floorDivide(local, Casts.day).remainder, precision), Casts.day)
          .remainder
      case .timeWithTimeZone(let precision):
        let clock = rounded(time ?? CalendarText.floorDivide(local, Casts.day).remainder, precision)
        return ZonedTime(
          picoseconds: Int64(truncatingIfNeeded: clock) - Int64(offsetMinutes) * 60 * CalendarText.picosecondsPerSecond,
          offsetMinutes: offsetMinutes
        ).bits
      case .timestamp(let precision):
        let value = rounded(local, precision)
        return precision <= 6 ? CalendarText.floorDivide(value, 1_000_000).quotient : value
      case .timestampWithTimeZone(let precision): return CalendarText.instant(local: rounded(local, precision), zone).bits
      default: return 0
      }
    }
  }
}
