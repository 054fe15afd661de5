import Expressions
import Plans
import Values
import Vectors

/// One call's results for all rows.
struct WindowEvaluation {
  let call: WindowCall
  let rows: WindowRows
  private let arguments: [Vector]
  private let frames: WindowFrames

  init(_ call: WindowCall, _ rows: WindowRows) {
    self.call = call
    self.rows = rows
    arguments = call.arguments.map { $0.vector(rows.batch) }
    frames = WindowFrames(rows: rows, frame: call.frame)
  }

  func evaluate() throws -> Vector {
    let builder = VectorBuilder(call.type, capacity: rows.batch.count)
    for (start, end) in zip(rows.partitions, rows.partitions.dropFirst()) {
      let range = start..<end
      switch call.function {
      case .rowNumber: for i in range { builder.append(Int64(i - start + 1)) }
      case .rank: for i in range { builder.append(Int64(rows.peerStart[i] - start + 1)) }
      case .denseRank:
        var rank: Int64 = 0
        for i in range {
          if rows.peerStart[i] == i { rank += 1 }
          builder.append(rank)
        }
      case .percentRank:
        for i in range { builder.append(range.count == 1 ? 0.0 : Double(rows.peerStart[i] - start) / Double(range.count - 1)) }
      case .cumeDist: for i in range { builder.append(Double(rows.peerEnd[i] - start) / Double(range.count)) }
      case .ntile: try ntile(range, builder)
      case .lag: try shifted(range, builder, -1)
      case .lead: try shifted(range, builder, 1)
      case .firstValue, .lastValue, .nthValue: try positioned(range, builder)
      case .aggregate(let make): try aggregate(make, range, builder)
      }
    }
    return builder.finish()
  }

  private func ntile(_ range: Range<Int>, _ builder: VectorBuilder) throws {
    for i in range {
      if arguments[0].isNull(at: i) {
        builder.appendNull()
        continue
      }
      guard let buckets = arguments[0].constant(at: i).wideValue, buckets > 0 else {
        throw PrestoError(.invalidFunctionArgument, "Buckets must be greater than 0")
      }
      let n = Int(clamping: buckets), row = i - range.lowerBound
      let size = range.count / n, larger = range.count % n
      builder.append(Int64(row < larger * (size + 1) ? row / (size + 1) : larger + (row - larger * (size + 1)) / max(size, 1)) + 1)
    }
  }

  private func shifted(_ range: Range<Int>, _ builder: VectorBuilder, _ direction: Int) throws {
    let value = arguments[0]
    for i in range {
      var distance = 1
      if arguments.count > 1 {
        if arguments[1].isNull(at: i) {
          builder.appendNull()
          continue
        }
        guard let offset = arguments[1].constant(at: i).wideValue, offset >= 0 else {
          throw PrestoError(.invalidFunctionArgument, "Offset must be at least 0")
        }
        distance = Int(clamping: min(offset, Int128(Int32.max)))
      }
      var at = i
      if call.ignoresNulls && distance > 0 {
        var left = distance
        while left > 0 {
          at += direction
          if !range.contains(at) { break }
          if !value.isNull(at: at) { left -= 1 }
        }
      } else {
        at = i + direction * distance
      }
      if range.contains(at) {
        builder.append(value, row: at)
      } else if arguments.count > 2 {
        builder.append(arguments[2], row: i)
      } else {
        builder.appendNull()
      }
    }
  }

  private func positioned(_ range: Range<Int>, _ builder: VectorBuilder) throws {
    let value = arguments[0]
    for i in range {
      let candidates = try included(i, range)
      var position = 1
      var isFromEnd = false
      switch call.function {
      case .lastValue: isFromEnd = true
      case .nthValue:
        if arguments[1].isNull(at: i) {
          builder.appendNull()
          continue
        }
        guard let n = arguments[1].constant(at: i).wideValue, n > 0 else {
          throw PrestoError(.invalidFunctionArgument, "Offset must be at least 1")
        }
        position = Int(clamping: min(n, Int128(Int32.max)))
      default: break
      }
      var found: Int?
      if !call.ignoresNulls && candidates.count == 1 {
        let frame = candidates[0]
        let at = isFromEnd ? frame.upperBound - position : frame.lowerBound + position - 1
        found = frame.contains(at) ? at : nil
      } else {
        var left = position
        search: for frame in isFromEnd ? candidates.reversed() : candidates {
          for k in 0..<frame.count {
            let at = isFromEnd ? frame.upperBound - 1 - k : frame.lowerBound + k
            if call.ignoresNulls && value.isNull(at: at) { continue }
            left -= 1
            if left == 0 {
              found = at
              break search
            }
          }
        }
      }
      if let found { builder.append(value, row: found) } else { builder.appendNull() }
    }
  }

  /// The frame's rows without the excluded ones, as ascending ranges.
  private func included(_ i: Int, _ range: Range<Int>) throws -> [Range<Int>] {
    let frame = try frames.bounds(i, range)
    func without(_ hole: Range<Int>) -> [Range<Int>] {
      let cut = hole.clamped(to: frame)
      if cut.isEmpty { return frame.isEmpty ? [] : [frame] }
      return [frame.lowerBound..<cut.lowerBound, cut.upperBound..<frame.upperBound].filter { !$0.isEmpty }
    }
    switch call.frame.exclusion {
    case .none: return frame.isEmpty ? [] : [frame]
    case .currentRow: return without(i..<i + 1)
    case .group: return without(rows.peerStart[i]..<rows.peerEnd[i])
    case .ties:
      let pieces = without(rows.peerStart[i]..<rows.peerEnd[i])
      if !frame.contains(i) { return pieces }
      return (pieces + [i..<i + 1]).sorted { $0.lowerBound < $1.lowerBound }
    }
  }

  /// An aggregate over every row's frame. A frame that only grows at its end continues the same state; any other starts anew.
  private func aggregate(_ make: AggregateMaker, _ range: Range<Int>, _ builder: VectorBuilder) throws {
    var state = make()
    state.resize(to: 1)
    var covered = range.lowerBound..<range.lowerBound
    var last: Vector?
    for i in range {
      let frame = try included(i, range)
      let isGrowing =
        frame.count == 1 && !call.isDistinct && frame[0].lowerBound == covered.lowerBound && frame[0].upperBound >= covered.upperBound
      if isGrowing {
        if frame[0].upperBound > covered.upperBound || last == nil {
          try update(state, covered.upperBound..<frame[0].upperBound)
          covered = frame[0]
          last = nil
        }
      } else {
        state = make()
        state.resize(to: 1)
        if call.isDistinct { try updateDistinct(state, frame) } else { for piece in frame { try update(state, piece) } }
        covered = frame.count == 1 && !call.isDistinct ? frame[0] : -1 ..< -1
        last = nil
      }
      let value = try last ?? state.results(0..<1)
      last = value
      builder.append(value, row: 0)
    }
  }

  private func update(_ state: any AggregateState, _ piece: Range<Int>) throws {
    let (columns, count) = counted(piece)
    if count > 0 { try state.updateSingle(columns, count: count) }
  }

  /// The arguments of some rows, without those the call's filter leaves out.
  private func counted(_ piece: Range<Int>) -> (columns: [Vector], count: Int) {
    let columns = arguments.map { $0.slice(piece) }
    guard let filter = call.filter else { return (columns, piece.count) }
    let kept = kept(rows.batch.columns[filter].slice(piece))
    return (columns.map { $0.gathered(kept) }, kept.count)
  }

  private func kept(_ flags: Vector) -> Selection {
    let reader = flags.reader(as: UInt8.self)
    let buffer = Buffer(byteCount: flags.count * 4)
    let p = buffer.pointer(as: UInt32.self)
    var n = 0
    for i in 0..<flags.count {
      p[n] = UInt32(truncatingIfNeeded: i)
      n += (reader[i] != 0 && reader.isValid(i)).bit
    }
    return Selection(rows: buffer, count: n)
  }

  private func updateDistinct(_ state: any AggregateState, _ frame: [Range<Int>]) throws {
    let layout = KeyLayout(arguments.map(\.type), hasNulls: true)
    let table = GroupTable(layout)
    let encoder = KeyEncoder(layout)
    for piece in frame {
      let (columns, count) = counted(piece)
      encoder.encode(columns, count: count)
      let groups = Buffer(byteCount: count * 4)
      table.assign(encoder, columns, count: count, groups: groups.pointer(as: UInt32.self))
    }
    if table.count > 0 { try state.updateSingle(table.keys(0..<table.count), count: table.count) }
  }
}
