import Glibc
import Synchronization
import Values

/// Threads for calls that block, into libpq, SQLite or a file system that takes its time: never a driver's thread, never the cooperative pool.
///
/// A thread that is done waits a while for the next call: starting one costs more than a short call does, above all when its stack is new.
public enum BlockingThread {
  /// Runs `body` on a thread of its own. false: the system has no more threads.
  @discardableResult
  public static func start(_ body: @escaping @Sendable () -> Void) -> Bool { parking.start(body) }

  /// The value of a blocking call, awaited. Throws what it throws, and `GENERIC_INSUFFICIENT_RESOURCES` where no thread can be had.
  public static func value<R: Sendable>(of body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      let isStarted = start { continuation.resume(with: Result { try body() }) }
      if !isStarted { continuation.resume(throwing: noThread) }
    }
  }

  static var noThread: PrestoError { PrestoError(.genericInsufficientResources, "The system lets no further thread be started") }

  private static let parking = Parking()
}

/// Idle threads, and what they are to do next. A body is only left here if a thread is idle for it: none ever waits behind another one.
private final class Parking: @unchecked Sendable {
  private var bodies: [@Sendable () -> Void] = []
  private var idle = 0
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Threads that may be idle, and for how many seconds.
  private static let idleLimit = 16
  private static let idleSeconds = 30

  // lives as long as the program
  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(arrival, nil)
  }

  func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    pthread_mutex_lock(lock)
    let isTaken = idle > bodies.count
    if isTaken { bodies.append(body) }
    pthread_mutex_unlock(lock)
    if isTaken {
      pthread_cond_signal(arrival)
      return true
    }
    let first = Unmanaged.passRetained(First(body, self))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { raw in
        if let raw { Unmanaged<First>.fromOpaque(raw).takeRetainedValue().run() }
        return nil
      }, first.toOpaque())
    if status != 0 {
      first.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// A new thread's first call; others follow.
  private final class First: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>
    private let parking: Parking

    init(_ body: @escaping @Sendable () -> Void, _ parking: Parking) {
      self.body = Mutex(body)
      self.parking = parking
    }

    func run() {
      // what a call holds is let go of before the thread waits for the next one
      while let body = self.body.withLock({ $0.take() }) ?? parking.next() { body() }
    }
  }

  /// What an idle thread is to do next; nil: it is to end.
  func next() -> (@Sendable () -> Void)? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if idle >= Parking.idleLimit { return nil }
    idle += 1
    defer { idle -= 1 }
    var until = timespec()
    clock_gettime(CLOCK_REALTIME, &until)
    until.tv_sec += Parking.idleSeconds
    while bodies.isEmpty { if pthread_cond_timedwait(arrival, lock, &until) == ETIMEDOUT && bodies.isEmpty { return nil } }
    return bodies.removeFirst()
  }
}
