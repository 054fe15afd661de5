import Values
import Vectors

/// A comparison, an IN list or a LIKE: a boolean function that can also answer as a bitmap, without making a vector of booleans, and narrow a
/// selection without gathering its column.
final class PredicateNode: CallNode {
  /// One bit a row, set where the predicate is true. nil: it has no such form for these vectors.
  typealias BitsKernel = ([Vector], _ rows: Int) throws -> Buffer?
  /// The rows of a selection where the predicate is true of a flat column.
  typealias RefineKernel = ([Vector], Selection) -> Selection?

  private let bitsKernel: BitsKernel
  private let refineKernel: RefineKernel?
  /// Worth testing on every row rather than only on the survivors of other conjuncts.
  let isCheap: Bool

  init(
    _ arguments: [EvaluationNode], isInfallible: Bool, isCheap: Bool, context: EvaluationContext, vector: @escaping ScalarKernel,
    bits: @escaping BitsKernel, refine: RefineKernel? = nil
  ) {
    bitsKernel = bits
    refineKernel = refine
    self.isCheap = isCheap
    super.init(.boolean, arguments, isDeterministic: true, isInfallible: isInfallible, context: context, vector)
  }

  /// The rows of the frame where the predicate is true, as a bitmap.
  func bits(_ frame: Frame) throws -> Buffer {
    if slot == nil {
      let values = try arguments.map { try $0.evaluate(frame) }
      let isDense = values.allSatisfy { if case .dictionary = $0.encoding { false } else { true } }
      if isDense, !values.allSatisfy({ $0.constantValue != nil }), let bits = try bitsKernel(values, frame.count) { return bits }
    }
    return TruthWords(try evaluate(frame)).isTrue
  }

  override func select(_ frame: Frame) throws -> Selection {
    guard slot == nil else { return try super.select(frame) }
    if let rows = frame.rowsOfRoot, let operands = rootOperands(frame) {
      let root = frame.root
      if rows.count > root.count / 4 && isCheap && isInfallible {
        return PredicateNode.filtered(rows, try bits(root))
      }
      if let refineKernel, let refined = refineKernel(operands, rows) { return refined }
    }
    let values = try arguments.map { try $0.evaluate(frame) }
    let hasDictionary = values.contains { if case .dictionary = $0.encoding { true } else { false } }
    if hasDictionary || values.allSatisfy({ $0.constantValue != nil }) { return try super.select(frame) }
    guard let bits = try bitsKernel(values, frame.count) else { return try super.select(frame) }
    let rows = withExtendedLifetime(bits) { Selection(of: UnsafePointer(bits.pointer(as: UInt64.self)), count: frame.count) }
    return frame.rowsOfRoot?.composed(rows) ?? rows
  }

  /// A flat column of the root and literals beside it: what can be tested where it lies.
  private func rootOperands(_ frame: Frame) -> [Vector]? {
    var values: [Vector] = []
    for argument in arguments {
      if let column = argument as? ColumnNode {
        let vector = frame.root.column(column.index)
        guard case .flat = vector.encoding else { return nil }
        values.append(vector)
      } else if let constant = argument as? ConstantNode {
        values.append(.constant(constant.value, count: frame.root.count))
      } else {
        return nil
      }
    }
    return values.first.map { $0.constantValue == nil } ?? false ? values : nil
  }

  /// The rows whose bit is set.
  static func filtered(_ rows: Selection, _ bits: Buffer) -> Selection {
    let out = Buffer(byteCount: rows.count * 4)
    let from = rows.pointer, to = out.pointer(as: UInt32.self), words = bits.pointer(as: UInt64.self)
    var c = 0
    for j in 0..<rows.count {
      let row = from[j]
      to[c] = row
      c &+= Int(truncatingIfNeeded: words[Int(row >> 6)] &>> UInt64(row & 63)) & 1
    }
    return withExtendedLifetime(bits) { Selection(rows: out, count: c) }
  }
}
