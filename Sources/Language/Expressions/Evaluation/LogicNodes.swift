import Values
import Vectors

/// AND and OR with SQL's three values. Later operands are evaluated only for rows the earlier ones have not settled.
final class LogicNode: EvaluationNode {
  private let operands: [EvaluationNode]
  private let isAnd: Bool

  init(_ operands: [EvaluationNode], isAnd: Bool) {
    self.operands = operands
    self.isAnd = isAnd
    super.init(.boolean, isInfallible: operands.allSatisfy(\.isInfallible))
  }

  override func compute(_ frame: Frame) throws -> Vector {
    let count = frame.count, words = Bitmap.wordCount(count)
    // bits of rows not false (AND) or not true (OR) so far, and of rows that every operand so far left true (false)
    let open = Buffer(byteCount: words * 8), kept = Buffer(byteCount: words * 8)
    let alive = open.pointer(as: UInt64.self), pure = kept.pointer(as: UInt64.self)
    for w in 0..<words {
      let n = min(64, count - w * 64)
      alive[w] = n == 64 ? ~0 : (1 << UInt64(n)) - 1
      pure[w] = alive[w]
    }
    var left = count
    for operand in operands {
      if left == 0 { break }
      if left == count || (operand.isInfallible && left > count / 4) {
        let truth = TruthWords(try operand.evaluate(frame))
        let settled = (isAnd ? truth.isFalse : truth.isTrue).pointer(as: UInt64.self)
        let neutral = (isAnd ? truth.isTrue : truth.isFalse).pointer(as: UInt64.self)
        for w in 0..<words {
          alive[w] &= ~settled[w]
          pure[w] &= neutral[w]
        }
        withExtendedLifetime(truth) {}
      } else {
        let rows = Selection(of: UnsafePointer(alive), count: count)
        let truth = TruthWords(try operand.evaluate(frame.narrowed(to: rows)))
        let settled = (isAnd ? truth.isFalse : truth.isTrue).pointer(as: UInt64.self)
        let neutral = (isAnd ? truth.isTrue : truth.isFalse).pointer(as: UInt64.self)
        let p = rows.pointer
        for i in 0..<rows.count {
          let row = Int(p[i])
          let isSettled = settled[i >> 6] >> UInt64(i & 63) & 1, isNeutral = neutral[i >> 6] >> UInt64(i & 63) & 1
          alive[row >> 6] &= ~(isSettled << UInt64(row & 63))
          pure[row >> 6] &= ~((isNeutral ^ 1) << UInt64(row & 63))
        }
        withExtendedLifetime((truth, rows)) {}
      }
      left = 0
      for w in 0..<words { left += alive[w].nonzeroBitCount }
    }
    // settled rows are what is no longer alive
    let settled = Buffer(byteCount: words * 8)
    let s = settled.pointer(as: UInt64.self)
    for w in 0..<words {
      let n = min(64, count - w * 64)
      s[w] = ~alive[w] & (n == 64 ? ~0 : (1 << UInt64(n)) - 1)
      pure[w] &= alive[w]
    }
    withExtendedLifetime(open) {}
    return TruthWords(isTrue: isAnd ? kept : settled, isFalse: isAnd ? settled : kept, count: count).vector()
  }

  override func select(_ frame: Frame) throws -> Selection {
    if slot.flatMap({ frame.remembered($0) }) != nil { return try super.select(frame) }
    if isAnd {
      var rest = operands[...]
      var current = frame
      // cheap tests of whole columns meet as bitmaps while most rows are left
      if frame.rowsOfRoot == nil, let mask = try leadingBits(&rest, frame) {
        let rows = withExtendedLifetime(mask) { Selection(of: UnsafePointer(mask.pointer(as: UInt64.self)), count: frame.count) }
        if rest.isEmpty { return rows }
        if rows.count != frame.count { current = frame.narrowed(toRootRows: rows) }
      }
      var rows = current.rowsOfRoot ?? .all(frame.count)
      for operand in rest {
        if current.count == 0 { return .none }
        rows = try operand.select(current)
        if rows.count != current.count { current = frame.narrowed(toRootRows: rows) }
      }
      return rows
    }
    // the rows each operand adds, in order again at the end
    var current = frame
    var found: [Selection] = []
    for operand in operands {
      if current.count == 0 { break }
      let rows = try operand.select(current)
      if rows.count == 0 { continue }
      found.append(rows)
      if rows.count == current.count { return merged(found, frame) }
      current = frame.narrowed(toRootRows: LogicNode.without(rows, current))
    }
    return merged(found, frame)
  }

  /// The conjunction of the first operands, as far as they are cheap predicates; nil where the first is not. `rest` loses them.
  private func leadingBits(_ rest: inout ArraySlice<EvaluationNode>, _ frame: Frame) throws -> Buffer? {
    var mask: Buffer?
    let words = Bitmap.wordCount(frame.count)
    while let predicate = rest.first as? PredicateNode, predicate.isCheap, predicate.isInfallible {
      let bits = try predicate.bits(frame)
      rest = rest.dropFirst()
      guard let known = mask else {
        // shared with a remembered vector perhaps: never written to
        mask = bits
        continue
      }
      let both = Buffer(byteCount: words * 8)
      let a = known.pointer(as: UInt64.self), b = bits.pointer(as: UInt64.self), c = both.pointer(as: UInt64.self)
      var left = 0
      for w in 0..<words {
        c[w] = a[w] & b[w]
        left += c[w].nonzeroBitCount
      }
      withExtendedLifetime((known, bits)) {}
      mask = both
      if left < frame.count / 8 { break }
    }
    return mask
  }

  /// The frame's rows (of root) that are not in `rows`. Both ascend.
  private static func without(_ rows: Selection, _ frame: Frame) -> Selection {
    let out = Buffer(byteCount: (frame.count - rows.count) * 4 + 4)
    let o = out.pointer(as: UInt32.self), taken = rows.pointer
    var k = 0, n = 0
    let all = frame.rowsOfRoot
    for i in 0..<frame.count {
      let row = all?.pointer[i] ?? UInt32(truncatingIfNeeded: i)
      if k < rows.count && taken[k] == row {
        k += 1
      } else {
        o[n] = row
        n += 1
      }
    }
    return Selection(rows: out, count: n)
  }

  private func merged(_ parts: [Selection], _ frame: Frame) -> Selection {
    if parts.isEmpty { return .none }
    if parts.count == 1 { return parts[0] }
    let size = frame.root.count
    let words = Buffer(zeroed: Bitmap.wordCount(size) * 8)
    let bits = words.pointer(as: UInt64.self)
    for part in parts {
      let p = part.pointer
      for i in 0..<part.count { bits[Int(p[i]) >> 6] |= 1 << UInt64(p[i] & 63) }
    }
    return withExtendedLifetime((parts, words)) { Selection(of: UnsafePointer(bits), count: size) }
  }
}
