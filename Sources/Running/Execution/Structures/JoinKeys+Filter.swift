import Federation
import Values
import Vectors

extension JoinKeys {
  /// The keys of one key column, for scans on the other side: bounds, the values themselves when few, and a membership test.
  func filter(_ key: Int, limit: Int = 1_000_000) -> KeyFilter? {
    let column = layout.columns[key]
    let present = columns.count
    if present == 0 {
      return KeyFilter(type: column.type, count: 0, low: nil, high: nil, values: nil) { _ in Selection(rows: Buffer(byteCount: 0), count: 0)
      }
    }
    switch column.kind {
    case .word: return integerFilter(key, column, limit)
    case .text: return textFilter(key, column)
    case .wide, .zoned, .double, .float, .nested: return nil
    }
  }

  private func integerFilter(_ key: Int, _ column: KeyLayout.Column, _ limit: Int) -> KeyFilter? {
    let vector = vector(key)
    let n = columns.count, w = layout.width
    var low = Int64.max, high = Int64.min
    let hasNulls = vector.mayHaveNulls
    for i in 0..<n where !hasNulls || !vector.isNull(at: i) {
      let value = Int64(bitPattern: words[i &* w &+ column.offset])
      low = min(low, value)
      high = max(high, value)
    }
    if low > high {
      return KeyFilter(type: column.type, count: 0, low: nil, high: nil, values: nil) { _ in Selection(rows: Buffer(byteCount: 0), count: 0)
      }
    }
    let (span, overflow) = high.subtractingReportingOverflow(low)
    // a bit a value while the range is small: exact, and as quick as a comparison (up to a megabyte, or 32 bytes a key)
    var bits: Buffer?
    if !overflow && span < 1 << 28 && span < max(Int64(n) * 256, 1 << 23) {
      let made = Buffer(zeroed: (Int(span) / 64 + 1) * 8)
      let p = made.pointer(as: UInt64.self)
      for i in 0..<n where !hasNulls || !vector.isNull(at: i) {
        p.setBit(Int(Int64(bitPattern: words[i &* w &+ column.offset]) &- low))
      }
      bits = made
    }
    var values: KeyValues?, count = n
    if let bits {
      let p = bits.pointer(as: UInt64.self)
      count = (0...Int(span) / 64).reduce(0) { $0 + p[$1].nonzeroBitCount }
      if count <= limit { values = KeyValues { [low, count] in column.values(bits, from: low, count: count) } }
    } else if n <= 100_000 {
      let distinct = distinctValues(column, hasNulls ? vector : nil)
      count = distinct.count
      values = KeyValues(distinct)
    }
    var bloom: BloomBits?
    if bits == nil {
      let filter = BloomBits(count: n)
      for i in 0..<n where !hasNulls || !vector.isNull(at: i) { filter.insert(KeyHash.mix(words[i &* w &+ column.offset])) }
      bloom = filter
    }
    let membership = IntegerMembership(low: low, high: high, bits: bits, bloom: bloom)
    return KeyFilter(
      type: column.type, count: count, low: column.constant(low), high: column.constant(high), values: values,
      select: { membership.select($0) }
    )
  }

  private func distinctValues(_ column: KeyLayout.Column, _ nulls: Vector?) -> Vector {
    var keys: [Int64] = []
    keys.reserveCapacity(columns.count)
    for i in 0..<columns.count where !(nulls?.isNull(at: i) ?? false) {
      keys.append(Int64(bitPattern: words[i * layout.width + column.offset]))
    }
    keys.sort()
    let builder = VectorBuilder(column.type, capacity: keys.count)
    var last: Int64?
    for key in keys where key != last {
      builder.append(column.constant(key))
      last = key
    }
    return builder.finish()
  }

  private func textFilter(_ key: Int, _ column: KeyLayout.Column) -> KeyFilter? {
    let n = columns.count
    let vector = vector(key)
    let reader = vector.reader(as: Bytes.self)
    let bloom = BloomBits(count: n)
    for i in 0..<n where reader.isValid(i) { bloom.insert(KeyHash.hash(text: reader[i])) }
    var values: Vector?
    if n <= 10_000 {
      var seen = Set<[UInt8]>()
      for i in 0..<n where reader.isValid(i) { seen.insert(reader[i].array) }
      let builder = VectorBuilder(column.type, capacity: seen.count)
      for value in seen.sorted(by: { $0.lexicographicallyPrecedes($1) }) { builder.append(.bytes(value)) }
      values = builder.finish()
    }
    let count = values?.count ?? n
    return KeyFilter(
      type: column.type, count: count, low: values.flatMap { $0.count > 0 ? $0.constant(at: 0) : nil },
      high: values.flatMap { $0.count > 0 ? $0.constant(at: $0.count - 1) : nil }, values: values.map { KeyValues($0) }
    ) { TextMembership(bloom: bloom).select($0) }
  }
}

extension KeyLayout.Column {
  /// A key word as a constant of the column's type.
  func constant(_ value: Int64) -> Constant { type.layout == .bool ? .boolean(value != 0) : .integer(value) }

  /// The values whose bits are set, counted from `low`.
  func values(_ bits: Buffer, from low: Int64, count: Int) -> Vector {
    let builder = VectorBuilder(type, capacity: count), words = bits.pointer(as: UInt64.self)
    for w in 0..<bits.byteCount / 8 {
      var word = words[w]
      while word != 0 {
        builder.append(constant(low &+ Int64(w * 64 + word.trailingZeroBitCount)))
        word &= word - 1
      }
    }
    return builder.finish()
  }
}

/// Tests integers for being among the keys: range first, then one bit.
private struct IntegerMembership: Sendable {
  let low: Int64
  let high: Int64
  let bits: Buffer?
  let bloom: BloomBits?

  func select(_ vector: Vector) -> Selection? {
    switch vector.type.layout {
    case .int8: select(vector, as: Int8.self)
    case .int16: select(vector, as: Int16.self)
    case .int32: select(vector, as: Int32.self)
    case .int64: select(vector, as: Int64.self)
    case .bool, .int128, .float, .double, .bytes, .list, .map, .row: nil
    }
  }

  private func select<T: FixedWidthInteger & BitwiseCopyable>(_ vector: Vector, as type: T.Type) -> Selection {
    let reader = vector.reader(as: T.self)
    let n = vector.count
    let out = Buffer(byteCount: n * 4)
    let rows = out.pointer(as: UInt32.self)
    let base = UInt64(bitPattern: low), span = UInt64(bitPattern: high &- low)
    var kept = 0
    if let bits {
      let words = bits.pointer(as: UInt64.self)
      for i in 0..<n {
        let x = UInt64(bitPattern: Int64(reader[i])) &- base
        rows[kept] = UInt32(truncatingIfNeeded: i)
        let inside = x <= span
        let word = words[inside ? Int(truncatingIfNeeded: x >> 6) : 0]
        kept &+= inside.bit & Int((word >> (x & 63)) & 1)
      }
    } else if let bloom {
      for i in 0..<n {
        let word = UInt64(bitPattern: Int64(reader[i]))
        rows[kept] = UInt32(truncatingIfNeeded: i)
        kept &+= (word &- base <= span).bit & bloom.contains(KeyHash.mix(word)).bit
      }
    } else {
      for i in 0..<n {
        let x = UInt64(bitPattern: Int64(reader[i])) &- base
        rows[kept] = UInt32(truncatingIfNeeded: i)
        kept &+= (x <= span).bit
      }
    }
    if reader.validity != nil {
      var valid = 0
      for i in 0..<kept {
        let row = rows[i]
        rows[valid] = row
        valid &+= reader.isValid(Int(row)).bit
      }
      kept = valid
    }
    withExtendedLifetime(vector) {}
    return Selection(rows: out, count: kept)
  }
}

/// Tests texts for being perhaps among the keys; each dictionary entry once.
private struct TextMembership: Sendable {
  let bloom: BloomBits

  func select(_ vector: Vector) -> Selection? {
    guard vector.type.layout == .bytes else { return nil }
    let n = vector.count
    let out = Buffer(byteCount: n * 4)
    let rows = out.pointer(as: UInt32.self)
    var kept = 0
    if case .dictionary(let indices, let values) = vector.encoding, values.count < n {
      let entries = values.reader(as: Bytes.self)
      let passing = Buffer(byteCount: values.count)
      let passes = passing.pointer(as: UInt8.self), index = indices.pointer(as: UInt32.self)
      for i in 0..<values.count { passes[i] = entries.isValid(i) && bloom.contains(KeyHash.hash(text: entries[i])) ? 1 : 0 }
      for i in 0..<n {
        rows[kept] = UInt32(truncatingIfNeeded: i)
        kept &+= Int(passes[Int(index[i])])
      }
    } else {
      let reader = vector.reader(as: Bytes.self)
      for i in 0..<n {
        rows[kept] = UInt32(truncatingIfNeeded: i)
        kept &+= (reader.isValid(i) && bloom.contains(KeyHash.hash(text: reader[i]))).bit
      }
    }
    withExtendedLifetime(vector) {}
    return Selection(rows: out, count: kept)
  }
}
