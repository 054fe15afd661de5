extension Formatter {
  mutating func write(_ value: Syntax.Literal.Value) {
    switch value {
    case .null: write("null")
    case .boolean(let value): write(value ? "true" : "false")
    case .integer(let value): write("\(value)")
    case .decimal(let text): write(text)
    case .double(let value): write(Formatter.text(of: value))
    case .string(let text): write(string: text)
    case .binary(let bytes):
      write("X'")
      for byte in bytes {
        let digits = String(byte, radix: 16, uppercase: true)
        write(digits.utf8.count == 1 ? "0" + digits : digits)
      }
      write("'")
    case .typed(let type, let text):
      write(type)
      write(" ")
      write(string: text)
    case .interval(let interval): write(interval)
    }
  }

  /// The shortest digits that read back as the same number, with an exponent always: `1E0`, `-2.5E-3`.
  static func text(of value: Double) -> String {
    // A literal beyond the range of doubles reads as infinity.
    guard value.isFinite else { return value < 0 ? "-1E999" : "1E999" }
    let text = "\(value)"
    guard let mark = text.firstIndex(of: "e") else { return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "E0" }
    let exponent = text[text.index(after: mark)...]
    return text[..<mark] + "E" + (exponent.hasPrefix("+") ? exponent.dropFirst() : exponent)
  }

  mutating func write(_ interval: Syntax.Interval) {
    write(interval.isNegative ? "INTERVAL -" : "INTERVAL ")
    write(string: interval.text)
    write(" \(interval.start.rawValue.uppercased())")
    if interval.end == nil, let precision = interval.precision, let fractional = interval.fractionalPrecision {
      write("(\(precision), \(fractional))")
      return
    }
    if let precision = interval.precision { write("(\(precision))") }
    guard let end = interval.end else { return }
    write(" TO \(end.rawValue.uppercased())")
    if let fractional = interval.fractionalPrecision { write("(\(fractional))") }
  }

  // MARK: Types

  mutating func write(_ type: Syntax.TypeName) {
    switch type {
    case .generic(let type):
      write(type.name)
      if !type.arguments.isEmpty { parenthesized(type.arguments) { $0.write($1) } }
    case .row(let type):
      write("ROW")
      parenthesized(type.fields) { formatter, field in
        if let name = field.name {
          formatter.write(name)
          formatter.write(" ")
        }
        formatter.write(field.type)
      }
    case .dateTime(let type):
      write(type.kind == .time ? "time" : "timestamp")
      if let precision = type.precision { parenthesized([precision]) { $0.write($1) } }
      if type.hasTimeZone { write(" with time zone") }
    case .interval(let type):
      write("interval \(type.start.rawValue)")
      if type.end != type.start { write(" to \(type.end.rawValue)") }
    }
  }

  private mutating func write(_ argument: Syntax.TypeArgument) {
    switch argument {
    case .number(let number): write("\(number)")
    case .type(let type): write(type)
    }
  }
}
