import Federation
import Glibc
import Synchronization

/// Stops what a connection does, from any thread and without blocking it.
final class Cancellation: Sendable {
  private let requested = Atomic(false)
  private let isOver = Atomic(false)
  private let isSettled = Atomic(false)
  /// The connection while it is ours. Locked while the server is being asked, so that it cannot change hands meanwhile.
  private let connection = Mutex<PostgresConnection?>(nil)

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// What to stop. A request that came earlier is seen by the reader, which asks before it waits.
  func begin(_ connection: PostgresConnection) { self.connection.withLock { $0 = connection } }

  /// There is nothing left to stop: the connection is about to be somebody else's.
  func end() {
    isOver.store(true, ordering: .sequentiallyConsistent)
    connection.withLock { $0 = nil }
    settle()
  }

  /// Asks the server to stop, again and again, since a request can overtake the statement it is meant for. A server that does not answer within
  /// two seconds is hung up on.
  func request() {
    if isOver.load(ordering: .sequentiallyConsistent) { return }
    CancellationRequests.began()
    guard requested.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged else {
      return CancellationRequests.ended()
    }
    let isStarted = BlockingThread.start { [self] in
      defer { settle() }
      for round in 0..<20 {
        let isOurs = connection.withLock { connection in
          if round == 19 { connection?.hangUp() } else { connection?.cancel() }
          return connection != nil
        }
        if !isOurs { return }
        usleep(100_000)
      }
    }
    if !isStarted { settle() }
  }

  /// The request did what it was for, or never will.
  private func settle() {
    guard requested.load(ordering: .sequentiallyConsistent) else { return }
    if !isSettled.exchange(true, ordering: .sequentiallyConsistent) { CancellationRequests.ended() }
  }
}

/// How many requests are under way in this process. One that ends waits for them: a server that computes notices only once it has something to
/// send that nobody listens any more, and until then works for nothing.
private enum CancellationRequests {
  /// Milliseconds that the end of the process may be put off.
  private static let patience = 1000
  private static let underWay = Atomic(0)
  private static let waitsAtExit: Void = {
    atexit { CancellationRequests.waitForAll() }
  }()

  static func began() {
    _ = waitsAtExit
    underWay.add(1, ordering: .sequentiallyConsistent)
  }

  static func ended() { underWay.subtract(1, ordering: .sequentiallyConsistent) }

  private static func waitForAll() {
    for _ in 0..<patience where underWay.load(ordering: .sequentiallyConsistent) > 0 { usleep(1000) }
  }
}
