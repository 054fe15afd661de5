import Expressions
import Plans
import SQL
import Values

extension QueryAnalyzer {
  func setOperation(_ operation: Syntax.SetOperation, _ surroundings: Surroundings) throws -> RelationPlan {
    var operands = try operation.operands.map { try body($0, surroundings) }
    if let corresponding = operation.corresponding { operands = try matched(operands, corresponding, operation) }
    let name = operation.operator.rawValue
    let width = operands[0].fields.count
    for (operand, syntax) in zip(operands, operation.operands).dropFirst() where operand.fields.count != width {
      throw PrestoError.at(
        syntax.location, .typeMismatch, "\(name) query has different number of fields: \(width), \(operand.fields.count)")
    }
    let analyzer = ExpressionAnalyzer(self, surroundings, scope: Scope([]), clause: .select)
    var columns = operands.map { _ in [Expression]() }
    for column in 0..<width {
      let unified = try analyzer.unified(operands.map { $0.fields[column].value }, at: operation.place) {
        "column \(column + 1) in \(name) query has incompatible types: \($0), \($1)"
      }
      for (index, value) in unified.enumerated() { columns[index].append(value) }
      let type = unified[0].type
      if operation.quantifier == .distinct || operation.operator != .union, !type.isComparable {
        throw PrestoError.at(
          operation.location, .typeMismatch, "\(name) query column \(column + 1) is of type \(type), which is not comparable")
      }
    }
    let outputs = zip(operands[0].fields, columns[0]).map { symbols.fresh($0.name ?? "column", $1.type) }
    let fields = zip(operands[0].fields, outputs).map { Field(name: $0.name, value: .symbol($1)) }
    let plans = operands.map(\.plan)
    let plan: Plan
    switch (operation.operator, operation.quantifier) {
    case (.union, .all): plan = union(plans, columns, outputs)
    case (.union, .distinct): plan = Plan(.aggregate(.init(input: union(plans, columns, outputs), keys: outputs, calls: [])))
    case (.intersect, .distinct):
      plan = counted(plans, columns, outputs) { counts in
        .all(counts.map { .comparison(FunctionID.Operator.greaterThan, $0, .constant(.integer(0), .bigint)) })
      }
    case (.except, .distinct):
      plan = counted(plans, columns, outputs) { counts in
        .all(
          [.comparison(FunctionID.Operator.greaterThan, counts[0], .constant(.integer(0), .bigint))]
            + counts.dropFirst().map { .comparison(FunctionID.Operator.equal, $0, .constant(.integer(0), .bigint)) })
      }
    case (.intersect, .all), (.except, .all): plan = numbered(plans, columns, outputs, operation.operator)
    }
    return RelationPlan(plan: plan, fields: fields)
  }

  // MARK: UNION

  /// All rows; each operand computes its columns first where they need a cast.
  private func union(_ plans: [Plan], _ columns: [[Expression]], _ outputs: [Symbol]) -> Plan {
    var inputs: [Plan] = []
    var mapping: [[Symbol]] = []
    for (plan, values) in zip(plans, columns) {
      var builder = self.columns(over: plan)
      mapping.append(values.map { builder.symbol(for: $0, named: "column") })
      inputs.append(builder.replaced)
    }
    return Plan(.union(.init(inputs: inputs, outputs: outputs, columns: mapping)))
  }

  // MARK: INTERSECT and EXCEPT

  /// The union with booleans beside each row that say which operand it came from.
  private func marked(_ plans: [Plan], _ columns: [[Expression]], _ outputs: [Symbol]) -> (plan: Plan, markers: [Symbol]) {
    let origin = symbols.fresh("origin", .bigint)
    var tagged: [Plan] = []
    var values: [[Expression]] = []
    for (index, plan) in plans.enumerated() {
      let tag = symbols.fresh("origin", .bigint)
      tagged.append(plan.adding([(tag, .constant(.integer(Int64(index)), .bigint))]))
      values.append(columns[index] + [.symbol(tag)])
    }
    let all = union(tagged, values, outputs + [origin])
    let markers = plans.indices.map { symbols.fresh("from_\($0)", .boolean) }
    let flags = markers.enumerated().map { index, marker in
      (marker, Expression.comparison(FunctionID.Operator.equal, .symbol(origin), .constant(.integer(Int64(index)), .bigint)))
    }
    return (all.adding(flags), markers)
  }

  /// DISTINCT: one row per group of equal rows, kept or not by how many of them each operand had.
  private func counted(_ plans: [Plan], _ columns: [[Expression]], _ outputs: [Symbol], keep: ([Expression]) -> Expression) -> Plan {
    let (all, markers) = marked(plans, columns, outputs)
    let calls = markers.map {
      Plan.Aggregate.Call(symbol: symbols.fresh("count", .bigint), function: FunctionID("count", []), arguments: [], filter: $0)
    }
    let grouped = Plan(.aggregate(.init(input: all, keys: outputs, calls: calls)))
    return grouped.filtered(keep(calls.map { .symbol($0.symbol) })).keeping(outputs)
  }

  /// Distinct rows of one plan that another does not have.
  func difference(of plan: Plan, _ columns: [Symbol], without other: Plan, _ others: [Symbol]) -> (plan: Plan, outputs: [Symbol]) {
    let outputs = columns.map { symbols.fresh($0.name, $0.type) }
    let rest = counted([plan, other], [columns, others].map { $0.map { .symbol($0) } }, outputs) { counts in
      .all([
        .comparison(FunctionID.Operator.greaterThan, counts[0], .constant(.integer(0), .bigint)),
        .comparison(FunctionID.Operator.equal, counts[1], .constant(.integer(0), .bigint)),
      ])
    }
    return (rest, outputs)
  }

  /// ALL: among equal rows the first n stay; n is the smallest of the operands' counts (INTERSECT), or the first's less the others' (EXCEPT).
  private func numbered(_ plans: [Plan], _ columns: [[Expression]], _ outputs: [Symbol], _ name: Syntax.SetOperation.Operator) -> Plan {
    let (all, markers) = marked(plans, columns, outputs)
    let whole = Plan.Window.Frame(.rows, .unboundedPreceding, .unboundedFollowing)
    let counts = markers.map {
      Plan.Window.Call(
        symbol: symbols.fresh("count", .bigint), function: FunctionID("count", []), arguments: [], frame: whole, filter: $0)
    }
    let number = symbols.fresh("row_number", .bigint)
    let calls = counts + [.init(symbol: number, function: FunctionID("row_number", []), arguments: [], frame: whole)]
    let windowed = Plan(.window(.init(input: all, partition: outputs, order: [], calls: calls)))
    let limits = counts.map { Expression.symbol($0.symbol) }
    let keep: Expression
    if name == .intersect {
      keep = .all(limits.map { .comparison(FunctionID.Operator.lessThanOrEqual, .symbol(number), $0) })
    } else {
      let left = limits.dropFirst().reduce(limits[0]) {
        .call(FunctionID(FunctionID.Operator.subtract, [.bigint, .bigint]), [$0, $1], .bigint)
      }
      keep = .comparison(FunctionID.Operator.lessThanOrEqual, .symbol(number), left)
    }
    return windowed.filtered(keep).keeping(outputs)
  }

  // MARK: CORRESPONDING

  /// The columns all operands have by name, in the order of the first (or as listed).
  private func matched(_ operands: [RelationPlan], _ corresponding: Syntax.Corresponding, _ operation: Syntax.SetOperation) throws
    -> [RelationPlan]
  {
    let listed = corresponding.columns?.map(\.canonical)
    let names =
      listed
      ?? operands[0].fields.compactMap(\.canonical).filter { name in
        operands.allSatisfy { $0.fields.contains { $0.canonical == name } }
      }
    if operands.contains(where: { $0.fields.contains { $0.name == nil } }) {
      throw PrestoError.at(
        operation.place.location, .notSupported, "Anonymous columns are not allowed in set operations with CORRESPONDING")
    }
    if names.isEmpty { throw PrestoError.at(operation.place.location, .invalidColumnReference, "No corresponding columns") }
    return try operands.map { operand in
      let fields = try names.map { name in
        let found = operand.fields.filter { $0.canonical == name }
        if let field = found.first, found.count == 1 { return field }
        throw PrestoError.at(
          corresponding.location, found.isEmpty ? .columnNotFound : .ambiguousName,
          found.isEmpty ? "Column '\(name)' cannot be resolved" : "Column '\(name)' is ambiguous")
      }
      return RelationPlan(plan: operand.plan, fields: fields)
    }
  }
}
