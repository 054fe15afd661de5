import Values
import Vectors

/// Remembers the group of every combination of dictionary entries, so that rows whose keys are all dictionary-encoded (as Parquet's texts and dates
/// mostly are) are grouped by one look-up of a small number, without hashing or comparing keys.
///
///     code of a row = index₀ × size₁ + index₁        groups: [ group of code 0 | group of code 1 | … ]   ~0 = not met yet
///
/// Holds for as long as the batches bring the same dictionaries; owned by one driver.
final class DictionaryGroups {
  private static let unknown = UInt32.max, pending = UInt32.max - 1
  /// Combinations beyond which a table of them would be colder than hashing.
  private static let limit = 1 << 16

  private var dictionaries: [Vector] = []
  private var groups = Buffer(byteCount: 0)
  private var codes = Buffer(byteCount: 0)
  /// Batches in a row that brought new dictionaries: when they always do, remembering is in vain.
  private var changes = 0

  /// Writes the group of each row; false: the keys are not of this kind.
  /// - Parameter resolve: groups of some rows of the batch, by the keys themselves.
  func assign(
    _ keys: [Vector], count n: Int, into numbers: UnsafeMutablePointer<UInt32>,
    resolve: (_ rows: UnsafePointer<UInt32>, _ count: Int, _ groups: UnsafeMutablePointer<UInt32>) -> Void
  ) -> Bool {
    guard changes < 16, prepare(keys, n) else { return false }
    let codes = codes.pointer(as: UInt32.self), groups = groups.pointer(as: UInt32.self)
    var isMissing = false
    for i in 0..<n {
      let group = groups[Int(codes[i])]
      numbers[i] = group
      isMissing = isMissing || group == Self.unknown
    }
    if !isMissing { return true }
    // the first row of each combination not met yet
    let missing = Buffer(byteCount: n * 8)
    let rows = missing.pointer(as: UInt32.self), found = rows + n
    var count = 0
    for i in 0..<n where groups[Int(codes[i])] == Self.unknown {
      groups[Int(codes[i])] = Self.pending
      rows[count] = UInt32(truncatingIfNeeded: i)
      count &+= 1
    }
    resolve(UnsafePointer(rows), count, found)
    for k in 0..<count { groups[Int(codes[Int(rows[k])])] = found[k] }
    for i in 0..<n { numbers[i] = groups[Int(codes[i])] }
    return true
  }

  /// Fills `codes`; starts anew where the dictionaries are not those of the batch before.
  private func prepare(_ keys: [Vector], _ n: Int) -> Bool {
    var size = 1
    var parts: [(indices: UnsafePointer<UInt32>, values: Vector)] = []
    for key in keys {
      guard case .dictionary(let indices, let values) = key.encoding, !key.mayHaveNulls, values.count <= Self.limit else { return false }
      size *= max(values.count, 1)
      guard size <= Self.limit else { return false }
      parts.append((UnsafePointer(indices.pointer(as: UInt32.self)), values))
    }
    if dictionaries.count != parts.count || !zip(dictionaries, parts).allSatisfy({ $0 === $1.values }) {
      changes += 1
      if size > n * 8 { return false }
      dictionaries = parts.map(\.values)
      groups = Buffer(byteCount: size * 4)
      let p = groups.pointer(as: UInt32.self)
      for code in 0..<size { p[code] = Self.unknown }
    } else {
      changes = 0
    }
    if codes.byteCount < n * 4 { codes = Buffer(byteCount: max(n, Batch.habitualCount) * 4) }
    let codes = codes.pointer(as: UInt32.self)
    for (index, part) in parts.enumerated() {
      let indices = part.indices
      if index == 0 {
        for i in 0..<n { codes[i] = indices[i] }
      } else {
        let size = UInt32(truncatingIfNeeded: part.values.count)
        for i in 0..<n { codes[i] = codes[i] &* size &+ indices[i] }
      }
    }
    return true
  }
}
