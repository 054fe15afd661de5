import MiniPresto
import Synchronization
import Values

/// What all queries of an engine together came to, since it began: counters for `/metrics` and the page.
final class QueryTotals: Sendable {
  /// Upper bounds of the histogram of elapsed times, seconds.
  static let bounds: [Double] = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 30, 60, 300, 1800]

  struct Totals: Sendable {
    var begun = 0
    var finished = 0
    /// By the kind of their error.
    var failed: [ErrorCode.Kind: Int] = [:]
    var inputRows = 0
    var inputBytes = 0
    var outputRows = 0
    /// Queries whose elapsed time is below the bound and above the one before it; one more for those beyond all.
    var byElapsed = [Int](repeating: 0, count: bounds.count + 1)
    var elapsedSeconds = 0.0
  }

  private let totals = Mutex(Totals())

  var current: Totals { totals.withLock { $0 } }

  func take(_ info: QueryInfo) {
    totals.withLock { totals in
      guard info.state.isDone else {
        totals.begun += 1
        return
      }
      if let error = info.error { totals.failed[error.code.kind, default: 0] += 1 } else { totals.finished += 1 }
      totals.inputRows &+= info.progress.rows
      totals.inputBytes &+= info.progress.bytes
      totals.outputRows &+= info.outputRows
      let seconds = Double(info.elapsedMicros) / 1e6
      totals.elapsedSeconds += seconds
      totals.byElapsed[QueryTotals.bounds.firstIndex { seconds <= $0 } ?? QueryTotals.bounds.count] += 1
    }
  }
}
