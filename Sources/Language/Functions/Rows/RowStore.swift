import Values
import Vectors

/// One value of any type per group, copied out of batches that will not stay: what `any_value`, `min_by` and extremes of text and nested types
/// keep. Values lie in chunks; a replaced value is garbage until the chunks are rebuilt.
struct RowStore {
  let type: DataType
  /// chunk << 32 | row; -1: none.
  private var places: [Int64] = []
  private var chunks: [Vector] = []
  private var stored = 0
  private var bytes = 0

  init(_ type: DataType) { self.type = type }

  var byteCount: Int { bytes + places.count * 8 }

  mutating func resize(to count: Int) {
    if count > places.count { places.append(contentsOf: repeatElement(-1, count: count - places.count)) }
  }

  func isSet(_ group: Int) -> Bool { places[group] >= 0 }

  /// The chunk and row that hold a group's value, which has been set.
  func place(_ group: Int) -> (chunk: Vector, row: Int) {
    let place = places[group]
    return (chunks[Int(place >> 32)], Int(place & 0xFFFF_FFFF))
  }

  func chunkIndex(_ group: Int) -> (chunk: Int, row: Int) { (Int(places[group] >> 32), Int(places[group] & 0xFFFF_FFFF)) }
  var allChunks: [Vector] { chunks }

  /// Row `rows[i]` of the vector becomes the value of group `groups[i]`; a later mention of a group wins.
  mutating func set(_ vector: Vector, rows: [UInt32], groups: [UInt32]) {
    if rows.isEmpty { return }
    let builder = VectorBuilder(type, capacity: rows.count)
    for row in rows { builder.append(vector, row: Int(row)) }
    let chunk = builder.finish()
    let number = Int64(chunks.count) << 32
    for (i, group) in groups.enumerated() { places[Int(group)] = number | Int64(i) }
    chunks.append(chunk)
    stored += rows.count
    bytes += chunk.byteCount
    if stored > 4 * places.count + 4096 || chunks.count > 4096 { compact() }
  }

  private mutating func compact() {
    let live = places.indices.filter { places[$0] >= 0 }
    let builder = VectorBuilder(type, capacity: live.count)
    for group in live {
      let (chunk, row) = place(group)
      builder.append(chunk, row: row)
    }
    let chunk = builder.finish()
    for (i, group) in live.enumerated() { places[group] = Int64(i) }
    chunks = [chunk]
    stored = live.count
    bytes = chunk.byteCount
  }

  /// The values of a range of groups; null where none was set.
  func values(_ groups: Range<Int>) -> Vector {
    let builder = VectorBuilder(type, capacity: groups.count)
    for group in groups {
      if places[group] < 0 {
        builder.appendNull()
      } else {
        let (chunk, row) = place(group)
        builder.append(chunk, row: row)
      }
    }
    return builder.finish()
  }
}
