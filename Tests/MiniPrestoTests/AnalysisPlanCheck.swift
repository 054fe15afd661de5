import Expressions
import Plans
import Values

/// What must hold of every plan: each symbol is produced below (or is a correlation), sides of joins are disjoint, types agree.
struct AnalysisPlanCheck {
  private(set) var problems: [String] = []

  init(_ plan: Plan) { check(plan, outer: []) }

  private mutating func check(_ plan: Plan, outer: Set<Symbol>) {
    switch plan.node {
    case .apply(let node):
      check(node.left, outer: outer)
      check(node.right, outer: outer.union(node.correlation))
      require(node.correlation, in: Set(node.left.outputs), "correlation")
    default: for input in plan.inputs { check(input, outer: outer) }
    }
    if plan.inputs.count == 2, case .union = plan.node {
    } else if plan.inputs.count == 2 {
      disjoint(plan.inputs[0].outputs, plan.inputs[1].outputs)
    }
    checkNode(plan, Set(plan.inputs.flatMap(\.outputs)).union(outer))
  }

  private mutating func checkNode(_ plan: Plan, _ known: Set<Symbol>) {
    switch plan.node {
    case .scan, .limit, .sample, .singleRow, .uniqueID, .exchange, .delete, .sharedQueryScan: break
    case .sharedQueries(let node): for table in node.tables { require(table.columns, in: Set(table.plan.outputs), "shared query") }
    case .values(let node):
      for row in node.rows {
        for (cell, output) in zip(row, node.outputs) {
          require(cell, in: known, "values")
          same(cell.type, output.type, "values")
        }
      }
    case .filter(let node):
      require(node.predicate, in: known, "filter")
      same(node.predicate.type, .boolean, "filter")
    case .project(let node):
      for (symbol, value) in node.assignments {
        require(value, in: known, "project")
        same(symbol.type, value.type, "project")
      }
    case .aggregate(let node):
      require(node.keys, in: known, "aggregate keys")
      for call in node.calls {
        for argument in call.arguments { require(argument, in: known, "aggregate") }
        require(call.order.map(\.symbol) + (call.filter.map { [$0] } ?? []), in: known, "aggregate")
      }
    case .groupingSets(let node): require(node.keys.map(\.input) + node.passed, in: known, "grouping sets")
    case .markDistinct(let node): require(node.keys, in: known, "mark distinct")
    case .join(let node):
      require(node.equalities.map(\.left), in: Set(node.left.outputs), "join left")
      require(node.equalities.map(\.right), in: Set(node.right.outputs), "join right")
      if let residual = node.residual { require(residual, in: known, "join") }
    case .semiJoin(let node):
      require(node.equalities.map(\.left), in: Set(node.left.outputs), "semi-join left")
      require(node.equalities.map(\.right), in: Set(node.right.outputs), "semi-join right")
    case .apply(let node):
      switch node.kind {
      case .scalar: if node.right.outputs.count != 1 { problems.append("scalar sub-query of \(node.right.outputs.count) columns") }
      case .exists: break
      case .among(_, let value, let column), .quantified(_, let value, _, _, let column):
        require([value], in: Set(node.left.outputs), "value")
        require([column], in: Set(node.right.outputs), "column")
      case .lateral(_, let condition): if let condition { require(condition, in: known, "lateral") }
      }
    case .sort(let node): require(node.order.map(\.symbol), in: known, "sort")
    case .topN(let node): require(node.order.map(\.symbol), in: known, "top-n")
    case .window(let node):
      require(node.partition + node.order.map(\.symbol), in: known, "window")
      for call in node.calls {
        for argument in call.arguments { require(argument, in: known, "window") }
        if let filter = call.filter { require([filter], in: known, "window filter") }
        for bound in [call.frame.start, call.frame.end] {
          switch bound {
          case .preceding(let symbol), .following(let symbol): require([symbol], in: known, "frame")
          case .unboundedPreceding, .currentRow, .unboundedFollowing: break
          }
        }
      }
    case .unnest(let node): require(node.kept + node.items.map(\.value), in: known, "unnest")
    case .union(let node):
      for (input, columns) in zip(node.inputs, node.columns) {
        require(columns, in: Set(input.outputs), "union")
        for (column, output) in zip(columns, node.outputs) { same(column.type, output.type, "union") }
      }
    case .write(let node): require(node.columns.map(\.symbol), in: known, "write")
    case .output(let node): require(node.columns.map(\.symbol), in: known, "output")
    }
  }

  private mutating func require(_ expression: Expression, in known: Set<Symbol>, _ place: String) {
    require(Array(expression.references), in: known, place)
  }

  private mutating func require(_ symbols: [Symbol], in known: Set<Symbol>, _ place: String) {
    for symbol in symbols where !known.contains(symbol) { problems.append("\(place): \(symbol.name)#\(symbol.id) is not produced below") }
  }

  private mutating func disjoint(_ left: [Symbol], _ right: [Symbol]) {
    let shared = Set(left).intersection(right)
    if !shared.isEmpty { problems.append("both sides have \(shared.map(\.name))") }
  }

  private mutating func same(_ left: DataType, _ right: DataType, _ place: String) {
    if left != right { problems.append("\(place): \(left) is not \(right)") }
  }
}
