import Values

/// Dates, times and timestamps as text, both ways: the forms that SQL literals, casts and the client protocol use.
public enum CalendarText {
  public static let picosecondsPerDay: Int64 = 86_400_000_000_000_000
  public static let picosecondsPerSecond: Int64 = 1_000_000_000_000

  /// What a timestamp's text says: a local date and time, and the zone if one is named.
  public struct Parsed {
    public var days: Int
    public var picoseconds: Int64
    public var zone: TimeZoneKey?
    public var hasTime: Bool
  }

  /// `[+-]YYYY-MM-DD`, blanks around it ignored. nil: not a date of the calendar.
  public static func date(_ text: Bytes) -> Int? {
    text.withCursor { cursor in
      var cursor = cursor.trimmed()
      guard let days = day(&cursor), cursor.isAtEnd else { return nil }
      return days
    }
  }

  /// `YYYY-MM-DD[( |T)HH:MM[:SS[.fraction]][ zone]]`. nil: nothing of the kind.
  ///
  /// `takesT`: a `T` may stand between the date and the time, as ISO 8601 writes it and CAST does not.
  public static func timestamp(_ text: Bytes, takesT: Bool = false) -> Parsed? {
    text.withCursor { cursor in
      var cursor = cursor.trimmed()
      guard let days = day(&cursor) else { return nil }
      var parsed = Parsed(days: days, picoseconds: 0, zone: nil, hasTime: false)
      if cursor.isAtEnd { return parsed }
      guard cursor.take(0x20) || (takesT && (cursor.take(0x54) || cursor.take(0x74))) else { return nil }
      cursor.skipBlanks()
      if cursor.next &- 0x30 < 10 {
        guard let time = time(&cursor) else { return nil }
        parsed.picoseconds = time
        parsed.hasTime = true
        cursor.skipBlanks()
      }
      if !cursor.isAtEnd {
        guard let zone = TimeZoneKey(known: cursor.rest) else { return nil }
        parsed.zone = zone
      }
      return parsed
    }
  }

  /// `HH:MM[:SS[.fraction]]` as picoseconds of the day, and the offset in minutes if one follows.
  public static func time(_ text: Bytes) -> (picoseconds: Int64, offsetMinutes: Int?)? {
    text.withCursor { cursor -> (picoseconds: Int64, offsetMinutes: Int?)? in
      var cursor = cursor.trimmed()
      guard let time = time(&cursor) else { return nil }
      cursor.skipBlanks()
      if cursor.isAtEnd { return (time, nil) }
      guard let zone = TimeZoneKey(known: cursor.rest), let minutes = zone.fixedOffsetMinutes else { return nil }
      return (time, minutes)
    }
  }

  @inline(__always)
  private static func day(_ cursor: inout ByteCursor) -> Int? {
    let isNegative = cursor.take(0x2D)
    if !isNegative { _ = cursor.take(0x2B) }
    let start = cursor.at
    guard let year = cursor.digits(9), cursor.at - start >= 4, cursor.take(0x2D), let month = cursor.digits(2), cursor.take(0x2D),
      let day = cursor.digits(2)
    else { return nil }
    let signed = isNegative ? -year : year
    guard month >= 1, month <= 12, day >= 1, day <= 28 || day <= Calendar.daysIn(month: month, of: signed), year <= 5_000_000 else {
      return nil
    }
    return Calendar.days(year: signed, month: month, day: day)
  }

  @inline(__always)
  private static func time(_ cursor: inout ByteCursor) -> Int64? {
    guard let hour = cursor.digits(2), hour < 24, cursor.take(0x3A), let minute = cursor.digits(2), minute < 60 else { return nil }
    var seconds = Int64(hour * 3600 + minute * 60)
    var fraction: Int64 = 0
    if cursor.take(0x3A) {
      guard let second = cursor.digits(2), second < 60 else { return nil }
      seconds += Int64(second)
      if cursor.take(0x2E) {
        let start = cursor.at
        guard let value = cursor.digits(12) else { return nil }
        fraction = Int64(value)
        for _ in (cursor.at - start)..<12 { fraction *= 10 }
        // no type has more digits
        if cursor.digits(1) != nil { return nil }
      }
    }
    return seconds * picosecondsPerSecond + fraction
  }

  // MARK: Units

  /// 10^(12 - precision): picoseconds in one unit of a precision.
  public static func unit(_ precision: Int) -> Int64 {
    var unit: Int64 = 1
    for _ in 0..<max(0, 12 - precision) { unit *= 10 }
    return unit
  }

  /// To a whole number of units, half up, as SQL rounds times.
  @inlinable public static func rounded(_ value: Int128, to unit: Int128) -> Int128 {
    if unit <= 1 { return value }
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
    var whole = quotient
    var rest = remainder
    if rest < 0 {
      rest += unit
      whole -= 1
    }
    return (rest * 2 >= unit ? whole + 1 : whole) * unit
  }

  /// The whole part and what is left, never negative.
  @inlinable public static func floorDivide<T: FixedWidthInteger & SignedInteger>(_ value: T, _ by: T) -> (quotient: T, remainder: T) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: by)
    return remainder < 0 ? (quotient - 1, remainder + by) : (quotient, remainder)
  }

  // MARK: Writing

  /// Years past 9999 have a sign in dates and in what CAST makes of timestamps, but not where clients are shown timestamps.
  public static func write(date days: Int, hasPlus: Bool = true, _ out: inout TextWriter) {
    let (year, month, day) = Calendar.civil(days: days)
    if year < 0 {
      out.write(0x2D)
      out.write(number: -year, width: 4)
    } else {
      if hasPlus && year > 9999 { out.write(0x2B) }
      out.write(number: year, width: 4)
    }
    out.write(0x2D)
    writePair(month, &out)
    out.write(0x2D)
    writePair(day, &out)
  }

  /// `HH:MM:SS.fff` with exactly `precision` digits.
  public static func write(time picoseconds: Int64, precision: Int, _ out: inout TextWriter) {
    let (seconds, fraction) = picoseconds.quotientAndRemainder(dividingBy: picosecondsPerSecond)
    let second = Int(seconds)
    writePair(second / 3600, &out)
    out.write(0x3A)
    writePair(second / 60 % 60, &out)
    out.write(0x3A)
    writePair(second % 60, &out)
    if precision > 0 {
      out.write(0x2E)
      out.write(number: Int(fraction / unit(precision)), width: precision)
    }
  }

  /// Local picoseconds since 1970-01-01 00:00.
  public static func write(timestamp picoseconds: Int128, precision: Int, hasPlus: Bool = false, _ out: inout TextWriter) {
    let (days, rest) = floorDivide(picoseconds, Int128(picosecondsPerDay))
    write(date: Int(truncatingIfNeeded: days), hasPlus: hasPlus, &out)
    out.write(0x20)
    write(time: Int64(truncatingIfNeeded: rest), precision: precision, &out)
  }

  /// In the value's own zone, its name after it.
  public static func write(_ value: ZonedTimestamp, precision: Int, hasPlus: Bool = false, _ out: inout TextWriter) {
    write(timestamp: local(value), precision: precision, hasPlus: hasPlus, &out)
    out.write(0x20)
    out.write(value.zone.name)
  }

  public static func write(_ value: ZonedTime, precision: Int, _ out: inout TextWriter) {
    let offset = Int64(value.offsetMinutes) * 60 * picosecondsPerSecond
    write(time: floorDivide(value.picoseconds + offset, picosecondsPerDay).remainder, precision: precision, &out)
    out.write(TimeZoneKey.offsetText(value.offsetMinutes))
  }

  /// Picoseconds of the local date and time a zoned value shows.
  public static func local(_ value: ZonedTimestamp) -> Int128 {
    let instant = value.picoseconds
    let seconds = floorDivide(instant, Int128(picosecondsPerSecond)).quotient
    return instant + Int128(value.zone.offset(at: Int64(truncatingIfNeeded: seconds))) * Int128(picosecondsPerSecond)
  }

  /// The instant of a local date and time in a zone.
  public static func instant(local: Int128, _ zone: TimeZoneKey) -> ZonedTimestamp {
    let offset: Int
    if let minutes = zone.fixedOffsetMinutes {
      offset = minutes * 60
    } else {
      offset = zone.zone.offset(atLocal: Int64(truncatingIfNeeded: floorDivide(local, Int128(picosecondsPerSecond)).quotient))
    }
    return ZonedTimestamp(picoseconds: local - Int128(offset) * Int128(picosecondsPerSecond), zone: zone)
  }

  /// `2 03:04:05.678`.
  public static func write(interval millis: Int64, _ out: inout TextWriter) {
    if millis < 0 { out.write(0x2D) }
    let size = millis.magnitude
    out.write(number: Int(truncatingIfNeeded: size / 86_400_000))
    out.write(0x20)
    write(time: Int64(size % 86_400_000) * 1_000_000_000, precision: 3, &out)
  }

  /// `1-2`.
  public static func write(months: Int32, _ out: inout TextWriter) {
    if months < 0 { out.write(0x2D) }
    let size = Int(months.magnitude)
    out.write(number: size / 12)
    out.write(0x2D)
    out.write(number: size % 12)
  }

  @inline(__always)
  private static func writePair(_ value: Int, _ out: inout TextWriter) {
    out.write(UInt8(truncatingIfNeeded: 0x30 + value / 10))
    out.write(UInt8(truncatingIfNeeded: 0x30 + value % 10))
  }
}
