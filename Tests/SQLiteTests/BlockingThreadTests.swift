import Federation
import Glibc
import Testing

@Suite struct BlockingThreadTests {
  /// Callers that all have to be there before any goes on.
  private final class Meeting: @unchecked Sendable {
    private var missing: Int
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let all = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(of count: Int) {
      missing = count
      pthread_mutex_init(lock, nil)
      pthread_cond_init(all, nil)
    }

    deinit {
      pthread_mutex_destroy(lock)
      pthread_cond_destroy(all)
      lock.deallocate()
      all.deallocate()
    }

    func wait() {
      pthread_mutex_lock(lock)
      missing -= 1
      if missing == 0 { pthread_cond_broadcast(all) }
      while missing > 0 { pthread_cond_wait(all, lock) }
      pthread_mutex_unlock(lock)
    }
  }

  /// More calls than threads are kept, several times: idle threads are used again, and no call waits behind one that blocks.
  @Test func noneWaitsForAnother() async throws {
    for round in 1...4 {
      let count = 10 * round, meeting = Meeting(of: count)
      let values = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<count {
          group.addTask {
            try await BlockingThread.value {
              meeting.wait()
              return number
            }
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(values.sorted() == Array(0..<count))
    }
  }

  @Test func errorsAreThrown() async {
    struct Broken: Error {}
    await #expect(throws: Broken.self) { try await BlockingThread.value { throw Broken() } }
  }
}
