import Values
import Vectors

/// A function of its arguments: operators, library functions, casts, IS NULL, field access.
///
/// Constants are evaluated once. Arguments that are one dictionary (and constants) are evaluated once per entry, and the result remembered
/// while the same dictionary comes again.
class CallNode: EvaluationNode {
  let arguments: [EvaluationNode]
  private let kernel: ScalarKernel
  private let isDeterministic: Bool
  private let context: EvaluationContext
  private let lambdas: [(index: Int, node: LambdaNode)]
  private let capturesOutside: Bool
  private var lastDictionary: (values: Vector, result: Vector)?
  private var candidate: (values: Vector, rowsSeen: Int)?

  init(
    _ type: DataType, _ arguments: [EvaluationNode], isDeterministic: Bool, isInfallible: Bool, context: EvaluationContext,
    _ kernel: @escaping ScalarKernel
  ) {
    self.arguments = arguments
    self.kernel = kernel
    self.isDeterministic = isDeterministic
    self.context = context
    lambdas = arguments.enumerated().compactMap { index, node in (node as? LambdaNode).map { (index, $0) } }
    capturesOutside = lambdas.contains { $0.node.capturesOutside }
    super.init(type, isInfallible: isInfallible && arguments.allSatisfy(\.isInfallible) && lambdas.allSatisfy { $0.node.body.isInfallible })
  }

  override func compute(_ frame: Frame) throws -> Vector {
    var values: [Vector] = []
    values.reserveCapacity(arguments.count)
    for argument in arguments {
      values.append(argument is LambdaNode ? Vector.nulls(.unknown, count: frame.count) : try argument.evaluate(frame))
    }
    var context = context
    for (index, node) in lambdas { context.lambdas[index] = node.closure(in: frame) }
    guard isDeterministic && !capturesOutside && !values.isEmpty else { return try kernel(values, frame.count, context) }
    let single = values.compactMap(\.constantValue)
    if single.count == values.count {
      return Vector.constant(try kernel(single, 1, context), count: frame.count)
    }
    if values.count - single.count == 1, let index = values.firstIndex(where: { $0.constantValue == nil }),
      case .dictionary(let indices, let entries) = values[index].encoding,
      let result = try perEntry(values, index, entries, frame.count, context)
    {
      return Vector.dictionary(result, indices: indices, count: frame.count)
    }
    return try kernel(values, frame.count, context)
  }

  /// The function of every entry of a dictionary; nil where that does not pay, or where an entry throws (perhaps one that no row refers to).
  private func perEntry(_ values: [Vector], _ index: Int, _ entries: Vector, _ rows: Int, _ context: EvaluationContext) throws -> Vector? {
    let constants = values.count > 1
    if !constants, let known = lastDictionary, known.values === entries { return known.result }
    if constants, let known = lastDictionary, known.values === entries, argumentsAreFixed { return known.result }
    if entries.count > rows {
      var seen = rows
      if let candidate, candidate.values === entries { seen += candidate.rowsSeen }
      candidate = (entries, seen)
      if seen < entries.count { return nil }
    }
    if entries.count == 0 { return nil }
    var parts = values
    for i in parts.indices { parts[i] = i == index ? entries : Vector.constant(values[i], count: entries.count, first: true) }
    do {
      let result = try kernel(parts, entries.count, context)
      if case .flat = result.encoding {} else { return result.flattenedUnlessConstant() }
      lastDictionary = (entries, result)
      return result
    } catch { return nil }
  }

  /// All arguments but one are literals, so that a result depends on the dictionary alone.
  private lazy var argumentsAreFixed = arguments.filter { !($0 is ConstantNode) }.count == 1
}

extension Vector {
  fileprivate static func constant(_ value: Vector, count: Int, first: Bool) -> Vector {
    constant(value.constantValue ?? value, count: count)
  }

  fileprivate func flattenedUnlessConstant() -> Vector { if constantValue != nil { self } else { flattened() } }
}
