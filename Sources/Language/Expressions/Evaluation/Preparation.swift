import Values
import Vectors

/// Turns expressions into nodes. Subexpressions that occur more than once become one node with a slot to remember its value in.
final class Preparation {
  private let functions: FunctionRegistry
  private let context: EvaluationContext
  private var occurrences: [Expr<Int>: Int] = [:]
  private var nodes: [Expr<Int>: EvaluationNode] = [:]
  private(set) var slotCount = 0

  init(functions: FunctionRegistry, context: EvaluationContext) {
    self.functions = functions
    self.context = context
  }

  func nodes(for expressions: [Expr<Int>]) throws -> [EvaluationNode] {
    for expression in expressions { count(expression) }
    return try expressions.map { try node($0) }
  }

  private func count(_ expression: Expr<Int>) {
    switch expression {
    case .reference, .constant, .parameter: return
    case .lambda(_, let body): count(body)
    case .call, .cast, .and, .or, .not, .isNull, .if, .coalesce, .among, .field, .attempt:
      occurrences[expression, default: 0] += 1
      // inside a repeated expression everything is shared already
      if occurrences[expression] == 1 { for child in expression.children { count(child) } }
    }
  }

  func node(_ expression: Expr<Int>) throws -> EvaluationNode {
    let isShared = occurrences[expression].map { $0 > 1 } ?? false
    if isShared, let known = nodes[expression] { return known }
    let made = try make(expression)
    if isShared && isDeterministic(expression) {
      made.slot = slotCount
      slotCount += 1
      nodes[expression] = made
    }
    return made
  }

  private func isDeterministic(_ expression: Expr<Int>) -> Bool {
    !expression.contains { if case .call(let id, _, _) = $0 { !functions.isDeterministic(id) } else { false } }
  }

  private func make(_ expression: Expr<Int>) throws -> EvaluationNode {
    switch expression {
    case .reference(let index, let type): return ColumnNode(index, type)
    case .constant(let value, let type): return ConstantNode(value, type)
    case .parameter(let parameter): return ParameterNode(parameter)
    case .lambda(let parameters, let body):
      let own = Set(parameters.map(\.id))
      let captures = body.contains {
        switch $0 {
        case .reference: true
        case .parameter(let parameter): !own.contains(parameter.id) && !Preparation.binds(parameter.id, in: body)
        default: false
        }
      }
      return LambdaNode(parameters, try node(body), capturesOutside: captures)
    case .call(let id, let arguments, let type):
      return try call(id, try arguments.map { try node($0) }, type)
    case .cast(let inner, let type, let safe):
      let from = inner.type
      if from == type { return try node(inner) }
      return CallNode(
        type, [try node(inner)], isDeterministic: true, isInfallible: safe || Casts.isInfallible(from, type), context: context,
        try Casts.kernel(from, to: type, isSafe: safe, functions: functions))
    case .and(let all):
      return all.count == 1 ? try node(all[0]) : LogicNode(try all.map { try node($0) }, isAnd: true)
    case .or(let all):
      return all.count == 1 ? try node(all[0]) : LogicNode(try all.map { try node($0) }, isAnd: false)
    case .not(let inner):
      return unary(.boolean, try node(inner)) { v, _, _ in
        try ScalarLoop.unary(v[0], v[0].count, .boolean) { (x: Bool) in !x }
      }
    case .isNull(let inner):
      return unary(.boolean, try node(inner)) { v, _, _ in NullTest.isNull(v[0]) }
    case .if(let condition, let then, let otherwise):
      return IfNode(
        try node(condition), then: try node(then), else: try otherwise.map { try node($0) } ?? ConstantNode(.null, then.type))
    case .coalesce(let all): return CoalesceNode(try all.map { try node($0) }, expression.type)
    case .among(let value, let list): return try among(value, list)
    case .field(let inner, let index, let type):
      return unary(type, try node(inner)) { v, _, _ in RowField.value(v[0], index, type) }
    case .attempt(let inner):
      if case .cast(let value, let type, _) = inner, try node(value).isInfallible {
        return try node(.cast(value, to: type, safe: true))
      }
      let made = try node(inner)
      return made.isInfallible ? made : AttemptNode(made)
    }
  }

  private func unary(_ type: DataType, _ argument: EvaluationNode, _ kernel: @escaping ScalarKernel) -> CallNode {
    CallNode(type, [argument], isDeterministic: true, isInfallible: true, context: context, kernel)
  }

  private func call(_ id: FunctionID, _ arguments: [EvaluationNode], _ type: DataType) throws -> EvaluationNode {
    CallNode(
      type, arguments, isDeterministic: functions.isDeterministic(id), isInfallible: functions.isInfallible(id, result: type),
      context: context, try functions.scalarKernel(id, result: type))
  }

  private func among(_ value: Expr<Int>, _ list: [Expr<Int>]) throws -> EvaluationNode {
    let equals = try list.map { item in
      try call(FunctionID(FunctionID.Operator.equal, [value.type, item.type]), [try node(value), try node(item)], .boolean)
    }
    return equals.count == 1 ? equals[0] : LogicNode(equals, isAnd: false)
  }

  private static func binds(_ id: Int32, in body: Expr<Int>) -> Bool {
    body.contains { if case .lambda(let inner, _) = $0 { inner.contains { $0.id == id } } else { false } }
  }
}
