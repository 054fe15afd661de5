import Values
import Vectors

/// Reads some columns of a row group as batches, front to back. Synchronous; owned by one thread.
///
///     let reader = try RowGroupReader(file, rowGroup: 3, columns: [0, 4, 5], filters: [RowFilter(columns: [10]) { batch in … }])
///     while let batch = try reader.next() { … }
///
/// Batches have the columns asked for, in that order, and are never empty. Columns that only filters need are not in them.
package final class RowGroupReader {
  /// Rows that filters have seen, whether they stayed or not.
  package private(set) var rowsScanned = 0

  private let outputs: [Int]
  private let filters: [RowFilter]
  private var readers: [Int: ColumnReader] = [:]
  private var ranges: [Range<Int>]
  private var nextRange = 0
  /// The next row to look at.
  private var position = 0
  private let window: Int

  /// - Parameters:
  ///   - columns: top-level columns of the file, in the order of the batches; may be empty, then batches only count rows.
  ///   - filters: stages, each narrowing what the one before left.
  ///   - rows: the rows to read, ascending and apart: what `ParquetFile.rowRanges` left. nil: all.
  ///   - batchRows: rows looked at in one go; fewer where lists make rows long.
  ///   - verifiesChecksums: compares pages with their checksums, where a writer put some (Spark does).
  package init(
    _ file: ParquetFile, rowGroup: Int, columns: [Int], filters: [RowFilter] = [], rows: [Range<Int>]? = nil,
    batchRows: Int = Batch.habitualCount, verifiesChecksums: Bool = true
  ) throws {
    let group = try file.group(rowGroup)
    outputs = columns
    self.filters = filters
    ranges = rows ?? (group.rowCount > 0 ? [0..<group.rowCount] : [])
    let context = DecodingContext(verifiesChecksums: verifiesChecksums)
    var window = max(batchRows, 1)
    // a group without rows may name places that are not there
    for column in columns + filters.flatMap(\.columns) where readers[column] == nil && group.rowCount > 0 {
      let node = try file.node(column)
      readers[column] = try ColumnReader(file, node, rowGroup: group, context)
      // rows of long lists come fewer at a time: about a quarter of a million elements
      for leaf in node.leaves where file.leaves[leaf].maximumRepetition > 0 {
        window = min(window, max(1, (1 << 18) / max(1, group.chunks[leaf].valueCount / group.rowCount)))
      }
    }
    self.window = window
    var last = 0
    for range in ranges {
      guard range.lowerBound >= last, range.upperBound <= group.rowCount else {
        throw PrestoError(.genericInternalError, "row range \(range) of row group \(rowGroup) with \(group.rowCount) rows")
      }
      last = range.upperBound
    }
  }

  /// The next batch that has rows, nil at the end.
  package func next() throws -> Batch? {
    while let count = advance() {
      rowsScanned += count
      if let batch = try read(count) { return batch }
    }
    return nil
  }

  /// Moves to the next window of rows and says how many it has; skips what lies between ranges.
  private func advance() -> Int? {
    while nextRange < ranges.count {
      let range = ranges[nextRange]
      if position < range.lowerBound {
        for reader in readers.values { reader.skip(range.lowerBound - position) }
        position = range.lowerBound
      }
      if position < range.upperBound {
        let count = min(window, range.upperBound - position)
        position += count
        return count
      }
      nextRange += 1
    }
    return nil
  }

  /// The window's surviving rows; nil if there are none.
  private func read(_ count: Int) throws -> Batch? {
    if filters.isEmpty {
      return Batch(try outputs.map { try reader($0).read(count) }, count: count)
    }
    // columns decoded so far, all with the rows of `alive`; nil: every row of the window
    var decoded: [Int: Vector] = [:]
    var alive: Selection?
    for filter in filters {
      var vectors: [Vector] = []
      for column in filter.columns {
        if decoded[column] == nil { decoded[column] = try read(column, count, alive) }
        if let vector = decoded[column] { vectors.append(vector) }
      }
      let before = alive?.count ?? count
      guard let chosen = try filter.survivors(Batch(vectors, count: before)), !chosen.isAll(of: before) else { continue }
      if chosen.count == 0 {
        for (column, reader) in readers where decoded[column] == nil { reader.skip(count) }
        return nil
      }
      for (column, vector) in decoded { decoded[column] = vector.gathered(chosen) }
      alive = alive.map { RowGroupReader.compose($0, chosen) } ?? chosen
    }
    var vectors: [Vector] = []
    for column in outputs {
      if decoded[column] == nil { decoded[column] = try read(column, count, alive) }
      if let vector = decoded[column] { vectors.append(vector) }
    }
    return Batch(vectors, count: alive?.count ?? count)
  }

  private func reader(_ column: Int) throws -> ColumnReader {
    guard let reader = readers[column] else { throw PrestoError(.genericInternalError, "column \(column) was not opened") }
    return reader
  }

  private func read(_ column: Int, _ count: Int, _ alive: Selection?) throws -> Vector {
    guard let alive else { return try reader(column).read(count) }
    return try reader(column).read(count, rows: alive)
  }

  /// `chosen` of what `alive` left, as rows of the window.
  private static func compose(_ alive: Selection, _ chosen: Selection) -> Selection {
    let rows = Buffer(byteCount: chosen.count * 4)
    let a = alive.pointer, b = chosen.pointer, out = rows.pointer(as: UInt32.self)
    for i in 0..<chosen.count { out[i] = a[Int(b[i])] }
    return Selection(rows: rows, count: chosen.count)
  }
}
