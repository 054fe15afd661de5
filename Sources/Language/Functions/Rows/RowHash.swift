import Values
import Vectors

/// A 64-bit hash of every row, as Presto defines it per type (xxHash64 of the value; `31 * hash + …` over elements and fields). Null rows
/// hash to 0. Equal values hash equal, whatever the encoding, the zone of a timestamp, or the sign of a zero.
func rowHashes(_ vector: Vector) -> Buffer {
  let hashes = Buffer(byteCount: max(vector.count, 1) * 8)
  hashRows(vector, into: hashes.pointer(as: UInt64.self))
  return hashes
}

func hashRows(_ vector: Vector, into out: UnsafeMutablePointer<UInt64>) {
  let count = vector.count
  switch vector.encoding {
  case .constant(let value):
    var hash: UInt64 = 0
    hashRows(value, into: &hash)
    for row in 0..<count { out[row] = hash }
  case .dictionary(let indices, let values):
    let slots = indices.pointer(as: UInt32.self)
    if values.count > 2 * count {
      // a selection of few rows of much: hash only what is chosen
      hashRows(vector.flattened(), into: out)
    } else {
      let inner = rowHashes(values)
      let from = inner.pointer(as: UInt64.self)
      for row in 0..<count { out[row] = from[Int(slots[row])] }
      withExtendedLifetime(inner) {}
    }
  case .list(let offsets, let elements, let validity):
    let inner = rowHashes(elements)
    let from = inner.pointer(as: UInt64.self), ends = offsets.pointer(as: Int32.self)
    for row in 0..<count {
      var hash: UInt64 = 0
      for element in ends[row]..<ends[row + 1] { hash = 31 &* hash &+ from[Int(element)] }
      out[row] = hash
    }
    clearNulls(out, count, validity)
  case .map(let offsets, let keys, let values, let validity):
    let keyHashes = rowHashes(keys), valueHashes = rowHashes(values)
    let k = keyHashes.pointer(as: UInt64.self), v = valueHashes.pointer(as: UInt64.self), ends = offsets.pointer(as: Int32.self)
    for row in 0..<count {
      var hash: UInt64 = 0
      for entry in ends[row]..<ends[row + 1] { hash = hash &+ (k[Int(entry)] ^ v[Int(entry)]) }
      out[row] = hash
    }
    clearNulls(out, count, validity)
  case .row(let fields, let validity):
    for row in 0..<count { out[row] = 1 }
    for field in fields {
      let inner = rowHashes(field)
      let from = inner.pointer(as: UInt64.self)
      for row in 0..<count { out[row] = 31 &* out[row] &+ from[row] }
    }
    clearNulls(out, count, validity)
  case .flat(let values, _, let validity):
    hashSlots(vector.type, values, into: out, count)
    clearNulls(out, count, validity)
  }
  withExtendedLifetime(vector) {}
}

private func clearNulls(_ out: UnsafeMutablePointer<UInt64>, _ count: Int, _ validity: Bitmap?) {
  guard let validity else { return }
  let bits = validity.readable
  for row in 0..<count { out[row] &= 0 &- UInt64(bits.bit(row).bit) }
}

private func hashSlots(_ type: DataType, _ values: Buffer, into out: UnsafeMutablePointer<UInt64>, _ count: Int) {
  switch type.layout {
  case .bool: hashIntegers(values, UInt8.self, out, count)
  case .int8: hashIntegers(values, Int8.self, out, count)
  case .int16: hashIntegers(values, Int16.self, out, count)
  case .int32: hashIntegers(values, Int32.self, out, count)
  case .int64: hashIntegers(values, Int64.self, out, count)
  case .float:
    let p = values.pointer(as: Float.self)
    for row in 0..<count {
      let x = p[row]
      out[row] = XXHash64.hash(Int64(Int32(bitPattern: x == 0 ? 0 : x.isNaN ? 0x7FC0_0000 : x.bitPattern)))
    }
  case .double:
    let p = values.pointer(as: Double.self)
    for row in 0..<count {
      let x = p[row]
      out[row] = XXHash64.hash(Int64(bitPattern: x == 0 ? 0 : x.isNaN ? 0x7FF8_0000_0000_0000 : x.bitPattern))
    }
  case .int128:
    let p = values.pointer(as: Int128.self)
    if isZoned(type) {
      // the instant alone: zones do not tell values apart
      for row in 0..<count {
        out[row] =
          XXHash64.hash(Int64(truncatingIfNeeded: (p[row] &>> 16) / 1_000_000_000))
          ^ UInt64(truncatingIfNeeded: (p[row] &>> 16) % 1_000_000_000)
      }
    } else {
      for row in 0..<count {
        out[row] = XXHash64.hash(Int64(truncatingIfNeeded: p[row] &>> 64)) ^ XXHash64.hash(Int64(truncatingIfNeeded: p[row]))
      }
    }
  case .bytes:
    let p = values.pointer(as: Bytes.self)
    for row in 0..<count { out[row] = p[row].withBytes { XXHash64.hash($0) } }
  case .list, .map, .row: break
  }
}

@inline(__always)
private func hashIntegers<T: FixedWidthInteger & BitwiseCopyable>(
  _ values: Buffer, _: T.Type, _ out: UnsafeMutablePointer<UInt64>, _ count: Int
) {
  let p = values.pointer(as: T.self)
  for row in 0..<count { out[row] = XXHash64.hash(Int64(truncatingIfNeeded: p[row])) }
}

/// Types whose slots carry a zone in their lower 16 bits, which neither equality nor order looks at.
func isZoned(_ type: DataType) -> Bool {
  switch type {
  case .timestampWithTimeZone, .timeWithTimeZone: true
  default: false
  }
}
