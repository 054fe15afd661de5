import Values
import Vectors

extension MomentFormat {
  struct Parsed {
    var moment: Moment
    /// nil: none in the text.
    var zone: TimeZoneKey?
  }

  /// Reads a text as the pattern says. Throws INVALID_FUNCTION_ARGUMENT where it does not fit; the message shows from where on.
  func parse(_ text: Bytes) throws -> Parsed {
    let bytes = text.array
    var at = 0
    var values = Values()
    for (index, token) in tokens.enumerated() {
      let start = at
      switch token {
      case .literal(let literal):
        guard bytes[at...].starts(with: literal) else { throw malformed(bytes, at) }
        at += literal.count
      case .field(let field, let width):
        var isBeforeNumber = false
        if index + 1 < tokens.count, case .field(let next, _) = tokens[index + 1] { isBeforeNumber = next.isNumber }
        guard try read(field, width, isBeforeNumber, bytes, &at, &values) else { throw malformed(bytes, start) }
      }
    }
    if at < bytes.count { throw malformed(bytes, at) }
    return Parsed(moment: try values.moment(bytes), zone: values.zone)
  }

  private func malformed(_ bytes: [UInt8], _ at: Int) -> PrestoError {
    let text = String(decoding: bytes, as: UTF8.self)
    if at >= bytes.count { return invalidArgument("Invalid format: \"\(text)\" is too short") }
    if at == 0 { return invalidArgument("Invalid format: \"\(text)\"") }
    return invalidArgument("Invalid format: \"\(text)\" is malformed at \"\(String(decoding: bytes[at...], as: UTF8.self))\"")
  }

  private func read(
    _ field: Field, _ width: Int, _ isBeforeNumber: Bool, _ bytes: [UInt8], _ at: inout Int, _ values: inout Values
  ) throws -> Bool {
    func number(_ limit: Int, signed: Bool = false) -> Int? {
      var i = at, isNegative = false
      if signed && i < bytes.count && (bytes[i] == 0x2D || bytes[i] == 0x2B) {
        isNegative = bytes[i] == 0x2D
        i += 1
      }
      var value = 0, digits = 0
      while i < bytes.count && digits < limit && bytes[i] >= 48 && bytes[i] <= 57 {
        value = value * 10 + Int(bytes[i] - 48)
        digits += 1
        i += 1
      }
      if digits == 0 { return nil }
      at = i
      return isNegative ? -value : value
    }
    func name(_ names: [String]) -> Int? {
      // the whole name if it is there, else its first three letters
      for length in [Int.max, 3] {
        for (index, name) in names.enumerated() {
          let wanted = Array(name.lowercased().utf8.prefix(length))
          if bytes.count - at >= wanted.count && zip(bytes[at...], wanted).allSatisfy({ $0 | 0x20 == $1 }) {
            at += wanted.count
            return index + 1
          }
        }
      }
      return nil
    }
    func into(_ target: WritableKeyPath<Values, Int?>, _ limit: Int, _ signed: Bool = false) -> Bool {
      guard let value = number(limit, signed: signed) else { return false }
      values[keyPath: target] = value
      return true
    }
    switch field {
    case .era:
      let word = bytes[at...].prefix(2).map { $0 | 0x20 }
      guard word == Array("ad".utf8) || word == Array("bc".utf8) else { return false }
      at += 2
      return true
    case .century: return number(2) != nil
    case .year: return into(\.year, isBeforeNumber ? max(width, 4) : 9, true)
    case .shortYear:
      let start = at
      guard let value = number(isBeforeNumber ? 2 : 9, signed: true) else { return false }
      let isPlain = at - start == 2 && value >= 0
      values.year = isPlain ? firstShortYear + ((value - firstShortYear) % 100 + 100) % 100 : value
      return true
    case .weekYear: return into(\.weekYear, isBeforeNumber ? max(width, 4) : 9, true)
    case .week: return into(\.week, 2)
    case .dayOfWeek: return into(\.dayOfWeek, 1)
    case .dayOfWeekText:
      values.dayOfWeek = name(MomentFormat.weekdays)
      return values.dayOfWeek != nil
    case .month: return into(\.month, 2)
    case .monthText:
      values.month = name(MomentFormat.months)
      return values.month != nil
    case .day: return into(\.day, 2)
    case .dayOfYear: return into(\.dayOfYear, 3)
    case .half:
      let word = bytes[at...].prefix(2).map { $0 | 0x20 }
      guard word == Array("am".utf8) || word == Array("pm".utf8) else { return false }
      values.isAfternoon = word[0] == UInt8(ascii: "p")
      at += 2
      return true
    case .hourOfHalf: return into(\.hourOfHalf, 2)
    case .clockOfHalf: return into(\.clockOfHalf, 2)
    case .hour: return into(\.hour, 2)
    case .clock: return into(\.clock, 2)
    case .minute: return into(\.minute, 2)
    case .second: return into(\.second, 2)
    case .fraction:
      let start = at
      guard let value = number(9) else { return false }
      var millis = value, digits = at - start
      while digits > 3 {
        millis /= 10
        digits -= 1
      }
      while digits < 3 {
        millis *= 10
        digits += 1
      }
      values.millis = millis
      return true
    case .zoneOffset, .zoneName:
      var end = at
      while end < bytes.count, bytes[end] > 0x20, bytes[end] != 0x29, bytes[end] != 0x5D { end += 1 }
      // the longest piece that names a zone
      while end > at {
        if let key = TimeZoneKey(known: String(decoding: bytes[at..<end], as: UTF8.self)) {
          values.zone = key
          at = end
          return true
        }
        end -= 1
      }
      return false
    }
  }

  /// What has been read so far.
  private struct Values {
    var year: Int?, month: Int?, day: Int?, dayOfYear: Int?, weekYear: Int?, week: Int?, dayOfWeek: Int?
    var hour: Int?, clock: Int?, hourOfHalf: Int?, clockOfHalf: Int?, minute: Int?, second: Int?
    var isAfternoon: Bool?
    var millis = 0
    var zone: TimeZoneKey?

    func moment(_ bytes: [UInt8]) throws -> Moment {
      func checked(_ value: Int?, _ range: ClosedRange<Int>, _ name: String, _ standard: Int) throws -> Int {
        guard let value else { return standard }
        guard range.contains(value) else {
          throw invalidArgument(
            "Cannot parse \"\(String(decoding: bytes, as: UTF8.self))\": Value \(value) for \(name) must be in the range [\(range.lowerBound),\(range.upperBound)]"
          )
        }
        return value
      }
      let year = try checked(year, -292_275_054...292_278_993, "year", 1970)
      let month = try checked(month, 1...12, "monthOfYear", 1)
      let day = try checked(day, 1...Calendar.daysIn(month: month, of: year), "dayOfMonth", 1)
      var days = Moments.days(year, month, day)
      if let dayOfYear {
        days = Moments.days(year, 1, 1) + Int64(try checked(dayOfYear, 1...(Calendar.isLeap(year) ? 366 : 365), "dayOfYear", 1)) - 1
      }
      if week != nil || weekYear != nil {
        // the week of January 4th is the first
        let fourth = Moments.days(weekYear ?? year, 1, 4), monday = fourth - Moments.dayOfWeek(fourth) + 1
        let number = try checked(week, 1...53, "weekOfWeekyear", 1), weekday = try checked(dayOfWeek, 1...7, "dayOfWeek", 1)
        days = monday + Int64(number - 1) * 7 + Int64(weekday - 1)
      }
      var hour = try checked(hour, 0...23, "hourOfDay", 0)
      if let clock { hour = try checked(clock, 1...24, "clockhourOfDay", 24) % 24 }
      if let half = hourOfHalf { hour = try checked(half, 0...11, "hourOfHalfday", 0) + (isAfternoon ?? false ? 12 : 0) }
      if let clock = clockOfHalf { hour = try checked(clock, 1...12, "clockhourOfHalfday", 12) % 12 + (isAfternoon ?? false ? 12 : 0) }
      let minute = try checked(minute, 0...59, "minuteOfHour", 0), second = try checked(second, 0...59, "secondOfMinute", 0)
      return Moment(days: days, picos: Int64((hour * 60 + minute) * 60 + second) * Moments.second + Int64(millis) * Moments.milli)
    }
  }
}
