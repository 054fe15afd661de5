import Glibc
import Values

/// Texts that stand for dates, times and numbers, both ways. No allocation on the way in.
enum TextForm {
  // Out

  static func date(_ days: Int) -> String {
    let day = Calendar.civil(days: days)
    let year = day.year < 0 ? "-" + padded(-day.year, 4) : padded(day.year, 4)
    return "\(year)-\(padded(day.month, 2))-\(padded(day.day, 2))"
  }

  /// `2024-01-31 10:20:30.125`: no fraction where there is none.
  static func timestamp(_ micros: Int64, precision: Int) -> String {
    let length: Int64 = 86_400_000_000
    let day = micros >= 0 ? micros / length : (micros + 1) / length - 1
    let rest = micros - day * length
    let seconds = Int(rest / 1_000_000), fraction = Int(rest % 1_000_000)
    var text = "\(date(Int(day))) \(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    if fraction != 0 { text += "." + String(padded(fraction, 6).prefix(max(precision, 1))) }
    return text
  }

  /// Exactly `scale` digits after the point.
  static func decimal(_ value: Int128, scale: Int) -> String {
    let digits = String(value.magnitude), sign = value < 0 ? "-" : ""
    if scale <= 0 { return sign + digits }
    let whole = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return sign + whole.dropLast(scale) + "." + whole.suffix(scale)
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  // In

  /// `YYYY-MM-DD`, alone or before a time. nil: not a date of the calendar.
  @inline(__always)
  static func days(_ p: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    guard count >= 10 else { return nil }
    // eight bytes at once: digits become their values, the two hyphens 0
    let text = UnsafeRawPointer(p).loadUnaligned(as: UInt64.self).littleEndian ^ 0x2D30_302D_3030_3030
    let (tens, ones) = (p[8] &- 48, p[9] &- 48)
    guard ((text &+ 0x7F76_767F_7676_7676) | text) & 0x8080_8080_8080_8080 == 0, tens < 10, ones < 10 else { return nil }
    let pairs = (text &* 10 &+ text &>> 8) & 0x00FF_0000_00FF_00FF
    let y = Int((pairs & 0xFF) &* 100 &+ (pairs &>> 16) & 0xFF), m = Int((text &>> 40 & 0xFF) &* 10 &+ (text &>> 48 & 0xFF))
    let d = Int(tens) &* 10 &+ Int(ones)
    guard m >= 1, m <= 12, d >= 1, d <= 28 || (d >= 29 && d <= Calendar.daysIn(month: m, of: y)) else { return nil }
    return Calendar.days(year: y, month: m, day: d)
  }

  /// Microseconds since the epoch of `YYYY-MM-DD[( |T)HH:MM[:SS[.fraction]][Z|±HH:MM]]`; an offset is taken off, as SQLite's own functions do.
  /// Fractions past six digits are cut. nil: nothing of the kind.
  static func micros(_ p: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    guard let day = days(p, count) else { return nil }
    let midnight = Int64(day) * 86_400_000_000
    if count == 10 { return midnight }
    guard count >= 16, p[10] == 32 || p[10] == 84, p[13] == 58 else { return nil }
    let hour = digits(p + 11, 2), minute = digits(p + 14, 2)
    guard hour >= 0, hour <= 23, minute >= 0, minute <= 59 else { return nil }
    var place = 16, second = 0, fraction = 0
    if place < count, p[place] == 58 {
      guard place + 3 <= count else { return nil }
      second = digits(p + place + 1, 2)
      guard second >= 0, second <= 59 else { return nil }
      place += 3
      if place < count, p[place] == 46 {
        place += 1
        var unit = 100_000
        let start = place
        while place < count, p[place] &- 48 < 10 {
          fraction += Int(p[place] - 48) * unit
          unit /= 10
          place += 1
        }
        if place == start { return nil }
      }
    }
    var offset = 0
    while place < count, p[place] == 32 { place += 1 }
    if place < count, p[place] == 90 || p[place] == 122 {
      place += 1
    } else if place < count, p[place] == 43 || p[place] == 45 {
      guard place + 6 <= count, p[place + 3] == 58 else { return nil }
      let hours = digits(p + place + 1, 2), minutes = digits(p + place + 4, 2)
      guard hours >= 0, hours <= 18, minutes >= 0, minutes <= 59 else { return nil }
      offset = (hours * 60 + minutes) * (p[place] == 43 ? 1 : -1)
      place += 6
    }
    guard place == count else { return nil }
    return midnight + Int64((hour * 60 + minute - offset) * 60 + second) * 1_000_000 + Int64(fraction)
  }

  /// `count` decimal digits; negative where one is not.
  @inline(__always)
  private static func digits(_ p: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var value = 0, bad: UInt8 = 0
    for i in 0..<count {
      let digit = p[i] &- 48
      bad |= digit > 9 ? 1 : 0
      value = value &* 10 &+ Int(digit)
    }
    return bad == 0 ? value : -1
  }

  static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var range = 0..<text.count
    while let first = range.first, isSpace(text[first]) { range = (first + 1)..<range.upperBound }
    while let last = range.last, isSpace(text[last]) { range = range.lowerBound..<last }
    return UnsafeRawBufferPointer(rebasing: text[range])
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }

  /// A whole number that fits 64 bits, with blanks around it.
  static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
    let text = trimmed(text)
    guard let first = text.first else { return nil }
    let isNegative = first == 45
    let digits = UnsafeRawBufferPointer(rebasing: text[(first == 45 || first == 43 ? 1 : 0)...])
    if digits.isEmpty { return nil }
    var value: Int64 = 0
    for byte in digits {
      guard byte &- 48 < 10 else { return nil }
      let (shifted, a) = value.multipliedReportingOverflow(by: 10)
      let (next, b) = shifted.subtractingReportingOverflow(Int64(byte - 48))
      if a || b { return nil }
      value = next
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// Any number as C writes it, with blanks around it; not hexadecimal, not NaN, not infinite.
  static func double(_ text: UnsafeRawBufferPointer) -> Double? {
    let text = trimmed(text)
    guard !text.isEmpty, text.count < 400, text.allSatisfy({ $0 &- 48 < 10 || $0 == 43 || $0 == 45 || $0 == 46 || $0 == 69 || $0 == 101 })
    else {
      return nil
    }
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// A decimal number as a scaled integer, rounded half away from zero beyond `scale` digits. nil: not a plain decimal number, or too large.
  static func decimal(_ text: UnsafeRawBufferPointer, scale: Int) -> Int128? {
    let text = trimmed(text)
    var place = 0, isNegative = false
    if let first = text.first, first == 43 || first == 45 {
      isNegative = first == 45
      place = 1
    }
    var value: Int128 = 0, digitCount = 0, fraction = -1, roundsUp = false
    while place < text.count {
      let byte = text[place]
      place += 1
      if byte == 46, fraction < 0 {
        fraction = 0
        continue
      }
      guard byte &- 48 < 10 else {
        guard byte == 69 || byte == 101 else { return nil }
        return double(text).flatMap { decimal($0, scale: scale) }
      }
      digitCount += 1
      if fraction >= scale {
        if fraction == scale { roundsUp = byte >= 53 }
      } else {
        let (shifted, a) = value.multipliedReportingOverflow(by: 10)
        let (next, b) = shifted.addingReportingOverflow(Int128(byte - 48))
        if a || b { return nil }
        value = next
      }
      if fraction >= 0 { fraction += 1 }
    }
    guard digitCount > 0 else { return nil }
    for _ in 0..<max(0, scale - max(0, fraction)) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = shifted
    }
    let (rounded, overflow) = value.addingReportingOverflow(roundsUp ? 1 : 0)
    return overflow ? nil : isNegative ? -rounded : rounded
  }

  /// A binary number as a scaled integer, rounded half away from zero. nil: too large for 38 digits.
  static func decimal(_ value: Double, scale: Int) -> Int128? {
    let scaled = value * pow(10, Double(scale))
    guard scaled.magnitude < 1e38 else { return nil }
    let whole = scaled.rounded(.towardZero), rest = scaled - whole
    return Int128(whole) + (rest >= 0.5 ? 1 : rest <= -0.5 ? -1 : 0)
  }
}
