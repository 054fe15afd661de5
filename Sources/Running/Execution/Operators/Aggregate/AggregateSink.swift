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
  let isSplit = Latch<Bool>()

  /// Partitions of a large aggregation: enough for every driver to find work and for tables to stay near the cache.
  static let partitionBits = 5
  static let partitionCount = 1 << partitionBits
  /// Groups of one driver beyond which it partitions.
  static let partitionThreshold = 1 << 15

  init(keyTypes: [DataType], keyChannels: [Int], calls: [AggregateCall], drivers: Int, memory: MemoryPool) {
    self.keyTypes = keyTypes
    self.keyChannels = keyChannels
    self.calls = calls
    self.memory = memory
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
      finished.settle(.success(Box(Collected(local: done.value, isPartitioned: done.value.contains { $0.whole == nil }))))
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
  /// Input kept for ordered calls.
  var rows: [Batch] = []
}

/// Groups what one driver brings.
final class AggregateSink: BatchSink {
  private let bridge: AggregateBridge
  private let local = LocalGroups()
  private var encoder: KeyEncoder
  private var groupBuffer = Buffer(byteCount: 0)
  private var hasNulls = false
  private var reserved = 0
  private let hasOrder: Bool
  private let dictionaryGroups = DictionaryGroups()

  init(_ bridge: AggregateBridge) {
    self.bridge = bridge
    encoder = KeyEncoder(KeyLayout(bridge.keyTypes, hasNulls: false))
    local.whole = Groups(keys: bridge.keyTypes, calls: bridge.calls, hasNulls: false)
    hasOrder = bridge.calls.contains { !$0.order.isEmpty }
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
    if groupBuffer.byteCount < batch.count * 4 { groupBuffer = Buffer(byteCount: max(batch.count, Batch.habitualCount) * 4) }
    if let whole = local.whole, try updateByCodes(whole, batch, keys) { return }
    encoder.encode(keys, count: batch.count)
    if let whole = local.whole {
      try update(whole, batch, keys, words: encoder.words, hashes: encoder.hashes)
      try account(whole.byteCount)
      if whole.count > AggregateBridge.partitionThreshold && !bridge.isWhole { try partition() }
    } else {
      try updatePartitions(batch, keys)
      try account(local.partitions.reduce(0) { $0 + $1.byteCount })
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
    let numbers = groupBuffer.pointer(as: UInt32.self)
    let isDone = dictionaryGroups.assign(keys, count: batch.count, into: numbers) { rows, count, found in
      let chosen = keys.map { $0.gathered(rows, count: count) }
      encoder.encode(chosen, count: count)
      groups.table.assign(encoder, chosen, count: count, groups: found)
    }
    guard isDone else { return false }
    try accumulate(groups, batch, keys)
    return true
  }

  private func update(
    _ groups: Groups, _ batch: Batch, _ keys: [Vector], words: UnsafePointer<UInt64>, hashes: UnsafePointer<UInt64>
  ) throws {
    let numbers = groupBuffer.pointer(as: UInt32.self)
    groups.table.assign(words: words, hashes: hashes, keys, count: batch.count, groups: numbers)
    try accumulate(groups, batch, keys)
  }

  /// Brings the rows to the states of their groups, whose numbers are in `groupBuffer`.
  private func accumulate(_ groups: Groups, _ batch: Batch, _ keys: [Vector]) throws {
    let numbers = groupBuffer.pointer(as: UInt32.self)
    groups.resize(to: groups.count)
    for (index, call) in bridge.calls.enumerated() where call.order.isEmpty {
      let counted = call.counted(batch)
      var arguments = call.arguments.map { $0.vector(batch) }
      if let distinct = groups.distinct[index] {
        var all = keys + arguments
        if let counted { all = all.map { $0.gathered(counted) } }
        distinct.add(all, count: counted?.count ?? batch.count)
        continue
      }
      if let counted {
        arguments = arguments.map { $0.gathered(counted) }
        let chosen = Buffer(byteCount: counted.count * 4)
        let p = chosen.pointer(as: UInt32.self), rows = counted.pointer
        for i in 0..<counted.count { p[i] = numbers[Int(rows[i])] }
        try groups.states[index].update(arguments, groups: p, count: counted.count)
      } else {
        try groups.states[index].update(arguments, groups: numbers, count: batch.count)
      }
    }
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

  /// Splits the batch by the top bits of the hashes; every piece goes to its partition's table.
  private func updatePartitions(_ batch: Batch, _ keys: [Vector]) throws {
    let n = batch.count, hashes = encoder.hashes, w = encoder.layout.width
    let shift = UInt64(64 - AggregateBridge.partitionBits)
    var starts = [Int](repeating: 0, count: AggregateBridge.partitionCount + 1)
    for i in 0..<n { starts[Int(truncatingIfNeeded: hashes[i] &>> shift) &+ 1] &+= 1 }
    for p in 0..<AggregateBridge.partitionCount { starts[p + 1] += starts[p] }
    let order = Buffer(byteCount: n * 4), movedWords = Buffer(byteCount: n * w * 8), movedHashes = Buffer(byteCount: n * 8)
    let rows = order.pointer(as: UInt32.self), mw = movedWords.pointer(as: UInt64.self), mh = movedHashes.pointer(as: UInt64.self)
    var next = starts
    for i in 0..<n {
      let p = Int(truncatingIfNeeded: hashes[i] &>> shift)
      let at = next[p]
      next[p] = at &+ 1
      rows[at] = UInt32(truncatingIfNeeded: i)
      mh[at] = hashes[i]
      for k in 0..<w { mw[at &* w &+ k] = encoder.words[i &* w &+ k] }
    }
    // only what the calls read is moved
    let needed = Set(
      bridge.calls.flatMap { call in
        call.arguments.compactMap { if case .channel(let channel) = $0 { channel } else { nil } } + (call.filter.map { [$0] } ?? [])
      })
    let moved = batch.columns.enumerated().map { index, column in
      needed.contains(index) ? column.gathered(UnsafePointer(rows), count: n) : column
    }
    let hasNested = encoder.layout.columns.contains { $0.kind == .nested }
    let movedKeys = hasNested ? keys.map { $0.gathered(UnsafePointer(rows), count: n) } : []
    for p in 0..<AggregateBridge.partitionCount where starts[p + 1] > starts[p] {
      let range = starts[p]..<starts[p + 1]
      let piece = Batch(
        moved.enumerated().map { needed.contains($0) ? $1.slice(range) : Vector.nulls($1.type, count: range.count) }, count: range.count)
      try update(
        local.partitions[p], piece, movedKeys.map { $0.slice(range) }, words: mw + range.lowerBound * w, hashes: mh + range.lowerBound)
    }
  }

  private func partition() throws {
    guard let whole = local.whole else { return }
    local.partitions = try AggregateMerge.partitioned(whole, bridge)
    local.whole = nil
  }
}
