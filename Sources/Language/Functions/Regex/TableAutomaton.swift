import Values
import Vectors

/// Whether a pattern occurs in texts of ASCII, by a table of what follows which state at which character. Several texts go side by side, since a step
/// waits for the one before it. Immutable.
///
///     table[state · width + class of the byte] = the next state · width
///
/// The first two states are final: `found`, and `unknown` at a byte past ASCII, where PCRE2 has to say.
final class TableAutomaton: @unchecked Sendable {
  private let table: UnsafeMutablePointer<UInt16>
  private let classes: UnsafeMutablePointer<UInt8>
  private let width: Int

  /// Characters of a pattern with its repetitions written out, states, and texts side by side.
  static let mostPositions = 256, mostStates = 512, lanes = 4
  private static let found = 0, unknown = 1, start = 2

  /// nil: the pattern asks for more than characters in a row (places, back-references), matches everywhere, or needs too large a table.
  init?(_ pattern: [UInt8]) {
    guard let syntax = try? LinearSyntax(pattern), let positions = RegexPositions(syntax.tree), !positions.canBeEmpty else { return nil }
    // bytes that all positions treat alike are one class; the last class is all that is not ASCII
    var classOf = [UInt8](repeating: 0, count: 256), masks: [RegexPositions.Set] = []
    for byte in 0..<128 {
      let mask = positions.matching[byte]
      let known = masks.firstIndex(of: mask)
      if known == nil { masks.append(mask) }
      classOf[byte] = UInt8(truncatingIfNeeded: known ?? masks.count - 1)
    }
    for byte in 128..<256 { classOf[byte] = UInt8(truncatingIfNeeded: masks.count) }
    let width = masks.count + 1
    var states: [RegexPositions.Set: Int] = [.zero: TableAutomaton.start], pending: [RegexPositions.Set] = [.zero]
    var rows = [[Int]](repeating: Array(repeating: TableAutomaton.found, count: width), count: 1)
    rows.append(Array(repeating: TableAutomaton.unknown, count: width))
    var next = 0
    while next < pending.count {
      let reachable = positions.following(pending[next]) | positions.first
      next += 1
      var row: [Int] = []
      for mask in masks {
        let target = reachable & mask
        if target & positions.last != .zero {
          row.append(TableAutomaton.found)
        } else if let known = states[target] {
          row.append(known)
        } else {
          let fresh = TableAutomaton.start + pending.count
          guard fresh < TableAutomaton.mostStates, (fresh + 1) * width <= Int(UInt16.max) else { return nil }
          states[target] = fresh
          pending.append(target)
          row.append(fresh)
        }
      }
      rows.append(row + [TableAutomaton.unknown])
    }
    self.width = width
    classes = .allocate(capacity: 256)
    classes.initialize(from: classOf, count: 256)
    table = .allocate(capacity: rows.count * width)
    for (i, state) in rows.joined().enumerated() { (table + i).initialize(to: UInt16(truncatingIfNeeded: state * width)) }
  }

  deinit {
    table.deallocate()
    classes.deallocate()
  }

  /// One text under way.
  private struct Lane {
    var next: UnsafePointer<UInt8>, left: Int, state: Int, row: Int
  }

  /// Calls `result` with each row and whether the pattern occurs in its text (nil: unknown), in no order.
  /// - Parameter text: of a row; nil where it has none, which is left out.
  func occurrences(_ rows: Int, text: (Int) -> Bytes?, result: (Int, Bool?) throws -> Void) rethrows {
    let count = TableAutomaton.lanes
    // short texts lie in the views themselves
    try withUnsafeTemporaryAllocation(of: Bytes.self, capacity: count) { views in
      try withUnsafeTemporaryAllocation(of: Lane.self, capacity: count) { lanes in
        guard let views = views.baseAddress, let lanes = lanes.baseAddress else { return }
        views.initialize(repeating: .empty, count: count)
        var row = 0
        func load(_ i: Int) -> Bool {
          while row < rows {
            defer { row &+= 1 }
            guard let view = text(row) else { continue }
            views[i] = view
            (lanes + i).initialize(
              to: Lane(next: Bytes.address(of: views + i), left: view.count, state: TableAutomaton.start &* width, row: row))
            return true
          }
          return false
        }
        var active = 0
        while active < count && load(active) { active &+= 1 }
        while active == count {
          step(lanes)
          var i = 0
          while i < active {
            if lanes[i].left == 0 || lanes[i].state < TableAutomaton.start &* width {
              try result(lanes[i].row, answer(lanes[i]))
              if !load(i) {
                // the last lane takes this one's place
                active &-= 1
                if i != active {
                  views[i] = views[active]
                  lanes[i] = lanes[active]
                  if views[i].isInline { lanes[i].next = Bytes.address(of: views + i) + (views[i].count &- lanes[i].left) }
                }
                continue
              }
              if lanes[i].left == 0 { continue }
            }
            i &+= 1
          }
        }
        for i in 0..<active {
          finish(lanes + i)
          try result(lanes[i].row, answer(lanes[i]))
        }
      }
    }
  }

  private func answer(_ lane: Lane) -> Bool? {
    lane.state == TableAutomaton.unknown &* width ? nil : lane.state == TableAutomaton.found &* width
  }

  /// All lanes as far as the shortest goes, and not so far that the others' ends come late.
  @inline(__always)
  private func step(_ lanes: UnsafeMutablePointer<Lane>) {
    let table = table, classes = classes
    let (p0, p1, p2, p3) = (lanes[0].next, lanes[1].next, lanes[2].next, lanes[3].next)
    var (s0, s1, s2, s3) = (lanes[0].state, lanes[1].state, lanes[2].state, lanes[3].state)
    let n = min(min(lanes[0].left, lanes[1].left), min(lanes[2].left, lanes[3].left), 256)
    for i in 0..<n {
      s0 = Int(table[s0 &+ Int(classes[Int(p0[i])])])
      s1 = Int(table[s1 &+ Int(classes[Int(p1[i])])])
      s2 = Int(table[s2 &+ Int(classes[Int(p2[i])])])
      s3 = Int(table[s3 &+ Int(classes[Int(p3[i])])])
    }
    lanes[0].state = s0
    lanes[1].state = s1
    lanes[2].state = s2
    lanes[3].state = s3
    for i in 0..<TableAutomaton.lanes {
      lanes[i].next += n
      lanes[i].left &-= n
    }
  }

  private func finish(_ lane: UnsafeMutablePointer<Lane>) {
    var state = lane.pointee.state
    let p = lane.pointee.next
    for i in 0..<lane.pointee.left {
      state = Int(table[state &+ Int(classes[Int(p[i])])])
      if state < TableAutomaton.start &* width { break }
    }
    lane.pointee.state = state
  }
}
