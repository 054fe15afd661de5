import Expressions
import Values
import Vectors

/// Checked arithmetic of one integer type. As types with static calls: the throwing path stays out of the loop.
enum Checked<T: FixedWidthInteger & Storable & SignedInteger> {
  static func overflow(_ name: String, _ a: T, _ sign: String, _ b: T) -> PrestoError {
    PrestoError(.numericValueOutOfRange, "\(T.dataType) \(name) overflow: \(a) \(sign) \(b)")
  }

  enum Add: BinaryFunction {
    static var name: String { FunctionID.Operator.add }
    @inline(__always) static func call(_ a: T, _ b: T) throws -> T {
      let (result, overflow) = a.addingReportingOverflow(b)
      if overflow { throw Checked.overflow("addition", a, "+", b) }
      return result
    }
  }
  enum Subtract: BinaryFunction {
    static var name: String { FunctionID.Operator.subtract }
    @inline(__always) static func call(_ a: T, _ b: T) throws -> T {
      let (result, overflow) = a.subtractingReportingOverflow(b)
      if overflow { throw Checked.overflow("subtraction", a, "-", b) }
      return result
    }
  }
  enum Multiply: BinaryFunction {
    static var name: String { FunctionID.Operator.multiply }
    @inline(__always) static func call(_ a: T, _ b: T) throws -> T {
      let (result, overflow) = a.multipliedReportingOverflow(by: b)
      if overflow { throw Checked.overflow("multiplication", a, "*", b) }
      return result
    }
  }
  enum Divide: BinaryFunction {
    static var name: String { FunctionID.Operator.divide }
    @inline(__always) static func call(_ a: T, _ b: T) throws -> T {
      if b == 0 { throw PrestoError(.divisionByZero, "Division by zero") }
      let (result, overflow) = a.dividedReportingOverflow(by: b)
      if overflow { throw Checked.overflow("division", a, "/", b) }
      return result
    }
  }
  enum Modulus: BinaryFunction {
    static var name: String { FunctionID.Operator.modulus }
    @inline(__always) static func call(_ a: T, _ b: T) throws -> T {
      if b == 0 { throw PrestoError(.divisionByZero, "Division by zero") }
      return b == -1 ? 0 : a % b
    }
  }
  enum Negate: UnaryFunction {
    static var name: String { FunctionID.Operator.negate }
    @inline(__always) static func call(_ a: T) throws -> T {
      if a == T.min { throw PrestoError(.numericValueOutOfRange, "\(T.dataType) negation overflow: \(a)") }
      return 0 - a
    }
  }
}
