import Expressions
import Plans
import SQL
import Values

extension Syntax.ComparisonOperator {
  var functionName: String {
    switch self {
    case .equal: FunctionID.Operator.equal
    case .notEqual: FunctionID.Operator.notEqual
    case .less: FunctionID.Operator.lessThan
    case .lessOrEqual: FunctionID.Operator.lessThanOrEqual
    case .greater: FunctionID.Operator.greaterThan
    case .greaterOrEqual: FunctionID.Operator.greaterThanOrEqual
    }
  }
}

extension ExpressionAnalyzer {
  func boolean(_ expression: Syntax.Expression, _ what: String) throws -> Expression {
    try coerced(try analyze(expression), to: .boolean, expression, what)
  }

  func logical(_ node: Syntax.Logical) throws -> Expression {
    let operands = try node.operands.map { try boolean($0, "Logical expression term") }
    return node.operator == .and ? .and(operands) : .or(operands)
  }

  // MARK: Comparisons

  func comparison(_ node: Syntax.Comparison) throws -> Expression {
    try compare(node.operator, try analyze(node.left), try analyze(node.right), at: node.place)
  }

  func compare(_ comparison: Syntax.ComparisonOperator, _ left: Expression, _ right: Expression, at place: Syntax.Place) throws
    -> Expression
  {
    if comparison == .equal, let pairs = rowPairs(left, right) {
      return .and(try pairs.map { try compare(.equal, $0, $1, at: place) })
    }
    let (a, b, type) = try comparable(left, right, comparison.rawValue, at: place)
    let isDefined = comparison == .equal || comparison == .notEqual ? type.isComparable : type.isOrderable
    guard isDefined || type == .unknown else {
      throw PrestoError.at(place.location, .typeMismatch, "Cannot apply operator: \(left.type) \(comparison.rawValue) \(right.type)")
    }
    return .call(FunctionID(comparison.functionName, [type, type]), [a, b], .boolean)
  }

  /// `(a, b) = (1, 2)` compares field by field, which sources and joins understand better than rows.
  private func rowPairs(_ left: Expression, _ right: Expression) -> [(Expression, Expression)]? {
    guard case .call(let first, let a, _) = left, first.name == FunctionID.Operator.row,
      case .call(let second, let b, _) = right, second.name == FunctionID.Operator.row, a.count == b.count, a.count > 1
    else { return nil }
    return Array(zip(a, b))
  }

  /// Both operands in their common type. A text constant beside another type is read as that type. Texts of any length compare as they are.
  func comparable(_ left: Expression, _ right: Expression, _ sign: String, at place: Syntax.Place) throws -> (
    Expression, Expression, DataType
  ) {
    let types = "\(left.type) \(sign) \(right.type)"
    if let narrow = right.narrowed(to: left.type) { return (left, narrow, left.type) }
    if let narrow = left.narrowed(to: right.type) { return (narrow, right, right.type) }
    guard let pair = try common([left, right]) else {
      throw PrestoError.at(place.location, .typeMismatch, "Cannot apply operator: \(types)", hint: castHint(left, right))
    }
    return (pair.values[0].asArgument(of: pair.type), pair.values[1].asArgument(of: pair.type), pair.type)
  }

  private func castHint(_ left: Expression, _ right: Expression) -> String? {
    if left.type.isText != right.type.isText {
      return "Convert one side, e.g. CAST(… AS \(left.type.isText ? right.type : left.type))"
    }
    return nil
  }

  func distinctFrom(_ node: Syntax.DistinctFrom) throws -> Expression {
    let left = try analyze(node.left)
    let right = try analyze(node.right)
    let (a, b, type) = try comparable(left, right, "IS DISTINCT FROM", at: node.place)
    let test = Expression.call(FunctionID(FunctionID.Operator.isDistinctFrom, [type, type]), [a, b], .boolean)
    return node.isNegated ? .not(test) : test
  }

  func between(_ node: Syntax.Between) throws -> Expression {
    let value = try analyze(node.value)
    let lower = try analyze(node.lower)
    let upper = try analyze(node.upper)
    try checkCopies(of: value, times: node.isSymmetric ? 4 : 2, at: node.place)
    func inside(_ low: Expression, _ high: Expression) throws -> Expression {
      .and([try compare(.greaterOrEqual, value, low, at: node.place), try compare(.lessOrEqual, value, high, at: node.place)])
    }
    var test = try inside(lower, upper)
    if node.isSymmetric { test = .or([test, try inside(upper, lower)]) }
    return node.isNegated ? .not(test) : test
  }

  func inList(_ node: Syntax.InList) throws -> Expression {
    let value = try analyze(node.value)
    let items = try node.items.map { try analyze($0) }
    let test: Expression
    if items.count == 1 {
      test = try compare(.equal, value, items[0], at: node.place)
    } else if items.allSatisfy({ rowPairs(value, $0) != nil }) {
      test = .or(try items.map { try compare(.equal, value, $0, at: node.place) })
    } else {
      let narrow = items.compactMap { $0.narrowed(to: value.type) }
      let all = try unified([value] + (narrow.count == items.count ? narrow : items), at: node.place) {
        "IN value and list items must be the same type or coercible to a common type: \($0), \($1)"
      }
      guard all[0].type.isComparable else {
        throw PrestoError.at(node.location, .typeMismatch, "Type \(all[0].type) is not comparable, and therefore cannot be used in IN")
      }
      test = .among(all[0], Array(all.dropFirst()))
    }
    return node.isNegated ? .not(test) : test
  }

  // MARK: Texts, truth, intervals

  func like(_ node: Syntax.Like) throws -> Expression {
    func operand(_ expression: Syntax.Expression, _ what: String) throws -> Expression {
      let value = try analyze(expression)
      switch value.type {
      case .varchar: return value
      case .char(let length): return try padded(value, length, at: expression.place)
      case .unknown: return value.coerced(to: .varchar)
      default:
        throw PrestoError.at(
          expression.location, .typeMismatch, "\(what) must evaluate to a varchar (actual: \(value.type))",
          hint: "Convert it: CAST(\(text(expression)) AS varchar)")
      }
    }
    var arguments = [try operand(node.value, "Left side of LIKE expression"), try operand(node.pattern, "Pattern for LIKE expression")]
    if let escape = node.escape { arguments.append(try operand(escape, "Escape for LIKE expression")) }
    let name = node.isCaseInsensitive ? FunctionID.Operator.ilike : FunctionID.Operator.like
    let test = Expression.call(FunctionID(name, arguments.map { _ in .varchar }), arguments.map { $0.asArgument(of: .varchar) }, .boolean)
    return node.isNegated ? .not(test) : test
  }

  /// A char(n) as the n characters it stands for.
  func padded(_ value: Expression, _ length: Int, at place: Syntax.Place) throws -> Expression {
    try call(
      "rpad", [value.coerced(to: .varchar), .constant(.integer(Int64(length)), .bigint), .constant(.text(" "), .varchar)], at: place)
  }

  func isTruth(_ node: Syntax.IsTruth) throws -> Expression {
    let value = try boolean(node.value, "Value of IS \(node.truth.rawValue)")
    let test: Expression =
      switch node.truth {
      case .true: .coalesce([value, .false])
      case .false: .coalesce([.not(value), .false])
      case .unknown: .isNull(value)
      }
    return node.isNegated ? .not(test) : test
  }

  /// Two periods share a moment. A period's ends may stand in either order; the second may be an interval from the first.
  func overlaps(_ node: Syntax.Overlaps) throws -> Expression {
    func period(_ expression: Syntax.Expression) throws -> (start: Expression, end: Expression) {
      guard case .row(let row) = expression, row.fields.count == 2 else {
        throw PrestoError.at(expression.location, .typeMismatch, "OVERLAPS compares two rows of two values each")
      }
      let first = try analyze(row.fields[0].value)
      var second = try analyze(row.fields[1].value)
      if second.type == .intervalDayToSecond || second.type == .intervalYearToMonth {
        second = try operatorCall(.add, first, second, at: node.place)
      }
      for end in [first, second] { try checkCopies(of: end, times: 9, at: node.place) }
      let isOrdered = try compare(.lessOrEqual, first, second, at: node.place)
      let pair = try unified([first, second], at: node.place) { "OVERLAPS ends have incompatible types: \($0), \($1)" }
      return (.if(isOrdered, then: pair[0], else: pair[1]), .if(isOrdered, then: pair[1], else: pair[0]))
    }
    let a = try period(node.left)
    let b = try period(node.right)
    // Periods that merely touch do not overlap, except where they begin together.
    return .or([
      try compare(.equal, a.start, b.start, at: node.place),
      .and([try compare(.less, a.start, b.end, at: node.place), try compare(.less, b.start, a.end, at: node.place)]),
    ])
  }
}
