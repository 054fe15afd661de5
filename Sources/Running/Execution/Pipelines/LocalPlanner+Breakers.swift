import Expressions
import Federation
import Plans
import Values
import Vectors

/// Aggregations, sorts, distinct marks.
extension LocalPlanner {
  mutating func aggregate(_ node: Plan.Aggregate) throws -> Stage {
    var needed = Set(node.keys)
    for call in node.calls {
      for argument in call.arguments { needed.formUnion(argument.references) }
      if let filter = call.filter { needed.insert(filter) }
      needed.formUnion(call.order.map(\.symbol))
    }
    let input = try stage(node.input, needed: needed).coalesced
    let calls = try node.calls.map { try aggregateCall($0, input) }
    let bridge = AggregateBridge(
      keyTypes: node.keys.map(\.type), keyChannels: try node.keys.map { try input.channel($0) }, calls: calls, drivers: input.parallelism,
      memory: context.memory,
      deferral: context.adaptsAggregation ? .init(bytes: context.memory.limit / 8 / input.parallelism) : nil)
    add(Pipeline(stage: input) { _ in AggregateSink(bridge) })
    return Stage(node.outputs, parallelism: node.keys.isEmpty || bridge.isWhole ? 1 : context.parallelism) { _ in AggregateSource(bridge) }
  }

  private func aggregateCall(_ call: Plan.Aggregate.Call, _ input: Stage) throws -> AggregateCall {
    let arguments = try call.arguments.map { argument -> AggregateCall.Argument in
      if let symbol = argument.asSymbol { return .channel(try input.channel(symbol)) }
      if case .constant(let value, let type) = argument { return .constant(value, type) }
      throw PrestoError(.notSupported, "Argument of \(call.function.name) must be a column or a constant")
    }
    return AggregateCall(
      make: try context.functions.aggregateMaker(call.function, result: call.symbol.type), arguments: arguments,
      filter: try call.filter.map { try input.channel($0) }, isDistinct: call.isDistinct, order: try sortKeys(call.order, input),
      argumentTypes: call.arguments.map(\.type), type: call.symbol.type)
  }

  func sortKeys(_ order: [Ordering], _ input: Stage) throws -> [SortKey] {
    try order.map { SortKey(channel: try input.channel($0.symbol), isAscending: $0.isAscending, nullsFirst: $0.nullsFirst) }
  }

  mutating func sort(_ node: Plan.Sort, _ needed: Set<Symbol>) throws -> Stage {
    let input = try stage(node.input, needed: needed.union(node.order.map(\.symbol)))
    let bridge = CollectBridge(types: input.symbols.map(\.type), drivers: input.parallelism, memory: context.memory)
    let keys = try sortKeys(node.order, input)
    add(Pipeline(stage: input) { _ in CollectSink(bridge) })
    let drivers = context.parallelism
    return Stage(input.symbols, parallelism: 1) { _ in SortSource(bridge, keys: keys, drivers: drivers) }
  }

  mutating func topN(_ node: Plan.TopN, _ needed: Set<Symbol>) throws -> Stage {
    if !node.partition.isEmpty { return try topNOfPartitions(node, needed) }
    let announcement = node.bound.map { TopNAnnouncement(openSlot($0)) }
    let input = try stage(node.input, needed: needed.union(node.order.map(\.symbol)))
    let bridge = CollectBridge(types: input.symbols.map(\.type), drivers: input.parallelism, memory: context.memory)
    let keys = try sortKeys(node.order, input)
    let count = node.count, drivers = context.parallelism
    add(Pipeline(stage: input) { _ in TopNSink(bridge, keys: keys, limit: count, announcement) })
    return Stage(input.symbols, parallelism: 1) { _ in SortSource(bridge, keys: keys, limit: count, drivers: drivers) }
  }

  private mutating func topNOfPartitions(_ node: Plan.TopN, _ needed: Set<Symbol>) throws -> Stage {
    let input = try stage(node.input, needed: needed.union(node.order.map(\.symbol)).union(node.partition))
    let bridge = CollectBridge(types: input.symbols.map(\.type), drivers: input.parallelism, memory: context.memory)
    let keys = try sortKeys(node.order, input), partition = try node.partition.map { try input.channel($0) }
    let count = node.count
    add(Pipeline(stage: input) { _ in PartitionedTopNSink(bridge, partition: partition, keys: keys, limit: count) })
    return Stage(input.symbols, parallelism: 1) { _ in CollectedSource(bridge) }
  }

  mutating func window(_ node: Plan.Window, _ needed: Set<Symbol>) throws -> Stage {
    var below = needed.union(node.partition).union(node.order.map(\.symbol))
    for call in node.calls {
      for argument in call.arguments { below.formUnion(argument.references) }
      if let filter = call.filter { below.insert(filter) }
      for case .preceding(let symbol) in [call.frame.start, call.frame.end] { below.insert(symbol) }
      for case .following(let symbol) in [call.frame.start, call.frame.end] { below.insert(symbol) }
    }
    for call in node.calls { below.remove(call.symbol) }
    let input = try stage(node.input, needed: below)
    let bridge = CollectBridge(types: input.symbols.map(\.type), drivers: input.parallelism, memory: context.memory)
    add(Pipeline(stage: input) { _ in CollectSink(bridge) })
    let partition = try node.partition.map { SortKey(channel: try input.channel($0), isAscending: true, nullsFirst: false) }
    let order = try sortKeys(node.order, input)
    let calls = try node.calls.map { try WindowCall($0, input, context.functions) }
    let drivers = context.parallelism
    return Stage(input.symbols + node.calls.map(\.symbol), parallelism: 1) { _ in
      WindowSource(bridge, partition: partition, order: order, calls: calls, drivers: drivers)
    }
  }

  mutating func markDistinct(_ node: Plan.MarkDistinct, _ needed: Set<Symbol>) throws -> Stage {
    let input = gathered(try stage(node.input, needed: needed.union(node.keys)))
    let keys = try node.keys.map { try input.channel($0) }
    let types = node.keys.map(\.type)
    return input.then(input.symbols + [node.marker]) { source, _ in MarkDistinctSource(source, keys: keys, types: types) }
  }
}

/// Marks the first row of every key.
final class MarkDistinctSource: BatchSource {
  private let input: any BatchSource
  private let keys: [Int]
  private let table: GroupTable
  private let encoder: KeyEncoder

  init(_ input: any BatchSource, keys: [Int], types: [DataType]) {
    self.input = input
    self.keys = keys
    let layout = KeyLayout(types, hasNulls: true)
    table = GroupTable(layout)
    encoder = KeyEncoder(layout)
  }

  func next() async throws -> Batch? {
    guard let batch = try await input.next() else { return nil }
    let vectors = keys.map { batch.columns[$0] }
    encoder.encode(vectors, count: batch.count)
    var seen = table.count
    let groups = Buffer(byteCount: batch.count * 4)
    let numbers = groups.pointer(as: UInt32.self)
    table.assign(encoder, vectors, count: batch.count, groups: numbers)
    let marks = Buffer(byteCount: batch.count)
    let p = marks.pointer(as: UInt8.self)
    for i in 0..<batch.count {
      let isNew = Int(numbers[i]) == seen
      p[i] = isNew ? 1 : 0
      seen += isNew.bit
    }
    return Batch(batch.columns + [.flat(.boolean, count: batch.count, values: marks)], count: batch.count)
  }
}
