import Values
import Vectors

/// Consecutive runs of rows of some columns: the rows of each group of an aggregation, or the elements of each array of a column.
/// Run i is rows `offsets[i]..<offsets[i + 1]`.
struct Segments {
  var columns: [Vector]
  var offsets: [Int]

  var count: Int { offsets.count - 1 }
  var rowCount: Int { offsets[count] }

  func range(_ segment: Int) -> Range<Int> { offsets[segment]..<offsets[segment + 1] }

  /// The same rows in the order given, which moves none across a boundary or drops some: `offsets` are the new boundaries.
  func reordered(_ rows: [UInt32], offsets: [Int]) -> Segments {
    Segments(columns: columns.map { $0.picked(rows) }, offsets: offsets)
  }
}

extension Vector {
  /// Row `rows[i]` as the i-th.
  func picked(_ rows: [UInt32]) -> Vector {
    rows.withUnsafeBufferPointer { rows in
      if let base = rows.baseAddress { return gathered(base, count: rows.count) }
      return VectorBuilder(type, capacity: 0).finish()
    }
  }
}

/// Which rows of each segment are the first of their value.
struct DistinctRows {
  /// The first row of each distinct value, by segment and first appearance.
  var rows: [UInt32] = []
  /// Boundaries of the segments among `rows`.
  var offsets: [Int] = [0]
  /// For every row, the index in `rows` of its value.
  var ordinals: [UInt32] = []
}

extension Segments {
  /// Distinct values of one column within each segment. Nulls are one value.
  func distinct(by column: Int = 0) -> DistinctRows {
    let vector = columns[column]
    let hashes = rowHashes(vector)
    let hash = hashes.pointer(as: UInt64.self), equal = rowEquality(vector, vector)
    var result = DistinctRows()
    result.ordinals.reserveCapacity(rowCount)
    let largest = (0..<count).reduce(0) { max($0, range($1).count) }
    // open addressing, at most half full; entries are ordinals + 1 of the segment at hand: stale entries are below `floor`
    var size = 16
    while size < 2 * largest { size *= 2 }
    var table = [UInt32](repeating: 0, count: size)
    for segment in 0..<count {
      let floor = UInt32(truncatingIfNeeded: result.rows.count)
      for row in range(segment) {
        var at = Int(truncatingIfNeeded: hash[row] &* 0x9E37_79B9_7F4A_7C15 &>> 20) & (size - 1)
        while true {
          let entry = table[at]
          if entry <= floor {
            result.rows.append(UInt32(truncatingIfNeeded: row))
            table[at] = UInt32(truncatingIfNeeded: result.rows.count)
            result.ordinals.append(table[at] - 1)
            break
          }
          let known = Int(result.rows[Int(entry - 1)])
          if hash[known] == hash[row] && equal(known, row) {
            result.ordinals.append(entry - 1)
            break
          }
          at = (at + 1) & (size - 1)
        }
      }
      result.offsets.append(result.rows.count)
    }
    withExtendedLifetime(hashes) {}
    return result
  }

  /// Rows of each segment in the order of one column, ties as they were; nulls last, also when descending.
  func sorted(by column: Int = 0, descending: Bool = false) -> [UInt32] {
    let vector = columns[column]
    var rows = (0..<UInt32(truncatingIfNeeded: rowCount)).map { $0 }
    let order = rowOrder(vector, vector)
    let hasNulls = vector.mayHaveNulls
    rows.withUnsafeMutableBufferPointer { rows in
      for segment in 0..<count where range(segment).count > 1 {
        var part = UnsafeMutableBufferPointer(rebasing: rows[range(segment)])
        switch (vector.type.layout, vector.encoding) {
        case (.int32, .flat) where !hasNulls: sort(&part, vector.reader(as: Int32.self).base, descending)
        case (.int64, .flat) where !hasNulls: sort(&part, vector.reader(as: Int64.self).base, descending)
        default:
          part.sort { a, b in
            let i = Int(a), j = Int(b)
            if hasNulls {
              let left = vector.isNull(at: i), right = vector.isNull(at: j)
              if left || right { return left == right ? a < b : right }
            }
            let result = order(i, j)
            return result == 0 ? a < b : (result < 0) != descending
          }
        }
      }
    }
    withExtendedLifetime(vector) {}
    return rows
  }

  @inline(__always)
  private func sort<T: Comparable & BitwiseCopyable>(
    _ rows: inout UnsafeMutableBufferPointer<UInt32>, _ base: UnsafePointer<T>, _ descending: Bool
  ) {
    if descending {
      rows.sort { base[Int($0)] == base[Int($1)] ? $0 < $1 : base[Int($0)] > base[Int($1)] }
    } else {
      rows.sort { base[Int($0)] == base[Int($1)] ? $0 < $1 : base[Int($0)] < base[Int($1)] }
    }
  }
}

/// Int32 offsets for a nested vector; throws when there are more elements than they can count.
func offsetsBuffer(_ offsets: [Int]) throws -> Buffer {
  guard let last = offsets.last, last <= Int(Int32.max) else {
    throw PrestoError(.exceededFunctionMemoryLimit, "Result has more than \(Int32.max) elements")
  }
  let buffer = Buffer(byteCount: offsets.count * 4)
  let out = buffer.pointer(as: Int32.self)
  for (i, offset) in offsets.enumerated() { out[i] = Int32(truncatingIfNeeded: offset) }
  return buffer
}

/// An array vector over elements with these boundaries; `isNull` says which arrays are null.
func listVector(_ type: DataType, _ elements: Vector, _ offsets: [Int], isNull: (Int) -> Bool = { _ in false }) throws -> Vector {
  let count = offsets.count - 1
  var validity = ValidityWriter(count: count)
  for i in 0..<count where isNull(i) { validity.setNull(i) }
  return Vector(type, count: count, .list(offsets: try offsetsBuffer(offsets), elements: elements, validity: validity.bitmap))
}

func mapVector(_ type: DataType, _ keys: Vector, _ values: Vector, _ offsets: [Int], isNull: (Int) -> Bool = { _ in false }) throws
  -> Vector
{
  let count = offsets.count - 1
  var validity = ValidityWriter(count: count)
  for i in 0..<count where isNull(i) { validity.setNull(i) }
  return Vector(type, count: count, .map(offsets: try offsetsBuffer(offsets), keys: keys, values: values, validity: validity.bitmap))
}
