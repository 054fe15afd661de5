import Federation
import Synchronization
import Values
import Vectors

/// What is known of a table's columns, kept from one planning to the next, since finding it out means reading them. Batches only ever grow at the
/// end, so that after an INSERT the new ones alone are read; a table whose rows are replaced or altered gets summaries of its own.
final class ColumnSummaries: Sendable {
  private let known = Mutex<[Int: ColumnSummary]>([:])

  func statistics(of column: Int, in batches: [Batch]) -> ColumnStatistics {
    var summary = summary(of: column)
    // who holds a list from before an INSERT that another planning has seen already
    if summary.batches > batches.count { summary = ColumnSummary() }
    if summary.batches < batches.count {
      // without the lock: other plannings should not wait, and at worst both read the same batches
      for batch in batches[summary.batches...] { summary.add(batch.columns[column]) }
      known.withLock { if summary.batches > $0[column]?.batches ?? 0 { $0[column] = summary } }
    }
    return summary.statistics
  }

  func summary(of column: Int) -> ColumnSummary { known.withLock { $0[column] } ?? ColumnSummary() }
}

/// The nulls and bounds of a column's first batches.
struct ColumnSummary: Sendable {
  private(set) var batches = 0
  private var rows = 0, nulls = 0
  private var low: Int64?, high: Int64?, lowest: Double?, highest: Double?

  mutating func add(_ vector: Vector) {
    batches += 1
    rows += vector.count
    if vector.mayHaveNulls { for row in 0..<vector.count where vector.isNull(at: row) { nulls += 1 } }
    switch vector.type.layout {
    case .int8: fold(vector, Int8.self)
    case .int16: fold(vector, Int16.self)
    case .int32: fold(vector, Int32.self)
    case .int64: fold(vector, Int64.self)
    case .double:
      let values = vector.reader(as: Double.self)
      for row in 0..<vector.count where values.isValid(row) && !values[row].isNaN {
        lowest = min(lowest ?? values[row], values[row])
        highest = max(highest ?? values[row], values[row])
      }
    case .bool, .int128, .float, .bytes, .list, .map, .row: break
    }
  }

  private mutating func fold<T: FixedWidthInteger & BitwiseCopyable>(_ vector: Vector, _: T.Type) {
    let values = vector.reader(as: T.self)
    var least = T.max, most = T.min
    for row in 0..<vector.count where values.isValid(row) {
      least = min(least, values[row])
      most = max(most, values[row])
    }
    guard least <= most else { return }
    low = min(low ?? Int64(least), Int64(least))
    high = max(high ?? Int64(most), Int64(most))
  }

  /// Exact null fraction; exact bounds for numbers, dates and times. Distinct values are bounded by the rows and, for whole numbers, by the range.
  var statistics: ColumnStatistics {
    var statistics = ColumnStatistics(nullFraction: rows == 0 ? 0 : Double(nulls) / Double(rows))
    if let low, let high {
      statistics.low = .integer(low)
      statistics.high = .integer(high)
      statistics.distinct = min(Double(rows - nulls), Double(high) - Double(low) + 1)
    } else if let lowest, let highest {
      statistics.low = .double(lowest)
      statistics.high = .double(highest)
    }
    return statistics
  }
}
