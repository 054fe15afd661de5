extension Formatter {
  /// Expressions go by family, so that the stack frame of a nested expression has room for one family's nodes alone.
  mutating func write(_ expression: Syntax.Expression) {
    switch expression {
    case .identifier, .dereference, .access, .literal, .parameter, .subscript, .extract, .current, .grouping, .subquery:
      writePrimary(expression)
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
    case .access(let node):
      writeBase(node.base)
      switch node.step {
      case .everyElement: write("[*]")
      case .everyMember: write(".*")
      case .member(let name): write(".'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'")
      case .method(let name, let arguments):
        write(".")
        write(name)
        parenthesized(arguments) { $0.write($1) }
      }
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
      write(node.isUnique ? "(UNIQUE " : "(EXISTS ")
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
      write("(")
      write(node)
      write(")")
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

  /// An expression that nothing can follow but a comma or a closing parenthesis: a lambda goes without parentheses there.
  mutating func writeWhole(_ expression: Syntax.Expression) {
    if case .lambda(let lambda) = expression { write(lambda) } else { write(expression) }
  }

  private mutating func write(_ lambda: Syntax.Lambda) {
    write(columns: lambda.parameters)
    write(" -> ")
    writeWhole(lambda.body)
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
      case .unary: true
      // `array[1]` would be a constructor.
      case .identifier(let name): name.canonical == "array" && !name.isQuoted
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
}

extension Syntax.Expression: CustomStringConvertible {
  /// The canonical text, as it stands in messages.
  public var description: String { Formatter.format(self) }
}

extension Syntax.TypeName: CustomStringConvertible {
  public var description: String { Formatter.format(self) }
}
