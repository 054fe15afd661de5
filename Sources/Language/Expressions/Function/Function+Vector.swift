import Values
import Vectors

extension Function {
  /// A function over whole vectors: arrays, maps, lambdas, whatever a closure over single values cannot say. The signature is written out
  /// (see `Signature(_:)`). Arguments come in any encoding and have the exact types bound; `context.result` is the result's type.
  /// Nulls are the kernel's own business.
  public static func vector(
    _ name: String, _ signature: String, _ summary: String, isDeterministic: Bool = true,
    _ kernel: @escaping @Sendable (_ arguments: [Vector], _ rows: Int, _ context: EvaluationContext) throws -> Vector
  ) -> Function {
    vector(name, Signature(signature), summary, isDeterministic: isDeterministic, kernel)
  }

  public static func vector(
    _ name: String, _ signature: Signature, _ summary: String, isDeterministic: Bool = true,
    _ kernel: @escaping @Sendable (_ arguments: [Vector], _ rows: Int, _ context: EvaluationContext) throws -> Vector
  ) -> Function {
    Function(
      name, .scalar, signature, summary, isDeterministic: isDeterministic,
      .scalar { _, result in
        { arguments, rows, context in
          var context = context
          context.result = result
          return try kernel(arguments, rows, context)
        }
      })
  }

  /// As `vector`, where the kernel is chosen by the types once and not per batch. nil: no such function for these types.
  public static func bound(
    _ name: String, _ signature: String, _ summary: String, isDeterministic: Bool = true,
    _ bind: @escaping @Sendable (_ arguments: [DataType], _ result: DataType) -> ScalarKernel?
  ) -> Function {
    Function(name, .scalar, Signature(signature), summary, isDeterministic: isDeterministic, .scalar(bind))
  }

  /// A family of functions: which one, is decided by the argument types. The member's own signature gives the result type (see
  /// `returning(_:)`); its name and summary do not matter. nil: no member for these types.
  ///
  ///     .family("abs", "(decimal(p,s)) -> decimal(p,s)", "Absolute value") { types in
  ///       types[0].layout == .int64
  ///         ? .scalar("abs", "") { (x: Int64) in x < 0 ? -x : x }.returning(types[0])
  ///         : .scalar("abs", "") { (x: Int128) in x < 0 ? -x : x }.returning(types[0])
  ///     }
  public static func family(
    _ name: String, _ signature: String, _ summary: String, isDeterministic: Bool = true,
    _ member: @escaping @Sendable (_ arguments: [DataType]) -> Function?
  ) -> Function {
    var shape = Signature(signature)
    shape.result = { types in member(types)?.signature.result(types) }
    return Function(
      name, .scalar, shape, summary, isDeterministic: isDeterministic,
      .scalar { types, result in
        guard let chosen = member(types), case .scalar(let make) = chosen.implementation else { return nil }
        return make(types, result)
      })
  }
}
