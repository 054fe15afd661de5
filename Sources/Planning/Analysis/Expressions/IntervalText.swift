import SQL

/// Reads the text of interval literals: `'3' DAY`, `'2 04:05:06.789' DAY TO SECOND`, `'1-6' YEAR TO MONTH`.
enum IntervalText {
  /// Months, or milliseconds; nil when the text does not fit the fields.
  static func parse(_ interval: Syntax.Interval) -> (amount: Int64, isMonths: Bool)? {
    let end = interval.end ?? interval.start
    switch (interval.start, end) {
    case (.year, .year), (.year, .month), (.month, .month), (.quarter, .quarter):
      let units: [Int64] = interval.start == .year ? [12, 1] : interval.start == .quarter ? [3] : [1]
      return amount(interval.text, separators: end == interval.start ? [] : ["-"], units: units).map { ($0, true) }
    default: break
    }
    let order: [Syntax.IntervalField] = [.day, .hour, .minute, .second]
    let millis: [Syntax.IntervalField: Int64] = [
      .week: 604_800_000, .day: 86_400_000, .hour: 3_600_000, .minute: 60_000, .second: 1_000, .millisecond: 1,
    ]
    if interval.start == end, let unit = millis[end] {
      return amount(interval.text, separators: [], units: [unit], hasFraction: end == .second).map { ($0, false) }
    }
    guard let first = order.firstIndex(of: interval.start), let last = order.firstIndex(of: end), first < last else { return nil }
    let separators: [Character] = (first..<last).map { order[$0] == .day ? " " : ":" }
    return amount(interval.text, separators: separators, units: order[first...last].compactMap { millis[$0] }, hasFraction: end == .second)
      .map { ($0, false) }
  }

  /// Numbers apart by `separators`, each times its unit; a sign before the first counts for all. The last may have a fraction (seconds).
  private static func amount(_ text: String, separators: [Character], units: [Int64], hasFraction: Bool = false) -> Int64? {
    var rest = Substring(text)
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    var isNegative = false
    if rest.first == "-" || rest.first == "+" { isNegative = rest.removeFirst() == "-" }
    var total: Int64 = 0
    for index in 0...separators.count {
      var piece = rest
      var isLast = index == separators.count
      if !isLast {
        // the fields at the end may be left out
        if let cut = rest.firstIndex(of: separators[index]) {
          piece = rest[..<cut]
          rest = rest[rest.index(after: cut)...]
        } else {
          isLast = true
        }
      }
      guard units.indices.contains(index), let part = part(piece, units[index], hasFraction: hasFraction && index == separators.count)
      else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow { return nil }
      total = sum
      if isLast { break }
    }
    return isNegative ? -total : total
  }

  private static func part(_ text: Substring, _ unit: Int64, hasFraction: Bool) -> Int64? {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count == 1 || (pieces.count == 2 && hasFraction), let whole = number(pieces[0]) else { return nil }
    let (amount, overflow) = whole.multipliedReportingOverflow(by: unit)
    guard pieces.count == 2 else { return overflow ? nil : amount }
    // Milliseconds: three digits, the rest is dropped.
    guard !pieces[1].isEmpty, number(pieces[1].prefix(18)) != nil,
      let millis = number(Substring(pieces[1].prefix(3) + String(repeating: "0", count: max(0, 3 - pieces[1].count))))
    else { return nil }
    let (sum, tooLarge) = amount.addingReportingOverflow(millis)
    return overflow || tooLarge ? nil : sum
  }

  private static func number(_ text: Substring) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int64(text)
  }
}
