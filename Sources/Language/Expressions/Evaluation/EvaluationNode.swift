import Values
import Vectors

/// One prepared expression. Nodes are called once per frame, so dynamic dispatch costs nothing; what runs per row is the kernels they hold.
class EvaluationNode {
  let type: DataType
  /// Where the value of a subexpression that occurs more than once is remembered; nil for others.
  var slot: Int?
  /// No row can make it throw: it may be evaluated for rows whose value nobody needs.
  let isInfallible: Bool

  init(_ type: DataType, isInfallible: Bool) {
    self.type = type
    self.isInfallible = isInfallible
  }

  /// The expression's values: as many as the frame has rows.
  final func evaluate(_ frame: Frame) throws -> Vector {
    guard let slot else { return try compute(frame) }
    if let known = frame.remembered(slot) { return known }
    let vector = try compute(frame)
    frame.remember(vector, slot)
    return vector
  }

  func compute(_ frame: Frame) throws -> Vector { preconditionFailure("abstract") }

  /// Rows of the frame's root, among the frame's own, where a boolean expression is true.
  func select(_ frame: Frame) throws -> Selection {
    let vector = try evaluate(frame)
    if let value = vector.constantValue {
      let holds = !value.isNull(at: 0) && value.reader(as: UInt8.self).base[0] != 0
      return holds ? frame.rowsOfRoot ?? .all(frame.count) : .none
    }
    if case .dictionary(let indices, let entries) = vector.encoding {
      let rows = EvaluationNode.rows(indices, TruthWords(entries).isTrue, vector.count)
      return frame.rowsOfRoot?.composed(rows) ?? rows
    }
    let truth = TruthWords(vector)
    let rows = withExtendedLifetime(truth.isTrue) {
      Selection(of: UnsafePointer(truth.isTrue.pointer(as: UInt64.self)), count: truth.count)
    }
    return frame.rowsOfRoot?.composed(rows) ?? rows
  }

  /// The rows whose dictionary entry is true.
  private static func rows(_ indices: Buffer, _ isTrue: Buffer, _ count: Int) -> Selection {
    let out = Buffer(byteCount: count * 4)
    let from = indices.pointer(as: UInt32.self), to = out.pointer(as: UInt32.self), words = isTrue.pointer(as: UInt64.self)
    var c = 0
    for i in 0..<count {
      to[c] = UInt32(truncatingIfNeeded: i)
      c &+= Int(truncatingIfNeeded: words[Int(from[i] >> 6)] &>> UInt64(from[i] & 63)) & 1
    }
    return withExtendedLifetime((indices, isTrue)) { Selection(rows: out, count: c) }
  }
}

final class ColumnNode: EvaluationNode {
  let index: Int

  init(_ index: Int, _ type: DataType) {
    self.index = index
    super.init(type, isInfallible: true)
  }

  override func compute(_ frame: Frame) throws -> Vector { frame.column(index) }
}

final class ConstantNode: EvaluationNode {
  let value: Vector

  init(_ constant: Constant, _ type: DataType) {
    value = Vector.constant(constant, type, count: 1)
    super.init(type, isInfallible: true)
  }

  override func compute(_ frame: Frame) throws -> Vector { .constant(value, count: frame.count) }
}

final class ParameterNode: EvaluationNode {
  let parameter: LambdaParameter

  init(_ parameter: LambdaParameter) {
    self.parameter = parameter
    super.init(parameter.type, isInfallible: true)
  }

  override func compute(_ frame: Frame) throws -> Vector {
    guard let vector = frame.parameter(parameter.id) else {
      throw PrestoError(.genericInternalError, "lambda parameter '\(parameter.name)' is used outside its lambda")
    }
    return vector
  }
}

/// A lambda as an argument: not a value of its own. Its call makes a closure of it.
final class LambdaNode: EvaluationNode {
  let parameters: [LambdaParameter]
  let body: EvaluationNode
  /// Whether the body refers to columns or to parameters of lambdas around it.
  let capturesOutside: Bool

  init(_ parameters: [LambdaParameter], _ body: EvaluationNode, capturesOutside: Bool) {
    self.parameters = parameters
    self.body = body
    self.capturesOutside = capturesOutside
    super.init(.function(parameters.map(\.type), body.type), isInfallible: true)
  }

  override func compute(_ frame: Frame) throws -> Vector {
    throw PrestoError(.genericInternalError, "a lambda has no value outside a function call")
  }

  /// The body over elements of the frame's rows.
  func closure(in frame: Frame) -> EvaluationContext.Lambda {
    let here = SameThread(value: (frame: frame, node: self))
    return { values, rows in
      let (frame, node) = here.value
      if rows.count == 0 { return Vector.nulls(node.body.type, count: 0) }
      var bound: [Int32: Vector] = [:]
      for (parameter, value) in zip(node.parameters, values) { bound[parameter.id] = value }
      return try node.body.evaluate(Frame(elementsOf: frame, rows: rows, parameters: bound))
    }
  }
}

/// Lets a frame into the closure of a lambda. The kernel that is handed the closure calls it before it returns, on the same thread.
private struct SameThread<Value>: @unchecked Sendable { let value: Value }
