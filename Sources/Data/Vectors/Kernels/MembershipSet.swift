import Values

/// The constants of an IN list, made for asking often: few numbers are compared one by one, many lie in a hash table, close ones in a bitmap.
/// NaN is in no list. Built once, shared by threads.
public final class MembershipSet: @unchecked Sendable {
  /// Whether the list has a null: then what is not found is unknown.
  public let hasNull: Bool
  public let count: Int
  private let type: DataType
  private enum Table {
    /// At most eight 64-bit numbers.
    case few([Int64])
    /// Bit i: `low + i` is in the list.
    case range(low: Int64, count: UInt64, bits: Buffer)
    case numbers(NumberTable)
    case wide(Set<Int128>)
    case texts(TextTable)
    /// Bit patterns of floats, zero without its sign.
    case floats(NumberTable)
    case doubles(NumberTable)
  }
  private let table: Table

  /// nil: values of this type (nested ones) have no table.
  public init?(_ values: [Constant], _ type: DataType) {
    self.type = type
    hasNull = values.contains(where: \.isNull)
    var numbers: [Int64] = []
    switch type.layout {
    case .bool:
      for case .boolean(let value) in values { numbers.append(value ? 1 : 0) }
      table = MembershipSet.numbers(numbers)
    case .int8, .int16, .int32, .int64:
      for value in values { if let number = value.wideValue, let small = Int64(exactly: number) { numbers.append(small) } }
      table = MembershipSet.numbers(numbers)
    case .int128:
      let isZoned: Bool =
        switch type {
        case .timestampWithTimeZone, .timeWithTimeZone: true
        default: false
        }
      table = .wide(Set(values.compactMap { value in value.wideValue.map { isZoned ? $0 >> 16 : $0 } }))
    case .float:
      for case .real(let value) in values where !value.isNaN { numbers.append(Int64((value == 0 ? 0 : value).bitPattern)) }
      table = .floats(NumberTable(numbers))
    case .double:
      for case .double(let value) in values where !value.isNaN { numbers.append(Int64(bitPattern: (value == 0 ? 0 : value).bitPattern)) }
      table = .doubles(NumberTable(numbers))
    case .bytes:
      table = .texts(TextTable(values.compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }))
    case .list, .map, .row: return nil
    }
    count = values.count
  }

  private static func numbers(_ values: [Int64]) -> Table {
    let sorted = Array(Set(values)).sorted()
    if sorted.count <= 4 { return .few(sorted) }
    if let low = sorted.first, let high = sorted.last {
      let (span, overflow) = high.subtractingReportingOverflow(low)
      if !overflow && span < max(1024, sorted.count * 64) && span < 1 << 24 {
        let bits = Buffer(zeroed: Int(span / 64 + 1) * 8)
        let words = bits.pointer(as: UInt64.self)
        for value in sorted { words.setBit(Int(value - low)) }
        return .range(low: low, count: UInt64(span) + 1, bits: bits)
      }
    }
    return .numbers(NumberTable(sorted))
  }

  /// One bit a row, set where the value is in the list; clear for nulls and past the end.
  public func bits(_ vector: Vector, _ rows: Int) -> Buffer {
    let dense = vector.dense()
    if dense.nullConstant != nil { return Buffer(zeroed: Bitmap.wordCount(rows) * 8) }
    let found: Buffer
    switch type.layout {
    case .bool: found = integers(dense, rows, UInt8.self)
    case .int8: found = integers(dense, rows, Int8.self)
    case .int16: found = integers(dense, rows, Int16.self)
    case .int32: found = integers(dense, rows, Int32.self)
    case .int64: found = integers(dense, rows, Int64.self)
    default: found = others(dense, rows)
    }
    if let valid = dense.validity?.pointer {
      let words = found.pointer(as: UInt64.self)
      for w in 0..<Bitmap.wordCount(rows) { words[w] &= valid[w] }
    }
    return withExtendedLifetime(dense) { found }
  }

  /// The IN predicate's values: unknown for nulls, and for what is not found in a list with a null.
  public func vector(_ values: Vector, _ rows: Int) -> Vector {
    if values.nullConstant != nil { return Vector.nulls(.boolean, count: rows) }
    let dense = values.dense()
    let found = bits(dense, rows)
    return BooleanVectors.vector(found, rows, validity: hasNull ? Bitmap(words: found, count: rows) : dense.validity)
  }

  @inline(__always)
  private func integers<T: FixedWidthInteger & BitwiseCopyable>(_ vector: Vector, _ rows: Int, _: T.Type) -> Buffer {
    switch table {
    case .few(let list):
      // unused places repeat the first value
      let a = list.first ?? 0
      let k = (a, list.count > 1 ? list[1] : a, list.count > 2 ? list[2] : a, list.count > 3 ? list[3] : a)
      if list.isEmpty { return Buffer(zeroed: Bitmap.wordCount(rows) * 8) }
      return test(vector, rows) { (x: T) in
        let v = Int64(truncatingIfNeeded: x)
        return (v == k.0).bit | (v == k.1).bit | (v == k.2).bit | (v == k.3).bit
      }
    case .range(let low, let count, let buffer):
      let words = UnsafePointer(buffer.pointer(as: UInt64.self))
      return test(vector, rows) { (x: T) in
        let place = UInt64(bitPattern: Int64(truncatingIfNeeded: x) &- low)
        return place < count ? words.bit(Int(truncatingIfNeeded: place)).bit : 0
      }
    case .numbers(let numbers): return test(vector, rows) { (x: T) in numbers.contains(Int64(truncatingIfNeeded: x)).bit }
    case .wide, .texts, .floats, .doubles: return Buffer(zeroed: Bitmap.wordCount(rows) * 8)
    }
  }

  private func others(_ vector: Vector, _ rows: Int) -> Buffer {
    switch table {
    case .wide(let values):
      switch type {
      case .timestampWithTimeZone, .timeWithTimeZone: return test(vector, rows) { (x: Int128) in values.contains(x >> 16).bit }
      default: return test(vector, rows) { (x: Int128) in values.contains(x).bit }
      }
    case .texts(let texts): return test(vector, rows) { (x: Bytes) in texts.contains(x).bit }
    case .floats(let numbers):
      return test(vector, rows) { (x: Float) in numbers.contains(Int64((x == 0 ? 0 : x).bitPattern)).bit }
    case .doubles(let numbers):
      return test(vector, rows) { (x: Double) in numbers.contains(Int64(bitPattern: (x == 0 ? 0 : x).bitPattern)).bit }
    case .few, .range, .numbers: return Buffer(zeroed: Bitmap.wordCount(rows) * 8)
    }
  }

  @inline(__always)
  private func test<T: BitwiseCopyable>(_ vector: Vector, _ rows: Int, _ body: (T) -> Int) -> Buffer {
    let buffer = Buffer(byteCount: Bitmap.wordCount(rows) * 8)
    let out = buffer.pointer(as: UInt64.self)
    let reader = vector.reader(as: T.self)
    let p = reader.base, mask = reader.mask
    for w in 0..<Bitmap.wordCount(rows) {
      let base = w &* 64
      var bits: UInt64 = 0
      for j in 0..<ScalarLoop.wordLength(w, rows) {
        bits |= UInt64(truncatingIfNeeded: body(p[(base &+ j) & mask])) &<< UInt64(truncatingIfNeeded: j)
      }
      out[w] = bits
    }
    return buffer
  }
}

/// Open addressing over 64-bit numbers, at most half full.
final class NumberTable: @unchecked Sendable {
  private let slots: Buffer
  private let shift: UInt64
  private let mask: Int
  /// The number that marks an empty slot, and whether it is itself in the set.
  private let empty: Int64 = Int64.min + 7
  private let hasEmpty: Bool

  init(_ values: [Int64]) {
    var bits: UInt64 = 4
    while (1 << bits) < values.count * 2 { bits += 1 }
    shift = 64 - bits
    mask = (1 << bits) - 1
    slots = Buffer(byteCount: (mask + 1) * 8)
    let p = slots.pointer(as: Int64.self)
    for i in 0...mask { p[i] = empty }
    var sawEmpty = false
    for value in values {
      if value == empty {
        sawEmpty = true
        continue
      }
      var at = NumberTable.hash(value, shift)
      while p[at] != empty && p[at] != value { at = (at + 1) & mask }
      p[at] = value
    }
    hasEmpty = sawEmpty
  }

  @inline(__always) private static func hash(_ value: Int64, _ shift: UInt64) -> Int {
    let (high, low) = UInt64(bitPattern: value ^ 0x2545_F491_4F6C_DD1D).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: (high ^ low) &>> shift)
  }

  @inline(__always) func contains(_ value: Int64) -> Bool {
    if value == empty { return hasEmpty }
    let p = slots.pointer(as: Int64.self)
    var at = NumberTable.hash(value, shift)
    while true {
      let found = p[at]
      if found == value { return true }
      if found == empty { return false }
      at = (at &+ 1) & mask
    }
  }
}

/// Open addressing over texts, at most half full.
final class TextTable: @unchecked Sendable {
  private var slots: Buffer
  private var used: Buffer
  private let mask: Int
  private let arena: Arena

  init(_ values: [[UInt8]]) {
    var size = 16
    while size < values.count * 2 { size *= 2 }
    mask = size - 1
    slots = Buffer(zeroed: size * 16)
    used = Buffer(zeroed: size)
    var arena = Arena()
    let p = slots.pointer(as: Bytes.self), u = used.pointer(as: UInt8.self)
    for value in values {
      let view = value.withUnsafeBytes { arena.store($0) }
      var at = TextTable.hash(view) & mask
      while u[at] != 0 && !(p[at] == view) { at = (at + 1) & mask }
      p[at] = view
      u[at] = 1
    }
    self.arena = arena
  }

  @inline(__always) private static func hash(_ view: Bytes) -> Int {
    var h = view.head &* 0x9E37_79B9_7F4A_7C15
    if view.count <= 12 {
      h ^= view.tail &* 0xC2B2_AE3D_27D4_EB4F
    } else {
      view.withBytes { bytes in
        var i = 4
        while i + 8 <= bytes.count {
          h = (h ^ bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)) &* 0xC2B2_AE3D_27D4_EB4F
          h ^= h &>> 29
          i += 8
        }
        h = (h ^ bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)) &* 0xC2B2_AE3D_27D4_EB4F
      }
    }
    h ^= h &>> 32
    return Int(truncatingIfNeeded: (h &* 0x9E37_79B9_7F4A_7C15) &>> 20)
  }

  @inline(__always) func contains(_ view: Bytes) -> Bool {
    let p = slots.pointer(as: Bytes.self), u = used.pointer(as: UInt8.self)
    var at = TextTable.hash(view) & mask
    while u[at] != 0 {
      if p[at] == view { return true }
      at = (at &+ 1) & mask
    }
    return false
  }
}
