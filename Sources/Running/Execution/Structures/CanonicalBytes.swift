import Values
import Vectors

/// A value of any type as bytes that are equal exactly when the values are: how nested keys are grouped and joined.
enum CanonicalBytes {
  static func append(_ vector: Vector, _ row: Int, to bytes: inout [UInt8]) {
    if vector.isNull(at: row) {
      bytes.append(0)
      return
    }
    bytes.append(1)
    switch vector.encoding {
    case .constant(let value): appendPresent(value, 0, &bytes)
    case .dictionary(let indices, let values): appendPresent(values, Int(indices.pointer(as: UInt32.self)[row]), &bytes)
    case .flat, .list, .map, .row: appendPresent(vector, row, &bytes)
    }
  }

  /// Whether `=` finds the value equal to itself: it is not null nor NaN and has neither inside.
  static func equalsItself(_ vector: Vector, _ row: Int) -> Bool {
    if vector.isNull(at: row) { return false }
    switch vector.encoding {
    case .constant(let value): return equalsItself(value, 0)
    case .dictionary(let indices, let values): return equalsItself(values, Int(indices.pointer(as: UInt32.self)[row]))
    case .list(let offsets, let elements, _): return span(offsets, row).allSatisfy { equalsItself(elements, $0) }
    case .map(let offsets, _, let values, _): return span(offsets, row).allSatisfy { equalsItself(values, $0) }
    case .row(let fields, _): return fields.allSatisfy { equalsItself($0, row) }
    case .flat(let values, _, _):
      switch vector.type.layout {
      case .double: return !values.pointer(as: Double.self)[row].isNaN
      case .float: return !values.pointer(as: Float.self)[row].isNaN
      case .bool, .int8, .int16, .int32, .int64, .int128, .bytes, .list, .map, .row: return true
      }
    }
  }

  private static func span(_ offsets: Buffer, _ row: Int) -> Range<Int> {
    let p = offsets.pointer(as: Int32.self)
    return Int(p[row])..<Int(p[row + 1])
  }

  private static func appendPresent(_ vector: Vector, _ row: Int, _ bytes: inout [UInt8]) {
    func raw<T>(_ value: T) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
    switch vector.encoding {
    case .constant(let value): appendPresent(value, 0, &bytes)
    case .dictionary(let indices, let values): appendPresent(values, Int(indices.pointer(as: UInt32.self)[row]), &bytes)
    case .list(let offsets, let elements, _):
      let range = span(offsets, row)
      raw(Int32(truncatingIfNeeded: range.count))
      for i in range { append(elements, i, to: &bytes) }
    case .map(let offsets, let keys, let values, _):
      // maps are equal whatever the order of their entries
      var entries: [[UInt8]] = []
      for i in span(offsets, row) {
        var entry: [UInt8] = []
        append(keys, i, to: &entry)
        append(values, i, to: &entry)
        entries.append(entry)
      }
      entries.sort { $0.lexicographicallyPrecedes($1) }
      raw(Int32(truncatingIfNeeded: entries.count))
      for entry in entries {
        raw(Int32(truncatingIfNeeded: entry.count))
        bytes.append(contentsOf: entry)
      }
    case .row(let fields, _): for field in fields { append(field, row, to: &bytes) }
    case .flat(let values, _, _):
      switch vector.type.layout {
      case .bytes:
        let view = values.pointer(as: Bytes.self)[row]
        raw(Int32(truncatingIfNeeded: view.count))
        view.withBytes { bytes.append(contentsOf: $0) }
      case .double:
        let x = values.pointer(as: Double.self)[row]
        raw(x == 0 ? 0 : x.isNaN ? Double.nan.bitPattern : x.bitPattern)
      case .float:
        let x = values.pointer(as: Float.self)[row]
        raw(x == 0 ? 0 : x.isNaN ? Float.nan.bitPattern : x.bitPattern)
      case .int128:
        let x = values.pointer(as: SIMD2<UInt64>.self)[row]
        switch vector.type {
        case .timestampWithTimeZone, .timeWithTimeZone: raw(SIMD2(x[0] & ~0xFFFF, x[1]))
        default: raw(x)
        }
      case .bool, .int8, .int16, .int32, .int64:
        let width = vector.type.layout.width
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: values.base + row * width, count: width))
      case .list, .map, .row: break
      }
    }
  }
}
