import Values
import Vectors

extension Segments {
  /// One row for all rows of a segment that agree in the columns up to `last`; the columns after it, doubles without nulls, are added up.
  func summed(within last: Int) -> Segments {
    let fields = columns[0...last]
    let whole = Vector(
      .row(fields.map { DataType.Field(nil, $0.type) }), count: rowCount, .row(fields: fields.map { $0.flattened() }, validity: nil))
    let distinct = Segments(columns: [whole], offsets: offsets).distinct()
    if distinct.rows.count == rowCount { return self }
    let sums = columns[(last + 1)...].map { column in
      let values = column.reader(as: Double.self)
      let buffer = Buffer(zeroed: distinct.rows.count * 8)
      let out = buffer.pointer(as: Double.self)
      for (row, ordinal) in distinct.ordinals.enumerated() { out[Int(ordinal)] += values[row] }
      return Vector.flat(.double, count: distinct.rows.count, values: buffer)
    }
    return Segments(columns: fields.map { $0.picked(distinct.rows) } + sums, offsets: distinct.offsets)
  }
}

extension [Vector] {
  /// The rows where none of these is null.
  func completeRows(_ count: Int) -> [UInt32] {
    let gate = reduce(nil) { Bitmap.both($0, $1.rowValidity) }
    var rows: [UInt32] = []
    forEachRow(count, gate?.readable) { rows.append(UInt32(truncatingIfNeeded: $0)) }
    return rows
  }
}
