import Expressions
import Plans
import SQL
import Settings
import Values

extension Analyzer {
  /// The session properties analysis asks for, for SHOW SESSION.
  package static let declaredProperties: [AnySessionProperty] = [AnySessionProperty(.strictLiterals)]
}

extension SessionProperty where Value == Bool {
  /// Presto's and Trino's strictness: a text constant is never read as a date or a number.
  package static var strictLiterals: SessionProperty<Bool> {
    SessionProperty("strict_literals", false, "Do not read text constants as dates or numbers where the other side is one")
  }
}

extension ExpressionAnalyzer {
  /// The value as `type`, if its type converts by itself. Throws TYPE_MISMATCH.
  func coerced(_ value: Expression, to type: DataType, _ expression: Syntax.Expression, _ what: String) throws -> Expression {
    if value.type == type { return value }
    if Coercion.canCoerce(value.type, to: type) { return value.coerced(to: type) }
    if let read = try readText(value, as: type) { return read }
    throw PrestoError.at(expression.location, .typeMismatch, "\(what) must evaluate to a \(type) (actual: \(value.type))")
  }

  /// All values in their common type; nil when there is none. Text constants give way to the other values' type.
  func common(_ values: [Expression]) throws -> (values: [Expression], type: DataType)? {
    func commonType(_ values: [Expression]) -> DataType? {
      var common: DataType?
      var last: DataType?
      for value in values where value.type != last {
        last = value.type
        guard let known = common else {
          common = value.type
          continue
        }
        guard let wider = Coercion.commonType(known, value.type) else { return nil }
        common = wider
      }
      return common ?? .unknown
    }
    if let type = commonType(values) { return (values, type) }
    // Are the text constants what does not fit?
    let others = values.filter { !$0.isTextConstant && $0.type != .unknown }
    guard others.count < values.count, let type = commonType(others), !type.isText else { return nil }
    let read = try values.map { try $0.isTextConstant ? readText($0, as: type) : $0 }
    let known = read.compactMap { $0 }
    guard known.count == values.count, let wider = commonType(known) else { return nil }
    return (known, wider)
  }

  /// All values cast to their common type. `message` gets the first two types that do not fit.
  func unified(_ values: [Expression], at place: Syntax.Place, _ message: (DataType, DataType) -> String) throws -> [Expression] {
    if let found = try common(values) { return values.isEmpty ? [] : found.values.map { $0.coerced(to: found.type) } }
    let first = values[0].type
    let other = values.first { Coercion.commonType(first, $0.type) == nil }?.type ?? first
    throw PrestoError.at(place.location, .typeMismatch, message(first, other))
  }

  /// A text constant read as another type, as if cast; nil when it is none, when the session forbids it, or when it does not read so.
  func readText(_ value: Expression, as type: DataType) throws -> Expression? {
    guard value.isTextConstant, !context.session[.strictLiterals] else { return nil }
    switch type {
    case .tinyint, .smallint, .integer, .bigint:
      // 'x > 1.5' is no error, only wider.
      return [type, .decimal(precision: 38, scale: 18), .double].lazy.compactMap { try? castNow(value, to: $0) }.first
    case .date:
      return (try? castNow(value, to: .date)) ?? (try? castNow(value, to: .timestamp(precision: 3)))
    case .timestamp, .timestampWithTimeZone:
      return (try? castNow(value, to: type)) ?? (try? castNow(value.withoutISOMark, to: type))
    case .real, .double, .decimal, .boolean, .time, .timeWithTimeZone, .uuid, .ipaddress, .ipprefix:
      return try? castNow(value, to: type)
    case .unknown, .varchar, .char, .varbinary, .json, .intervalDayToSecond, .intervalYearToMonth, .array, .map, .row, .hyperLogLog,
      .tdigest,
      .qdigest, .setDigest, .kllSketch, .function:
      return nil
    }
  }

  /// Arguments of a function that no overload takes, with text constants read as dates, times or numbers; nil when none can be.
  func readArguments(_ values: [Expression?]) throws -> [[Expression?]] {
    guard values.contains(where: { $0?.isTextConstant == true }) else { return [] }
    return try [DataType.date, .timestamp(precision: 3), .timestampWithTimeZone(precision: 3), .bigint, .double].compactMap { type in
      var isRead = false
      let read = try values.map { value -> Expression? in
        guard let value, let read = try readText(value, as: type) else { return value }
        isRead = true
        return read
      }
      return isRead ? read : nil
    }
  }

  /// A cast of a constant, done now. Throws what the cast throws.
  func castNow(_ value: Expression, to type: DataType) throws -> Expression {
    let cast = Expression.cast(value, to: type, safe: false)
    return .constant(try cast.value(functions: context.functions, context: context.evaluation), type)
  }

  func checkOrderable(_ value: Expression, _ expression: Syntax.Expression) throws {
    guard value.type.isOrderable else {
      throw PrestoError.at(
        expression.location, .typeMismatch,
        "Type \(value.type) is not orderable, and therefore cannot be used in ORDER BY: \(text(expression))")
    }
  }
}

extension Expr where Reference == Symbol {
  /// A text written as such.
  var isTextConstant: Bool {
    if case .constant(.bytes, .varchar) = self { true } else { false }
  }

  /// `2020-01-01T10:00:00Z` as CAST reads it: `2020-01-01 10:00:00 UTC`.
  fileprivate var withoutISOMark: Expression {
    guard case .constant(.bytes(var bytes), let type) = self, bytes.count > 10, bytes[10] | 0x20 == UInt8(ascii: "t") else { return self }
    bytes[10] = UInt8(ascii: " ")
    if bytes.last == UInt8(ascii: "Z") { bytes = bytes.dropLast() + Array(" UTC".utf8) }
    return .constant(.bytes(bytes), type)
  }

  /// The same value as `type`; constants are converted at once where that cannot fail.
  func coerced(to target: DataType) -> Expression {
    if type == target { return self }
    if case .constant(let value, let type) = self, let converted = value.widened(from: type, to: target) {
      return .constant(converted, target)
    }
    return .cast(self, to: target, safe: false)
  }

  /// A number constant as a column's type, where it is one of its values: `smallint_column = 5` compares smallints, so that sources and
  /// indexes see the bare column.
  func narrowed(to target: DataType) -> Expression? {
    guard case .constant(let value, let type) = self, !isTextConstant, type != target, !value.isNull else { return nil }
    switch (type, target) {
    case (.smallint, .tinyint), (.integer, .tinyint), (.bigint, .tinyint): return value.integer(in: Int8.self).map { .constant($0, target) }
    case (.integer, .smallint), (.bigint, .smallint): return value.integer(in: Int16.self).map { .constant($0, target) }
    case (.bigint, .integer): return value.integer(in: Int32.self).map { .constant($0, target) }
    case (.tinyint, .decimal), (.smallint, .decimal), (.integer, .decimal), (.bigint, .decimal), (.decimal, .decimal):
      return value.widened(from: type, to: target).map { .constant($0, target) }
    default: return nil
    }
  }

  /// The value as an argument bound to `target`. A longer varchar is the same bytes, so that needs no cast.
  func asArgument(of target: DataType) -> Expression {
    if case .varchar = type, case .varchar = target { return self }
    return coerced(to: target)
  }

  /// Folded with the session's values; not a constant where it depends on anything else, or fails.
  func evaluated(_ context: PlanningContext) -> Expression {
    if isConstant { return self }
    return folded(functions: context.functions, context: context.evaluation)
  }

  func constantDouble(_ context: PlanningContext) -> Double? {
    if case .constant(.double(let value), _) = evaluated(context) { value } else { nil }
  }
}

extension Constant {
  /// Conversions to a wider type that lose nothing and cannot fail; nil: leave it to a cast.
  func widened(from type: DataType, to target: DataType) -> Constant? {
    if isNull { return .null }
    switch (type, target) {
    case (.tinyint, .smallint), (.tinyint, .integer), (.tinyint, .bigint), (.smallint, .integer), (.smallint, .bigint), (.integer, .bigint):
      return self
    case (.varchar(let length), .varchar(let wider)):
      guard let wider else { return self }
      return length.map { $0 <= wider } == true ? self : nil
    case (.tinyint, .double), (.smallint, .double), (.integer, .double):
      return wideValue.map { .double(Double($0)) }
    case (.tinyint, .decimal), (.smallint, .decimal), (.integer, .decimal), (.bigint, .decimal):
      return rescaled(from: 0, to: target)
    case (.decimal(_, let scale), .decimal): return rescaled(from: scale, to: target)
    case (.decimal(_, let scale), .double):
      // Both numbers are exact doubles here, so their quotient is rounded once, as the cast's.
      guard let value = wideValue, scale <= 22, value.magnitude < 1 << 53 else { return nil }
      return .double(Double(value) / Constant.powersOfTen[scale])
    case (.real, .double):
      if case .real(let value) = self { return .double(Double(value)) }
      return nil
    case (.date, .timestamp(let precision)) where precision <= 6:
      guard case .integer(let days) = self else { return nil }
      let (micros, overflow) = days.multipliedReportingOverflow(by: 86_400_000_000)
      return overflow ? nil : .integer(micros)
    default: return nil
    }
  }

  private static let powersOfTen = (0...22).reduce(into: [Double]()) { powers, _ in powers.append((powers.last ?? 0.1) * 10) }

  /// The number, if it is one of the type's.
  fileprivate func integer<T: FixedWidthInteger>(in _: T.Type) -> Constant? {
    if case .integer(let value) = self, T(exactly: value) != nil { self } else { nil }
  }

  /// More digits after the point; nil where digits would be lost or do not fit.
  private func rescaled(from scale: Int, to target: DataType) -> Constant? {
    guard case .decimal(let precision, let targetScale) = target, targetScale >= scale, var value = wideValue else { return nil }
    for _ in 0..<(targetScale - scale) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    var limit: Int128 = 1
    for _ in 0..<precision { limit *= 10 }
    guard value.magnitude < limit.magnitude else { return nil }
    return precision <= 18 ? .integer(Int64(value)) : .wide(value)
  }
}
