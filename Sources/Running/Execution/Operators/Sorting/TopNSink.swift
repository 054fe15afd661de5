import Federation
import Plans
import Synchronization
import Values
import Vectors

/// Keeps the first `limit` rows in order: rows are gathered until there are several times as many, then cut. From then on the last row kept is a
/// bound, and rows behind it are dropped as they come.
final class TopNSink: BatchSink {
  private let bridge: CollectBridge
  private let keys: [SortKey]
  private let limit: Int
  private let announcement: TopNAnnouncement?
  private var batches: [Batch] = []
  private var count = 0
  private var reserved = 0
  private var bound: RowOrder.Bound?

  init(_ bridge: CollectBridge, keys: [SortKey], limit: Int, _ announcement: TopNAnnouncement?) {
    self.bridge = bridge
    self.keys = keys
    self.limit = limit
    self.announcement = announcement
  }

  func append(_ batch: Batch) async throws {
    var batch = batch
    if let bound, let first = keys.first, let chosen = bound.survivors(of: batch.columns[first.channel]) {
      if chosen.count == 0 { return }
      batch = batch.gathered(chosen)
    }
    batches.append(batch)
    count += batch.count
    try account()
    let (several, overflow) = limit.multipliedReportingOverflow(by: 4)
    if !overflow && count > max(several, 512) { try cut() }
  }

  func finish() async throws {
    try cut()
    bridge.add(batches)
  }

  private func cut() throws {
    if batches.isEmpty { return }
    let all = Batch.concatenated(batches, types: bridge.types)
    let kept = all.arranged(by: RowOrder.sorted(all, by: keys, limit: limit))
    batches = [kept]
    count = kept.count
    if count == limit, count > 0, let first = keys.first {
      let column = kept.columns[first.channel]
      let reached = RowOrder.Bound(column, row: count - 1, first)
      bound = reached
      announcement?.offer(reached, column)
    }
    try account()
  }

  private func account() throws {
    let bytes = count * bridge.types.reduce(0) { $0 + max($1.layout.width, 8) }
    try bridge.memory.reserve(bytes - reserved)
    reserved = bytes
  }
}

/// Tells scans the best bound that any driver of a top-N has reached.
final class TopNAnnouncement: Sendable {
  private let slot: KeyFilterSlot
  private let best = Mutex<RowOrder.Bound?>(nil)

  init(_ slot: KeyFilterSlot) { self.slot = slot }

  /// `column`: the kept rows' first key, whose last value is the bound.
  func offer(_ bound: RowOrder.Bound, _ column: Vector) {
    let value = column.constant(at: column.count - 1)
    if value.isNull { return }
    best.withLock { best in
      if let best, !bound.precedes(best) { return }
      best = bound
      slot.sharpen(
        KeyFilter(
          type: column.type, count: .max, low: bound.key.isAscending ? nil : value, high: bound.key.isAscending ? value : nil, values: nil,
          select: { bound.survivors(of: $0) }))
    }
  }
}
