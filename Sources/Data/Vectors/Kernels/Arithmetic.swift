import Values

/// What two numbers are put through.
public enum ArithmeticOperator: String, Sendable, CaseIterable {
  case add = "$add"
  case subtract = "$subtract"
  case multiply = "$multiply"
  case divide = "$divide"
  case modulus = "$modulus"

  var noun: String {
    switch self {
    case .add: "addition"
    case .subtract: "subtraction"
    case .multiply: "multiplication"
    case .divide: "division"
    case .modulus: "modulus"
    }
  }

  var sign: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .modulus: "%"
    }
  }
}

/// A function of two vectors; the operands are `rows` long, the result has the type given.
public typealias VectorOperation = @Sendable (_ a: Vector, _ b: Vector, _ rows: Int, _ type: DataType) throws -> Vector

/// Arithmetic of integers, real and double.
///
/// Integer overflow is found without a branch per row: every operation leaves a trace in a word that is looked at once a batch. Only where it is
/// set does a second pass ask which row it was, and whether that row counts (null rows compute on whatever lies in their slots).
public enum Arithmetic {
  /// The kernel for two operands of one layout; nil for layouts that have no arithmetic.
  public static func kernel(_ op: ArithmeticOperator, _ type: DataType) -> VectorOperation? {
    switch type.layout {
    case .int8: integer(op, Int8.self)
    case .int16: integer(op, Int16.self)
    case .int32: integer(op, Int32.self)
    case .int64: integer(op, Int64.self)
    case .float: floating(op, Float.self)
    case .double: floating(op, Double.self)
    case .bool, .int128, .bytes, .list, .map, .row: nil
    }
  }

  @inline(__always)
  private static func integer<T: FixedWidthInteger & SignedInteger & Storable>(_ op: ArithmeticOperator, _: T.Type) -> VectorOperation {
    switch op {
    case .add:
      return { a, b, rows, type in
        try checked(.add, a, b, rows, type) { (x: T, y: T, trace: inout T) in
          let r = x &+ y
          trace |= (x ^ r) & (y ^ r)
          return r
        } overflows: { (x: T, y: T) in
          x.addingReportingOverflow(y).overflow
        }
      }
    case .subtract:
      return { a, b, rows, type in
        try checked(.subtract, a, b, rows, type) { (x: T, y: T, trace: inout T) in
          let r = x &- y
          trace |= (x ^ y) & (x ^ r)
          return r
        } overflows: { (x: T, y: T) in
          x.subtractingReportingOverflow(y).overflow
        }
      }
    case .multiply:
      return { a, b, rows, type in
        try checked(.multiply, a, b, rows, type) { (x: T, y: T, trace: inout T) in
          let (high, low) = x.multipliedFullWidth(by: y)
          let r = T(truncatingIfNeeded: low)
          // a product fits where the upper half is the sign of the lower; the trace's sign bit says it did not
          trace |= high == r &>> T(truncatingIfNeeded: T.bitWidth - 1) ? 0 : T.min
          return r
        } overflows: { (x: T, y: T) in
          x.multipliedReportingOverflow(by: y).overflow
        }
      }
    case .divide:
      return { a, b, rows, type in
        try ScalarLoop.binary(a, b, rows, type) { (x: T, y: T) throws -> T in
          if y == 0 { throw divisionByZero }
          if y == -1 && x == T.min { throw overflow(.divide, type, x, y) }
          return x / y
        }
      }
    case .modulus:
      return { a, b, rows, type in
        try ScalarLoop.binary(a, b, rows, type) { (x: T, y: T) throws -> T in
          if y == 0 { throw divisionByZero }
          return y == -1 ? 0 : x % y
        }
      }
    }
  }

  @inline(__always)
  private static func floating<T: BinaryFloatingPoint & Storable>(_ op: ArithmeticOperator, _: T.Type) -> VectorOperation {
    switch op {
    case .add: return { a, b, rows, type in plain(a, b, rows, type) { (x: T, y: T) in x + y } }
    case .subtract: return { a, b, rows, type in plain(a, b, rows, type) { (x: T, y: T) in x - y } }
    case .multiply: return { a, b, rows, type in plain(a, b, rows, type) { (x: T, y: T) in x * y } }
    case .divide: return { a, b, rows, type in plain(a, b, rows, type) { (x: T, y: T) in x / y } }
    case .modulus:
      return { a, b, rows, type in plain(a, b, rows, type) { (x: T, y: T) in x.truncatingRemainder(dividingBy: y) } }
    }
  }

  // MARK: Loops

  /// Every slot, null or not; `body` cannot fail.
  @inline(__always)
  static func plain<A: Storable, B: Storable, R: Storable>(
    _ first: Vector, _ second: Vector, _ rows: Int, _ type: DataType, _ body: (A, B) -> R
  ) -> Vector {
    let a = first.dense(), b = second.dense()
    if a.nullConstant != nil || b.nullConstant != nil { return Vector.nulls(type, count: rows) }
    let x = a.reader(as: A.self), y = b.reader(as: B.self)
    let values = Buffer(byteCount: rows * MemoryLayout<R>.stride)
    let p = x.base, q = y.base, out = values.pointer(as: R.self)
    if x.isDense && y.isDense {
      for i in 0..<rows { out[i] = body(p[i], q[i]) }
    } else if x.isDense {
      let k = q[0]
      for i in 0..<rows { out[i] = body(p[i], k) }
    } else {
      let k = p[0], n = y.mask
      for i in 0..<rows { out[i] = body(k, q[i & n]) }
    }
    return withExtendedLifetime((a, b)) { .flat(type, count: rows, values: values, validity: Bitmap.both(a.validity, b.validity)) }
  }

  @inline(__always)
  private static func checked<T: FixedWidthInteger & SignedInteger & Storable>(
    _ op: ArithmeticOperator, _ first: Vector, _ second: Vector, _ rows: Int, _ type: DataType, _ body: (T, T, inout T) -> T,
    overflows: (T, T) -> Bool
  ) throws -> Vector {
    let a = first.dense(), b = second.dense()
    if a.nullConstant != nil || b.nullConstant != nil { return Vector.nulls(type, count: rows) }
    let x = a.reader(as: T.self), y = b.reader(as: T.self)
    let values = Buffer(byteCount: rows * MemoryLayout<T>.stride)
    let p = x.base, q = y.base, out = values.pointer(as: T.self)
    var trace: T = 0
    if x.isDense && y.isDense {
      for i in 0..<rows { out[i] = body(p[i], q[i], &trace) }
    } else if x.isDense {
      let k = q[0]
      for i in 0..<rows { out[i] = body(p[i], k, &trace) }
    } else {
      let k = p[0], n = y.mask
      for i in 0..<rows { out[i] = body(k, q[i & n], &trace) }
    }
    let validity = Bitmap.both(a.validity, b.validity)
    if trace < 0 {
      for i in 0..<rows where validity?[i] ?? true {
        if overflows(x[i], y[i]) { throw overflow(op, type, x[i], y[i]) }
      }
    }
    return withExtendedLifetime((a, b)) { .flat(type, count: rows, values: values, validity: validity) }
  }

  // MARK: Negation

  /// `-x`; nil for layouts that have no arithmetic.
  public static func negation(_ type: DataType) -> (@Sendable (_ a: Vector, _ rows: Int, _ type: DataType) throws -> Vector)? {
    switch type.layout {
    case .int8: negation(Int8.self)
    case .int16: negation(Int16.self)
    case .int32: negation(Int32.self)
    case .int64: negation(Int64.self)
    case .int128: { a, rows, type in try ScalarLoop.unary(a, rows, type) { (x: Int128) in 0 &- x } }
    case .float: { a, rows, type in try ScalarLoop.unary(a, rows, type) { (x: Float) in -x } }
    case .double: { a, rows, type in try ScalarLoop.unary(a, rows, type) { (x: Double) in -x } }
    case .bool, .bytes, .list, .map, .row: nil
    }
  }

  @inline(__always)
  private static func negation<T: FixedWidthInteger & SignedInteger & Storable>(
    _: T.Type
  ) -> @Sendable (_ a: Vector, _ rows: Int, _ type: DataType) throws -> Vector {
    { a, rows, type in
      try ScalarLoop.unary(a, rows, type) { (x: T) throws -> T in
        if x == T.min { throw PrestoError(.numericValueOutOfRange, "\(type) negation overflow: \(x)") }
        return 0 &- x
      }
    }
  }

  // MARK: Errors

  static var divisionByZero: PrestoError { PrestoError(.divisionByZero, "Division by zero") }

  @inline(never)
  static func overflow<T: FixedWidthInteger>(_ op: ArithmeticOperator, _ type: DataType, _ x: T, _ y: T) -> PrestoError {
    PrestoError(.numericValueOutOfRange, "\(type) \(op.noun) overflow: \(x) \(op.sign) \(y)")
  }
}
