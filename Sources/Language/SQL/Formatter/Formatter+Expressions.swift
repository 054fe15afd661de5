extension Formatter {
  /// Expressions go by family, so that the stack frame of a nested expression has room for one family's nodes alone.
  mutating func write(_ expression: Syntax.Expression) {
    switch expression {
    case .identifier, .dereference, .literal, .parameter, .subscript, .extract, .current, .grouping, .subquery: writePrimary(expression)
    case .logical, .not, .comparison, .distinctFrom, .between, .inList, .inSubquery, .like, .isNull, .isTruth, .exists, .quantified,
      .overlaps:
      writePredicate(expression)
    case .arithmetic, .unary, .concatenation, .atTimeZone: writeOperation(expression)
    case .cast, .case, .functionCall, .lambda, .array, .row: writeForm(expression)
    case .jsonExists, .jsonValue, .jsonQuery, .jsonObject, .jsonArray: writeJSON(expression)
    }
  }

  private mutating func writePrimary(_ expression: Syntax.Expression) {
    switch expression {
    case .identifier(let node): write(node)
    case .dereference(let node):
      writeBase(node.base)
      write(".")
      write(node.field)
    case .literal(let node): write(node.value)
    case .parameter: write("?")
    case .subscript(let node):
      writeBase(node.base)
      write("[")
      write(node.index)
      write("]")
    case .extract(let node):
      write("EXTRACT(")
      write(node.field)
      write(" FROM ")
      write(node.source)
      write(")")
    case .current(let node):
      write(node.kind.rawValue)
      if let precision = node.precision { write("(\(precision))") }
    case .grouping(let node):
      write("GROUPING")
      parenthesized(node.columns) { $0.write($1) }
    case .subquery(let node): parenthesized(node.query)
    default: break
    }
  }

  private mutating func writePredicate(_ expression: Syntax.Expression) {
    switch expression {
    case .logical(let node): write(operands: node.operands, separator: " \(node.operator.rawValue) ")
    case .not(let node):
      write("(NOT ")
      write(node.operand)
      write(")")
    case .comparison(let node):
      writeBinary(node.left, node.operator.rawValue, node.right)
    case .distinctFrom(let node):
      writeBinary(node.left, node.isNegated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", node.right)
    case .between(let node): write(node)
    case .inList(let node):
      write("(")
      write(node.value)
      write(node.isNegated ? " NOT IN " : " IN ")
      parenthesized(node.items) { $0.write($1) }
      write(")")
    case .inSubquery(let node):
      write("(")
      write(node.value)
      write(node.isNegated ? " NOT IN " : " IN ")
      parenthesized(node.query)
      write(")")
    case .like(let node): write(node)
    case .isNull(let node): writeSuffixed(node.value, node.isNegated ? " IS NOT NULL" : " IS NULL")
    case .isTruth(let node): writeSuffixed(node.value, (node.isNegated ? " IS NOT " : " IS ") + node.truth.rawValue)
    case .exists(let node):
      write("(EXISTS ")
      parenthesized(node.query)
      write(")")
    case .quantified(let node):
      write("(")
      write(node.value)
      write(" \(node.operator.rawValue) \(node.quantifier.rawValue) ")
      parenthesized(node.query)
      write(")")
    case .overlaps(let node): writeBinary(node.left, "OVERLAPS", node.right)
    default: break
    }
  }

  private mutating func writeOperation(_ expression: Syntax.Expression) {
    switch expression {
    case .arithmetic(let node): write(node)
    case .unary(let node): write(node)
    case .concatenation(let node): write(operands: node.operands, separator: " || ")
    case .atTimeZone(let node): write(node)
    default: break
    }
  }

  private mutating func writeForm(_ expression: Syntax.Expression) {
    switch expression {
    case .cast(let node):
      write(node.isSafe ? "TRY_CAST(" : "CAST(")
      write(node.value)
      write(" AS ")
      write(node.type)
      write(")")
    case .case(let node): write(node)
    case .functionCall(let node): write(node)
    case .lambda(let node):
      write(columns: node.parameters)
      write(" -> ")
      write(node.body)
    case .array(let node):
      write("ARRAY[")
      list(node.elements) { $0.write($1) }
      write("]")
    case .row(let node):
      write("ROW")
      parenthesized(node.fields) { formatter, field in
        formatter.write(field.value)
        if let name = field.name { formatter.write(alias: name) }
      }
    default: break
    }
  }

  private mutating func writeJSON(_ expression: Syntax.Expression) {
    switch expression {
    case .jsonExists(let node): write(node)
    case .jsonValue(let node): write(node)
    case .jsonQuery(let node): write(node)
    case .jsonObject(let node): write(node)
    case .jsonArray(let node): write(node)
    default: break
    }
  }

  // MARK: Operators

  private mutating func write(operands: [Syntax.Expression], separator: String) {
    write("(")
    for (index, operand) in operands.enumerated() {
      if index > 0 { write(separator) }
      write(operand)
    }
    write(")")
  }

  private mutating func writeBinary(_ left: Syntax.Expression, _ operation: String, _ right: Syntax.Expression) {
    write("(")
    write(left)
    write(" \(operation) ")
    write(right)
    write(")")
  }

  private mutating func writeSuffixed(_ value: Syntax.Expression, _ suffix: String) {
    write("(")
    write(value)
    write(suffix)
    write(")")
  }

  private mutating func write(_ node: Syntax.Arithmetic) {
    write("(")
    write(node.first)
    for step in node.steps {
      write(" \(step.operator.rawValue) ")
      write(step.operand)
    }
    write(")")
  }

  /// The sign directly before its operand, unless both would become a number or a comment.
  private mutating func write(_ node: Syntax.Unary) {
    write(node.operator.rawValue)
    var needsParentheses = false
    if node.operator == .minus {
      switch node.operand {
      case .literal(let literal): needsParentheses = Formatter.isNumber(literal.value)
      case .unary(let inner): needsParentheses = inner.operator == .minus
      default: break
      }
    }
    if needsParentheses { write("(") }
    write(node.operand)
    if needsParentheses { write(")") }
  }

  private static func isNumber(_ value: Syntax.Literal.Value) -> Bool {
    switch value {
    case .integer, .decimal, .double: true
    case .null, .boolean, .string, .binary, .typed, .interval: false
    }
  }

  private mutating func write(_ node: Syntax.Between) {
    write("(")
    write(node.value)
    write(node.isNegated ? " NOT BETWEEN " : " BETWEEN ")
    if node.isSymmetric { write("SYMMETRIC ") }
    write(node.lower)
    write(" AND ")
    write(node.upper)
    write(")")
  }

  private mutating func write(_ node: Syntax.Like) {
    write("(")
    write(node.value)
    write((node.isNegated ? " NOT " : " ") + (node.isCaseInsensitive ? "ILIKE " : "LIKE "))
    write(node.pattern)
    if let escape = node.escape {
      write(" ESCAPE ")
      write(escape)
    }
    write(")")
  }

  private mutating func write(_ node: Syntax.AtTimeZone) {
    write("(")
    writeBase(node.value)
    if let zone = node.zone {
      write(" AT TIME ZONE ")
      writeBase(zone)
    } else {
      write(" AT LOCAL")
    }
    write(")")
  }

  /// An operand that a postfix follows: in parentheses when the postfix would take only its end, or would make `2.x` of `2` and `.x`.
  mutating func writeBase(_ expression: Syntax.Expression) {
    let needsParentheses =
      switch expression {
      case .unary, .lambda: true
      case .literal(let literal):
        switch literal.value {
        case .integer, .decimal, .double, .typed, .interval: true
        case .null, .boolean, .string, .binary: false
        }
      default: false
      }
    if needsParentheses { write("(") }
    write(expression)
    if needsParentheses { write(")") }
  }

  private mutating func write(_ node: Syntax.Case) {
    write("(CASE")
    if let operand = node.operand {
      write(" ")
      write(operand)
    }
    for branch in node.branches {
      write(" WHEN ")
      write(branch.condition)
      write(" THEN ")
      write(branch.result)
    }
    if let otherwise = node.otherwise {
      write(" ELSE ")
      write(otherwise)
    }
    write(" END)")
  }

  // MARK: Literals

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

extension Syntax.Expression: CustomStringConvertible {
  /// The canonical text, as it stands in messages.
  public var description: String { Formatter.format(self) }
}

extension Syntax.TypeName: CustomStringConvertible {
  public var description: String { Formatter.format(self) }
}
