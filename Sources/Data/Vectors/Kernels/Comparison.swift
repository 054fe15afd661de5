import Values

/// `=`, `<` and so on over whole vectors.
public enum ComparisonOperator: String, Sendable, CaseIterable {
  case equal = "$equal"
  case notEqual = "$not_equal"
  case lessThan = "$less_than"
  case lessThanOrEqual = "$less_than_or_equal"
  case greaterThan = "$greater_than"
  case greaterThanOrEqual = "$greater_than_or_equal"

  /// The operator with its operands exchanged.
  public var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .lessThan: .greaterThan
    case .lessThanOrEqual: .greaterThanOrEqual
    case .greaterThan: .lessThan
    case .greaterThanOrEqual: .lessThanOrEqual
    }
  }
}

/// Comparison kernels. Operands have one type. Numbers compare as IEEE says (NaN equals nothing), text by bytes, zoned values by the instant.
/// Each comes in three forms: a boolean vector, a bitmap of the rows where it holds, and the narrowing of a selection.
public enum Comparison {
  enum Form {
    case vector
    case bits
    case refine(Selection)
  }

  enum Outcome {
    case vector(Vector)
    case bits(Buffer)
    case selection(Selection)
  }

  /// A boolean vector; null where either side is, and for nested values where a null inside leaves it open.
  public static func vector(_ op: ComparisonOperator, _ a: Vector, _ b: Vector, _ rows: Int) throws -> Vector {
    if a.nullConstant != nil || b.nullConstant != nil { return Vector.nulls(.boolean, count: rows) }
    if case .vector(let result) = dispatch(op, a, b, rows, .vector) { return result }
    return try NestedComparison.vector(op, a, b, rows)
  }

  /// One bit a row, set where the comparison is true, clear past the end. nil for nested values.
  public static func bits(_ op: ComparisonOperator, _ a: Vector, _ b: Vector, _ rows: Int) -> Buffer? {
    if case .bits(let result) = dispatch(op, a, b, rows, .bits) { result } else { nil }
  }

  /// The rows of `selection` where `column op constant` is true. nil where the column is not flat or the values are nested.
  public static func refine(_ op: ComparisonOperator, _ column: Vector, _ constant: Vector, _ selection: Selection) -> Selection? {
    guard case .flat = column.encoding, constant.constantValue != nil else { return nil }
    if case .selection(let result) = dispatch(op, column, constant, column.count, .refine(selection)) { return result }
    return nil
  }

  private static func dispatch(_ op: ComparisonOperator, _ a: Vector, _ b: Vector, _ rows: Int, _ form: Form) -> Outcome? {
    // a constant stands on the right
    if a.constantValue != nil && b.constantValue == nil { return dispatch(op.mirrored, b, a, rows, form) }
    let x = a.dense(), y = b.dense()
    if x.nullConstant != nil || y.nullConstant != nil { return nothing(rows, form) }
    switch a.type.layout {
    case .bool: return compare(op, UInt8.self, x, y, rows, form)
    case .int8: return compare(op, Int8.self, x, y, rows, form)
    case .int16: return compare(op, Int16.self, x, y, rows, form)
    case .int32: return compare(op, Int32.self, x, y, rows, form)
    case .int64: return compare(op, Int64.self, x, y, rows, form)
    case .int128:
      switch a.type {
      case .timestampWithTimeZone, .timeWithTimeZone: return compare(op, InstantOrder.self, x, y, rows, form)
      default: return compare(op, Int128.self, x, y, rows, form)
      }
    case .float: return compare(op, Float.self, x, y, rows, form)
    case .double: return compare(op, Double.self, x, y, rows, form)
    case .bytes: return compare(op, TextOrder.self, x, y, rows, form)
    case .list, .map, .row: return nil
    }
  }

  private static func nothing(_ rows: Int, _ form: Form) -> Outcome {
    switch form {
    case .vector: .vector(Vector.nulls(.boolean, count: rows))
    case .bits: .bits(Buffer(zeroed: Bitmap.wordCount(rows) * 8))
    case .refine: .selection(.none)
    }
  }

  /// One specialised copy per type: the operator is chosen outside the loops.
  @inline(__always)
  private static func compare<T: Comparable & BitwiseCopyable>(
    _ op: ComparisonOperator, _: T.Type, _ a: Vector, _ b: Vector, _ rows: Int, _ form: Form
  ) -> Outcome {
    switch op {
    case .equal: run(a, b, rows, form) { (x: T, y: T) in x == y }
    case .notEqual: run(a, b, rows, form) { (x: T, y: T) in x != y }
    case .lessThan: run(a, b, rows, form) { (x: T, y: T) in x < y }
    case .lessThanOrEqual: run(a, b, rows, form) { (x: T, y: T) in x <= y }
    case .greaterThan: run(a, b, rows, form) { (x: T, y: T) in x > y }
    case .greaterThanOrEqual: run(a, b, rows, form) { (x: T, y: T) in x >= y }
    }
  }

  @inline(__always)
  private static func run<T: BitwiseCopyable>(_ a: Vector, _ b: Vector, _ rows: Int, _ form: Form, _ test: (T, T) -> Bool) -> Outcome {
    let x = a.reader(as: T.self), y = b.reader(as: T.self)
    defer { withExtendedLifetime((a, b)) {} }
    switch form {
    case .vector:
      let values = Buffer(byteCount: rows)
      let p = x.base, q = y.base, out = values.pointer(as: UInt8.self)
      if x.isConstant {
        // both are
        let holds = UInt8(truncatingIfNeeded: test(p[0], q[0]).bit)
        for i in 0..<rows { out[i] = holds }
      } else if y.isConstant {
        let k = q[0]
        for i in 0..<rows { out[i] = UInt8(truncatingIfNeeded: test(p[i], k).bit) }
      } else {
        for i in 0..<rows { out[i] = UInt8(truncatingIfNeeded: test(p[i], q[i]).bit) }
      }
      return .vector(.flat(.boolean, count: rows, values: values, validity: Bitmap.both(a.validity, b.validity)))
    case .bits:
      let words = Bitmap.wordCount(rows)
      let buffer = Buffer(byteCount: words * 8)
      let out = buffer.pointer(as: UInt64.self)
      let m = x.mask, n = y.mask, p = x.base, q = y.base
      for w in 0..<words {
        let base = w &* 64, length = ScalarLoop.wordLength(w, rows)
        var bits: UInt64 = 0
        if n == 0 {
          let k = q[0]
          if length == 64 && m != 0 {
            let from = p + base
            for j in 0..<64 { bits |= UInt64(truncatingIfNeeded: test(from[j], k).bit) &<< UInt64(truncatingIfNeeded: j) }
          } else {
            for j in 0..<length { bits |= UInt64(truncatingIfNeeded: test(p[(base &+ j) & m], k).bit) &<< UInt64(truncatingIfNeeded: j) }
          }
        } else {
          for j in 0..<length {
            bits |= UInt64(truncatingIfNeeded: test(p[base &+ j], q[base &+ j]).bit) &<< UInt64(truncatingIfNeeded: j)
          }
        }
        out[w] = bits
      }
      if let valid = x.validity { for w in 0..<words { out[w] &= valid[w] } }
      if let valid = y.validity, n != 0 { for w in 0..<words { out[w] &= valid[w] } }
      return .bits(buffer)
    case .refine(let selection):
      let out = Buffer(byteCount: selection.count * 4)
      let rows = selection.pointer, to = out.pointer(as: UInt32.self), p = x.base, k = y.base[0]
      var c = 0
      if let valid = x.validity {
        for j in 0..<selection.count {
          let row = Int(rows[j])
          to[c] = rows[j]
          c &+= test(p[row], k).bit & Int(truncatingIfNeeded: valid[row >> 6] &>> UInt64(truncatingIfNeeded: row & 63)) & 1
        }
      } else {
        for j in 0..<selection.count {
          to[c] = rows[j]
          c &+= test(p[Int(rows[j])], k).bit
        }
      }
      return .selection(Selection(rows: out, count: c))
    }
  }
}

/// Zoned values without their zone.
struct InstantOrder: Comparable, BitwiseCopyable {
  var bits: Int128
  @inline(__always) static func == (a: Self, b: Self) -> Bool { a.bits &>> 16 == b.bits &>> 16 }
  @inline(__always) static func < (a: Self, b: Self) -> Bool { a.bits &>> 16 < b.bits &>> 16 }
}

/// Text and binary in byte order.
struct TextOrder: Comparable, BitwiseCopyable {
  var bytes: Bytes
  @inline(__always) static func == (a: Self, b: Self) -> Bool { a.bytes == b.bytes }
  @inline(__always) static func < (a: Self, b: Self) -> Bool { a.bytes < b.bytes }
}
