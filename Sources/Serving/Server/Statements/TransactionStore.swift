import Synchronization
import Values

/// The transactions clients have begun. Statements commit by themselves: what is kept is that a client is in one, as drivers expect when their
/// user switches automatic commits off.
final class TransactionStore: Sendable {
  /// Forgotten when unused for so long: Presto's `transaction.idle-timeout`.
  static let idleTimeout: Duration = .seconds(300)
  /// More at once are refused: they cost a client nothing to begin.
  static let limit = 10_000

  private let open = Mutex<[String: ContinuousClock.Instant]>([:])

  func begin() -> String {
    let id = Secret.uuid()
    open.withLock { open in
      if open.count >= TransactionStore.limit, let oldest = open.min(by: { $0.value < $1.value }) { open[oldest.key] = nil }
      open[id] = .now
    }
    return id
  }

  /// Throws UNKNOWN_TRANSACTION.
  func check(_ id: String) throws {
    let isKnown = open.withLock { open -> Bool in
      guard open[id] != nil else { return false }
      open[id] = .now
      return true
    }
    if !isKnown {
      throw PrestoError(
        .unknownTransaction, "Unknown transaction ID: \(id). Possibly expired? Commands ignored until end of transaction block")
    }
  }

  func end(_ id: String) { open.withLock { $0[id] = nil } }

  func sweep() {
    let now = ContinuousClock.now
    open.withLock { open in open = open.filter { now - $0.value < TransactionStore.idleTimeout } }
  }
}
