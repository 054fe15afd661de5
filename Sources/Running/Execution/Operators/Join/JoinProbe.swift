import CVectors
import Expressions
import Federation
import Plans
import Values
import Vectors

/// What a probe yields, as channels: of the probe batch and of the build table.
struct JoinOutput: Sendable {
  enum Column: Sendable {
    case probe(Int)
    case build(Int)
  }
  let columns: [Column]
}

/// A condition over both sides beyond the equalities: its channels are the probe's, then the build's.
struct JoinResidual: Sendable {
  let predicate: Expr<Int>
  let probeWidth: Int
}

/// Joins probe batches with a built table: inner, left, right, full, and cross (no keys).
///
/// For each probe batch the candidates of all rows are looked up first (prefetched), then chains are walked into pairs of (probe row, build row);
/// pairs are cut into batches of habitual size, so a key with a million partners never makes a batch of a million rows.
final class JoinProbe: BatchSource {
  private let kind: JoinKind
  private let input: any BatchSource
  private let bridge: JoinBridge
  private let keys: [Int]
  private let output: JoinOutput
  private let residual: Evaluator?
  private let residualChannels: [(isProbe: Bool, channel: Int)]
  private var table: JoinTable?
  private var encoder: KeyEncoder?
  private var matched: [UInt64] = []
  private var isAtEnd = false
  private var unmatched: UnmatchedRows?

  // the batch being probed
  private var batch: Batch?
  private var candidates = Buffer(byteCount: 0)
  private var row = 0
  private var crossRow = 0
  /// Left and full joins: probe rows of this batch that found a partner.
  private var found: [UInt64] = []
  private var pairs = Buffer(byteCount: 0)

  init(
    _ kind: JoinKind, _ input: any BatchSource, _ bridge: JoinBridge, keys: [Int], output: JoinOutput, residual: Evaluator?,
    residualChannels: [(isProbe: Bool, channel: Int)]
  ) {
    self.kind = kind
    self.input = input
    self.bridge = bridge
    self.keys = keys
    self.output = output
    self.residual = residual
    self.residualChannels = residualChannels
  }

  private var keepsProbe: Bool { kind == .left || kind == .full }
  private var keepsBuild: Bool { kind == .right || kind == .full }

  func next() async throws -> Batch? {
    let table: JoinTable
    if let known = self.table {
      table = known
    } else {
      table = try await bridge.table.value()
      self.table = table
      encoder = KeyEncoder(table.layout)
      if keepsBuild { matched = [UInt64](repeating: 0, count: Bitmap.wordCount(table.count)) }
    }
    if table.isEmpty && !keepsProbe && !isAtEnd && !keepsBuild { return nil }
    while true {
      if let unmatched { return unmatched.next() }
      if isAtEnd { return nil }
      if batch == nil {
        guard let next = try await input.next() else {
          isAtEnd = true
          if keepsBuild, let bits = bridge.finishProbing(matched) { unmatched = UnmatchedRows(table, bits, output, probeTypes) }
          continue
        }
        begin(next, table)
      }
      try await WorkerPool.checkpoint()
      if let result = try step(table) { return result }
    }
  }

  /// Types of the probe columns among the outputs, for rows that have no probe side.
  var probeTypes: [DataType] = []

  private func begin(_ next: Batch, _ table: JoinTable) {
    batch = next
    row = 0
    crossRow = 0
    if keepsProbe { found = [UInt64](repeating: 0, count: Bitmap.wordCount(next.count)) }
    if candidates.byteCount < next.count * 4 { candidates = Buffer(byteCount: max(next.count, Batch.habitualCount) * 4) }
    if keys.isEmpty { return }
    encoder?.encode(keys.map { next.columns[$0] }, count: next.count)
    if let encoder { table.start(encoder, count: next.count, into: candidates.pointer(as: UInt32.self)) }
  }

  /// One output batch of the current probe batch, nil when it gave none (and `batch` may be done).
  private func step(_ table: JoinTable) throws -> Batch? {
    guard let batch else { return nil }
    let capacity = Batch.habitualCount
    if pairs.byteCount < capacity * 8 { pairs = Buffer(byteCount: capacity * 8) }
    let probeRows = pairs.pointer(as: UInt32.self), buildRows = probeRows + capacity
    let n = keys.isEmpty ? crossPairs(batch, table, probeRows, buildRows, capacity) : walk(batch, table, probeRows, buildRows, capacity)
    let isDone = row >= batch.count
    var count = n
    if count > 0, let residual { count = try keep(residual, batch, table, probeRows, buildRows, n) }
    if keepsProbe { for i in 0..<count { found[Int(probeRows[i]) >> 6] |= 1 << UInt64(probeRows[i] & 63) } }
    if keepsBuild { for i in 0..<count { matched[Int(buildRows[i]) >> 6] |= 1 << UInt64(buildRows[i] & 63) } }
    if isDone {
      self.batch = nil
      if keepsProbe { return withUnmatchedProbe(batch, table, probeRows, buildRows, count) }
    }
    return count == 0 ? nil : make(batch, table, probeRows, buildRows, count)
  }

  private func crossPairs(
    _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafeMutablePointer<UInt32>, _ buildRows: UnsafeMutablePointer<UInt32>,
    _ capacity: Int
  ) -> Int {
    if table.isEmpty {
      row = batch.count
      return 0
    }
    var n = 0
    while n < capacity && row < batch.count {
      probeRows[n] = UInt32(truncatingIfNeeded: row)
      buildRows[n] = UInt32(truncatingIfNeeded: crossRow)
      n += 1
      crossRow += 1
      if crossRow == table.count {
        crossRow = 0
        row += 1
      }
    }
    return n
  }

  private func walk(
    _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafeMutablePointer<UInt32>, _ buildRows: UnsafeMutablePointer<UInt32>,
    _ capacity: Int
  ) -> Int {
    guard let encoder else { return 0 }
    let candidates = candidates.pointer(as: UInt32.self)
    let count = batch.count, width = table.layout.width, words = encoder.words
    var n = 0, i = row
    if table.isDense {
      if table.isUnique {
        while i < count && n < capacity {
          let candidate = candidates[i]
          probeRows[n] = UInt32(truncatingIfNeeded: i)
          buildRows[n] = candidate &- 1
          n &+= (candidate != 0).bit
          i &+= 1
        }
      } else {
        let chain = table.chain
        outer: while i < count {
          var candidate = candidates[i]
          while candidate != 0 {
            if n == capacity {
              candidates[i] = candidate
              break outer
            }
            probeRows[n] = UInt32(truncatingIfNeeded: i)
            buildRows[n] = candidate &- 1
            n &+= 1
            candidate = chain[Int(candidate &- 1)]
          }
          i &+= 1
        }
      }
    } else {
      let chain = table.chain, rows = table.keyRows
      let isOneWord = width == 1
      if table.count > 1 << 13 && row == 0 {
        for k in 0..<count where candidates[k] != 0 { mp_prefetch(rows + Int(candidates[k] &- 1) &* width) }
      }
      outer: while i < count {
        var candidate = candidates[i]
        let key = words + i &* width
        while candidate != 0 {
          let isMatch = isOneWord ? rows[Int(candidate &- 1)] == key[0] : table.matches(candidate, key)
          if isMatch {
            if n == capacity {
              candidates[i] = candidate
              break outer
            }
            probeRows[n] = UInt32(truncatingIfNeeded: i)
            buildRows[n] = candidate &- 1
            n &+= 1
          }
          candidate = chain[Int(candidate &- 1)]
        }
        i &+= 1
      }
    }
    row = i
    return n
  }

  /// Compacts the pairs for which the residual holds.
  private func keep(
    _ residual: Evaluator, _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafeMutablePointer<UInt32>,
    _ buildRows: UnsafeMutablePointer<UInt32>, _ n: Int
  ) throws -> Int {
    let columns = residualChannels.map { entry in
      entry.isProbe
        ? batch.columns[entry.channel].gathered(UnsafePointer(probeRows), count: n)
        : table.columns.columns[entry.channel].gathered(UnsafePointer(buildRows), count: n)
    }
    let selection = try residual.select(Batch(columns, count: n))
    let kept = selection.pointer
    for i in 0..<selection.count {
      probeRows[i] = probeRows[Int(kept[i])]
      buildRows[i] = buildRows[Int(kept[i])]
    }
    return selection.count
  }

  private func make(
    _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafePointer<UInt32>, _ buildRows: UnsafePointer<UInt32>, _ n: Int
  ) -> Batch {
    let probe = Selection(rows: pairs, count: n)
    let isWholeProbe = n == batch.count && probe.isAll(of: n) && isAscending(probeRows, n)
    return Batch(
      output.columns.map { column in
        switch column {
        case .probe(let channel): isWholeProbe ? batch.columns[channel] : batch.columns[channel].gathered(probeRows, count: n)
        case .build(let channel): table.columns.columns[channel].gathered(buildRows, count: n)
        }
      }, count: n)
  }

  private func isAscending(_ rows: UnsafePointer<UInt32>, _ n: Int) -> Bool {
    var same = true
    for i in 0..<n { same = same && rows[i] == UInt32(truncatingIfNeeded: i) }
    return same
  }

  /// The last pairs of a probe batch and, after them, its rows without a partner.
  private func withUnmatchedProbe(
    _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafePointer<UInt32>, _ buildRows: UnsafePointer<UInt32>, _ n: Int
  ) -> Batch? {
    let all = Buffer(byteCount: (n + batch.count) * 8)
    let p = all.pointer(as: UInt32.self), b = p + (n + batch.count)
    for i in 0..<n {
      p[i] = probeRows[i]
      b[i] = buildRows[i]
    }
    var total = n
    for i in 0..<batch.count where found[i >> 6] >> UInt64(i & 63) & 1 == 0 {
      p[total] = UInt32(truncatingIfNeeded: i)
      b[total] = UInt32.max
      total += 1
    }
    if total == 0 { return nil }
    return Batch(
      output.columns.map { column in
        switch column {
        case .probe(let channel): batch.columns[channel].gathered(UnsafePointer(p), count: total)
        case .build(let channel): table.columns.columns[channel].gatheredOrNull(UnsafePointer(b), count: total)
        }
      }, count: total)
  }
}

/// Build rows that no driver's probe rows matched: the tail of right and full joins.
private final class UnmatchedRows {
  private let table: JoinTable
  private let bits: [UInt64]
  private let output: JoinOutput
  private let probeTypes: [DataType]
  private var row = 0

  init(_ table: JoinTable, _ bits: [UInt64], _ output: JoinOutput, _ probeTypes: [DataType]) {
    self.table = table
    self.bits = bits
    self.output = output
    self.probeTypes = probeTypes
  }

  func next() -> Batch? {
    let rows = Buffer(byteCount: Batch.habitualCount * 4)
    let p = rows.pointer(as: UInt32.self)
    var n = 0
    while row < table.count && n < Batch.habitualCount {
      if bits[row >> 6] >> UInt64(row & 63) & 1 == 0 {
        p[n] = UInt32(truncatingIfNeeded: row)
        n += 1
      }
      row += 1
    }
    if n == 0 { return nil }
    var probe = 0
    return Batch(
      output.columns.map { column in
        switch column {
        case .probe:
          defer { probe += 1 }
          return Vector.nulls(probeTypes[probe], count: n)
        case .build(let channel): return table.columns.columns[channel].gathered(UnsafePointer(p), count: n)
        }
      }, count: n)
  }
}
