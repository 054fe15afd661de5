import Expressions
import Values
import Vectors

/// The groups of one driver (or of one partition of them): a table of keys and the calls' states.
final class Groups {
  let table: GroupTable
  var states: [any AggregateState]
  /// Of distinct calls: keys and arguments seen, so that each counts once; nil for the others.
  var distinct: [DistinctRows?]
  private var sized = 0
  /// Since the last `watch`: rows whose group was there before it.
  private(set) var revisits = 0
  private var watched = 0

  init(keys: [DataType], calls: [AggregateCall], hasNulls: Bool) {
    table = GroupTable(KeyLayout(keys, hasNulls: hasNulls))
    states = calls.map { $0.make() }
    distinct = calls.map { $0.isDistinct ? DistinctRows(keys: keys, call: $0) : nil }
  }

  var count: Int { table.count }
  var byteCount: Int {
    table.byteCount + states.reduce(0) { $0 + $1.byteCount } + distinct.reduce(0) { $0 + ($1?.table.byteCount ?? 0) }
  }

  /// Gives every group its initial states.
  func resize(to count: Int) {
    if count == sized { return }
    for state in states { state.resize(to: count) }
    sized = count
  }

  /// Begins to count anew which groups are met again.
  func watch() {
    revisits = 0
    watched = count
  }

  /// Brings rows with encoded keys to the states of their groups. `scratch` is reused.
  func update(
    _ batch: Batch, _ keys: [Vector], words: UnsafePointer<UInt64>, hashes: UnsafePointer<UInt64>, _ calls: [AggregateCall],
    _ scratch: inout Buffer
  ) throws {
    let numbers = Self.numbers(&scratch, batch.count)
    table.assign(words: words, hashes: hashes, keys, count: batch.count, groups: numbers)
    if watched > 0 {
      let known = UInt32(truncatingIfNeeded: watched)
      for i in 0..<batch.count { revisits &+= (numbers[i] < known).bit }
    }
    try accumulate(batch, keys, numbers, calls)
  }

  /// Room for the group numbers of so many rows.
  static func numbers(_ scratch: inout Buffer, _ count: Int) -> UnsafeMutablePointer<UInt32> {
    if scratch.byteCount < count * 4 { scratch = Buffer(byteCount: max(count, Batch.habitualCount) * 4) }
    return scratch.pointer(as: UInt32.self)
  }

  /// Brings rows to the states of their groups, whose numbers are known.
  func accumulate(_ batch: Batch, _ keys: [Vector], _ numbers: UnsafePointer<UInt32>, _ calls: [AggregateCall]) throws {
    resize(to: count)
    for (index, call) in calls.enumerated() where call.order.isEmpty {
      let counted = call.counted(batch)
      var arguments = call.arguments.map { $0.vector(batch) }
      if let distinct = distinct[index] {
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
        try states[index].update(arguments, groups: p, count: counted.count)
      } else {
        try states[index].update(arguments, groups: numbers, count: batch.count)
      }
    }
  }
}
