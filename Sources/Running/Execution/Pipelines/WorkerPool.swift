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

/// Threads that run drivers: as many as there are cores. Who waits for one is served by how much its query has had (`JobLevels`); a driver gives its
/// thread up after a while where others wait (`checkpoint`), so that a short query is not kept waiting by long ones.
public final class WorkerPool: TaskExecutor {
  public let threadCount: Int
  private let queue: JobQueue

  public init(threadCount: Int) {
    self.threadCount = max(1, threadCount)
    queue = JobQueue()
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

  public func enqueue(_ job: consuming ExecutorJob) { queue.put(Job(job: UnownedJob(job), query: nil), used: 0) }

  /// Runs the job like any other, and counts its time for a query.
  func enqueue(_ job: UnownedJob, for query: MeteredPool) { queue.put(Job(job: job, query: query), used: query.used) }

  /// Stands between two batches of a driver: throws `CancellationError` where the query was cancelled, and lets others have the thread where they
  /// wait and the driver has had its turn.
  static func checkpoint() async throws {
    try Task.checkCancellation()
    guard let turn = currentTurn, turn.pointee.isOver else { return }
    // the thread goes on with it after it has let go of it: not by way of the global pool, as Task.yield does
    await withUnsafeContinuation { turn.pointee.resumption = $0 }
  }

  /// A job and the query it is counted for.
  struct Job {
    var job: UnownedJob
    var query: MeteredPool?
  }

  /// What a thread is running: one stretch of a task between two suspensions.
  struct Turn {
    /// Counted over all threads; 0: no job of a pool's.
    var number = 0
    /// Nanoseconds of the thread's processor time.
    var processorAtStart = 0
    /// On the monotonic clock.
    fileprivate var start = 0
    fileprivate var waiting: JobQueue?
    /// The task to go on with at the end of the line.
    fileprivate var resumption: UnsafeContinuation<Void, Never>?

    fileprivate var level = 0

    /// Where others wait: after 20 ms; after one where somebody has had less, or all are at their beginning.
    fileprivate var isOver: Bool {
      guard let first = waiting?.firstLevel, first < Int.max else { return false }
      return SystemClock.nanoseconds(CLOCK_MONOTONIC) - start > (first < level || level == 0 ? 1_000_000 : 20_000_000)
    }
  }

  private static let turnCount = Atomic<Int>(0)
  /// Where each thread keeps its turn.
  private static let turnKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  private static var currentTurn: UnsafeMutablePointer<Turn>? {
    pthread_getspecific(turnKey).map { $0.assumingMemoryBound(to: Turn.self) }
  }

  /// The number of what calls this, and when it began; zeros on a thread of no pool.
  static var current: (number: Int, processorAtStart: Int) {
    currentTurn.map { ($0.pointee.number, $0.pointee.processorAtStart) } ?? (0, 0)
  }

  /// Threads hold the queue, not the pool, so that a pool nobody uses any more ends.
  private final class Worker: Sendable {
    let queue: JobQueue
    let executor: UnownedTaskExecutor

    init(queue: JobQueue, executor: WorkerPool) {
      self.queue = queue
      self.executor = executor.asUnownedTaskExecutor()
    }

    func run() {
      mp_keep_on_this_thread()
      let turn = UnsafeMutablePointer<Turn>.allocate(capacity: 1)
      turn.initialize(to: Turn(waiting: queue))
      pthread_setspecific(WorkerPool.turnKey, turn)
      var clock = CLOCK_THREAD_CPUTIME_ID
      pthread_getcpuclockid(pthread_self(), &clock)
      var last: (level: Int, nanoseconds: Int)?
      while let (entry, level) = queue.take(after: last) {
        let begin = SystemClock.nanoseconds(CLOCK_THREAD_CPUTIME_ID)
        turn.pointee.number = WorkerPool.turnCount.wrappingAdd(1, ordering: .relaxed).newValue
        turn.pointee.processorAtStart = begin
        turn.pointee.level = level
        turn.pointee.start = SystemClock.nanoseconds(CLOCK_MONOTONIC)
        if let query = entry.query {
          query.time.begin(clock, at: begin)
          entry.job.runSynchronously(on: query.asUnownedTaskExecutor())
          let end = SystemClock.nanoseconds(CLOCK_THREAD_CPUTIME_ID)
          query.time.end(clock, at: end)
          query.add(used: end - begin)
          last = (level, end - begin)
        } else {
          entry.job.runSynchronously(on: executor)
          last = (level, 0)
        }
        if let resumption = turn.pointee.resumption {
          turn.pointee.resumption = nil
          resumption.resume()
        }
      }
      pthread_setspecific(WorkerPool.turnKey, nil)
      turn.deinitialize(count: 1)
      turn.deallocate()
    }
  }
}
