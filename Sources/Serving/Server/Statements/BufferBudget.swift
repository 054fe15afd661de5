import Synchronization

/// Bytes of rows that all statements together keep for their clients. Where there are too many, each keeps one batch and its query waits: a thousand
/// clients that do not read must not fill the memory.
final class BufferBudget: Sendable {
  private let used = Atomic<Int>(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func add(_ bytes: Int) { used.wrappingAdd(bytes, ordering: .relaxed) }
  var isSpent: Bool { used.load(ordering: .relaxed) >= limit }
  var byteCount: Int { used.load(ordering: .relaxed) }
}
