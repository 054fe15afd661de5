import Expressions
import Vectors

/// Groups of one partition without their table: keys and states, in no more room than they need.
///
/// Where input arrives clustered by its keys (orders by number, events by time), a group's rows come close together and its table is never asked
/// for it again. Such groups are set aside in this form, and meet again, partition by partition, once all drivers are done.
struct PartialGroups {
  let count: Int
  private let keys: [Vector]
  private let states: [any AggregateState]
  let byteCount: Int

  /// Takes over the states of `groups`.
  init(_ groups: Groups) {
    count = groups.count
    keys = groups.table.keys(0..<groups.count)
    states = groups.states
    for state in states { state.shrink() }
    let texts = groups.table.keyTexts.reduce(0) { $0 + $1.byteCount }
    byteCount = keys.reduce(texts) { $0 + $1.byteCount } + states.reduce(0) { $0 + $1.byteCount }
  }

  func merge(into groups: Groups) throws { try AggregateMerge.add(keys, states, count: count, to: groups) }
}

/// What one driver has set aside, by partition.
struct GroupsAside {
  private(set) var partitions = [[PartialGroups]](repeating: [], count: AggregateBridge.partitionCount)
  private(set) var count = 0
  private(set) var byteCount = 0

  mutating func append(_ groups: PartialGroups, partition: Int) {
    partitions[partition].append(groups)
    count += groups.count
    byteCount += groups.byteCount
  }

  /// Brings the groups of one partition back into its table.
  mutating func restore(_ partition: Int, into groups: Groups) throws {
    let pieces = partitions[partition]
    partitions[partition] = []
    for piece in pieces {
      count -= piece.count
      byteCount -= piece.byteCount
    }
    try Self.merge(pieces, into: groups)
  }

  static func merge(_ pieces: [PartialGroups], into groups: Groups) throws {
    if pieces.isEmpty { return }
    // hardly any of them meet
    groups.table.reserve(groups.count + pieces.reduce(0) { $0 + $1.count })
    for piece in pieces { try piece.merge(into: groups) }
  }
}
