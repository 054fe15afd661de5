import Expressions
import Plans
import SQL
import Settings
import Values

extension Syntax.ArithmeticOperator {
  var functionName: String {
    switch self {
    case .add: FunctionID.Operator.add
    case .subtract: FunctionID.Operator.subtract
    case .multiply: FunctionID.Operator.multiply
    case .divide: FunctionID.Operator.divide
    case .modulus: FunctionID.Operator.modulus
    }
  }
}

extension ExpressionAnalyzer {
  func arithmetic(_ node: Syntax.Arithmetic) throws -> Expression {
    guard node.steps.count <= ExpressionAnalyzer.towerLimit else {
      throw PrestoError.at(
        node.location, .stackOverflow, "Statement is too large: \(node.steps.count) arithmetic operators in one chain",
        hint: "At most \(ExpressionAnalyzer.towerLimit) are allowed; parentheses split a chain")
    }
    var value = try analyze(node.first)
    for step in node.steps { value = try operatorCall(step.operator, value, try analyze(step.operand), at: step.place) }
    return value
  }

  /// Throws TYPE_MISMATCH `Cannot apply operator: date + bigint`.
  func operatorCall(_ sign: Syntax.ArithmeticOperator, _ left: Expression, _ right: Expression, at place: Syntax.Place) throws -> Expression
  {
    func call(_ a: Expression, _ b: Expression) throws -> Expression {
      // NULL takes the other side's type, so that one overload is nearest.
      let a = a.type == .unknown && b.type.isNumeric ? a.coerced(to: b.type) : a
      let b = b.type == .unknown && a.type.isNumeric ? b.coerced(to: a.type) : b
      let resolved = try context.functions.resolve(sign.functionName, .scalar, [.value(a.type), .value(b.type)])
      return .call(resolved.id, zip([a, b], resolved.id.arguments).map { $0.asArgument(of: $1) }, resolved.result)
    }
    do { return try call(left, right) } catch let error as PrestoError {
      if let read = try readText(left, as: right.type), let result = try? call(read, right) { return result }
      if let read = try readText(right, as: left.type), let result = try? call(left, read) { return result }
      guard error.code.kind == .userError else { throw error }
      throw PrestoError.at(
        place.location, .typeMismatch, "Cannot apply operator: \(left.type) \(sign.rawValue) \(right.type)",
        hint: dateHint(sign, left.type, right.type))
    }
  }

  private func dateHint(_ sign: Syntax.ArithmeticOperator, _ left: DataType, _ right: DataType) -> String? {
    if left.isTemporal, right.isInteger { return "Write an interval: \(sign.rawValue) INTERVAL '1' DAY" }
    if left.isTemporal, right.isTemporal, sign == .subtract { return "date_diff('day', from, to) counts units between two dates" }
    if left.isText, right.isText, sign == .add { return "Texts are joined with ||" }
    return nil
  }

  func unary(_ node: Syntax.Unary) throws -> Expression {
    let value = try analyze(node.operand)
    let isSigned = value.type.isNumeric || value.type == .intervalDayToSecond || value.type == .intervalYearToMonth
    guard isSigned || value.type == .unknown else {
      throw PrestoError.at(node.location, .typeMismatch, "Cannot apply operator: \(node.operator.rawValue) \(value.type)")
    }
    if node.operator == .plus || value.type == .unknown { return value }
    return .call(FunctionID(FunctionID.Operator.negate, [value.type]), [value], value.type)
  }

  /// `a || b`: texts in one call, anything else pair by pair.
  func concatenation(_ node: Syntax.Concatenation) throws -> Expression {
    let operands = try node.operands.map { try analyze($0) }
    if operands.allSatisfy({ $0.type.isText || $0.type == .unknown }) {
      return try call(FunctionID.Operator.concatenate, operands.map { $0.type == .unknown ? $0.coerced(to: .varchar) : $0 }, at: node.place)
    }
    var value = operands[0]
    for operand in operands.dropFirst() {
      do { value = try call(FunctionID.Operator.concatenate, [value, operand], at: node.place) } catch let error as PrestoError {
        guard error.code.kind == .userError else { throw error }
        throw PrestoError.at(
          node.location, .typeMismatch, "Cannot apply operator: \(value.type) || \(operand.type)",
          hint: value.type.isText ? "Convert the other side: CAST(… AS varchar)" : nil)
      }
    }
    return value
  }

  func atTimeZone(_ node: Syntax.AtTimeZone) throws -> Expression {
    let value = try analyze(node.value)
    let zone = try node.zone.map { try analyze($0) } ?? .constant(.text(context.session.timeZone), .varchar)
    return try call(FunctionID.Operator.atTimeZone, [value, zone], at: node.place)
  }

  func extract(_ node: Syntax.Extract) throws -> Expression {
    let name =
      switch node.field.canonical {
      case "day_of_month": "day"
      case "dow": "day_of_week"
      case "doy": "day_of_year"
      case "yow": "year_of_week"
      default: node.field.canonical
      }
    guard Syntax.Extract.fields.contains(node.field.canonical) else {
      throw PrestoError.at(node.location, .syntaxError, "Invalid EXTRACT field: \(node.field)")
    }
    let source = try analyze(node.source)
    if name.hasPrefix("timezone_"), !source.type.hasTimeZone, source.type != .unknown {
      throw PrestoError.at(node.location, .typeMismatch, "Cannot extract \(name) from \(source.type)")
    }
    return try call(name, [source], at: node.place)
  }
}

extension DataType {
  fileprivate var hasTimeZone: Bool {
    switch self {
    case .timeWithTimeZone, .timestampWithTimeZone: true
    default: false
    }
  }
}
