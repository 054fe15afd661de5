import Federation
import Glibc
import Values

/// The connections of one catalog: at most `size` at once, opened when needed, kept for the next query.
///
/// Waiting blocks the calling thread, so callers are threads of their own: readers and `BlockingThread`s.
final class ConnectionPool: @unchecked Sendable {
  private let configuration: PostgresConfiguration
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let freed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var idle: [PostgresConnection] = []
  private var used = 0

  init(_ configuration: PostgresConfiguration) {
    self.configuration = configuration
    pthread_mutex_init(lock, nil)
    pthread_cond_init(freed, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(freed)
    lock.deallocate()
    freed.deallocate()
  }

  var catalog: String { configuration.catalog }
  var size: Int { configuration.poolSize }

  /// A connection for the caller alone. With `leaving` 1 at least one more stays free for others: who holds a connection while waiting for
  /// others to read must not take the last one. `patience`: milliseconds to wait for it, the configured time unless given.
  func take(leaving spare: Int = 0, patience: Int? = nil, unless isCancelled: () -> Bool = { false }) throws -> PostgresConnection {
    let deadline = ContinuousClock.now + .milliseconds(patience ?? configuration.poolWait)
    while true {
      pthread_mutex_lock(lock)
      while used + spare >= configuration.poolSize {
        if isCancelled() {
          pthread_mutex_unlock(lock)
          throw CancellationError()
        }
        if !wait(until: deadline) {
          pthread_mutex_unlock(lock)
          throw PrestoError(
            .jdbcError, "PostgreSQL catalog '\(catalog)': all \(configuration.poolSize) connections are busy [SQLSTATE 53300]",
            hint: "Raise connection-pool.max-size in the catalog's properties")
        }
      }
      used += 1
      let kept = idle.popLast()
      pthread_mutex_unlock(lock)
      if let kept {
        if kept.isStillOpen { return kept }
        forget()
        continue
      }
      do { return try PostgresConnection(configuration) } catch {
        forget()
        throw error
      }
    }
  }

  /// A connection to hold while others read what is written: not the last one, or writes that read from their own server would wait for one
  /// another. A pool of one serves those that read elsewhere.
  func takeToWrite(unless isCancelled: () -> Bool = { false }) throws -> PostgresConnection {
    try take(leaving: size > 1 ? 1 : 0, unless: isCancelled)
  }

  /// Gives a connection back; one that failed or is in the middle of something is closed instead.
  func giveBack(_ connection: PostgresConnection) {
    if connection.isHealthy && !connection.isIdle { try? connection.run("ROLLBACK") }
    let isUsable = connection.isHealthy && connection.isIdle
    pthread_mutex_lock(lock)
    used -= 1
    if isUsable { idle.append(connection) }
    pthread_cond_broadcast(freed)
    pthread_mutex_unlock(lock)
  }

  /// A connection that is not coming back.
  func forget() {
    pthread_mutex_lock(lock)
    used -= 1
    pthread_cond_broadcast(freed)
    pthread_mutex_unlock(lock)
  }

  /// Runs on the caller's thread with a connection of its own.
  func with<R>(_ body: (PostgresConnection) throws -> R) throws -> R {
    let connection = try take()
    defer { giveBack(connection) }
    return try body(connection)
  }

  /// As `with`, awaited.
  func perform<R: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> R) async throws -> R {
    try await BlockingThread.value { try self.with(body) }
  }

  /// Connections in use now.
  var usedCount: Int {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return used
  }

  /// Waits a little, with the lock held. false: the time is up.
  private func wait(until deadline: ContinuousClock.Instant) -> Bool {
    let left = min(deadline - ContinuousClock.now, .milliseconds(100))
    if left <= .zero { return false }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let nanoseconds = Int(left.components.attoseconds / 1_000_000_000) + now.tv_nsec
    var until = timespec(
      tv_sec: now.tv_sec + Int(left.components.seconds) + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    pthread_cond_timedwait(freed, lock, &until)
    return true
  }
}
