import Expressions
import Vectors

/// Partial states of an aggregate over rows, over pairs of rows, over pairs of pairs …: any range of rows is a few of them, in order.
///
///     level 2  [   0–3   ]           rows 1 to 6 = 1 │ 2–3 │ 4–5 │ 6
///     level 1  [0–1][2–3][4–5][6–7]
///     level 0  [0][1][2][3][4][5][6][7]
///
/// The segment tree of Leis and others, "Efficient Processing of Window Functions in Analytical SQL Queries" (2015).
struct PartialTree {
  private let make: AggregateMaker
  private let levels: [Vector]

  /// Bytes a state that are worth a tree: sketches and lists are not.
  private static let largestState = 64
  /// A sum's state a row, as many again above them, and the views of both.
  static let bytesPerRow = 2 * (24 + 16)

  /// nil where the states are too large. `counted`: the rows that count; nil: all of them.
  init?(_ make: @escaping AggregateMaker, _ arguments: [Vector], _ counted: Selection?, count: Int) throws {
    self.make = make
    let rows = make()
    rows.resize(to: 1024)
    if rows.byteCount > 1024 * Self.largestState { return nil }
    rows.resize(to: count)
    if let counted {
      try rows.update(arguments.map { $0.gathered(counted) }, groups: UnsafePointer(counted.pointer), count: counted.count)
    } else {
      let numbers = Buffer(byteCount: count * 4)
      for i in 0..<count { numbers.pointer(as: UInt32.self)[i] = UInt32(truncatingIfNeeded: i) }
      try rows.update(arguments, groups: UnsafePointer(numbers.pointer(as: UInt32.self)), count: count)
    }
    if rows.byteCount > max(1024, count) * Self.largestState { return nil }
    var levels = [try rows.partials(0..<count)], n = count
    while n > 1 {
      let pairs = n / 2, level = make()
      level.resize(to: pairs)
      let parents = Buffer(byteCount: pairs * 8)
      for i in 0..<2 * pairs { parents.pointer(as: UInt32.self)[i] = UInt32(truncatingIfNeeded: i / 2) }
      let children = levels[levels.count - 1]
      try level.mergePartials(
        2 * pairs == n ? children : children.slice(0..<2 * pairs), groups: UnsafePointer(parents.pointer(as: UInt32.self)), count: 2 * pairs
      )
      levels.append(try level.partials(0..<pairs))
      n = pairs
    }
    self.levels = levels
  }

  /// The results of frames 0 ..< `count`, each made of its pieces.
  func results(_ pieces: [WindowFrames.Spans], _ count: Int) throws -> Vector {
    var parts: [Vector] = []
    for start in stride(from: 0, to: count, by: 1 << 16) { parts.append(try results(pieces, start..<min(start + 1 << 16, count))) }
    return parts.count == 1 ? parts[0] : Vector.concatenated(parts, type: parts[0].type)
  }

  private func results(_ pieces: [WindowFrames.Spans], _ frames: Range<Int>) throws -> Vector {
    let state = make()
    state.resize(to: frames.count)
    for piece in pieces { try merge(piece, frames, into: state) }
    return try state.results(0..<frames.count)
  }

  /// Upwards the parts before the highest of a range, downwards those behind it.
  private func merge(_ piece: WindowFrames.Spans, _ frames: Range<Int>, into state: any AggregateState) throws {
    var open: [(frame: UInt32, start: UInt32, end: UInt32)] = []
    for frame in frames where !piece[frame].isEmpty {
      open.append((UInt32(truncatingIfNeeded: frame - frames.lowerBound), piece.spans[frame][0], piece.spans[frame][1]))
    }
    var behind: [Parts] = []
    for level in levels {
      if open.isEmpty { break }
      let before = Parts(capacity: open.count), after = Parts(capacity: open.count)
      var left = 0
      for index in open.indices {
        var (frame, start, end) = open[index]
        if start & 1 != 0 {
          before.add(start, frame)
          start += 1
        }
        if start < end, end & 1 != 0 {
          end -= 1
          after.add(end, frame)
        }
        if start < end {
          open[left] = (frame, start / 2, end / 2)
          left += 1
        }
      }
      open.removeLast(open.count - left)
      try before.merge(level, into: state)
      behind.append(after)
    }
    for (after, level) in zip(behind, levels).reversed() { try after.merge(level, into: state) }
  }

  /// Nodes of one level and the frames they are part of.
  private final class Parts {
    private let nodes: Buffer
    private let frames: Buffer
    private var count = 0

    init(capacity: Int) {
      nodes = Buffer(byteCount: capacity * 4)
      frames = Buffer(byteCount: capacity * 4)
    }

    @inline(__always)
    func add(_ node: UInt32, _ frame: UInt32) {
      nodes.pointer(as: UInt32.self)[count] = node
      frames.pointer(as: UInt32.self)[count] = frame
      count += 1
    }

    func merge(_ level: Vector, into state: any AggregateState) throws {
      if count == 0 { return }
      let chosen = level.gathered(UnsafePointer(nodes.pointer(as: UInt32.self)), count: count)
      try state.mergePartials(chosen, groups: UnsafePointer(frames.pointer(as: UInt32.self)), count: count)
    }
  }
}
