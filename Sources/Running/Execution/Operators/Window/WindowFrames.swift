import Plans
import Values
import Vectors

/// Frames of the rows of one call.
struct WindowFrames {
  let rows: WindowRows
  let frame: WindowCall.Frame

  /// One range of rows for each row, start and end side by side; start and end are equal where it is empty.
  struct Spans {
    typealias Span = SIMD2<UInt32>

    private let buffer: Buffer
    let spans: UnsafeMutablePointer<Span>

    init(count: Int) {
      buffer = Buffer(byteCount: count * 8)
      spans = buffer.pointer(as: Span.self)
    }

    @inline(__always)
    func set(_ row: Int, _ start: Int, _ end: Int) {
      let end = UInt32(truncatingIfNeeded: end)
      spans[row] = Span(min(UInt32(truncatingIfNeeded: start), end), end)
    }

    @inline(__always) subscript(row: Int) -> Range<Int> { Int(spans[row][0])..<Int(spans[row][1]) }
  }

  /// The frames as one range of rows each, or as two or three where rows are excluded: in the order of the rows.
  func pieces() throws -> [Spans] {
    let whole = try spans(), n = rows.batch.count
    func without(_ hole: (Int) -> (Int, Int)) -> [Spans] {
      let before = Spans(count: n), after = Spans(count: n)
      for i in 0..<n {
        let (from, to) = hole(i), span = whole[i]
        before.set(i, span.lowerBound, max(min(span.upperBound, from), span.lowerBound))
        after.set(i, max(span.lowerBound, to), max(span.upperBound, min(to, span.upperBound)))
      }
      return [before, after]
    }
    func peers(_ i: Int) -> (Int, Int) { (Int(rows.peerStart[i]), Int(rows.peerEnd[i])) }
    switch frame.exclusion {
    case .none: return [whole]
    case .currentRow: return without { ($0, $0 + 1) }
    case .group: return without(peers)
    case .ties:
      let others = without(peers), own = Spans(count: n)
      for i in 0..<n { own.set(i, i, whole[i].contains(i) ? i + 1 : i) }
      return [others[0], own, others[1]]
    }
  }

  private func spans() throws -> Spans {
    let result = Spans(count: rows.batch.count)
    for (first, end) in zip(rows.partitions, rows.partitions.dropFirst()) {
      let range = first..<end
      let start = try edges(frame.start, range, isStart: true), end = try edges(frame.end, range, isStart: false)
      for i in range {
        let from = try start(i), to = try end(i)
        result.set(i, from, max(from, to))
      }
    }
    return result
  }

  /// Where the frames of a partition's rows begin or end, asked for row after row.
  private func edges(_ bound: WindowCall.Frame.Bound, _ range: Range<Int>, isStart: Bool) throws -> (Int) throws -> Int {
    switch bound {
    case .unboundedPreceding: return { _ in range.lowerBound }
    case .unboundedFollowing: return { _ in range.upperBound }
    case .currentRow:
      if frame.unit == .rows { return { isStart ? $0 : $0 + 1 } }
      let peers = isStart ? rows.peerStart : rows.peerEnd
      return { Int(peers[$0]) }
    case .preceding(let channel): return offset(channel, range, isStart: isStart, isPreceding: true)
    case .following(let channel): return offset(channel, range, isStart: isStart, isPreceding: false)
    }
  }

  private func offset(_ channel: Int, _ range: Range<Int>, isStart: Bool, isPreceding: Bool) -> (Int) throws -> Int {
    let vector = rows.batch.columns[channel]
    switch frame.unit {
    case .rows:
      return { i in
        let distance = try count(vector, i)
        let at = isPreceding ? i - distance : i + distance
        return min(max(isStart ? at : at + 1, range.lowerBound), range.upperBound)
      }
    case .groups: return { i in groups(try count(vector, i), i, range, isStart: isStart, isPreceding: isPreceding) }
    case .range:
      var last = range.lowerBound
      return { i in
        last = value(vector, i, range, isStart: isStart, near: last)
        return last
      }
    }
  }

  private func count(_ vector: Vector, _ i: Int) throws -> Int {
    guard let value = vector.wholeNumber(at: i), value >= 0 else {
      throw PrestoError(.invalidWindowFrame, "Window frame offset value must not be negative or null")
    }
    return min(value, rows.batch.count)
  }

  private func groups(_ distance: Int, _ i: Int, _ range: Range<Int>, isStart: Bool, isPreceding: Bool) -> Int {
    var start = Int(rows.peerStart[i]), end = Int(rows.peerEnd[i])
    for _ in 0..<distance {
      if isPreceding {
        if start == range.lowerBound { return range.lowerBound }
        end = start
        start = Int(rows.peerStart[start - 1])
      } else {
        if end == range.upperBound { return range.upperBound }
        start = end
        end = Int(rows.peerEnd[end])
      }
    }
    return isStart ? start : end
  }

  /// RANGE with an offset: `vector` holds, for each row, the sort key's value at the edge (key ± offset, computed by a projection). Looked for from
  /// the edge of the row before on, which is seldom far.
  private func value(_ vector: Vector, _ i: Int, _ range: Range<Int>, isStart: Bool, near: Int) -> Int {
    guard let key = rows.order.first else { return isStart ? range.lowerBound : range.upperBound }
    let column = rows.batch.columns[key.channel]
    // a null key's frame is its peers
    if vector.isNull(at: i) || column.isNull(at: i) { return Int(isStart ? rows.peerStart[i] : rows.peerEnd[i]) }
    // rows whose key is before the edge (start), or not after it (end)
    func isBefore(_ row: Int) -> Bool {
      if column.isNull(at: row) { return key.nullsFirst }
      let compared = ValueOrder.compare(column, row, vector, i)
      let order = key.isAscending ? compared : -compared
      return isStart ? order < 0 : order <= 0
    }
    var low = range.lowerBound, high = range.upperBound
    if near > low, isBefore(near - 1) { low = near } else { high = near > low ? near - 1 : high }
    var step = 1
    while low + step < high, isBefore(low + step - 1) {
      low += step
      step *= 2
    }
    high = min(high, low + step)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Vector {
  /// An integer of any width, or a decimal without fraction; nil: null, or none that 64 bits hold.
  func wholeNumber(at row: Int) -> Int? {
    switch type.layout {
    case .int64:
      let reader = reader(as: Int64.self)
      return reader.isValid(row) ? Int(reader[row]) : nil
    case .int32:
      let reader = reader(as: Int32.self)
      return reader.isValid(row) ? Int(reader[row]) : nil
    default: return constant(at: row).wideValue.map { Int(clamping: $0) }
    }
  }
}
