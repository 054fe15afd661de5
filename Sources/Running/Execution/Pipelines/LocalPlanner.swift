import Expressions
import Federation
import Plans
import Synchronization
import Values
import Vectors

/// Turns a plan into stages and pipelines. Symbols become channel numbers here, once; every operator is told which symbols are needed above it, so
/// that filters and joins carry nothing else along.
struct LocalPlanner {
  let context: ExecutionContext
  /// Pipelines that fill the bridges, in the order they were found: builds before what probes them.
  private(set) var pipelines: [Pipeline] = []
  /// To be failed or settled when the query ends, so that nobody waits for ever.
  private var slots: [DynamicFilterID: KeyFilterSlot] = [:]
  /// The node that is being built, where operators are metered: the time of the sinks it adds is its own.
  private var owner: ObjectIdentifier?

  private(set) var sharedQueries: [Int32: SharedQuery] = [:]

  init(_ context: ExecutionContext) { self.context = context }

  var filterSlots: [KeyFilterSlot] { Array(slots.values) }

  mutating func add(_ pipeline: Pipeline) {
    guard let owner else { return pipelines.append(pipeline) }
    let sink = pipeline.sink
    pipelines.append(Pipeline(stage: pipeline.stage) { driver in MeteredSink(try sink(driver), owner) })
  }

  mutating func keep(_ table: SharedQuery, as id: Int32) { sharedQueries[id] = table }

  mutating func slot(_ id: DynamicFilterID) -> KeyFilterSlot {
    if let slot = slots[id] { return slot }
    let slot = KeyFilterSlot()
    slots[id] = slot
    return slot
  }

  /// A place that becomes narrower while scans run; made before the scans that read it.
  mutating func openSlot(_ id: DynamicFilterID) -> KeyFilterSlot {
    let slot = KeyFilterSlot(sharpens: true)
    slots[id] = slot
    return slot
  }

  /// A stage that yields at least `needed` of the plan's outputs.
  mutating func stage(_ plan: Plan, needed: Set<Symbol>) throws -> Stage {
    guard context.metrics.isTiming else { return try build(plan, needed: needed) }
    let outer = owner
    owner = ObjectIdentifier(plan)
    defer { owner = outer }
    return metered(try build(plan, needed: needed), plan)
  }

  private mutating func build(_ plan: Plan, needed: Set<Symbol>) throws -> Stage {
    switch plan.node {
    case .scan(let node): return try scan(node, plan, needed)
    case .values(let node): return try values(node)
    case .filter(let node): return try filter(node, needed)
    case .project(let node): return try project(node, needed)
    case .aggregate(let node): return try aggregate(node)
    case .groupingSets(let node): return try groupingSets(node)
    case .markDistinct(let node): return try markDistinct(node, needed)
    case .join(let node): return try join(node, needed)
    case .semiJoin(let node): return try semiJoin(node, needed)
    case .apply: throw PrestoError(.notSupported, "Given correlated subquery is not supported")
    case .sort(let node): return try sort(node, needed)
    case .topN(let node): return try topN(node, needed)
    case .limit(let node):
      let input = try stage(node.input, needed: needed)
      let shared = LimitSource.Shared(offset: node.offset, count: node.count)
      return input.then(input.symbols) { source, _ in LimitSource(source, shared) }
    case .window(let node): return try window(node, needed)
    case .unnest(let node): return try unnest(node, needed)
    case .union(let node): return try union(node, needed)
    case .uniqueID(let node):
      let input = try stage(node.input, needed: needed)
      return input.then(input.symbols + [node.symbol]) { source, driver in UniqueIDSource(source, driver: driver) }
    case .singleRow(let node):
      let input = gathered(try stage(node.input, needed: needed))
      let types = input.symbols.map(\.type)
      return input.then(input.symbols) { source, _ in SingleRowSource(source, types: types) }
    case .sample(let node):
      let input = try stage(node.input, needed: needed)
      let fraction = node.fraction, isSystem = node.isSystem
      return input.then(input.symbols) { source, _ in SampleSource(source, fraction: fraction, isSystem: isSystem) }
    case .sharedQueries(let node): return try sharedQueries(node, needed)
    case .sharedQueryScan(let node): return try sharedQueryScan(node, needed)
    case .exchange(let node):
      return try union(
        Plan.Union(inputs: node.inputs, outputs: node.outputs, columns: node.inputs.map { Array($0.outputs.prefix(node.outputs.count)) }),
        needed)
    case .write(let node): return try write(node)
    case .delete(let node): return try delete(node, plan)
    case .output(let node):
      let input = try stage(node.input, needed: Set(node.columns.map(\.symbol)))
      return try channels(input, node.columns.map(\.symbol))
    }
  }

  /// Exactly these symbols, in this order.
  func channels(_ stage: Stage, _ symbols: [Symbol]) throws -> Stage {
    if stage.symbols == symbols { return stage }
    let output = try symbols.map { try stage.channel($0) }
    return stage.then(symbols) { source, _ in ChannelsSource(source, output) }
  }

  /// One driver that sees the rows of all.
  mutating func gathered(_ stage: Stage) -> Stage {
    if stage.parallelism == 1 { return stage }
    let channel = BatchChannel(writers: stage.parallelism)
    add(Pipeline(stage: stage) { _ in ChannelSink(channel) })
    return Stage(stage.symbols, parallelism: 1) { _ in ChannelSource(channel) }
  }

  /// An expression over a stage's symbols as one over its channels.
  func compiled(_ expression: Expression, _ stage: Stage) throws -> Expr<Int> { try expression.rebased { try stage.channel($0) } }

  private func metered(_ stage: Stage, _ plan: Plan) -> Stage {
    let id = ObjectIdentifier(plan)
    return stage.then(stage.symbols) { source, _ in MeteredSource(source, id) }
  }
}

/// Where gathered drivers write.
private final class ChannelSink: BatchSink {
  private let channel: BatchChannel
  init(_ channel: BatchChannel) { self.channel = channel }
  func append(_ batch: Batch) async throws { if try await !channel.put(batch) { throw CancellationError() } }
  func finish() async throws { channel.finish() }
}

private final class ChannelSource: BatchSource {
  private let channel: BatchChannel
  init(_ channel: BatchChannel) { self.channel = channel }
  func next() async throws -> Batch? { try await channel.take() }
}
