import Values
import Vectors

/// Hashes that stay in the process: what counts distinct values and is never shown, stored or compared with another engine's. Two or three
/// multiplications a value, where the xxHash64 of Presto's sketches takes five and more.
enum QuickHash {
  /// A hash of every row, the same for equal values in whatever encoding; null rows hash to anything. nil: the type has none.
  static func hashes(_ vector: Vector) -> Buffer? {
    switch vector.type.layout {
    case .bool, .int8, .int16, .int32, .int64, .double, .bytes: break
    default: return nil
    }
    let hashes = Buffer(byteCount: max(vector.count, 1) * 8)
    add(vector, hashes.pointer(as: UInt64.self))
    return hashes
  }

  private static func add(_ vector: Vector, _ out: UnsafeMutablePointer<UInt64>) {
    let count = vector.count
    switch vector.encoding {
    case .constant(let value):
      var hash: UInt64 = 0
      add(value, &hash)
      for row in 0..<count { out[row] = hash }
    case .dictionary(let indices, let values):
      // a selection of few rows of much: only what is chosen
      if values.count > 2 * count { return add(vector.flattened(), out) }
      let inner = Buffer(byteCount: max(values.count, 1) * 8), slots = indices.pointer(as: UInt32.self)
      let from = inner.pointer(as: UInt64.self)
      add(values, from)
      for row in 0..<count { out[row] = from[Int(slots[row])] }
      withExtendedLifetime(inner) {}
    case .flat(let values, _, _): slots(vector.type.layout, values, out, count)
    case .list, .map, .row: break
    }
    withExtendedLifetime(vector) {}
  }

  private static func slots(_ layout: DataType.Layout, _ values: Buffer, _ out: UnsafeMutablePointer<UInt64>, _ count: Int) {
    func integers<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
      let p = values.pointer(as: T.self)
      for row in 0..<count { out[row] = mixed(UInt64(truncatingIfNeeded: p[row])) }
    }
    switch layout {
    case .bool: integers(UInt8.self)
    case .int8: integers(Int8.self)
    case .int16: integers(Int16.self)
    case .int32: integers(Int32.self)
    case .int64: integers(Int64.self)
    case .double:
      let p = values.pointer(as: Double.self)
      for row in 0..<count {
        let x = p[row]
        out[row] = mixed(x == 0 ? 0 : x.isNaN ? 0x7FF8_0000_0000_0000 : x.bitPattern)
      }
    case .bytes:
      let p = values.pointer(as: Bytes.self)
      for row in 0..<count { out[row] = hash(p[row]) }
    default: break
    }
  }

  /// SplitMix64. Source: Guy Steele, Doug Lea and Christine Flood, "Fast Splittable Pseudorandom Number Generators".
  @inline(__always)
  static func mixed(_ x: UInt64) -> UInt64 {
    var h = x &+ 0x9E37_79B9_7F4A_7C15
    h = (h ^ h &>> 30) &* 0xBF58_476D_1CE4_E5B9
    h = (h ^ h &>> 27) &* 0x94D0_49BB_1331_11EB
    return h ^ h &>> 31
  }

  /// Both halves of a product of 64-bit numbers, folded. Source: Wang Yi, wyhash.
  @inline(__always)
  private static func folded(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// A short text is its two words; of a long one sixteen bytes at a time, the last sixteen over what is left.
  @inline(__always)
  private static func hash(_ text: Bytes) -> UInt64 {
    let n = text.count
    if n <= Bytes.inlineCapacity { return mixed(folded(text.head ^ 0xA076_1D64_78BD_642F, text.tail ^ 0xE703_7ED1_A0B4_28DB)) }
    guard let p = UnsafeRawPointer(bitPattern: UInt(text.tail)) else { return 0 }
    var h = UInt64(n) ^ 0x8EBC_6AF0_9C88_C6E3
    var at = 0
    while at + 16 < n {
      h = step(h, p + at, p + at + 8)
      at += 16
    }
    // at least eight of a text's bytes are there, and both loads lie within it
    return mixed(step(h, p + max(n - 16, 0), p + n - 8))
  }

  @inline(__always)
  private static func step(_ h: UInt64, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> UInt64 {
    folded(a.loadUnaligned(as: UInt64.self) ^ 0xA076_1D64_78BD_642F, b.loadUnaligned(as: UInt64.self) ^ h)
  }
}
