import Values

extension Vector {
  /// A vector of `count` rows made of two parts: the i-th row of `a` goes to row `rowsOfA[i]`, that of `b` to `rowsOfB[i]`. Together the two
  /// selections name every row once. The parts may be of any encoding.
  public static func blended(
    _ a: Vector, at rowsOfA: Selection, _ b: Vector, at rowsOfB: Selection, count: Int, type: DataType
  ) -> Vector {
    let width = type.layout.width
    if width == 0 {
      let both = concatenated([a, b], type: type)
      let order = Buffer(byteCount: count * 4)
      let p = order.pointer(as: UInt32.self)
      for i in 0..<rowsOfA.count { p[Int(rowsOfA.pointer[i])] = UInt32(truncatingIfNeeded: i) }
      for i in 0..<rowsOfB.count { p[Int(rowsOfB.pointer[i])] = UInt32(truncatingIfNeeded: a.count + i) }
      return both.gathered(UnsafePointer(p), count: count)
    }
    let values = Buffer(byteCount: count * width)
    let mayHaveNulls = a.mayHaveNulls || b.mayHaveNulls
    let words = mayHaveNulls ? Buffer(zeroed: Bitmap.wordCount(count) * 8) : nil
    for (part, rows) in [(a, rowsOfA), (b, rowsOfB)] {
      switch width {
      case 1: scatter(UInt8.self, part, rows, values)
      case 2: scatter(UInt16.self, part, rows, values)
      case 4: scatter(UInt32.self, part, rows, values)
      case 8: scatter(UInt64.self, part, rows, values)
      default: scatter(SIMD2<UInt64>.self, part, rows, values)
      }
      if let bits = words?.pointer(as: UInt64.self) {
        let p = rows.pointer
        let reader = part.reader(as: UInt8.self)
        for i in 0..<rows.count where reader.isValid(i) { bits.setBit(Int(p[i])) }
        withExtendedLifetime(part) {}
      }
    }
    let heap = type.layout == .bytes ? a.heap + b.heap : []
    return .flat(type, count: count, values: values, heap: heap, validity: words.map { Bitmap(words: $0, count: count) })
  }

  @inline(__always)
  private static func scatter<T: BitwiseCopyable>(_: T.Type, _ part: Vector, _ rows: Selection, _ out: Buffer) {
    let reader = part.reader(as: T.self), to = out.pointer(as: T.self), p = rows.pointer
    if reader.isConstant {
      let value = reader.base[0]
      for i in 0..<rows.count { to[Int(p[i])] = value }
    } else if reader.isDense {
      let from = reader.base
      for i in 0..<rows.count { to[Int(p[i])] = from[i] }
    } else {
      for i in 0..<rows.count { to[Int(p[i])] = reader[i] }
    }
    withExtendedLifetime(part) {}
  }

  /// Row i of `a` where the bit is set, of `b` where it is clear. Both have `count` rows; the layout is flat.
  public static func chosen(_ mask: UnsafePointer<UInt64>, _ a: Vector, _ b: Vector, count: Int, type: DataType) -> Vector {
    let width = type.layout.width
    precondition(width > 0, "nested vectors are blended by rows")
    let x = a.dense(), y = b.dense()
    let values = Buffer(byteCount: count * width)
    switch width {
    case 1: choose(UInt8.self, mask, x, y, count, values)
    case 2: choose(UInt16.self, mask, x, y, count, values)
    case 4: choose(UInt32.self, mask, x, y, count, values)
    case 8: choose(UInt64.self, mask, x, y, count, values)
    default: choose(SIMD2<UInt64>.self, mask, x, y, count, values)
    }
    var validity: Bitmap?
    if x.mayHaveNulls || y.mayHaveNulls {
      let words = Buffer(byteCount: Bitmap.wordCount(count) * 8)
      let out = words.pointer(as: UInt64.self), p = x.validity?.pointer, q = y.validity?.pointer
      let xs: UInt64 = x.nullConstant == nil ? ~0 : 0, ys: UInt64 = y.nullConstant == nil ? ~0 : 0
      for w in 0..<Bitmap.wordCount(count) { out[w] = (mask[w] & (p?[w] ?? xs)) | (~mask[w] & (q?[w] ?? ys)) }
      validity = Bitmap(words: words, count: count)
    }
    let heap = type.layout == .bytes ? x.heap + y.heap : []
    return .flat(type, count: count, values: values, heap: heap, validity: validity)
  }

  @inline(__always)
  private static func choose<T: BitwiseCopyable>(
    _: T.Type, _ mask: UnsafePointer<UInt64>, _ a: Vector, _ b: Vector, _ count: Int, _ out: Buffer
  ) {
    let x = a.reader(as: T.self), y = b.reader(as: T.self), to = out.pointer(as: T.self)
    let p = x.base, q = y.base, m = x.mask, n = y.mask
    for w in 0..<Bitmap.wordCount(count) {
      let base = w &* 64, bits = mask[w]
      for j in 0..<ScalarLoop.wordLength(w, count) {
        let i = base &+ j
        to[i] = (bits &>> UInt64(truncatingIfNeeded: j)) & 1 != 0 ? p[i & m] : q[i & n]
      }
    }
    withExtendedLifetime((a, b)) {}
  }
}
