import Values
import Vectors

/// Texts as values of one type.
struct TextColumn {
  let name: String
  let type: DataType

  static func isSupported(_ type: DataType) -> Bool {
    switch type {
    case .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal, .varchar, .date: true
    case .timestamp(let precision), .timestampWithTimeZone(let precision): precision <= 6
    default: false
    }
  }

  /// Throws for a text that is none of the type's values.
  func append(_ value: TextValue, to builder: VectorBuilder) throws(BadRecord) {
    if value.kind == .null { return builder.appendNull() }
    if case .varchar(let length) = type {
      if let length, TextColumn.characters(value.bytes) > length { throw bad(value) }
      guard String(validating: value.bytes, as: UTF8.self) != nil else {
        throw BadRecord(message: "column '\(name)' is not UTF-8")
      }
      value.bytes.withUnsafeBytes { builder.append($0) }
      return
    }
    // an empty text is no number
    if value.bytes.isEmpty { return builder.appendNull() }
    let text = value.bytes
    switch type {
    case .boolean:
      guard let flag = TextColumn.boolean(text) else { throw bad(value) }
      builder.append(flag)
    case .tinyint: builder.append(try whole(value) as Int8)
    case .smallint: builder.append(try whole(value) as Int16)
    case .integer: builder.append(try whole(value) as Int32)
    case .bigint: builder.append(try whole(value) as Int64)
    case .double:
      guard let number = TextColumn.double(text) else { throw bad(value) }
      builder.append(number)
    case .real:
      guard let number = TextColumn.double(text) else { throw bad(value) }
      builder.append(Float(number))
    case .decimal(let precision, let scale):
      guard let number = TextColumn.decimal(text, scale), Decimal.fits(number, precision: precision) else { throw bad(value) }
      if type.layout == .int64 { builder.append(Int64(truncatingIfNeeded: number)) } else { builder.append(number) }
    case .date:
      guard let moment = TextMoment(text), moment.micros == nil else { throw bad(value) }
      builder.append(Int32(moment.days))
    case .timestamp:
      guard let moment = TextMoment(text), moment.offset == nil else { throw bad(value) }
      builder.append(moment.microsSinceEpoch)
    case .timestampWithTimeZone:
      guard let moment = TextMoment(text) else { throw bad(value) }
      let zoned = ZonedTimestamp(picoseconds: Int128(moment.microsSinceEpoch) * 1_000_000, zone: TimeZoneKey(rawValue: 0))
      builder.append(zoned.bits)
    default: throw BadRecord(message: "column '\(name)': files of text have no values of type \(type)")
    }
  }

  private func bad(_ value: TextValue) -> BadRecord {
    let text = String(decoding: value.bytes.prefix(60), as: UTF8.self)
    return BadRecord(message: "column '\(name)': '\(text)' is not a value of type \(type)")
  }

  private func whole<T: FixedWidthInteger>(_ value: TextValue) throws(BadRecord) -> T {
    guard let number = TextColumn.integer(value.bytes), let fitting = T(exactly: number) else { throw bad(value) }
    return fitting
  }

  static func boolean(_ text: ArraySlice<UInt8>) -> Bool? {
    switch text.count {
    case 4: String(decoding: text, as: UTF8.self).lowercased() == "true" ? true : nil
    case 5: String(decoding: text, as: UTF8.self).lowercased() == "false" ? false : nil
    default: nil
    }
  }

  static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
    guard let first = text.first, text.count <= 20, first == 45 || first == 43 || (48...57).contains(first) else { return nil }
    return Int64(String(decoding: text, as: UTF8.self))
  }

  static func double(_ text: ArraySlice<UInt8>) -> Double? {
    guard text.count <= 400, let first = text.first, (43...57).contains(first) || first == 78 || first == 73 else { return nil }
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// Scaled; nil for more digits behind the point than the scale has.
  static func decimal(_ text: ArraySlice<UInt8>, _ scale: Int) -> Int128? {
    var value: Int128 = 0, digits = 0, behind = -1
    let isNegative = text.first == 45
    for byte in isNegative || text.first == 43 ? text.dropFirst() : text {
      if byte == 46, behind < 0 {
        behind = 0
      } else {
        guard (48...57).contains(byte), digits < 38 else { return nil }
        value = value * 10 + Int128(byte - 48)
        digits += value == 0 ? 0 : 1
        if behind >= 0 { behind += 1 }
        if behind > scale { return nil }
      }
    }
    guard text.count > (isNegative ? 1 : 0), let factor = Decimal.power(scale - max(behind, 0)) else { return nil }
    let (scaled, isOver) = value.multipliedReportingOverflow(by: factor)
    return isOver ? nil : isNegative ? -scaled : scaled
  }

  private static func characters(_ text: ArraySlice<UInt8>) -> Int { text.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } }
}

/// `2026-01-31`, `2026-01-31 12:00`, `2026-01-31T12:00:00.123456Z`, `…+02:00`.
struct TextMoment {
  var days: Int
  /// Of the day; nil for a date alone.
  var micros: Int64?
  /// Minutes east of UTC; nil where the text has none.
  var offset: Int?

  var microsSinceEpoch: Int64 { Int64(days) * 86_400_000_000 + (micros ?? 0) - Int64(offset ?? 0) * 60_000_000 }

  init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    func number(_ digits: Int) -> Int? {
      guard rest.count >= digits, rest.prefix(digits).allSatisfy({ (48...57).contains($0) }) else { return nil }
      let value = rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 - 48) }
      rest = rest.dropFirst(digits)
      return value
    }
    func take(_ bytes: UInt8...) -> Bool {
      guard let first = rest.first, bytes.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = number(4), take(45), let month = number(2), take(45), let day = number(2), (1...12).contains(month), day >= 1,
      day <= Calendar.daysIn(month: month, of: year)
    else { return nil }
    days = Calendar.days(year: year, month: month, day: day)
    if rest.isEmpty { return }
    guard take(84, 32), let hour = number(2), hour < 24, take(58), let minute = number(2), minute < 60 else { return nil }
    var total = Int64(hour * 60 + minute) * 60_000_000
    if take(58) {
      guard let second = number(2), second < 60 else { return nil }
      total += Int64(second) * 1_000_000
      if take(46) {
        let digits = rest.prefix { (48...57).contains($0) }
        // nothing finer than a microsecond is kept
        guard (1...6).contains(digits.count) else { return nil }
        var fraction = digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
        for _ in digits.count..<6 { fraction *= 10 }
        total += fraction
        rest = rest.dropFirst(digits.count)
      }
    }
    micros = total
    if rest.isEmpty { return }
    if take(90) {
      offset = 0
    } else {
      let isWest = rest.first == 45
      guard take(43, 45), let hours = number(2), hours <= 14 else { return nil }
      _ = take(58)
      guard let minutes = rest.isEmpty ? 0 : number(2), minutes < 60 else { return nil }
      offset = (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
    guard rest.isEmpty else { return nil }
  }
}
