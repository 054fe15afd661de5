// Execution: runs plans. In comes an optimized `Plan` with the query's context; out goes a stream of batches.
//
// `LocalPlanner` turns the plan into stages. A stage is a way to open one `BatchSource` per driver; operators pull from the stage below. Joins,
// aggregations, sorts and windows end a pipeline: its drivers fill a sink, and what they built is a shared bridge that the drivers above await.
//
//     scan ▶ filter ▶ probe ▶ partial groups ─┐ bridge ┌▶ merged groups ▶ sort ─┐ bridge ┌▶ result channel ▶ client
//                       ▲ bridge ◀─ build side ┘        └──── next pipeline ─────┘        └──
//
// Drivers are tasks on the engine's own threads, one per core, never on the global pool; a driver that waits for a bridge holds no thread. Nothing
// is asynchronous per row. Operators belong to one driver each; only bridges, split queues and channels are shared.
import CVectors
import Glibc
import Synchronization

/// Threads that run drivers: as many as there are cores, in the order work arrives.
public final class WorkerPool: TaskExecutor {
  public let threadCount: Int
  private let queue: Queue

  public init(threadCount: Int) {
    self.threadCount = max(1, threadCount)
    queue = Queue()
    for _ in 0..<self.threadCount {
      let worker = Worker(queue: queue, executor: self)
      var thread = pthread_t()
      let context = Unmanaged.passRetained(worker)
      let status = pthread_create(
        &thread, nil,
        { raw in
          if let raw { Unmanaged<Worker>.fromOpaque(raw).takeRetainedValue().run() }
          return nil
        }, context.toOpaque())
      if status == 0 { pthread_detach(thread) } else { context.release() }
    }
  }

  deinit { queue.stop() }

  public func enqueue(_ job: consuming ExecutorJob) { queue.put(Entry(job: UnownedJob(job), query: nil)) }

  /// Runs the job like any other, and counts its time for a query.
  func enqueue(_ job: UnownedJob, for query: MeteredPool) { queue.put(Entry(job: job, query: query)) }

  /// A job and the query it is counted for.
  private struct Entry {
    var job: UnownedJob
    var query: MeteredPool?
  }

  /// Threads hold the queue, not the pool, so that a pool nobody uses any more ends.
  private final class Worker: Sendable {
    let queue: Queue
    let executor: UnownedTaskExecutor

    init(queue: Queue, executor: WorkerPool) {
      self.queue = queue
      self.executor = executor.asUnownedTaskExecutor()
    }

    func run() {
      mp_keep_on_this_thread()
      let current = UnsafeMutablePointer<Job>.allocate(capacity: 1)
      current.initialize(to: Job())
      pthread_setspecific(WorkerPool.jobKey, current)
      var clock = CLOCK_THREAD_CPUTIME_ID
      pthread_getcpuclockid(pthread_self(), &clock)
      while let entry = queue.take() {
        let begin = SystemClock.nanoseconds(CLOCK_THREAD_CPUTIME_ID)
        current.pointee = Job(number: WorkerPool.jobCount.wrappingAdd(1, ordering: .relaxed).newValue, processorAtStart: begin)
        guard let query = entry.query else {
          entry.job.runSynchronously(on: executor)
          continue
        }
        query.time.begin(clock, at: begin)
        entry.job.runSynchronously(on: query.asUnownedTaskExecutor())
        query.time.end(clock, at: SystemClock.nanoseconds(CLOCK_THREAD_CPUTIME_ID))
      }
      pthread_setspecific(WorkerPool.jobKey, nil)
      current.deallocate()
    }
  }

  /// What a thread is running: one stretch of a task between two suspensions.
  struct Job {
    /// Counted over all threads; 0: no job of a pool's.
    var number = 0
    /// Nanoseconds of the thread's processor time.
    var processorAtStart = 0
  }

  private static let jobCount = Atomic<Int>(0)
  /// Where each thread keeps its job.
  private static let jobKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The job that calls this.
  static var currentJob: Job { pthread_getspecific(jobKey).map { $0.assumingMemoryBound(to: Job.self).pointee } ?? Job() }

  /// Jobs in order of arrival, behind one mutex: drivers come by once per batch of waiting, not per batch of rows.
  private final class Queue: @unchecked Sendable {
    private var jobs: [Entry] = []
    private var first = 0
    private var isStopped = false
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

    func put(_ job: Entry) {
      pthread_mutex_lock(lock)
      jobs.append(job)
      pthread_cond_signal(arrival)
      pthread_mutex_unlock(lock)
    }

    func take() -> Entry? {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      var hasRested = false
      while first == jobs.count {
        if isStopped { return nil }
        if hasRested {
          pthread_cond_wait(arrival, lock)
        } else if waitASecond() {
          hasRested = true
          pthread_mutex_unlock(lock)
          mp_release_cached()
          pthread_mutex_lock(lock)
        }
      }
      let job = jobs[first]
      first += 1
      if first == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        first = 0
      } else if first > 1024 {
        jobs.removeFirst(first)
        first = 0
      }
      return job
    }

    /// Whether a second went by without a job: the thread then gives back the memory it keeps for its next buffers.
    private func waitASecond() -> Bool {
      var until = timespec()
      clock_gettime(CLOCK_REALTIME, &until)
      until.tv_sec += 1
      return pthread_cond_timedwait(arrival, lock, &until) == ETIMEDOUT
    }

    func stop() {
      pthread_mutex_lock(lock)
      isStopped = true
      pthread_cond_broadcast(arrival)
      pthread_mutex_unlock(lock)
    }
  }
}
