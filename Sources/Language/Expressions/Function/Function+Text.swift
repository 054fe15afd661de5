import Values
import Vectors

// Functions whose result is text: the closure's last parameter takes the bytes. `writeNull()` makes the row null.

extension Function {
  @inlinable
  public static func scalar<A: ScalarArgument>(
    _ name: String, _ summary: String, returning type: DataType = .varchar, isDeterministic: Bool = true,
    _ body: @escaping @Sendable (A, inout TextWriter) throws -> Void
  ) -> Function {
    declared(name, [A.Stored.dataType], type, summary, isDeterministic: isDeterministic) { v, rows, type in
      let a = v[0].dense()
      if !A.seesNulls && a.nullConstant != nil { return Vector.nulls(type, count: rows) }
      let x = a.reader(as: A.Stored.self)
      return try withExtendedLifetime(a) {
        if a.constantValue != nil && rows > 1 {
          return .constant(
            try ScalarLoop.written(1, nil, type) { i, out in try body(A.argument(x.base[0], isValid: x.isValid(0)), &out) }, count: rows)
        }
        return try ScalarLoop.written(rows, ScalarLoop.gate(a, A.seesNulls), type) { i, out in
          try body(A.argument(x.base[i & x.mask], isValid: x.isValid(i)), &out)
        }
      }
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, B: ScalarArgument>(
    _ name: String, _ summary: String, returning type: DataType = .varchar, isDeterministic: Bool = true,
    _ body: @escaping @Sendable (A, B, inout TextWriter) throws -> Void
  ) -> Function {
    declared(name, [A.Stored.dataType, B.Stored.dataType], type, summary, isDeterministic: isDeterministic) { v, rows, type in
      let a = v[0].dense(), b = v[1].dense()
      if (!A.seesNulls && a.nullConstant != nil) || (!B.seesNulls && b.nullConstant != nil) { return Vector.nulls(type, count: rows) }
      let x = a.reader(as: A.Stored.self), y = b.reader(as: B.Stored.self)
      let gate = Bitmap.both(ScalarLoop.gate(a, A.seesNulls), ScalarLoop.gate(b, B.seesNulls))
      return try withExtendedLifetime((a, b)) {
        try ScalarLoop.written(rows, gate, type) { i, out in
          try body(
            A.argument(x.base[i & x.mask], isValid: x.isValid(i)), B.argument(y.base[i & y.mask], isValid: y.isValid(i)), &out)
        }
      }
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, B: ScalarArgument, C: ScalarArgument>(
    _ name: String, _ summary: String, returning type: DataType = .varchar, isDeterministic: Bool = true,
    _ body: @escaping @Sendable (A, B, C, inout TextWriter) throws -> Void
  ) -> Function {
    declared(name, [A.Stored.dataType, B.Stored.dataType, C.Stored.dataType], type, summary, isDeterministic: isDeterministic) {
      v, rows, type in
      let a = v[0].dense(), b = v[1].dense(), c = v[2].dense()
      if (!A.seesNulls && a.nullConstant != nil) || (!B.seesNulls && b.nullConstant != nil) || (!C.seesNulls && c.nullConstant != nil) {
        return Vector.nulls(type, count: rows)
      }
      let x = a.reader(as: A.Stored.self), y = b.reader(as: B.Stored.self), z = c.reader(as: C.Stored.self)
      let gate = Bitmap.both(
        Bitmap.both(ScalarLoop.gate(a, A.seesNulls), ScalarLoop.gate(b, B.seesNulls)), ScalarLoop.gate(c, C.seesNulls))
      return try withExtendedLifetime((a, b, c)) {
        try ScalarLoop.written(rows, gate, type) { i, out in
          try body(
            A.argument(x.base[i & x.mask], isValid: x.isValid(i)), B.argument(y.base[i & y.mask], isValid: y.isValid(i)),
            C.argument(z.base[i & z.mask], isValid: z.isValid(i)), &out)
        }
      }
    }
  }

  @inlinable
  public static func scalar<A: ScalarArgument, B: ScalarArgument, C: ScalarArgument, D: ScalarArgument>(
    _ name: String, _ summary: String, returning type: DataType = .varchar, isDeterministic: Bool = true,
    _ body: @escaping @Sendable (A, B, C, D, inout TextWriter) throws -> Void
  ) -> Function {
    declared(
      name, [A.Stored.dataType, B.Stored.dataType, C.Stored.dataType, D.Stored.dataType], type, summary, isDeterministic: isDeterministic
    ) { v, rows, type in
      let a = v[0].dense(), b = v[1].dense(), c = v[2].dense(), d = v[3].dense()
      if (!A.seesNulls && a.nullConstant != nil) || (!B.seesNulls && b.nullConstant != nil) || (!C.seesNulls && c.nullConstant != nil)
        || (!D.seesNulls && d.nullConstant != nil)
      {
        return Vector.nulls(type, count: rows)
      }
      let x = a.reader(as: A.Stored.self), y = b.reader(as: B.Stored.self), z = c.reader(as: C.Stored.self), u = d.reader(as: D.Stored.self)
      let gate = Bitmap.both(
        Bitmap.both(ScalarLoop.gate(a, A.seesNulls), ScalarLoop.gate(b, B.seesNulls)),
        Bitmap.both(ScalarLoop.gate(c, C.seesNulls), ScalarLoop.gate(d, D.seesNulls)))
      return try withExtendedLifetime((a, b, c, d)) {
        try ScalarLoop.written(rows, gate, type) { i, out in
          try body(
            A.argument(x.base[i & x.mask], isValid: x.isValid(i)), B.argument(y.base[i & y.mask], isValid: y.isValid(i)),
            C.argument(z.base[i & z.mask], isValid: z.isValid(i)), D.argument(u.base[i & u.mask], isValid: u.isValid(i)), &out)
        }
      }
    }
  }
}
