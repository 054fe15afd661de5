import Values
import Vectors

/// A local date and time of day: what calendar functions work on, whatever the type.
struct Moment {
  /// Since 1970-01-01.
  var days: Int64
  /// Of the day, 0 ..< 86,400 · 10^12.
  var picos: Int64
}

/// Calendar arithmetic on days and picoseconds.
enum Moments {
  static let second: Int64 = 1_000_000_000_000
  static let milli: Int64 = 1_000_000_000
  static let day: Int64 = 86_400 * second

  @inline(__always) static func floor<T: FixedWidthInteger & SignedInteger>(_ x: T, _ y: T) -> T {
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022): no division but by constants.
  /// Days beyond about ±30,000 years go the slow way.
  @inline(__always)
  static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
    guard days > -11_000_000 && days < 11_000_000 else { return Calendar.civil(days: Int(days)) }
    let n = UInt32(truncatingIfNeeded: days &+ 719_468 &+ 146_097 &* 82)
    let n1 = 4 &* n &+ 3
    let century = n1 / 146_097, n2 = 4 &* (n1 % 146_097 / 4) &+ 3
    let p2 = 2_939_745 &* UInt64(n2)
    let year = 100 &* century &+ UInt32(truncatingIfNeeded: p2 &>> 32)
    let dayOfYear = UInt32(truncatingIfNeeded: p2) / 2_939_745 / 4
    let n3 = 2141 &* dayOfYear &+ 197_913
    let isNext = dayOfYear >= 306
    return (
      Int(year) &- 400 &* 82 &+ isNext.bit, Int(n3 &>> 16) &- 12 &* isNext.bit, Int((n3 & 0xFFFF) / 2141) &+ 1
    )
  }

  @inline(__always) static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    Int64(Calendar.days(year: year, month: month, day: day))
  }

  /// Monday is 1.
  @inline(__always) static func dayOfWeek(_ days: Int64) -> Int64 {
    let rest = (days &+ 3) % 7
    return rest < 0 ? rest &+ 8 : rest &+ 1
  }

  static func dayOfYear(_ days: Int64) -> Int64 { days - self.days(civil(days).year, 1, 1) + 1 }

  /// ISO 8601: weeks belong to the year of their Thursday.
  static func isoWeek(_ days: Int64) -> (year: Int, week: Int64) {
    let thursday = days - dayOfWeek(days) + 4
    let year = civil(thursday).year
    return (year, (thursday - self.days(year, 1, 1)) / 7 + 1)
  }

  /// Months later, the day cut to the month's last.
  static func adding(months: Int64, toDays days: Int64) throws -> Int64 {
    let (year, month, day) = civil(days)
    let (total, overflow) = (Int64(year) * 12 + Int64(month - 1)).addingReportingOverflow(months)
    if overflow || total.magnitude > 12 * 6_000_000 { throw invalidArgument("Value cannot fit in an int: \(months) months") }
    let newYear = floor(total, 12), newMonth = Int(total - newYear * 12) + 1
    return self.days(Int(newYear), newMonth, min(day, Calendar.daysIn(month: newMonth, of: Int(newYear))))
  }
}

/// Offsets of the zones met in a batch: the last one is remembered, as neighbours mostly share theirs.
struct ZoneOffsets {
  private var key: TimeZoneKey?
  private var zone = TimeZone.utc

  mutating func zone(_ wanted: TimeZoneKey) -> TimeZone {
    if wanted != key {
      key = wanted
      zone = wanted.zone
    }
    return zone
  }
}

/// How a type's slots stand for moments.
protocol MomentLayout: SendableMetatype {
  associatedtype Slot: Storable
  static func moment(_ slot: Slot, _ zones: inout ZoneOffsets) -> Moment
  /// `like`: where the zone comes from. Throws when the type cannot hold it.
  static func slot(_ moment: Moment, like: Slot, _ zones: inout ZoneOffsets) throws -> Slot
  /// Milliseconds since the epoch in UTC, rounded down.
  static func millis(_ slot: Slot) -> Int64
  /// A span of time later, not touching the calendar.
  static func adding(picos: Int128, to slot: Slot) throws -> Slot
}

private let tooLarge = PrestoError(.numericValueOutOfRange, "Date or time out of range")

enum DateMoment: MomentLayout {
  typealias Slot = Int32
  @inline(__always) static func moment(_ slot: Int32, _ zones: inout ZoneOffsets) -> Moment { Moment(days: Int64(slot), picos: 0) }
  static func slot(_ moment: Moment, like: Int32, _ zones: inout ZoneOffsets) throws -> Int32 {
    guard let days = Int32(exactly: moment.days) else { throw tooLarge }
    return days
  }
  static func millis(_ slot: Int32) -> Int64 { Int64(slot) * 86_400_000 }
  static func adding(picos: Int128, to slot: Int32) throws -> Int32 { throw invalidArgument("Dates have no time of day") }
}

enum MicrosMoment: MomentLayout {
  typealias Slot = Int64
  @inline(__always) static func moment(_ slot: Int64, _ zones: inout ZoneOffsets) -> Moment {
    let days = Moments.floor(slot, 86_400_000_000)
    return Moment(days: days, picos: (slot &- days &* 86_400_000_000) &* 1_000_000)
  }
  static func slot(_ moment: Moment, like: Int64, _ zones: inout ZoneOffsets) throws -> Int64 {
    let (micros, a) = moment.days.multipliedReportingOverflow(by: 86_400_000_000)
    let (sum, b) = micros.addingReportingOverflow(moment.picos / 1_000_000)
    if a || b { throw tooLarge }
    return sum
  }
  static func millis(_ slot: Int64) -> Int64 { Moments.floor(slot, 1000) }
  static func adding(picos: Int128, to slot: Int64) throws -> Int64 {
    guard let sum = Int64(exactly: Int128(slot) + picos / 1_000_000) else { throw tooLarge }
    return sum
  }
}

enum PicosMoment: MomentLayout {
  typealias Slot = Int128
  @inline(__always) static func moment(_ slot: Int128, _ zones: inout ZoneOffsets) -> Moment {
    let days = Moments.floor(slot, Int128(Moments.day))
    return Moment(days: Int64(truncatingIfNeeded: days), picos: Int64(truncatingIfNeeded: slot - days * Int128(Moments.day)))
  }
  static func slot(_ moment: Moment, like: Int128, _ zones: inout ZoneOffsets) throws -> Int128 {
    Int128(moment.days) * Int128(Moments.day) + Int128(moment.picos)
  }
  static func millis(_ slot: Int128) -> Int64 { Int64(truncatingIfNeeded: Moments.floor(slot, 1_000_000_000)) }
  static func adding(picos: Int128, to slot: Int128) throws -> Int128 {
    let (sum, overflow) = slot.addingReportingOverflow(picos)
    if overflow { throw tooLarge }
    return sum
  }
}

enum ZonedMoment: MomentLayout {
  typealias Slot = ZonedTimestamp
  static func moment(_ slot: ZonedTimestamp, _ zones: inout ZoneOffsets) -> Moment {
    let seconds = Int64(truncatingIfNeeded: Moments.floor(slot.picoseconds, Int128(Moments.second)))
    let offset = zones.zone(slot.zone).offset(at: seconds)
    return PicosMoment.moment(slot.picoseconds + Int128(offset) * Int128(Moments.second), &zones)
  }
  static func slot(_ moment: Moment, like: ZonedTimestamp, _ zones: inout ZoneOffsets) throws -> ZonedTimestamp {
    let local = Int128(moment.days) * Int128(Moments.day) + Int128(moment.picos)
    let seconds = Int64(truncatingIfNeeded: Moments.floor(local, Int128(Moments.second)))
    let offset = zones.zone(like.zone).offset(atLocal: seconds)
    return ZonedTimestamp(picoseconds: local - Int128(offset) * Int128(Moments.second), zone: like.zone)
  }
  static func millis(_ slot: ZonedTimestamp) -> Int64 { PicosMoment.millis(slot.picoseconds) }
  static func adding(picos: Int128, to slot: ZonedTimestamp) throws -> ZonedTimestamp {
    ZonedTimestamp(picoseconds: try PicosMoment.adding(picos: picos, to: slot.picoseconds), zone: slot.zone)
  }
}

/// Times of day lie on day 0 and wrap around.
enum TimeMoment: MomentLayout {
  typealias Slot = Int64
  static func moment(_ slot: Int64, _ zones: inout ZoneOffsets) -> Moment { Moment(days: 0, picos: slot) }
  static func slot(_ moment: Moment, like: Int64, _ zones: inout ZoneOffsets) throws -> Int64 { moment.picos }
  static func millis(_ slot: Int64) -> Int64 { slot / Moments.milli }
  static func adding(picos: Int128, to slot: Int64) throws -> Int64 {
    let rest = (Int128(slot) + picos) % Int128(Moments.day)
    return Int64(truncatingIfNeeded: rest < 0 ? rest + Int128(Moments.day) : rest)
  }
}

extension ZonedTime: Storable {
  public typealias Stored = ZonedTime
  public static var dataType: DataType { .timeWithTimeZone(precision: 12) }
}

enum ZonedTimeMoment: MomentLayout {
  typealias Slot = ZonedTime
  static func moment(_ slot: ZonedTime, _ zones: inout ZoneOffsets) -> Moment {
    let local = (slot.picoseconds + Int64(slot.offsetMinutes) * 60 * Moments.second) % Moments.day
    return Moment(days: 0, picos: local < 0 ? local + Moments.day : local)
  }
  static func slot(_ moment: Moment, like: ZonedTime, _ zones: inout ZoneOffsets) throws -> ZonedTime {
    ZonedTime(picoseconds: moment.picos - Int64(like.offsetMinutes) * 60 * Moments.second, offsetMinutes: like.offsetMinutes)
  }
  static func millis(_ slot: ZonedTime) -> Int64 { slot.picoseconds / Moments.milli }
  static func adding(picos: Int128, to slot: ZonedTime) throws -> ZonedTime {
    ZonedTime(picoseconds: try TimeMoment.adding(picos: picos, to: slot.picoseconds), offsetMinutes: slot.offsetMinutes)
  }
}
