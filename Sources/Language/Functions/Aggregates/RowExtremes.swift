import Expressions
import Values
import Vectors

/// `min` and `max` of text: a 16-byte view per group; what does not fit inline is copied to an arena once per batch and group.
final class TextExtremes: AggregateState {
  private let type: DataType
  /// 1 for min, -1 for max.
  private let sign: Int
  private var best: [Bytes] = []
  /// The batch in which a group's view last began to point into that batch's memory.
  private var stamp: [UInt32] = []
  private var batch: UInt32 = 0
  private var touched: [UInt32] = []
  private var arena = Arena()

  /// No text is that long.
  private static let none = Bytes(head: 0xFFFF_FFFF, tail: 0)

  init(_ type: DataType, sign: Int) {
    self.type = type
    self.sign = sign
  }

  func resize(to count: Int) {
    if count > best.count {
      stamp.append(contentsOf: repeatElement(0, count: count - best.count))
      best.append(contentsOf: repeatElement(Self.none, count: count - best.count))
    }
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws {
    improve(arguments[0], count) { Int(groups[$0]) }
  }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    improve(arguments[0], count) { _ in 0 }
  }

  @inline(__always)
  private func improve(_ vector: Vector, _ count: Int, _ group: (Int) -> Int) {
    batch &+= 1
    let reader = vector.reader(as: Bytes.self), validity = vector.rowValidity
    let sign = sign, batch = batch
    best.withUnsafeMutableBufferPointer { best in
      forEachRow(count, validity?.readable) { row in
        let g = group(row), x = reader[row], old = best[g]
        if old.head == Self.none.head || Bytes.compare(x, old) * sign < 0 {
          best[g] = x
          if !x.isInline && stamp[g] != batch {
            stamp[g] = batch
            touched.append(UInt32(truncatingIfNeeded: g))
          }
        }
      }
    }
    for g in touched { best[Int(g)] = arena.store(best[Int(g)]) }
    touched.removeAll(keepingCapacity: true)
    withExtendedLifetime((vector, validity)) {}
    if arena.byteCount > 1 << 20 { compact() }
  }

  /// Copies what is alive once most of the arena is not.
  private func compact() {
    let live = best.reduce(0) { $0 + ($1.head == Self.none.head || $1.isInline ? 0 : $1.count) }
    if arena.byteCount < 4 * live { return }
    var fresh = Arena()
    for g in best.indices where best[g].head != Self.none.head { best[g] = fresh.store(best[g]) }
    arena = fresh
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? TextExtremes else { throw mismatchedStates() }
    for i in 0..<count where other.best[i].head != Self.none.head {
      let g = Int(groups[i])
      if best[g].head == Self.none.head || Bytes.compare(other.best[i], best[g]) * sign < 0 { best[g] = arena.store(other.best[i]) }
    }
  }

  func results(_ groups: Range<Int>) throws -> Vector {
    let values = Buffer(byteCount: groups.count * 16)
    let out = values.pointer(as: Bytes.self)
    var validity = ValidityWriter(count: groups.count)
    for (i, g) in groups.enumerated() {
      let isSet = best[g].head != Self.none.head
      out[i] = isSet ? best[g] : .empty
      if !isSet { validity.setNull(i) }
    }
    return .flat(type, count: groups.count, values: values, heap: arena.buffers, validity: validity.bitmap)
  }

  func partials(_ groups: Range<Int>) throws -> Vector { try results(groups) }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    try update([partials], groups: groups, count: count)
  }

  var byteCount: Int { best.count * 20 + arena.byteCount }
}

/// `min` and `max` of arrays and rows.
final class RowExtremes: AggregateState {
  private let sign: Int
  private var best: RowStore

  init(_ type: DataType, sign: Int) {
    self.sign = sign
    best = RowStore(type)
  }

  func resize(to count: Int) { best.resize(to: count) }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws {
    improve(arguments[0], count) { groups[$0] }
  }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    improve(arguments[0], count) { _ in 0 }
  }

  private func improve(_ vector: Vector, _ count: Int, _ group: (Int) -> UInt32) {
    let within = rowOrder(vector, vector, nanIsLargest: sign > 0)
    let before = best.allChunks.map { rowOrder(vector, $0, nanIsLargest: sign > 0) }
    var winners: [UInt32: UInt32] = [:]
    for row in 0..<count where !vector.isNull(at: row) {
      let g = group(row)
      if let winner = winners[g] {
        if within(row, Int(winner)) * sign < 0 { winners[g] = UInt32(truncatingIfNeeded: row) }
      } else if best.isSet(Int(g)) {
        let place = best.chunkIndex(Int(g))
        if before[place.chunk](row, place.row) * sign < 0 { winners[g] = UInt32(truncatingIfNeeded: row) }
      } else {
        winners[g] = UInt32(truncatingIfNeeded: row)
      }
    }
    best.set(vector, rows: Array(winners.values), groups: Array(winners.keys))
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    try update([other.partials(0..<count)], groups: groups, count: count)
  }

  func results(_ groups: Range<Int>) throws -> Vector { best.values(groups) }
  func partials(_ groups: Range<Int>) throws -> Vector { best.values(groups) }
  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    try update([partials], groups: groups, count: count)
  }
  var byteCount: Int { best.byteCount }
}

/// `any_value` of text and nested types: the first row of a group is copied, the others are not looked at.
final class FirstRows: AggregateState {
  private var kept: RowStore

  init(_ type: DataType) { kept = RowStore(type) }

  func resize(to count: Int) { kept.resize(to: count) }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { keep(arguments[0], count) { groups[$0] } }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    keep(arguments[0], count) { _ in 0 }
  }

  @inline(__always)
  private func keep(_ vector: Vector, _ count: Int, _ group: (Int) -> UInt32) {
    var rows: [UInt32] = [], groups: [UInt32] = []
    var seen: Set<UInt32> = []
    for row in 0..<count {
      let g = group(row)
      if kept.isSet(Int(g)) || vector.isNull(at: row) || !seen.insert(g).inserted { continue }
      rows.append(UInt32(truncatingIfNeeded: row))
      groups.append(g)
    }
    kept.set(vector, rows: rows, groups: groups)
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    try update([other.partials(0..<count)], groups: groups, count: count)
  }

  func results(_ groups: Range<Int>) throws -> Vector { kept.values(groups) }
  func partials(_ groups: Range<Int>) throws -> Vector { kept.values(groups) }
  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    try update([partials], groups: groups, count: count)
  }
  var byteCount: Int { kept.byteCount }
}
