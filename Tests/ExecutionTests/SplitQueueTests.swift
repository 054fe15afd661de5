import Synchronization
import Testing
import Values

@testable import Execution
@testable import Federation

/// Drivers that ask one scan for its splits.
@Suite struct SplitQueueTests {
  /// Numbers up to a last one, three at a time, then nothing or an error.
  private final class Numbers: SplitSource {
    private let next: Mutex<Int> = Mutex(0)
    private let last: Int
    private let failure: PrestoError?

    init(_ last: Int, failure: PrestoError? = nil) {
      self.last = last
      self.failure = failure
    }

    func next() async throws -> [SplitHandle]? {
      await Task.yield()
      let first = next.withLock { next in
        defer { next += 3 }
        return next
      }
      if first >= last, let failure { throw failure }
      return first < last ? (first..<min(first + 3, last)).map { SplitHandle(value: $0) } : nil
    }
  }

  /// What each of several drivers gets, or is told.
  private func drain(_ queue: SplitQueue, drivers: Int) async -> [Result<[Int], PrestoError>] {
    await withTaskGroup(of: Result<[Int], PrestoError>.self) { group in
      for _ in 0..<drivers {
        group.addTask {
          var got: [Int] = []
          do {
            while let split = try await queue.next() { if let number = split.value as? Int { got.append(number) } }
            return .success(got)
          } catch { return .failure(PrestoError(error)) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  @Test(arguments: [1, 2, 7])
  func eachSplitOnce(_ drivers: Int) async throws {
    let metrics = ScanMetrics(), counter = Counter()
    let queue = SplitQueue(metrics) {
      counter.add()
      return Numbers(100)
    }
    let got = try await drain(queue, drivers: drivers).flatMap { try $0.get() }
    #expect(got.sorted() == Array(0..<100))
    #expect(counter.value == 1)
    #expect(metrics.splits.known == 100)
  }

  /// Nobody waits for ever, and nobody takes what came before an error for everything.
  @Test func anErrorReachesAllDrivers() async {
    let broken = PrestoError(.genericInternalError, "no more")
    for queue in [SplitQueue(ScanMetrics()) { Numbers(5, failure: broken) }, SplitQueue(ScanMetrics()) { throw broken }] {
      for answer in await drain(queue, drivers: 4) {
        switch answer {
        case .success(let got): Issue.record("a driver ended after \(got)")
        case .failure(let error): #expect(error.message == "no more")
        }
      }
    }
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.wrappingAdd(1, ordering: .relaxed) }
  }
}
