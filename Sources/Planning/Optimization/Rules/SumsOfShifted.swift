import Expressions
import Plans
import Values

extension Rule {
  /// Sums of one value plus constants are its sum plus so many times the constant: one sum and one count instead of a column for each.
  ///
  ///     Aggregate s1 := sum(a), s2 := sum(b)           Project s1 := s + 1 * c, s2 := s + 2 * c
  ///       Project a := x + 1, b := x + 2       →         Aggregate s := sum(y), c := count(y)
  ///                                                        Project y := x
  ///
  /// Only where no row of `x + 1` can overflow, which its type tells, and where the products stay far from overflow.
  static let sumsOfShifted = Rule("sums_of_shifted") { plan, context in
    guard case .aggregate(var node) = plan.node, node.step == .single, case .project(var project) = node.input.node else { return nil }
    let values = Dictionary(project.assignments.map { ($0.symbol, $0.value) }, uniquingKeysWith: { first, _ in first })
    struct Group: Hashable {
      let value: Expression
      let filter: Symbol?
    }
    var shifted: [Int: (group: Group, shift: Int64)] = [:], members: [Group: Int] = [:]
    for (index, call) in node.calls.enumerated() where call.function.name == "sum" && !call.isDistinct && call.order.isEmpty {
      guard let symbol = call.arguments.first?.asSymbol, let (value, shift) = values[symbol].flatMap(shift),
        value.isDeterministic(context.functions)
      else { continue }
      shifted[index] = (Group(value: value, filter: call.filter), shift)
      members[Group(value: value, filter: call.filter), default: 0] += 1
    }
    shifted = shifted.filter { members[$0.value.group, default: 0] > 1 }
    if shifted.isEmpty { return nil }
    var results: [Group: (sum: Symbol, count: Symbol)] = [:]
    var calls: [Plan.Aggregate.Call] = [], outputs = node.keys.map { ($0, Expression.symbol($0)) }
    for (index, call) in node.calls.enumerated() {
      guard let (group, shift) = shifted[index] else {
        calls.append(call)
        outputs.append((call.symbol, .symbol(call.symbol)))
        continue
      }
      if results[group] == nil {
        let value = context.symbols.fresh("value", group.value.type)
        let made = (sum: context.symbols.fresh("sum", .bigint), count: context.symbols.fresh("count", .bigint))
        project.assignments.append((value, group.value))
        calls.append(.init(symbol: made.sum, function: call.function, arguments: [.symbol(value)], filter: group.filter))
        calls.append(
          .init(symbol: made.count, function: FunctionID("count", [value.type]), arguments: [.symbol(value)], filter: group.filter))
        results[group] = made
      }
      guard let (sum, count) = results[group] else { return nil }
      let product = Expression.call(
        FunctionID(FunctionID.Operator.multiply, [.bigint, .bigint]), [.constant(.integer(shift), .bigint), .symbol(count)], .bigint)
      outputs.append((call.symbol, .call(FunctionID(FunctionID.Operator.add, [.bigint, .bigint]), [.symbol(sum), product], .bigint)))
    }
    node.calls = calls
    node.input = Plan(.project(project))
    return Plan(.project(.init(input: Plan(.aggregate(node)), assignments: outputs)))
  }

  /// `x + k`, `k + x` or `x - k` that no value of `x` makes overflow.
  private static func shift(_ expression: Expression) -> (value: Expression, shift: Int64)? {
    // sums are of bigint
    if case .cast(let inner, .bigint, _) = expression, let (value, shift) = shift(inner) {
      return (.cast(value, to: .bigint, safe: false), shift)
    }
    guard case .call(let id, let arguments, let type) = expression, arguments.count == 2, let bounds = type.integerBounds else {
      return nil
    }
    let isSum = id.name == FunctionID.Operator.add
    guard isSum || id.name == FunctionID.Operator.subtract else { return nil }
    let value: Expression, shift: Int64
    switch (arguments[0], arguments[1]) {
    case (let x, .constant(.integer(let k), _)) where !x.isConstant: (value, shift) = (x, isSum ? k : 0 &- k)
    case (.constant(.integer(let k), _), let x) where isSum && !x.isConstant: (value, shift) = (x, k)
    default: return nil
    }
    guard case .cast(let narrow, type, _) = value, let inner = narrow.type.integerBounds, shift.magnitude < 1 << 20,
      inner.lowerBound + shift >= bounds.lowerBound, inner.upperBound + shift <= bounds.upperBound
    else { return nil }
    return (value, shift)
  }
}

extension DataType {
  /// The values of an integer type; of bigint those far from overflow.
  fileprivate var integerBounds: ClosedRange<Int64>? {
    switch self {
    case .tinyint: -0x80...0x7F
    case .smallint: -0x8000...0x7FFF
    case .integer: -0x8000_0000...0x7FFF_FFFF
    case .bigint: -0x2000_0000_0000_0000...0x1FFF_FFFF_FFFF_FFFF
    default: nil
    }
  }
}
