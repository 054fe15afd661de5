import Expressions
import Plans
import Values
import Vectors

/// One call's results for the rows of a chunk.
struct WindowEvaluation {
  let call: WindowCall
  let rows: WindowRows
  private let arguments: [Vector]

  init(_ call: WindowCall, _ rows: WindowRows) {
    self.call = call
    self.rows = rows
    arguments = call.arguments.map { $0.vector(rows.batch) }
  }

  /// What evaluating calls one after the other holds besides rows and results: peers, and frames and a tree of states of one call.
  static func bytesPerRow(_ calls: [WindowCall]) -> Int {
    8 + (calls.map { if case .aggregate = $0.function { 24 + PartialTree.bytesPerRow } else { 16 } }.max() ?? 0)
  }

  func evaluate() throws -> Vector {
    switch call.function {
    case .rowNumber:
      return numbers { (range, out: UnsafeMutablePointer<Int64>) in for i in range { out[i] = Int64(i - range.lowerBound + 1) } }
    case .rank:
      return numbers { (range, out: UnsafeMutablePointer<Int64>) in
        for i in range { out[i] = Int64(Int(rows.peerStart[i]) - range.lowerBound + 1) }
      }
    case .denseRank:
      return numbers { (range, out: UnsafeMutablePointer<Int64>) in
        var rank: Int64 = 0
        for i in range {
          if Int(rows.peerStart[i]) == i { rank += 1 }
          out[i] = rank
        }
      }
    case .percentRank:
      return numbers { (range, out: UnsafeMutablePointer<Double>) in
        let others = Double(max(range.count - 1, 1))
        for i in range { out[i] = Double(Int(rows.peerStart[i]) - range.lowerBound) / others }
      }
    case .cumeDist:
      return numbers { (range, out: UnsafeMutablePointer<Double>) in
        for i in range { out[i] = Double(Int(rows.peerEnd[i]) - range.lowerBound) / Double(range.count) }
      }
    case .ntile: return try ntile()
    case .lag: return try shifted(-1)
    case .lead: return try shifted(1)
    case .firstValue, .lastValue, .nthValue: return try positioned()
    case .aggregate(let make):
      let frames = WindowFrames(rows: rows, frame: call.frame)
      return try WindowAggregation(call, make, arguments, rows.batch, try frames.pieces()).results()
    }
  }

  /// A number for each row, written a partition at a time.
  private func numbers<T: BitwiseCopyable>(_ write: (Range<Int>, UnsafeMutablePointer<T>) -> Void) -> Vector {
    let buffer = Buffer(byteCount: rows.batch.count * MemoryLayout<T>.stride)
    for (start, end) in zip(rows.partitions, rows.partitions.dropFirst()) { write(start..<end, buffer.pointer(as: T.self)) }
    return .flat(call.type, count: rows.batch.count, values: buffer)
  }

  private func ntile() throws -> Vector {
    let builder = VectorBuilder(call.type, capacity: rows.batch.count)
    for (start, end) in zip(rows.partitions, rows.partitions.dropFirst()) {
      for i in start..<end {
        if arguments[0].isNull(at: i) {
          builder.appendNull()
          continue
        }
        guard let n = arguments[0].wholeNumber(at: i), n > 0 else {
          throw PrestoError(.invalidFunctionArgument, "Buckets must be greater than 0")
        }
        let row = i - start
        // the first buckets are one larger
        let size = (end - start) / n, larger = (end - start) % n
        builder.append(Int64(row < larger * (size + 1) ? row / (size + 1) : larger + (row - larger * (size + 1)) / max(size, 1)) + 1)
      }
    }
    return builder.finish()
  }

  /// lag and lead: for each row another row, or none.
  private func shifted(_ direction: Int) throws -> Vector {
    let value = arguments[0], n = rows.batch.count
    let present = call.ignoresNulls ? PresentRows(value) : nil
    let hasDefault = arguments.count > 2
    let found = Buffer(byteCount: n * 4)
    let out = found.pointer(as: UInt32.self)
    for (start, end) in zip(rows.partitions, rows.partitions.dropFirst()) {
      for i in start..<end {
        var distance = 1
        if arguments.count > 1 {
          if arguments[1].isNull(at: i) {
            out[i] = UInt32.max
            continue
          }
          guard let offset = arguments[1].wholeNumber(at: i), offset >= 0 else {
            throw PrestoError(.invalidFunctionArgument, "Offset must be at least 0")
          }
          distance = min(offset, n)
        }
        let at: Int?
        if let present, distance > 0 {
          at = present.row(direction < 0 ? present.before(i) - distance : present.before(i + 1) + distance - 1, in: start..<end)
        } else {
          let other = i + direction * distance
          at = start <= other && other < end ? other : nil
        }
        // the defaults stand behind the values
        out[i] = at.map { UInt32(truncatingIfNeeded: $0) } ?? (hasDefault ? UInt32(truncatingIfNeeded: n + i) : UInt32.max)
      }
    }
    let source = hasDefault ? Vector.concatenated([value, arguments[2]], type: call.type) : value
    return source.gatheredOrNull(UnsafePointer(out), count: n)
  }

  /// first_value, last_value and nth_value: the row at a place of the frame.
  private func positioned() throws -> Vector {
    let value = arguments[0], n = rows.batch.count
    let pieces = try WindowFrames(rows: rows, frame: call.frame).pieces()
    let present = call.ignoresNulls ? PresentRows(value) : nil
    let found = Buffer(byteCount: n * 4)
    let out = found.pointer(as: UInt32.self)
    for i in 0..<n {
      out[i] = UInt32.max
      var place = 0
      var isFromEnd = false
      switch call.function {
      case .lastValue: isFromEnd = true
      case .nthValue:
        if arguments[1].isNull(at: i) { continue }
        guard let position = arguments[1].wholeNumber(at: i), position > 0 else {
          throw PrestoError(.invalidFunctionArgument, "Offset must be at least 1")
        }
        place = position - 1
      default: break
      }
      for index in pieces.indices {
        var piece = pieces[isFromEnd ? pieces.count - 1 - index : index][i]
        if let present { piece = present.before(piece.lowerBound)..<present.before(piece.upperBound) }
        if place < piece.count {
          let at = isFromEnd ? piece.upperBound - 1 - place : piece.lowerBound + place
          out[i] = present?.rows[at] ?? UInt32(truncatingIfNeeded: at)
          break
        }
        place -= piece.count
      }
    }
    return value.gatheredOrNull(UnsafePointer(out), count: n)
  }
}

/// The rows of a vector that are not null, numbered: what is counted where nulls are ignored.
private struct PresentRows {
  let rows: [UInt32]
  /// For each row, and for the end, how many there are before it.
  private let counts: [UInt32]

  init(_ vector: Vector) {
    var rows: [UInt32] = [], counts: [UInt32] = []
    counts.reserveCapacity(vector.count + 1)
    for i in 0..<vector.count {
      counts.append(UInt32(truncatingIfNeeded: rows.count))
      if !vector.isNull(at: i) { rows.append(UInt32(truncatingIfNeeded: i)) }
    }
    counts.append(UInt32(truncatingIfNeeded: rows.count))
    self.rows = rows
    self.counts = counts
  }

  func before(_ row: Int) -> Int { Int(counts[row]) }

  /// The row of that number, where it is in the range.
  func row(_ number: Int, in range: Range<Int>) -> Int? {
    guard rows.indices.contains(number), range.contains(Int(rows[number])) else { return nil }
    return Int(rows[number])
  }
}
