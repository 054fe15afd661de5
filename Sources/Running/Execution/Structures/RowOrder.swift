import Glibc
import Values
import Vectors

/// Sorting rows by keys: each key becomes order-preserving 64-bit words, compared as numbers; only ties of long texts look at the text.
enum RowOrder {
  /// One word column of the normalised key. Unsigned order of words is the order asked for.
  struct Words {
    var values: [UInt64]
    /// Ties in this column are decided by full comparison of these rows (long texts, nested values).
    var ties: (vector: Vector, isAscending: Bool)?
  }

  /// Row numbers in order; stable. Nulls and NaN as SQL orders them (NaN is the largest).
  static func sorted(_ batch: Batch, by keys: [SortKey], limit: Int? = nil) -> Selection {
    let n = batch.count
    let buffer = Buffer(byteCount: n * 4)
    var rows = UnsafeMutableBufferPointer(start: buffer.pointer(as: UInt32.self), count: n)
    for i in 0..<n { rows[i] = UInt32(truncatingIfNeeded: i) }
    let columns = keys.flatMap { words(batch.columns[$0.channel], $0) }
    if columns.count == 1, columns[0].ties == nil {
      sortPairs(columns[0].values, rows)
    } else if !columns.isEmpty {
      columns[0].values.withUnsafeBufferPointer { first in
        rows.sort { a, b in
          let x = first[Int(a)], y = first[Int(b)]
          if x != y { return x < y }
          return precedes(columns, a, b)
        }
      }
    }
    return Selection(rows: buffer, count: min(limit ?? n, n))
  }

  private static func precedes(_ columns: [Words], _ a: UInt32, _ b: UInt32) -> Bool {
    for column in columns {
      let x = column.values[Int(a)], y = column.values[Int(b)]
      if x != y { return x < y }
      if let (vector, isAscending) = column.ties {
        let order = ValueOrder.compare(vector, Int(a), vector, Int(b))
        if order != 0 { return isAscending ? order < 0 : order > 0 }
      }
    }
    return a < b
  }

  /// One word a row: sort (word, row) pairs in place, no look-ups in the comparison.
  private static func sortPairs(_ words: [UInt64], _ rows: UnsafeMutableBufferPointer<UInt32>) {
    var pairs = [(UInt64, UInt32)]()
    pairs.reserveCapacity(rows.count)
    for i in 0..<rows.count { pairs.append((words[i], UInt32(truncatingIfNeeded: i))) }
    pairs.sort { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }
    for i in 0..<rows.count { rows[i] = pairs[i].1 }
  }

  /// Normalised words of one key. Where nulls occur a word of 0, 1 or 2 goes before.
  static func words(_ vector: Vector, _ key: SortKey) -> [Words] {
    let n = vector.count
    var result: [Words] = []
    if vector.mayHaveNulls {
      let null: UInt64 = key.nullsFirst ? 0 : 2
      result.append(Words(values: (0..<n).map { vector.isNull(at: $0) ? null : 1 }))
    }
    let flip: UInt64 = key.isAscending ? 0 : ~0
    func signed<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> Words {
      let reader = vector.reader(as: T.self)
      return Words(
        values: (0..<n).map { reader.isValid($0) ? (UInt64(bitPattern: Int64(reader[$0])) ^ (1 << 63)) ^ flip : 0 })
    }
    switch vector.type.layout {
    case .bool:
      let reader = vector.reader(as: UInt8.self)
      result.append(Words(values: (0..<n).map { reader.isValid($0) ? UInt64(reader[$0]) ^ flip : 0 }))
    case .int8: result.append(signed(Int8.self))
    case .int16: result.append(signed(Int16.self))
    case .int32: result.append(signed(Int32.self))
    case .int64: result.append(signed(Int64.self))
    case .int128:
      let reader = vector.reader(as: SIMD2<UInt64>.self)
      let isZoned: Bool =
        switch vector.type {
        case .timestampWithTimeZone, .timeWithTimeZone: true
        default: false
        }
      result.append(Words(values: (0..<n).map { reader.isValid($0) ? (reader[$0][1] ^ (1 << 63)) ^ flip : 0 }))
      result.append(Words(values: (0..<n).map { reader.isValid($0) ? (isZoned ? reader[$0][0] & ~0xFFFF : reader[$0][0]) ^ flip : 0 }))
    case .float:
      let reader = vector.reader(as: Float.self)
      result.append(Words(values: (0..<n).map { reader.isValid($0) ? orderedBits(Double(reader[$0])) ^ flip : 0 }))
    case .double:
      let reader = vector.reader(as: Double.self)
      result.append(Words(values: (0..<n).map { reader.isValid($0) ? orderedBits(reader[$0]) ^ flip : 0 }))
    case .bytes:
      let reader = vector.reader(as: Bytes.self)
      var longest = 0
      let values = (0..<n).map { row -> UInt64 in
        if !reader.isValid(row) { return 0 }
        let view = reader[row]
        longest = max(longest, view.count)
        return prefix(view) ^ flip
      }
      // up to 7 bytes the word says everything: zero padding and the length tell "a" from "a\0"
      result.append(Words(values: values, ties: longest > 7 ? (vector, key.isAscending) : nil))
    case .list, .map, .row:
      result.append(Words(values: [UInt64](repeating: 0, count: n), ties: (vector, key.isAscending)))
    }
    return result
  }

  /// Seven bytes of text and the length up to eight.
  private static func prefix(_ view: Bytes) -> UInt64 {
    var word: UInt64 = 0
    let n = view.count
    view.withBytes { bytes in for i in 0..<min(7, n) { word |= UInt64(bytes[i]) << UInt64(56 - 8 * i) } }
    return word | UInt64(n > 7 ? 8 : n)
  }

  /// Bits of a double whose unsigned order is numeric order: NaN last, -0 as 0.
  static func orderedBits(_ x: Double) -> UInt64 {
    if x.isNaN { return ~0 }
    let bits = (x == 0 ? 0 : x).bitPattern
    return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
  }
}
