import Expressions
import Synchronization
import Values
import Vectors

/// Yields merged groups: drivers take partitions from a shared counter, or the first one takes everything when there is only one piece.
final class AggregateSource: BatchSource {
  private let bridge: AggregateBridge
  private var current: Groups?
  private var position = 0
  private var pieces: AggregateBridge.Collected?

  init(_ bridge: AggregateBridge) { self.bridge = bridge }

  func next() async throws -> Batch? {
    while true {
      if let current {
        let count = bridge.keyTypes.isEmpty ? 1 : current.count
        if position < count {
          let range = position..<min(position + Batch.habitualCount, count)
          position = range.upperBound
          let keys = bridge.keyTypes.isEmpty ? [] : current.table.keys(range)
          return Batch(keys + (try current.states.map { try $0.results(range) }), count: range.count)
        }
        self.current = nil
      }
      guard try await nextPiece() else { return nil }
    }
  }

  private func nextPiece() async throws -> Bool {
    if pieces == nil { pieces = try await bridge.finished.value().value }
    guard let all = pieces?.local, let isPartitioned = pieces?.isPartitioned else { return false }
    try await WorkerPool.checkpoint()
    let index = bridge.nextPartition.wrappingAdd(1, ordering: .relaxed).oldValue
    position = 0
    if !isPartitioned {
      if index > 0 { return false }
      let target = Groups(keys: bridge.keyTypes, calls: bridge.calls, hasNulls: false)
      let wholes = all.compactMap(\.whole)
      // the first driver's groups are taken as they are
      let result = wholes.first ?? target
      if bridge.keyTypes.isEmpty { result.resize(to: 1) }
      for other in wholes.dropFirst() { try AggregateMerge.merge(other, into: result, bridge) }
      try AggregateMerge.countDistinct(result, bridge)
      try AggregateMerge.addOrdered(all.flatMap(\.rows), to: result, bridge)
      current = result
      return true
    }
    if index == 0 {
      // drivers that stayed small are split now, by whoever comes first; the others wait for that
      for local in all {
        if let whole = local.whole {
          local.partitions = try AggregateMerge.partitioned(whole, bridge)
          local.whole = nil
        }
      }
      let partitions = (0..<AggregateBridge.partitionCount).map { p in
        AggregateBridge.Partition(all.map { $0.partitions[p] }, aside: all.flatMap { $0.aside.partitions[p] })
      }
      for local in all {
        local.partitions = []
        local.aside = GroupsAside()
      }
      bridge.split.settle(.success(Box(partitions)))
    }
    if index >= AggregateBridge.partitionCount { return false }
    let parts = try await bridge.split.value().value[index].take()
    guard let result = parts.tables.first else { return false }
    for other in parts.tables.dropFirst() { try AggregateMerge.merge(other, into: result, bridge) }
    try GroupsAside.merge(parts.aside, into: result)
    for local in all { try local.deferred.update(result, partition: index, bridge.calls) }
    current = result
    return true
  }
}
