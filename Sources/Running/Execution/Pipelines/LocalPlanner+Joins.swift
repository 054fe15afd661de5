import Expressions
import Federation
import Plans
import Values
import Vectors

extension LocalPlanner {
  /// The build side's pipeline and what it shares with the probers.
  private mutating func build(
    _ plan: Plan, keys: [Symbol], filters: [(build: Symbol, filter: DynamicFilterID)], needed: Set<Symbol>, probers: Int
  ) throws -> (bridge: JoinBridge, stage: Stage) {
    let stage = try stage(plan, needed: needed.union(keys)).coalesced
    let published = filters.compactMap { entry in keys.firstIndex(of: entry.build).map { (key: $0, slot: slot(entry.filter)) } }
    let bridge = JoinBridge(
      types: stage.symbols.map(\.type), keys: try keys.map { try stage.channel($0) }, filters: published, builders: stage.parallelism,
      probers: probers, drivers: context.parallelism, memory: context.memory)
    add(Pipeline(stage: stage) { _ in JoinBuildSink(bridge) })
    return (bridge, stage)
  }

  mutating func join(_ node: Plan.Join, _ needed: Set<Symbol>) throws -> Stage {
    let residualSymbols = node.residual?.references ?? []
    let leftOutputs = Set(node.left.outputs), rightOutputs = Set(node.right.outputs)
    let below = needed.union(residualSymbols)
    let probe = try stage(node.left, needed: below.intersection(leftOutputs).union(node.equalities.map(\.left))).coalesced
    let (bridge, built) = try build(
      node.right, keys: node.equalities.map(\.right), filters: node.dynamicFilters, needed: below.intersection(rightOutputs),
      probers: probe.parallelism)
    let keys = try node.equalities.map { try probe.channel($0.left) }
    let symbols = (node.left.outputs + node.right.outputs).filter { needed.contains($0) }
    var columns: [JoinOutput.Column] = []
    var probeTypes: [DataType] = []
    for symbol in symbols {
      if let channel = probe.symbols.firstIndex(of: symbol) {
        columns.append(.probe(channel))
        probeTypes.append(symbol.type)
      } else {
        columns.append(.build(try built.channel(symbol)))
      }
    }
    let output = JoinOutput(columns: columns), types = probeTypes
    let residual = try residual(node.residual, probe, built)
    let kind = node.kind
    let context = context
    return probe.then(symbols) { source, _ in
      let evaluator = try residual.map { try Evaluator($0.predicate, functions: context.functions, context: context.evaluation) }
      let join = JoinProbe(
        kind, source, bridge, keys: keys, output: output, residual: evaluator, residualChannels: residual?.channels ?? [])
      join.probeTypes = types
      return join
    }
  }

  mutating func semiJoin(_ node: Plan.SemiJoin, _ needed: Set<Symbol>) throws -> Stage {
    if node.buildsLeft { return try markedBuild(node, needed) }
    let residualSymbols = node.residual?.references ?? []
    let leftOutputs = Set(node.left.outputs), rightOutputs = Set(node.right.outputs)
    let kept = node.left.outputs.filter { needed.contains($0) }
    let probe = try stage(node.left, needed: Set(kept).union(node.equalities.map(\.left)).union(residualSymbols.intersection(leftOutputs)))
      .coalesced
    let (bridge, built) = try build(
      node.right, keys: node.equalities.map(\.right), filters: node.dynamicFilters, needed: residualSymbols.intersection(rightOutputs),
      probers: probe.parallelism)
    let keys = try node.equalities.map { try probe.channel($0.left) }
    let output = try kept.map { try probe.channel($0) }
    let residual = try residual(node.residual, probe, built)
    let kind: SemiJoinProbe.Kind =
      switch node.kind {
      case .mark: .mark
      case .semi: .semi
      case .anti: .anti
      }
    let isNullAware = node.isNullAware
    let context = context
    return probe.then(kept + (node.mark.map { [$0] } ?? [])) { source, _ in
      let evaluator = try residual.map { try Evaluator($0.predicate, functions: context.functions, context: context.evaluation) }
      return SemiJoinProbe(
        kind, isNullAware: isNullAware, source, bridge, keys: keys, output: output, residual: evaluator,
        residualChannels: residual?.channels ?? [])
    }
  }

  /// A semi join whose left side is built: the right side's drivers mark, then all drivers share the marked rows.
  private mutating func markedBuild(_ node: Plan.SemiJoin, _ needed: Set<Symbol>) throws -> Stage {
    let residualSymbols = node.residual?.references ?? []
    let leftOutputs = Set(node.left.outputs), rightOutputs = Set(node.right.outputs)
    let kept = node.left.outputs.filter { needed.contains($0) }
    let probe = try stage(node.right, needed: residualSymbols.intersection(rightOutputs).union(node.equalities.map(\.right))).coalesced
    let (bridge, built) = try build(
      node.left, keys: node.equalities.map(\.left), filters: node.dynamicFilters,
      needed: Set(kept).union(residualSymbols.intersection(leftOutputs)), probers: probe.parallelism)
    let keys = try node.equalities.map { try probe.channel($0.right) }
    let residual = try residual(node.residual, probe, built)
    let marks = BuildMarks(bridge)
    let context = context
    add(
      Pipeline(stage: probe) { _ in
        let evaluator = try residual.map { try Evaluator($0.predicate, functions: context.functions, context: context.evaluation) }
        return MarkingSink(marks, keys: keys, residual: evaluator, residualChannels: residual?.channels ?? [])
      })
    let output = try kept.map { try built.channel($0) }
    let kind: SemiJoinProbe.Kind =
      switch node.kind {
      case .mark: .mark
      case .semi: .semi
      case .anti: .anti
      }
    return Stage(kept + (node.mark.map { [$0] } ?? []), parallelism: context.parallelism) { _ in
      MarkedRows(marks, kind, output: output)
    }
  }

  private struct Residual: Sendable {
    let predicate: Expr<Int>
    let channels: [(isProbe: Bool, channel: Int)]
  }

  /// The residual over a batch of exactly the columns it reads.
  private func residual(_ expression: Expression?, _ probe: Stage, _ built: Stage) throws -> Residual? {
    guard let expression else { return nil }
    var channels: [(isProbe: Bool, channel: Int)] = []
    var positions: [Symbol: Int] = [:]
    for symbol in expression.references.sorted(by: { $0.id < $1.id }) {
      positions[symbol] = channels.count
      if let channel = probe.symbols.firstIndex(of: symbol) {
        channels.append((true, channel))
      } else {
        channels.append((false, try built.channel(symbol)))
      }
    }
    return Residual(predicate: expression.rebased { positions[$0] ?? 0 }, channels: channels)
  }
}
