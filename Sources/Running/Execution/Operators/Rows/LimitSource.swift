import Synchronization
import Values
import Vectors

/// Skips and then passes rows; the counts are shared by all drivers of the stage, so the stage as a whole passes exactly as many.
final class LimitSource: BatchSource {
  /// What is still to skip and to pass.
  final class Shared: Sendable {
    private let state: Mutex<(skip: Int, left: Int)>
    init(offset: Int, count: Int?) { state = Mutex((offset, count ?? Int.max)) }

    /// Which rows of the next `n` pass.
    func take(_ n: Int) -> Range<Int> {
      state.withLock { state in
        let skipped = min(state.skip, n)
        state.skip -= skipped
        let taken = min(state.left, n - skipped)
        if state.left != Int.max { state.left -= taken }
        return skipped..<skipped + taken
      }
    }

    var isExhausted: Bool { state.withLock { $0.left == 0 } }
  }

  private let input: any BatchSource
  private let shared: Shared

  init(_ input: any BatchSource, _ shared: Shared) {
    self.input = input
    self.shared = shared
  }

  func next() async throws -> Batch? {
    while !shared.isExhausted, let batch = try await input.next() {
      let range = shared.take(batch.count)
      if !range.isEmpty { return batch.slice(range) }
    }
    return nil
  }
}

/// Exactly one row: nulls for none.
final class SingleRowSource: BatchSource {
  private let input: any BatchSource
  private let types: [DataType]
  private var isDone = false

  init(_ input: any BatchSource, types: [DataType]) {
    self.input = input
    self.types = types
  }

  func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var row: Batch?
    while let batch = try await input.next() {
      if row != nil || batch.count > 1 {
        throw PrestoError(.subqueryMultipleRows, "Scalar sub-query has returned multiple rows")
      }
      row = batch
    }
    return row ?? Batch(types.map { Vector.nulls($0, count: 1) }, count: 1)
  }
}

/// Literal rows.
final class ValuesSource: BatchSource {
  private var batches: [Batch]

  init(_ batches: [Batch]) { self.batches = batches.reversed() }

  func next() async throws -> Batch? { batches.popLast() }
}

/// Adds a number that differs from row to row over all drivers.
final class UniqueIDSource: BatchSource {
  private let input: any BatchSource
  private var next: Int64

  init(_ input: any BatchSource, driver: Int) {
    self.input = input
    next = Int64(driver) << 40
  }

  func next() async throws -> Batch? {
    guard let batch = try await input.next() else { return nil }
    let values = Buffer(byteCount: batch.count * 8)
    let p = values.pointer(as: Int64.self)
    for i in 0..<batch.count { p[i] = next + Int64(i) }
    next += Int64(batch.count)
    return Batch(batch.columns + [.flat(.bigint, count: batch.count, values: values)], count: batch.count)
  }
}

/// TABLESAMPLE.
final class SampleSource: BatchSource {
  private let input: any BatchSource
  private let fraction: Double
  private let isSystem: Bool
  private var random = SystemRandomNumberGenerator()

  init(_ input: any BatchSource, fraction: Double, isSystem: Bool) {
    self.input = input
    self.fraction = fraction
    self.isSystem = isSystem
  }

  func next() async throws -> Batch? {
    while let batch = try await input.next() {
      if isSystem {
        if Double.random(in: 0..<1, using: &random) < fraction { return batch }
        continue
      }
      let rows = Buffer(byteCount: batch.count * 4)
      let p = rows.pointer(as: UInt32.self)
      var n = 0
      for i in 0..<batch.count where Double.random(in: 0..<1, using: &random) < fraction {
        p[n] = UInt32(truncatingIfNeeded: i)
        n += 1
      }
      if n > 0 { return batch.gathered(Selection(rows: rows, count: n)) }
    }
    return nil
  }
}
