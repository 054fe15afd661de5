import Values

/// Loops that call a closure over values once a row. Inlined into the module that declares the function, so that the closure is inlined too.
///
/// Arguments come flat or constant (`dense`); a constant's rows are all slot 0 (mask 0). Rows where an argument that does not see nulls is
/// null are not called: validity goes by 64-row words, and a full word takes a loop without tests.
public enum ScalarLoop {
  /// What a loop writes: values, and validity once a null has been met.
  @frozen public struct Output<Stored: Storable> {
    public let values: UnsafeMutablePointer<Stored>
    public let buffer: Buffer
    public let words: Buffer?

    @inlinable public init(rows: Int, nullable: Bool) {
      buffer = Buffer(byteCount: rows * MemoryLayout<Stored>.stride)
      values = buffer.pointer(as: Stored.self)
      words = nullable ? Buffer(byteCount: Bitmap.wordCount(rows) * 8) : nil
    }

    @inlinable public func vector(_ type: DataType, rows: Int, heap: @autoclosure () -> [Buffer]) -> Vector {
      .flat(
        type, count: rows, values: buffer, heap: type.layout == .bytes ? heap() : [], validity: words.map { Bitmap(words: $0, count: rows) }
      )
    }
  }

  /// The rows to call, one word at a time: those where no argument that must be valid is null. nil: all.
  @inlinable public static func gate(_ a: Vector, _ seesNulls: Bool) -> Bitmap? { seesNulls ? nil : a.denseValidity }

  @inlinable @inline(__always)
  static func wordLength(_ word: Int, _ rows: Int) -> Int { min(64, rows &- word &* 64) }

  /// Bits below `count`.
  @inlinable @inline(__always)
  static func low(_ count: Int) -> UInt64 { count >= 64 ? ~0 : (1 &<< UInt64(truncatingIfNeeded: count)) &- 1 }

  // MARK: One argument

  @inlinable @inline(__always)
  public static func unary<A: ScalarArgument, R: ScalarResult>(
    _ first: Vector, _ rows: Int, _ type: DataType, _ body: (A) throws -> R
  ) throws -> Vector {
    let a = first.dense()
    if let value = a.nullConstant, !A.seesNulls { return Vector.nulls(type, count: max(rows, value.count)) }
    let x = a.reader(as: A.Stored.self)
    if a.constantValue != nil && rows > 0 {
      let r = try body(A.argument(x.base[0], isValid: x.isValid(0)))
      return constant(r, type, rows, a.heap)
    }
    let gate = gate(a, A.seesNulls)
    let output = Output<R.Stored>(rows: rows, nullable: R.mayBeNull || gate != nil)
    let p = x.base, out = output.values
    if !A.seesNulls && !R.mayBeNull && gate == nil {
      for i in 0..<rows { out[i] = try body(A.argument(p[i], isValid: true)).stored }
    } else {
      let valid = gate?.pointer, words = output.words?.pointer(as: UInt64.self)
      for w in 0..<Bitmap.wordCount(rows) {
        let base = w &* 64, n = wordLength(w, rows), full = low(n)
        let called = (valid?[w] ?? ~0) & full
        var present: UInt64 = 0
        if called == full {
          for j in 0..<n {
            let r = try body(A.argument(p[base &+ j], isValid: x.isValid(base &+ j)))
            out[base &+ j] = r.stored
            present |= UInt64(truncatingIfNeeded: r.isPresent.bit) &<< UInt64(truncatingIfNeeded: j)
          }
        } else {
          for j in 0..<n {
            if (called &>> UInt64(truncatingIfNeeded: j)) & 1 == 0 {
              out[base &+ j] = R.Stored.placeholder
              continue
            }
            let r = try body(A.argument(p[base &+ j], isValid: true))
            out[base &+ j] = r.stored
            present |= UInt64(truncatingIfNeeded: r.isPresent.bit) &<< UInt64(truncatingIfNeeded: j)
          }
        }
        words?[w] = present
      }
    }
    return withExtendedLifetime(a) { output.vector(type, rows: rows, heap: a.heap) }
  }

  @inlinable
  public static func constant<R: ScalarResult>(_ r: R, _ type: DataType, _ rows: Int, _ heap: [Buffer]) -> Vector {
    if !r.isPresent { return Vector.nulls(type, count: rows) }
    let slot = Buffer(byteCount: MemoryLayout<R.Stored>.stride)
    slot.pointer(as: R.Stored.self)[0] = r.stored
    return .constant(.flat(type, count: 1, values: slot, heap: type.layout == .bytes ? heap : []), count: rows)
  }

  // MARK: Two to four arguments

  @inlinable @inline(__always)
  public static func binary<A: ScalarArgument, B: ScalarArgument, R: ScalarResult>(
    _ first: Vector, _ second: Vector, _ rows: Int, _ type: DataType, _ body: (A, B) throws -> R
  ) throws -> Vector {
    let a = first.dense(), b = second.dense()
    if (a.nullConstant != nil && !A.seesNulls) || (b.nullConstant != nil && !B.seesNulls) { return Vector.nulls(type, count: rows) }
    let x = a.reader(as: A.Stored.self), y = b.reader(as: B.Stored.self)
    let gate = Bitmap.both(gate(a, A.seesNulls), Self.gate(b, B.seesNulls))
    if !A.seesNulls && !B.seesNulls && !R.mayBeNull && gate == nil {
      let output = Output<R.Stored>(rows: rows, nullable: false)
      let p = x.base, q = y.base, out = output.values
      if x.isDense && y.isDense {
        for i in 0..<rows { out[i] = try body(A.argument(p[i], isValid: true), B.argument(q[i], isValid: true)).stored }
      } else if x.isDense {
        let k = B.argument(q[0], isValid: true)
        for i in 0..<rows { out[i] = try body(A.argument(p[i], isValid: true), k).stored }
      } else {
        let m = x.mask, n = y.mask
        for i in 0..<rows { out[i] = try body(A.argument(p[i & m], isValid: true), B.argument(q[i & n], isValid: true)).stored }
      }
      return withExtendedLifetime((a, b)) { output.vector(type, rows: rows, heap: a.heap + b.heap) }
    }
    let output = try gated(rows, gate, R.self) { i in
      try body(A.argument(x.base[i & x.mask], isValid: x.isValid(i)), B.argument(y.base[i & y.mask], isValid: y.isValid(i)))
    }
    return withExtendedLifetime((a, b)) { output.vector(type, rows: rows, heap: a.heap + b.heap) }
  }

  @inlinable @inline(__always)
  public static func ternary<A: ScalarArgument, B: ScalarArgument, C: ScalarArgument, R: ScalarResult>(
    _ first: Vector, _ second: Vector, _ third: Vector, _ rows: Int, _ type: DataType, _ body: (A, B, C) throws -> R
  ) throws -> Vector {
    let a = first.dense(), b = second.dense(), c = third.dense()
    if (a.nullConstant != nil && !A.seesNulls) || (b.nullConstant != nil && !B.seesNulls) || (c.nullConstant != nil && !C.seesNulls) {
      return Vector.nulls(type, count: rows)
    }
    let x = a.reader(as: A.Stored.self), y = b.reader(as: B.Stored.self), z = c.reader(as: C.Stored.self)
    let gate = Bitmap.both(Bitmap.both(gate(a, A.seesNulls), Self.gate(b, B.seesNulls)), Self.gate(c, C.seesNulls))
    let output = try gated(rows, gate, R.self) { i in
      try body(
        A.argument(x.base[i & x.mask], isValid: x.isValid(i)), B.argument(y.base[i & y.mask], isValid: y.isValid(i)),
        C.argument(z.base[i & z.mask], isValid: z.isValid(i)))
    }
    return withExtendedLifetime((a, b, c)) { output.vector(type, rows: rows, heap: a.heap + b.heap + c.heap) }
  }

  @inlinable @inline(__always)
  public static func quaternary<A: ScalarArgument, B: ScalarArgument, C: ScalarArgument, D: ScalarArgument, R: ScalarResult>(
    _ first: Vector, _ second: Vector, _ third: Vector, _ fourth: Vector, _ rows: Int, _ type: DataType,
    _ body: (A, B, C, D) throws -> R
  ) throws -> Vector {
    let a = first.dense(), b = second.dense(), c = third.dense(), d = fourth.dense()
    if (a.nullConstant != nil && !A.seesNulls) || (b.nullConstant != nil && !B.seesNulls) || (c.nullConstant != nil && !C.seesNulls)
      || (d.nullConstant != nil && !D.seesNulls)
    {
      return Vector.nulls(type, count: rows)
    }
    let x = a.reader(as: A.Stored.self), y = b.reader(as: B.Stored.self), z = c.reader(as: C.Stored.self), u = d.reader(as: D.Stored.self)
    let gate = Bitmap.both(
      Bitmap.both(gate(a, A.seesNulls), Self.gate(b, B.seesNulls)), Bitmap.both(Self.gate(c, C.seesNulls), Self.gate(d, D.seesNulls)))
    let output = try gated(rows, gate, R.self) { i in
      try body(
        A.argument(x.base[i & x.mask], isValid: x.isValid(i)), B.argument(y.base[i & y.mask], isValid: y.isValid(i)),
        C.argument(z.base[i & z.mask], isValid: z.isValid(i)), D.argument(u.base[i & u.mask], isValid: u.isValid(i)))
    }
    return withExtendedLifetime((a, b, c, d)) { output.vector(type, rows: rows, heap: a.heap + b.heap + c.heap + d.heap) }
  }

  /// Calls `body` for the rows of `gate` (nil: all) and gathers what it answers. The rows' numbers are all `body` gets.
  @inlinable @inline(__always)
  public static func gated<R: ScalarResult>(_ rows: Int, _ gate: Bitmap?, _: R.Type, _ body: (Int) throws -> R) throws -> Output<R.Stored> {
    let output = Output<R.Stored>(rows: rows, nullable: R.mayBeNull || gate != nil)
    let out = output.values
    if !R.mayBeNull && gate == nil {
      for i in 0..<rows { out[i] = try body(i).stored }
      return output
    }
    let valid = gate?.pointer, words = output.words?.pointer(as: UInt64.self)
    for w in 0..<Bitmap.wordCount(rows) {
      let base = w &* 64, n = wordLength(w, rows)
      let called = (valid?[w] ?? ~0) & low(n)
      var present: UInt64 = 0
      for j in 0..<n {
        if (called &>> UInt64(truncatingIfNeeded: j)) & 1 == 0 {
          out[base &+ j] = R.Stored.placeholder
          continue
        }
        let r = try body(base &+ j)
        out[base &+ j] = r.stored
        present |= UInt64(truncatingIfNeeded: r.isPresent.bit) &<< UInt64(truncatingIfNeeded: j)
      }
      words?[w] = present
    }
    return withExtendedLifetime(gate) { output }
  }

  // MARK: Text results

  /// As `gated`, for functions that write their result: `body` writes row i's text.
  @inlinable @inline(__always)
  public static func written(
    _ rows: Int, _ gate: Bitmap?, _ type: DataType, _ body: (Int, inout TextWriter) throws -> Void
  ) throws -> Vector {
    var writer = TextWriter(capacity: rows * 16)
    let output = try gated(rows, gate, Bytes?.self) { i -> Bytes? in
      do { try body(i, &writer) } catch {
        writer.rewind()
        throw error
      }
      return writer.finishRow()
    }
    return withExtendedLifetime(gate) { output.vector(type, rows: rows, heap: writer.heap) }
  }
}

extension Vector {
  /// Flat or constant: row i is slot i or slot 0.
  @inlinable public func dense() -> Vector { if case .dictionary = encoding { flattened() } else { self } }

  /// Validity of the rows of a flat vector; nil where no row is null. A constant null has none: see `nullConstant`.
  @inlinable public var denseValidity: Bitmap? { validity }

  /// The value of a constant that is null.
  @inlinable public var nullConstant: Vector? {
    guard let value = constantValue, value.isNull(at: 0) else { return nil }
    return value
  }
}
