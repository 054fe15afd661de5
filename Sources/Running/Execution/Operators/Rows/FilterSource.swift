import Expressions
import Vectors

/// Keeps the rows of the predicate, and of them only the channels needed above.
final class FilterSource: BatchSource {
  private let input: any BatchSource
  private let predicate: Evaluator
  private let output: [Int]

  init(_ input: any BatchSource, _ predicate: Evaluator, output: [Int]) {
    self.input = input
    self.predicate = predicate
    self.output = output
  }

  func next() async throws -> Batch? {
    while let batch = try await input.next() {
      try await WorkerPool.checkpoint()
      let selection = try predicate.select(batch)
      if selection.count == 0 { continue }
      return Batch(output.map { batch.columns[$0] }, count: batch.count).gathered(selection)
    }
    return nil
  }
}

/// Computes expressions, each as one channel.
final class ProjectSource: BatchSource {
  private let input: any BatchSource
  private let projection: Projection

  init(_ input: any BatchSource, _ projection: Projection) {
    self.input = input
    self.projection = projection
  }

  func next() async throws -> Batch? {
    guard let batch = try await input.next() else { return nil }
    return Batch(try projection.evaluate(batch), count: batch.count)
  }
}

/// Drops and reorders channels.
final class ChannelsSource: BatchSource {
  private let input: any BatchSource
  private let output: [Int]

  init(_ input: any BatchSource, _ output: [Int]) {
    self.input = input
    self.output = output
  }

  func next() async throws -> Batch? {
    guard let batch = try await input.next() else { return nil }
    return Batch(output.map { batch.columns[$0] }, count: batch.count)
  }
}
