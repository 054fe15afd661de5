import Expressions
import Plans
import Values
import Vectors

/// Looks probe rows up without multiplying them: semi, anti and mark joins.
final class SemiJoinProbe: BatchSource {
  enum Kind: Sendable { case mark, semi, anti }

  private let kind: Kind
  private let isNullAware: Bool
  private let input: any BatchSource
  private let bridge: JoinBridge
  private let keys: [Int]
  /// Probe channels that are passed on; a mark comes after them.
  private let output: [Int]
  private let residual: Evaluator?
  private let residualChannels: [(isProbe: Bool, channel: Int)]
  private var table: JoinTable?
  private var encoder: KeyEncoder?
  private var candidates = Buffer(byteCount: 0)

  init(
    _ kind: Kind, isNullAware: Bool, _ input: any BatchSource, _ bridge: JoinBridge, keys: [Int], output: [Int], residual: Evaluator?,
    residualChannels: [(isProbe: Bool, channel: Int)]
  ) {
    self.kind = kind
    self.isNullAware = isNullAware
    self.input = input
    self.bridge = bridge
    self.keys = keys
    self.output = output
    self.residual = residual
    self.residualChannels = residualChannels
  }

  func next() async throws -> Batch? {
    let table: JoinTable
    if let known = self.table {
      table = known
    } else {
      table = try await bridge.table.value()
      self.table = table
      encoder = KeyEncoder(table.layout)
    }
    while let batch = try await input.next() {
      try await WorkerPool.checkpoint()
      if kind == .semi && table.isEmpty { return nil }
      if let result = try probe(batch, table) { return result }
    }
    return nil
  }

  private func probe(_ batch: Batch, _ table: JoinTable) throws -> Batch? {
    let n = batch.count
    var matched = [Bool](repeating: false, count: n)
    let keyVectors = keys.map { batch.columns[$0] }
    if keys.isEmpty {
      if residual == nil {
        if !table.isEmpty { for i in 0..<n { matched[i] = true } }
      } else {
        try matchCross(batch, table, &matched)
      }
    } else if let encoder {
      if candidates.byteCount < n * 4 { candidates = Buffer(byteCount: max(n, Batch.habitualCount) * 4) }
      encoder.encode(keyVectors, count: n)
      table.start(encoder, count: n, into: candidates.pointer(as: UInt32.self))
      if residual == nil { match(n, table, encoder, &matched) } else { try matchResidual(batch, table, encoder, &matched) }
    }
    // IN's third value: no match, but a null on one side could have been one
    var unknown: [Bool]?
    if isNullAware && !table.isEmpty {
      let anyNullKey = keyVectors.contains { $0.mayHaveNulls }
      if table.hasNullKeys || anyNullKey {
        unknown = (0..<n).map { row in !matched[row] && (table.hasNullKeys || keyVectors.contains { $0.isNull(at: row) }) }
      }
    }
    switch kind {
    case .mark: return marked(batch, matched, unknown)
    case .semi: return kept(batch) { matched[$0] }
    case .anti:
      if let unknown { return kept(batch) { !matched[$0] && !unknown[$0] } }
      return kept(batch) { !matched[$0] }
    }
  }

  private func match(_ n: Int, _ table: JoinTable, _ encoder: KeyEncoder, _ matched: inout [Bool]) {
    let candidates = candidates.pointer(as: UInt32.self)
    let words = encoder.words, width = table.layout.width
    if table.isDense {
      for i in 0..<n { matched[i] = candidates[i] != 0 }
      return
    }
    if table.isEmpty { return }
    let chain = table.chain
    matched.withUnsafeMutableBufferPointer { matched in
      for i in 0..<n {
        var candidate = candidates[i]
        let key = words + i &* width
        while candidate != 0 {
          if table.matches(candidate, key) {
            matched[i] = true
            break
          }
          candidate = chain[Int(candidate &- 1)]
        }
      }
    }
  }

  /// Pairs are tested in pieces; a row that has matched is not tested again.
  private func matchResidual(_ batch: Batch, _ table: JoinTable, _ encoder: KeyEncoder, _ matched: inout [Bool]) throws {
    if table.isEmpty { return }
    let candidates = candidates.pointer(as: UInt32.self), chain = table.chain, width = table.layout.width
    let capacity = Batch.habitualCount
    let pairs = Buffer(byteCount: capacity * 8)
    let probeRows = pairs.pointer(as: UInt32.self), buildRows = probeRows + capacity
    var n = 0
    for i in 0..<batch.count {
      var candidate = candidates[i]
      while candidate != 0 && !matched[i] {
        if table.matches(candidate, encoder.words + i * width) {
          probeRows[n] = UInt32(truncatingIfNeeded: i)
          buildRows[n] = candidate - 1
          n += 1
          if n == capacity {
            try test(batch, table, probeRows, buildRows, n, &matched)
            n = 0
          }
        }
        candidate = chain[Int(candidate - 1)]
      }
    }
    if n > 0 { try test(batch, table, probeRows, buildRows, n, &matched) }
  }

  private func matchCross(_ batch: Batch, _ table: JoinTable, _ matched: inout [Bool]) throws {
    let capacity = Batch.habitualCount
    let pairs = Buffer(byteCount: capacity * 8)
    let probeRows = pairs.pointer(as: UInt32.self), buildRows = probeRows + capacity
    for i in 0..<batch.count {
      var start = 0
      while start < table.count && !matched[i] {
        let n = min(capacity, table.count - start)
        for k in 0..<n {
          probeRows[k] = UInt32(truncatingIfNeeded: i)
          buildRows[k] = UInt32(truncatingIfNeeded: start + k)
        }
        try test(batch, table, probeRows, buildRows, n, &matched)
        start += n
      }
    }
  }

  private func test(
    _ batch: Batch, _ table: JoinTable, _ probeRows: UnsafePointer<UInt32>, _ buildRows: UnsafePointer<UInt32>, _ n: Int,
    _ matched: inout [Bool]
  ) throws {
    guard let residual else { return }
    let columns = residualChannels.map { entry in
      entry.isProbe
        ? batch.columns[entry.channel].gathered(probeRows, count: n) : table.columns.columns[entry.channel].gathered(buildRows, count: n)
    }
    let selection = try residual.select(Batch(columns, count: n))
    for i in 0..<selection.count { matched[Int(probeRows[Int(selection.pointer[i])])] = true }
  }

  private func kept(_ batch: Batch, _ test: (Int) -> Bool) -> Batch? {
    let rows = Buffer(byteCount: batch.count * 4)
    let p = rows.pointer(as: UInt32.self)
    var n = 0
    for i in 0..<batch.count {
      p[n] = UInt32(truncatingIfNeeded: i)
      n += test(i).bit
    }
    if n == 0 { return nil }
    let selection = Selection(rows: rows, count: n)
    return Batch(output.map { batch.columns[$0] }, count: batch.count).gathered(selection)
  }

  private func marked(_ batch: Batch, _ matched: [Bool], _ unknown: [Bool]?) -> Batch {
    let values = Buffer(byteCount: batch.count)
    let p = values.pointer(as: UInt8.self)
    for i in 0..<batch.count { p[i] = matched[i] ? 1 : 0 }
    var validity: Bitmap?
    if let unknown, unknown.contains(true) {
      let bits = Bitmap(repeating: true, count: batch.count)
      for i in 0..<batch.count where unknown[i] { bits.pointer.clearBit(i) }
      validity = bits
    }
    return Batch(
      output.map { batch.columns[$0] } + [.flat(.boolean, count: batch.count, values: values, validity: validity)], count: batch.count)
  }
}
