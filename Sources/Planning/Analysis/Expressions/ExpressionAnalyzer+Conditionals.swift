import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  /// Both forms of CASE become nested IFs, the last branch innermost.
  func caseExpression(_ node: Syntax.Case) throws -> Expression {
    guard node.branches.count <= ExpressionAnalyzer.towerLimit else {
      throw PrestoError.at(node.location, .stackOverflow, "Statement is too large: \(node.branches.count) branches in one CASE")
    }
    let operand = try node.operand.map { try analyze($0) }
    if let operand { try checkCopies(of: operand, times: node.branches.count, at: node.place) }
    let conditions = try node.branches.map { branch in
      if let operand { return try compare(.equal, operand, try analyze(branch.condition), at: branch.condition.place) }
      return try boolean(branch.condition, "CASE WHEN clause")
    }
    var results = try node.branches.map { try analyze($0.result) }
    if let otherwise = node.otherwise { results.append(try analyze(otherwise)) }
    results = try unified(results, at: node.place) {
      "All CASE results must be the same type or coercible to a common type. Cannot find common type between \($0) and \($1)"
    }
    var value: Expression? = node.otherwise == nil ? nil : results.removeLast()
    for (condition, result) in zip(conditions, results).reversed() { value = .if(condition, then: result, else: value) }
    return value ?? .null(.unknown)
  }

  func cast(_ node: Syntax.Cast) throws -> Expression {
    let type = try TypeResolution.type(node.type)
    let value = try analyze(node.value)
    if value.type == type { return value }
    if case .constant(.null, _) = value { return .null(type) }
    guard Coercion.canCast(value.type, to: type) else {
      throw PrestoError.at(node.location, .typeMismatch, "Cannot cast \(value.type) to \(type)")
    }
    return .cast(try shown(value, as: type, at: node.value.place), to: type, safe: node.isSafe)
  }

  /// What CAST sees of a char(n): all n characters, unless they are to be cut anyway.
  private func shown(_ value: Expression, as type: DataType, at place: Syntax.Place) throws -> Expression {
    guard case .char(let length) = value.type else { return value }
    switch type {
    case .varbinary, .varchar(nil): return try padded(value, length, at: place)
    case .varchar(let limit?) where limit >= length: return try padded(value, length, at: place)
    default: return value
    }
  }

  /// Forms that look like calls but evaluate their arguments on their own terms; nil: an ordinary function.
  func conditionalCall(_ node: Syntax.FunctionCall) throws -> Expression? {
    let arguments = node.arguments.map(\.value)
    switch (node.name.canonicalLast, arguments.count) {
    case ("if", 2...3):
      let condition = try boolean(arguments[0], "IF condition")
      let branches = try unified(try arguments.dropFirst().map { try analyze($0) }, at: node.place) {
        "Result types for IF must be the same or coercible to a common type: \($0), \($1)"
      }
      return .if(condition, then: branches[0], else: branches.count > 1 ? branches[1] : nil)
    case ("coalesce", 1...):
      let values = try unified(try arguments.map { try analyze($0) }, at: node.place) {
        "All COALESCE operands must be the same type or coercible to a common type. Cannot find common type between \($0) and \($1)"
      }
      return values.count == 1 ? values[0] : .coalesce(values)
    case ("nullif", 2):
      let first = try analyze(arguments[0])
      let second = try analyze(arguments[1])
      try checkCopies(of: first, times: 2, at: node.place)
      return .if(try compare(.equal, first, second, at: node.place), then: .null(first.type), else: first)
    case ("try", 1): return .attempt(try analyze(arguments[0]))
    default: return nil
    }
  }
}
