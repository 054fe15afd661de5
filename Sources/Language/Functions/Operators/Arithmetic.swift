import Expressions
import Values
import Vectors

extension Function {
  private static let integerTypes: [DataType] = [.tinyint, .smallint, .integer, .bigint]
  private static let floatingTypes: [DataType] = [.real, .double]

  /// `+ - * / %` and negation of numbers. The loops are `Arithmetic`'s and `DecimalArithmetic`'s.
  static let arithmetic: [Function] = {
    var all: [Function] = []
    for op in ArithmeticOperator.allCases {
      for type in integerTypes + floatingTypes { all.append(plain(op, type)) }
      all.append(decimal(op))
    }
    for type in integerTypes + floatingTypes { all.append(negation(type)) }
    all.append(decimalNegation)
    return all
  }()

  private static let decimalNegation: Function = bound(Operator.negate, "(decimal(p,s)) -> decimal(p,s)", "Negation") { types, result in
    if types[0].layout == .int64 { return { v, rows, _ in try ScalarLoop.unary(v[0], rows, result) { (x: Int64) in 0 &- x } } }
    return { v, rows, _ in try ScalarLoop.unary(v[0], rows, result) { (x: Int128) in 0 &- x } }
  }.infallible()

  private static func plain(_ op: ArithmeticOperator, _ type: DataType) -> Function {
    let isFloating = !type.isInteger
    return bound(op.rawValue, "(\(type), \(type)) -> \(type)", "Arithmetic") { _, result in
      guard let operation = Arithmetic.kernel(op, type) else { return nil }
      return { v, rows, _ in try operation(v[0], v[1], rows, result) }
    }.infallible { _, _ in isFloating }
  }

  private static func negation(_ type: DataType) -> Function {
    let isFloating = !type.isInteger
    return bound(Operator.negate, "(\(type)) -> \(type)", "Negation") { _, result in
      guard let operation = Arithmetic.negation(type) else { return nil }
      return { v, rows, _ in try operation(v[0], rows, result) }
    }.infallible { _, _ in isFloating }
  }

  private static func decimal(_ op: ArithmeticOperator) -> Function {
    var signature = Signature("(decimal(p,s), decimal(q,r)) -> decimal(38,0)")
    signature.resultText = "decimal"
    signature.result = { types in
      guard types.count == 2, case .decimal(let p, let s) = types[0], case .decimal(let q, let t) = types[1] else { return nil }
      switch op {
      case .add, .subtract: return Decimal.sum(p, s, q, t)
      case .multiply: return Decimal.product(p, s, q, t)
      case .divide: return Decimal.quotient(p, s, q, t)
      case .modulus: return Decimal.remainder(p, s, q, t)
      }
    }
    return Function(
      op.rawValue, .scalar, signature, "Decimal arithmetic",
      .scalar { types, result in
        guard let operation = DecimalArithmetic.kernel(op, types[0], types[1], result) else { return nil }
        return { v, rows, _ in try operation(v[0], v[1], rows, result) }
      }
    ).infallible { types, result in DecimalArithmetic.isInfallible(op, types[0], types[1], result) }
  }
}
