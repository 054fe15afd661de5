import Expressions
import Values
import Vectors

/// How key columns are laid out as rows of 64-bit words, so that grouping and joining compare words and never switch over types.
///
///     ┌ nulls? ────────┬ column 0 ┬ column 1 ────────────┬ …     one word a column up to 64 bits,
///     │ 1 word for 64  │ 1 word   │ 2 words (text, 128)  │       two for text views and 128-bit numbers
///
/// Words are canonical: equal values have equal words, except text longer than 12 bytes, whose second word is an address and is compared by
/// content. The null words (a bit a column) are there only when some key may be null.
struct KeyLayout: Sendable {
  enum Kind: Sendable { case word, double, float, wide, zoned, text, nested }

  struct Column: Sendable {
    let type: DataType
    let kind: Kind
    /// Index of its first word.
    let offset: Int
  }

  let columns: [Column]
  /// Words that say which columns are null; none where no key may be.
  let nullWords: Int
  /// Whether keys are matched as `=` has it: nulls, NaN, and what has either inside equal nothing. Grouping finds them equal to themselves.
  let isForJoin: Bool
  /// Words a row.
  let width: Int
  /// Indices of words that are the second of a text view.
  let textTails: [Int]
  /// The same as bits, for loops over rows; words from 64 on are looked up in `textTails`.
  let tailMask: UInt64

  init(_ types: [DataType], hasNulls: Bool, isForJoin: Bool = false) {
    nullWords = hasNulls ? max(1, (types.count + 63) / 64) : 0
    self.isForJoin = isForJoin
    var offset = nullWords
    var columns: [Column] = []
    var tails: [Int] = []
    for type in types {
      let kind: Kind =
        switch type.layout {
        case .bool, .int8, .int16, .int32, .int64: .word
        case .float: .float
        case .double: .double
        case .int128:
          switch type {
          case .timestampWithTimeZone, .timeWithTimeZone: .zoned
          default: .wide
          }
        case .bytes: .text
        case .list, .map, .row: .nested
        }
      columns.append(Column(type: type, kind: kind, offset: offset))
      switch kind {
      case .word, .float, .double: offset += 1
      case .wide, .zoned: offset += 2
      case .text, .nested:
        tails.append(offset + 1)
        offset += 2
      }
    }
    self.columns = columns
    width = max(offset, 1)
    textTails = tails
    tailMask = tails.reduce(0) { $1 < 64 ? $0 | 1 << UInt64($1) : $0 }
  }

  var hasNullWords: Bool { nullWords > 0 }

  @inline(__always) func isTail(_ word: Int) -> Bool { word < 64 ? (tailMask >> UInt64(word)) & 1 != 0 : textTails.contains(word) }

  /// Only whole words to compare.
  var isPlain: Bool { textTails.isEmpty }
}

/// Key rows and hashes of one batch, in reused buffers. Owned by one driver.
final class KeyEncoder {
  let layout: KeyLayout
  private(set) var words: UnsafeMutablePointer<UInt64>
  private(set) var hashes: UnsafeMutablePointer<UInt64>
  private var wordBuffer: Buffer
  private var hashBuffer: Buffer
  private var capacity = 0
  /// The vectors' row that is encoded first.
  private var first = 0
  /// Rows with any null key (joins: they match nothing); valid after `encode`.
  private(set) var nullRows: [UInt32] = []
  /// Of joins: further rows that match nothing, since NaN, or a null or NaN within an array, map or row, equals nothing.
  private(set) var unequalRows: [UInt32] = []
  /// Keeps alive what text words point at until the next `encode`.
  private var retained: [Vector] = []
  private var nestedArena = Arena()

  init(_ layout: KeyLayout) {
    self.layout = layout
    wordBuffer = Buffer(byteCount: 0)
    hashBuffer = Buffer(byteCount: 0)
    words = wordBuffer.pointer(as: UInt64.self)
    hashes = hashBuffer.pointer(as: UInt64.self)
  }

  /// Fills `words` and `hashes` for `count` rows of the vectors from `first` on. Without a null word, null rows get zero words and are listed in
  /// `nullRows`, counted from `first` as all rows are here.
  func encode(_ vectors: [Vector], from first: Int = 0, count: Int) {
    self.first = first
    if count > capacity {
      capacity = max(count, Batch.habitualCount)
      wordBuffer = Buffer(byteCount: capacity * layout.width * 8)
      hashBuffer = Buffer(byteCount: capacity * 8)
      words = wordBuffer.pointer(as: UInt64.self)
      hashes = hashBuffer.pointer(as: UInt64.self)
    }
    nullRows.removeAll(keepingCapacity: true)
    unequalRows.removeAll(keepingCapacity: true)
    retained = vectors
    nestedArena = Arena()
    let w = layout.width
    for k in 0..<(layout.columns.isEmpty ? 1 : layout.nullWords) { for i in 0..<count { words[i * w + k] = 0 } }
    for (index, (column, vector)) in zip(layout.columns, vectors).enumerated() {
      store(column, vector, count)
      if layout.isForJoin { findUnequal(column, vector, count) }
      if vector.mayHaveNulls { storeNulls(index, column, vector, count) }
    }
    hash(count)
  }

  private func store(_ column: KeyLayout.Column, _ vector: Vector, _ n: Int) {
    switch column.kind {
    case .word:
      switch column.type.layout {
      case .bool: copy(vector, column, n) { (x: UInt8) in UInt64(x) }
      case .int8: copy(vector, column, n) { (x: Int8) in UInt64(bitPattern: Int64(x)) }
      case .int16: copy(vector, column, n) { (x: Int16) in UInt64(bitPattern: Int64(x)) }
      case .int32: copy(vector, column, n) { (x: Int32) in UInt64(bitPattern: Int64(x)) }
      default: copy(vector, column, n) { (x: UInt64) in x }
      }
    // -0 equals 0, and every NaN is one group
    case .double: copy(vector, column, n) { (x: Double) in x == 0 ? 0 : x.isNaN ? Double.nan.bitPattern : x.bitPattern }
    case .float: copy(vector, column, n) { (x: Float) in x == 0 ? 0 : UInt64(x.isNaN ? Float.nan.bitPattern : x.bitPattern) }
    case .wide: copyPair(vector, column, n) { (x: SIMD2<UInt64>) in x }
    // the instant without the zone
    case .zoned: copyPair(vector, column, n) { (x: SIMD2<UInt64>) in SIMD2(x[0] & ~0xFFFF, x[1]) }
    case .text: copyPair(vector, column, n) { (x: SIMD2<UInt64>) in x }
    case .nested: storeNested(vector, column, n)
    }
  }

  @inline(__always)
  private func copy<T: BitwiseCopyable>(_ vector: Vector, _ column: KeyLayout.Column, _ n: Int, _ word: (T) -> UInt64) {
    let reader = vector.reader(as: T.self)
    let out = words + column.offset, w = layout.width
    if reader.isDense {
      let base = reader.base + first
      for i in 0..<n { out[i &* w] = word(base[i]) }
    } else {
      let first = first
      for i in 0..<n { out[i &* w] = word(reader[first &+ i]) }
    }
  }

  @inline(__always)
  private func copyPair(_ vector: Vector, _ column: KeyLayout.Column, _ n: Int, _ pair: (SIMD2<UInt64>) -> SIMD2<UInt64>) {
    let reader = vector.reader(as: SIMD2<UInt64>.self)
    let out = words + column.offset, w = layout.width, first = first
    for i in 0..<n {
      let value = pair(reader[first &+ i])
      out[i &* w] = value[0]
      out[i &* w &+ 1] = value[1]
    }
  }

  /// Arrays, maps and rows become canonical bytes.
  private func storeNested(_ vector: Vector, _ column: KeyLayout.Column, _ n: Int) {
    let out = words + column.offset, w = layout.width
    var bytes: [UInt8] = []
    for i in 0..<n {
      bytes.removeAll(keepingCapacity: true)
      CanonicalBytes.append(vector, first + i, to: &bytes)
      let view = bytes.withUnsafeBytes { nestedArena.store($0) }
      out[i * w] = view.head
      out[i * w + 1] = view.tail
    }
  }

  private func findUnequal(_ column: KeyLayout.Column, _ vector: Vector, _ n: Int) {
    switch column.kind {
    case .double:
      let words = words + column.offset, w = layout.width
      for i in 0..<n where words[i &* w] == Double.nan.bitPattern { unequalRows.append(UInt32(truncatingIfNeeded: i)) }
    case .float:
      let words = words + column.offset, w = layout.width
      for i in 0..<n where words[i &* w] == UInt64(Float.nan.bitPattern) { unequalRows.append(UInt32(truncatingIfNeeded: i)) }
    case .nested: for i in 0..<n where !CanonicalBytes.equalsItself(vector, first + i) { unequalRows.append(UInt32(truncatingIfNeeded: i)) }
    case .word, .wide, .zoned, .text: break
    }
  }

  private func storeNulls(_ index: Int, _ column: KeyLayout.Column, _ vector: Vector, _ n: Int) {
    let w = layout.width
    let bit = UInt64(1) << UInt64(index & 63)
    for i in 0..<n where vector.isNull(at: first + i) {
      words[i * w + column.offset] = 0
      if column.kind != .word && column.kind != .double && column.kind != .float { words[i * w + column.offset + 1] = 0 }
      if layout.hasNullWords {
        words[i * w + (index >> 6)] |= bit
      } else if nullRows.last != UInt32(i) {
        nullRows.append(UInt32(i))
      }
    }
  }

  private func hash(_ n: Int) { KeyHash.hash(rows: words, count: n, layout, into: hashes) }
}

/// 64-bit mixing by one full multiplication: constants from wyhash.
enum KeyHash {
  /// Hashes of contiguous key rows: two words a multiplication; of long texts the content counts, not the address. Hashing starts with the null
  /// words, and with zero where none is set, so that a row without nulls has one hash, whether its layout has null words or not: drivers that saw
  /// nulls and drivers that saw none agree about partitions.
  static func hash(rows words: UnsafePointer<UInt64>, count n: Int, _ layout: KeyLayout, into hashes: UnsafeMutablePointer<UInt64>) {
    let w = layout.width, first = layout.nullWords
    if w == 1 {
      for i in 0..<n { hashes[i] = mix(words[i]) }
      return
    }
    let tails = layout.tailMask, isPlain = layout.isPlain, isNarrow = w <= 64
    for i in 0..<n {
      let row = words + i &* w
      var h: UInt64 = 0
      for k in 0..<first { h = (h ^ row[k]) &* 0x9E37_79B9_7F4A_7C15 }
      var k = first
      while k < w {
        var second: UInt64 = 0
        if k &+ 1 < w {
          second = row[k &+ 1]
          if !isPlain {
            let isTail = isNarrow ? (tails >> UInt64(k &+ 1)) & 1 != 0 : layout.isTail(k &+ 1)
            if !isTail {
              // a word of its own: the next may be the first of a text
              h = mix(row[k] ^ h)
              k &+= 1
              continue
            }
            let length = Int(truncatingIfNeeded: row[k] & 0xFFFF_FFFF)
            if length > 12 { second = hash(address: UInt(second), count: length) }
          }
          h = mix(row[k] ^ h, second)
          k &+= 2
        } else {
          h = mix(row[k] ^ h)
          k &+= 1
        }
      }
      hashes[i] = h
    }
  }

  @inline(__always) static func mix(_ x: UInt64) -> UInt64 {
    let (high, low) = (x ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return high ^ low
  }

  /// Two words in one multiplication.
  @inline(__always) static func mix(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let (high, low) = (x ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: y ^ 0xE703_7ED1_A0B4_28DB)
    return high ^ low
  }

  /// Content of any text.
  @inline(__always) static func hash(text: Bytes) -> UInt64 {
    mix(text.head, text.count > 12 ? hash(address: UInt(text.tail), count: text.count) : text.tail)
  }

  /// Content of a long text (more than 12 bytes): whole words, the last one overlapping the one before.
  @inline(__always) static func hash(address: UInt, count: Int) -> UInt64 {
    guard let base = UnsafeRawPointer(bitPattern: address) else { return 0 }
    var h = UInt64(truncatingIfNeeded: count)
    var i = 0
    while i &+ 16 <= count {
      h = mix(base.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ h, base.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self))
      i &+= 16
    }
    if i &+ 8 <= count {
      h = mix(base.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ h)
      i &+= 8
    }
    if i < count {
      let last = base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      h = mix(last ^ h)
    }
    return h
  }
}
