import Glibc
import Values
import Vectors

/// What rows are sorted by, as unsigned words whose order is the order asked for. They come one after the other, each read only for rows that are
/// equal in those before:
///
///     key 1: null or not │ key 1: value │ key 2: null or not │ key 2: bytes 0 to 6 │ key 2: bytes 7 to 13 │ …
struct SortWords: Sendable {
  struct Key: Sendable {
    let vector: Vector
    let isAscending: Bool
    let nullsFirst: Bool
    let isZoned: Bool

    init(_ vector: Vector, _ key: SortKey) {
      self.vector = vector
      isAscending = key.isAscending
      nullsFirst = key.nullsFirst
      switch vector.type {
      case .timestampWithTimeZone, .timeWithTimeZone: isZoned = true
      default: isZoned = false
      }
    }

    /// The first word of its values.
    var start: Part {
      switch vector.type.layout {
      case .bytes: .text(from: 0)
      case .list, .map, .row: .compared
      case .bool, .int8, .int16, .int32, .int64, .int128, .float, .double: .value
      }
    }
  }

  enum Part: Sendable {
    /// 1 for values, 0 or 2 for null: all other words are of rows that are not null.
    case nulls
    case value
    /// The lower half of 128 bits.
    case lower
    /// Seven bytes, and in the lowest byte how many are left, at most eight: up to seven bytes the word says everything, and tells "a" from "a\0".
    case text(from: Int)
    /// No word: values are compared.
    case compared
  }

  struct Position: Sendable {
    var key: Int
    var part: Part
  }

  /// A row, and the word it is being sorted by beside it.
  struct Pair {
    var word: UInt64
    var row: UInt32
  }

  /// Past this many equal bytes texts are compared whole: what is sorted word by word calls itself once a word.
  static let deepest = 256

  let keys: [Key]

  init(_ batch: Batch, _ keys: [SortKey]) { self.keys = keys.map { Key(batch.columns[$0.channel], $0) } }

  var first: Position? { position(ofKey: 0) }

  private func position(ofKey index: Int) -> Position? {
    index < keys.count ? Position(key: index, part: keys[index].vector.mayHaveNulls ? .nulls : keys[index].start) : nil
  }

  /// Where rows that have this word there differ next; nil: nowhere.
  func next(after position: Position, word: UInt64) -> Position? {
    let key = keys[position.key]
    switch position.part {
    case .nulls where word == 1: return Position(key: position.key, part: key.start)
    case .value where key.vector.type.layout == .int128: return Position(key: position.key, part: .lower)
    case .text(let from) where (key.isAscending ? word : ~word) & 0xFF == 8:
      return Position(key: position.key, part: from >= Self.deepest ? .compared : .text(from: from + 7))
    case .nulls, .value, .lower, .text, .compared: return self.position(ofKey: position.key + 1)
    }
  }

  /// Reads the word of every row; returns the least and the largest. Not for `compared`.
  func load(_ position: Position, _ pairs: UnsafeMutablePointer<Pair>, _ n: Int) -> (least: UInt64, largest: UInt64) {
    keys[position.key].reading(position.part) { word in
      var least = UInt64.max, largest: UInt64 = 0
      for i in 0..<n {
        let word = word(Int(pairs[i].row))
        pairs[i].word = word
        least = min(least, word)
        largest = max(largest, word)
      }
      return (least, largest)
    }
  }

  fileprivate static func signed(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ (1 << 63) }

  @inline(__always)
  static func word(_ slot: UnsafePointer<Bytes>, from: Int) -> UInt64 {
    let view = slot.pointee, n = view.count, left = n &- from
    if left <= 0 { return 0 }
    let bytes: UInt64
    if n < 8 {
      // inline, zeros after the last
      bytes = ((view.head &>> 32 | view.tail &<< 32) &>> UInt64(truncatingIfNeeded: 8 &* from)).bigEndian
    } else {
      let text = UnsafeRawPointer(Bytes.address(of: slot))
      bytes =
        left >= 8
        ? text.loadUnaligned(fromByteOffset: from, as: UInt64.self).bigEndian
        : text.loadUnaligned(fromByteOffset: n &- 8, as: UInt64.self).bigEndian &<< UInt64(truncatingIfNeeded: 8 &* (8 &- left))
    }
    return (bytes & ~0xFF) | UInt64(truncatingIfNeeded: min(left, 8))
  }

  /// Bytes from `from` on that all these rows have in common with `row`, at most `limit`.
  func commonBytes(_ key: Int, from: Int, _ pairs: UnsafePointer<Pair>, _ n: Int, with row: UInt32, limit: Int) -> Int {
    let reader = keys[key].vector.reader(as: Bytes.self)
    let model = reader.base + reader.slot(Int(row)), text = Bytes.address(of: model) + from
    var common = max(0, min(limit, model.pointee.count - from))
    var i = 0
    while i < n && common > 0 {
      let slot = reader.base + reader.slot(Int(pairs[i].row)), other = Bytes.address(of: slot) + from
      common = min(common, slot.pointee.count - from)
      if common <= 0 || memcmp(text, other, common) != 0 {
        var equal = 0
        while equal < common && text[equal] == other[equal] { equal += 1 }
        common = equal
      }
      i += 1
    }
    withExtendedLifetime(keys) {}
    return max(common, 0)
  }

  /// Values themselves in the order asked for; the rows are not null there.
  func compare(_ key: Int, _ a: UInt32, _ b: UInt32) -> Int {
    let vector = keys[key].vector
    let order = ValueOrder.compare(vector, Int(a), vector, Int(b))
    return keys[key].isAscending ? order : -order
  }
}

extension SortWords.Key {
  /// Calls with what tells the word of a row. Inlined, so that the loop in the body knows the type.
  @inline(__always)
  func reading<R>(_ part: SortWords.Part, _ body: (_ word: (Int) -> UInt64) -> R) -> R {
    let flip: UInt64 = isAscending ? 0 : ~0
    defer { withExtendedLifetime(vector) {} }
    @inline(__always) func column<T: BitwiseCopyable>(_ word: @escaping (T) -> UInt64) -> R {
      let reader = vector.reader(as: T.self)
      return body { word(reader[$0]) ^ flip }
    }
    switch part {
    case .nulls:
      let null: UInt64 = nullsFirst ? 0 : 2
      return body { vector.isNull(at: $0) ? null : 1 }
    case .lower:
      let mask: UInt64 = isZoned ? ~0xFFFF : ~0
      return column { (x: SIMD2<UInt64>) in x[0] & mask }
    case .text(let from):
      let reader = vector.reader(as: Bytes.self)
      return body { SortWords.word(reader.base + reader.slot($0), from: from) ^ flip }
    case .compared: return body { _ in 0 }
    case .value: break
    }
    switch vector.type.layout {
    case .bool: return column { (x: UInt8) in UInt64(x) }
    case .int8: return column { (x: Int8) in SortWords.signed(Int64(x)) }
    case .int16: return column { (x: Int16) in SortWords.signed(Int64(x)) }
    case .int32: return column { (x: Int32) in SortWords.signed(Int64(x)) }
    case .int64: return column { (x: Int64) in SortWords.signed(x) }
    case .int128: return column { (x: SIMD2<UInt64>) in x[1] ^ (1 << 63) }
    case .float: return column { (x: Float) in Double(x).orderedBits }
    case .double: return column { (x: Double) in x.orderedBits }
    case .bytes, .list, .map, .row: return body { _ in 0 }
    }
  }
}
