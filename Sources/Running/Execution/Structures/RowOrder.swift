import Glibc
import Values
import Vectors

/// Sorting rows by keys: each key becomes order-preserving 64-bit words, compared as numbers; only ties of long texts look at the text.
///
///     rows:   [ first word | row ] …      sorted as pairs: most comparisons end at the first word, which lies beside the row's number
///     column: [ word of row 0 | word of row 1 | … ]      of every further word
enum RowOrder {
  /// One word column of the normalised key. Unsigned order of words is the order asked for.
  struct Words {
    let buffer: Buffer
    let values: UnsafeMutablePointer<UInt64>
    /// How equal words are told apart.
    var tie = Tie.none
    var isAscending = true

    init(count: Int) {
      buffer = Buffer(byteCount: max(count, 1) * 8)
      values = buffer.pointer(as: UInt64.self)
    }
  }

  enum Tie {
    /// Equal words are equal values.
    case none
    case text(Reader<Bytes>)
    case nested(Vector)
  }

  private struct Pair {
    let word: UInt64
    let row: UInt32
  }

  /// Row numbers in order; stable. Nulls and NaN as SQL orders them (NaN is the largest).
  static func sorted(_ batch: Batch, by keys: [SortKey], limit: Int? = nil) -> Selection {
    let n = batch.count
    let buffer = Buffer(byteCount: max(n, 1) * 4)
    let rows = buffer.pointer(as: UInt32.self)
    let columns = keys.flatMap { words(batch.columns[$0.channel], $0) }
    guard let first = columns.first else {
      for i in 0..<n { rows[i] = UInt32(truncatingIfNeeded: i) }
      return Selection(rows: buffer, count: min(limit ?? n, n))
    }
    let memory = Buffer(byteCount: max(n, 1) * MemoryLayout<Pair>.stride)
    var pairs = UnsafeMutableBufferPointer(start: memory.pointer(as: Pair.self), count: n)
    for i in 0..<n { pairs[i] = Pair(word: first.values[i], row: UInt32(truncatingIfNeeded: i)) }
    if columns.count == 1, case .none = first.tie {
      pairs.sort { $0.word != $1.word ? $0.word < $1.word : $0.row < $1.row }
    } else {
      columns.withUnsafeBufferPointer { columns in
        pairs.sort { a, b in a.word != b.word ? a.word < b.word : precedes(columns, Int(a.row), Int(b.row)) }
      }
    }
    for i in 0..<n { rows[i] = pairs[i].row }
    withExtendedLifetime(batch) {}
    return Selection(rows: buffer, count: min(limit ?? n, n))
  }

  private static func precedes(_ columns: UnsafeBufferPointer<Words>, _ a: Int, _ b: Int) -> Bool {
    for index in columns.indices {
      let x = columns[index].values[a], y = columns[index].values[b]
      if x != y { return x < y }
      let order: Int
      switch columns[index].tie {
      case .none: continue
      case .text(let reader):
        // nulls tie with nulls alone: a column of words before this one has told them apart
        if !reader.isValid(a) { continue }
        order = Bytes.compare(reader[a], reader[b])
      case .nested(let vector): order = vector.isNull(at: a) ? 0 : ValueOrder.compare(vector, a, vector, b)
      }
      if order != 0 { return columns[index].isAscending ? order < 0 : order > 0 }
    }
    return a < b
  }

  /// Normalised words of one key. Where nulls occur a word of 0, 1 or 2 goes before.
  static func words(_ vector: Vector, _ key: SortKey) -> [Words] {
    let n = vector.count
    var result: [Words] = []
    if vector.mayHaveNulls {
      let null: UInt64 = key.nullsFirst ? 0 : 2
      let words = Words(count: n)
      for row in 0..<n { words.values[row] = vector.isNull(at: row) ? null : 1 }
      result.append(words)
    }
    let flip: UInt64 = key.isAscending ? 0 : ~0
    func column<T: BitwiseCopyable>(_: T.Type, _ word: (T) -> UInt64) {
      let reader = vector.reader(as: T.self)
      let words = Words(count: n)
      for row in 0..<n { words.values[row] = reader.isValid(row) ? word(reader[row]) ^ flip : 0 }
      result.append(words)
    }
    switch vector.type.layout {
    case .bool: column(UInt8.self) { UInt64($0) }
    case .int8: column(Int8.self) { signed(Int64($0)) }
    case .int16: column(Int16.self) { signed(Int64($0)) }
    case .int32: column(Int32.self) { signed(Int64($0)) }
    case .int64: column(Int64.self) { signed($0) }
    case .int128:
      let isZoned: Bool =
        switch vector.type {
        case .timestampWithTimeZone, .timeWithTimeZone: true
        default: false
        }
      column(SIMD2<UInt64>.self) { $0[1] ^ (1 << 63) }
      column(SIMD2<UInt64>.self) { isZoned ? $0[0] & ~0xFFFF : $0[0] }
    case .float: column(Float.self) { Double($0).orderedBits }
    case .double: column(Double.self) { $0.orderedBits }
    case .bytes:
      var longest = 0
      column(Bytes.self) { view in
        longest = max(longest, view.count)
        return prefix(view)
      }
      // up to 7 bytes the word says everything: zero padding and the length tell "a" from "a\0"
      if longest > 7 {
        result[result.count - 1].tie = .text(vector.reader(as: Bytes.self))
        result[result.count - 1].isAscending = key.isAscending
      }
    case .list, .map, .row:
      var words = Words(count: n)
      for row in 0..<n { words.values[row] = 0 }
      words.tie = .nested(vector)
      words.isAscending = key.isAscending
      result.append(words)
    }
    return result
  }

  private static func signed(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ (1 << 63) }

  /// Seven bytes of text and the length up to eight.
  private static func prefix(_ view: Bytes) -> UInt64 {
    let n = view.count
    var word = view.head >> 32
    if n > 12 {
      if let text = UnsafeRawPointer(bitPattern: UInt(view.tail)) { word = text.loadUnaligned(as: UInt64.self) }
    } else {
      word |= view.tail << 32
    }
    return (word.bigEndian & ~0xFF) | UInt64(n > 7 ? 8 : n)
  }
}
