import Plans
import Values
import Vectors

/// Puts small batches together. What a selective filter or join leaves of a batch is often a few rows, and every operator above pays for a batch as
/// well as for its rows.
///
/// Rows keep their order. They wait for 63 further batches at most: what is above may need no more of them.
final class CoalescingSource: BatchSource {
  /// Batches of as many rows are passed on as they are.
  private static let largeCount = 1024
  private static let enough = 4096
  private static let mostHeld = 64

  private let input: any BatchSource
  private let types: [DataType]
  private var held: [Batch] = []
  private var count = 0
  /// A large batch that came after those that were held.
  private var following: Batch?

  init(_ input: any BatchSource, _ types: [DataType]) {
    self.input = input
    self.types = types
  }

  func next() async throws -> Batch? {
    if let batch = following {
      following = nil
      return batch
    }
    while let batch = try await input.next() {
      if batch.count >= Self.largeCount {
        if held.isEmpty { return batch }
        following = batch
        return together()
      }
      held.append(batch)
      count += batch.count
      if count >= Self.enough || held.count == Self.mostHeld { return together() }
    }
    return held.isEmpty ? nil : together()
  }

  private func together() -> Batch {
    let batch = Batch.concatenated(held, types: types)
    held.removeAll(keepingCapacity: true)
    count = 0
    return batch
  }
}

extension Stage {
  /// The same rows in batches that are worth an operator's while.
  var coalesced: Stage {
    let types = symbols.map(\.type)
    return then(symbols) { source, _ in CoalescingSource(source, types) }
  }
}
