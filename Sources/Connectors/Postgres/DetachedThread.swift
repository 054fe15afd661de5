import Glibc
import Values

/// Threads for calls into libpq, which block: never a driver's thread, never the cooperative pool.
enum DetachedThread {
  /// Starts `body` on a thread of its own. false: the system has no more threads.
  @discardableResult
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(body))
    let status = pthread_create(
      &thread, nil,
      { raw in
        if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    if status != 0 {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// The value of a blocking call, awaited.
  static func value<R: Sendable>(of body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      let isStarted = start { continuation.resume(with: Result { try body() }) }
      if !isStarted { continuation.resume(throwing: PrestoError(.genericInsufficientResources, "Could not start a thread for PostgreSQL")) }
    }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

extension DetachedThread {
  static func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
}
