import Values

extension Vector {
  /// The rows named by the selection. Dictionaries stay dictionaries, constants stay constants.
  public func gathered(_ selection: Selection) -> Vector { gathered(UnsafePointer(selection.pointer), count: selection.count) }

  /// Row `rows[i]` as the i-th. Every row is below `count`.
  public func gathered(_ rows: UnsafePointer<UInt32>, count n: Int) -> Vector {
    switch encoding {
    case .constant(let value): return Vector(type, count: n, .constant(value))
    case .dictionary(let indices, let values):
      let chosen = Buffer(byteCount: n * 4)
      let a = indices.pointer(as: UInt32.self), b = chosen.pointer(as: UInt32.self)
      for i in 0..<n { b[i] = a[Int(rows[i])] }
      return Vector(type, count: n, .dictionary(indices: chosen, values: values))
    case .flat(let values, let heap, let validity):
      let chosen = Buffer(byteCount: n * type.layout.width)
      gatherSlots(values, into: chosen, rows, n)
      return Vector(type, count: n, .flat(values: chosen, heap: heap, validity: validity.flatMap { $0.gathered(rows, n) }))
    case .list(let offsets, let elements, let validity):
      let (newOffsets, inner) = gatherRanges(offsets, rows, n)
      return Vector(
        type, count: n, .list(offsets: newOffsets, elements: elements.gathered(inner), validity: validity.flatMap { $0.gathered(rows, n) }))
    case .map(let offsets, let keys, let values, let validity):
      let (newOffsets, inner) = gatherRanges(offsets, rows, n)
      return Vector(
        type, count: n,
        .map(
          offsets: newOffsets, keys: keys.gathered(inner), values: values.gathered(inner),
          validity: validity.flatMap { $0.gathered(rows, n) }))
    case .row(let fields, let validity):
      return Vector(
        type, count: n, .row(fields: fields.map { $0.gathered(rows, count: n) }, validity: validity.flatMap { $0.gathered(rows, n) }))
    }
  }

  /// As `gathered`, but `UInt32.max` stands for a null row: the other side of an outer join.
  public func gatheredOrNull(_ rows: UnsafePointer<UInt32>, count n: Int) -> Vector {
    let safe = Buffer(byteCount: n * 4), words = Buffer(zeroed: Bitmap.wordCount(n) * 8)
    let s = safe.pointer(as: UInt32.self), w = words.pointer(as: UInt64.self)
    var nulls = 0
    for i in 0..<n {
      let isRow = rows[i] != UInt32.max
      s[i] = isRow ? rows[i] : 0
      w[i >> 6] |= UInt64(isRow.bit) << UInt64(i & 63)
      nulls += 1 - isRow.bit
    }
    if nulls == 0 { return gathered(rows, count: n) }
    if nulls == n || count == 0 { return Vector.nulls(type, count: n) }
    return gathered(UnsafePointer(s), count: n).flattened().masked(by: Bitmap(words: words, count: n))
  }

  /// The same rows, null where `mask` is clear as well. The vector is flat or nested.
  public func masked(by mask: Bitmap) -> Vector {
    switch encoding {
    case .flat(let values, let heap, let validity):
      if type.layout == .bytes {
        // null slots of text hold the empty view, so that kernels may read them
        let copy = Buffer(byteCount: count * 16)
        let from = values.pointer(as: Bytes.self), to = copy.pointer(as: Bytes.self)
        for i in 0..<count { to[i] = mask[i] ? from[i] : .empty }
        return Vector(type, count: count, .flat(values: copy, heap: heap, validity: Bitmap.both(validity, mask)))
      }
      return Vector(type, count: count, .flat(values: values, heap: heap, validity: Bitmap.both(validity, mask)))
    case .list(let offsets, let elements, let validity):
      return Vector(type, count: count, .list(offsets: offsets, elements: elements, validity: Bitmap.both(validity, mask)))
    case .map(let offsets, let keys, let values, let validity):
      return Vector(type, count: count, .map(offsets: offsets, keys: keys, values: values, validity: Bitmap.both(validity, mask)))
    case .row(let fields, let validity):
      return Vector(type, count: count, .row(fields: fields, validity: Bitmap.both(validity, mask)))
    case .constant, .dictionary: return flattened().masked(by: mask)
    }
  }

  /// Without dictionary or constant encoding at the top.
  public func flattened() -> Vector {
    switch encoding {
    case .flat, .list, .map, .row: return self
    case .dictionary(let indices, let values): return values.gathered(UnsafePointer(indices.pointer(as: UInt32.self)), count: count)
    case .constant(let value):
      let zeros = Buffer(zeroed: count * 4)
      return value.gathered(UnsafePointer(zeros.pointer(as: UInt32.self)), count: count)
    }
  }

  public func slice(_ range: Range<Int>) -> Vector {
    if range.lowerBound == 0 && range.upperBound == count { return self }
    let rows = Buffer(byteCount: range.count * 4)
    let p = rows.pointer(as: UInt32.self)
    for i in 0..<range.count { p[i] = UInt32(truncatingIfNeeded: range.lowerBound + i) }
    return gathered(UnsafePointer(p), count: range.count)
  }

  private func gatherSlots(_ values: Buffer, into out: Buffer, _ rows: UnsafePointer<UInt32>, _ n: Int) {
    switch type.layout.width {
    case 1: copySlots(UInt8.self, values, out, rows, n)
    case 2: copySlots(UInt16.self, values, out, rows, n)
    case 4: copySlots(UInt32.self, values, out, rows, n)
    case 8: copySlots(UInt64.self, values, out, rows, n)
    default: copySlots(SIMD2<UInt64>.self, values, out, rows, n)
    }
  }

  @inline(__always)
  private func copySlots<T: BitwiseCopyable>(_: T.Type, _ values: Buffer, _ out: Buffer, _ rows: UnsafePointer<UInt32>, _ n: Int) {
    let from = values.pointer(as: T.self), to = out.pointer(as: T.self)
    for i in 0..<n { to[i] = from[Int(rows[i])] }
  }

  private func gatherRanges(_ offsets: Buffer, _ rows: UnsafePointer<UInt32>, _ n: Int) -> (Buffer, Selection) {
    let from = offsets.pointer(as: Int32.self)
    let out = Buffer(byteCount: (n + 1) * 4)
    let to = out.pointer(as: Int32.self)
    to[0] = 0
    for i in 0..<n { to[i + 1] = to[i] &+ (from[Int(rows[i]) + 1] &- from[Int(rows[i])]) }
    let inner = Buffer(byteCount: Int(to[n]) * 4)
    let p = inner.pointer(as: UInt32.self)
    var k = 0
    for i in 0..<n {
      for j in from[Int(rows[i])]..<from[Int(rows[i]) + 1] {
        p[k] = UInt32(truncatingIfNeeded: j)
        k += 1
      }
    }
    return (out, Selection(rows: inner, count: k))
  }
}

extension Bitmap {
  /// Bits of the rows named; nil when all of them are set.
  func gathered(_ rows: UnsafePointer<UInt32>, _ n: Int) -> Bitmap? {
    let out = Buffer(zeroed: Bitmap.wordCount(n) * 8)
    let from = pointer, to = out.pointer(as: UInt64.self)
    var set = 0
    for i in 0..<n {
      let row = Int(rows[i])
      let bit = (from[row >> 6] >> UInt64(row & 63)) & 1
      to[i >> 6] |= bit << UInt64(i & 63)
      set += Int(bit)
    }
    return set == n ? nil : Bitmap(words: out, count: n)
  }
}
