import Values
import Vectors

/// The order of rows by sort keys: stable, nulls and NaN as SQL has them (NaN is the largest).
enum RowOrder {
  /// Bytes a row that sorting needs besides the rows.
  static let bytesPerRow = 2 * MemoryLayout<SortWords.Pair>.stride + 4

  /// Row numbers in order.
  static func sorted(_ batch: Batch, by keys: [SortKey], limit: Int? = nil) -> Selection {
    let n = batch.count
    let words = SortWords(batch, keys), pairs = Pairs(n)
    pairs.number(0..<n)
    if let first = words.first { RadixSort(words: words).sort(pairs.a, pairs.b, n, at: first, intoB: false) }
    let rows = Buffer(byteCount: max(n, 1) * 4)
    pairs.copyRows(0..<n, to: rows)
    withExtendedLifetime(pairs) {}
    return Selection(rows: rows, count: min(limit ?? n, n))
  }

  /// The same by up to `drivers` threads of the query.
  static func sorted(_ batch: Batch, by keys: [SortKey], limit: Int? = nil, drivers: Int) async throws -> Selection {
    let n = batch.count
    if n < ParallelSort.leastRows || drivers < 2 { return sorted(batch, by: keys, limit: limit) }
    let words = SortWords(batch, keys), pairs = Pairs(n), rows = Buffer(byteCount: n * 4)
    let size = (n + drivers - 1) / drivers
    @Sendable func share(_ driver: Int) -> Range<Int> { min(driver * size, n)..<min((driver + 1) * size, n) }
    try await inParallel(drivers, drivers: drivers) { pairs.number(share($0)) }
    if let first = words.first { try await ParallelSort(words, drivers: drivers).run(pairs.a, pairs.b, n, at: first, intoB: false) }
    try await inParallel(drivers, drivers: drivers) { pairs.copyRows(share($0), to: rows) }
    withExtendedLifetime(pairs) {}
    return Selection(rows: rows, count: min(limit ?? n, n))
  }

  /// Two sides that rows are dealt to and fro between.
  private struct Pairs: @unchecked Sendable {
    private let buffers: (Buffer, Buffer)
    let a: RadixSort.Pairs
    let b: RadixSort.Pairs

    init(_ n: Int) {
      let bytes = max(n, 1) * MemoryLayout<SortWords.Pair>.stride
      buffers = (Buffer(byteCount: bytes), Buffer(byteCount: bytes))
      a = buffers.0.pointer(as: SortWords.Pair.self)
      b = buffers.1.pointer(as: SortWords.Pair.self)
    }

    func number(_ range: Range<Int>) {
      for i in range { a[i] = SortWords.Pair(word: 0, row: UInt32(truncatingIfNeeded: i)) }
    }

    func copyRows(_ range: Range<Int>, to rows: Buffer) {
      let p = rows.pointer(as: UInt32.self)
      for i in range { p[i] = a[i].row }
    }
  }
}
