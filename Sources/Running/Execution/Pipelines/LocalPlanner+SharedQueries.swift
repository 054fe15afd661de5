import Plans
import Synchronization
import Values
import Vectors

/// A shared query's rows, kept for its readers.
struct SharedQuery: Sendable {
  let bridge: CollectBridge
  let symbols: [Symbol]
}

extension LocalPlanner {
  /// Every table becomes a pipeline that keeps its rows; readers of any number take the batches from there.
  mutating func sharedQueries(_ node: Plan.SharedQueries, _ needed: Set<Symbol>) throws -> Stage {
    for table in node.tables {
      let stage = try stage(table.plan, needed: Set(table.columns))
      let bridge = CollectBridge(types: stage.symbols.map(\.type), drivers: stage.parallelism, memory: context.memory)
      add(Pipeline(stage: stage) { _ in CollectSink(bridge) })
      keep(SharedQuery(bridge: bridge, symbols: stage.symbols), as: table.id)
    }
    return try stage(node.body, needed: needed)
  }

  func sharedQueryScan(_ node: Plan.SharedQueryScan, _ needed: Set<Symbol>) throws -> Stage {
    guard let table = sharedQueries[node.table] else {
      throw PrestoError(.genericInternalError, "The shared query \(node.name) is read where it is not known")
    }
    let columns = node.columns.filter { needed.contains($0.symbol) }
    let channels = try columns.map { entry -> Int in
      guard let channel = table.symbols.firstIndex(of: entry.column) else {
        throw PrestoError(.genericInternalError, "The shared query \(node.name) does not yield \(entry.column.name)")
      }
      return channel
    }
    let taken = BatchCounter()
    return Stage(columns.map(\.symbol), parallelism: context.parallelism) { _ in
      SharedQuerySource(table.bridge.finished, taken, channels)
    }
  }
}

/// Which batch the next driver takes.
private final class BatchCounter: Sendable {
  let next = Atomic(0)
}

/// One driver's share of a shared query's batches.
private final class SharedQuerySource: BatchSource {
  private let rows: Latch<[Batch]>
  private let taken: BatchCounter
  private let channels: [Int]

  init(_ rows: Latch<[Batch]>, _ taken: BatchCounter, _ channels: [Int]) {
    self.rows = rows
    self.taken = taken
    self.channels = channels
  }

  func next() async throws -> Batch? {
    let batches = try await rows.value()
    let index = taken.next.wrappingAdd(1, ordering: .relaxed).oldValue
    guard index < batches.count else { return nil }
    let batch = batches[index]
    return Batch(channels.map { batch.columns[$0] }, count: batch.count)
  }
}
