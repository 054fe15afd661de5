import Expressions
import Plans
import Synchronization
import Values
import Vectors

/// What all drivers of one aggregation share.
final class AggregateBridge: Sendable {
  let keyTypes: [DataType]
  let keyChannels: [Int]
  let calls: [AggregateCall]
  let memory: MemoryPool
  let finished = Latch<Box<Collected>>()
  private let waiting: Mutex<(left: Int, groups: Box<[LocalGroups]>)>
  /// Next partition to merge.
  let nextPartition = Atomic<Int>(0)
  let split = Latch<Box<[Partition]>>()

  /// Partitions of a large aggregation: enough for every driver to find work and for tables to stay near the cache.
  static let partitionBits = 5
  static let partitionCount = 1 << partitionBits
  /// Groups of one driver beyond which it partitions.
  let partitionThreshold: Int
  /// nil: drivers always group what they bring, and few groups are merged by one of them.
  let deferral: Deferral?

  /// When a driver stops grouping: from so many groups on, once nine in ten of the last `watchedRows` were new ones, and until `bytes` wait.
  /// And when it sets its groups aside: from so many on, once fewer than one in ten of these rows met one that was there before them.
  struct Deferral {
    var groups = 1 << 17
    var watchedRows = 1 << 16
    var bytes: Int
    /// Groups set aside when it is looked for the first time whether their keys come back.
    var asideGroups = 1 << 20
  }

  init(
    keyTypes: [DataType], keyChannels: [Int], calls: [AggregateCall], drivers: Int, memory: MemoryPool, deferral: Deferral? = nil,
    partitionThreshold: Int = 1 << 15
  ) {
    self.partitionThreshold = partitionThreshold
    self.keyTypes = keyTypes
    self.keyChannels = keyChannels
    self.calls = calls
    self.memory = memory
    self.deferral = KeyLayout(keyTypes, hasNulls: false).columns.contains { $0.kind == .nested } ? nil : deferral
    waiting = Mutex((drivers, Box([])))
  }

  /// Distinct and ordered calls see all rows of a group together: merged in one piece.
  var isWhole: Bool { calls.contains { $0.isDistinct || !$0.order.isEmpty } }

  func add(_ groups: LocalGroups) {
    let box = Box(groups)
    let done = waiting.withLock { state -> Box<[LocalGroups]>? in
      state.groups = Box(state.groups.value + [box.value])
      state.left -= 1
      return state.left == 0 ? state.groups : nil
    }
    // looked at here, by one: later some driver splits those that are in one piece while others come by
    if let done {
      let isPartitioned = done.value.contains { $0.whole == nil } || isWorthSplitting(done.value)
      finished.settle(.success(Box(Collected(local: done.value, isPartitioned: isPartitioned))))
    }
  }

  /// Few groups that hold much, all in one piece: split at no cost, so that drivers merge them side by side.
  private func isWorthSplitting(_ all: [LocalGroups]) -> Bool {
    if deferral == nil || all.count < 2 || keyTypes.isEmpty || isWhole { return false }
    return all.contains { local in
      guard let whole = local.whole, whole.count > AggregateBridge.partitionCount else { return false }
      return whole.states.contains { $0 is any SplittableState && $0.byteCount > AggregateBridge.worthSplitting }
    }
  }

  /// Bytes of states that take longer to merge than to split.
  private static let worthSplitting = 1 << 20

  /// The groups that drivers have in one partition, until the one driver that merges them takes them: what it has given out is not kept.
  final class Partition {
    private var tables: [Groups]
    private var aside: [PartialGroups]

    init(_ tables: [Groups], aside: [PartialGroups]) {
      self.tables = tables
      self.aside = aside
    }

    func take() -> (tables: [Groups], aside: [PartialGroups]) {
      defer { (tables, aside) = ([], []) }
      return (tables, aside)
    }
  }

  /// What all drivers brought, and whether any of it is partitioned, so that all has to be.
  struct Collected {
    let local: [LocalGroups]
    let isPartitioned: Bool
  }
}

/// Carries something owned by one driver at a time across a hand-over that orders the two (a mutex, a latch).
final class Box<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// One driver's groups: in one piece while they are few, by the upper bits of their hashes once they are many.
final class LocalGroups {
  var whole: Groups?
  var partitions: [Groups] = []
  var deferred = DeferredRows()
  var aside = GroupsAside()
  /// Input kept for ordered calls.
  var rows: [Batch] = []
}

/// Groups what one driver brings.
final class AggregateSink: BatchSink {
  private let bridge: AggregateBridge
  private let local = LocalGroups()
  private var encoder: KeyEncoder
  private var scratch = Buffer(byteCount: 0)
  private var hasNulls = false
  private var reserved = 0
  private let hasOrder: Bool
  private let dictionaryGroups = DictionaryGroups()
  /// Channels that calls read.
  private let needed: Set<Int>
  /// Rows since the last look at how many groups there are, and their number then.
  private var watched = (rows: 0, groups: 0)
  private var isDeferring = false
  private var setsAside = true
  private var asideLimit: Int

  init(_ bridge: AggregateBridge) {
    self.bridge = bridge
    encoder = KeyEncoder(KeyLayout(bridge.keyTypes, hasNulls: false))
    local.whole = Groups(keys: bridge.keyTypes, calls: bridge.calls, hasNulls: false)
    asideLimit = bridge.deferral?.asideGroups ?? 0
    hasOrder = bridge.calls.contains { !$0.order.isEmpty }
    needed = Set(
      bridge.calls.flatMap { call in
        call.arguments.compactMap { if case .channel(let channel) = $0 { channel } else { nil } } + (call.filter.map { [$0] } ?? [])
      })
  }

  func append(_ batch: Batch) async throws {
    let keys = bridge.keyChannels.map { batch.columns[$0] }
    if hasOrder {
      local.rows.append(batch)
      try account(local.rows.count & 15 == 0 ? local.rows.reduce(0) { $0 + $1.byteCount } : reserved)
    }
    if keys.isEmpty {
      guard let groups = local.whole else { return }
      groups.resize(to: 1)
      try updateSingle(groups, batch)
      return
    }
    if !hasNulls && keys.contains(where: { $0.mayHaveNulls }) { admitNulls() }
    if let whole = local.whole, try updateByCodes(whole, batch, keys) { return }
    encoder.encode(keys, count: batch.count)
    if let whole = local.whole {
      try whole.update(batch, keys, words: encoder.words, hashes: encoder.hashes, bridge.calls, &scratch)
      try account(whole.byteCount)
      if whole.count > bridge.partitionThreshold && !bridge.isWhole { try partition() }
    } else {
      try updatePartitions(batch, keys)
      try account(local.partitions.reduce(local.deferred.byteCount + local.aside.byteCount) { $0 + $1.byteCount })
    }
  }

  func finish() async throws { bridge.add(local) }

  private func account(_ bytes: Int) throws {
    try bridge.memory.reserve(bytes - reserved)
    reserved = bytes
  }

  private func admitNulls() {
    hasNulls = true
    encoder = KeyEncoder(KeyLayout(bridge.keyTypes, hasNulls: true))
    local.whole?.table.admitNulls()
    for partition in local.partitions { partition.table.admitNulls() }
  }

  /// Groups by dictionary codes where all keys have them.
  private func updateByCodes(_ groups: Groups, _ batch: Batch, _ keys: [Vector]) throws -> Bool {
    let numbers = Groups.numbers(&scratch, batch.count)
    let isDone = dictionaryGroups.assign(keys, count: batch.count, into: numbers) { rows, count, found in
      let chosen = keys.map { $0.gathered(rows, count: count) }
      encoder.encode(chosen, count: count)
      groups.table.assign(encoder, chosen, count: count, groups: found)
    }
    guard isDone else { return false }
    try groups.accumulate(batch, keys, numbers, bridge.calls)
    return true
  }

  private func updateSingle(_ groups: Groups, _ batch: Batch) throws {
    for (index, call) in bridge.calls.enumerated() where call.order.isEmpty {
      let counted = call.counted(batch)
      var arguments = call.arguments.map { $0.vector(batch) }
      if let counted { arguments = arguments.map { $0.gathered(counted) } }
      let count = counted?.count ?? batch.count
      if let distinct = groups.distinct[index] {
        distinct.add(arguments, count: count)
        try account(distinct.table.byteCount)
      } else {
        try groups.states[index].updateSingle(arguments, count: count)
      }
    }
  }

  /// Splits the batch by the top bits of the hashes; every piece goes to its partition's table, or waits.
  private func updatePartitions(_ batch: Batch, _ keys: [Vector]) throws {
    let rows = PartitionedRows(batch, keys: keys, encoder, needed: needed)
    if isDeferring {
      local.deferred.append(rows)
      if local.deferred.byteCount > bridge.deferral?.bytes ?? 0 { try group() }
      return
    }
    for p in 0..<AggregateBridge.partitionCount { try rows.update(local.partitions[p], partition: p, bridge.calls, &scratch) }
    try watch(batch.count)
  }

  /// Looks now and then whether grouping still saves anything, and whether old groups are still met.
  private func watch(_ rows: Int) throws {
    guard let deferral = bridge.deferral else { return }
    watched.rows += rows
    if watched.rows < deferral.watchedRows { return }
    let groups = local.partitions.reduce(0) { $0 + $1.count }
    if groups >= deferral.groups {
      let revisits = local.partitions.reduce(0) { $0 + $1.revisits }
      isDeferring = (groups - watched.groups) * 10 > watched.rows * 9
      if !isDeferring && setsAside && revisits * 10 < watched.rows { try setAside() }
    }
    watchAnew()
  }

  private func watchAnew() {
    watched = (0, local.partitions.reduce(0) { $0 + $1.count })
    for partition in local.partitions { partition.watch() }
  }

  /// Empties the tables: their groups are unlikely to be met again.
  private func setAside() throws {
    for p in 0..<AggregateBridge.partitionCount where local.partitions[p].count > 0 {
      let old = local.partitions[p]
      local.aside.append(PartialGroups(old), partition: p)
      local.partitions[p] = Groups(keys: bridge.keyTypes, calls: bridge.calls, hasNulls: old.table.layout.hasNullWords)
      local.partitions[p].table.reserve(old.count)
    }
    if local.aside.count < asideLimit { return }
    // the same keys may come round again and again, day by day: one partition tells
    let before = local.aside.partitions[0].reduce(0) { $0 + $1.count }
    try local.aside.restore(0, into: local.partitions[0])
    setsAside = local.partitions[0].count * 2 > before
    asideLimit = local.aside.count * 2
    if setsAside { return }
    for p in 1..<AggregateBridge.partitionCount { try local.aside.restore(p, into: local.partitions[p]) }
  }

  /// Groups what waits: there is too much of it.
  private func group() throws {
    for p in 0..<AggregateBridge.partitionCount { try local.deferred.update(local.partitions[p], partition: p, bridge.calls) }
    local.deferred = DeferredRows()
    isDeferring = false
    watchAnew()
  }

  private func partition() throws {
    guard let whole = local.whole else { return }
    local.partitions = try AggregateMerge.partitioned(whole, bridge)
    local.whole = nil
    watchAnew()
  }
}
