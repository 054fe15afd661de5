import RemoteSQL
import Values
import Vectors

/// Many whole numbers as bits, from the least to the greatest:
///
///     CASE WHEN k BETWEEN low AND high THEN get_bit('\x…'::bytea, (k - low)::int4) = 1 ELSE false END
///
/// Of `k = ANY ('{…}')` the server compares each element with the column's most common values while it plans, and hashes all of them; a look into a
/// table of 150,000 keys then takes it 100 ns and more, a bit 15.
struct KeyBits {
  private let low: Int64, high: Int64
  /// Bit i of byte j stands for low + 8j + i, as `get_bit` counts.
  private let bytes: [UInt8]

  /// Fewer are a short list; and the server may find fewer than a twentieth of a column's values by an index, for which it has to see them.
  private static let fewest = KeyCondition.fewValues, smallestShare = SplitPlanner.smallestShare
  /// At most so many bits a key, and 2 MB in all.
  private static let mostBits: Int64 = 64, mostBytes: Int64 = 2 << 20

  /// nil: keys that are better sent as a list.
  /// - Parameter values: distinct, ascending, without null.
  init?(_ values: Vector, of column: RemoteColumn) {
    guard values.count > KeyBits.fewest, let distinct = column.estimate?.distinct, Double(values.count) >= KeyBits.smallestShare * distinct,
      let numbers = KeyBits.numbers(values), let low = numbers.first, let high = numbers.last
    else { return nil }
    let (span, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, span >= 0, span / 8 < KeyBits.mostBytes, span / KeyBits.mostBits <= Int64(values.count) else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(span / 8) + 1)
    for number in numbers {
      let place = number &- low
      guard place >= 0, place <= span else { return nil }
      bytes[Int(place >> 3)] |= 1 << UInt8(truncatingIfNeeded: place & 7)
    }
    self.low = low
    self.high = high
    self.bytes = bytes
  }

  private static func numbers(_ values: Vector) -> [Int64]? {
    switch values.type {
    case .smallint, .integer, .bigint: break
    default: return nil
    }
    var numbers: [Int64] = []
    numbers.reserveCapacity(values.count)
    for row in 0..<values.count {
      guard case .integer(let number) = values.constant(at: row) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// - Parameter operand: a column, or what else may be written three times.
  func condition(on operand: RemoteText) -> RemoteText {
    var text = RemoteText("CASE WHEN ", type: .boolean)
    text.append(operand)
    text.append(" BETWEEN '\(low)'::int8 AND '\(high)'::int8 THEN get_bit('\\x\(hexadecimal)'::bytea, (")
    text.append(operand)
    text.append(" - '\(low)'::int8)::int4) = 1 ELSE false END")
    return text
  }

  private var hexadecimal: String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (i, byte) in bytes.enumerated() {
        text[2 * i] = KeyBits.digit(byte >> 4)
        text[2 * i + 1] = KeyBits.digit(byte & 15)
      }
      return 2 * bytes.count
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
