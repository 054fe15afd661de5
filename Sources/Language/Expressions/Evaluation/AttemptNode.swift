import Values
import Vectors

/// TRY: null where evaluation throws an error that TRY catches. The whole frame is tried at once; only where that fails are its halves tried,
/// down to the rows that fail.
final class AttemptNode: EvaluationNode {
  private let inner: EvaluationNode

  init(_ inner: EvaluationNode) {
    self.inner = inner
    super.init(inner.type, isInfallible: false)
  }

  override func compute(_ frame: Frame) throws -> Vector {
    do { return try inner.evaluate(frame) } catch let error as PrestoError where error.code.isCaughtByTry {
      if frame.count <= 1 { return Vector.nulls(type, count: frame.count) }
      let middle = frame.count / 2
      let first = try compute(frame.narrowed(to: AttemptNode.rows(0..<middle)))
      let second = try compute(frame.narrowed(to: AttemptNode.rows(middle..<frame.count)))
      return Vector.concatenated([first, second], type: type)
    }
  }

  private static func rows(_ range: Range<Int>) -> Selection {
    let buffer = Buffer(byteCount: range.count * 4)
    let p = buffer.pointer(as: UInt32.self)
    for i in 0..<range.count { p[i] = UInt32(truncatingIfNeeded: range.lowerBound + i) }
    return Selection(rows: buffer, count: range.count)
  }
}
