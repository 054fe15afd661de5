import Expressions
import Values
import Vectors

extension Function {
  static let keyedExtremes: [Function] = [
    ("min_by", "Value with the smallest key", 1), ("max_by", "Value with the largest key", -1),
    ("arg_min", "Value with the smallest key", 1), ("arg_max", "Value with the largest key", -1),
  ].map { (name: String, summary: String, sign: Int) in
    .aggregate(name, [.T, .K], .T, summary, where: ["K": .orderable]) { arguments, result in
      let key = arguments[1]
      return { KeyedExtremes(value: result, key: key, sign: sign) }
    }
  }
}

/// `min_by` and `max_by`: the best key of every group so far, and the value that came with it. A batch is searched for winners first; only
/// what wins a group in the end is copied.
final class KeyedExtremes: AggregateState {

  private let keyType: DataType
  private let sign: Int
  private var values: RowStore
  private var keys: RowStore
  /// row + 1 of the batch at hand; 0: no better row in this batch.
  private var winners: [UInt32] = []

  init(value: DataType, key: DataType, sign: Int) {
    keyType = key
    self.sign = sign
    values = RowStore(value)
    keys = RowStore(key)
  }

  func resize(to count: Int) {
    values.resize(to: count)
    keys.resize(to: count)
    if count > winners.count { winners.append(contentsOf: repeatElement(0, count: count - winners.count)) }
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { improve(arguments, groups, count) }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    improve(arguments, nil, count)
  }

  private func improve(_ arguments: [Vector], _ groups: UnsafePointer<UInt32>?, _ count: Int) {
    let vector = arguments[1]
    var touched: [UInt32] = []
    // first among the rows of the batch, in loops over plain slots where the layout has them
    switch keyType.layout {
    case .int8: search(vector, Int8.self, groups, count, &touched)
    case .int16: search(vector, Int16.self, groups, count, &touched)
    case .int32: search(vector, Int32.self, groups, count, &touched)
    case .int64: search(vector, Int64.self, groups, count, &touched)
    case .int128 where !isZoned(keyType): search(vector, Int128.self, groups, count, &touched)
    case .double: search(vector, Double.self, groups, count, &touched)
    case .float: search(vector, Float.self, groups, count, &touched)
    case .bool, .int128, .bytes, .list, .map, .row:
      let order = rowOrder(vector, vector)
      for row in 0..<count where !vector.isNull(at: row) {
        let g = groups.map { $0[row] } ?? 0
        if winners[Int(g)] == 0 {
          touched.append(g)
        } else if order(row, Int(winners[Int(g)]) - 1) * sign >= 0 {
          continue
        }
        winners[Int(g)] = UInt32(truncatingIfNeeded: row + 1)
      }
    }
    // then against what was kept
    let orders = keys.allChunks.map { rowOrder(vector, $0) }
    let isFloating = keyType == .double || keyType == .real
    var rows: [UInt32] = [], improved: [UInt32] = []
    for g in touched {
      let row = Int(winners[Int(g)]) - 1
      winners[Int(g)] = 0
      if keys.isSet(Int(g)) {
        let place = keys.chunkIndex(Int(g))
        let wasNaN = isFloating && isNaN(keys.allChunks[place.chunk], place.row), isNaN = isFloating && isNaN(vector, row)
        if isNaN || (!wasNaN && orders[place.chunk](row, place.row) * sign >= 0) { continue }
      }
      rows.append(UInt32(truncatingIfNeeded: row))
      improved.append(g)
    }
    values.set(arguments[0], rows: rows, groups: improved)
    keys.set(vector, rows: rows, groups: improved)
  }

  private func isNaN(_ vector: Vector, _ row: Int) -> Bool {
    keyType == .double ? vector.reader(as: Double.self)[row].isNaN : vector.reader(as: Float.self)[row].isNaN
  }

  @inline(__always)
  private func search<T: Comparable & BitwiseCopyable>(
    _ vector: Vector, _: T.Type, _ groups: UnsafePointer<UInt32>?, _ count: Int, _ touched: inout [UInt32]
  ) {
    let reader = vector.reader(as: T.self), validity = vector.rowValidity
    let isSmallest = sign > 0
    winners.withUnsafeMutableBufferPointer { winners in
      forEachRow(count, validity?.readable) { row in
        let g = groups.map { $0[row] } ?? 0
        let winner = winners[Int(g)]
        if winner == 0 {
          touched.append(g)
        } else {
          let x = reader[row], best = reader[Int(winner) &- 1]
          // a NaN gives way to anything: it is unequal to itself
          if best == best && !(isSmallest ? x < best : x > best) { return }
        }
        winners[Int(g)] = UInt32(truncatingIfNeeded: row &+ 1)
      }
    }
    withExtendedLifetime((vector, validity)) {}
  }

  func results(_ groups: Range<Int>) throws -> Vector { values.values(groups) }

  func partials(_ groups: Range<Int>) throws -> Vector {
    let fields = [values.values(groups), keys.values(groups)]
    return Vector(.row(fields.map { DataType.Field(nil, $0.type) }), count: groups.count, .row(fields: fields, validity: nil))
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard other is KeyedExtremes else { throw mismatchedStates() }
    try mergePartials(other.partials(0..<count), groups: groups, count: count)
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard case .row(let fields, _) = partials.flattened().encoding, fields.count == 2 else { throw mismatchedStates() }
    improve(fields, groups, count)
  }

  var byteCount: Int { values.byteCount + keys.byteCount + winners.count * 4 }
}
