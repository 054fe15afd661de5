import Plans
import Values
import Vectors

/// Frames of the rows of one call: half-open ranges within the partition.
struct WindowFrames {
  let rows: WindowRows
  let frame: WindowCall.Frame

  /// Frame of row `i` of the partition `range`; may be empty.
  func bounds(_ i: Int, _ range: Range<Int>) throws -> Range<Int> {
    let start = try edge(frame.start, i, range, isStart: true)
    let end = try edge(frame.end, i, range, isStart: false)
    return start < end ? start..<end : range.lowerBound..<range.lowerBound
  }

  private func edge(_ bound: WindowCall.Frame.Bound, _ i: Int, _ range: Range<Int>, isStart: Bool) throws -> Int {
    switch bound {
    case .unboundedPreceding: return range.lowerBound
    case .unboundedFollowing: return range.upperBound
    case .currentRow:
      if frame.unit == .rows { return isStart ? i : i + 1 }
      return isStart ? rows.peerStart[i] : rows.peerEnd[i]
    case .preceding(let channel): return try offset(channel, i, range, isStart: isStart, isPreceding: true)
    case .following(let channel): return try offset(channel, i, range, isStart: isStart, isPreceding: false)
    }
  }

  private func offset(_ channel: Int, _ i: Int, _ range: Range<Int>, isStart: Bool, isPreceding: Bool) throws -> Int {
    let vector = rows.batch.columns[channel]
    switch frame.unit {
    case .rows:
      let distance = try count(vector, i)
      let at = isPreceding ? i - distance : i + distance
      return min(max(isStart ? at : at + 1, range.lowerBound), range.upperBound)
    case .groups: return groups(try count(vector, i), i, range, isStart: isStart, isPreceding: isPreceding)
    case .range: return value(vector, i, range, isStart: isStart)
    }
  }

  private func count(_ vector: Vector, _ i: Int) throws -> Int {
    guard let value = vector.constant(at: i).wideValue, value >= 0 else {
      throw PrestoError(.invalidWindowFrame, "Window frame offset value must not be negative or null")
    }
    return Int(clamping: min(value, Int128(rows.batch.count)))
  }

  private func groups(_ distance: Int, _ i: Int, _ range: Range<Int>, isStart: Bool, isPreceding: Bool) -> Int {
    var start = rows.peerStart[i], end = rows.peerEnd[i]
    for _ in 0..<distance {
      if isPreceding {
        if start == range.lowerBound { return range.lowerBound }
        end = start
        start = rows.peerStart[start - 1]
      } else {
        if end == range.upperBound { return range.upperBound }
        start = end
        end = rows.peerEnd[end]
      }
    }
    return isStart ? start : end
  }

  /// RANGE with an offset: `vector` holds, for each row, the sort key's value at the edge (key ± offset, computed by a projection).
  private func value(_ vector: Vector, _ i: Int, _ range: Range<Int>, isStart: Bool) -> Int {
    guard let key = rows.order.first else { return isStart ? range.lowerBound : range.upperBound }
    let column = rows.batch.columns[key.channel]
    // a null key's frame is its peers
    if vector.isNull(at: i) || column.isNull(at: i) { return isStart ? rows.peerStart[i] : rows.peerEnd[i] }
    // the first row whose key is not before the edge (start), or is after it (end)
    var low = range.lowerBound, high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      let order: Int
      if column.isNull(at: middle) {
        order = key.nullsFirst ? -1 : 1
      } else {
        let compared = ValueOrder.compare(column, middle, vector, i)
        order = key.isAscending ? compared : -compared
      }
      if isStart ? order < 0 : order <= 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
