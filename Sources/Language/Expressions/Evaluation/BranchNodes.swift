import Values
import Vectors

/// IF: each branch is evaluated for its own rows.
final class IfNode: EvaluationNode {
  private let condition: EvaluationNode
  private let then: EvaluationNode
  private let otherwise: EvaluationNode

  init(_ condition: EvaluationNode, then: EvaluationNode, else otherwise: EvaluationNode) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
    super.init(then.type, isInfallible: condition.isInfallible && then.isInfallible && otherwise.isInfallible)
  }

  override func compute(_ frame: Frame) throws -> Vector {
    let truth = TruthWords(try condition.evaluate(frame))
    let bits = truth.isTrue.pointer(as: UInt64.self)
    let trueCount = truth.trueCount
    if trueCount == frame.count { return try then.evaluate(frame) }
    if trueCount == 0 { return try otherwise.evaluate(frame) }
    if then.isInfallible && otherwise.isInfallible && type.layout.width > 0 {
      let a = try then.evaluate(frame), b = try otherwise.evaluate(frame)
      return withExtendedLifetime(truth) { Vector.chosen(UnsafePointer(bits), a, b, count: frame.count, type: type) }
    }
    let words = Bitmap.wordCount(frame.count)
    let others = Buffer(byteCount: words * 8)
    let o = others.pointer(as: UInt64.self)
    for w in 0..<words { o[w] = ~bits[w] }
    let chosen = Selection(of: UnsafePointer(bits), count: frame.count)
    let rest = Selection(of: UnsafePointer(o), count: frame.count)
    withExtendedLifetime((truth, others)) {}
    let a = try then.evaluate(frame.narrowed(to: chosen)), b = try otherwise.evaluate(frame.narrowed(to: rest))
    return Vector.blended(a, at: chosen, b, at: rest, count: frame.count, type: type)
  }
}

/// COALESCE: each argument is evaluated for rows where all before it were null.
final class CoalesceNode: EvaluationNode {
  private let arguments: [EvaluationNode]

  init(_ arguments: [EvaluationNode], _ type: DataType) {
    self.arguments = arguments
    super.init(type, isInfallible: arguments.allSatisfy(\.isInfallible))
  }

  override func compute(_ frame: Frame) throws -> Vector { try value(from: 0, frame) }

  private func value(from index: Int, _ frame: Frame) throws -> Vector {
    let vector = try arguments[index].evaluate(frame)
    if index == arguments.count - 1 || !vector.mayHaveNulls { return vector }
    let nulls = NullTest.nullRows(vector)
    if nulls.count == 0 { return vector }
    if nulls.count == frame.count { return try value(from: index + 1, frame) }
    let known = NullTest.validRows(vector)
    let rest = try value(from: index + 1, frame.narrowed(to: nulls))
    return Vector.blended(vector.gathered(known), at: known, rest, at: nulls, count: frame.count, type: type)
  }
}

/// IS NULL and the rows it holds for.
enum NullTest {
  /// One bit a row: valid. nil: no row is null.
  static func validity(_ vector: Vector) -> Bitmap? {
    guard vector.mayHaveNulls else { return nil }
    switch vector.encoding {
    case .flat, .list, .map, .row: return vector.validity
    case .constant(let value): return value.isNull(at: 0) ? Bitmap(repeating: false, count: vector.count) : nil
    case .dictionary(let indices, let values):
      guard let inner = validity(values) else { return nil }
      let words = Buffer(zeroed: Bitmap.wordCount(vector.count) * 8)
      let bits = words.pointer(as: UInt64.self), p = indices.pointer(as: UInt32.self), q = inner.pointer
      for i in 0..<vector.count {
        let entry = Int(p[i])
        bits[i >> 6] |= ((q[entry >> 6] >> UInt64(entry & 63)) & 1) << UInt64(i & 63)
      }
      return withExtendedLifetime(inner) { Bitmap(words: words, count: vector.count) }
    }
  }

  static func validRows(_ vector: Vector) -> Selection {
    guard let bits = validity(vector) else { return .all(vector.count) }
    return withExtendedLifetime(bits) { Selection(of: UnsafePointer(bits.pointer), count: vector.count) }
  }

  static func nullRows(_ vector: Vector) -> Selection {
    guard let bits = validity(vector) else { return .none }
    let words = Bitmap.wordCount(vector.count)
    let inverse = Buffer(byteCount: words * 8)
    let p = inverse.pointer(as: UInt64.self), q = bits.pointer
    for w in 0..<words { p[w] = ~q[w] }
    return withExtendedLifetime((bits, inverse)) { Selection(of: UnsafePointer(p), count: vector.count) }
  }

  /// A boolean that is never null.
  static func isNull(_ vector: Vector) -> Vector {
    guard let bits = validity(vector) else { return Vector.constant(.boolean(false), .boolean, count: vector.count) }
    if vector.constantValue != nil { return Vector.constant(.boolean(true), .boolean, count: vector.count) }
    let values = Buffer(byteCount: vector.count)
    let out = values.pointer(as: UInt8.self), q = bits.pointer
    for w in 0..<Bitmap.wordCount(vector.count) {
      let word = ~q[w], base = w * 64
      for j in 0..<min(64, vector.count - base) { out[base + j] = UInt8(truncatingIfNeeded: word &>> UInt64(j)) & 1 }
    }
    return withExtendedLifetime(bits) { .flat(.boolean, count: vector.count, values: values) }
  }
}
