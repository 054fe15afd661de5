import CVectors
import Glibc
import Synchronization

/// The line of a pool's threads, behind one mutex: drivers come by once per time slice or wait, not per batch of rows.
final class JobQueue: @unchecked Sendable {
  typealias Job = WorkerPool.Job

  private var levels = JobLevels<Job>()
  private var isStopped = false
  /// The first level of those in line, for drivers to look at between two batches.
  private let first = Atomic<Int>(Int.max)
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(arrival, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(arrival)
    lock.deallocate()
    arrival.deallocate()
  }

  /// `Int.max`: nobody waits.
  var firstLevel: Int { first.load(ordering: .relaxed) }

  /// `used`: nanoseconds of processor time that the job's query has had.
  func put(_ job: Job, used: Int) {
    pthread_mutex_lock(lock)
    levels.put(job, used: used)
    show()
    pthread_mutex_unlock(lock)
    // not before: who wakes up would wait for the lock
    pthread_cond_signal(arrival)
  }

  private func show() { first.store(levels.count > 0 ? levels.first : Int.max, ordering: .relaxed) }

  /// Waits for a job; nil: the pool has ended. `last` is the level of the thread's last one, and the processor time it took.
  func take(after last: (level: Int, nanoseconds: Int)?) -> (job: Job, level: Int)? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if let last { levels.end(last.level, after: last.nanoseconds) }
    var rests = 0
    while true {
      if let next = levels.take() {
        show()
        return next
      }
      if isStopped { return nil }
      if rests == Self.restMilliseconds.count {
        pthread_cond_wait(arrival, lock)
      } else if waits(milliseconds: Self.restMilliseconds[rests]) {
        rests += 1
        pthread_mutex_unlock(lock)
        if rests == 1 { mp_release_holes() } else { mp_release_cached() }
        pthread_mutex_lock(lock)
      }
    }
  }

  /// How long memory waits for the next query: holes between blocks hardly, blocks as long as jemalloc's, so that one page of a dashboard after
  /// another finds them warm.
  private static let restMilliseconds = [200, 10_000]

  /// Whether the pool had nothing to do for so long: the thread then gives back memory.
  private func waits(milliseconds: Int) -> Bool {
    var until = timespec()
    clock_gettime(CLOCK_REALTIME, &until)
    until.tv_nsec += milliseconds % 1000 * 1_000_000
    until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1_000_000_000
    until.tv_nsec %= 1_000_000_000
    return pthread_cond_timedwait(arrival, lock, &until) == ETIMEDOUT
  }

  func stop() {
    pthread_mutex_lock(lock)
    isStopped = true
    pthread_cond_broadcast(arrival)
    pthread_mutex_unlock(lock)
  }
}
