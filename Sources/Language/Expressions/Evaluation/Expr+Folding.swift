import Values
import Vectors

extension Expr {
  /// Constant subtrees replaced by their values, found by the same evaluator on one row. A subtree whose evaluation throws stays as it is:
  /// the error belongs to the rows that ask for it, if any.
  public func folded(functions: FunctionRegistry, context: EvaluationContext) -> Expr {
    switch self {
    case .reference, .constant, .parameter: return self
    case .lambda(let parameters, let body): return .lambda(parameters, body.folded(functions: functions, context: context))
    case .call, .cast, .and, .or, .not, .isNull, .if, .coalesce, .among, .field, .attempt:
      if isFoldable(functions), let value = try? value(functions: functions, context: context) { return .constant(value, type) }
      return mappingChildren { $0.folded(functions: functions, context: context) }
    }
  }

  /// The value of an expression without references. Throws what evaluation throws.
  public func value(functions: FunctionRegistry, context: EvaluationContext) throws -> Constant {
    let row = Batch([], count: 1)
    let unreferenced = try rebased { reference -> Int in
      throw PrestoError(.genericInternalError, "\(reference) has no value here")
    }
    return try Evaluator(unreferenced, functions: functions, context: context).evaluate(row).constant(at: 0)
  }

  private func isFoldable(_ functions: FunctionRegistry) -> Bool {
    !contains { part in
      switch part {
      case .reference: true
      case .call(let id, _, _): !functions.isDeterministic(id)
      default: false
      }
    } && !hasFreeParameter([])
  }

  /// Whether a lambda's parameter is used outside its lambda: then this is the inside of one.
  private func hasFreeParameter(_ bound: Set<Int32>) -> Bool {
    switch self {
    case .parameter(let parameter): !bound.contains(parameter.id)
    case .lambda(let parameters, let body): body.hasFreeParameter(bound.union(parameters.map(\.id)))
    default: children.contains { $0.hasFreeParameter(bound) }
    }
  }
}
