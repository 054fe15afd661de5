import Values
import Vectors

// Declaring a scalar function is one expression; the SQL signature is read off the Swift closure, whose types are the contract:
//
//   argument `Int64`, `Double`, `Text` …   never sees a null; any null argument makes the result null
//   argument `Int64?`, `Text?` …           sees nulls
//   result `T` / `T?`                      never null / may be null
//   last parameter `inout TextWriter`      a text result, written straight into the heap
//
// The methods are inlinable so that a literal closure is inlined into its loop in the declaring module.

extension Function {
  @inlinable
  public static func declared(
    _ name: String, _ arguments: [DataType], _ result: DataType, _ summary: String, isDeterministic: Bool, _ kernel: @escaping ScalarBody
  ) -> Function {
    Function(
      name, .scalar, Signature(arguments.map { .exact($0) }, resultText: result.description) { _ in result }, summary,
      isDeterministic: isDeterministic,
      .scalar { _, type in
        { arguments, rows, _ in try kernel(arguments, rows, type) }
      })
  }

  /// A kernel that knows its result type but not the session.
  public typealias ScalarBody = @Sendable (_ arguments: [Vector], _ rows: Int, _ result: DataType) throws -> Vector

  @inlinable
  public static func scalar<R: ScalarResult>(
    _ name: String, _ summary: String, isDeterministic: Bool = true, _ body: @escaping @Sendable () throws -> R
  ) -> Function {
    declared(name, [], R.Stored.dataType, summary, isDeterministic: isDeterministic) { _, rows, type in
      if isDeterministic { return ScalarLoop.constant(try body(), type, rows, []) }
      return try ScalarLoop.gated(rows, nil, R.self) { _ in try body() }.vector(type, rows: rows, heap: [])
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, R: ScalarResult>(
    _ name: String, _ summary: String, isDeterministic: Bool = true, _ body: @escaping @Sendable (A) throws -> R
  ) -> Function {
    declared(name, [A.Stored.dataType], R.Stored.dataType, summary, isDeterministic: isDeterministic) { v, rows, type in
      try ScalarLoop.unary(v[0], rows, type, body)
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, B: ScalarArgument, R: ScalarResult>(
    _ name: String, _ summary: String, isDeterministic: Bool = true, _ body: @escaping @Sendable (A, B) throws -> R
  ) -> Function {
    declared(name, [A.Stored.dataType, B.Stored.dataType], R.Stored.dataType, summary, isDeterministic: isDeterministic) { v, rows, type in
      try ScalarLoop.binary(v[0], v[1], rows, type, body)
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, B: ScalarArgument, C: ScalarArgument, R: ScalarResult>(
    _ name: String, _ summary: String, isDeterministic: Bool = true, _ body: @escaping @Sendable (A, B, C) throws -> R
  ) -> Function {
    declared(
      name, [A.Stored.dataType, B.Stored.dataType, C.Stored.dataType], R.Stored.dataType, summary, isDeterministic: isDeterministic
    ) { v, rows, type in
      try ScalarLoop.ternary(v[0], v[1], v[2], rows, type, body)
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, B: ScalarArgument, C: ScalarArgument, D: ScalarArgument, R: ScalarResult>(
    _ name: String, _ summary: String, isDeterministic: Bool = true, _ body: @escaping @Sendable (A, B, C, D) throws -> R
  ) -> Function {
    declared(
      name, [A.Stored.dataType, B.Stored.dataType, C.Stored.dataType, D.Stored.dataType], R.Stored.dataType, summary,
      isDeterministic: isDeterministic
    ) { v, rows, type in
      try ScalarLoop.quaternary(v[0], v[1], v[2], v[3], rows, type, body)
    }
  }

  /// The same function with another result type of the same layout: `bigint` arithmetic that yields a decimal.
  public func returning(_ result: DataType) -> Function {
    Function(
      name, kind, Signature(signature.arguments, isVariadic: signature.isVariadic, resultText: result.description) { _ in result }, summary,
      isDeterministic: isDeterministic, isHidden: isHidden, implementation)
  }

  /// The same function, marked as one that no value can make throw (for the types that `test` accepts).
  public func infallible(
    where test: @escaping @Sendable (_ arguments: [DataType], _ result: DataType) -> Bool = { _, _ in true }
  ) -> Function {
    var copy = self
    copy.isInfallible = test
    return copy
  }

  /// The same function, kept out of SHOW FUNCTIONS.
  public func hidden() -> Function {
    var copy = self
    copy.isHidden = true
    return copy
  }
}
