import Values
import Vectors

/// A date or a time among JSON items: PASSING brings them in, `.datetime()` reads them from texts.
struct JSONMoment: Sendable {
  var type: DataType
  var value: Constant

  init(type: DataType, value: Constant) {
    self.type = type
    self.value = value
  }

  /// As SQL casts it to varchar.
  var text: [UInt8] { Array((value.text(as: type) ?? "").utf8) }

  /// What `.type()` calls it.
  var typeName: String {
    switch type {
    case .date: "date"
    case .time: "time without time zone"
    case .timeWithTimeZone: "time with time zone"
    case .timestamp: "timestamp without time zone"
    default: "timestamp with time zone"
    }
  }

  /// Reads a date, a time or a timestamp in SQL's text forms; nil: it is none. The precision is that of the text.
  init?(text: [UInt8]) {
    func view<R>(_ body: (Bytes) -> R) -> R {
      text.withUnsafeBytes { bytes in body(bytes.baseAddress.map { Bytes($0, count: bytes.count) } ?? .empty) }
    }
    let precision = JSONMoment.fractionDigits(text)
    if let days = view({ CalendarText.date($0) }) {
      self.init(days: days, picoseconds: nil, offset: nil, precision: precision)
    } else if let parsed = view({ CalendarText.timestamp($0, takesT: true) }), parsed.hasTime || parsed.zone != nil {
      let local = Int128(parsed.days) * Int128(CalendarText.picosecondsPerDay) + Int128(parsed.picoseconds)
      if let zone = parsed.zone {
        self.init(
          type: .timestampWithTimeZone(precision: precision), value: .wide(CalendarText.instant(local: local, zone).bits))
      } else {
        self.init(local: local, precision: precision)
      }
    } else if let time = view({ CalendarText.time($0) }) {
      self.init(days: nil, picoseconds: time.picoseconds, offset: time.offsetMinutes, precision: precision)
    } else {
      return nil
    }
  }

  /// What the parts make: a date, a time of the day, or both; with an offset from UTC in minutes.
  init?(days: Int?, picoseconds: Int64?, offset: Int?, precision: Int) {
    switch (days, picoseconds, offset) {
    case (let days?, nil, nil): self.init(type: .date, value: .integer(Int64(days)))
    case (nil, let time?, nil): self.init(type: .time(precision: precision), value: .integer(time))
    case (nil, let time?, let offset?):
      let zoned = ZonedTime(picoseconds: time - Int64(offset) * 60 * CalendarText.picosecondsPerSecond, offsetMinutes: offset)
      self.init(type: .timeWithTimeZone(precision: precision), value: .wide(zoned.bits))
    case (let days?, let time?, nil):
      self.init(local: Int128(days) * Int128(CalendarText.picosecondsPerDay) + Int128(time), precision: precision)
    case (let days?, let time?, let offset?):
      guard let zone = TimeZoneKey(offsetMinutes: offset) else { return nil }
      let local = Int128(days) * Int128(CalendarText.picosecondsPerDay) + Int128(time)
      self.init(type: .timestampWithTimeZone(precision: precision), value: .wide(CalendarText.instant(local: local, zone).bits))
    case (_, nil, _): return nil
    }
  }

  private init(local: Int128, precision: Int) {
    self.init(
      type: .timestamp(precision: precision),
      value: precision <= 6 ? .integer(Int64(truncatingIfNeeded: local / 1_000_000)) : .wide(local))
  }

  /// Digits after the point.
  private static func fractionDigits(_ text: [UInt8]) -> Int {
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
    return min(12, text[(point + 1)...].prefix { $0 >= 48 && $0 <= 57 }.count)
  }

  /// Whether two items compare, and how: nil for different kinds.
  func compared(to other: JSONMoment) -> Int? {
    guard typeName == other.typeName else { return nil }
    guard let a = picoseconds, let b = other.picoseconds else { return nil }
    return a < b ? -1 : a > b ? 1 : 0
  }

  /// The place on its own axis, zones and offsets left out.
  private var picoseconds: Int128? {
    guard let raw = value.wideValue else { return nil }
    switch type {
    case .timestamp(let precision): return precision <= 6 ? raw * 1_000_000 : raw
    case .timestampWithTimeZone: return ZonedTimestamp(bits: raw).picoseconds
    case .timeWithTimeZone: return Int128(ZonedTime(bits: raw).picoseconds)
    default: return raw
    }
  }
}

/// A template of `.datetime("YYYY-MM-DD HH24:MI:SS")` (ISO/IEC 9075-2, 9.52).
struct JSONMomentTemplate: Sendable {
  private enum Part: String, CaseIterable, Sendable {
    // longer ones first: the first that fits is taken
    case secondsOfDay = "SSSSS", year4 = "YYYY", yearR4 = "RRRR", hour24 = "HH24", hour12 = "HH12", dayOfYear = "DDD"
    case zoneHour = "TZH", zoneMinute = "TZM", morning = "A.M.", evening = "P.M."
    case year2 = "YY", month = "MM", day = "DD", hour = "HH", minute = "MI", second = "SS"
    case ff1 = "FF1", ff2 = "FF2", ff3 = "FF3", ff4 = "FF4", ff5 = "FF5", ff6 = "FF6", ff7 = "FF7", ff8 = "FF8", ff9 = "FF9"
  }

  private enum Element: Sendable {
    case part(Part)
    case separator(UInt8)
  }

  private var elements: [Element] = []

  /// nil: not a template.
  init?(_ text: [UInt8]) {
    var rest = text[...]
    while let first = rest.first {
      if let part = Part.allCases.first(where: { rest.starts(with: $0.rawValue.utf8) }) {
        elements.append(.part(part))
        rest = rest.dropFirst(part.rawValue.utf8.count)
      } else if Array("-./,';: T".utf8).contains(first) {
        elements.append(.separator(first))
        rest = rest.dropFirst()
      } else {
        return nil
      }
    }
  }

  /// nil: the text does not fit.
  func moment(_ text: [UInt8]) -> JSONMoment? {
    var at = 0
    func number(_ limit: Int) -> Int? {
      let digits = text[at...].prefix(limit).prefix { $0 >= 48 && $0 <= 57 }
      guard !digits.isEmpty else { return nil }
      at += digits.count
      return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
    var year: Int?, month: Int?, day: Int?, dayOfYear: Int?
    var hour: Int?, minute = 0, second = 0, picoseconds: Int64 = 0, precision = 0
    var isAfternoon: Bool?, zoneHour: Int?, zoneMinute = 0, isWest = false
    for element in elements {
      switch element {
      case .separator(let byte):
        guard at < text.count, text[at] == byte else { return nil }
        at += 1
      case .part(let part):
        switch part {
        case .year4, .yearR4: year = number(4)
        case .year2: year = number(2).map { 2000 + $0 }
        case .month: month = number(2)
        case .day: day = number(2)
        case .dayOfYear: dayOfYear = number(3)
        case .hour, .hour12, .hour24: hour = number(2)
        case .minute: minute = number(2) ?? -1
        case .second: second = number(2) ?? -1
        case .secondsOfDay:
          guard let seconds = number(5) else { return nil }
          (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        case .ff1, .ff2, .ff3, .ff4, .ff5, .ff6, .ff7, .ff8, .ff9:
          let start = at
          guard let value = number(Int(part.rawValue.utf8.last ?? 57) - 48) else { return nil }
          precision = at - start
          picoseconds = Int64(value) * CalendarText.unit(precision)
        case .morning, .evening:
          guard text[at...].count >= 4 else { return nil }
          isAfternoon = text[at] | 0x20 == UInt8(ascii: "p")
          at += 4
        case .zoneHour:
          guard at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") else { return nil }
          isWest = text[at] == UInt8(ascii: "-")
          at += 1
          zoneHour = number(2)
        case .zoneMinute: zoneMinute = number(2) ?? -1
        }
      }
    }
    guard at == text.count, minute >= 0, minute < 60, second >= 0, second < 60, zoneMinute >= 0, zoneMinute < 60 else { return nil }
    var days: Int?
    if let year, let dayOfYear, dayOfYear >= 1, dayOfYear <= 366 {
      days = Calendar.days(year: year, month: 1, day: 1) + dayOfYear - 1
    } else if let year {
      let month = month ?? 1, day = day ?? 1
      guard month >= 1, month <= 12, day >= 1, day <= Calendar.daysIn(month: month, of: year) else { return nil }
      days = Calendar.days(year: year, month: month, day: day)
    }
    var time: Int64?
    if var hour {
      if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
      guard hour < 24 else { return nil }
      time = Int64(hour * 3600 + minute * 60 + second) * CalendarText.picosecondsPerSecond + picoseconds
    }
    let offset = zoneHour.map { (isWest ? -1 : 1) * ($0 * 60 + zoneMinute) }
    return JSONMoment(days: days, picoseconds: time, offset: offset, precision: precision)
  }
}
