import Vectors

/// Sorts rows by the words of their keys, the highest bits first: rows are dealt out by some bits of a word until few are together, and these are
/// inserted one by one. Rows that are equal in a word are sorted by the next. Stable.
///
///     a: [ word | row ] …   ── dealt out ──▶   b: [ 0… ][ 1… ][ 2… ] …   each dealt out into its own place in a, and so on
struct RadixSort: Sendable {
  typealias Pairs = UnsafeMutablePointer<SortWords.Pair>

  let words: SortWords

  /// Sorts what is in `a` by the keys from `position` on. It ends up in `a`, or in `b`, which has room for as much.
  func sort(_ a: Pairs, _ b: Pairs, _ n: Int, at position: SortWords.Position, intoB: Bool) {
    var position = position
    while n > 1 {
      if case .compared = position.part {
        compare(a, b, n, position)
        break
      }
      position = skippingCommon(position, a, n)
      let (least, largest) = words.load(position, a, n)
      if least < largest { return deal(a, b, n, at: position, least, largest, intoB: intoB) }
      guard let next = words.next(after: position, word: least) else { break }
      position = next
    }
    if intoB { b.update(from: a, count: n) }
  }

  /// The same where the words are read, and not all equal.
  func deal(_ a: Pairs, _ b: Pairs, _ n: Int, at position: SortWords.Position, _ least: UInt64, _ largest: UInt64, intoB: Bool) {
    if n <= 32 {
      insert(a, n)
      sortEqual(a, b, n, position)
      if intoB { b.update(from: a, count: n) }
      return
    }
    let bits = min(8, max(2, Int.bitWidth - n.leadingZeroBitCount - 4))
    let digit = Digit(least, largest, bits: bits)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: digit.count) { ends in
      ends.initialize(repeating: 0)
      for i in 0..<n { ends[digit.of(a[i].word)] &+= 1 }
      var start: UInt32 = 0
      for k in 0..<digit.count {
        let count = ends[k]
        ends[k] = start
        start &+= count
      }
      for i in 0..<n {
        let k = digit.of(a[i].word)
        b[Int(ends[k])] = a[i]
        ends[k] &+= 1
      }
      var from = 0
      for k in 0..<digit.count {
        let to = Int(ends[k])
        if to > from { dealt(b + from, a + from, to - from, at: position, intoB: !intoB) }
        from = to
      }
    }
  }

  /// Rows that have fallen together, with their words.
  func dealt(_ a: Pairs, _ b: Pairs, _ n: Int, at position: SortWords.Position, intoB: Bool) {
    var least = a[0].word, largest = least
    for i in 1..<max(n, 1) {
      least = min(least, a[i].word)
      largest = max(largest, a[i].word)
    }
    if least < largest { return deal(a, b, n, at: position, least, largest, intoB: intoB) }
    if n > 1, let next = words.next(after: position, word: least) { return sort(a, b, n, at: next, intoB: intoB) }
    if intoB { b.update(from: a, count: n) }
  }

  private func insert(_ a: Pairs, _ n: Int) {
    for i in 1..<n {
      let pair = a[i]
      var k = i
      while k > 0, a[k &- 1].word > pair.word {
        a[k] = a[k &- 1]
        k &-= 1
      }
      a[k] = pair
    }
  }

  /// Rows in order of this word: those that are equal go by the next.
  private func sortEqual(_ a: Pairs, _ b: Pairs, _ n: Int, _ position: SortWords.Position) {
    var from = 0
    while from < n {
      var to = from + 1
      while to < n, a[to].word == a[from].word { to += 1 }
      if to - from > 1, let next = words.next(after: position, word: a[from].word) {
        sort(a + from, b + from, to - from, at: next, intoB: false)
      }
      from = to
    }
  }

  /// By comparing values: arrays, rows, and texts that are long equal.
  private func compare(_ a: Pairs, _ b: Pairs, _ n: Int, _ position: SortWords.Position) {
    let key = position.key
    var pairs = UnsafeMutableBufferPointer(start: a, count: n)
    pairs.sort { x, y in
      let order = words.compare(key, x.row, y.row)
      return order != 0 ? order < 0 : x.row < y.row
    }
    var rank: UInt64 = 0, before = a[0].row
    for i in 0..<n {
      if words.compare(key, before, a[i].row) != 0 { rank += 1 }
      before = a[i].row
      a[i].word = rank
    }
    sortEqual(a, b, n, position)
  }

  /// Fewer equal bytes are not looked for.
  static let worthSkipping = 4

  /// Texts often begin alike: the words begin where they differ.
  private func skippingCommon(_ position: SortWords.Position, _ a: Pairs, _ n: Int) -> SortWords.Position {
    guard case .text(let from) = position.part, n > 64 else { return position }
    let likely = commonOfSome(position, a, n)
    if likely < Self.worthSkipping { return position }
    let common = words.commonBytes(position.key, from: from, a, n, with: a[0].row, limit: likely)
    return SortWords.Position(key: position.key, part: .text(from: from + common))
  }

  /// Bytes that a few of the rows have in common: all of them have no more.
  func commonOfSome(_ position: SortWords.Position, _ a: Pairs, _ n: Int) -> Int {
    guard case .text(let from) = position.part else { return 0 }
    var common = max(0, SortWords.deepest - from)
    for sample in 1..<8 where common >= Self.worthSkipping {
      common = words.commonBytes(position.key, from: from, a + sample * (n - 1) / 8, 1, with: a[0].row, limit: common)
    }
    return common
  }

  /// The bits of words by which rows are dealt out: the highest of those that the distance from the least word has.
  struct Digit: Sendable {
    let least: UInt64
    let shift: UInt64
    let count: Int

    init(_ least: UInt64, _ largest: UInt64, bits: Int) {
      self.least = least
      let distance = largest &- least
      shift = UInt64(max(0, UInt64.bitWidth - distance.leadingZeroBitCount - bits))
      count = Int(truncatingIfNeeded: distance &>> shift) + 1
    }

    @inline(__always) func of(_ word: UInt64) -> Int { Int(truncatingIfNeeded: (word &- least) &>> shift) }
  }
}
