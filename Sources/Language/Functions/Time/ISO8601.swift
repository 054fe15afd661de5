import Values
import Vectors

/// Dates and times as ISO 8601 writes them.
enum ISO8601 {
  struct Parsed {
    var moment: Moment
    var zone: TimeZoneKey?
  }

  /// `2001-08-22`, `2001-W34-3`, `2001-234`, each cut short if need be, then perhaps `T03:04:05.321` and a zone.
  static func timestamp(_ text: Bytes) -> Parsed? {
    var cursor = Cursor(bytes: text.array)
    var days: Int64 = 0
    if cursor.peek != UInt8(ascii: "T") {
      guard let date = cursor.date() else { return nil }
      days = date
    }
    var parsed = Parsed(moment: Moment(days: days, picos: 0))
    if cursor.take("T") {
      if !cursor.isAtEnd && !cursor.isAtZone {
        guard let picos = cursor.time() else { return nil }
        parsed.moment.picos = picos
      }
      if !cursor.isAtEnd {
        guard let zone = cursor.zone() else { return nil }
        parsed.zone = zone
      }
    }
    return cursor.isAtEnd ? parsed : nil
  }

  static func date(_ text: Bytes) -> Int64? {
    var cursor = Cursor(bytes: text.array)
    guard let days = cursor.date(), cursor.isAtEnd else { return nil }
    return days
  }

  private struct Cursor {
    let bytes: [UInt8]
    var at = 0

    var peek: UInt8? { at < bytes.count ? bytes[at] : nil }
    var isAtEnd: Bool { at == bytes.count }
    var isAtZone: Bool { peek == UInt8(ascii: "Z") || peek == 0x2B || peek == 0x2D }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard peek == UInt8(ascii: character) else { return false }
      at += 1
      return true
    }

    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
      var value = 0, count = 0
      while count < digits.upperBound, let byte = peek, byte >= 48, byte <= 57 {
        value = value * 10 + Int(byte - 48)
        count += 1
        at += 1
      }
      return count >= digits.lowerBound ? value : nil
    }

    mutating func date() -> Int64? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard var year = number(4...9) else { return nil }
      if isNegative { year = -year }
      guard take("-") else { return Moments.days(year, 1, 1) }
      if take("W") {
        guard let week = number(2...2), (1...53).contains(week) else { return nil }
        var day = 1
        if take("-") {
          guard let number = number(1...1), (1...7).contains(number) else { return nil }
          day = number
        }
        let fourth = Moments.days(year, 1, 4)
        return fourth - Moments.dayOfWeek(fourth) + Int64(week - 1) * 7 + Int64(day)
      }
      let start = at
      guard let first = number(1...3) else { return nil }
      if at - start == 3 {
        guard (1...(Calendar.isLeap(year) ? 366 : 365)).contains(first) else { return nil }
        return Moments.days(year, 1, 1) + Int64(first) - 1
      }
      guard (1...12).contains(first) else { return nil }
      guard take("-") else { return Moments.days(year, first, 1) }
      guard let day = number(1...2), (1...Calendar.daysIn(month: first, of: year)).contains(day) else { return nil }
      return Moments.days(year, first, day)
    }

    /// Picoseconds of the day; a fraction may follow whichever part is last.
    mutating func time() -> Int64? {
      var total: Int64 = 0
      var unit: Int64 = 3600 * Moments.second
      for (part, limit) in [24, 59, 59].enumerated() {
        if part > 0 && !take(":") { break }
        guard let value = number(1...2), value <= limit else { return nil }
        if part > 0 { unit /= 60 }
        total += Int64(value) * unit
      }
      if take(".") || take(",") {
        var scale = unit
        var digits = 0
        while let byte = peek, byte >= 48, byte <= 57 {
          scale /= 10
          total += Int64(byte - 48) * scale
          digits += 1
          at += 1
        }
        if digits == 0 { return nil }
      }
      return total < Moments.day ? total : nil
    }

    mutating func zone() -> TimeZoneKey? {
      let name = String(decoding: bytes[at...], as: UTF8.self)
      at = bytes.count
      return TimeZoneKey(known: name)
    }
  }
}
