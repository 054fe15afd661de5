import Values
import Vectors

/// Turns expressions into nodes. Subexpressions that occur more than once become one node with a slot to remember its value in.
final class Preparation {
  private let functions: FunctionRegistry
  let context: EvaluationContext
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
    let isShared = isShared(expression)
    if isShared, let known = nodes[expression] { return known }
    let made = try make(expression)
    if isShared && isDeterministic(expression) {
      made.slot = slotCount
      slotCount += 1
      nodes[expression] = made
    }
    return made
  }

  /// Whether the expression occurs more than once.
  func isShared(_ expression: Expr<Int>) -> Bool { occurrences[expression].map { $0 > 1 } ?? false }

  func isDeterministic(_ expression: Expr<Int>) -> Bool {
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
      let operands = try alternatives(all)
      return operands.count == 1 ? operands[0] : LogicNode(operands, isAnd: false)
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
    if let kernel = Constructors.kernel(id.name, type) {
      return CallNode(type, arguments, isDeterministic: true, isInfallible: true, context: context, kernel)
    }
    if let predicate = try predicate(id, arguments) { return predicate }
    return CallNode(
      type, arguments, isDeterministic: functions.isDeterministic(id), isInfallible: functions.isInfallible(id, result: type),
      context: context, try functions.scalarKernel(id, result: type))
  }

  /// Comparisons of flat values, and LIKE with a literal pattern.
  private func predicate(_ id: FunctionID, _ arguments: [EvaluationNode]) throws -> EvaluationNode? {
    if let op = ComparisonOperator(rawValue: id.name), arguments.count == 2, id.arguments[0] == id.arguments[1],
      id.arguments[0].layout.width > 0, id.arguments[0] != .unknown
    {
      return PredicateNode(
        arguments, isInfallible: true, isCheap: true, context: context,
        vector: { v, rows, _ in try Comparison.vector(op, v[0], v[1], rows) },
        bits: { v, rows in Comparison.bits(op, v[0], v[1], rows) },
        refine: { v, rows in v[1].constantValue == nil ? nil : Comparison.refine(op, v[0], v[1], rows) })
    }
    let ignoresCase = id.name == FunctionID.Operator.ilike
    if ignoresCase || id.name == FunctionID.Operator.like, arguments.count >= 2,
      let literals = arguments.dropFirst().map({ ($0 as? ConstantNode)?.value }) as [Vector?]?,
      literals.allSatisfy({ $0.map { !$0.isNull(at: 0) && $0.type.layout == .bytes } ?? false })
    {
      let texts = literals.compactMap { $0?.reader(as: Bytes.self).base[0] }
      // a pattern that is no pattern fails when rows come, as any call does
      guard let pattern = try? PatternKernels.compile(texts[0], texts.count > 1 ? texts[1] : nil, ignoresCase) else { return nil }
      return PredicateNode(
        [arguments[0]], isInfallible: true, isCheap: false, context: context,
        vector: { v, rows, _ in pattern.vector(v[0], rows) }, bits: { v, rows in pattern.bits(v[0], rows) })
    }
    return nil
  }

  /// IN: literals go into a table; other items are compared one by one, for rows not found before.
  private func among(_ value: Expr<Int>, _ list: [Expr<Int>]) throws -> EvaluationNode {
    var literals: [Constant] = []
    var others: [Expr<Int>] = []
    for item in list {
      if case .constant(let constant, let type) = item, type == value.type || constant.isNull {
        literals.append(constant)
      } else {
        others.append(item)
      }
    }
    var parts: [EvaluationNode] = []
    if literals.count > 1 || (literals.first?.isNull ?? false), let set = MembershipSet(literals, value.type) {
      parts.append(
        PredicateNode(
          [try node(value)], isInfallible: true, isCheap: true, context: context, vector: { v, rows, _ in set.vector(v[0], rows) },
          bits: { v, rows in set.bits(v[0], rows) }))
    } else {
      others = list
    }
    for item in others {
      parts.append(try call(FunctionID(FunctionID.Operator.equal, [value.type, value.type]), [try node(value), try node(item)], .boolean))
    }
    return parts.count == 1 ? parts[0] : LogicNode(parts, isAnd: false)
  }

  private static func binds(_ id: Int32, in body: Expr<Int>) -> Bool {
    body.contains { if case .lambda(let inner, _) = $0 { inner.contains { $0.id == id } } else { false } }
  }
}
