import Values
import Vectors

/// A prepared expression over the columns of batches: `.reference(3, …)` is the batch's column 3. One per driver: not for several threads.
///
/// What decides an outcome: kernels never see selections. AND, OR, IF and COALESCE evaluate later arguments for surviving rows only, so that
/// errors in dead branches never happen; see `Frame`.
public final class Evaluator {
  private let root: EvaluationNode
  private let slotCount: Int

  /// Throws where a function, operator or cast has no implementation for its types.
  public init(_ expression: Expr<Int>, functions: FunctionRegistry, context: EvaluationContext) throws {
    let preparation = Preparation(functions: functions, context: context)
    root = try preparation.nodes(for: [expression])[0]
    slotCount = preparation.slotCount
  }

  public var type: DataType { root.type }

  /// The expression's value for every row of the batch, in any encoding.
  public func evaluate(_ batch: Batch) throws -> Vector { try root.evaluate(Frame(batch, slots: slotCount)) }

  /// The rows where a predicate is true, ascending. Conjuncts are tried one after the other on the rows that are left.
  public func select(_ batch: Batch) throws -> Selection { try root.select(Frame(batch, slots: slotCount)) }
}

/// Several expressions over the same batches; what they have in common is evaluated once. One per driver.
public final class Projection {
  private let roots: [EvaluationNode]
  private let slotCount: Int

  public init(_ expressions: [Expr<Int>], functions: FunctionRegistry, context: EvaluationContext) throws {
    let preparation = Preparation(functions: functions, context: context)
    roots = try preparation.nodes(for: expressions)
    slotCount = preparation.slotCount
  }

  public var types: [DataType] { roots.map(\.type) }

  public func evaluate(_ batch: Batch) throws -> [Vector] {
    let frame = Frame(batch, slots: slotCount)
    return try roots.map { try $0.evaluate(frame) }
  }
}
