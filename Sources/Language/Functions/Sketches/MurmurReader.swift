import Values
import Vectors

/// Hashes of values as Java's sketches make them: MurmurHash3 of eight bytes, little-endian, or of the bytes of a text.
struct MurmurReader {
  /// The hash of a row that is not null; nil: this sketch leaves the value out.
  let hash: (Int) -> UInt64?

  /// Whether there are such hashes of a type.
  static func takes(_ type: DataType, doubles: Bool) -> Bool {
    switch type.layout {
    case .int8, .int16, .int32, .int64, .float, .bytes: true
    case .double: doubles
    case .bool, .int128, .list, .map, .row: false
    }
  }

  /// `divisor` brings times to the unit that the sketch counts in; texts of no bytes are left out where `skipsEmpty` says so.
  init(_ vector: Vector, seed: UInt64 = 0, divisor: Int64 = 1, skipsEmpty: Bool = false) {
    func number(_ value: Int64) -> UInt64 { withUnsafeBytes(of: value.littleEndian) { Hash.murmur3Halves($0, seed: seed).low } }
    switch vector.type.layout {
    case .int8:
      let values = vector.reader(as: Int8.self)
      hash = { number(Int64(values[$0])) }
    case .int16:
      let values = vector.reader(as: Int16.self)
      hash = { number(Int64(values[$0])) }
    case .int32:
      let values = vector.reader(as: Int32.self)
      hash = { number(Int64(values[$0])) }
    case .int64:
      let values = vector.reader(as: Int64.self)
      hash = { number(values[$0] / divisor) }
    case .float:
      // a long with the bits of the float in it
      let values = vector.reader(as: Float.self)
      hash = { number(Int64(Int32(bitPattern: values[$0].bitPattern))) }
    case .double:
      let values = vector.reader(as: Double.self)
      hash = { row in
        let value = values[row]
        return number(Int64(bitPattern: value == 0 ? 0 : value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern))
      }
    case .bytes:
      let values = vector.reader(as: Bytes.self)
      hash = { row in values[row].withBytes { skipsEmpty && $0.isEmpty ? nil : Hash.murmur3Halves($0, seed: seed).low } }
    case .bool, .int128, .list, .map, .row: hash = { _ in nil }
    }
  }
}
