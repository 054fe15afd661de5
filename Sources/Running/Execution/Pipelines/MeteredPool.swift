import Glibc
import Synchronization

/// CPU time that the drivers of a query have used, those included that are at work now: a driver that never waits is one long job.
final class DriverTime: Sendable {
  private struct State {
    /// Nanoseconds of jobs that have ended.
    var ended = 0
    /// Jobs at work: their thread's clock, and what it showed when they began.
    var running: [Running] = []
  }

  private struct Running {
    var clock: clockid_t
    var begin: Int
  }

  private let state = Mutex(State())

  var nanoseconds: Int {
    state.withLock { state in
      state.running.reduce(state.ended) { $0 + max(0, SystemClock.nanoseconds($1.clock) - $1.begin) }
    }
  }

  /// A job begins on the thread of that clock.
  func begin(_ clock: clockid_t, at nanoseconds: Int) {
    state.withLock { $0.running.append(Running(clock: clock, begin: nanoseconds)) }
  }

  /// The thread's job has ended or waits.
  func end(_ clock: clockid_t, at nanoseconds: Int) {
    state.withLock { state in
      guard let index = state.running.firstIndex(where: { $0.clock == clock }) else { return }
      state.ended += max(0, nanoseconds - state.running.remove(at: index).begin)
    }
  }
}

/// The pool as one query uses it: the same threads, and a count of the CPU time of the query's drivers.
final class MeteredPool: TaskExecutor {
  private let pool: WorkerPool
  let time: DriverTime
  private let usedNanoseconds = Atomic<Int>(0)

  init(_ pool: WorkerPool, _ time: DriverTime) {
    self.pool = pool
    self.time = time
  }

  /// Nanoseconds of processor time of the jobs that have ended: what the query's place in line depends on.
  var used: Int { usedNanoseconds.load(ordering: .relaxed) }
  func add(used nanoseconds: Int) { usedNanoseconds.wrappingAdd(nanoseconds, ordering: .relaxed) }

  func enqueue(_ job: consuming ExecutorJob) { pool.enqueue(UnownedJob(job), for: self) }
}
