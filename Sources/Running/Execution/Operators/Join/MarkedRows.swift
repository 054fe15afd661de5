import Expressions
import Federation
import Synchronization
import Values
import Vectors

/// A semi join seen from its built left side: the right side's rows stream by and mark the built rows they match; then the marked rows (or the
/// others) are the result.
///
///     left ▶ build ─ table ─┐            ┌▶ rows in pieces of a batch, all drivers
///     right ▶ MarkingSink ──┴─ bits ─────┘
final class BuildMarks: Sendable {
  let bridge: JoinBridge
  /// One bit a built row, once all of the right side was seen.
  let bits = Latch<[UInt64]>()
  /// The first built row no driver has taken yet.
  let nextRow = Atomic(0)

  init(_ bridge: JoinBridge) { self.bridge = bridge }
}

/// One driver's share of the right side.
final class MarkingSink: BatchSink {
  private let marks: BuildMarks
  private let keys: [Int]
  private let residual: Evaluator?
  private let residualChannels: [(isProbe: Bool, channel: Int)]
  private var encoder: KeyEncoder?
  private var table: JoinTable?
  private var bits: [UInt64] = []
  private var candidates = Buffer(byteCount: 0)
  private var pairs = Buffer(byteCount: 0)

  init(_ marks: BuildMarks, keys: [Int], residual: Evaluator?, residualChannels: [(isProbe: Bool, channel: Int)]) {
    self.marks = marks
    self.keys = keys
    self.residual = residual
    self.residualChannels = residualChannels
  }

  func append(_ batch: Batch) async throws {
    let table: JoinTable
    if let known = self.table {
      table = known
    } else {
      table = try await marks.bridge.table.value()
      self.table = table
      encoder = KeyEncoder(table.layout)
      bits = [UInt64](repeating: 0, count: Bitmap.wordCount(table.count))
    }
    guard !table.isEmpty, let encoder else { return }
    let n = batch.count
    if candidates.byteCount < n * 4 { candidates = Buffer(byteCount: max(n, Batch.habitualCount) * 4) }
    let first = candidates.pointer(as: UInt32.self)
    encoder.encode(keys.map { batch.columns[$0] }, count: n)
    table.start(encoder, count: n, into: first)
    try bits.withUnsafeMutableBufferPointer { bits in
      guard let bits = bits.baseAddress else { return }
      if residual == nil { mark(n, table, encoder, first, bits) } else { try markTested(batch, table, encoder, first, bits) }
    }
  }

  func finish() async throws {
    // also when no batch came, the table must exist before its rows are taken
    if table == nil { bits = [UInt64](repeating: 0, count: Bitmap.wordCount(try await marks.bridge.table.value().count)) }
    if let all = marks.bridge.finishProbing(bits) { marks.bits.settle(.success(all)) }
  }

  private func mark(
    _ n: Int, _ table: JoinTable, _ encoder: KeyEncoder, _ first: UnsafePointer<UInt32>, _ bits: UnsafeMutablePointer<UInt64>
  ) {
    let chain = table.chain, width = table.layout.width, words = encoder.words
    if table.isDense && table.isUnique {
      for i in 0..<n where first[i] != 0 { bits.setBit(Int(first[i] &- 1)) }
      return
    }
    for i in 0..<n {
      var candidate = first[i]
      let key = words + i &* width
      while candidate != 0 {
        if table.matches(candidate, key) {
          // equal keys are all marked at once: a marked one says that the chain's others are, too
          if UnsafePointer(bits).bit(Int(candidate &- 1)) { break }
          bits.setBit(Int(candidate &- 1))
        }
        candidate = chain[Int(candidate &- 1)]
      }
    }
  }

  /// Pairs are tested in pieces; a built row that is marked is not tested again.
  private func markTested(
    _ batch: Batch, _ table: JoinTable, _ encoder: KeyEncoder, _ first: UnsafePointer<UInt32>, _ bits: UnsafeMutablePointer<UInt64>
  ) throws {
    let capacity = Batch.habitualCount
    if pairs.byteCount < capacity * 8 { pairs = Buffer(byteCount: capacity * 8) }
    let probeRows = pairs.pointer(as: UInt32.self), buildRows = probeRows + capacity
    let chain = table.chain, width = table.layout.width, words = encoder.words
    var n = 0
    for i in 0..<batch.count {
      var candidate = first[i]
      let key = words + i &* width
      while candidate != 0 {
        if !UnsafePointer(bits).bit(Int(candidate &- 1)) && table.matches(candidate, key) {
          probeRows[n] = UInt32(truncatingIfNeeded: i)
          buildRows[n] = candidate &- 1
          n &+= 1
          if n == capacity {
            try test(batch, table, probeRows, buildRows, n, bits)
            n = 0
          }
        }
        candidate = chain[Int(candidate &- 1)]
      }
    }
    if n > 0 { try test(batch, table, probeRows, buildRows, n, bits) }
  }

  private func test(
    _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafePointer<UInt32>, _ buildRows: UnsafePointer<UInt32>, _ n: Int,
    _ bits: UnsafeMutablePointer<UInt64>
  ) throws {
    guard let residual else { return }
    let columns = residualChannels.map { entry in
      entry.isProbe
        ? batch.columns[entry.channel].gathered(probeRows, count: n) : table.columns.columns[entry.channel].gathered(buildRows, count: n)
    }
    let selection = try residual.select(Batch(columns, count: n))
    let selected = selection.pointer
    for i in 0..<selection.count { bits.setBit(Int(buildRows[Int(selected[i])])) }
  }
}

/// Yields the built rows by their marks.
final class MarkedRows: BatchSource {
  private let marks: BuildMarks
  private let kind: SemiJoinProbe.Kind
  private let output: [Int]

  init(_ marks: BuildMarks, _ kind: SemiJoinProbe.Kind, output: [Int]) {
    self.marks = marks
    self.kind = kind
    self.output = output
  }

  func next() async throws -> Batch? {
    let bits = try await marks.bits.value()
    let table = try await marks.bridge.table.value()
    while true {
      try await WorkerPool.checkpoint()
      let piece = Batch.habitualCount * 4
      let start = marks.nextRow.wrappingAdd(piece, ordering: .relaxed).oldValue
      if start >= table.count { return nil }
      if let batch = rows(start..<min(start + piece, table.count), bits, table) { return batch }
    }
  }

  private func rows(_ range: Range<Int>, _ bits: [UInt64], _ table: JoinTable) -> Batch? {
    let rows = Buffer(byteCount: range.count * 4), values = Buffer(byteCount: range.count)
    let p = rows.pointer(as: UInt32.self), marked = values.pointer(as: UInt8.self)
    var n = 0
    for row in range {
      let isMarked = (bits[row >> 6] >> UInt64(row & 63)) & 1
      p[n] = UInt32(truncatingIfNeeded: row)
      marked[n] = UInt8(truncatingIfNeeded: isMarked)
      switch kind {
      case .mark: n &+= 1
      case .semi: n &+= Int(isMarked)
      case .anti: n &+= 1 &- Int(isMarked)
      }
    }
    if n == 0 { return nil }
    var columns = output.map { table.columns.columns[$0].gathered(UnsafePointer(p), count: n) }
    if kind == .mark { columns.append(.flat(.boolean, count: n, values: values)) }
    return Batch(columns, count: n)
  }
}
