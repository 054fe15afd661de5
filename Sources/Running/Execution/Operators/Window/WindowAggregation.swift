import Expressions
import Values
import Vectors

/// An aggregate over every row's frame. Rows one after the other with the same frame share a result; how the frames' results come about depends on
/// how many rows they have together:
///
///     few rows (partitions, short frames)   the rows of all frames at once, each as a row of its frame's group
///     many (growing or long frames)         a tree of partial states, of which each frame merges a few (`PartialTree`)
///     states that are large, DISTINCT       frame by frame, a growing frame going on with the state of the one before
struct WindowAggregation {
  private let call: WindowCall
  private let make: AggregateMaker
  private let arguments: [Vector]
  private let batch: Batch
  /// By frame, not by row.
  private let pieces: [WindowFrames.Spans]
  private let count: Int
  /// Which frame each row has.
  private let frameOfRow: Buffer

  init(_ call: WindowCall, _ make: @escaping AggregateMaker, _ arguments: [Vector], _ batch: Batch, _ pieces: [WindowFrames.Spans]) {
    self.call = call
    self.make = make
    self.arguments = arguments
    self.batch = batch
    let n = batch.count
    frameOfRow = Buffer(byteCount: n * 4)
    let numbers = frameOfRow.pointer(as: UInt32.self)
    var frames = 0
    for i in 0..<n {
      let isNew = i == 0 || pieces.contains { $0.spans[frames - 1] != $0.spans[i] }
      if isNew {
        for piece in pieces { piece.spans[frames] = piece.spans[i] }
        frames += 1
      }
      numbers[i] = UInt32(truncatingIfNeeded: frames - 1)
    }
    count = frames
    self.pieces = pieces
  }

  func results() throws -> Vector {
    let results = try frameResults()
    return count == batch.count ? results : results.gathered(UnsafePointer(frameOfRow.pointer(as: UInt32.self)), count: batch.count)
  }

  private func frameResults() throws -> Vector {
    if call.isDistinct { return try oneByOne() }
    var total = 0
    for piece in pieces { for frame in 0..<count { total += piece[frame].count } }
    if total <= 6 * batch.count { return try together() }
    // what a part of a frame that no row has makes of its rows is nobody's error
    if let tree = try? PartialTree(make, arguments, counted(0..<batch.count), count: batch.count) { return try tree.results(pieces, count) }
    return try oneByOne()
  }

  /// Rows that the call's filter lets count; nil: all.
  private func counted(_ range: Range<Int>) -> Selection? {
    guard let filter = call.filter else { return nil }
    let flags = batch.columns[filter].reader(as: UInt8.self)
    let buffer = Buffer(byteCount: range.count * 4)
    let rows = buffer.pointer(as: UInt32.self)
    var n = 0
    for i in range {
      rows[n] = UInt32(truncatingIfNeeded: i)
      n += (flags[i] != 0 && flags.isValid(i)).bit
    }
    return Selection(rows: buffer, count: n)
  }

  private func together() throws -> Vector {
    let state = make()
    state.resize(to: count)
    let flags = call.filter.map { batch.columns[$0].reader(as: UInt8.self) }
    let capacity = 1 << 16
    let rowBuffer = Buffer(byteCount: capacity * 4), groupBuffer = Buffer(byteCount: capacity * 4)
    let rows = rowBuffer.pointer(as: UInt32.self), groups = groupBuffer.pointer(as: UInt32.self)
    var n = 0, isInPlace = true
    func flush() throws {
      if n == 0 { return }
      let chosen = isInPlace && n == batch.count ? arguments : arguments.map { $0.gathered(UnsafePointer(rows), count: n) }
      try state.update(chosen, groups: UnsafePointer(groups), count: n)
      (n, isInPlace) = (0, false)
    }
    for frame in 0..<count {
      for piece in pieces {
        for row in piece[frame] {
          if let flags, flags[row] == 0 || !flags.isValid(row) { continue }
          isInPlace = isInPlace && row == n
          rows[n] = UInt32(truncatingIfNeeded: row)
          groups[n] = UInt32(truncatingIfNeeded: frame)
          n += 1
          if n == capacity { try flush() }
        }
      }
    }
    try flush()
    return try state.results(0..<count)
  }

  /// A frame that only grows at its end continues the same state; any other starts anew.
  private func oneByOne() throws -> Vector {
    let builder = VectorBuilder(call.type, capacity: count)
    var state = make()
    state.resize(to: 1)
    var covered = 0..<0
    for index in 0..<count {
      let frame = pieces.map { $0[index] }.filter { !$0.isEmpty }
      if frame.count == 1, !call.isDistinct, frame[0].lowerBound == covered.lowerBound, frame[0].upperBound >= covered.upperBound,
        !covered.isEmpty
      {
        try update(state, covered.upperBound..<frame[0].upperBound)
        covered = frame[0]
      } else {
        state = make()
        state.resize(to: 1)
        if call.isDistinct { try updateDistinct(state, frame) } else { for piece in frame { try update(state, piece) } }
        covered = frame.count == 1 && !call.isDistinct ? frame[0] : 0..<0
      }
      builder.append(try state.results(0..<1), row: 0)
    }
    return builder.finish()
  }

  private func update(_ state: any AggregateState, _ piece: Range<Int>) throws {
    let (columns, n) = columns(piece)
    if n > 0 { try state.updateSingle(columns, count: n) }
  }

  private func columns(_ piece: Range<Int>) -> ([Vector], Int) {
    guard let rows = counted(piece) else { return (arguments.map { $0.slice(piece) }, piece.count) }
    return (arguments.map { $0.gathered(rows) }, rows.count)
  }

  private func updateDistinct(_ state: any AggregateState, _ frame: [Range<Int>]) throws {
    let layout = KeyLayout(arguments.map(\.type), hasNulls: true)
    let table = GroupTable(layout)
    let encoder = KeyEncoder(layout)
    for piece in frame {
      let (columns, n) = columns(piece)
      encoder.encode(columns, count: n)
      let groups = Buffer(byteCount: n * 4)
      table.assign(encoder, columns, count: n, groups: groups.pointer(as: UInt32.self))
    }
    if table.count > 0 { try state.updateSingle(table.keys(0..<table.count), count: table.count) }
  }
}
