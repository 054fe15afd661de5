import Expressions
import Values
import Vectors

/// Putting drivers' groups together.
enum AggregateMerge {
  /// The same groups by the top bits of their hashes.
  static func partitioned(_ whole: Groups, _ bridge: AggregateBridge) throws -> [Groups] {
    let hasNulls = whole.table.layout.hasNullWords
    let parts = (0..<AggregateBridge.partitionCount).map { _ in Groups(keys: bridge.keyTypes, calls: bridge.calls, hasNulls: hasNulls) }
    let shift = UInt64(64 - AggregateBridge.partitionBits)
    var rows = [[UInt32]](repeating: [], count: parts.count)
    for group in 0..<whole.count { rows[Int(truncatingIfNeeded: whole.table.hash(of: group) &>> shift)].append(UInt32(group)) }
    if whole.count == 0 { return parts }
    let keys = whole.table.keys(0..<whole.count)
    // nil: split without copying
    let partials = try whole.states.map { $0 is any SplittableState ? nil : try $0.partials(0..<whole.count) }
    for (part, chosen) in zip(parts, rows) where !chosen.isEmpty {
      let n = chosen.count, moved = Buffer(byteCount: n * 4), origins = Buffer(byteCount: n * 4)
      let numbers = moved.pointer(as: UInt32.self), groups = origins.pointer(as: UInt32.self)
      assign(keys.map { $0.gathered(chosen, count: n) }, count: n, part, moved)
      for i in 0..<n { groups[Int(numbers[i])] = chosen[i] }
      for (index, partial) in partials.enumerated() {
        if let partial {
          try part.states[index].mergePartials(partial.gathered(chosen, count: n), groups: numbers, count: n)
        } else if let state = whole.states[index] as? any SplittableState {
          part.states[index] = state.split(groups, count: n)
        }
      }
    }
    return parts
  }

  /// Adds groups given as keys and states.
  static func add(_ keys: [Vector], _ states: [any AggregateState], count n: Int, to groups: Groups) throws {
    if n == 0 { return }
    let numbers = Buffer(byteCount: n * 4)
    assign(keys, count: n, groups, numbers)
    for (mine, theirs) in zip(groups.states, states) { try mine.merge(theirs, groups: numbers.pointer(as: UInt32.self), count: n) }
  }

  private static func assign(_ keys: [Vector], count n: Int, _ groups: Groups, _ numbers: Buffer) {
    if !groups.table.layout.hasNullWords && keys.contains(where: { $0.mayHaveNulls }) { groups.table.admitNulls() }
    let encoder = KeyEncoder(groups.table.layout)
    encoder.encode(keys, count: n)
    groups.table.assign(encoder, keys, count: n, groups: numbers.pointer(as: UInt32.self))
    groups.resize(to: groups.count)
  }

  /// Everything of `other` into `groups`.
  static func merge(_ other: Groups, into groups: Groups, _ bridge: AggregateBridge) throws {
    let n = bridge.keyTypes.isEmpty ? 1 : other.count
    if n == 0 { return }
    let numbers = Buffer(byteCount: n * 4)
    if bridge.keyTypes.isEmpty {
      numbers.pointer(as: UInt32.self)[0] = 0
      other.resize(to: 1)
      groups.resize(to: 1)
    } else {
      assign(other.table.keys(0..<n), count: n, groups, numbers)
    }
    for (mine, theirs) in zip(groups.states, other.states) {
      try mine.merge(theirs, groups: numbers.pointer(as: UInt32.self), count: n)
    }
    for (mine, theirs) in zip(groups.distinct, other.distinct) {
      guard let mine, let theirs else { continue }
      theirs.forEachBatch { vectors, count in mine.add(vectors, count: count) }
    }
  }

  /// After all merging: distinct calls see each of their rows once.
  static func countDistinct(_ groups: Groups, _ bridge: AggregateBridge) throws {
    let keyCount = bridge.keyTypes.count
    for (index, distinct) in groups.distinct.enumerated() {
      guard let distinct else { continue }
      try distinct.forEachBatch { vectors, count in
        let arguments = Array(vectors[keyCount...])
        if keyCount == 0 {
          groups.resize(to: 1)
          try groups.states[index].updateSingle(arguments, count: count)
        } else {
          let numbers = Buffer(byteCount: count * 4)
          assign(Array(vectors[..<keyCount]), count: count, groups, numbers)
          try groups.states[index].update(arguments, groups: numbers.pointer(as: UInt32.self), count: count)
        }
      }
    }
  }

  /// Ordered calls see all rows in their order.
  static func addOrdered(_ rows: [Batch], to groups: Groups, _ bridge: AggregateBridge) throws {
    guard let first = rows.first else { return }
    let all = Batch.concatenated(rows, types: first.columns.map(\.type))
    for (index, call) in bridge.calls.enumerated() where !call.order.isEmpty {
      var chosen = all
      if let counted = call.counted(all) { chosen = all.gathered(counted) }
      chosen = chosen.arranged(by: RowOrder.sorted(chosen, by: call.order))
      var arguments = call.arguments.map { $0.vector(chosen) }
      var keys = bridge.keyChannels.map { chosen.columns[$0] }
      if call.isDistinct {
        let distinct = DistinctRows(keys: bridge.keyTypes, call: call)
        distinct.add(keys + arguments, count: chosen.count)
        // groups of the distinct table are numbered in order of arrival: the order asked for
        let all = distinct.table.keys(0..<distinct.table.count)
        keys = Array(all[..<keys.count])
        arguments = Array(all[keys.count...])
      }
      let count = arguments.first?.count ?? chosen.count
      if count == 0 { continue }
      if keys.isEmpty {
        groups.resize(to: 1)
        try groups.states[index].updateSingle(arguments, count: count)
      } else {
        let numbers = Buffer(byteCount: count * 4)
        assign(keys, count: count, groups, numbers)
        try groups.states[index].update(arguments, groups: numbers.pointer(as: UInt32.self), count: count)
      }
    }
  }
}
