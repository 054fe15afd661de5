import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  func array(_ node: Syntax.ArrayConstructor) throws -> Expression {
    let elements = try unified(try node.elements.map { try analyze($0) }, at: node.place) {
      "All ARRAY elements must be the same type or coercible to a common type. Cannot find common type between \($0) and \($1)"
    }
    let type = DataType.array(elements.first?.type ?? .unknown)
    if let constants = elements.constants { return .constant(.sequence(constants), type) }
    return .call(FunctionID(FunctionID.Operator.array, elements.map(\.type)), elements, type)
  }

  func row(_ node: Syntax.RowConstructor) throws -> Expression {
    let values = try node.fields.map { try analyze($0.value) }
    let type = DataType.row(zip(node.fields, values).map { DataType.Field($0.name?.text, $1.type) })
    return .call(FunctionID(FunctionID.Operator.row, values.map(\.type)), values, type)
  }

  /// `array[i]` and `map[key]`; `row[i]` with a constant, from 1.
  func subscripted(_ node: Syntax.Subscript) throws -> Expression {
    if let access = try jsonAccess(.subscript(node)) { return access }
    let base = try analyze(node.base)
    let index = try analyze(node.index)
    switch base.type {
    case .row(let fields):
      guard case .constant(.integer(let position), _) = index, index.type.isInteger else {
        throw PrestoError.at(
          node.index.location, .expressionNotConstant, "Subscript expression on ROW requires a constant of type integer")
      }
      guard position >= 1, position <= fields.count else {
        throw PrestoError.at(
          node.index.location, .invalidFunctionArgument,
          "Invalid subscript index: \(position). ROW indices start at 1, up to \(fields.count)")
      }
      return .field(base, index: Int(position) - 1, fields[Int(position) - 1].type)
    case .array, .map: return try call(FunctionID.Operator.subscripted, [base, index], at: node.place)
    default:
      throw PrestoError.at(node.location, .typeMismatch, "Cannot use \(index.type) for subscript of \(base.type)")
    }
  }

  /// The lambda over parameters of these types.
  func lambda(_ node: Syntax.Lambda, _ types: [DataType]) throws -> (parameters: [LambdaParameter], body: Expression) {
    guard types.count == node.parameters.count else {
      throw PrestoError.at(
        node.location, .invalidParameterUsage,
        "Expected a lambda that takes \(types.count) argument(s) but got \(node.parameters.count)")
    }
    let parameters = zip(node.parameters, types).map { LambdaParameter(id: queries.symbols.freshID(), name: $0.text, type: $1) }
    var inner = self
    inner.scope = Scope(parameters.map { Field(name: $0.name, value: .parameter($0)) }, parent: scope)
    inner.clause = .lambda
    inner.subqueries = nil
    inner.selection = nil
    return (parameters, try inner.analyze(node.body))
  }
}

extension [Expression] {
  /// The values, when all are constants.
  var constants: [Constant]? {
    var all: [Constant] = []
    for expression in self {
      guard case .constant(let value, _) = expression else { return nil }
      all.append(value)
    }
    return all
  }
}
