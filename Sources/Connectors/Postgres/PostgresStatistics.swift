import RemoteSQL
import Values

/// What `pg_stats` tells of a column, in our terms.
enum PostgresStatistics {
  /// `catalog`: null_frac, n_distinct, avg_width, histogram bounds. All may be missing.
  static func estimate(type: DataType, tableRows: Double?, catalog: [String?], common: [(text: String, share: Double)]) -> RemoteEstimate? {
    guard catalog.count == 4, let nullFraction = catalog[0].flatMap({ Double($0) }) else { return nil }
    var distinct: Double?
    if let count = catalog[1].flatMap({ Double($0) }), count != 0 {
      // Negative: a share of the rows.
      distinct = count > 0 ? count : tableRows.map { max(1, -count * $0) }
    }
    var frequent: [Constant: Double] = [:]
    for (text, share) in common { if let value = value(of: text, type) { frequent[value] = share } }
    // The histogram leaves out the most common values.
    let histogram = bounds(catalog[3] ?? "", type)
    let ordered = (histogram + frequent.keys).filter { if case .bytes = $0 { false } else { true } }
    return RemoteEstimate(
      distinct: distinct, nullFraction: nullFraction, low: ordered.min { number($0) < number($1) },
      high: ordered.max { number($0) < number($1) }, width: catalog[2].flatMap { Double($0) }, common: frequent, histogram: histogram)
  }

  /// Raises a count of distinct values that a unique key proves to be too low. The values of a key's columns can be combined in at least as many
  /// ways as there are rows; where the counts say otherwise, the largest of them is the one to blame: a sample sees all of few values, and too few
  /// of many.
  ///
  /// - Parameter uniqueKey: places in `columns`; nil for one that we do not see.
  static func enforce(uniqueKey: [Int?], tableRows: Double, _ columns: inout [RemoteColumn]) {
    var combinations = 1.0, rows = tableRows
    var largest: (place: Int, distinct: Double)?
    for place in uniqueKey {
      guard let place, let estimate = columns[place].estimate, let distinct = estimate.distinct else { return }
      combinations *= max(1, distinct)
      // as often as it likes, a key may hold a null
      rows *= 1 - (estimate.nullFraction ?? 0)
      if distinct > largest?.distinct ?? 0 { largest = (place, distinct) }
    }
    guard let largest, combinations < rows else { return }
    columns[largest.place].estimate?.distinct = largest.distinct * rows / combinations
  }

  /// Bounds that are kept of a histogram, evenly chosen, the first and the last among them.
  private static let mostBounds = 33

  /// An array's text, `{1,2}` or `{"2024-01-31 00:00:00"}`, whose elements are ascending numbers or instants; empty where one of those chosen cannot be
  /// read.
  private static func bounds(_ text: String, _ type: DataType) -> [Constant] {
    let texts = text.split { "{},\"".contains($0) }
    guard texts.count > 1 else { return [] }
    let count = min(texts.count, mostBounds)
    let chosen = (0..<count).map { texts[$0 * (texts.count - 1) / (count - 1)] }.compactMap { value(of: String($0), type) }
    return chosen.count == count ? chosen : []
  }

  private static func number(_ value: Constant) -> Double {
    switch value {
    case .integer(let value): Double(value)
    case .wide(let value): Double(value)
    case .real(let value): Double(value)
    case .double(let value): value
    case .boolean(let value): value ? 1 : 0
    case .null, .bytes, .sequence: 0
    }
  }

  /// A bound's text as a constant of the column's type; nil for other types, infinities, NaN and dates before our era.
  static func value(of text: String, _ type: DataType) -> Constant? {
    switch type {
    case .smallint, .integer, .bigint: return Int64(text).map { .integer($0) }
    case .real: return Float(text).flatMap { $0.isFinite ? .real($0) : nil }
    case .double: return Double(text).flatMap { $0.isFinite ? .double($0) : nil }
    case .decimal(let precision, let scale):
      guard let value = scaled(text, scale) else { return nil }
      return precision <= 18 ? Int64(exactly: value).map { .integer($0) } : .wide(value)
    case .date: return days(text[...]).map { .integer(Int64($0)) }
    case .timestamp(let precision):
      guard precision <= 6 else { return nil }
      return micros(text).map { .integer($0) }
    case .boolean: return text == "t" ? .boolean(true) : text == "f" ? .boolean(false) : nil
    case .varchar: return .text(text)
    case .char:
      var trimmed = text[...]
      while trimmed.hasSuffix(" ") { trimmed = trimmed.dropLast() }
      return .text(String(trimmed))
    case .timestampWithTimeZone: return micros(text).map { .wide(Int128($0) * 1_000_000 << 16) }
    default: return nil
    }
  }

  private static func scaled(_ text: String, _ scale: Int) -> Int128? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first else { return nil }
    let fraction = (parts.count > 1 ? String(parts[1]) : "").prefix(scale)
    return Int128(whole + fraction + String(repeating: "0", count: max(0, scale - fraction.count)))
  }

  private static func days(_ text: Substring) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month) else {
      return nil
    }
    return Calendar.days(year: year, month: month, day: day)
  }

  /// `2024-01-31 12:34:56.789+00`: the session's zone is UTC.
  private static func micros(_ text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let days = days(parts[0]) else { return nil }
    let clock = parts[1].split(separator: "+")[0].split(separator: ":")
    guard clock.count == 3, let hour = Int(clock[0]), let minute = Int(clock[1]), let second = Double(clock[2]) else { return nil }
    return Int64(days) * 86_400_000_000 + Int64(hour * 3600 + minute * 60) * 1_000_000 + Int64(second * 1_000_000)
  }
}
