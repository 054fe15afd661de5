import Expressions
import Federation
import Plans
import Values

/// How many rows a condition keeps. The usual textbook guesses where statistics say nothing.
enum Selectivity {
  static func filtered(_ input: Estimate, _ predicate: Expression) -> Estimate {
    var result = input
    var fraction = 1.0
    for conjunct in predicate.conjuncts {
      // two bounds of one column are one range: the second is a part of what the first has left
      fraction *= selectivity(conjunct, result)
      if !result.isGuess && conjunct.contains(where: { expression in expression.asSymbol.map { input.columns[$0] == nil } ?? false }) {
        result.isGuess = true
      }
      narrow(&result, conjunct)
    }
    return result.scaled(to: max(input.rows * fraction, min(input.rows, 1)))
  }

  static func selectivity(_ predicate: Expression, _ input: Estimate) -> Double {
    switch predicate {
    case .constant(.boolean(true), _): return 1
    case .constant: return 0
    case .and(let all): return all.reduce(1) { $0 * selectivity($1, input) }
    case .or(let branches): return 1 - branches.reduce(1) { $0 * (1 - selectivity($1, input)) }
    case .not(let inner): return max(1 - selectivity(inner, input), 0.01)
    case .isNull(let inner): return inner.asSymbol.flatMap { input.columns[$0]?.nullFraction } ?? 0.05
    case .among(let value, let list):
      let each = value.asSymbol.map { 1 / input.distinct($0) } ?? 0.05
      return min(each * Double(list.count), 0.9)
    case .call(let id, let arguments, _): return comparison(id.name, arguments, input)
    case .reference, .cast, .if, .coalesce, .field, .lambda, .parameter, .attempt: return 0.5
    }
  }

  private static func comparison(_ name: String, _ arguments: [Expression], _ input: Estimate) -> Double {
    typealias Operator = FunctionID.Operator
    guard arguments.count >= 2 else { return 0.5 }
    switch name {
    case Operator.equal:
      let distinct = arguments.compactMap(\.asSymbol).compactMap { input.columns[$0]?.distinct }.max()
      if let distinct { return 1 / max(distinct, 1) }
      return arguments.contains { $0.asSymbol != nil } ? 0.01 : 0.1
    case Operator.notEqual: return 0.9
    case Operator.lessThan, Operator.lessThanOrEqual, Operator.greaterThan, Operator.greaterThanOrEqual:
      if let fraction = range(name, arguments, input) { return fraction }
      return 0.33
    case Operator.like, Operator.ilike: return 0.1
    default: return 0.33
    }
  }

  /// The part of a column's range that a comparison with a constant keeps.
  private static func range(_ name: String, _ arguments: [Expression], _ input: Estimate) -> Double? {
    typealias Operator = FunctionID.Operator
    var column = arguments[0], bound = arguments[1]
    var isUpper = name == Operator.lessThan || name == Operator.lessThanOrEqual
    if column.asSymbol == nil {
      swap(&column, &bound)
      isUpper.toggle()
    }
    guard let symbol = column.asSymbol, case .constant(let value, _) = bound, let statistics = input.columns[symbol],
      let low = statistics.low.flatMap(number), let high = statistics.high.flatMap(number), let at = number(value), high > low
    else { return nil }
    let fraction = min(max((at - low) / (high - low), 0), 1)
    return max(isUpper ? fraction : 1 - fraction, 0.0001)
  }

  static func number(_ value: Constant) -> Double? {
    switch value {
    case .integer(let x): Double(x)
    case .wide(let x): Double(x)
    case .real(let x): Double(x)
    case .double(let x): x
    case .null, .boolean, .bytes, .sequence: nil
    }
  }

  /// Bounds and distinct counts after the condition.
  private static func narrow(_ estimate: inout Estimate, _ condition: Expression) {
    typealias Operator = FunctionID.Operator
    switch condition {
    case .call(let id, let arguments, _) where arguments.count == 2:
      guard let symbol = arguments[0].asSymbol, case .constant(let value, _) = arguments[1] else { return }
      var column = estimate.columns[symbol] ?? ColumnStatistics()
      let fraction = range(id.name, arguments, estimate)
      switch id.name {
      case Operator.equal:
        column.distinct = 1
        column.low = value
        column.high = value
      case Operator.lessThan, Operator.lessThanOrEqual:
        column.high = value
        if let fraction, let distinct = column.distinct { column.distinct = max(distinct * fraction, 1) }
      case Operator.greaterThan, Operator.greaterThanOrEqual:
        column.low = value
        if let fraction, let distinct = column.distinct { column.distinct = max(distinct * fraction, 1) }
      default: return
      }
      estimate.columns[symbol] = column
    case .among(let value, let list):
      if let symbol = value.asSymbol { estimate.columns[symbol, default: ColumnStatistics()].distinct = Double(list.count) }
    default: return
    }
  }
}
