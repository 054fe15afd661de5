/// Days and civil dates of the proleptic Gregorian calendar, without Foundation.
/// Sources: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"; Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their
/// application to calendar algorithms".
public enum Calendar {
  /// Days since 1970-01-01. `month` may only be 1...12; `day` may run over.
  @inlinable
  public static func days(year: Int, month: Int, day: Int) -> Int {
    // years begin in March, and are counted from so far back that none is negative
    let isBefore = month <= 2 ? 1 : 0
    let y = year &+ 400 &* eras &- isBefore, m = month &+ 12 &* isBefore
    let century = y / 100
    let beforeMonth = (979 &* m &- 2919) &>> 5
    return (1461 &* y) &>> 2 &- century &+ century &>> 2 &+ beforeMonth &+ day &- (1 &+ 719_468 &+ 146_097 &* eras)
  }

  /// Of 400 years each.
  @usableFromInline static let eras = 1_000_000_000

  public static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let mp = (5 * dayOfYear + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
  }

  public static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  public static func daysIn(month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
