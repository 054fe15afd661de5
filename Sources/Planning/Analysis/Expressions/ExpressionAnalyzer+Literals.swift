import Expressions
import Plans
import SQL
import Settings
import Values

extension ExpressionAnalyzer {
  func literal(_ literal: Syntax.Literal) throws -> Expression {
    switch literal.value {
    case .null: return .null(.unknown)
    case .boolean(let value): return .constant(.boolean(value), .boolean)
    case .integer(let value): return .constant(.integer(value), Int32(exactly: value) == nil ? .bigint : .integer)
    case .decimal(let text): return try decimal(text, literal)
    case .double(let value): return .constant(.double(value), .double)
    case .string(let text): return .constant(.text(text), .varchar(length: text.unicodeScalars.count))
    case .binary(let bytes): return .constant(.bytes(bytes), .varbinary)
    case .typed(let type, let text): return try typed(type, text, literal)
    case .interval(let interval): return try self.interval(interval, literal)
    }
  }

  /// `12.50`: as many digits as written, leading zeros aside.
  private func decimal(_ text: String, _ literal: Syntax.Literal) throws -> Expression {
    var value: Int128 = 0
    var precision = 0
    var scale = 0
    var isFraction = false
    var isNegative = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "-": isNegative = true
      case "+": break
      case ".": isFraction = true
      case "0"..."9":
        if isFraction { scale += 1 }
        if precision > 0 || isFraction || scalar != "0" { precision += 1 }
        guard precision <= 38 else {
          throw PrestoError.at(literal.location, .numericValueOutOfRange, "Value out of range: \(text) has more than 38 digits")
        }
        value = value * 10 + Int128(scalar.value - 48)
      default: throw PrestoError.at(literal.location, .invalidLiteral, "'\(text)' is not a valid DECIMAL literal")
      }
    }
    precision = max(1, precision)
    if isNegative { value = -value }
    return .constant(precision <= 18 ? .integer(Int64(value)) : .wide(value), .decimal(precision: precision, scale: scale))
  }

  // MARK: Typed literals

  /// `DATE '2020-01-01'`: the text cast to the type. Types without parameters take those the text shows.
  private func typed(_ name: Syntax.TypeName, _ text: String, _ literal: Syntax.Literal) throws -> Expression {
    let value = Expression.constant(.text(text), .varchar(length: text.unicodeScalars.count))
    let plain: String? = if case .generic(let generic) = name, generic.arguments.isEmpty { generic.name.canonical } else { nil }
    switch plain {
    case "decimal", "numeric": return try decimal(text, literal)
    case "json":
      // read now: a literal that is none is wrong whether or not anybody asks for it
      do {
        let parsed = try call("json_parse", [value], at: literal.place)
        return .constant(try parsed.value(functions: context.functions, context: context.evaluation), .json)
      } catch let error as PrestoError where error.code == .invalidFunctionArgument {
        throw PrestoError.at(literal.location, .invalidLiteral, "'\(text)' is not a valid JSON literal")
      }
    case "char": return .constant(.text(text), .char(length: text.unicodeScalars.count))
    default: break
    }
    var type = try TypeResolution.type(name)
    switch (name, type) {
    case (.dateTime(let written), .timestamp), (.dateTime(let written), .timestampWithTimeZone):
      let shape = TimeText(text)
      let precision = written.precision == nil ? min(shape.fractionDigits, 12) : type.timePrecision
      type = shape.hasZone ? .timestampWithTimeZone(precision: precision) : .timestamp(precision: precision)
    case (.dateTime(let written), .time), (.dateTime(let written), .timeWithTimeZone):
      let shape = TimeText(text)
      let precision = written.precision == nil ? min(shape.fractionDigits, 12) : type.timePrecision
      type = shape.hasZone ? .timeWithTimeZone(precision: precision) : .time(precision: precision)
    default: break
    }
    func checkPrecision() throws {
      let digits = TimeText(text).fractionDigits
      guard digits > 12, case .dateTime = name else { return }
      let shown = type.description.uppercased().split(separator: "(").joined(separator: ")").split(separator: ")")
      let plain = shown.enumerated().filter { $0.offset != 1 || shown.count == 1 }.map { String($0.element) }.joined()
      throw PrestoError.at(literal.location, .invalidLiteral, "\(plain) precision must be in range [0, 12]: \(digits)")
    }
    try checkPrecision()
    do { return try castNow(value, to: type) } catch let error as PrestoError {
      guard error.code.kind == .userError else { throw error }
      let shown = plain ?? TypeResolution.text(name)
      throw PrestoError.at(literal.location, .invalidLiteral, "'\(text)' is not a valid \(shown.uppercased()) literal")
    }
  }

  // MARK: Intervals

  private func interval(_ interval: Syntax.Interval, _ literal: Syntax.Literal) throws -> Expression {
    guard let parsed = IntervalText.parse(interval) else {
      let fields = (interval.start.rawValue + (interval.end.map { " to \($0.rawValue)" } ?? "")).uppercased()
      throw PrestoError.at(literal.location, .invalidLiteral, "Invalid INTERVAL \(fields) value: \(interval.text)")
    }
    let amount = interval.isNegative ? -parsed.amount : parsed.amount
    return .constant(.integer(amount), parsed.isMonths ? .intervalYearToMonth : .intervalDayToSecond)
  }

  // MARK: Values of the session

  func current(_ node: Syntax.CurrentValue) throws -> Expression {
    func now(as type: DataType) throws -> Expression {
      let now = try call("now", [], at: node.place)
      return (now.type == type ? now : .cast(now, to: type, safe: false)).evaluated(context)
    }
    func text(_ text: String?) -> Expression { text.map { .constant(.text($0), .varchar) } ?? .null(.varchar) }
    let precision = Int(clamping: node.precision ?? 3)
    guard (0...12).contains(precision) else {
      throw PrestoError.at(node.location, .invalidFunctionArgument, "Precision must be between 0 and 12: \(precision)")
    }
    switch node.kind {
    case .date: return try now(as: .date)
    case .time: return try now(as: .timeWithTimeZone(precision: precision))
    case .timestamp: return try now(as: .timestampWithTimeZone(precision: precision))
    case .localTime: return try now(as: .time(precision: precision))
    case .localTimestamp: return try now(as: .timestamp(precision: precision))
    case .user: return text(context.session.user)
    case .catalog: return text(context.session.catalog)
    case .schema: return text(context.session.schema)
    case .path: return text("")
    }
  }
}

/// What the text of a time or timestamp shows of its type.
private struct TimeText {
  var fractionDigits = 0
  var hasZone = false

  /// `2020-01-01 10:20:30.123 Europe/Berlin`: digits after the point of the seconds; whether anything follows the time of day.
  init(_ text: String) {
    var rest = Substring(text)
    while rest.first == " " { rest.removeFirst() }
    // Past the date, if there is one: a sign, digits and hyphens up to a blank or T.
    if let colon = rest.firstIndex(of: ":") {
      if let gap = rest[..<colon].lastIndex(where: { $0 == " " || $0 == "T" }) { rest = rest[rest.index(after: gap)...] }
    } else {
      return
    }
    var isFraction = false
    while let first = rest.first {
      if first.isASCII, first.isNumber {
        if isFraction { fractionDigits += 1 }
      } else if first == "." {
        isFraction = true
      } else if first != ":" {
        break
      }
      rest.removeFirst()
    }
    hasZone = rest.contains { $0 != " " }
  }
}

extension DataType {
  /// Digits of fractional seconds.
  var timePrecision: Int {
    switch self {
    case .time(let precision), .timeWithTimeZone(let precision), .timestamp(let precision), .timestampWithTimeZone(let precision): precision
    default: 0
    }
  }
}
