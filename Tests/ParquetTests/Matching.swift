import Values

/// Whether a value is what the other writer's JSON says.
///
/// Integers are numbers, wide ones and decimals text; binary is hexadecimal; floats are numbers or "NaN", "Infinity"; times are ISO text with a
/// blank between date and time and " UTC" behind instants; maps are lists of pairs, rows are lists or objects.
func matches(_ value: Constant, _ type: DataType, _ expected: JSONText) -> Bool {
  switch (value, expected) {
  case (.null, .null): return true
  case (.null, _), (_, .null): return false
  case (.boolean(let x), .boolean(let y)): return x == y
  case (.real(let x), .number(let text)): return Float(text) == x
  case (.double(let x), .number(let text)): return Double(text) == x
  case (.real(let x), .text(let text)): return "\(x)" == ["NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"][text]
  case (.double(let x), .text(let text)): return "\(x)" == ["NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"][text]
  case (.integer, .number(let text)), (.wide, .number(let text)): return describe(value, type) == text
  case (.integer, .text(let text)), (.wide, .text(let text)), (.bytes, .text(let text)): return describe(value, type) == text
  case (.sequence(let parts), _):
    guard let elements = expected.elements, elements.count == parts.count else { return false }
    switch type {
    case .array(let element): return zip(parts, elements).allSatisfy { matches($0, element, $1) }
    case .row(let fields): return zip(zip(parts, fields), elements).allSatisfy { matches($0.0, $0.1.type, $1) }
    case .map(let key, let value):
      return zip(parts, elements).allSatisfy { matches($0, .row([DataType.Field(nil, key), DataType.Field(nil, value)]), $1) }
    default: return false
    }
  default: return false
  }
}

/// A scalar as the fixtures write it.
func describe(_ value: Constant, _ type: DataType) -> String {
  let number = value.wideValue ?? 0
  switch type {
  case .decimal(_, let scale):
    let digits = String(number.magnitude)
    if scale == 0 { return (number < 0 ? "-" : "") + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return (number < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
  case .date: return date(Int(number))
  case .time(let precision): return time(number, precision)
  case .timestamp(let precision): return instant(precision <= 6 ? number * 1_000_000 : number, precision)
  case .timestampWithTimeZone(let precision): return instant(number >> 16, precision) + " UTC"
  case .varbinary: return hexadecimal(bytes(value))
  case .uuid:
    let text = Array(hexadecimal(bytes(value)))
    return [text[0..<8], text[8..<12], text[12..<16], text[16..<20], text[20..<32]].map { String($0) }.joined(separator: "-")
  default:
    if case .bytes(let bytes) = value { return String(decoding: bytes, as: UTF8.self) }
    return "\(number)"
  }
}

private func bytes(_ value: Constant) -> [UInt8] { if case .bytes(let bytes) = value { bytes } else { [] } }

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = "\(abs(number))"
  return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func date(_ days: Int) -> String {
  let (year, month, day) = Calendar.civil(days: days)
  return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
}

private func time(_ picoseconds: Int128, _ precision: Int) -> String {
  let second = Int(picoseconds / 1_000_000_000_000)
  var fraction = Int(picoseconds % 1_000_000_000_000)
  for _ in precision..<12 { fraction /= 10 }
  return "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    + (precision == 0 ? "" : ".\(padded(fraction, precision))")
}

private func instant(_ picoseconds: Int128, _ precision: Int) -> String {
  let perDay: Int128 = 86_400_000_000_000_000
  var day = picoseconds / perDay
  if picoseconds < day * perDay { day -= 1 }
  return date(Int(day)) + " " + time(picoseconds - day * perDay, precision)
}
