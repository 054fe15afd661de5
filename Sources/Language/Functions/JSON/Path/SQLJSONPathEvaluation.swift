import Values
import Vectors

/// Evaluates one path over one JSON value. Throws PATH_EVALUATION_ERROR.
struct SQLJSONPathEvaluation {
  let isLax: Bool
  let context: JSONItem
  /// What PASSING gave, by name; no item: a null that was to be read as JSON.
  let parameters: [String: [JSONItem]]

  /// What `@` and `last` stand for where the step stands.
  struct Surroundings {
    var current: JSONItem?
    var last: Int?
  }

  static func failure(_ reason: String) -> PrestoError { PrestoError(.pathEvaluationError, "path evaluation failed: \(reason)") }

  func items(_ step: SQLJSONPath.Step) throws -> [JSONItem] { try items(step, Surroundings()) }

  func items(_ step: SQLJSONPath.Step, _ around: Surroundings) throws -> [JSONItem] {
    switch step {
    case .literal(let item): return [item]
    case .context: return [context]
    case .parameter(let name):
      guard let items = parameters[name] else { throw Self.failure("no value passed for parameter \(name)") }
      return items
    case .current: return around.current.map { [$0] } ?? []
    case .last:
      guard let last = around.last else { throw Self.failure("accessing the last array index with no enclosing array") }
      return [.number(.integer(Int64(last)))]
    case .member(let base, let name): return try members(try items(base, around), name)
    case .anyMember(let base):
      return try unwrapped(try items(base, around)).flatMap { item -> [JSONItem] in
        guard case .object(let members) = item else { return try mismatched(item, "OBJECT") }
        return members.map(\.value)
      }
    case .descendants(let base, let name):
      var found: [JSONItem] = []
      for item in try items(base, around) { Self.collect(item, name, &found) }
      return found
    case .elements(let base, let subscripts): return try elements(try items(base, around), subscripts, around)
    case .anyElement(let base):
      return try items(base, around).flatMap { item -> [JSONItem] in
        if case .array(let elements) = item { return elements }
        return isLax ? [item] : try mismatched(item, "ARRAY")
      }
    case .filter(let base, let condition):
      return try unwrapped(try items(base, around)).filter { item in
        var inner = around
        inner.current = item
        return try test(condition, inner) == true
      }
    case .method(let base, let method): return try call(method, try items(base, around))
    case .sign(let isNegative, let base):
      return try unwrapped(try items(base, around)).map { item in
        guard case .number(let number) = item else {
          throw Self.failure("invalid item type. Expected: NUMBER, actual: \(item.kindName)")
        }
        return .number(isNegative ? try JSONArithmetic.negated(number) : number)
      }
    case .arithmetic(let left, let sign, let right):
      return [.number(try JSONArithmetic.apply(sign, try operand(left, around), try operand(right, around)))]
    }
  }

  /// In lax mode, arrays stand for their elements, one level deep.
  func unwrapped(_ items: [JSONItem]) -> [JSONItem] {
    if !isLax { return items }
    return items.flatMap { item -> [JSONItem] in if case .array(let elements) = item { elements } else { [item] } }
  }

  /// A step that does not fit the item: nothing in lax mode.
  func mismatched(_ item: JSONItem, _ expected: String) throws -> [JSONItem] {
    if isLax { return [] }
    throw Self.failure("structural error: invalid item type. Expected: \(expected), actual: \(item.kindName)")
  }

  private func members(_ items: [JSONItem], _ name: [UInt8]) throws -> [JSONItem] {
    try unwrapped(items).flatMap { item -> [JSONItem] in
      guard case .object(let members) = item else { return try mismatched(item, "OBJECT") }
      if let member = members.first(where: { $0.name == name }) { return [member.value] }
      if isLax { return [] }
      throw Self.failure("structural error: missing member '\(String(decoding: name, as: UTF8.self))' in JSON object")
    }
  }

  /// Every member of that name, outer ones before those inside them.
  private static func collect(_ item: JSONItem, _ name: [UInt8], _ found: inout [JSONItem]) {
    switch item {
    case .object(let members):
      found += members.filter { $0.name == name }.map(\.value)
      for member in members { collect(member.value, name, &found) }
    case .array(let elements): for element in elements { collect(element, name, &found) }
    case .null, .boolean, .number, .text, .moment: break
    }
  }

  private func elements(_ items: [JSONItem], _ subscripts: [SQLJSONPath.Subscript], _ around: Surroundings) throws -> [JSONItem] {
    try items.flatMap { item -> [JSONItem] in
      var elements: [JSONItem]
      if case .array(let inner) = item {
        elements = inner
      } else if isLax {
        elements = [item]
      } else {
        return try mismatched(item, "ARRAY")
      }
      var inner = around
      inner.last = elements.count - 1
      var found: [JSONItem] = []
      for part in subscripts {
        let from = try index(part.from, inner)
        let through = try part.through.map { try index($0, inner) } ?? from
        if isLax {
          let low = max(0, from), high = min(elements.count - 1, through)
          if low <= high { found += elements[low...high] }
        } else {
          guard from >= 0, from <= through, through < elements.count else {
            throw Self.failure("structural error: invalid array subscript: [\(from), \(through)] for array of size \(elements.count)")
          }
          found += elements[from...through]
        }
      }
      return found
    }
  }

  /// A single number, its fraction cut off.
  private func index(_ step: SQLJSONPath.Step, _ around: Surroundings) throws -> Int {
    let number = try operand(step, around)
    guard let index = JSONArithmetic.whole(number) else { throw Self.failure("invalid array subscript: value out of range") }
    return index
  }

  private func operand(_ step: SQLJSONPath.Step, _ around: Surroundings) throws -> JSONNumber {
    let items = unwrapped(try items(step, around))
    guard items.count == 1 else { throw Self.failure("arithmetic binary expression requires singleton operands") }
    guard case .number(let number) = items[0] else {
      throw Self.failure("invalid item type. Expected: NUMBER, actual: \(items[0].kindName)")
    }
    return number
  }
}

extension JSONItem {
  /// For messages.
  var kindName: String {
    switch self {
    case .null: "NULL"
    case .boolean: "BOOLEAN"
    case .number: "NUMBER"
    case .text: "STRING"
    case .array: "ARRAY"
    case .object: "OBJECT"
    case .moment: "DATETIME"
    }
  }
}
