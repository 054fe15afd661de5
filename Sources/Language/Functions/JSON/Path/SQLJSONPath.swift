import Values

/// A path of the SQL/JSON path language (ISO/IEC 9075-2, 9.39), as JSON_EXISTS, JSON_VALUE, JSON_QUERY and JSON_TABLE take it:
/// `lax $.items[*] ? (@.price > 10).name`. The simpler paths of `json_extract` are `JSONPath`.
struct SQLJSONPath: Sendable {
  /// lax: arrays are unwrapped and single values wrapped where a step needs it, and steps that find nothing yield nothing. strict: both are errors.
  var isLax: Bool
  var root: Step

  indirect enum Step: Sendable {
    case literal(JSONItem)
    /// `$`
    case context
    /// `$name`
    case parameter(String)
    /// `@`
    case current
    /// `last`, inside a subscript.
    case last
    case member(Step, name: [UInt8])
    case anyMember(Step)
    /// `..name`
    case descendants(Step, name: [UInt8])
    case elements(Step, [Subscript])
    case anyElement(Step)
    case filter(Step, Condition)
    case method(Step, Method)
    case sign(isNegative: Bool, Step)
    case arithmetic(Step, Operator, Step)
  }

  /// `index` or `from to through`.
  struct Subscript: Sendable {
    var from: Step
    var through: Step?
  }

  enum Operator: UInt8, Sendable { case add = 0x2B, subtract = 0x2D, multiply = 0x2A, divide = 0x2F, modulus = 0x25 }

  enum Method: Sendable {
    case type, size, double, ceiling, floor, absolute, keyValue
    /// `.datetime("template")`
    case moment(template: [UInt8]?)
    case bigint, integer, boolean, number, string
    case decimal(precision: Int, scale: Int)
    case date
    case time(precision: Int?), timestamp(precision: Int?)
  }

  indirect enum Condition: Sendable {
    case comparison(Step, Comparison, Step)
    case exists(Step)
    case like(Step, RegexPattern)
    case startsWith(Step, Step)
    case isUnknown(Condition)
    case not(Condition)
    case and(Condition, Condition)
    case or(Condition, Condition)
  }

  enum Comparison: Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }
}

/// One value as the path language sees it: JSON, or a date or time.
indirect enum JSONItem: Sendable {
  case null
  case boolean(Bool)
  case number(JSONNumber)
  case text([UInt8])
  case array([JSONItem])
  case object([JSONMember])
  case moment(JSONMoment)
}

struct JSONMember: Sendable {
  var name: [UInt8]
  var value: JSONItem
}

/// JSON does not tell kinds of numbers apart; arithmetic does, as SQL's.
enum JSONNumber: Sendable {
  case integer(Int64)
  case decimal(Int128, scale: Int)
  case double(Double)
}

extension SQLJSONPath {
  /// Throws INVALID_PATH for a parameter that nothing was passed for.
  func checkParameters(_ names: Set<String>) throws {
    for name in root.parameters where !names.contains(name) {
      throw PrestoError(
        .invalidPath,
        "no value passed for parameter \(name). Try quoting \"\(name)\" in the PASSING clause to match case")
    }
  }
}

extension SQLJSONPath.Step {
  /// Names of `$name`s, in the order of the text.
  fileprivate var parameters: [String] {
    switch self {
    case .literal, .context, .current, .last: []
    case .parameter(let name): [name]
    case .member(let base, _), .anyMember(let base), .descendants(let base, _), .anyElement(let base), .method(let base, _),
      .sign(_, let base):
      base.parameters
    case .elements(let base, let subscripts):
      base.parameters + subscripts.flatMap { $0.from.parameters + ($0.through?.parameters ?? []) }
    case .filter(let base, let condition): base.parameters + condition.parameters
    case .arithmetic(let left, _, let right): left.parameters + right.parameters
    }
  }
}

extension SQLJSONPath.Condition {
  fileprivate var parameters: [String] {
    switch self {
    case .comparison(let left, _, let right), .startsWith(let left, let right): left.parameters + right.parameters
    case .exists(let step), .like(let step, _): step.parameters
    case .isUnknown(let inner), .not(let inner): inner.parameters
    case .and(let left, let right), .or(let left, let right): left.parameters + right.parameters
    }
  }
}
