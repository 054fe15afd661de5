import Testing
import Values

/// Days and dates are each other's inverse, however far from now.
struct CalendarTests {
  @Test func daysAndDates() {
    #expect(Calendar.days(year: 1970, month: 1, day: 1) == 0)
    #expect(Calendar.days(year: 2000, month: 2, day: 29) == 11_016)
    #expect(Calendar.days(year: 1969, month: 12, day: 31) == -1)
    #expect(Calendar.days(year: 0, month: 1, day: 1) == -719_528)
    #expect(Calendar.days(year: -4713, month: 11, day: 24) == -2_440_588)
    // all days around the turns of centuries and of the calendar's zero, then far ones
    let near = [-719_528, -36_525, 0, 10_957, 47_482].flatMap { ($0 - 800)...($0 + 800) }
    let far = (-40...40).flatMap { step in (0..<37).map { step * 53_687_091 + $0 * 31 } }
    for days in near + far {
      let date = Calendar.civil(days: days)
      #expect(Calendar.days(year: date.year, month: date.month, day: date.day) == days)
      #expect((1...12).contains(date.month) && (1...Calendar.daysIn(month: date.month, of: date.year)).contains(date.day))
    }
    // a day may run over its month
    #expect(Calendar.days(year: 2024, month: 12, day: 45) == Calendar.days(year: 2025, month: 1, day: 14))
  }
}
