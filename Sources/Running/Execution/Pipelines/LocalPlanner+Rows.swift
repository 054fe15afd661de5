import Expressions
import Federation
import Plans
import Synchronization
import Values
import Vectors

/// Scans, filters, projections, unions, unnesting.
extension LocalPlanner {
  mutating func scan(_ node: Plan.Scan, _ plan: Plan, _ needed: Set<Symbol>) throws -> Stage {
    let catalog = try context.catalog(node.catalog)
    let columns = node.columns.filter { needed.contains($0.symbol) }
    let handles = columns.map(\.column)
    let filter = DynamicFilter(node.dynamicFilters.map { (column: $0.column, slot: slot($0.filter)) })
    let metrics = ScanMetrics()
    let scanContext = scanContext(metrics)
    context.metrics.register(ObjectIdentifier(plan), catalog: node.catalog, label: "\(node.catalog): \(node.table)", metrics)
    let splits = SplitQueue(metrics) { try await catalog.splits(of: node.table, narrowedBy: filter, scanContext) }
    let table = node.table
    return Stage(columns.map(\.symbol), parallelism: catalog.isBrief(table) ? 1 : context.parallelism) { _ in
      ScanSource(splits, filter, metrics) { split in
        try await catalog.open(split, of: table, columns: handles, narrowedBy: filter, scanContext)
      }
    }
  }

  func scanContext(_ metrics: ScanMetrics) -> ScanContext {
    ScanContext(
      functions: context.functions, evaluation: context.evaluation, memory: context.memory, metrics: metrics,
      parallelism: context.parallelism, queryID: context.queryID)
  }

  mutating func values(_ node: Plan.Values) throws -> Stage {
    let context = context
    let symbols = node.outputs, rows = node.rows
    return Stage(symbols, parallelism: 1) { _ in
      if rows.isEmpty { return ValuesSource([]) }
      let one = Batch([], count: 1)
      var batches: [Batch] = []
      for start in stride(from: 0, to: rows.count, by: Batch.habitualCount) {
        let piece = rows[start..<min(start + Batch.habitualCount, rows.count)]
        let columns = try symbols.indices.map { column -> Vector in
          let builder = VectorBuilder(symbols[column].type, capacity: piece.count)
          for row in piece {
            if case .constant(let value, _) = row[column] {
              builder.append(value)
            } else {
              let expression = try row[column].rebased { symbol -> Int in
                throw PrestoError(.genericInternalError, "VALUES refers to \(symbol.name)")
              }
              builder.append(try Evaluator(expression, functions: context.functions, context: context.evaluation).evaluate(one), row: 0)
            }
          }
          return builder.finish()
        }
        batches.append(Batch(columns, count: piece.count))
      }
      return ValuesSource(batches)
    }
  }

  mutating func filter(_ node: Plan.Filter, _ needed: Set<Symbol>) throws -> Stage {
    let input = try stage(node.input, needed: needed.union(node.predicate.references))
    let predicate = try compiled(node.predicate, input)
    let kept = input.symbols.filter { needed.contains($0) }
    let output = try kept.map { try input.channel($0) }
    let context = context
    return input.then(kept) { source, _ in
      FilterSource(source, try Evaluator(predicate, functions: context.functions, context: context.evaluation), output: output)
    }
  }

  mutating func project(_ node: Plan.Project, _ needed: Set<Symbol>) throws -> Stage {
    let assignments = node.assignments.filter { needed.contains($0.symbol) }
    let input = try stage(node.input, needed: assignments.reduce(into: []) { $0.formUnion($1.value.references) })
    let symbols = assignments.map(\.symbol)
    let direct = assignments.compactMap { $0.value.asSymbol }
    if direct.count == assignments.count {
      let output = try direct.map { try input.channel($0) }
      return input.then(symbols) { source, _ in ChannelsSource(source, output) }
    }
    let expressions = try assignments.map { try compiled($0.value, input) }
    let context = context
    return input.then(symbols) { source, _ in
      ProjectSource(source, try Projection(expressions, functions: context.functions, context: context.evaluation))
    }
  }

  mutating func union(_ node: Plan.Union, _ needed: Set<Symbol>) throws -> Stage {
    let kept = node.outputs.indices.filter { needed.contains(node.outputs[$0]) }
    var inputs: [Stage] = []
    for (plan, columns) in zip(node.inputs, node.columns) {
      let chosen = kept.map { columns[$0] }
      inputs.append(try channels(try stage(plan, needed: Set(chosen)), chosen))
    }
    let stages = inputs
    return Stage(kept.map { node.outputs[$0] }, parallelism: stages.map(\.parallelism).max() ?? 1) { driver in
      UnionSource(stages.filter { driver < $0.parallelism }, driver)
    }
  }

  mutating func unnest(_ node: Plan.Unnest, _ needed: Set<Symbol>) throws -> Stage {
    let kept = node.kept.filter { needed.contains($0) }
    let input = try stage(node.input, needed: Set(kept + node.items.map(\.value)))
    let keptChannels = try kept.map { try input.channel($0) }
    let items = try node.items.map { try input.channel($0.value) }
    let types = node.items.map { $0.outputs.map(\.type) }
    let hasOrdinality = node.ordinality != nil, isOuter = node.isOuter
    return input.then(kept + node.items.flatMap(\.outputs) + (node.ordinality.map { [$0] } ?? [])) { source, _ in
      UnnestSource(source, kept: keptChannels, items: items, itemTypes: types, hasOrdinality: hasOrdinality, isOuter: isOuter)
    }
  }

  mutating func groupingSets(_ node: Plan.GroupingSets) throws -> Stage {
    let input = try stage(node.input, needed: Set(node.keys.map(\.input) + node.passed))
    let keys = try node.keys.map { try input.channel($0.input) }
    let passed = try node.passed.map { try input.channel($0) }
    let sets = node.sets
    return input.then(node.outputs) { source, _ in GroupingSetsSource(source, keys: keys, sets: sets, passed: passed) }
  }
}

/// One input after the other.
final class UnionSource: BatchSource {
  private var rest: [Stage]
  private let driver: Int
  private var current: (any BatchSource)?

  init(_ stages: [Stage], _ driver: Int) {
    rest = stages.reversed()
    self.driver = driver
  }

  func next() async throws -> Batch? {
    while true {
      if let current {
        if let batch = try await current.next() { return batch }
        self.current = nil
      }
      guard let stage = rest.popLast() else { return nil }
      current = try await stage.open(driver)
    }
  }
}
