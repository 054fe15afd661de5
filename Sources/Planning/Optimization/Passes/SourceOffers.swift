import Expressions
import Federation
import Plans
import Settings
import Values

/// Offers filters, limits, top-N, aggregations and joins to the sources, from the scans upwards, until none takes more.
enum SourceOffers {
  static func run(_ plan: Plan, _ context: PlanningContext) throws -> Plan {
    guard context.session[.pushdown] else { return plan }
    return try Pass(context: context).visit(plan)
  }

  struct Pass {
    let context: PlanningContext

    func visit(_ plan: Plan) throws -> Plan {
      var plan = try plan.mappingInputs { try visit($0) }
      for _ in 0..<8 {
        guard let next = try offer(plan) else { break }
        plan = next
      }
      return plan
    }

    private func offer(_ plan: Plan) throws -> Plan? {
      switch plan.node {
      case .filter(let node): return try filter(node)
      case .limit(let node): return try limit(plan, node)
      case .topN(let node): return try topN(plan, node)
      case .aggregate(let node): return try aggregate(node)
      case .join(let node): return try join(node)
      case .scan, .values, .project, .groupingSets, .markDistinct, .semiJoin, .apply, .sort, .window, .unnest, .union, .uniqueID,
        .singleRow, .sample, .sharedQueries, .sharedQueryScan, .exchange, .write, .delete, .output:
        return nil
      }
    }

    private func catalog(_ scan: Plan.Scan) -> Catalog? { context.catalogs[scan.catalog] }

    private func filter(_ node: Plan.Filter) throws -> Plan? {
      guard case .scan(var scan) = node.input.node, let catalog = catalog(scan) else { return nil }
      let columns = Dictionary(scan.columns.map { ($0.symbol, $0.column) }, uniquingKeysWith: { first, _ in first })
      let symbols = Dictionary(scan.columns.map { ($0.column, $0.symbol) }, uniquingKeysWith: { first, _ in first })
      // volatile conditions stay here
      let (stable, rest) = node.predicate.conjuncts.reduce(into: ([Expression](), [Expression]())) { parts, conjunct in
        if conjunct.isDeterministic(context.functions) { parts.0.append(conjunct) } else { parts.1.append(conjunct) }
      }
      if stable.isEmpty { return nil }
      let offered = try Expression.all(stable).rebased { symbol -> ColumnHandle in
        guard let column = columns[symbol] else { throw PrestoError(.genericInternalError, "Filter reads \(symbol.name) past its scan") }
        return column
      }
      guard let (table, residual) = try catalog.apply(filter: offered, to: scan.table) else { return nil }
      scan.table = table
      var left = rest
      if let residual {
        left += try residual.rebased { column -> Symbol in
          guard let symbol = symbols[column] else {
            throw PrestoError(.genericInternalError, "A residual filter reads a column that was not offered")
          }
          return symbol
        }.conjuncts
      }
      let plan = Plan(.scan(scan))
      return left.isEmpty ? plan : Plan(.filter(.init(input: plan, predicate: .all(left))))
    }

    /// The scan beneath, also through a projection of mere columns; `rebuild` puts the projection back.
    private func scanBelow(_ plan: Plan) -> (scan: Plan.Scan, source: [Symbol: Symbol], rebuild: (Plan) -> Plan)? {
      switch plan.node {
      case .scan(let scan): return (scan, Dictionary(scan.outputs.map { ($0, $0) }, uniquingKeysWith: { first, _ in first }), { $0 })
      case .project(let project):
        guard case .scan(let scan) = project.input.node else { return nil }
        var source: [Symbol: Symbol] = [:]
        for (symbol, value) in project.assignments { if let from = value.asSymbol { source[symbol] = from } }
        return (scan, source, { Plan(.project(.init(input: $0, assignments: project.assignments))) })
      default: return nil
      }
    }

    private func limit(_ plan: Plan, _ node: Plan.Limit) throws -> Plan? {
      guard let count = node.count, let (scan, _, rebuild) = scanBelow(node.input), scan.dynamicFilters.isEmpty, let catalog = catalog(scan)
      else {
        return nil
      }
      let (total, overflow) = count.addingReportingOverflow(node.offset)
      guard !overflow, let (table, isGuaranteed) = try catalog.apply(limit: total, to: scan.table) else { return nil }
      var narrowed = scan
      narrowed.table = table
      let below = rebuild(Plan(.scan(narrowed)))
      if isGuaranteed && node.offset == 0 { return below }
      var copy = node
      copy.input = below
      return Plan(.limit(copy))
    }

    private func topN(_ plan: Plan, _ node: Plan.TopN) throws -> Plan? {
      guard node.partition.isEmpty, let (scan, source, rebuild) = scanBelow(node.input), scan.dynamicFilters.isEmpty,
        let catalog = catalog(scan)
      else { return nil }
      var order: [TopN<ColumnHandle>.Order] = []
      for ordering in node.order {
        guard let symbol = source[ordering.symbol], let column = scan.columns.first(where: { $0.symbol == symbol }) else { return nil }
        order.append(.init(column: column.column, type: symbol.type, isAscending: ordering.isAscending, nullsFirst: ordering.nullsFirst))
      }
      guard let (table, isGuaranteed) = try catalog.apply(topN: TopN(count: node.count, order: order), to: scan.table) else { return nil }
      var narrowed = scan
      narrowed.table = table
      let below = rebuild(Plan(.scan(narrowed)))
      if isGuaranteed { return below }
      var copy = node
      copy.input = below
      return Plan(.topN(copy))
    }

    private func aggregate(_ node: Plan.Aggregate) throws -> Plan? {
      guard node.step == .single, !node.calls.contains(where: { !$0.order.isEmpty }) else { return nil }
      var values: [Symbol: Expression] = [:]
      let scan: Plan.Scan
      switch node.input.node {
      case .scan(let direct):
        scan = direct
        for symbol in direct.outputs { values[symbol] = .symbol(symbol) }
      case .project(let project):
        guard case .scan(let below) = project.input.node else { return nil }
        scan = below
        for (symbol, value) in project.assignments { values[symbol] = value }
      default: return nil
      }
      guard scan.dynamicFilters.isEmpty, let catalog = catalog(scan) else { return nil }
      let columns = Dictionary(scan.columns.map { ($0.symbol, $0.column) }, uniquingKeysWith: { first, _ in first })
      func offered(_ expression: Expression) -> Expr<ColumnHandle>? {
        let whole = expression.substituting(values)
        guard whole.isDeterministic(context.functions), whole.references.allSatisfy({ columns[$0] != nil }) else { return nil }
        return try? whole.rebased { symbol in
          guard let column = columns[symbol] else { throw CancellationError() }
          return column
        }
      }
      var aggregation = Aggregation<ColumnHandle>(keys: [], calls: [])
      for key in node.keys {
        guard let expression = offered(.symbol(key)) else { return nil }
        aggregation.keys.append(expression)
      }
      for call in node.calls {
        let arguments = call.arguments.compactMap(offered)
        let filter = call.filter.flatMap { offered(.symbol($0)) }
        guard arguments.count == call.arguments.count, (call.filter == nil) == (filter == nil) else { return nil }
        aggregation.calls.append(
          .init(function: call.function, arguments: arguments, filter: filter, isDistinct: call.isDistinct, type: call.symbol.type))
      }
      guard let (table, outputs) = try catalog.apply(aggregation: aggregation, to: scan.table) else { return nil }
      return rebuilt(scan.catalog, table, zip(node.outputs, outputs).map { ($0, $1) })
    }

    /// A scan of the new table under a projection that computes what was asked for.
    private func rebuilt(_ catalog: String, _ table: TableHandle, _ outputs: [(Symbol, Expr<ColumnHandle>)]) -> Plan {
      var columns: [(symbol: Symbol, column: ColumnHandle)] = []
      func symbol(_ column: ColumnHandle, _ type: DataType, _ name: String) -> Symbol {
        if let known = columns.first(where: { $0.column == column }) { return known.symbol }
        let fresh = context.symbols.fresh(name, type)
        columns.append((fresh, column))
        return fresh
      }
      var assignments: [(symbol: Symbol, value: Expression)] = []
      for (output, expression) in outputs {
        var types: [ColumnHandle: DataType] = [:]
        collectTypes(expression, &types)
        assignments.append((output, expression.rebased { symbol($0, types[$0] ?? output.type, output.name) }))
      }
      return Plan(.project(.init(input: Plan(.scan(.init(catalog: catalog, table: table, columns: columns))), assignments: assignments)))
    }

    private func collectTypes(_ expression: Expr<ColumnHandle>, _ types: inout [ColumnHandle: DataType]) {
      if case .reference(let column, let type) = expression { types[column] = type }
      for child in expression.children { collectTypes(child, &types) }
    }

    private func join(_ node: Plan.Join) throws -> Plan? {
      guard node.residual == nil, !node.equalities.isEmpty, case .scan(let left) = node.left.node, case .scan(let right) = node.right.node,
        left.catalog == right.catalog, let catalog = catalog(left)
      else { return nil }
      // filters between the two are of no more use; filters from elsewhere would be lost
      let mine = Set(node.dynamicFilters.map(\.filter))
      guard left.dynamicFilters.allSatisfy({ mine.contains($0.filter) }), right.dynamicFilters.isEmpty else { return nil }
      func column(_ scan: Plan.Scan, _ symbol: Symbol) -> ColumnHandle? { scan.columns.first { $0.symbol == symbol }?.column }
      var equalities: [(ColumnHandle, ColumnHandle)] = []
      for equality in node.equalities {
        guard let a = column(left, equality.left), let b = column(right, equality.right) else { return nil }
        equalities.append((a, b))
      }
      let offer = JoinOffer(
        kind: node.kind, left: left.table, right: right.table, equalities: equalities, leftColumns: left.columns.map(\.column),
        rightColumns: right.columns.map(\.column))
      guard let answer = try catalog.apply(join: offer) else { return nil }
      var columns: [(symbol: Symbol, column: ColumnHandle)] = []
      for (symbol, handle) in left.columns { if let new = answer.left[handle] { columns.append((symbol, new)) } }
      for (symbol, handle) in right.columns { if let new = answer.right[handle] { columns.append((symbol, new)) } }
      guard columns.count == left.columns.count + right.columns.count else { return nil }
      return Plan(.scan(.init(catalog: left.catalog, table: answer.table, columns: columns)))
    }
  }
}
