import Expressions
import Plans
import SQL
import Values

/// The simplified accessor of ISO/IEC 9075-2: `j.items[0].name` of a json column, JSON_QUERY in lax mode; `j.n.bigint()` is JSON_VALUE.
extension ExpressionAnalyzer {
  /// What an accessor chain starts from, and the path it makes.
  private struct Accessor {
    var base: Expression
    var path: String
  }

  /// nil: the expression is no accessor of a json value.
  func jsonAccess(_ expression: Syntax.Expression) throws -> Expression? {
    guard let accessor = try accessor(expression) else { return nil }
    return jsonQuery(arguments(accessor), .varchar, .conditional, nil, nil, nil)
  }

  /// `j.a.*`: nil where `j.a` is no accessor.
  func jsonMembers(of base: Syntax.Expression) throws -> Expression? {
    guard var accessor = try accessor(base) else { return nil }
    accessor.path += ".*"
    return jsonQuery(arguments(accessor), .varchar, .conditional, nil, nil, nil)
  }

  /// Steps that only JSON has. Throws NOT_SUPPORTED for methods of other values.
  func access(_ node: Syntax.Access) throws -> Expression {
    if case .method(let name, let arguments) = node.step {
      guard let base = try accessor(node.base) else {
        throw PrestoError.at(node.location, .functionNotFound, "Method '\(name)' not registered")
      }
      if name.isQuoted { throw PrestoError.at(node.location, .functionNotFound, "Function '\(name)' not registered") }
      return try jsonMethod(base, name.canonical, arguments.map(\.value), at: node.place)
    }
    guard let value = try jsonAccess(.access(node)) else {
      throw PrestoError.at(node.location, .typeMismatch, "Expression \(text(node.base)) is not of type JSON")
    }
    return value
  }

  /// `j.n.bigint()`: nil where the function's name is no accessor with a type behind it.
  func jsonAccessCall(_ node: Syntax.FunctionCall) throws -> Expression? {
    let parts = node.name.parts
    guard parts.count >= 2, let last = parts.last, !last.isQuoted, node.window == nil, node.orderBy.isEmpty, !node.isDistinct,
      !node.isStar, let base = try accessor(names: Array(parts.dropLast()))
    else { return nil }
    return try jsonMethod(base, last.canonical, node.arguments.map(\.value), at: node.place)
  }

  private func jsonMethod(_ accessor: Accessor, _ name: String, _ arguments: [Syntax.Expression], at place: Syntax.Place) throws
    -> Expression
  {
    let numbers = arguments.map { argument -> Int? in argument.ordinal }
    let type: DataType
    switch (name, numbers.count) {
    case ("bigint", 0): type = .bigint
    case ("integer", 0): type = .integer
    case ("boolean", 0): type = .boolean
    case ("double", 0): type = .double
    case ("string", 0), ("varchar", 0): type = .varchar
    case ("date", 0): type = .date
    case ("time", 0), ("time", 1): type = .time(precision: try precision(numbers.first ?? 3, 0...12, name, place))
    case ("timestamp", 0), ("timestamp", 1): type = .timestamp(precision: try precision(numbers.first ?? 3, 0...12, name, place))
    case ("decimal", 0...2):
      let digits = try precision(numbers.first ?? 38, 1...38, name, place)
      type = .decimal(precision: digits, scale: try precision(numbers.count > 1 ? numbers[1] : 0, 0...digits, name, place))
    default: throw PrestoError.at(place.location, .functionNotFound, "Unexpected arguments for JSON item method \(name)")
    }
    return try jsonScalar(self.arguments(accessor), type, nil, nil)
  }

  private func precision(_ number: Int?, _ range: ClosedRange<Int>, _ name: String, _ place: Syntax.Place) throws -> Int {
    guard let number, range.contains(number) else {
      throw PrestoError.at(
        place.location, .invalidFunctionArgument,
        "Argument of JSON item method \(name) must be between \(range.lowerBound) and \(range.upperBound)")
    }
    return number
  }

  private func arguments(_ accessor: Accessor) -> [Expression] {
    [accessor.base, .constant(.text("lax $" + accessor.path), .varchar), .null(.unknown)]
  }

  /// Only chains that start from a column are accessors, so that nothing need be analyzed to see it.
  private func accessor(_ expression: Syntax.Expression) throws -> Accessor? {
    if let parts = expression.nameParts { return try accessor(names: parts) }
    switch expression {
    case .dereference(let node):
      guard var inner = try accessor(node.base) else { return nil }
      inner.path += step(node.field.text)
      return inner
    case .access(let node):
      guard var inner = try accessor(node.base) else { return nil }
      switch node.step {
      case .everyElement: inner.path += "[*]"
      case .everyMember: inner.path += ".*"
      case .member(let name): inner.path += step(name)
      case .method: return nil
      }
      return inner
    case .subscript(let node):
      guard var inner = try accessor(node.base) else { return nil }
      guard case .constant(let value, let type) = try analyze(node.index).evaluated(context), type.isInteger, let index = value.wideValue
      else { return nil }
      inner.path += "[\(index)]"
      return inner
    default: return nil
    }
  }

  /// `t.j.a.b`: the longest prefix that is a json column, and the members after it.
  private func accessor(names: [Syntax.Identifier]) throws -> Accessor? {
    for length in (1...max(1, names.count)).reversed() where length <= names.count {
      guard case .found(let field) = scope.resolve(Array(names.prefix(length))) else { continue }
      guard field.type == .json else { return nil }
      return Accessor(base: field.value, path: names.dropFirst(length).map { step($0.text) }.joined())
    }
    return nil
  }

  private func step(_ name: String) -> String {
    ".\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
