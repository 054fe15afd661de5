import Values
import Vectors

/// Repeats every batch once for each grouping set, with the keys outside the set null.
final class GroupingSetsSource: BatchSource {
  private let input: any BatchSource
  private let keys: [Int]
  private let sets: [[Int]]
  private let passed: [Int]
  private var batch: Batch?
  private var set = 0

  init(_ input: any BatchSource, keys: [Int], sets: [[Int]], passed: [Int]) {
    self.input = input
    self.keys = keys
    self.sets = sets
    self.passed = passed
  }

  func next() async throws -> Batch? {
    if batch == nil || set == sets.count {
      batch = try await input.next()
      set = 0
    }
    guard let batch else { return nil }
    defer { set += 1 }
    let kept = keys.enumerated().map { index, channel in
      sets[set].contains(index) ? batch.columns[channel] : Vector.nulls(batch.columns[channel].type, count: batch.count)
    }
    let number = Vector.constant(.integer(Int64(set)), .bigint, count: batch.count)
    return Batch(kept + passed.map { batch.columns[$0] } + [number], count: batch.count)
  }
}
