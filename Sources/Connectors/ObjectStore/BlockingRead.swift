import Dispatch
import Synchronization

/// Waits on a thread for what only tasks can do. For the rare read that nobody fetched ahead, from code that cannot suspend: the work runs on threads of
/// its own, so that it goes on however many threads wait.
package enum BlockingRead {
  private final class Threads: TaskExecutor {
    private let queue = DispatchQueue(label: "object-store-reads", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }

  private static let threads = Threads()

  package static func value<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    let box = Box<Value>()
    let done = DispatchSemaphore(value: 0)
    Task.detached(executorPreference: threads) {
      let outcome: Result<Value, any Error>
      do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
      box.result.withLock { $0 = outcome }
      done.signal()
    }
    done.wait()
    guard let outcome = box.result.withLock({ $0 }) else { throw CancellationError() }
    return try outcome.get()
  }

  private final class Box<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
  }
}
