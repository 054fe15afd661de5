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

extension Function {
  static let integerArithmetic: [Function] = [
    .scalar(Checked<Int8>.Add.self, "Sum"), .scalar(Checked<Int16>.Add.self, "Sum"), .scalar(Checked<Int32>.Add.self, "Sum"),
    .scalar(Checked<Int64>.Add.self, "Sum"),
    .scalar(Checked<Int8>.Subtract.self, "Difference"), .scalar(Checked<Int16>.Subtract.self, "Difference"),
    .scalar(Checked<Int32>.Subtract.self, "Difference"), .scalar(Checked<Int64>.Subtract.self, "Difference"),
    .scalar(Checked<Int8>.Multiply.self, "Product"), .scalar(Checked<Int16>.Multiply.self, "Product"),
    .scalar(Checked<Int32>.Multiply.self, "Product"), .scalar(Checked<Int64>.Multiply.self, "Product"),
    .scalar(Checked<Int8>.Divide.self, "Quotient"), .scalar(Checked<Int16>.Divide.self, "Quotient"),
    .scalar(Checked<Int32>.Divide.self, "Quotient"), .scalar(Checked<Int64>.Divide.self, "Quotient"),
    .scalar(Checked<Int8>.Modulus.self, "Remainder"), .scalar(Checked<Int16>.Modulus.self, "Remainder"),
    .scalar(Checked<Int32>.Modulus.self, "Remainder"), .scalar(Checked<Int64>.Modulus.self, "Remainder"),
    .scalar(Checked<Int8>.Negate.self, "Negation"), .scalar(Checked<Int16>.Negate.self, "Negation"),
    .scalar(Checked<Int32>.Negate.self, "Negation"), .scalar(Checked<Int64>.Negate.self, "Negation"),
  ]

  static let floatingArithmetic: [Function] = [
    .scalar(Operator.add, "Sum") { (a: Double, b: Double) in a + b }, .scalar(Operator.add, "Sum") { (a: Float, b: Float) in a + b },
    .scalar(Operator.subtract, "Difference") { (a: Double, b: Double) in a - b },
    .scalar(Operator.subtract, "Difference") { (a: Float, b: Float) in a - b },
    .scalar(Operator.multiply, "Product") { (a: Double, b: Double) in a * b },
    .scalar(Operator.multiply, "Product") { (a: Float, b: Float) in a * b },
    .scalar(Operator.divide, "Quotient") { (a: Double, b: Double) in a / b },
    .scalar(Operator.divide, "Quotient") { (a: Float, b: Float) in a / b },
    .scalar(Operator.modulus, "Remainder") { (a: Double, b: Double) in a.truncatingRemainder(dividingBy: b) },
    .scalar(Operator.modulus, "Remainder") { (a: Float, b: Float) in a.truncatingRemainder(dividingBy: b) },
    .scalar(Operator.negate, "Negation") { (a: Double) in -a }, .scalar(Operator.negate, "Negation") { (a: Float) in -a },
  ]
}
