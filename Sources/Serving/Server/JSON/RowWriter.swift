import Vectors

/// Writes batches as JSON rows, straight from vectors into bytes.
struct RowWriter {
  let isParametric: Bool
  private var hasRows = false

  init(isParametric: Bool) { self.isParametric = isParametric }

  /// Writes rows from `start` on until the batch ends or `out` holds `limit` bytes; at least one row. Where it stopped.
  mutating func write(_ batch: Batch, from start: Int, upTo limit: Int, _ out: inout TextWriter) -> Int {
    let columns = batch.columns.map { CellWriter.make($0, isParametric: isParametric) }
    var row = start
    while row < batch.count {
      if hasRows { out.write(0x2C) }
      hasRows = true
      out.write(0x5B)
      for index in columns.indices {
        if index > 0 { out.write(0x2C) }
        columns[index].write(row, &out)
      }
      out.write(0x5D)
      row += 1
      if out.count >= limit { break }
    }
    return row
  }
}
