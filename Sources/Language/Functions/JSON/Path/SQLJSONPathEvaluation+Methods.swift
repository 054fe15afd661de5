import Values
import Vectors

extension SQLJSONPathEvaluation {
  func call(_ method: SQLJSONPath.Method, _ items: [JSONItem]) throws -> [JSONItem] {
    switch method {
    case .type: return items.map { .text(Array($0.typeName.utf8)) }
    case .size:
      return try items.map { item in
        if case .array(let elements) = item { return .number(.integer(Int64(elements.count))) }
        if isLax { return .number(.integer(1)) }
        throw Self.failure("structural error: invalid item type. Expected: ARRAY, actual: \(item.kindName)")
      }
    case .keyValue:
      var id: Int64 = 0
      return try unwrapped(items).flatMap { item -> [JSONItem] in
        guard case .object(let members) = item else { throw invalid(item, "OBJECT") }
        defer { id += 1 }
        return members.map { member in
          .object([
            JSONMember(name: Array("name".utf8), value: .text(member.name)), JSONMember(name: Array("value".utf8), value: member.value),
            JSONMember(name: Array("id".utf8), value: .number(.integer(id))),
          ])
        }
      }
    case .ceiling: return try numbers(items) { JSONArithmetic.rounded($0, up: true) }
    case .floor: return try numbers(items) { JSONArithmetic.rounded($0, up: false) }
    case .absolute: return try numbers(items, JSONArithmetic.magnitude)
    case .double, .bigint, .integer, .number, .decimal: return try unwrapped(items).map { .number(try converted($0, method)) }
    case .boolean: return try unwrapped(items).map { .boolean(try boolean($0)) }
    case .string:
      return try unwrapped(items).map { item in
        guard let text = item.scalarText else { throw invalid(item, "scalar") }
        return .text(text)
      }
    case .moment, .date, .time, .timestamp: return try unwrapped(items).map { .moment(try moment($0, method)) }
    }
  }

  private func invalid(_ item: JSONItem, _ expected: String) -> PrestoError {
    Self.failure("invalid item type. Expected: \(expected), actual: \(item.kindName)")
  }

  private func numbers(_ items: [JSONItem], _ body: (JSONNumber) throws -> JSONNumber) throws -> [JSONItem] {
    try unwrapped(items).map { item in
      guard case .number(let number) = item else { throw invalid(item, "NUMBER") }
      return .number(try body(number))
    }
  }

  private func converted(_ item: JSONItem, _ method: SQLJSONPath.Method) throws -> JSONNumber {
    let number: JSONNumber
    switch item {
    case .number(let value): number = value
    case .text(let text):
      guard let value = text.withUnsafeBytes({ JSONNumber($0) }) else { throw invalid(item, "NUMBER") }
      number = value
    case .null, .boolean, .array, .object, .moment: throw invalid(item, "NUMBER or STRING")
    }
    switch method {
    case .double: return .double(number.double)
    case .bigint, .integer:
      guard let whole = whole(number), method.isBigint || Int32(exactly: whole) != nil else { throw Self.failure("value out of range") }
      return .integer(whole)
    case .decimal(let precision, let scale):
      guard let exact = exact(number), let value = Decimal.rescaled(exact.value, from: exact.scale, to: scale),
        Decimal.fits(value, precision: precision)
      else { throw Self.failure("value out of range") }
      return .decimal(value, scale: scale)
    default: return number
    }
  }

  /// Rounded to a whole number; nil: too large.
  private func whole(_ number: JSONNumber) -> Int64? {
    if case .double(let value) = number { return Int64(exactly: value.rounded(.toNearestOrAwayFromZero)) }
    return number.scaled.flatMap { Decimal.rescaled($0.value, from: $0.scale, to: 0) }.flatMap { Int64(exactly: $0) }
  }

  /// A double as the decimal its text shows.
  private func exact(_ number: JSONNumber) -> (value: Int128, scale: Int)? {
    if let scaled = number.scaled { return scaled }
    var writer = TextWriter(capacity: 32)
    number.write(&writer)
    let text = writer.written
    guard let base = text.baseAddress else { return nil }
    return NumberText.decimal(Bytes(base, count: text.count), precision: 38, scale: 18).map { ($0, 18) }
  }

  private func boolean(_ item: JSONItem) throws -> Bool {
    switch item {
    case .boolean(let value): return value
    case .number(let number): return number.double != 0
    case .text(let text):
      switch String(decoding: text, as: UTF8.self).lowercased() {
      case "true", "t", "1": return true
      case "false", "f", "0": return false
      default: throw invalid(item, "BOOLEAN")
      }
    case .null, .array, .object, .moment: throw invalid(item, "BOOLEAN")
    }
  }

  private func moment(_ item: JSONItem, _ method: SQLJSONPath.Method) throws -> JSONMoment {
    if case .moment(let moment) = item { return moment }
    guard case .text(let text) = item else { throw invalid(item, "STRING") }
    var found: JSONMoment?
    if case .moment(let template?) = method {
      found = JSONMomentTemplate(template)?.moment(text)
    } else {
      found = JSONMoment(text: text)
    }
    guard let found, method.accepts(found.type) else {
      throw Self.failure("cannot read a date or time from '\(String(decoding: text, as: UTF8.self))'")
    }
    return found
  }
}

extension SQLJSONPath.Method {
  fileprivate var isBigint: Bool { if case .bigint = self { true } else { false } }

  /// Whether the method may yield a value of this type.
  fileprivate func accepts(_ type: DataType) -> Bool {
    switch (self, type) {
    case (.date, .date), (.time, .time), (.timestamp, .timestamp), (.timestamp, .date), (.moment, _): true
    default: false
    }
  }
}

extension JSONItem {
  /// What `.type()` says.
  var typeName: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .number: "number"
    case .text: "string"
    case .array: "array"
    case .object: "object"
    case .moment(let moment): moment.typeName
    }
  }
}
