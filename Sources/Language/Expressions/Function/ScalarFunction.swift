import Values
import Vectors

// Functions as types with a static `call`: for hot checked arithmetic and for families generic over the integer types.

public protocol UnaryFunction: SendableMetatype {
  associatedtype A: ScalarArgument
  associatedtype R: ScalarResult
  static var name: String { get }
  static func call(_ a: A) throws -> R
}

public protocol BinaryFunction: SendableMetatype {
  associatedtype A: ScalarArgument
  associatedtype B: ScalarArgument
  associatedtype R: ScalarResult
  static var name: String { get }
  static func call(_ a: A, _ b: B) throws -> R
}

public protocol TernaryFunction: SendableMetatype {
  associatedtype A: ScalarArgument
  associatedtype B: ScalarArgument
  associatedtype C: ScalarArgument
  associatedtype R: ScalarResult
  static var name: String { get }
  static func call(_ a: A, _ b: B, _ c: C) throws -> R
}

extension Function {
  @inlinable @inline(__always)
  public static func scalar<F: UnaryFunction>(_: F.Type, _ summary: String) -> Function {
    declared(F.name, [F.A.Stored.dataType], F.R.Stored.dataType, summary, isDeterministic: true) { v, rows, type in
      try ScalarLoop.unary(v[0], rows, type) { (a: F.A) in try F.call(a) }
    }
  }

  @inlinable @inline(__always)
  public static func scalar<F: BinaryFunction>(_: F.Type, _ summary: String) -> Function {
    declared(F.name, [F.A.Stored.dataType, F.B.Stored.dataType], F.R.Stored.dataType, summary, isDeterministic: true) { v, rows, type in
      try ScalarLoop.binary(v[0], v[1], rows, type) { (a: F.A, b: F.B) in try F.call(a, b) }
    }
  }

  @inlinable @inline(__always)
  public static func scalar<F: TernaryFunction>(_: F.Type, _ summary: String) -> Function {
    declared(
      F.name, [F.A.Stored.dataType, F.B.Stored.dataType, F.C.Stored.dataType], F.R.Stored.dataType, summary, isDeterministic: true
    ) { v, rows, type in
      try ScalarLoop.ternary(v[0], v[1], v[2], rows, type) { (a: F.A, b: F.B, c: F.C) in try F.call(a, b, c) }
    }
  }
}
