import Vectors

/// `RadixSort` by all drivers of a query: many rows are dealt out a piece a driver at a time, then each sorts some of what has fallen together.
struct ParallelSort: Sendable {
  typealias Pairs = RadixSort.Pairs

  /// Fewer rows are sorted where they are.
  static let leastRows = 1 << 15

  private let sort: RadixSort
  private let drivers: Int

  init(_ words: SortWords, drivers: Int) {
    sort = RadixSort(words: words)
    self.drivers = drivers
  }

  /// Pointers that tasks share: each writes to places of its own.
  private struct Span: @unchecked Sendable {
    var a: Pairs
    var b: Pairs
    var count: Int

    /// The part of it with the other side as the source.
    func turned(_ range: Range<Int>) -> Span { Span(a: b + range.lowerBound, b: a + range.lowerBound, count: range.count) }
  }

  /// As `RadixSort.sort`.
  func run(_ a: Pairs, _ b: Pairs, _ n: Int, at position: SortWords.Position, intoB: Bool) async throws {
    try await run(Span(a: a, b: b, count: n), at: position, intoB: intoB)
  }

  private func run(_ span: Span, at first: SortWords.Position, intoB: Bool) async throws {
    let sort = sort
    var position = first
    while true {
      if span.count < Self.leastRows { return sort.sort(span.a, span.b, span.count, at: position, intoB: intoB) }
      if case .compared = position.part { return sort.sort(span.a, span.b, span.count, at: position, intoB: intoB) }
      position = try await skippingCommon(position, span)
      let (least, largest) = try await load(position, span)
      if least < largest { return try await deal(span, at: position, least, largest, intoB: intoB) }
      guard let next = sort.words.next(after: position, word: least) else { break }
      position = next
    }
    if intoB { span.b.update(from: span.a, count: span.count) }
  }

  private func pieces(_ n: Int) -> [Range<Int>] {
    let size = max(1, (n + 4 * drivers - 1) / (4 * drivers))
    return stride(from: 0, to: n, by: size).map { $0..<min($0 + size, n) }
  }

  private func load(_ position: SortWords.Position, _ span: Span) async throws -> (least: UInt64, largest: UInt64) {
    let words = sort.words
    let pieces = pieces(span.count)
    let ends = try await mapInParallel(pieces.count, drivers: drivers) { index in
      words.load(position, span.a + pieces[index].lowerBound, pieces[index].count)
    }
    return ends.reduce((.max, 0)) { (min($0.0, $1.least), max($0.1, $1.largest)) }
  }

  private func skippingCommon(_ position: SortWords.Position, _ span: Span) async throws -> SortWords.Position {
    guard case .text(let from) = position.part else { return position }
    let words = sort.words
    let likely = sort.commonOfSome(position, span.a, span.count)
    if likely < RadixSort.worthSkipping { return position }
    let pieces = pieces(span.count)
    let common = try await mapInParallel(pieces.count, drivers: drivers) { index in
      let piece = pieces[index]
      return words.commonBytes(position.key, from: from, span.a + piece.lowerBound, piece.count, with: span.a[0].row, limit: likely)
    }
    return SortWords.Position(key: position.key, part: .text(from: from + (common.min() ?? 0)))
  }

  private func deal(_ span: Span, at position: SortWords.Position, _ least: UInt64, _ largest: UInt64, intoB: Bool) async throws {
    let digit = RadixSort.Digit(least, largest, bits: 10)
    let pieces = pieces(span.count)
    // a row of counters a piece, then the place of each piece's next row of a digit
    let table = Buffer(zeroed: pieces.count * digit.count * 4)
    try await inParallel(pieces.count, drivers: drivers) { index in
      let counts = table.pointer(as: UInt32.self) + index * digit.count
      for i in pieces[index] { counts[digit.of(span.a[i].word)] &+= 1 }
    }
    var starts: [Int] = [], at = 0
    for k in 0..<digit.count {
      starts.append(at)
      for piece in pieces.indices {
        let slot = table.pointer(as: UInt32.self) + piece * digit.count + k
        let count = Int(slot.pointee)
        slot.pointee = UInt32(truncatingIfNeeded: at)
        at += count
      }
    }
    starts.append(at)
    try await inParallel(pieces.count, drivers: drivers) { index in
      let places = table.pointer(as: UInt32.self) + index * digit.count
      for i in pieces[index] {
        let k = digit.of(span.a[i].word)
        span.b[Int(places[k])] = span.a[i]
        places[k] &+= 1
      }
    }
    try await sortDealt(span, starts, at: position, intoB: intoB)
  }

  private func sortDealt(_ span: Span, _ starts: [Int], at position: SortWords.Position, intoB: Bool) async throws {
    let sort = sort
    let whole = max(Self.leastRows, span.count / (2 * drivers))
    var shares: [Range<Int>] = [], from = 0
    for k in 0..<starts.count - 1 {
      if starts[k + 1] - starts[k] > whole {
        // one that is too much for one driver is dealt out again by all
        if k > from { shares.append(from..<k) }
        try await run(span.turned(starts[k]..<starts[k + 1]), at: position, intoB: !intoB)
        from = k + 1
      } else if starts[k + 1] - starts[from] > whole / 4 {
        shares.append(from..<k + 1)
        from = k + 1
      }
    }
    if from < starts.count - 1 { shares.append(from..<starts.count - 1) }
    let all = shares
    try await inParallel(all.count, drivers: drivers) { share in
      for k in all[share] where starts[k + 1] > starts[k] {
        let part = span.turned(starts[k]..<starts[k + 1])
        sort.dealt(part.a, part.b, part.count, at: position, intoB: !intoB)
      }
    }
  }
}
