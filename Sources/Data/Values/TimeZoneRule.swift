/// The rule that a zone file ends with, in the form of POSIX's TZ variable: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule: Sendable {
  /// Seconds east of UTC.
  private var standard = 0
  private var summer: Summer?

  private struct Summer: Sendable {
    var offset: Int
    var start: Day
    var end: Day
  }

  /// A day of the year and the local time a change happens at.
  private struct Day: Sendable {
    enum Kind: Sendable {
      /// Week 5 is the last; weekday 0 is Sunday.
      case weekday(month: Int, week: Int, weekday: Int)
      /// 1…365, 29 February never counted.
      case julian(Int)
      /// 0…365.
      case ordinal(Int)
    }
    var kind: Kind
    var time: Int

    /// Seconds since the epoch of local midnight, plus the time.
    func seconds(_ year: Int) -> Int64 {
      let day: Int
      switch kind {
      case .weekday(let month, let week, let weekday):
        let first = Calendar.days(year: year, month: month, day: 1)
        let firstWeekday = ((first + 4) % 7 + 7) % 7
        var date = 1 + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
        while date > Calendar.daysIn(month: month, of: year) { date -= 7 }
        day = first + date - 1
      case .julian(let number):
        day = Calendar.days(year: year, month: 1, day: number + (Calendar.isLeap(year) && number >= 60 ? 1 : 0))
      case .ordinal(let number): day = Calendar.days(year: year, month: 1, day: 1) + number
      }
      return Int64(day) * 86_400 + Int64(time)
    }
  }

  /// nil: not such a text.
  init?(_ text: [UInt8]) {
    var scanner = Scanner(bytes: text)
    guard scanner.name(), let offset = scanner.time() else { return nil }
    standard = -offset
    if scanner.isAtEnd { return }
    guard scanner.name() else { return nil }
    var summerOffset = standard + 3600
    if !scanner.isNext(0x2C) {
      guard let given = scanner.time() else { return nil }
      summerOffset = -given
    }
    guard scanner.take(0x2C), let start = scanner.day(), scanner.take(0x2C), let end = scanner.day(), scanner.isAtEnd else { return nil }
    summer = Summer(offset: summerOffset, start: start, end: end)
  }

  func offset(at seconds: Int64) -> Int {
    guard let summer else { return standard }
    let local = seconds + Int64(standard)
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    let year = Calendar.civil(days: Int(days)).year
    let start = summer.start.seconds(year) - Int64(standard), end = summer.end.seconds(year) - Int64(summer.offset)
    let isSummer = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
    return isSummer ? summer.offset : standard
  }

  private struct Scanner {
    let bytes: [UInt8]
    var at = 0

    var isAtEnd: Bool { at == bytes.count }
    func isNext(_ byte: UInt8) -> Bool { at < bytes.count && bytes[at] == byte }

    mutating func take(_ byte: UInt8) -> Bool {
      guard isNext(byte) else { return false }
      at += 1
      return true
    }

    /// `CET` or `<+03>`.
    mutating func name() -> Bool {
      if take(0x3C) {
        while at < bytes.count, bytes[at] != 0x3E { at += 1 }
        return take(0x3E)
      }
      let start = at
      while at < bytes.count, (bytes[at] | 0x20) >= 0x61, (bytes[at] | 0x20) <= 0x7A { at += 1 }
      return at > start
    }

    mutating func number() -> Int? {
      let start = at
      var value = 0
      while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39, at - start < 6 {
        value = value * 10 + Int(bytes[at] - 0x30)
        at += 1
      }
      return at > start ? value : nil
    }

    /// `[+-]h[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
      let isNegative = take(0x2D)
      if !isNegative { _ = take(0x2B) }
      guard let hours = number() else { return nil }
      var seconds = hours * 3600
      if take(0x3A) {
        guard let minutes = number() else { return nil }
        seconds += minutes * 60
        if take(0x3A) {
          guard let rest = number() else { return nil }
          seconds += rest
        }
      }
      return isNegative ? -seconds : seconds
    }

    mutating func day() -> Day? {
      let kind: Day.Kind
      if take(0x4D) {
        guard let month = number(), take(0x2E), let week = number(), take(0x2E), let weekday = number(), (1...12).contains(month),
          (1...5).contains(week), weekday < 7
        else { return nil }
        kind = .weekday(month: month, week: week, weekday: weekday)
      } else if take(0x4A) {
        guard let day = number() else { return nil }
        kind = .julian(day)
      } else {
        guard let day = number() else { return nil }
        kind = .ordinal(day)
      }
      var time = 7200
      if take(0x2F) {
        guard let given = self.time() else { return nil }
        time = given
      }
      return Day(kind: kind, time: time)
    }
  }
}
